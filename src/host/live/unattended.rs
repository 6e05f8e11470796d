//! A live drill without anybody: in a pipeline. The hypothesis is put to the test, and everything is undone in every case.

use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_core::projection::debrief::Verdict;
use firedrill_model::command::Ask;
use firedrill_model::phase::Phase;
use firedrill_record::store::StoreFault;

use super::super::desk::debrief_of;
use super::super::session::{AskError, Session};
use super::{Live, Undone};

/// How a live drill ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What is to be said of the fault.
    pub came: Came,
    /// How the undo ended; nothing where there was nothing to undo.
    pub undone: Option<Undone>,
    /// Sentences on the way.
    pub said: Vec<String>,
}

/// What came of the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// Done, and every part of the hypothesis that is measured held.
    Held,
    /// Refused by a policy, or by FIS.
    Prevented,
    /// Proven to be done, and not found in time.
    Missed,
    /// Anything else.
    Undecided,
    /// The stop condition was never well: nothing was done.
    NeverSteady,
}

impl Came {
    /// In a word.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Prevented => "prevented",
            Self::Missed => "missed",
            Self::Undecided => "undecided",
            Self::NeverSteady => "never steady",
        }
    }
}

/// The time of a drill without anybody: what moves it, and how long it waits.
pub trait Pace {
    /// Waits a moment. Gives how much time went by for the drill.
    fn wait(&mut self) -> Duration;
    /// UTC.
    fn utc(&self) -> DateTime<Utc>;
    /// The program is asked to end.
    fn is_over(&self) -> bool;
}

/// For so long the stop condition may take to be well.
const STEADY: Duration = Duration::from_mins(15);

/// Plays a live drill to its end.
///
/// # Errors
/// When the record can't be written. What is open is undone before.
pub fn play(session: &mut Session, live: &mut Live, pace: &mut impl Pace) -> Result<Outcome, StoreFault> {
    let mut said = Vec::new();
    let played = drive(session, live, pace, &mut said);
    let undone = live.end(session, pace.utc());
    let never_steady = played?;
    let undone = undone?;
    close(session, pace.utc())?;
    let came = came(session, live, never_steady);
    Ok(Outcome { came, undone, said })
}

/// Until the experiment is over. Says whether the steady state never held.
fn drive(
    session: &mut Session,
    live: &mut Live,
    pace: &mut impl Pace,
    said: &mut Vec<String>,
) -> Result<bool, StoreFault> {
    let mut waited = Duration::ZERO;
    while session.drill().phase() < Phase::Verify && !pace.is_over() {
        let passed = pace.wait();
        waited += passed;
        session.elapse(passed, pace.utc())?;
        said.extend(live.pump(session, pace.utc())?);
        match session.drill().phase() {
            Phase::SteadyState if session.drill().gate_open() => next(session, pace.utc())?,
            Phase::SteadyState if waited > STEADY => return Ok(true),
            Phase::Hypothesis => next(session, pace.utc())?,
            Phase::Experiment if live.prevented().is_some() || is_found(session) => next(session, pace.utc())?,
            Phase::SteadyState | Phase::Experiment | Phase::Verify | Phase::Improve | Phase::Closed => {}
        }
    }
    Ok(false)
}

fn is_found(session: &Session) -> bool {
    use firedrill_model::event::{Event, WorldEvent};
    session
        .entries()
        .iter()
        .rev()
        .take(50)
        .any(|entry| matches!(entry.event, Event::World(WorldEvent::FindingCreated { .. })))
}

fn next(session: &mut Session, utc: DateTime<Utc>) -> Result<(), StoreFault> {
    match session.ask(Ask::NextPhase, utc) {
        Err(AskError::NotRecorded(fault)) => Err(fault),
        // The gate has closed again: it is tried again in a moment.
        Ok(()) | Err(AskError::Refused(_)) => Ok(()),
    }
}

fn close(session: &mut Session, utc: DateTime<Utc>) -> Result<(), StoreFault> {
    for _ in 0..6 {
        if session.drill().phase() < Phase::Experiment || session.drill().phase() == Phase::Closed {
            break;
        }
        next(session, utc)?;
    }
    session.publish()
}

fn came(session: &Session, live: &Live, never_steady: bool) -> Came {
    if never_steady {
        return Came::NeverSteady;
    }
    if live.prevented().is_some() && !live.fired() {
        return Came::Prevented;
    }
    let debrief = debrief_of(session);
    let measured: Vec<Verdict> =
        debrief.parts.iter().map(|part| part.verdict).filter(|verdict| *verdict != Verdict::NotMeasured).collect();
    let detected = debrief.parts.first().map(|part| part.verdict);
    match detected {
        Some(Verdict::Held) if measured.iter().all(|verdict| *verdict == Verdict::Held) => Came::Held,
        Some(Verdict::Deviated) if live.fired() => Came::Missed,
        _ => Came::Undecided,
    }
}
