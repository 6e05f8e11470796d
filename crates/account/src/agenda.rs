//! What will happen by itself, in order of the moment and then of the time of planning.

use alloc::collections::BTreeMap;

use firedrill_model::DrillTime;
use firedrill_model::id::{ActionId, ChannelId, FindingId, TargetId};
use firedrill_model::scenario::{Emission, Scenario, Sight};
use firedrill_model::{LogRecord, Span};

/// Something that is due.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Due {
    /// The signals are sampled.
    Sample,
    /// Traffic of a service changes: place of the service, place of the step.
    Traffic(usize, usize),
    /// The fault is active.
    Fault,
    /// The time of a stage has come.
    Stage(usize),
    /// A stage that lasts for a while is over.
    StageOver(usize),
    /// A stage has gone on for long enough to do harm: place of the stage, and among its harms.
    Harm(usize, usize),
    /// An automation is at its end: its place, the finding if one started it, its resource.
    Automation(usize, Option<FindingId>, TargetId),
    /// An automation that runs at even intervals begins a run: its place.
    Run(usize),
    /// The group of the service at this place looks whether its zones are even.
    Even(usize),
    /// The group of the service at this place tries to launch what it was refused.
    Retry(usize),
    /// The next record of a source of records.
    Emission(Source),
    /// A record arrives in the log store.
    Record(Box<LogRecord>),
    /// A detector has seen a stage long enough.
    Detection(Sighting),
    /// An alarm has changed its state.
    Alarm(AlarmTurn),
    /// A channel is at the end of its way.
    Message(ChannelId, FindingId),
    /// Something about an instance.
    Instance(TargetId, InstanceDue),
    /// A log, detector or channel is stopped.
    Stop(Sight),
    /// What a stage breaks at once is broken.
    Break(usize),
    /// Sessions of a role or user are denied from now on; counts the revocations.
    Denied(TargetId, u32),
    /// A response is at its end.
    Response(Response),
}

/// An alarm has changed its state, and that will be told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AlarmTurn {
    /// Place of the detector.
    pub detector: usize,
    /// It went off, and did not end.
    pub on: bool,
    /// When the datapoints begin that decided it.
    pub from: DrillTime,
    /// When it turned.
    pub at: DrillTime,
    /// The figure that decided it, and that of the turn before.
    pub values: (f64, f64),
    /// When it turned before.
    pub before: DrillTime,
}

/// A detector looks at a stage.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sighting {
    /// Place of the detector.
    pub detector: usize,
    /// Place of the stage.
    pub stage: usize,
    /// Of what.
    pub resource: TargetId,
    /// Since when the stage goes on.
    pub since: DrillTime,
    /// When it began to look.
    pub from: DrillTime,
    /// Why it looks.
    pub why: Why,
}

/// Why a detector looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// The stage began, or the log that it reads was turned on.
    Watching,
    /// Somebody else found something at the same place.
    After(FindingId),
    /// Somebody asked for it.
    Asked,
}

/// Something about an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InstanceDue {
    /// It has booted.
    Booted,
    /// The load balancer has found that it doesn't answer; counts the changes of that.
    Out(u32),
    /// The load balancer has found that it answers again.
    In(u32),
    /// Its group terminates and replaces it, because it is unhealthy.
    Unhealthy(u32),
    /// Connections through the load balancer that were open when it was taken out are at their end.
    Drained,
    /// The metadata service hands out a new set of credentials.
    NewSet,
    /// Its processes ask for credentials, because theirs expire soon.
    NewCopy,
}

/// Where records come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// Place in `[[background]]`.
    Background(usize),
    /// Place of the stage, and in its `leaves`.
    Stage(usize, usize),
}

impl Source {
    /// What the scenario says of it.
    pub(super) fn emission(self, scenario: &Scenario) -> Option<&Emission> {
        match self {
            Self::Background(place) => scenario.background.get(place),
            Self::Stage(stage, leaf) => scenario.stages.get(stage)?.leaves.get(leaf),
        }
    }
}

/// A response under way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Response {
    /// Its number.
    pub run: u32,
    /// Which.
    pub action: ActionId,
    /// At what.
    pub target: Option<TargetId>,
}

/// All that is due.
#[derive(Debug, Clone, Default)]
pub(super) struct Agenda {
    entries: BTreeMap<(DrillTime, u64), Due>,
    planned: u64,
}

impl Agenda {
    /// Plans something.
    pub(super) fn plan(&mut self, at: DrillTime, due: Due) {
        self.entries.insert((at, self.planned), due);
        self.planned += 1;
    }

    /// Plans something for later.
    pub(super) fn plan_in(&mut self, now: DrillTime, span: Span, due: Due) {
        self.plan(now + span, due);
    }

    /// When the next thing is due.
    pub(super) fn next(&self) -> Option<DrillTime> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next thing that is due at `to` or before.
    pub(super) fn take(&mut self, to: DrillTime) -> Option<(DrillTime, Due)> {
        let entry = self.entries.first_entry()?;
        let at = entry.key().0;
        (at <= to).then(|| (at, entry.remove()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_first_and_ties_as_planned() {
        let mut agenda = Agenda::default();
        agenda.plan(DrillTime(5), Due::Sample);
        agenda.plan(DrillTime(3), Due::Fault);
        agenda.plan(DrillTime(5), Due::Stage(1));
        assert_eq!(agenda.next(), Some(DrillTime(3)));
        assert_eq!(agenda.take(DrillTime(5)), Some((DrillTime(3), Due::Fault)));
        assert_eq!(agenda.take(DrillTime(4)), None);
        assert_eq!(agenda.take(DrillTime(5)), Some((DrillTime(5), Due::Sample)));
        assert_eq!(agenda.take(DrillTime(5)), Some((DrillTime(5), Due::Stage(1))));
        assert_eq!(agenda.take(DrillTime(9)), None);
    }
}
