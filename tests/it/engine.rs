//! The engine's sockets, from outside: worlds that report when they like, seats that see only what is theirs, drills that are cut off and
//! taken up under another model, and branches.

mod branch;
mod pace;
mod seats;
mod toy;
mod undo;

use std::sync::{Arc, LazyLock};

use firedrill::host::worlds::Clocked;
use firedrill_core::engine::{Drive, Input, Now, Output, Ticket};
use firedrill_model::command::{Ask, Command};
use firedrill_model::event::{Entry, Event};
use firedrill_model::id::{SeatId, WorldId};
use firedrill_model::world::{Capabilities, Owns};
use firedrill_model::{DrillTime, Observation, Phase, Refusal, Role, Scenario, Sealed, Span, WorldRequest};

pub const TEXT: &str = include_str!("../../scenarios/crypto-mining/scenario.toml");
pub static SCENARIO: LazyLock<Arc<Scenario>> =
    LazyLock::new(|| Arc::new(firedrill_authoring::check("scenario.toml", TEXT).unwrap()));

pub fn seat(name: &str) -> SeatId {
    SeatId::new(name).unwrap()
}

pub fn world(name: &str) -> WorldId {
    WorldId::new(name).unwrap()
}

pub fn sealed(reference: u64) -> Sealed {
    Sealed { reference, sha256: "0".repeat(64) }
}

/// A host that keeps everything in memory. Its disk is as fast as the test says.
pub struct Host {
    pub drive: Drive<Clocked>,
    /// Everything that was appended.
    pub log: Vec<Entry>,
    /// Of each seat, the numbers that it was handed, in order; opening its log begins it anew.
    pub handed: std::collections::BTreeMap<SeatId, Vec<u64>>,
    /// What pushed worlds were asked, with the number of entries that were durable then.
    pub asked: Vec<(WorldRequest, u64)>,
    pub refused: Vec<Refusal>,
    pub accepted: Vec<Ticket>,
    pub durable: u64,
    pub wall: u64,
    /// What is appended is durable at once.
    pub fast: bool,
    tickets: u64,
}

impl Host {
    /// A drill with a responder at `seat-1` and these worlds.
    pub fn new(clocked: Vec<(WorldId, Clocked)>, attached: Vec<(WorldId, Capabilities, Owns)>) -> Self {
        let mut host = Self::of(Drive::new(Arc::clone(&SCENARIO), clocked, 200_000));
        let seats = vec![(seat("seat-1"), Role::Responder, sealed(1))];
        let outputs = host.drive.begin(seats, attached, host.now());
        host.carry_out(outputs);
        host
    }

    pub fn of(drive: Drive<Clocked>) -> Self {
        Self {
            drive,
            log: Vec::new(),
            handed: std::collections::BTreeMap::new(),
            asked: Vec::new(),
            refused: Vec::new(),
            accepted: Vec::new(),
            durable: 0,
            wall: 0,
            fast: true,
            tickets: 0,
        }
    }

    /// The simulated account alone, as in a drill that somebody begins.
    pub fn simulated(seed: u64) -> Self {
        let clocked = Clocked::simulated(&SCENARIO, seed, epoch());
        let attached = firedrill::host::worlds::attached(std::slice::from_ref(&clocked));
        Self::new(vec![clocked], attached)
    }

    pub fn now(&self) -> Now {
        Now { wall: self.wall, utc: epoch() }
    }

    pub fn step(&mut self, input: Input) {
        let outputs = self.drive.step(input, self.now());
        self.carry_out(outputs);
    }

    pub fn ask(&mut self, seat: &SeatId, command: Command) -> Result<(), Refusal> {
        self.tickets += 1;
        self.step(Input::Command { seat: seat.clone(), ticket: Ticket(self.tickets), command });
        self.refused.pop().map_or(Ok(()), Err)
    }

    /// Lets time go by on the wall, as a terminal would.
    pub fn wait(&mut self, span: Span) {
        self.wall += span.0;
        loop {
            self.step(Input::Tick);
            if self.drive.due(self.now()).is_none_or(|due| due > self.wall) {
                return;
            }
        }
    }

    /// Advances the drill clock without regard to the wall.
    pub fn advance(&mut self, to: DrillTime) {
        loop {
            let before = (self.drive.now(), self.drive.next_seq());
            let outputs = self.drive.advance(to, self.now());
            self.carry_out(outputs);
            if before == (self.drive.now(), self.drive.next_seq()) {
                return;
            }
        }
    }

    pub fn go_to(&mut self, phase: Phase) {
        while self.drive.drill().phase() < phase {
            if self.drive.drill().phase() == Phase::SteadyState {
                self.advance(self.drive.now() + Span::from_secs(300));
            }
            self.ask(&seat("seat-1"), Ask::NextPhase).unwrap();
        }
    }

    pub fn observe(&mut self, observation: Observation) {
        self.step(Input::Observation(observation));
    }

    /// All that was appended is on disk now.
    pub fn sync(&mut self) {
        while self.durable < self.log.last().map_or(0, |entry| entry.seq + 1) {
            self.durable = self.log.last().map_or(0, |entry| entry.seq + 1);
            self.step(Input::Durable(self.durable));
        }
    }

    fn carry_out(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Append { entry, .. } => {
                    assert_eq!(entry.seq, self.log.len() as u64, "numbers are dense");
                    assert!(self.log.last().is_none_or(|last| last.at <= entry.at), "time never goes back");
                    self.log.push(entry);
                }
                Output::Deliver { seat, seq } => {
                    assert!(seq < self.durable, "nothing is handed out that can still be lost");
                    self.handed.entry(seat).or_default().push(seq);
                }
                Output::Open { seat, below } => {
                    assert!(below <= self.durable);
                    let viewer = firedrill_core::projection::Viewer::Seat(seat.clone(), self.role(&seat));
                    let open = self
                        .log
                        .iter()
                        .take_while(|entry| entry.seq < below)
                        .any(firedrill_core::projection::audience::opens_everything);
                    let seen = self
                        .log
                        .iter()
                        .take_while(|entry| entry.seq < below)
                        .filter(|entry| open || firedrill_core::projection::may_see(&viewer, entry));
                    self.handed.insert(seat, seen.map(|entry| entry.seq).collect());
                }
                Output::Perform(request) => self.asked.push((request, self.durable)),
                Output::Refuse { refusal, .. } => self.refused.push(refusal),
                Output::Accept(ticket) => self.accepted.push(ticket),
            }
        }
        if self.fast {
            self.sync();
        }
    }

    pub fn role(&self, seat: &SeatId) -> Role {
        self.drive.drill().role(seat).unwrap_or(Role::Observer)
    }

    /// The entry with a number.
    pub fn entry(&self, seq: u64) -> &Entry {
        &self.log[usize::try_from(seq).unwrap()]
    }

    /// What a seat was handed, as bytes.
    pub fn bytes(&self, seat: &SeatId) -> String {
        let entry = |seq: &u64| format!("{}\n", serde_json::to_string(&self.entry(*seq).event).unwrap());
        self.handed.get(seat).map(|seqs| seqs.iter().map(entry).collect()).unwrap_or_default()
    }

    pub fn events(&self) -> Vec<&Event> {
        self.log.iter().map(|entry| &entry.event).collect()
    }
}

pub fn epoch() -> chrono::DateTime<chrono::Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}
