//! The log store: who leaves records, how late they arrive, and how many there may be.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};

use super::SimWorld;
use super::agenda::{Due, Source};
use super::chance::Purpose;
use super::evidence::{Unwritten, leaves_record};
use super::machine::Machine;
use firedrill_model::event::WorldEvent;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Emission, MOST_BACKGROUND, MOST_TELLING};
use firedrill_model::{DrillTime, LogRecord, LogSource, LogText, RecordId, Span};

/// Records of one source are at least this far apart.
const SHORTEST_GAP: Span = Span::from_secs(1);

/// What was left so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    left: BTreeMap<Source, Left>,
    /// Names of the sources of records in their random numbers.
    names: BTreeMap<Source, String>,
    /// Logs that record nothing.
    off: BTreeSet<LogSource>,
    /// Ordinary records that were sent.
    ordinary: u64,
    /// Records that stages, detectors and responses left. Counted apart: no noise takes their place.
    telling: u64,
    delivered: BTreeMap<LogSource, u64>,
    /// What CloudTrail keeps in its event history only, because no trail records it, and from when on it is there.
    history: Vec<(DrillTime, LogRecord)>,
}

/// What one source of records left so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Left {
    /// How many records.
    pub count: u64,
    /// Those of them that nobody kept, because the log was off.
    pub unseen: u64,
    /// When the last.
    pub last: Option<DrillTime>,
    /// The instance that the last was about.
    pub machine: Option<TargetId>,
}

impl Evidence {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let background = (0..scenario.background.len()).map(|at| (Source::Background(at), format!("background/{at}")));
        let leaves = scenario.stages.iter().enumerate().flat_map(|(stage, plan)| {
            (0..plan.leaves.len()).map(move |leaf| (Source::Stage(stage, leaf), format!("{}/{leaf}", plan.id)))
        });
        let off = scenario.logs.iter().filter(|log| log.off.is_some());
        Self { names: background.chain(leaves).collect(), off: off.map(|log| log.source).collect(), ..Self::default() }
    }

    /// What an emission of a stage left.
    pub(super) fn left_by(&self, stage: usize, leaf: usize) -> Left {
        self.left.get(&Source::Stage(stage, leaf)).cloned().unwrap_or_default()
    }

    /// Records that have arrived in a log.
    pub(super) fn delivered(&self, source: LogSource) -> u64 {
        self.delivered.get(&source).copied().unwrap_or_default()
    }

    /// Says whether a log records what happens.
    pub(super) fn records(&self, log: LogSource) -> bool {
        // A trail records data events with the others, or neither.
        let by_trail = log != LogSource::CloudtrailData || !self.off.contains(&LogSource::Cloudtrail);
        by_trail && !self.off.contains(&log)
    }

    /// From now on a log records nothing.
    pub(super) fn turn_off(&mut self, log: LogSource) {
        self.off.insert(log);
    }

    /// What is in the event history by now and in no log.
    pub(super) fn take_history(&mut self, now: DrillTime) -> Vec<LogRecord> {
        let history = core::mem::take(&mut self.history);
        let (mut there, later): (Vec<_>, Vec<_>) = history.into_iter().partition(|(from, _)| *from <= now);
        self.history = later;
        there.sort_by_key(|(from, _)| *from);
        there.into_iter().map(|(_, record)| record).collect()
    }

    /// From now on a log records what happens.
    pub(super) fn turn_on(&mut self, log: LogSource) {
        self.off.remove(&log);
    }

    /// The name of a source of records in its random numbers.
    pub(super) fn name(&self, source: Source) -> &str {
        self.names.get(&source).map_or("", String::as_str)
    }

    fn count(&mut self, source: Source, at: DrillTime, machine: Option<TargetId>, seen: bool) {
        let left = self.left.entry(source).or_default();
        left.count += 1;
        left.unseen += u64::from(!seen);
        left.last = Some(at);
        left.machine = machine;
    }
}

impl SimWorld {
    /// Begins an emission: once, at once; exact gaps, at once and then; random gaps, after the first gap.
    pub(super) fn begin_emission(&mut self, source: Source, at: DrillTime) {
        let Some(emission) = source.emission(&self.scenario) else { return };
        if emission.every.is_some() && emission.random {
            self.plan_emission(source, at);
        } else {
            self.agenda.plan(at, Due::Emission(source));
        }
    }

    /// Plans the next records of an emission.
    fn plan_emission(&mut self, source: Source, at: DrillTime) {
        let Some(emission) = source.emission(&self.scenario) else { return };
        let Some(every) = emission.every else { return };
        if self.is_full(source) {
            return;
        }
        let count = self.evidence.left.get(&source).map_or(0, |left| left.count);
        let gap = if emission.random { self.chance.gap(every, self.evidence.name(source), count) } else { every };
        self.agenda.plan_in(at, gap.max(SHORTEST_GAP), Due::Emission(source));
    }

    fn is_full(&self, source: Source) -> bool {
        match source {
            Source::Background(..) => self.evidence.ordinary >= MOST_BACKGROUND,
            Source::Stage(..) => self.evidence.telling >= MOST_TELLING,
        }
    }

    /// The next records of an emission are due: one, or a burst.
    pub(super) fn emit(&mut self, source: Source, at: DrillTime) {
        let on = match source {
            Source::Background(..) => None,
            Source::Stage(stage, _) => match self.adversary.place(stage) {
                Some(on) => Some(on.clone()),
                None => return,
            },
        };
        let scenario = self.scenario.clone();
        let Some(emission) = source.emission(&scenario) else { return };
        for _ in 0..emission.count {
            self.emit_one(source, emission, on.as_ref(), at);
        }
        self.plan_emission(source, at);
    }

    fn emit_one(&mut self, source: Source, emission: &Emission, on: Option<&TargetId>, at: DrillTime) {
        let count = self.evidence.left.get(&source).map_or(0, |left| left.count);
        let name = self.evidence.name(source);
        let machine = match on {
            Some(on) => self.fleet.machine(on).or_else(|| self.behind_group(on.as_str(), name, count)),
            None => self.any_of(emission, name, count),
        };
        let caller = if on.is_none() { self.calling(emission) } else { None };
        // Who isn't there calls nobody.
        let gone = caller.is_some_and(|caller| !caller.runs());
        let seen = self.evidence.records(emission.source) && !gone;
        // The event history has it in any case.
        let kept = !gone && (seen || emission.source == LogSource::Cloudtrail);
        let id = record_id(source, (name, count));
        let kept = kept && !self.is_full(source) && leaves_record(emission, machine);
        let text = kept.then(|| {
            LogText::from_facts(Box::new(Unwritten {
                office: self.office.clone(),
                scenario: self.scenario.clone(),
                source,
                at,
                key: (name.into(), count),
                machine: machine.cloned(),
                resource: on.cloned(),
                blocked: self.resources.blocked().to_vec(),
                denied: caller.is_some_and(|caller| self.is_refused(emission, caller)),
            }))
        });
        let machine = machine.map(|machine| machine.id.clone());
        if let Some(text) = text {
            self.deliver(LogRecord::new(id, emission.source, at, text), source, count, at);
        }
        self.evidence.count(source, at, machine, seen);
    }

    /// The instance that makes an ordinary call with its role, if one does.
    fn calling(&self, emission: &Emission) -> Option<&Machine> {
        let (_, session) = emission.user.as_ref()?.as_str().split_once('/')?;
        self.fleet.machines.iter().find(|machine| machine.id.as_str() == session)
    }

    /// Says whether an instance's ordinary call is refused, because its credentials are denied. Who one is, everybody may ask.
    fn is_refused(&self, emission: &Emission, caller: &Machine) -> bool {
        let asks_who = emission.call.as_ref().is_some_and(|call| call.as_str() == "sts:GetCallerIdentity");
        !asks_who && self.has_lost_its_role(caller)
    }

    /// An instance of the service that an emission names, drawn anew for each record.
    fn any_of(&self, emission: &Emission, name: &str, count: u64) -> Option<&Machine> {
        let service = emission.service.as_ref()?;
        let service = self.scenario.services.iter().position(|other| other.id == *service)?;
        let serving: Vec<&Machine> = self.fleet.serving(service).collect();
        let at = self.chance.index(Purpose::Place, name, count, serving.len())?;
        serving.get(at).copied()
    }

    /// An instance behind a security group, drawn anew for each record.
    fn behind_group(&self, group: &str, name: &str, count: u64) -> Option<&Machine> {
        let group = self.scenario.resources.iter().find(|resource| resource.id.as_str() == group)?;
        let behind = |machine: &&Machine| group.used_by.contains(&machine.serves_for) && machine.runs();
        let behind: Vec<&Machine> = self.fleet.machines.iter().filter(behind).collect();
        let at = self.chance.index(Purpose::Place, name, count, behind.len())?;
        behind.get(at).copied()
    }

    /// Sends a record that a detector or a response left to its log. `key` is that of its chance.
    pub(super) fn send_record(&mut self, record: LogRecord, (name, count): (&str, u64), at: DrillTime) {
        let kept = self.evidence.records(record.source) || record.source == LogSource::Cloudtrail;
        if self.evidence.telling >= MOST_TELLING || !kept {
            return;
        }
        self.evidence.telling += 1;
        let delay = self.delay(record.source, (name, count));
        self.put_down(record, at + delay);
    }

    /// A record will be in its log, or where that is off, in the event history only.
    fn put_down(&mut self, record: LogRecord, from: DrillTime) {
        if self.evidence.records(record.source) {
            self.agenda.plan(from, Due::Record(Box::new(record)));
        } else {
            self.evidence.history.push((from, record));
        }
    }

    /// Sends a record of a source to its log.
    fn deliver(&mut self, record: LogRecord, source: Source, count: u64, at: DrillTime) {
        match source {
            Source::Background(..) => self.evidence.ordinary += 1,
            Source::Stage(..) => self.evidence.telling += 1,
        }
        let delay = self.delay(record.source, (self.evidence.name(source), count));
        self.put_down(record, at + delay);
    }

    /// How late a log shows a record.
    fn delay(&self, log: LogSource, (name, count): (&str, u64)) -> Span {
        let log = self.scenario.logs.iter().find(|other| other.source == log);
        log.map_or(Span::ZERO, |log| self.chance.latency(&log.delay, Purpose::Delivery, name, count))
    }

    /// A record has arrived.
    pub(super) fn record_arrived(&mut self, record: LogRecord, at: DrillTime) {
        *self.evidence.delivered.entry(record.source).or_default() += 1;
        self.say(at, WorldEvent::Logged { record: record.into() });
    }
}

/// The id of a record. Nobody else's begins with the same word.
fn record_id(source: Source, (name, count): (&str, u64)) -> RecordId {
    match source {
        Source::Background(..) => RecordId::of(name, count),
        Source::Stage(..) => RecordId::of(&format!("stage/{name}"), count),
    }
}
