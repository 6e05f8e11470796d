//! A careful team that plays responses one after the other: an ideal path, or whatever else is to be tried. It knows where the adversary is,
//! and waits until what it has asked for has come before it changes something again.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use firedrill_core::projection::debrief::Verdict;
use firedrill_core::projection::view::Response;
use firedrill_model::command::Ask;
use firedrill_model::event::{Event, InstanceState, WorldEvent};
use firedrill_model::id::{StageId, TargetId};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::{Action, Aim, Aimed, Effect, Foothold, Scenario, Stage, TargetKind};
use firedrill_model::{DrillTime, SafeText, Span};

use super::session;
use crate::host::desk::debrief_of;
use crate::host::session::Session;

/// The team begins at the latest so long after the fault, also if it was told nothing.
const LATEST_BEGIN: Span = Span::from_secs(15 * 60);
/// Between two responses.
const BREATH: Span = Span::from_secs(10);
/// So long it waits for what it has asked for, and before it tries again what was not possible.
const LONGEST_WAIT: Span = Span::from_secs(10 * 60);
const AGAIN: Span = Span::from_secs(60);
/// How often one response is tried.
const TRIES: usize = 40;

/// How often everything on offer is tried.
const MOST_ROUNDS: usize = 1_500;

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// The verdict on the hypothesis.
    pub verdict: Verdict,
    /// What was found of the parts that did not hold.
    pub found: Vec<SafeText>,
    /// Responses, by their places in what was to be played, that never brought anything.
    pub in_vain: Vec<usize>,
    /// Stages of the adversary that still went on at the end.
    pub left: Vec<StageId>,
    /// Which of the scenario's orders were kept.
    pub kept: Vec<Option<bool>>,
}

/// When a drill ends that is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// When its time is up or all is done: what comes back would come back until then.
    Whole,
    /// After the last response.
    Now,
}

/// Plays responses. `None` where the steady state never holds, or the record is full.
pub fn play(scenario: &Arc<Scenario>, path: &[Aimed], seed: u64, end: End) -> Option<Outcome> {
    let mut team = Team::new(scenario, seed)?;
    let kind =
        |aimed: &Aimed| scenario.actions.iter().find(|action| action.id == aimed.act).map(|action| action.target);
    let prepares = |aimed: &&Aimed| matches!(kind(aimed), Some(TargetKind::Channel | TargetKind::Automation));
    let before = path.iter().take_while(prepares).count();
    let mut in_vain = Vec::new();
    team.watch()?;
    // Alarms and automations are tested while nothing is wrong.
    for (at, aimed) in path.iter().enumerate().take(before) {
        if !team.respond(aimed)? {
            in_vain.push(at);
        }
    }
    team.begin()?;
    for (at, aimed) in path.iter().enumerate().skip(before) {
        // All that was asked is done, or the time is up.
        if !team.is_on() {
            break;
        }
        if !team.respond(aimed)? {
            in_vain.push(at);
        }
    }
    match end {
        End::Whole => team.finish()?,
        End::Now => team.stop()?,
    }
    let debrief = debrief_of(&team.session);
    let parts = debrief.parts.into_iter().filter(|part| part.verdict != Verdict::Held);
    let found = parts.map(|part| part.found).collect();
    let kept = debrief.orders.iter().map(|row| row.kept).collect();
    Some(Outcome { verdict: debrief.verdict, found, in_vain, left: team.left(), kept })
}

struct Team<'s> {
    session: Session,
    scenario: &'s Arc<Scenario>,
    utc: DateTime<Utc>,
    /// Stages of the adversary that go on, and where.
    active: Vec<(StageId, TargetId)>,
    /// Entries that have been looked at.
    seen: u64,
}

impl<'s> Team<'s> {
    fn new(scenario: &'s Arc<Scenario>, seed: u64) -> Option<Self> {
        let (session, utc) = (session(scenario, seed)?, DateTime::UNIX_EPOCH);
        Some(Self { session, scenario, utc, active: Vec::new(), seen: 0 })
    }

    fn is_on(&self) -> bool {
        let phase = self.session.drill().phase();
        matches!(phase, Phase::SteadyState | Phase::Experiment) && !self.session.is_full()
    }

    /// Until the steady state has held.
    fn watch(&mut self) -> Option<()> {
        let patience = DrillTime::ZERO + Span::from_secs(24 * 3600);
        while !self.session.drill().gate_open() {
            self.step(patience)?;
            if self.session.now() >= patience || self.session.is_full() {
                return None;
            }
        }
        Some(())
    }

    /// To the moment at which the team knows of something, or looks by itself.
    fn begin(&mut self) -> Option<()> {
        self.watch()?;
        self.session.ask(Ask::NextPhase, self.utc).ok()?;
        self.session.ask(Ask::NextPhase, self.utc).ok()?;
        let latest = self.session.now() + self.scenario.fault.after + LATEST_BEGIN;
        let knows = |team: &Self| {
            let board = &team.session.view().board;
            !board.findings.is_empty() || !board.messages.is_empty()
        };
        while self.is_on() && !knows(self) && self.session.now() < latest {
            self.step(latest)?;
        }
        Some(())
    }

    /// On to the next thing that happens, at most to a moment.
    fn step(&mut self, to: DrillTime) -> Option<()> {
        let next = self.session.next_due().map_or(to, |due| due.min(to));
        self.session.advance(next, self.utc).ok()?;
        self.session.publish().ok()?;
        self.look();
        self.acknowledge();
        Some(())
    }

    fn pass(&mut self, span: Span) -> Option<()> {
        let to = self.session.now() + span;
        while self.is_on() && self.session.now() < to {
            self.step(to)?;
        }
        Some(())
    }

    fn acknowledge(&mut self) {
        let open = self.session.view().board.findings.iter().find(|row| row.acknowledged.is_none());
        if let Some(id) = open.map(|row| row.finding.id.clone()).filter(|_| self.is_on()) {
            // One that can't be acknowledged in this moment is looked at again with the next thing that happens.
            let _ = self.session.ask(Ask::Acknowledge(Some(id)), self.utc);
        }
    }

    /// Waits until what was asked for has come, and the service stands: a careful team changes one thing after the other.
    fn settle(&mut self) -> Option<()> {
        let until = self.session.now() + LONGEST_WAIT;
        let booting =
            |team: &Self| team.session.view().board.instances.values().any(|row| row.state == InstanceState::Booting);
        while self.is_on() && booting(self) && self.session.now() < until {
            self.step(until)?;
        }
        Some(())
    }

    /// Gives a response, where it is to be done to several things to each; again where it brought nothing. Says whether it brought something.
    fn respond(&mut self, aimed: &Aimed) -> Option<bool> {
        let Some(action) = self.scenario.actions.iter().find(|action| action.id == aimed.act) else {
            return Some(false);
        };
        if action.changes_the_system() {
            self.settle()?;
        }
        let mut open: Vec<Option<TargetId>> = self.targets(action, &aimed.at);
        for _ in 0..TRIES {
            let mut again = Vec::new();
            for target in open {
                if !self.give(action, target.clone())? {
                    again.push(target);
                }
            }
            if again.is_empty() || !self.is_on() {
                return Some(again.is_empty());
            }
            self.pass(AGAIN)?;
            // What the adversary has moved to meanwhile is what it is aimed at now.
            open = if matches!(aimed.at, Aim::AllOf(_)) { again } else { self.targets(action, &aimed.at) };
        }
        Some(false)
    }

    fn give(&mut self, action: &Action, target: Option<TargetId>) -> Option<bool> {
        if !self.is_on() {
            return Some(false);
        }
        let before = self.session.view().responses.len();
        let ask = Ask::Act { action: action.id.clone(), target, guess: None, why: None };
        if self.session.ask(ask, self.utc).is_err() {
            return Some(false);
        }
        let run = u32::try_from(before + 1).unwrap_or(u32::MAX);
        let done = |team: &Self| team.session.view().responses.get(&run).is_some_and(|row| row.done.is_some());
        while self.is_on() && !done(self) {
            self.pass(BREATH)?;
        }
        self.pass(BREATH)?;
        Some(self.session.view().responses.get(&run).is_some_and(Response::succeeded))
    }

    /// Into Verify at once.
    fn stop(&mut self) -> Option<()> {
        if self.is_on() {
            self.session.ask(Ask::NextPhase, self.utc).ok()?;
        }
        Some(())
    }

    /// To the end of the experiment, and into Verify, where the truth is open.
    fn finish(&mut self) -> Option<()> {
        while self.is_on() {
            self.step(DrillTime(u64::MAX))?;
        }
        self.session.publish().ok()?;
        self.look();
        Some(())
    }

    /// Looks where the adversary is now.
    fn look(&mut self) {
        for entry in self.session.entries_from(self.seen) {
            self.seen = entry.seq + 1;
            let Event::World(WorldEvent::Stage { stage, on, active }) = &entry.event else { continue };
            self.active.retain(|(id, _)| id != stage);
            let benign = self.scenario.stages.iter().any(|known| known.id == *stage && known.benign.is_some());
            if *active && !benign {
                self.active.push((stage.clone(), on.clone()));
            }
        }
    }

    fn left(&self) -> Vec<StageId> {
        self.active.iter().map(|(id, _)| id.clone()).collect()
    }

    /// What a response is given to. Without an aim: where the adversary is, what it holds, what a finding names; else the first that fits.
    fn targets(&self, action: &Action, aim: &Aim) -> Vec<Option<TargetId>> {
        if action.target == TargetKind::None {
            return vec![None];
        }
        let fitting = self.session.view().targets(action);
        let first = |wanted: Vec<TargetId>| wanted.into_iter().find(|id| fitting.contains(id));
        let one = match aim {
            Aim::AllOf(ids) => return ids.iter().cloned().map(Some).collect(),
            Aim::AnyOf(ids) => first(ids.clone()).or_else(|| ids.first().cloned()),
            Aim::FromFinding => first(self.found()),
            Aim::WhereStage(stage) => first(self.touched(|id| id == stage)),
            Aim::Anything => {
                let active: BTreeSet<StageId> = self.left().into_iter().collect();
                let now = self.touched(|id| active.contains(id));
                first(now).or_else(|| first(self.found())).or_else(|| first(self.touched(|_| true)))
            }
        };
        vec![one.or_else(|| fitting.first().cloned())]
    }

    fn found(&self) -> Vec<TargetId> {
        self.session.view().board.findings.iter().rev().map(|row| row.finding.resource.clone()).collect()
    }

    /// Where stages of the adversary take place, what they need, and the groups of the instances among these.
    fn touched(&self, wanted: impl Fn(&StageId) -> bool) -> Vec<TargetId> {
        let stages = || self.scenario.stages.iter().filter(|stage| stage.benign.is_none() && wanted(&stage.id));
        let now = self.active.iter().filter(|(id, _)| wanted(id)).map(|(_, on)| on.clone());
        let mut all: Vec<TargetId> = now.chain(stages().flat_map(named)).collect();
        let instances = &self.session.view().board.instances;
        let service_of = |id: &TargetId| instances.get(id).map(|row| row.service.clone());
        let services: Vec<_> = all.iter().filter_map(service_of).collect();
        let groups = self.scenario.services.iter().filter(|service| services.contains(&service.id));
        all.extend(groups.clone().map(|service| service.group.id.clone()));
        all.extend(groups.filter_map(|service| service.role.clone()));
        all
    }
}

/// What a stage names: its place, and what it needs.
fn named(stage: &Stage) -> Vec<TargetId> {
    let place = [&stage.on.instance, &stage.on.security_group, &stage.on.resource].into_iter().flatten().cloned();
    let held = stage.needs.iter().chain(&stage.needs_at_start).filter_map(|foothold| match foothold {
        Foothold::Sessions(id)
        | Foothold::Open(id)
        | Foothold::Key(id)
        | Foothold::Trust(id)
        | Foothold::Exists(id) => Some(id.clone()),
        Foothold::Instance
        | Foothold::Connection
        | Foothold::ThroughBalancer
        | Foothold::OpenPort
        | Foothold::Exposed
        | Foothold::Name(_)
        | Foothold::Implant => None,
    });
    place.chain(held).collect()
}

/// Plays everything on offer that takes something from the adversary, as long as something of it goes on. Gives the stages that nothing ended.
pub fn everything(scenario: &Arc<Scenario>, seed: u64) -> Option<Vec<StageId>> {
    let mut team = Team::new(scenario, seed)?;
    team.begin()?;
    // What would put back what is taken away is mended first.
    let mends = |action: &&Action| action.effects.contains(&Effect::RepairAutomation);
    if let Some(action) = scenario.actions.iter().find(mends) {
        for wrong in scenario.automations.iter().filter(|automation| automation.wrong.is_some()) {
            team.give(action, Some(wrong.id.clone()))?;
        }
    }
    // Whoever is thrown out may come back: it goes on to the end.
    for _ in 0..MOST_ROUNDS {
        if !team.is_on() {
            break;
        }
        for action in scenario.actions.iter().filter(|action| takes_away(action)) {
            for stage in team.left() {
                let aim = if action.target == TargetKind::None { Aim::Anything } else { Aim::WhereStage(stage) };
                for target in team.targets(action, &aim) {
                    team.give(action, target)?;
                }
            }
        }
        team.pass(AGAIN)?;
    }
    team.finish()?;
    Some(team.left())
}

/// Says whether a response takes something away from whoever has it, for good: what gives it back, looks or tells is not tried.
fn takes_away(action: &Action) -> bool {
    let gives_back = |effect: &Effect| {
        matches!(
            effect,
            Effect::ActivateKey
                | Effect::AllowPublicAccess
                | Effect::AllowSubnet
                | Effect::ReleaseDatabase
                | Effect::RestoreDatabase { .. }
                | Effect::ChangeCapacity { .. }
                | Effect::OpenPort
                | Effect::ResumeRebalancing
                | Effect::RepairChannel
                | Effect::RepairAutomation
                | Effect::TurnOnLog { .. }
                | Effect::TurnOnDetector { .. }
        )
    };
    action.changes_the_system() && !action.effects.iter().any(gives_back)
}
