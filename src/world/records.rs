//! The log store: who leaves records, how late they arrive, and how many there may be.

use std::collections::BTreeMap;

use super::SimWorld;
use super::agenda::{Due, Source};
use super::chance::Purpose;
use super::evidence::About;
use super::fleet::Machine;
use crate::domain::{DrillTime, LogRecord, LogSource, Span};
use crate::drill::event::WorldEvent;
use crate::scenario::model::Emission;

/// Records of one source of records (a stage's or a background's emission); what comes later is not logged.
const MOST_OF_ONE: u64 = 1_200;
/// Records of one drill.
const MOST: u64 = 5_000;
/// Records of one source are at least this far apart.
const SHORTEST_GAP: Span = Span::from_secs(1);

/// What was left so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    left: BTreeMap<Source, (u64, Option<DrillTime>)>,
    sent: u64,
    delivered: BTreeMap<LogSource, u64>,
}

impl Evidence {
    /// How many records the first emission of a stage left, and when it left the last.
    pub(super) fn left_by(&self, stage: usize) -> (u64, Option<DrillTime>) {
        self.left.get(&Source::Stage(stage, 0)).copied().unwrap_or_default()
    }

    /// Records that have arrived in a log.
    pub(super) fn delivered(&self, source: LogSource) -> u64 {
        self.delivered.get(&source).copied().unwrap_or_default()
    }
}

impl SimWorld {
    /// Begins an emission: once, at once; exact gaps, at once and then; random gaps, after the first gap.
    pub(super) fn begin_emission(&mut self, source: Source, at: DrillTime) {
        let Some(emission) = self.emission(source) else { return };
        if emission.every.is_some() && emission.random {
            self.plan_emission(source, at);
        } else {
            self.agenda.plan(at, Due::Emission(source));
        }
    }

    fn emission(&self, source: Source) -> Option<&Emission> {
        match source {
            Source::Background(place) => self.scenario.background.get(place),
            Source::Stage(stage, leaf) => self.scenario.stages.get(stage)?.leaves.get(leaf),
        }
    }

    /// Plans the next record of an emission.
    fn plan_emission(&mut self, source: Source, at: DrillTime) {
        let count = self.evidence.left.get(&source).map_or(0, |(count, _)| *count);
        let Some((every, random)) = self.emission(source).and_then(|emission| Some((emission.every?, emission.random)))
        else {
            return;
        };
        if count >= MOST_OF_ONE {
            return;
        }
        let gap = if random { self.chance.gap(every, &self.key(source), count) } else { every };
        self.agenda.plan_in(at, gap.max(SHORTEST_GAP), Due::Emission(source));
    }

    /// The next record of an emission is due.
    pub(super) fn emit(&mut self, source: Source, at: DrillTime) {
        let on = match source {
            Source::Background(_) => None,
            Source::Stage(stage, _) => match self.adversary.place(stage) {
                Some(on) => Some(on.clone()),
                None => return,
            },
        };
        let scenario = self.scenario.clone();
        let Some(emission) = self.emission(source).cloned() else { return };
        let (count, _) = self.evidence.left.get(&source).copied().unwrap_or_default();
        let name = self.key(source);
        let machine = match &on {
            Some(on) => self.fleet.machine(on).or_else(|| self.behind_group(on.as_str(), &name, count)),
            None => self.any_of(&emission, &name, count),
        };
        let opening = scenario.fault.opens_port.as_ref().map(|open| (open.group.as_str(), open.port));
        let about = About { at, key: (&name, count), machine, opening };
        if let Some(record) = self.office.record(&emission, &about) {
            self.send_record(record, (&name, count), at);
        }
        self.evidence.left.insert(source, (count + 1, Some(at)));
        self.plan_emission(source, at);
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

    /// Sends a record to its log, which shows it after its delay. `key` is that of its chance.
    pub(super) fn send_record(&mut self, record: LogRecord, key: (&str, u64), at: DrillTime) {
        if self.evidence.sent >= MOST {
            return;
        }
        self.evidence.sent += 1;
        let delay = self.scenario.logs.iter().find(|log| log.source == record.source);
        let delay = delay.map_or(Span::ZERO, |log| self.chance.latency(&log.delay, Purpose::Delivery, key.0, key.1));
        self.agenda.plan_in(at, delay, Due::Record(Box::new(record)));
    }

    /// A record has arrived.
    pub(super) fn record_arrived(&mut self, record: LogRecord, at: DrillTime) {
        *self.evidence.delivered.entry(record.source).or_default() += 1;
        self.say(at, WorldEvent::Logged { record });
    }

    /// The name of a source of records in its random numbers.
    fn key(&self, source: Source) -> String {
        match source {
            Source::Background(place) => format!("background/{place}"),
            Source::Stage(stage, leaf) => {
                let stage = self.scenario.stages.get(stage).map_or("", |stage| stage.id.as_str());
                format!("{stage}/{leaf}")
            }
        }
    }
}
