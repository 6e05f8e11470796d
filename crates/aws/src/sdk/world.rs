//! The world of a live drill: takes orders, reports what it sees, and keeps the heartbeat going. One task; nothing of it blocks a screen.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;

use super::drive::{Driver, Ended, Fault, Halted};
use super::findings::Found;
use super::{Aws, Trouble};
use crate::ledger::Written;

/// What the world is asked.
#[derive(Debug, Clone)]
pub enum Order {
    /// Write down, arm, and then ask for leave to fire.
    Fire,
    /// The step is on disk: fire.
    Proceed,
    /// A response, by its number: look, and say whether it is undone.
    Look(u32),
    /// Undo everything.
    Revert,
    /// Undo everything that is open, and end.
    End,
}

/// How the change stands, for the drill's journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Written down.
    Planned,
    /// Armed; the next step may be taken once this is on disk.
    Armed,
    /// The experiment is to be started.
    Firing,
    /// It is done.
    Active,
    /// It is being undone.
    Reverting,
    /// Shown to be undone, or somebody else's by now.
    Reverted,
    /// Not yet undone.
    RevertFailed,
}

/// What the world reports.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// What is measured: whether the stop condition is well, and how many of so many calls since the last one failed.
    Sampled {
        /// When.
        at: DateTime<Utc>,
        /// The heartbeat's alarm is OK.
        well: bool,
        /// Calls.
        calls: u32,
        /// Calls that failed.
        failed: u32,
    },
    /// How the change stands, since when by the provider's clock.
    Change(State, Option<DateTime<Utc>>),
    /// A finding.
    Finding(Box<Found>),
    /// What a look said for a response.
    Looked {
        /// The response.
        run: u32,
        /// It is undone; nothing where it couldn't be asked.
        undone: Option<bool>,
    },
    /// Nothing is heard of AWS, or something again.
    Heard(bool),
    /// For people, beside the drill.
    Status(Status),
    /// The world has ended.
    Over(Option<Ended>),
}

/// Something for people that is no event of the drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The fault isn't done, and won't be: refused by a policy, or FIS let it fail.
    Prevented(String),
    /// The experiment is over.
    ExperimentOver {
        /// FIS's word.
        status: String,
        /// FIS's reason.
        reason: String,
    },
    /// Somebody else changed what the drill changed: it is left.
    Left(Vec<String>),
    /// It is still there: why.
    NotUndone(String),
    /// A finding of high severity that isn't the drill's.
    Foreign(String),
    /// A call went wrong.
    Trouble(String),
}

/// How often what is done.
#[derive(Debug, Clone, Copy)]
pub struct Paces {
    /// Samples, findings, heartbeat.
    pub poll: Duration,
    /// Another try to undo.
    pub again: Duration,
}

impl Default for Paces {
    fn default() -> Self {
        Self { poll: Duration::from_secs(15), again: Duration::from_secs(5) }
    }
}

/// Findings of before the drill by so much are looked at as well: a detector's clock and ours differ.
const OVERLAP: TimeDelta = TimeDelta::minutes(2);
/// Clocks of two services of AWS agree to so much.
const CLOCKS: TimeDelta = TimeDelta::seconds(5);
/// From this severity on a finding that isn't the drill's is told at once.
const HIGH: f64 = 7.0;

/// The world.
#[derive(Debug)]
pub struct World {
    driver: Driver,
    written: Written,
    paces: Paces,
    reports: mpsc::UnboundedSender<Report>,
    experiment: Option<String>,
    active: bool,
    over: bool,
    detector: Option<String>,
    since: DateTime<Utc>,
    /// When the change was asked for, by AWS's clock. What was found before is not of it.
    fired_at: Option<DateTime<Utc>>,
    /// How the last undo ended.
    ended: Option<Ended>,
    seen: std::collections::BTreeSet<String>,
    deaf: bool,
    beating: bool,
}

impl World {
    /// A world that drives one drill.
    #[must_use]
    pub fn new(driver: Driver, written: Written, paces: Paces, reports: mpsc::UnboundedSender<Report>) -> Self {
        let (since, seen) = (super::now() - OVERLAP, std::collections::BTreeSet::new());
        let (experiment, active, over, detector) = (None, false, false, None);
        Self {
            driver,
            written,
            paces,
            reports,
            experiment,
            active,
            over,
            detector,
            since,
            fired_at: None,
            ended: None,
            seen,
            deaf: false,
            beating: true,
        }
    }

    fn aws(&self) -> &Aws {
        &self.driver.aws
    }

    fn say(&self, report: Report) {
        // Nobody listens any more when the program ends; what is undone is undone all the same.
        let _ = self.reports.send(report);
    }

    fn trouble(&self, trouble: &dyn std::fmt::Display) {
        self.say(Report::Status(Status::Trouble(trouble.to_string())));
    }

    /// Takes orders until the end. An order comes before a poll that is under way. Without anybody who gives orders everything is undone.
    pub async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut wait = Duration::ZERO;
        loop {
            let order = {
                let poll = async {
                    tokio::time::sleep(wait).await;
                    self.poll().await;
                };
                tokio::select! {
                    biased;
                    order = orders.recv() => Some(order),
                    () = poll => None,
                }
            };
            wait = self.paces.poll;
            match order {
                None => {}
                Some(Some(Order::Fire)) => self.arm().await,
                Some(Some(Order::Proceed)) => self.fire().await,
                Some(Some(Order::Look(run))) => self.look(run).await,
                Some(Some(Order::Revert)) => self.revert(&mut orders).await,
                Some(Some(Order::End) | None) => {
                    if self.driver.ledger().is_open() {
                        self.revert(&mut orders).await;
                    }
                    return self.say(Report::Over(self.ended.clone()));
                }
            }
        }
    }

    async fn arm(&mut self) {
        if self.driver.kit.tier == 0 {
            return self.sample().await;
        }
        let minutes = self.driver.kit.minutes + crate::plan::GRACE_MINUTES;
        // Counted from now: people may have taken their time until here.
        let written = Written { expires: super::now() + TimeDelta::minutes(minutes.into()), ..self.written.clone() };
        if let Err(fault) = self.driver.write_down(written) {
            return self.prevented(&fault);
        }
        self.say(Report::Change(State::Planned, None));
        match self.driver.arm().await {
            Ok(()) => self.say(Report::Change(State::Armed, None)),
            Err(halted) => self.prevented(&halted),
        }
    }

    /// From now on findings are of the drill.
    fn mark_fired(&mut self) {
        self.fired_at = Some(super::now() + TimeDelta::seconds(self.aws().skew().unwrap_or_default()) - CLOCKS);
    }

    async fn sample(&mut self) {
        self.mark_fired();
        let done = match self.aws().detector().await {
            Ok(Some(detector)) => {
                let kinds = self.driver.kit.samples.clone();
                self.aws().sample(&detector, &kinds).await
            }
            Ok(None) => Err(Trouble::Unexpected("guardduty:ListDetectors".into())),
            Err(trouble) => Err(trouble),
        };
        match done {
            Ok(()) => {
                (self.active, self.over) = (true, true);
                self.say(Report::Change(State::Active, Some(super::now())));
                self.say(Report::Change(State::Reverted, None));
            }
            Err(trouble) => self.prevented(&trouble),
        }
    }

    async fn fire(&mut self) {
        self.say(Report::Change(State::Firing, None));
        self.mark_fired();
        match self.driver.fire().await {
            Ok(experiment) => self.experiment = Some(experiment),
            Err(halted) => self.prevented(&halted),
        }
    }

    /// It won't be done. Whether anything was is for a look to say.
    fn prevented(&mut self, why: &dyn std::fmt::Display) {
        self.say(Report::Status(Status::Prevented(format!("failed to {why}"))));
    }

    async fn look(&mut self, run: u32) {
        let undone = match self.driver.kit.tier {
            0 => None,
            _ => self.driver.look().await.ok().map(|looked| self.driver.kit.is_undone(&looked.left)),
        };
        self.say(Report::Looked { run, undone });
    }

    /// Undoes until it is shown, or the program ends.
    async fn revert(&mut self, orders: &mut mpsc::UnboundedReceiver<Order>) {
        let mut ending = false;
        loop {
            self.say(Report::Change(State::Reverting, None));
            let ended = self.driver.revert().await;
            self.ended = Some(ended.clone());
            match &ended {
                Ended::Undone | Ended::Left(_) => {
                    if let Ended::Left(found) = &ended {
                        self.say(Report::Status(Status::Left(found.clone())));
                    }
                    (self.over, self.beating) = (true, false);
                    self.say(Report::Change(State::Reverted, None));
                    return;
                }
                Ended::NotYet(why) => {
                    self.say(Report::Change(State::RevertFailed, None));
                    self.say(Report::Status(Status::NotUndone(why.clone())));
                }
            }
            if ending {
                // Somebody waits for the program to end, and knows by now that something is left.
                return;
            }
            let order = tokio::time::timeout(self.paces.again, orders.recv()).await;
            ending = matches!(order, Ok(Some(Order::End) | None));
        }
    }

    async fn poll(&mut self) {
        let mut tally = Tally::default();
        if self.beating {
            tally.count(&self.aws().beat(&self.driver.made.stack).await);
        }
        let alarm = self.aws().alarm(self.driver.made.output("Alarm")).await;
        tally.count(&alarm);
        let well = matches!(&alarm, Ok(Some(state)) if state == "OK");
        self.follow(&mut tally).await;
        self.find(&mut tally).await;
        let Tally { calls, failed, last } = tally;
        if let Some(last) = &last {
            self.trouble(&format!("failed to {last}"));
        }
        let deaf = calls > 0 && failed == calls;
        if deaf != self.deaf {
            self.deaf = deaf;
            self.say(Report::Heard(!deaf));
        }
        if alarm.is_ok() {
            self.say(Report::Sampled { at: super::now(), well, calls, failed });
        }
    }

    /// How the experiment stands.
    async fn follow(&mut self, tally: &mut Tally) {
        let Some(experiment) = self.experiment.clone().filter(|_| !self.over) else { return };
        match self.driver.fault(&experiment).await {
            Ok(Fault::Waiting) => tally.calls += 1,
            Ok(Fault::Active { at, .. }) => {
                tally.calls += 1;
                if !self.active {
                    self.active = true;
                    self.say(Report::Change(State::Active, at));
                }
            }
            Ok(Fault::Over { status, reason }) => {
                tally.calls += 1;
                self.over = true;
                let status = if self.active {
                    Status::ExperimentOver { status, reason }
                } else {
                    Status::Prevented(format!("{status}: {reason}"))
                };
                self.say(Report::Status(status));
            }
            Err(Halted::Trouble(trouble)) => tally.count::<()>(&Err(trouble)),
            Err(other) => self.trouble(&format!("failed to {other}")),
        }
    }

    async fn find(&mut self, tally: &mut Tally) {
        if self.detector.is_none() {
            let detector = self.aws().detector().await;
            tally.count(&detector);
            self.detector = detector.ok().flatten();
        }
        let target = self.driver.made.output("Target").to_owned();
        let found = self.aws().found(&self.driver.kit, &target, self.detector.as_deref(), self.since).await;
        tally.count(&found);
        for one in found.unwrap_or_default() {
            if !self.seen.insert(one.key.clone()) {
                continue;
            }
            let of_the_drill = self.fired_at.is_some_and(|fired| one.made.max(one.last) >= fired);
            if one.ours && !of_the_drill {
                continue;
            }
            if one.ours {
                self.say(Report::Finding(Box::new(one)));
            } else if one.severity >= HIGH {
                self.say(Report::Status(Status::Foreign(format!("{} at {} ({})", one.kind, one.resource, one.title))));
            }
        }
    }
}

/// Calls of one poll.
#[derive(Debug, Default)]
struct Tally {
    calls: u32,
    failed: u32,
    last: Option<Trouble>,
}

impl Tally {
    fn count<T>(&mut self, result: &Result<T, Trouble>) {
        self.calls += 1;
        if let Err(trouble) = result {
            self.failed += 1;
            self.last = Some(trouble.clone());
        }
    }
}
