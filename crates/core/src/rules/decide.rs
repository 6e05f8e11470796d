//! The rules for what people ask: events, or a refusal that changes nothing.

use super::state::Drill;
use firedrill_model::allowed::Matter;
use firedrill_model::command::{Ask, ClockAsk, Command, LaterAsk, StepAsk};
use firedrill_model::event::{DrillEvent, Event, PaceCause, PeopleEvent, PhaseCause, Prediction};
use firedrill_model::id::{ActionId, FindingId, InjectId, ObjectiveId, SeatId, StepId, TargetId};
use firedrill_model::phase::{MAX_RATE, Pace, Phase};
use firedrill_model::refusal::{Bounded, OutOfRange, Refusal};
use firedrill_model::scenario::{Hypothesis, TargetKind};
use firedrill_model::{DrillTime, Guess, Judgement, Rating, RecordId, SafeText, Sealed, Span};

/// Entries that people may cause in one drill.
pub const MAX_PEOPLE_ENTRIES: u32 = 10_000;
/// Responses in one drill.
pub const MAX_RESPONSES: usize = 1_000;
/// Records that can be marked as evidence at the same time.
pub const MAX_MARKS: usize = 500;

type Decision = Result<Vec<Event>, Refusal>;

impl Drill {
    /// Decides on what a person asks.
    ///
    /// # Errors
    /// A [`Refusal`] that says why not, and what to do instead.
    pub fn decide(&self, by: &SeatId, command: &Command) -> Decision {
        let (matter, phase) = (command.matter(), self.phase);
        if phase == Phase::Closed && !matter.allowed_in(phase) {
            return Err(Refusal::Closed);
        }
        if self.people_entries >= MAX_PEOPLE_ENTRIES && !leads_on(command) {
            return Err(Refusal::TooMany(Bounded::Entries));
        }
        if !matter.allowed_in(phase) {
            return Err(if matter == Matter::Later { Refusal::NotOver } else { Refusal::NotNow(phase) });
        }
        self.for_role(by, matter)?;
        match command {
            Command::NextPhase => self.next_phase(),
            Command::SetHypothesis(hypothesis) => self.set_hypothesis(hypothesis),
            Command::Predict(prediction) => predict(prediction),
            Command::Acknowledge(finding) => self.acknowledge(finding.as_ref()),
            Command::Judge(finding, judgement) => self.judge(finding, *judgement),
            Command::Mark { record, note } => self.mark(record, note.as_ref()),
            Command::Unmark(record) => self.unmark(record),
            Command::Act { action, target, guess, why } => self.act(action, target.as_ref(), *guess, why.as_ref()),
            Command::Inject(inject) => self.fire(inject),
            Command::Step(step, ask) => self.step(step, ask),
            Command::Note(words) => Ok(said(PeopleEvent::Noted { words: words.clone() })),
            Command::Attend(on) => Ok(self.attend(by, *on)),
            Command::Clock(ask) => self.clock_ask(*ask),
            Command::Review(question, words) => review(*question, words),
            Command::Rate { objective, rating, words } => self.rate_objective(objective, *rating, words.as_ref()),
            Command::Improve { what, owner, due } => improve(what, owner.as_ref(), due.as_ref()),
            Command::Abort => self.abort(),
            Command::Later(about, ask) => self.observe_later(*about, ask),
        }
    }

    fn abort(&self) -> Decision {
        if self.worlds_to_revert().next().is_none() {
            return Err(Refusal::NothingToUndo);
        }
        Ok(said(PeopleEvent::Aborted))
    }

    fn next_phase(&self) -> Decision {
        if self.phase < Phase::Experiment && !self.health.gate_open {
            return Err(Refusal::GateClosed);
        }
        let phase = self.phase.next().ok_or(Refusal::Closed)?;
        Ok(vec![Event::Drill(DrillEvent::PhaseEntered { phase, because: PhaseCause::Said })])
    }

    fn set_hypothesis(&self, hypothesis: &Hypothesis) -> Decision {
        let known = self.scenario.signals.iter().any(|signal| signal.id == hypothesis.signal)
            && self.scenario.detectors.iter().any(|detector| detector.id == hypothesis.detector);
        if !known {
            return Err(Refusal::NoSuchSignal);
        }
        if hypothesis.within == Span::ZERO || hypothesis.within > Span::MAX {
            return Err(Refusal::OutOfRange(OutOfRange::NotifyWithin));
        }
        if !hypothesis.at.is_finite() || hypothesis.at < 0.0 {
            return Err(Refusal::OutOfRange(OutOfRange::Bound));
        }
        Ok(vec![Event::Drill(DrillEvent::HypothesisSet { hypothesis: hypothesis.clone() })])
    }

    fn acknowledge(&self, finding: Option<&FindingId>) -> Decision {
        let incident = &self.incident;
        match finding {
            Some(id) => match incident.findings.get(id) {
                None => return Err(Refusal::NoSuchFinding(id.clone())),
                Some(true) => return Err(Refusal::AlreadyAcknowledged),
                Some(false) => {}
            },
            None if incident.findings.is_empty() && self.injects.is_empty() => {
                return Err(Refusal::NothingToAcknowledge);
            }
            None if incident.taken_on => return Err(Refusal::AlreadyAcknowledged),
            None => {}
        }
        Ok(said(PeopleEvent::Acknowledged { finding: finding.cloned() }))
    }

    fn judge(&self, finding: &FindingId, judgement: Judgement) -> Decision {
        if !self.incident.findings.contains_key(finding) {
            return Err(Refusal::NoSuchFinding(finding.clone()));
        }
        if self.judged.get(finding) == Some(&judgement) {
            return Err(Refusal::AlreadyJudged(judgement));
        }
        Ok(said(PeopleEvent::Judged { finding: finding.clone(), judgement }))
    }

    fn mark(&self, record: &RecordId, note: Option<&Sealed>) -> Decision {
        if !self.records.contains(record) {
            return Err(Refusal::NoSuchRecord(record.clone()));
        }
        if self.marked.len() >= MAX_MARKS && !self.marked.contains(record) {
            return Err(Refusal::TooMany(Bounded::Marks));
        }
        Ok(said(PeopleEvent::Marked { record: record.clone(), note: note.cloned() }))
    }

    fn unmark(&self, record: &RecordId) -> Decision {
        if !self.marked.contains(record) {
            return Err(Refusal::NotMarked(record.clone()));
        }
        Ok(said(PeopleEvent::Unmarked { record: record.clone() }))
    }

    /// Fires a message by hand: it arrives at once, however long the clock has stood still.
    fn fire(&self, inject: &InjectId) -> Decision {
        let known = self.scenario.injects.iter().find(|known| known.id == *inject);
        let known = known.ok_or_else(|| Refusal::NoSuchMessage(inject.clone()))?;
        if self.injects.contains(inject) {
            return Err(Refusal::MessageCame(inject.clone()));
        }
        let (inject, message) = (inject.clone(), Some(known.message()));
        Ok(vec![Event::Drill(DrillEvent::InjectDelivered { inject, message })])
    }

    fn act(
        &self,
        action: &ActionId,
        target: Option<&TargetId>,
        guess: Option<Guess>,
        why: Option<&Sealed>,
    ) -> Decision {
        let offered = self.scenario.actions.iter().find(|offered| offered.id == *action);
        let offered = offered.ok_or_else(|| Refusal::NoSuchAction(action.clone()))?;
        let fits = target.map_or(offered.target == TargetKind::None, |target| self.fits(offered.target, target));
        if !fits {
            return Err(match target {
                None => Refusal::TargetMissing(action.clone()),
                Some(target) => Refusal::NoSuchTarget(action.clone(), target.clone()),
            });
        }
        if self.runs.len() >= MAX_RESPONSES {
            return Err(Refusal::TooMany(Bounded::Responses));
        }
        let run = self.runs.keys().next_back().map_or(1, |last| last.saturating_add(1));
        let (action, target, why) = (action.clone(), target.cloned(), why.cloned());
        Ok(said(PeopleEvent::Acted { run, action, target, guess, why }))
    }

    /// Says whether there is such a target of this kind, now or at some time in this drill.
    fn fits(&self, kind: TargetKind, target: &TargetId) -> bool {
        match kind {
            TargetKind::None => false,
            TargetKind::Instance => self.instances.contains_key(target),
            TargetKind::Group => self.scenario.services.iter().any(|service| service.group.id == *target),
            TargetKind::Automation => self.scenario.automations.iter().any(|one| one.id == *target),
            TargetKind::Channel => self.scenario.channels.iter().any(|c| c.id.as_str() == target.as_str()),
            TargetKind::Role
            | TargetKind::SecurityGroup
            | TargetKind::User
            | TargetKind::AccessKey
            | TargetKind::NetworkAcl
            | TargetKind::Bucket
            | TargetKind::Database
            | TargetKind::Snapshot
            | TargetKind::Principal => {
                self.scenario.resource(target).is_some_and(|found| kind.resource_kinds().contains(&found.kind))
            }
        }
    }

    fn step(&self, step: &StepId, ask: &StepAsk<Sealed>) -> Decision {
        let state = self.steps.iter().find(|state| state.id == *step);
        let ended = state.ok_or_else(|| Refusal::NoSuchStep(step.clone()))?.ended;
        let step = step.clone();
        let still_open = |step: &StepId| if ended { Err(Refusal::StepFinished(step.clone())) } else { Ok(()) };
        match ask {
            StepAsk::Done => {
                still_open(&step)?;
                Ok(said(PeopleEvent::StepDone { step, run: None }))
            }
            StepAsk::Skip(why) => {
                still_open(&step)?;
                Ok(said(PeopleEvent::StepSkipped { step, why: why.clone() }))
            }
            StepAsk::Answer { confidence, knew_where, knew_whom, words } => {
                if !ended {
                    return Err(Refusal::StepOpen(step));
                }
                confidence_fits(*confidence)?;
                let (confidence, knew_where, knew_whom) = (*confidence, *knew_where, *knew_whom);
                Ok(said(PeopleEvent::Answered { step, confidence, knew_where, knew_whom, words: words.clone() }))
            }
        }
    }

    fn rate_objective(&self, objective: &ObjectiveId, rating: Option<Rating>, words: Option<&Sealed>) -> Decision {
        if !self.scenario.all_objectives().iter().any(|known| known.id == *objective) {
            return Err(Refusal::NoSuchObjective(objective.clone()));
        }
        if rating.is_none() && words.is_none() {
            return Err(Refusal::OutOfRange(OutOfRange::Unrated));
        }
        Ok(said(PeopleEvent::ObjectiveRated { objective: objective.clone(), rating, words: words.cloned() }))
    }

    fn observe_later(&self, about: DrillTime, ask: &LaterAsk<Sealed>) -> Decision {
        if about > self.now {
            return Err(Refusal::OutOfRange(OutOfRange::AfterTheEnd));
        }
        match ask {
            LaterAsk::Note(words) => Ok(said(PeopleEvent::NotedLater { about, words: words.clone() })),
            LaterAsk::Bookmark(on) => {
                let is_so = self.bookmarks.contains(&about) == *on;
                Ok(if is_so { Vec::new() } else { said(PeopleEvent::Bookmarked { about, on: *on }) })
            }
        }
    }

    fn attend(&self, by: &SeatId, on: bool) -> Vec<Event> {
        if self.attending.contains(by) == on { Vec::new() } else { said(PeopleEvent::Attending { on }) }
    }

    /// A world that goes its own pace can't be hurried, stopped or skipped.
    fn can_follow(&self, ask: ClockAsk) -> Result<(), Refusal> {
        let at_its_pace = match ask {
            ClockAsk::Pace(Pace::Brisk | Pace::Times(..=1)) | ClockAsk::Pause(false) => true,
            ClockAsk::Pace(Pace::Times(2..)) | ClockAsk::Pause(true) | ClockAsk::Skip | ClockAsk::Away => false,
        };
        match self.unhurried_world().filter(|_| !at_its_pace) {
            Some(world) => Err(Refusal::Unhurried(world.clone())),
            None => Ok(()),
        }
    }

    fn clock_ask(&self, ask: ClockAsk) -> Decision {
        let rate = self.clock.rate.unwrap_or(1);
        let changed = |pace, rate, because| Ok(vec![Event::Drill(DrillEvent::PaceChanged { pace, rate, because })]);
        self.can_follow(ask)?;
        match ask {
            ClockAsk::Pace(pace) => {
                pace_fits(pace)?;
                changed(pace, self.rate_of(pace), PaceCause::Chosen)
            }
            ClockAsk::Pause(pause) => {
                if pause == self.clock.paused {
                    return Ok(Vec::new());
                }
                let rate = if pause { 0 } else { self.rate_of(self.clock.pace) };
                changed(self.clock.pace, rate, PaceCause::Paused)
            }
            ClockAsk::Away => {
                let others = self.clock.paused || self.seats.len() > 1;
                if others { Ok(Vec::new()) } else { changed(self.clock.pace, 0, PaceCause::Away) }
            }
            ClockAsk::Skip => {
                let under_way = self.runs.values().any(|run| run.done.is_none());
                if let Some(what) = self.asked().filter(|_| !under_way) {
                    return Err(Refusal::Asked(what));
                }
                self.skip_limit()?;
                changed(self.clock.pace, rate, PaceCause::Skipped)
            }
        }
    }
}

/// What can be asked although the record is at its bound: going on, and letting go of what holds the clock.
fn leads_on(command: &Command) -> bool {
    match command {
        Ask::NextPhase | Ask::Abort => true,
        Ask::Attend(on) => !on,
        Ask::Clock(ask) => match ask {
            ClockAsk::Pause(pause) => !pause,
            // It holds the clock, and so needs no room but that of its own entry.
            ClockAsk::Away => true,
            ClockAsk::Pace(..) | ClockAsk::Skip => false,
        },
        Ask::SetHypothesis(..)
        | Ask::Predict(..)
        | Ask::Acknowledge(..)
        | Ask::Judge(..)
        | Ask::Mark { .. }
        | Ask::Unmark(..)
        | Ask::Act { .. }
        | Ask::Inject(..)
        | Ask::Step(..)
        | Ask::Note(..)
        | Ask::Review(..)
        | Ask::Rate { .. }
        | Ask::Improve { .. }
        | Ask::Later(..) => false,
    }
}

fn said(event: PeopleEvent) -> Vec<Event> {
    vec![Event::People(event)]
}

fn pace_fits(pace: Pace) -> Result<(), Refusal> {
    let fits = match pace {
        Pace::Brisk => true,
        Pace::Times(times) => (1..=MAX_RATE).contains(&times),
    };
    if fits { Ok(()) } else { Err(Refusal::OutOfRange(OutOfRange::Pace)) }
}

fn confidence_fits(confidence: Option<u8>) -> Result<(), Refusal> {
    let fits = confidence.is_none_or(|given| (1..=5).contains(&given));
    if fits { Ok(()) } else { Err(Refusal::OutOfRange(OutOfRange::Confidence)) }
}

fn predict(prediction: &Prediction) -> Decision {
    confidence_fits(prediction.confidence)?;
    Ok(said(PeopleEvent::Predicted(prediction.clone())))
}

fn review(question: u8, words: &Sealed) -> Decision {
    if !(1..=7).contains(&question) {
        return Err(Refusal::OutOfRange(OutOfRange::Question));
    }
    Ok(said(PeopleEvent::Reviewed { question, words: words.clone() }))
}

fn improve(what: &Sealed, owner: Option<&Sealed>, due: Option<&SafeText>) -> Decision {
    let readable = |due: &SafeText| chrono::NaiveDate::parse_from_str(due.as_str(), "%Y-%m-%d").is_ok();
    if !due.is_none_or(readable) {
        return Err(Refusal::NoDate);
    }
    Ok(said(PeopleEvent::Improvement { what: what.clone(), owner: owner.cloned(), due: due.cloned() }))
}
