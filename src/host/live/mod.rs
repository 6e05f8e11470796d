//! The host of a live world: its task, what the drill asks of it, and what it reports, as the engine takes it.

pub mod scenario;
pub mod unattended;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_aws::Kit;
use firedrill_aws::ledger::Written;
use firedrill_aws::sdk::{self, Aws, Driver, Ended, Found, Made, Order, Paces, Report, State, Status, World};
use firedrill_core::engine::Input;
use firedrill_model::event::{ActionEvent, ActionState, AdversaryState, EffectResult, Sample, UndoState, WorldEvent};
use firedrill_model::id::{ChannelId, DetectorId, FindingId, SeatId, StageId, TargetId, WorldId};
use firedrill_model::phase::Phase;
use firedrill_model::world::{Capabilities, Contact, Happened, Key, LedgerStep, Owns};
use firedrill_model::{DrillTime, Finding, Observation, Request, Role, SafeText, Span};
use firedrill_record::journal::Header;
use firedrill_record::store::{Record, StoreFault};
use tokio::sync::mpsc;

use super::as_run::SEAT;
use super::clock::WallClock;
use super::desk::{Desk, DeskError, salts};
use super::resume::LIVE;
use super::session::Session;
use super::settings::Settings;

/// What a live world can do.
pub const CAN: Capabilities = Capabilities { hurry: false, respond: true, preview: true, undo: true };
/// What the ledger's step is called that waits for the disk.
const FIRE: &str = "fire";
/// How long the end of the program waits for the world's end. What is open then is named.
const PATIENCE: Duration = Duration::from_mins(4);

/// What a live drill is run with.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The kit.
    pub kit: Kit,
    /// The stack.
    pub made: Made,
    /// What is written down first.
    pub written: Written,
    /// The drill's folder, for the ledger.
    pub folder: PathBuf,
    /// How often what is done.
    pub paces: Paces,
    /// By how many seconds AWS's clock is ahead of ours.
    pub skew: i64,
    /// Where an emulated account is; nothing for AWS.
    pub emulated: Option<String>,
}

/// A world that has ended: how its last undo went; nothing where there was nothing to undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over(pub Option<Ended>);

/// A live world under way.
#[derive(Debug)]
pub struct Live {
    world: WorldId,
    orders: mpsc::UnboundedSender<Order>,
    reports: mpsc::UnboundedReceiver<Report>,
    thread: Option<JoinHandle<()>>,
    plan: Plan,
    /// Reports so far: names those that have no name of their own.
    count: u64,
    /// Responses that said that the team was told before there was a finding.
    told: Option<u32>,
    newest: Option<Finding>,
    /// A revert was asked for because the experiment is over.
    asked: bool,
    over: Option<Over>,
    prevented: Option<String>,
    fired: bool,
}

/// Begins the record of a live drill of a scenario, which is given as its text for this account.
///
/// # Errors
/// When the scenario can't be read, or the record not be made.
pub fn open(desk: &Desk, text: &str, clock: &WallClock) -> Result<Session, DeskError> {
    let utc = clock.utc();
    let unread = |why| DeskError::Scenario { why, file: SafeText::one_line("scenario.toml") };
    let scenario = Arc::new(firedrill_authoring::recorded(text).map_err(unread)?);
    let drill = desk.data.fresh_name(utc.date_naive(), getrandom::u64().map_err(DeskError::Chance)?)?;
    let mut header = Header::new(drill, scenario.id.clone(), text, 0, (LIVE, 0), utc);
    header.team = Settings::of(&desk.data).unwrap_or_default().team;
    let record = Record::create(&desk.data, header, text, salts()?)?;
    let person = (SeatId::new(SEAT)?, Role::Responder, desk.alias.as_str());
    Ok(Session::begin_with(scenario, record, Vec::new(), person, utc)?)
}

impl Live {
    /// Lets the world take part in a drill.
    ///
    /// # Errors
    /// When the record can't be written.
    pub fn begin(session: &mut Session, plan: Plan, utc: DateTime<Utc>) -> Result<Self, StoreFault> {
        let world = world_id();
        session.take_in(Input::Attach { world: world.clone(), can: CAN, owns: Owns::Everything }, utc)?;
        let (orders, taken) = mpsc::unbounded_channel();
        let (said, reports) = mpsc::unbounded_channel();
        let (of, drill) = (plan.clone(), session.name().to_string());
        let thread = thread::spawn(move || run(of, &drill, taken, &said));
        Ok(Self {
            world,
            orders,
            reports,
            thread: Some(thread),
            plan,
            count: 0,
            told: None,
            newest: None,
            asked: false,
            over: None,
            prevented: None,
            fired: false,
        })
    }

    /// Hands the drill's requests to the world, and the world's reports to the drill. Gives sentences for people.
    ///
    /// # Errors
    /// When the record can't be written. Nothing is lost.
    pub fn pump(&mut self, session: &mut Session, utc: DateTime<Utc>) -> Result<Vec<String>, StoreFault> {
        let mut said = Vec::new();
        self.hand_over(session);
        while let Ok(report) = self.reports.try_recv() {
            said.extend(self.take(session, report, utc)?);
            self.hand_over(session);
        }
        if session.drill().phase() >= Phase::Verify && !self.asked {
            // The experiment is over, whatever ended it.
            self.asked = true;
            self.order(Order::Revert);
        }
        Ok(said)
    }

    /// Undoes what is open and waits for the end of the world. Gives how it ended; nothing where there was nothing to undo.
    ///
    /// # Errors
    /// When the record can't be written: it is undone all the same.
    pub fn end(&mut self, session: &mut Session, utc: DateTime<Utc>) -> Result<Option<Ended>, StoreFault> {
        let pumped = self.pump(session, utc);
        self.order(Order::End);
        let mut waited = Duration::ZERO;
        while self.over.is_none() && waited < PATIENCE {
            let step = Duration::from_millis(20);
            thread::sleep(step);
            waited += step;
            // What can't be written doesn't keep it from ending.
            let _ = self.pump(session, utc);
            if self.thread.as_ref().is_none_or(JoinHandle::is_finished) && self.reports.is_empty() {
                break;
            }
        }
        pumped?;
        let silent = || Over(Some(Ended::NotYet("the world gave no answer".into())));
        Ok(self.over.clone().unwrap_or_else(silent).0)
    }

    /// How the world ended, once it has: with nothing to undo, or how that went.
    #[must_use]
    pub fn undone(&self) -> Option<&Over> {
        self.over.as_ref()
    }

    /// The fault won't be done: why.
    #[must_use]
    pub fn prevented(&self) -> Option<&str> {
        self.prevented.as_deref()
    }

    /// Whether the fault was seen to be done.
    #[must_use]
    pub fn fired(&self) -> bool {
        self.fired
    }

    fn order(&self, order: Order) {
        // A world that has ended takes no order any more, and says so itself.
        let _ = self.orders.send(order);
    }

    fn hand_over(&mut self, session: &mut Session) {
        let mut requests = session.take_requests();
        requests.retain(|request| request.world == self.world);
        for request in requests {
            match request.what {
                Request::FireFault => self.order(Order::Fire),
                // In an account an acknowledgement is between people and their own tools.
                Request::Acknowledged => {}
                Request::Proceed(_) => self.order(Order::Proceed),
                Request::Revert => self.order(Order::Revert),
                Request::Respond { run, action, .. } => self.respond(session, run, action.as_str()),
            }
        }
    }

    fn respond(&mut self, session: &mut Session, run: u32, action: &str) {
        if action == scenario::GONE && self.plan.kit.tier > 0 {
            return self.order(Order::Look(run));
        }
        let utc = session.entries().last().map_or(DateTime::UNIX_EPOCH, |entry| entry.utc);
        if action == scenario::TOLD {
            match self.newest.clone() {
                // What can't be recorded is kept by the engine and comes again.
                Some(finding) => drop(self.notified(session, &finding, utc)),
                None => self.told = Some(run),
            }
        }
        let _ = self.done(session, run, EffectResult::Told, utc);
    }

    fn take(
        &mut self,
        session: &mut Session,
        report: Report,
        utc: DateTime<Utc>,
    ) -> Result<Option<String>, StoreFault> {
        match report {
            Report::Sampled { at, well, calls, failed } => {
                let share = if calls == 0 { 0.0 } else { 100.0 * f64::from(failed) / f64::from(calls) };
                let values = vec![if well { 0.0 } else { 100.0 }, (share * 1e4).round() / 1e4];
                let sample = Sample { values, requests: 0.0, failed: 0.0, by_service: Vec::new() };
                self.observe(session, "sample", Some((at, "firedrill")), WorldEvent::Sampled(sample), utc)?;
                Ok(None)
            }
            Report::Change(state, at) => self.change(session, state, at, utc),
            Report::Finding(found) => self.finding(session, &found, utc),
            Report::Looked { run, undone } => {
                let result = EffectResult::Steady { yes: undone == Some(true) };
                self.done(session, run, result, utc)?;
                Ok(undone.is_none().then(|| "It could not be looked at; try again.".to_owned()))
            }
            Report::Heard(back) => {
                let contact = if back { Contact::Back } else { Contact::Lost };
                session.take_in(Input::Contact(self.world.clone(), contact), utc)?;
                let said = if back {
                    "AWS answers again."
                } else {
                    "AWS does not answer. Nobody knows how things stand; what was armed ends by itself."
                };
                Ok(Some(said.to_owned()))
            }
            Report::Status(status) => Ok(Some(self.status(status))),
            Report::Over(ended) => {
                self.over = Some(Over(ended));
                Ok(None)
            }
        }
    }

    fn status(&mut self, status: Status) -> String {
        match status {
            Status::Prevented(why) => {
                self.prevented = Some(why.clone());
                format!("PREVENTED: the change was not made ({why}). That is a result. `next` goes on to Verify.")
            }
            Status::ExperimentOver { status, reason } => format!("The experiment is {status}. {reason}"),
            Status::Left(found) => {
                format!("Somebody changed what the drill changed. It is left as it is: {}.", found.join(", "))
            }
            Status::NotUndone(why) => format!("STILL THERE: {why}. It is tried again; the runbook has the commands."),
            Status::Foreign(what) => format!("NOT THE DRILL'S: {what}. If this is real: `abort`."),
            Status::Trouble(what) => format!("Trouble: {what}."),
        }
    }

    fn change(
        &mut self,
        session: &mut Session,
        state: State,
        at: Option<DateTime<Utc>>,
        utc: DateTime<Utc>,
    ) -> Result<Option<String>, StoreFault> {
        let (undo, said) = match state {
            State::Planned => (UndoState::Planned, "The undo is written down."),
            State::Armed => (UndoState::Armed, "The undo is armed in the account."),
            State::Firing => (UndoState::Firing, "The experiment is being started."),
            State::Active => (UndoState::Active, "The change was made."),
            State::Reverting => (UndoState::Reverting, "It is being undone."),
            State::Reverted => (UndoState::Reverted, "It is undone: a look in the account has shown it."),
            State::RevertFailed => (UndoState::RevertFailed, "It is not undone yet."),
        };
        let step = (state == State::Armed).then(|| LedgerStep(FIRE.into()));
        let happened = at.map(|at| (at, "systems-manager"));
        self.put(session, ("undo", happened), WorldEvent::Undo { state: undo }, step, utc)?;
        let on = self.target();
        if state == State::Active && !self.fired {
            self.fired = true;
            self.observe(session, "fault", happened, WorldEvent::FaultActive, utc)?;
            self.observe(session, "adversary", happened, WorldEvent::Adversary { state: AdversaryState::Active }, utc)?;
        }
        if let (true, Some((stage, on))) =
            (self.fired && matches!(state, State::Active | State::Reverted), stage().zip(on))
        {
            let active = state == State::Active;
            self.observe(session, "stage", happened, WorldEvent::Stage { stage, on, active }, utc)?;
            if !active {
                let gone = WorldEvent::Adversary { state: AdversaryState::Eradicated };
                self.observe(session, "adversary", happened, gone, utc)?;
            }
        }
        Ok(Some(said.to_owned()))
    }

    fn finding(
        &mut self,
        session: &mut Session,
        found: &Found,
        utc: DateTime<Utc>,
    ) -> Result<Option<String>, StoreFault> {
        let Some(finding) = self.as_finding(session, found, utc) else { return Ok(None) };
        let clock =
            if found.severity > 0.0 && self.plan.kit.finds.detector == "config" { "aws-config" } else { "guardduty" };
        let happened = Some(self.happened(session, found.made, clock, utc));
        let event = WorldEvent::FindingCreated { finding: finding.clone() };
        let key = Key::Name(SafeText::one_line(&format!("finding {}", found.key)));
        let observation = Observation { world: self.world.clone(), key, happened, event, step: None };
        session.take_in(Input::Observation(observation), utc)?;
        self.newest = Some(finding.clone());
        if self.told.take().is_some() {
            self.notified(session, &finding, utc)?;
        }
        Ok(Some(format!("Found by {}: {} at {}.", clock, found.kind, found.resource)))
    }

    fn as_finding(&self, session: &Session, found: &Found, utc: DateTime<Utc>) -> Option<Finding> {
        let at = |moment| self.drill_time(session, moment, utc);
        let target = if self.plan.kit.tier == 0 { self.target()?.to_string() } else { found.resource.clone() };
        Some(Finding {
            id: FindingId::new(&found.id).ok()?,
            detector: DetectorId::new(&self.plan.kit.finds.detector).ok()?,
            kind: SafeText::one_line(&found.kind),
            severity: found.severity,
            title: SafeText::one_line(&found.title),
            description: SafeText::new(&found.description),
            resource: TargetId::new(&target).ok()?,
            first_seen: at(found.first),
            last_seen: at(found.last),
            count: found.count,
            document: SafeText::new(&found.document),
        })
    }

    /// Somebody says that the team was told.
    fn notified(&mut self, session: &mut Session, finding: &Finding, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        let Ok(channel) = ChannelId::new(scenario::CHANNEL) else { return Ok(()) };
        self.observe(session, "told", None, WorldEvent::Notified { channel, finding: finding.clone() }, utc)
    }

    fn done(
        &mut self,
        session: &mut Session,
        run: u32,
        result: EffectResult,
        utc: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let state = ActionState::Done { results: vec![result] };
        self.observe(session, "response", None, WorldEvent::Action(ActionEvent { run, state }), utc)
    }

    fn observe(
        &mut self,
        session: &mut Session,
        what: &str,
        happened: Option<(DateTime<Utc>, &str)>,
        event: WorldEvent,
        utc: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        self.put(session, (what, happened), event, None, utc)
    }

    fn put(
        &mut self,
        session: &mut Session,
        (what, happened): (&str, Option<(DateTime<Utc>, &str)>),
        event: WorldEvent,
        step: Option<LedgerStep>,
        utc: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        self.count += 1;
        // Two lives of a drill don't give two things one name.
        let key = Key::Name(SafeText::one_line(&format!("{what} {} {}", self.count, utc.timestamp_micros())));
        let happened = happened.map(|(at, clock)| self.happened(session, at, clock, utc));
        session.take_in(Input::Observation(Observation { world: self.world.clone(), key, happened, event, step }), utc)
    }

    fn happened(&self, session: &Session, at: DateTime<Utc>, clock: &str, utc: DateTime<Utc>) -> Happened {
        Happened { at: self.drill_time(session, at, utc), clock: SafeText::one_line(clock) }
    }

    /// A moment of the provider's clock on the drill's, with the skew that was measured.
    fn drill_time(&self, session: &Session, at: DateTime<Utc>, utc: DateTime<Utc>) -> DrillTime {
        let ago = utc + chrono::Duration::seconds(self.plan.skew) - at;
        let ago = u64::try_from(ago.num_microseconds().unwrap_or_default()).unwrap_or_default();
        let now = session.now();
        DrillTime::ZERO + Span(now.since(DrillTime::ZERO).0.saturating_sub(ago))
    }

    fn target(&self) -> Option<TargetId> {
        let target = self.plan.made.output("Target");
        let place = scenario::Place { account: "", region: "", target, people: false };
        TargetId::new(scenario::target(&place)).ok()
    }
}

fn stage() -> Option<StageId> {
    StageId::new(scenario::STAGE).ok()
}

#[expect(clippy::expect_used, reason = "a constant that a test reads")]
fn world_id() -> WorldId {
    WorldId::new(LIVE).expect("a valid name")
}

/// The world's own thread.
fn run(plan: Plan, drill: &str, orders: mpsc::UnboundedReceiver<Order>, reports: &mpsc::UnboundedSender<Report>) {
    let failed = |why: String| {
        // Nobody listens any more when the program ends.
        let _ = reports.send(Report::Status(Status::Prevented(why)));
        let _ = reports.send(Report::Over(None));
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(format!("failed to start a runtime: {error}")),
    };
    runtime.block_on(async {
        let aws = match &plan.emulated {
            Some(url) => Aws::emulated(url, &plan.written.region).await,
            None => Aws::connect(Some(&plan.written.region)).await,
        };
        let aws = match aws {
            Ok(aws) => aws,
            Err(trouble) => return failed(format!("failed to {trouble}")),
        };
        match Driver::new(aws, plan.kit, plan.made, (drill, &plan.folder)) {
            Ok(driver) => {
                let every = plan.paces.again.min(Duration::from_secs(2));
                World::new(driver.every(every), plan.written, plan.paces, reports.clone()).run(orders).await;
            }
            Err(fault) => failed(format!("failed to {fault}")),
        }
    });
}

pub use sdk::Ended as Undone;
