//! The doors: what each response was done to. The same response is right at one thing and wrong at another.

use alloc::collections::BTreeSet;

use serde::Serialize;

use super::material::{Material, drill_seconds, happened};
use super::second_order::{SideEffect, changes_workload};
use crate::projection::view::Response;
use crate::projection::wording;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Aim, Aimed, Foothold, Scenario, Stage, TargetKind};
use firedrill_model::{DrillTime, SafeText, Shown, shown};

/// Most responses that are judged.
const MAX_DOORS: usize = 200;

/// A response by what it was done to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DoorRow {
    /// The response with its target.
    pub response: SafeText,
    /// When it was given, in seconds since the drill began.
    pub at: f64,
    /// As people see it: `T+12:25`.
    pub t: Shown,
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Number of its entry.
    pub seq: u64,
    /// Right, harmless or wrong.
    pub door: Door,
    /// Why, in a sentence.
    pub why: SafeText,
    /// What came after it: what signals did, whose access went, what evidence was lost, how long it took.
    pub cost: Vec<SafeText>,
}

/// What a response was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// The incident was there, or the scenario says so.
    Right,
    /// The incident was not there, and nothing that is measured became worse.
    Harmless,
    /// The incident was not there, and something became worse.
    Wrong,
}

impl Door {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Right => "right door",
            Self::Harmless => "harmless door",
            Self::Wrong => "wrong door",
        }
    }
}

/// Every response that was aimed at something and is done. Empty before Verify: where the incident was is part of the truth.
pub(super) fn doors(from: &Material<'_>, effects: &[SideEffect]) -> Vec<DoorRow> {
    let Some(whole) = from.whole().next() else { return Vec::new() };
    let aimed = from.view.responses.iter().filter(|(_, row)| row.target.is_some() && row.done.is_some());
    aimed.take(MAX_DOORS).filter_map(|(run, row)| door_of(from, whole, (*run, row), effects)).collect()
}

fn door_of(
    from: &Material<'_>,
    whole: &Scenario,
    (run, row): (u32, &Response),
    effects: &[SideEffect],
) -> Option<DoorRow> {
    let (target, (done, _)) = (row.target.as_ref()?, row.done.as_ref()?);
    let mut cost: Vec<SafeText> =
        effects.iter().filter(|effect| effect.run == Some(run)).map(|e| e.text.clone()).collect();
    let why_right = is_right(from, whole, row, target);
    let door = match (&why_right, cost.is_empty()) {
        (Some(_), _) => Door::Right,
        (None, true) => Door::Harmless,
        (None, false) => Door::Wrong,
    };
    if door != Door::Right {
        let took = wording::length(done.at.since(row.given.at));
        cost.push(SafeText::one_line(&shown!("It took {} of the team's time.", took)));
    }
    let title = from.view.target_title(target);
    let herring = |stage: &Stage| shown!("{} belongs to '{}', which was harmless.", title, stage.title);
    let nothing = || shown!("The incident had nothing to do with {}.", title);
    let why = why_right.unwrap_or_else(|| herring_at(from, target).map_or_else(nothing, herring));
    Some(DoorRow {
        response: SafeText::one_line(&from.view.response_words(&row.action, Some(target))),
        at: drill_seconds(row.given.at),
        t: from.view.t(row.given.at),
        since_fault: from.since_fault(row.given.at),
        seq: row.given.seq,
        door,
        why: SafeText::one_line(&why),
        cost,
    })
}

/// Says whether a response was aimed where the path means it: where that says nothing, at something that the incident had to do with.
pub(super) fn lands(from: &Material<'_>, aimed: &Aimed, row: &Response) -> bool {
    let meant = || match (&row.target, from.whole().next()) {
        (Some(target), Some(whole)) => is_right(from, whole, row, target).is_some(),
        _ => true,
    };
    fits(from, aimed, row) && (aimed.at != Aim::Anything || meant())
}

/// Why this was a right thing to aim at, if it was. Where the scenario says for this response, that counts; else where the adversary was,
/// and what it held.
fn is_right(from: &Material<'_>, whole: &Scenario, row: &Response, target: &TargetId) -> Option<Shown> {
    let title = from.view.target_title(target);
    let mut said = aims(whole).filter(|aimed| aimed.act == row.action && aimed.at != Aim::Anything).peekable();
    if said.peek().is_some() {
        return said
            .any(|aimed| fits(from, aimed, row))
            .then(|| shown!("It belongs to {}, as the scenario says.", title));
    }
    match from.view.action(&row.action).map(|action| action.target)? {
        TargetKind::Channel | TargetKind::Automation => {
            let broken = whole.channels.iter().any(|one| one.id.as_str() == target.as_str() && one.broken.is_some())
                || whole
                    .automations
                    .iter()
                    .any(|one| one.id == *target && (one.broken.is_some() || one.wrong.is_some()));
            broken.then(|| shown!("{} was broken.", title))
        }
        TargetKind::Instance | TargetKind::Group if from.view.is_concerned(target) => {
            let what = if whole.has_adversary() { "adversary" } else { "fault" };
            Some(shown!("The {} was at {}.", what, title))
        }
        _ => {
            let of = |stage: &&Stage| stage.benign.is_none() && touches(from, stage).contains(target);
            let stage = whole.stages.iter().find(of)?;
            Some(shown!("'{}' went by {}.", stage.title, title))
        }
    }
}

/// All that a scenario says of responses and what they are to be aimed at.
fn aims(whole: &Scenario) -> impl Iterator<Item = &Aimed> {
    let path = whole.debrief.ideal_path.iter();
    let steps = whole.playbook.steps.iter().flat_map(|step| &step.done_when.action_done);
    let orders = whole.orders.iter().flat_map(|order| order.first.iter().chain(&order.then));
    path.chain(steps).chain(orders)
}

/// Says whether a response was done to what it is to be aimed at.
pub(super) fn fits(from: &Material<'_>, aimed: &Aimed, row: &Response) -> bool {
    let Some(target) = &row.target else { return aimed.at == Aim::Anything };
    match &aimed.at {
        Aim::Anything => true,
        Aim::FromFinding => {
            let found = from.view.board.findings.iter();
            found.into_iter().any(|known| known.finding.resource == *target && !from.view.is_noise(&known.finding))
        }
        Aim::WhereStage(stage) => {
            from.view.truth.stages.iter().any(|(_, known, on, _)| known == stage && on == target)
                || from.view.stage(stage).is_some_and(|stage| touches(from, stage).contains(target))
        }
        Aim::AnyOf(ids) | Aim::AllOf(ids) => ids.contains(target),
    }
}

/// Everything that a stage touches: where it took place, and what it needs, names or harms.
pub(super) fn touches(from: &Material<'_>, stage: &Stage) -> BTreeSet<TargetId> {
    let taken = from.view.truth.stages.iter().filter(|(_, known, ..)| *known == stage.id).map(|(_, _, on, _)| on);
    let on = &stage.on;
    let places = [&on.instance, &on.security_group, &on.resource].into_iter().flatten();
    let held = stage.needs.iter().chain(&stage.needs_at_start).filter_map(held);
    let harmed = stage.harms.iter().filter_map(|harm| harm.resource.as_ref());
    taken.chain(places).chain(held).chain(harmed).cloned().collect()
}

/// The resource that a foothold is.
fn held(foothold: &Foothold) -> Option<&TargetId> {
    match foothold {
        Foothold::Sessions(id)
        | Foothold::Open(id)
        | Foothold::Key(id)
        | Foothold::Exists(id)
        | Foothold::Trust(id) => Some(id),
        Foothold::Instance
        | Foothold::Connection
        | Foothold::ThroughBalancer
        | Foothold::OpenPort
        | Foothold::Exposed
        | Foothold::Name(_)
        | Foothold::Implant => None,
    }
}

/// The red herring that a target belongs to, if it took place.
fn herring_at<'a>(from: &'a Material<'_>, target: &TargetId) -> Option<&'a Stage> {
    let benign = happened(from).into_iter().filter(|(stage, ..)| stage.benign.is_some());
    benign.map(|(stage, ..)| stage).find(|stage| touches(from, stage).contains(target))
}

/// Says whether somebody gave a response at something that a stage touches, and what.
pub(super) fn responded_at<'a>(from: &'a Material<'_>, stage: &Stage, at: DrillTime) -> Option<&'a Response> {
    let all = touches(from, stage);
    let fits = |row: &&Response| {
        row.given.at >= at
            && row.target.as_ref().is_some_and(|target| all.contains(target) && !concerns(from, target))
            && changes_workload(from, row)
    };
    from.view.responses.values().find(fits)
}

/// Says whether the incident is there as well: then a response there follows no herring.
fn concerns(from: &Material<'_>, target: &TargetId) -> bool {
    from.view.is_concerned(target)
        || from
            .whole()
            .flat_map(|whole| &whole.stages)
            .any(|stage| stage.benign.is_none() && touches(from, stage).contains(target))
}
