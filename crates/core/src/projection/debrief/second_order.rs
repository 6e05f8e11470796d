//! Second-order effects, computed from the record. They say what came after what, never that one thing caused the other.

mod sight;
mod undone;

use alloc::collections::{BTreeMap, BTreeSet};

use super::guesses::window_end;
use super::material::Material;
use crate::projection::moves::Cause;
use crate::projection::signals::{Track, outside};
use crate::projection::view::{Response, Stamp};
use crate::projection::wording;
use firedrill_model::event::{
    EffectResult, InstanceCause, InstanceEvent, InstanceState, ResourceCause, ResourceChange,
};
use firedrill_model::id::{ServiceId, SignalId, TargetId};
use firedrill_model::scenario::Effect;
use firedrill_model::{DrillTime, SafeText, Shown, shown};
use sight::sight_lost;
use undone::{evidence_deleted, undone};

/// Most sentences of each kind.
const MAX_EACH: usize = 40;

/// A second-order effect.
pub(super) struct SideEffect {
    /// A sentence.
    pub text: SafeText,
    /// When it showed; for a signal that left its bound, when it did.
    pub stamp: Stamp,
    /// The response that it came after, by its number.
    pub run: Option<u32>,
    /// Evidence went with it.
    pub lost: bool,
    /// The adversary came back.
    pub back: bool,
}

impl SideEffect {
    fn new(text: &str, stamp: Stamp, run: Option<u32>) -> Self {
        Self { text: SafeText::one_line(text), stamp, run, lost: false, back: false }
    }

    fn losing(text: &str, stamp: Stamp, run: Option<u32>) -> Self {
        Self { lost: true, ..Self::new(text, stamp, run) }
    }
}

pub(super) fn second_order(from: &Material<'_>) -> Vec<SideEffect> {
    let kinds: [fn(&Material<'_>) -> Vec<SideEffect>; 11] = [
        signals_after_responses,
        evidence_lost,
        keys_deleted,
        terminated_by_group,
        services_out,
        resources_out,
        tracked_alive,
        came_back,
        sight_lost,
        evidence_deleted,
        undone,
    ];
    kinds.iter().flat_map(|kind| kind(from).into_iter().take(MAX_EACH)).collect()
}

/// Says whether a response changes the workload, as opposed to looking at it or telling somebody.
pub(super) fn changes_workload(from: &Material<'_>, response: &Response) -> bool {
    let mends = |effect: &Effect| {
        matches!(
            effect,
            Effect::RepairChannel | Effect::RepairAutomation | Effect::TurnOnDetector { .. } | Effect::TurnOff { .. }
        )
    };
    let changes = |effect: &Effect| effect.changes_the_system() && !mends(effect);
    from.view.action(&response.action).is_some_and(|action| action.effects.iter().any(changes))
}

fn signals_after_responses(from: &Material<'_>) -> Vec<SideEffect> {
    let all = from.view.responses.iter();
    let changing = all.filter(|(_, row)| row.succeeded() && changes_workload(from, row));
    // What a response does to the workload it does when it is done; until then it is still the one before that works.
    let done: Vec<_> = changing.filter_map(|(run, row)| Some((*run, row, row.done.as_ref()?.0))).collect();
    let moments: Vec<DrillTime> = done.iter().map(|(.., stamp)| stamp.at).collect();
    done.into_iter().filter_map(|done| left_after(from, done, &moments)).collect()
}

fn left_after(
    from: &Material<'_>,
    (run, response, done): (u32, &Response, Stamp),
    moments: &[DrillTime],
) -> Option<SideEffect> {
    let at = done.at;
    let end = window_end(from, at, moments);
    let left = from.view.tracks().filter_map(|track| left_its_bound(from, &track, at, end));
    let left: Vec<Left> = left.filter(|left| !left.by_others()).collect();
    let watched = &from.view.course.hypothesis.signal;
    let first = left.iter().find(|left| left.id == watched).or(left.first())?;
    let others: Vec<Shown> = left.iter().filter(|left| left.id != first.id).map(|left| left.title.clone()).collect();
    let also = if others.is_empty() {
        Shown::default()
    } else {
        shown!(" Outside their limits after it as well: {}.", wording::list(&others))
    };
    let also = if first.cause == Some(Cause::Unknown) {
        also + " Something else had moved the workload by then as well: which of both it was, the record doesn't tell."
    } else {
        also
    };
    let (title, when) = (from.view.response_words(&response.action, response.target.as_ref()), when(from, done));
    let seq = Stamp { seq: done.seq, ..from.view.stamp_at(first.at) };
    Some(SideEffect::new(&shown!("After '{}' ({}), {}.{}", title, when, first.words, also), seq, Some(run)))
}

/// A signal that left its bound.
struct Left<'a> {
    id: &'a SignalId,
    title: Shown,
    words: Shown,
    at: DrillTime,
    /// What moved the workload last before, where that is known.
    cause: Option<Cause>,
}

impl Left<'_> {
    /// It was the incident, or something harmless, and nothing of the team's.
    fn by_others(&self) -> bool {
        match &self.cause {
            Some(Cause::Incident | Cause::Benign(..)) => true,
            Some(Cause::Response(..) | Cause::Automation(..) | Cause::Unknown) | None => false,
        }
    }
}

/// Says whether a signal that was inside until the response was done left its bound in the window, and how long it then
/// stayed outside, also beyond the window.
fn left_its_bound<'a>(from: &Material<'_>, track: &Track<'a>, at: DrillTime, end: DrillTime) -> Option<Left<'a>> {
    let limit = track.limit?;
    // A sample of the very moment shows the effect already.
    let found = outside(&track.track.samples, limit, DrillTime(at.0.saturating_sub(1)), end);
    let first = found.first.filter(|_| !found.at_start)?;
    let (title, beyond) = (&track.signal.title, wording::beyond(limit.side));
    let bound = wording::limit(track.signal, limit.at);
    let later = if first > at { shown!("{} later", wording::length(first.since(at))) } else { Shown::from("at once") };
    let back = track.track.samples.iter().find(|(moment, value)| *moment > first && limit.holds(*value));
    let stayed = back.map_or_else(
        || Shown::from("up to the end of the record"),
        |(back, _)| shown!("for {}", wording::length(back.since(first))),
    );
    let words = shown!("{} went {} {} {} and stayed there {}", title, beyond, bound, later, stayed);
    let cause = from.view.cause_at(first, &track.signal.service);
    Some(Left { id: &track.signal.id, title: title.into(), words, at: first, cause })
}

fn evidence_lost(from: &Material<'_>) -> Vec<SideEffect> {
    let turns = from.view.board.instance_turns.iter().filter(|(_, turn)| !turn.evidence_lost.is_empty());
    turns.map(|(stamp, turn)| lost_with(from, *stamp, turn)).collect()
}

fn lost_with(from: &Material<'_>, stamp: Stamp, turn: &InstanceEvent) -> SideEffect {
    let kinds: Vec<Shown> = turn.evidence_lost.iter().map(|kind| wording::evidence(*kind).into()).collect();
    let kinds = wording::list(&kinds);
    let state = wording::instance_state(turn.state);
    let why = match turn.because {
        InstanceCause::Response(run) => from.view.responses.get(&run).map_or_else(Shown::default, |response| {
            shown!(", after '{}'", from.view.response_words(&response.action, response.target.as_ref()))
        }),
        InstanceCause::HealthCheck => Shown::from(", by its group"),
        InstanceCause::Automation => Shown::from(", by an automation"),
        InstanceCause::Fault => Shown::from(", by the fault"),
        InstanceCause::Group | InstanceCause::Initial | InstanceCause::ModelChanged => Shown::default(),
    };
    let run = match turn.because {
        InstanceCause::Response(run) => Some(run),
        _ => taken_away_by(from, &turn.instance, stamp),
    };
    let when = when(from, stamp);
    let text =
        shown!("Evidence was lost: the {} of {} went when it was {}{} ({}).", kinds, turn.instance, state, why, when);
    SideEffect::losing(&text, stamp, run)
}

/// The response that changed an instance last before its group did.
fn taken_away_by(from: &Material<'_>, instance: &TargetId, before: Stamp) -> Option<u32> {
    let changed = |results: &[EffectResult]| {
        results.iter().any(|result| matches!(result, EffectResult::Changed { instance: of, .. } if of == instance))
    };
    let done = from.view.responses.iter().filter_map(|(run, row)| row.done.as_ref().map(|done| (*run, done)));
    let fitting = done.filter(|(_, (stamp, results))| stamp.seq < before.seq && changed(results));
    fitting.max_by_key(|(_, (stamp, _))| stamp.seq).map(|(run, _)| run)
}

fn when(from: &Material<'_>, stamp: Stamp) -> Shown {
    from.view.fault().filter(|fault| stamp.at >= fault.at).map_or_else(
        || shown!("{} into the drill", wording::length(stamp.at.since(DrillTime::ZERO))),
        |fault| shown!("{} after the fault", wording::length(stamp.at.since(fault.at))),
    )
}

/// Instances that their own group terminated; those that had never served are told of together, by service and zone.
fn terminated_by_group(from: &Material<'_>) -> Vec<SideEffect> {
    let turns = &from.view.board.instance_turns;
    let by_group =
        |turn: &InstanceEvent| turn.because == InstanceCause::HealthCheck && turn.state == InstanceState::Terminated;
    let with = |state: InstanceState| -> BTreeSet<&TargetId> {
        turns.iter().filter(|(_, turn)| turn.state == state).map(|(_, turn)| &turn.instance).collect()
    };
    // Those of the start were in service from the start.
    let (launched, served) = (with(InstanceState::Booting), with(InstanceState::InService));
    let is_known = |id: &TargetId| served.contains(id) || !launched.contains(id);
    let (known, new): (Vec<_>, Vec<_>) =
        turns.iter().filter(|(_, turn)| by_group(turn)).partition(|(_, turn)| is_known(&turn.instance));
    let each = known.into_iter().map(|(stamp, turn)| {
        let (id, when) = (&turn.instance, when(from, *stamp));
        let text = shown!("{} was terminated by its own group, which found it unhealthy ({}).", id, when);
        SideEffect::new(&text, *stamp, taken_away_by(from, id, *stamp))
    });
    let mut together: BTreeMap<(&ServiceId, &SafeText), Vec<Stamp>> = BTreeMap::new();
    for (stamp, turn) in new {
        together.entry((&turn.service, &turn.zone)).or_default().push(*stamp);
    }
    each.chain(together.into_iter().filter_map(|(place, stamps)| never_served(from, place, &stamps))).collect()
}

/// What a group launched and took down again before it ever served.
fn never_served(from: &Material<'_>, (service, zone): (&ServiceId, &SafeText), stamps: &[Stamp]) -> Option<SideEffect> {
    let (first, last) = (stamps.first()?, stamps.last()?);
    let known = from.view.scenario.services.iter().find(|known| known.id == *service);
    let title = known.map_or_else(|| service.into(), |known| Shown::from(&known.title));
    let text = match stamps.len() {
        1 => shown!(
            "An instance that the group of {} launched in {} never served, and was terminated by it ({}).",
            title,
            zone,
            when(from, *first)
        ),
        number => shown!(
            "{} instances that the group of {} launched in {}, one after the other, never served, and were \
             terminated by it (the first {}, the last {}).",
            number,
            title,
            zone,
            when(from, *first),
            when(from, *last)
        ),
    };
    Some(SideEffect::new(&text, *first, None))
}

fn services_out(from: &Material<'_>) -> Vec<SideEffect> {
    let turns = &from.view.board.role_turns;
    let ended = turns.iter().enumerate().filter(|(_, (_, _, usable))| !usable);
    ended
        .map(|(index, (out, role, _))| {
            let back = turns.iter().skip(index + 1).find(|(_, other, usable)| other == role && *usable);
            let title = from.view.target_title(role);
            let users = users_of(from, role);
            let until = back.map_or_else(
                || Shown::from("up to the end of the record"),
                |(back, _, _)| shown!("for {}", wording::length(back.at.since(out.at))),
            );
            let text = shown!("After the sessions of {} were ended, {} had no credentials {}.", title, users, until);
            SideEffect::new(&text, *out, revoked_by(from, *out))
        })
        .collect()
}

/// The response that ended sessions at a moment.
fn revoked_by(from: &Material<'_>, out: Stamp) -> Option<u32> {
    let revokes = |result: &EffectResult| matches!(result, EffectResult::SessionsRevoked { .. });
    let done = from.view.responses.iter().filter_map(|(run, row)| row.done.as_ref().map(|done| (*run, done)));
    let mut fitting = done.filter(|(_, (stamp, results))| stamp.at == out.at && results.iter().any(revokes));
    fitting.next().map(|(run, _)| run)
}

/// Resources whose users were out, for how long, and after what.
fn resources_out(from: &Material<'_>) -> Vec<SideEffect> {
    let turns = &from.view.board.resource_turns;
    let out = turns.iter().enumerate().filter(|(_, (_, turn))| !turn.usable);
    out.map(|(index, (stamp, turn))| {
        let later = turns.iter().skip(index + 1);
        let back = later.into_iter().find(|(_, other)| other.resource == turn.resource && other.usable);
        let until = back.map_or_else(
            || Shown::from("up to the end of the record"),
            |(back, _)| shown!("for {}", wording::length(back.at.since(stamp.at))),
        );
        let (title, users) = (from.view.target_title(&turn.resource), users_of(from, &turn.resource));
        let after = match &turn.because {
            ResourceCause::Response(run) => from.view.responses.get(run).map_or_else(Shown::default, |response| {
                shown!("After '{}', ", from.view.response_words(&response.action, response.target.as_ref()))
            }),
            ResourceCause::Automation(id) => shown!("After '{}' ran by itself, ", from.view.target_title(id)),
            ResourceCause::Destroyed => shown!("After {} was destroyed, ", title),
            ResourceCause::Fault => Shown::from("By the fault, "),
            ResourceCause::ModelChanged => Shown::default(),
        };
        let run = match &turn.because {
            ResourceCause::Response(run) => Some(*run),
            _ => None,
        };
        SideEffect::new(&shown!("{}{} could not use {} {}.", after, users, title, until), *stamp, run)
    })
    .collect()
}

fn keys_deleted(from: &Material<'_>) -> Vec<SideEffect> {
    let done = from.view.responses.iter().filter_map(|(run, row)| row.done.as_ref().map(|done| (*run, done)));
    let all = done.flat_map(|(run, (stamp, results))| results.iter().map(move |result| (run, *stamp, result)));
    all.filter_map(|(run, stamp, result)| match result {
        EffectResult::ResourceChanged { change: ResourceChange::Deleted, resource, .. } => {
            let (title, when) = (from.view.target_title(resource), when(from, stamp));
            let text =
                shown!("Evidence was lost: what {} was last used for went when it was deleted ({}).", title, when);
            Some(SideEffect::losing(&text, stamp, Some(run)))
        }
        _ => None,
    })
    .collect()
}

fn users_of(from: &Material<'_>, id: &TargetId) -> Shown {
    let used_by = from.view.scenario.resource(id).map(|resource| resource.used_by.as_slice()).unwrap_or_default();
    let services = from.view.scenario.services.iter();
    let services = services.filter(|service| service.role.as_ref() == Some(id) || used_by.contains(&service.id));
    let names: Vec<Shown> = services.map(|service| Shown::from(&service.title)).collect();
    if names.is_empty() { Shown::from("its users") } else { wording::list(&names) }
}

fn tracked_alive(from: &Material<'_>) -> Vec<SideEffect> {
    let done = from.view.responses.iter().filter_map(|(run, row)| row.done.as_ref().map(|done| (*run, row, done)));
    let alive = done.flat_map(|(run, row, (at, results))| results.iter().map(move |result| (run, row, *at, result)));
    alive
        .filter_map(|(run, row, stamp, result)| match result {
            EffectResult::Changed { instance, tracked_alive: true, .. } => {
                let title = from.view.action_title(&row.action);
                let text = shown!("After '{}', connections of {} that were being tracked went on.", title, instance);
                Some(SideEffect::new(&text, stamp, Some(run)))
            }
            _ => None,
        })
        .collect()
}

/// A stage that waited for the loss of another one: the adversary came back.
fn came_back(from: &Material<'_>) -> Vec<SideEffect> {
    let begun = from.view.truth.stages.iter().filter(|(_, _, _, active)| *active && from.open);
    begun
        .filter_map(|(stamp, id, on, _)| {
            let stage = from.view.stage(id)?;
            let lost = from.view.stage(stage.begins.after_loss_of.as_ref()?)?;
            let when = when(from, *stamp);
            let lost = Shown::from(&lost.title).without_end(&['.']);
            let who = if stage.origin.is_adversary() { "The adversary" } else { "The fault" };
            let text = shown!("{} came back on {} ({}), after this had ended: {}.", who, on, when, lost);
            Some(SideEffect { back: true, ..SideEffect::new(&text, *stamp, None) })
        })
        .collect()
}
