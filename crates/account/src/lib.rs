//! The simulated workload and everyone in it: traffic, services, adversary, detectors, channels, logs, effects of a response.
//!
//! Deterministic and synchronous: the same scenario, seed and requests bring the same observations, in the same order, however
//! the time in between is cut up. What happens by itself is planned on an agenda in order of (moment, planning); nothing polls.
//!
//! Read on in `firedrill_queueing` (how latency and errors follow from load and capacity), `fleet` (instances and groups) with
//! `balancer` (whom requests are sent to), `launch`, `replacement` and `quota`, `adversary`
//! (stages) with `footholds` (what they need) and `harm` (what they do), `resources`, `detection`, `records` and `evidence` (logs),
//! `respond` (effects of a response, by `deed`), `sessions`, `sight` (what is stopped), `breaks` (what breaks without an adversary), `automation`, `signals`.

#![warn(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::alloc_instead_of_core)]

extern crate alloc;

mod adversary;
mod agenda;
mod automation;
mod balancer;
mod breaks;
mod cause;
mod chance;
mod deed;
mod detection;
mod evidence;
mod fleet;
mod footholds;
mod harm;
mod launch;
mod machine;
mod quota;
mod records;
mod replacement;
mod resources;
mod respond;
mod responders;
mod sessions;
mod sight;
mod signals;
mod strain;
mod workload;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;

use chrono::{DateTime, Utc};

use adversary::Adversary;
use agenda::{Agenda, Due, InstanceDue, Source};
use automation::Automations;
use chance::Chance;
use detection::Detection;
use evidence::Office;
use firedrill_model::event::WorldEvent;
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::scenario::{Scenario, Sight};
use firedrill_model::{DrillTime, Occurrence, Request};
use firedrill_queueing::Workload;
use fleet::Fleet;
use records::Evidence;
use resources::Resources;

pub use workload::workload_of;

/// Number of the model by which this account goes. It changes whenever the same scenario, seed and requests bring other observations,
/// be it in a figure's last digit: a drill that was begun with another number is not played again but restated.
/// `tests/it/model.rs` says when that is.
pub const MODEL: u32 = 4;

/// A simulated world.
#[derive(Debug, Clone)]
pub struct SimWorld {
    scenario: Arc<Scenario>,
    chance: Chance,
    office: Arc<Office>,
    now: DrillTime,
    agenda: Agenda,
    said: Vec<Occurrence>,
    workload: Workload,
    fleet: Fleet,
    adversary: Adversary,
    detection: Detection,
    evidence: Evidence,
    resources: Resources,
    automations: Automations,
    fault_asked: bool,
    /// Roles and users whose sessions from before a moment are denied, and that moment.
    denied: BTreeSet<TargetId>,
    denied_from: BTreeMap<TargetId, DrillTime>,
    /// Roles of which some instance has denied credentials.
    roles_out: BTreeSet<TargetId>,
    /// What was stopped in the course of the drill, and still is.
    stopped: BTreeSet<Sight>,
    /// How often the sessions of a role or user were ended.
    revocations: BTreeMap<TargetId, u32>,
    /// Responses given so far, by kind.
    given: BTreeMap<ActionId, u64>,
    /// Since which sample all signals of the steady state hold.
    steady_since: Option<DrillTime>,
    /// 99th percentile and mean sojourn of each service, for the state of the workload with this number.
    times: (u64, Vec<(f64, f64)>),
}

impl SimWorld {
    /// The world of a scenario at drill time 0, at rest and healthy. `epoch` is UTC at drill time 0; it only stands in documents.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, seed: u64, epoch: DateTime<Utc>) -> Self {
        let chance = Chance::new(seed);
        let broken = scenario.channels.iter().filter(|channel| channel.broken.is_some());
        let mut world = Self {
            chance,
            office: Arc::new(Office::new(scenario.account.clone(), epoch, chance)),
            now: DrillTime::ZERO,
            agenda: Agenda::default(),
            said: Vec::new(),
            workload: workload_of(&scenario.services),
            fleet: Fleet::new(&scenario, chance),
            adversary: Adversary::new(&scenario, chance),
            resources: Resources::new(&scenario, chance),
            automations: Automations::new(&scenario),
            detection: Detection::new(broken.map(|channel| channel.id.clone()).collect()),
            evidence: Evidence::new(&scenario),
            fault_asked: false,
            denied: BTreeSet::new(),
            denied_from: BTreeMap::new(),
            roles_out: BTreeSet::new(),
            stopped: BTreeSet::new(),
            revocations: BTreeMap::new(),
            given: BTreeMap::new(),
            steady_since: None,
            times: (0, Vec::new()),
            scenario,
        };
        world.set_up();
        world
    }

    /// How far the world has gone.
    #[must_use]
    pub fn now(&self) -> DrillTime {
        self.now
    }

    /// When something will happen next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<DrillTime> {
        self.agenda.next()
    }

    /// Lets everything happen that is due up to and including `to`. Time never goes back: an earlier `to` changes nothing.
    pub fn advance(&mut self, to: DrillTime) -> Vec<Occurrence> {
        while let Some((at, due)) = self.agenda.take(to) {
            self.now = self.now.max(at);
            self.happen(due, at);
        }
        self.now = self.now.max(to);
        core::mem::take(&mut self.said)
    }

    /// Takes on a request at the moment `at`, which is [`now`](Self::now). What is due before `at` happens first.
    pub fn perform(&mut self, request: &Request, at: DrillTime) -> Vec<Occurrence> {
        let mut seen = if at > self.now { self.advance(at) } else { Vec::new() };
        let at = self.now;
        match request {
            Request::FireFault if !self.fault_asked => {
                self.fault_asked = true;
                self.agenda.plan_in(at, self.scenario.fault.after, Due::Fault);
            }
            // It is asked once, has no ledger, and nothing in it is real.
            Request::FireFault | Request::Proceed(_) | Request::Revert => {}
            Request::Acknowledged => self.detection.take_on(),
            Request::Respond { run, action, target } => self.begin_response(*run, action, target.as_ref(), at),
        }
        seen.append(&mut self.said);
        seen
    }

    fn set_up(&mut self) {
        let scenario = self.scenario.clone();
        let zero = DrillTime::ZERO;
        for (service, plan) in scenario.services.iter().enumerate() {
            for (step, traffic) in plan.traffic.iter().enumerate() {
                if traffic.from.0 == 0 {
                    self.workload.set_traffic(service, traffic.rate, zero.0);
                } else {
                    self.agenda.plan_in(zero, traffic.from, Due::Traffic(service, step));
                }
            }
        }
        self.update_capacity(zero);
        self.workload.settle();
        for event in self.fleet.initial() {
            self.say(zero, WorldEvent::Instance(event));
        }
        self.agenda.plan(zero, Due::Sample);
        for (stage, plan) in scenario.stages.iter().enumerate() {
            if let Some(at) = plan.begins.at {
                self.agenda.plan_in(zero, at, Due::Stage(stage));
            }
        }
        for place in 0..scenario.background.len() {
            self.begin_emission(Source::Background(place), zero);
        }
    }

    fn happen(&mut self, due: Due, at: DrillTime) {
        match due {
            Due::Sample => self.sample(at),
            Due::Traffic(service, step) => {
                let traffic = self.scenario.services.get(service).and_then(|service| service.traffic.get(step));
                if let Some(rate) = traffic.map(|traffic| traffic.rate) {
                    self.workload.set_traffic(service, rate, at.0);
                }
            }
            Due::Fault => self.begin_fault(at),
            Due::Stage(stage) => self.stage_due(stage, at),
            Due::StageOver(stage) => self.stage_over(stage, at),
            Due::Harm(stage, harm) => self.harm_due(stage, harm, at),
            Due::Automation(automation, finding, resource) => {
                self.end_automation(automation, finding.as_ref(), &resource, at);
            }
            Due::Run(automation) => self.run_automation(automation, at),
            Due::Retry(service) => self.retry_launch(service, at),
            Due::Even(service) => self.even_zones(service, at),
            Due::Emission(source) => self.emit(source, at),
            Due::Record(record) => self.record_arrived(*record, at),
            Due::Detection(sighting) => self.detected(&sighting, at),
            Due::Alarm(turn) => self.alarm_turned(&turn, at),
            Due::Message(channel, finding) => self.delivered(&channel, &finding, at),
            Due::Instance(id, due) => {
                self.instance_due(&id, due, at);
            }
            Due::Stop(what) => self.stop(&what, at),
            Due::Break(stage) => self.break_at(stage, at),
            Due::Denied(principal, count) => self.sessions_denied(&principal, count, at),
            Due::Response(response) => self.end_response(&response, at),
        }
    }

    fn instance_due(&mut self, id: &TargetId, due: InstanceDue, at: DrillTime) {
        self.fleet.now = at;
        let changes = match due {
            InstanceDue::Booted => self.fleet.booted(id),
            InstanceDue::Out(spell) => self.fleet.checked(id, spell, false),
            InstanceDue::In(spell) => self.fleet.checked(id, spell, true),
            InstanceDue::Unhealthy(spell) => self.fleet.found_unhealthy(id, spell),
            InstanceDue::Drained => return self.drained(at),
            InstanceDue::NewSet => return self.new_set(id, at),
            InstanceDue::NewCopy => return self.new_copy(id, at),
        };
        self.follow(changes, at);
        self.review_adversary(at);
    }

    fn say(&mut self, at: DrillTime, event: WorldEvent) {
        self.said.push(Occurrence { at, event });
    }
}
