//! Plays a script: it stands in for the people, and for the clock on the wall. The drill itself is the same one.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::earlier_life::{left_by_it, pace_asked_for, same};
use super::session::{AskError, Session};
use firedrill_core::projection::View;
use firedrill_core::projection::search::{self, Query};
use firedrill_core::projection::view::FindingRow;
use firedrill_model::command::{Ask, ClockAsk, StepAsk};
use firedrill_model::event::{ActionState, EffectResult, Prediction};
use firedrill_model::id::ActionId;
use firedrill_model::script::{After, Deed, Happened, Script, ScriptJudgement, ScriptMark, ScriptTarget};
use firedrill_model::{DrillTime, Role, SafeText, Span};
use firedrill_model::{
    command::Intent,
    event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent},
    phase::{Pace, Phase},
};
use firedrill_record::store::{Record, StoreFault};

/// What became of a script.
#[derive(Debug, Default)]
pub struct Played {
    /// What the rules said no to.
    pub refused: Vec<Refused>,
    /// Deeds (numbered from 1, as in the file) whose moment never came.
    pub not_reached: Vec<usize>,
    /// The drill was given up, because the steady state never held.
    pub never_steady: bool,
    /// The drill was given up, because its record has as many entries as it can have.
    pub full: bool,
}

/// Something that a script asked for and the rules said no to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The number of the deed, from 1 as in the file; none for the hypothesis and the prediction.
    pub deed: Option<usize>,
    /// When.
    pub at: DrillTime,
    /// What was asked, as the script calls it.
    pub asked: String,
    /// Why not.
    pub why: String,
}

/// How long a script waits for the steady state, in drill time.
const PATIENCE: Span = Span::from_secs(24 * 3600);

/// A deed and when it is due.
struct Planned<'a> {
    number: usize,
    deed: &'a Deed,
    due: Option<DrillTime>,
    done: bool,
}

/// Plays `script` on `session` to the end of the drill. `utc` tells the time on the wall.
///
/// # Errors
/// When the record can't be written.
pub fn play(session: &mut Session, script: &Script, utc: &impl Fn() -> DateTime<Utc>) -> Result<Played, StoreFault> {
    let mut player = Player::new(script);
    player.run(session, utc)?;
    session.publish()?;
    Ok(player.played())
}

/// Why a script can't go on with a drill.
#[derive(Debug, thiserror::Error)]
pub enum PlayOnError {
    /// The record tells of something else than what the script does.
    #[error("go on with the script: entry {entry} of the record is not what it brings; take the drill up without it")]
    OtherScript {
        /// Number of the first such entry.
        entry: u64,
    },
    /// The record can't be written.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Goes on with a script in a drill that was cut off while the same script played it, and that was just taken up again. The same seed and the
/// same script bring the same drill, so that it is played again in memory to find how far the script had come.
///
/// # Errors
/// When the record is of another script, or can't be written.
pub fn play_on(
    session: &mut Session,
    script: &Script,
    utc: &impl Fn() -> DateTime<Utc>,
) -> Result<Played, PlayOnError> {
    let mut player = Player::new(script);
    player.catch_up(session)?;
    for (name, intent, deed) in std::mem::take(&mut player.left) {
        player.doing = deed;
        player.ask(session, intent, name, utc())?;
    }
    player.doing = None;
    player.run(session, utc)?;
    session.publish()?;
    Ok(player.played())
}

struct Player<'a> {
    script: &'a Script,
    plan: Vec<Planned<'a>>,
    /// Entries up to here have been looked at.
    seen: u64,
    /// Which action each response is, by its number.
    runs: BTreeMap<u32, ActionId>,
    expectations_given: bool,
    /// The number of the deed that is being done.
    doing: Option<usize>,
    /// While it catches up: how many entries the record has.
    upto: Option<u64>,
    /// While it catches up: the paces that the command line asked for, by the number of the entry. No script asks for one.
    paces: BTreeMap<u64, Pace>,
    /// What would have been asked next, when the record ended: as the script calls it, what, and of which deed.
    left: Vec<(&'static str, Intent, Option<usize>)>,
    played: Played,
}

impl<'a> Player<'a> {
    fn new(script: &'a Script) -> Self {
        let planned = |(index, deed): (usize, &'a Deed)| {
            let due = deed.at.map(|at| DrillTime::ZERO + at + deed.plus);
            Planned { number: index + 1, deed, due, done: false }
        };
        let plan = script.deeds.iter().enumerate().map(planned).collect();
        let (runs, played) = (BTreeMap::new(), Played::default());
        let (upto, paces, left) = (None, BTreeMap::new(), Vec::new());
        Self { script, plan, seen: 0, runs, expectations_given: false, doing: None, upto, paces, left, played }
    }

    /// Plays until the drill is closed, or given up; or until as much has happened as is to be caught up with.
    fn run(&mut self, session: &mut Session, utc: &impl Fn() -> DateTime<Utc>) -> Result<(), StoreFault> {
        while session.drill().phase() != Phase::Closed && !self.has_caught_up(session) {
            if let Some(pace) = self.paces.remove(&session.next_seq()) {
                self.ask(session, Ask::Clock(ClockAsk::Pace(pace)), "pace", utc())?;
                continue;
            }
            self.look(session);
            let waiting = session.drill().phase() == Phase::SteadyState;
            self.played.full = session.is_full();
            self.played.never_steady = waiting && session.now() > DrillTime::ZERO + PATIENCE;
            if self.played.full || self.played.never_steady {
                break;
            }
            if self.do_next(session, utc())? {
                continue;
            }
            if session.drill().phase().clock_runs() && !self.may_go_on(session) {
                self.wait(session, utc())?;
            } else {
                self.expectations(session, utc())?;
                self.ask(session, Ask::NextPhase, "next", utc())?;
            }
        }
        Ok(())
    }

    fn has_caught_up(&self, session: &Session) -> bool {
        self.upto.is_some_and(|upto| session.next_seq() >= upto)
    }

    /// Plays the drill again in memory up to where the record was cut off.
    fn catch_up(&mut self, session: &Session) -> Result<(), PlayOnError> {
        let recorded = left_by_it(session);
        let header = session.record().header().clone();
        let epoch = header.epoch;
        let person = (session.seat().clone(), Role::Responder, "script");
        let again = Session::begin(Arc::clone(session.scenario()), Record::in_memory(header), person, epoch)?;
        let mut again = again.unattended();
        self.upto = Some(recorded.len() as u64);
        self.paces = (0..).zip(&recorded).filter_map(|(place, entry)| Some((place, pace_asked_for(entry)?))).collect();
        self.run(&mut again, &|| epoch)?;
        again.publish()?;
        self.upto = None;
        let played: Vec<&Entry> = again.entries_from(0).collect();
        let other =
            recorded.iter().enumerate().find(|(place, entry)| !played.get(*place).is_some_and(|one| same(one, entry)));
        if let Some((_, entry)) = other {
            return Err(PlayOnError::OtherScript { entry: entry.seq });
        }
        // Everything is looked at once more, in the record itself.
        (self.seen, self.played) =
            (0, Played { refused: std::mem::take(&mut self.played.refused), ..Played::default() });
        Ok(())
    }

    fn played(mut self) -> Played {
        self.played.not_reached = self.plan.iter().filter(|planned| !planned.done).map(|p| p.number).collect();
        self.played
    }

    /// Looks at what has happened since the last time, and sets the moments that depend on it.
    fn look(&mut self, session: &Session) {
        for entry in session.entries_from(self.seen) {
            self.seen = entry.seq + 1;
            if let Event::People(PeopleEvent::Acted { run, action, .. }) = &entry.event {
                self.runs.insert(*run, action.clone());
            }
            let done = completed(entry).and_then(|run| self.runs.get(&run));
            for planned in self.plan.iter_mut().filter(|planned| planned.due.is_none()) {
                if planned.deed.after.as_ref().is_some_and(|after| has_come(after, entry, done)) {
                    planned.due = Some(entry.at + planned.deed.plus);
                }
            }
        }
        for planned in self.plan.iter_mut().filter(|planned| planned.due.is_none()) {
            let trigger = planned.deed.after.as_ref().and_then(|after| after.trigger.as_ref());
            planned.due = trigger.and_then(|trigger| session.drill().first(trigger)).map(|at| at + planned.deed.plus);
        }
    }

    /// Does the first deed that is due. While the drill clock stands still, nothing waits for it.
    fn do_next(&mut self, session: &mut Session, utc: DateTime<Utc>) -> Result<bool, StoreFault> {
        let (now, stands_still) = (session.now(), !session.drill().phase().clock_runs());
        let of_this_phase = |planned: &Planned<'_>| {
            let phase = planned.deed.after.as_ref().and_then(|after| after.phase);
            stands_still && phase == Some(session.drill().phase())
        };
        let is_due = |planned: &&mut Planned<'_>| {
            !planned.done && planned.due.is_some_and(|due| due <= now || of_this_phase(planned))
        };
        let next = self.plan.iter_mut().filter(is_due).min_by_key(|planned| (planned.due, planned.number));
        let Some(planned) = next else { return Ok(false) };
        planned.done = true;
        let (deed, number) = (planned.deed, planned.number);
        if deed.next {
            self.expectations(session, utc)?;
        }
        self.doing = Some(number);
        session.publish()?;
        for (name, intent) in intents(deed, session.view()) {
            match intent {
                Ok(intent) => self.ask(session, intent, name, utc)?,
                Err(why) => self.refuse(session.now(), name, why),
            }
        }
        self.doing = None;
        Ok(true)
    }

    /// Says whether the script leaves it to the player to go on now: the gate is open, and no deed is waiting to do so itself.
    fn may_go_on(&self, session: &Session) -> bool {
        let waiting = |planned: &Planned<'_>| planned.deed.next && !planned.done && planned.due.is_some();
        session.drill().phase() == Phase::SteadyState && session.drill().gate_open() && !self.plan.iter().any(waiting)
    }

    fn wait(&self, session: &mut Session, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        let now = session.now();
        let deeds = self.plan.iter().filter(|planned| !planned.done).filter_map(|planned| planned.due);
        let next = deeds.filter(|due| *due > now).chain(session.next_due()).min();
        session.advance(next.unwrap_or(now), utc)
    }

    /// Gives hypothesis and prediction once, in the phase for it.
    fn expectations(&mut self, session: &mut Session, utc: DateTime<Utc>) -> Result<(), StoreFault> {
        if self.expectations_given || session.drill().phase() != Phase::Hypothesis {
            return Ok(());
        }
        self.expectations_given = true;
        let mut hypothesis = session.scenario().hypothesis.clone();
        if let Some(blanks) = &self.script.hypothesis {
            hypothesis.within = blanks.within.unwrap_or(hypothesis.within);
            hypothesis.at = blanks.at.unwrap_or(hypothesis.at);
        }
        self.ask(session, Ask::SetHypothesis(hypothesis), "hypothesis", utc)?;
        if let Some(given) = &self.script.prediction {
            let prediction = Prediction {
                notified_within: given.notified_within,
                contained_within: given.contained_within,
                signal: given.signal,
                confidence: given.confidence,
            };
            self.ask(session, Ask::Predict(prediction), "prediction", utc)?;
        }
        Ok(())
    }

    fn ask(
        &mut self,
        session: &mut Session,
        intent: Intent,
        name: &'static str,
        utc: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        if self.has_caught_up(session) {
            self.left.push((name, intent, self.doing));
            return Ok(());
        }
        match session.ask_unpublished(intent, utc) {
            Ok(()) => Ok(()),
            Err(AskError::Refused(refusal)) => {
                self.refuse(session.now(), name, refusal.to_string());
                Ok(())
            }
            Err(AskError::NotRecorded(fault)) => Err(fault),
        }
    }

    fn refuse(&mut self, at: DrillTime, name: &str, why: String) {
        self.played.refused.push(Refused { deed: self.doing, at, asked: name.to_owned(), why });
    }
}

/// What one asks, as the script calls it; an error says why it can't be asked.
type Asked = (&'static str, Result<Intent, String>);

/// What a deed asks, in the order in which a person would.
fn intents(deed: &Deed, view: &View) -> Vec<Asked> {
    let mut intents = about_what_is_seen(deed, view);
    intents.extend(in_the_playbook(deed).into_iter().chain(afterwards(deed)).map(|(name, intent)| (name, Ok(intent))));
    if deed.next {
        intents.push(("next", Ok(Ask::NextPhase)));
    }
    intents
}

fn text(words: Option<&SafeText>) -> Option<String> {
    words.map(|text| text.as_str().to_owned())
}

fn about_what_is_seen(deed: &Deed, view: &View) -> Vec<Asked> {
    let newest = view.board.findings.last();
    let mut intents: Vec<Asked> = Vec::new();
    if deed.acknowledge {
        intents.extend(acknowledged(deed.finding.as_ref(), view).map(|asked| ("acknowledge", asked)));
    }
    if let Some(judge) = &deed.judge {
        intents.push(("judge", judged(judge, view)));
    }
    if let Some(mark) = &deed.mark {
        intents.push(("mark", marked(mark, view)));
    }
    if let Some(words) = &deed.unmark {
        intents.push(("unmark", unmarked(words, view)));
    }
    if let Some(inject) = &deed.inject {
        intents.push(("inject", Ok(Ask::Inject(inject.clone()))));
    }
    if let Some(action) = &deed.act {
        let target = match &deed.target {
            Some(ScriptTarget::This(id)) => Some(id.clone()),
            Some(ScriptTarget::FromFinding) => newest.map(|row| row.finding.resource.clone()),
            None => None,
        };
        let (action, why) = (action.clone(), text(deed.why.as_ref()));
        intents.push(("act", Ok(Ask::Act { action, target, guess: deed.guess, why })));
    }
    intents
}

/// Takes on the finding that has these words; without words the newest, or the matter itself where none has been seen. One that
/// is acknowledged already leaves nothing to do.
fn acknowledged(words: Option<&SafeText>, view: &View) -> Option<Result<Intent, String>> {
    let row = match words {
        Some(words) => match finding(words.as_str(), view) {
            Ok(row) => Some(row),
            Err(why) => return Some(Err(why)),
        },
        None => view.board.findings.last(),
    };
    let open = row.is_none_or(|row| row.acknowledged.is_none());
    open.then(|| Ok(Ask::Acknowledge(row.map(|row| row.finding.id.clone()))))
}

/// The newest finding seen whose type and resource have all of these words.
fn finding<'v>(words: &str, view: &'v View) -> Result<&'v FindingRow, String> {
    let words = words.to_lowercase();
    let fits = |row: &&FindingRow| {
        let text = format!("{} {}", row.finding.kind, row.finding.resource).to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
    };
    let row = view.board.findings.iter().rev().find(fits);
    row.ok_or_else(|| format!("no finding with \"{words}\" has been seen by now"))
}

fn judged(judge: &ScriptJudgement, view: &View) -> Result<Intent, String> {
    let row = finding(judge.finding.as_ref().map_or("", SafeText::as_str), view)?;
    Ok(Ask::Judge(row.finding.id.clone(), judge.judgement))
}

fn unmarked(words: &SafeText, view: &View) -> Result<Intent, String> {
    let rows = view.people.evidence.iter().map(|marked| marked.row.clone()).collect();
    let row = search::newest(&rows, &Query::new(words.as_str(), None));
    let row = row.ok_or_else(|| format!("no record with \"{words}\" is marked"))?;
    Ok(Ask::Unmark(row.record.id.clone()))
}

fn marked(mark: &ScriptMark, view: &View) -> Result<Intent, String> {
    let words = mark.record.as_str();
    let row = search::newest(&view.board.logs, &Query::new(words, mark.source));
    let row = row.ok_or_else(|| format!("no log record with \"{words}\" has come by now"))?;
    Ok(Ask::Mark { record: row.record.id.clone(), note: text(mark.note.as_ref()) })
}

fn in_the_playbook(deed: &Deed) -> Vec<(&'static str, Intent)> {
    let mut intents = Vec::new();
    if let Some(step) = &deed.done {
        intents.push(("done", Ask::Step(step.clone(), StepAsk::Done)));
    }
    if let Some(step) = &deed.skip {
        intents.push(("skip", Ask::Step(step.clone(), StepAsk::Skip(text(deed.why.as_ref())))));
    }
    if let Some(answer) = &deed.answer {
        let (confidence, knew_where, knew_whom) = (answer.confidence, answer.knew_where, answer.knew_whom);
        let ask = StepAsk::Answer { confidence, knew_where, knew_whom, words: text(answer.words.as_ref()) };
        intents.push(("answer", Ask::Step(answer.step.clone(), ask)));
    }
    if let Some(note) = &deed.note {
        intents.push(("note", Ask::Note(note.as_str().to_owned())));
    }
    intents
}

fn afterwards(deed: &Deed) -> Vec<(&'static str, Intent)> {
    let mut intents = Vec::new();
    if let Some(review) = &deed.review {
        intents.push(("review", Ask::Review(review.question, review.text.as_str().to_owned())));
    }
    if let Some(improve) = &deed.improve {
        let (what, owner, due) = (improve.what.as_str().to_owned(), text(improve.owner.as_ref()), improve.due.clone());
        intents.push(("improve", Ask::Improve { what, owner, due }));
    }
    if let Some(rate) = &deed.rate {
        let (objective, rating) = (rate.objective.clone(), rate.rating);
        intents.push(("rate", Ask::Rate { objective, rating, words: text(rate.words.as_ref()) }));
    }
    intents
}

/// The number of the response that `entry` reports as done.
fn completed(entry: &Entry) -> Option<u32> {
    match &entry.event {
        Event::World(WorldEvent::Action(event)) => matches!(event.state, ActionState::Done { .. }).then_some(event.run),
        _ => None,
    }
}

/// Says whether `entry` is what `after` waits for; `done` is the action that it reports as done.
fn has_come(after: &After, entry: &Entry, done: Option<&ActionId>) -> bool {
    if done.is_some() && after.done.as_ref() == done {
        return true;
    }
    match &entry.event {
        Event::Drill(DrillEvent::PhaseEntered { phase, .. }) => after.phase == Some(*phase),
        Event::Drill(DrillEvent::StepPrompted { step }) => after.prompted.as_ref() == Some(step),
        Event::Drill(DrillEvent::InjectDelivered { inject, .. }) => after.message.as_ref() == Some(inject),
        event => after.happened.is_some_and(|happened| is(happened, event)),
    }
}

fn is(happened: Happened, event: &Event) -> bool {
    match (happened, event) {
        (Happened::DrillOpened, Event::Drill(DrillEvent::Opened { .. }))
        | (Happened::GateOpened, Event::Drill(DrillEvent::GateOpened { .. }))
        | (Happened::SteadyAgain, Event::Drill(DrillEvent::SteadyAgain { .. }))
        | (Happened::FaultActive, Event::World(WorldEvent::FaultActive))
        | (Happened::Notified | Happened::FindingSeen, Event::World(WorldEvent::Notified { .. }))
        | (Happened::Acknowledged, Event::People(PeopleEvent::Acknowledged { .. })) => true,
        (Happened::FindingSeen, Event::World(WorldEvent::Action(event))) => match &event.state {
            ActionState::Done { results } => results
                .iter()
                .any(|result| matches!(result, EffectResult::Findings { findings } if !findings.is_empty())),
            ActionState::Started { .. } | ActionState::Unknown { .. } => false,
        },
        _ => false,
    }
}
