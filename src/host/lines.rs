//! Runs a drill line by line: typed lines in, sentences out.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::clock::{AWAY, RETRY, WATCH, WallClock, Watch};
use super::pass::pass;
use super::queue::{Happening, Queue};
use super::session::{AskError, Session};
use super::{Ended, RunError};
use crate::plain::{Effect, Plain, Seen, greeting, plain_text};
use firedrill_core::projection::{Ghost, wording};
use firedrill_model::command::ClockAsk;
use firedrill_model::{SafeText, Shown, Span, shown};
use firedrill_model::{command::Intent, phase::Phase};
use firedrill_record::store::{RecordState, StoreFault};

/// The longest line that is read, in bytes; the rest of it is dropped.
const MAX_LINE: u64 = 16 * 1024;
/// How often the clock is looked at while nothing is typed.
const GLANCE: Duration = Duration::from_millis(500);

/// What a pushed world has to say, taken in by its host: sentences for people.
pub type Pushed<'a> = Option<&'a mut dyn FnMut(&mut Session, DateTime<Utc>) -> Result<Vec<String>, StoreFault>>;

/// Runs `session` from standard input to `out`, until it is closed, left, or ended by a signal.
///
/// # Errors
/// When the output can't be written any more, or signals can't be watched.
pub async fn run(
    session: &mut Session,
    beside: (Option<&Ghost>, Pushed<'_>),
    clock: &WallClock,
    out: &mut impl Write,
    debrief: &impl Fn(&Session) -> Shown,
) -> Result<Ended, RunError> {
    let ended = converse(session, beside, clock, out, debrief).await?;
    // The last line, as the first ones: a transcript that is cut out and handed on says what it is.
    // Where nobody can read it any more, nothing is lost.
    let _ = writeln!(out, "{}", wording::exercise(session.view().world_kind()));
    Ok(ended)
}

async fn converse(
    session: &mut Session,
    (ghost, mut pushed): (Option<&Ghost>, Pushed<'_>),
    clock: &WallClock,
    out: &mut impl Write,
    debrief: &impl Fn(&Session) -> Shown,
) -> Result<Ended, RunError> {
    let mut queue = Queue::new().map_err(RunError::Signals)?;
    read_lines(queue.sender());
    let mut conversation = Conversation { plain: Plain::default(), out, warned: false, told_elsewhere: false, ghost };
    conversation.say(&greeting(session.view(), session.name()))?;
    conversation.say(&ghost.map(|ghost| Shown::from(ghost.opening())).into_iter().collect::<Vec<_>>())?;
    conversation.news(session)?;
    let mut watch = Watch::new(clock);
    let mut typed = clock.elapsed();
    // Lines from a pipe have nobody at the keys from the beginning.
    let alone = std::io::stdin().is_terminal();
    loop {
        let patience = if !session.is_recording() {
            Some(RETRY)
        } else if session.drill().rate() > 0 || pushed.is_some() {
            Some(GLANCE)
        } else {
            Some(WATCH)
        };
        let happening = queue.next(patience).await;
        let passed = watch.look(clock, session.drill().rate() > 0);
        if session.is_recording() {
            conversation.forgive(pass(session, &passed, clock.utc()).map_err(AskError::from))?;
        } else {
            conversation.forgive(session.retry(clock.utc()).map_err(AskError::from))?;
        }
        if let Some(pushed) = &mut pushed {
            conversation.pushed(pushed(session, clock.utc()))?;
        }
        if matches!(happening, Some(Happening::Input(_))) {
            typed = clock.elapsed();
        } else if alone
            && pushed.is_none()
            && clock.elapsed().saturating_sub(typed) >= AWAY
            && session.drill().rate() > 0
        {
            conversation.forgive(session.ask(Intent::Clock(ClockAsk::Away), clock.utc()))?;
        }
        conversation.news(session)?;
        match happening {
            None | Some(Happening::Continued | Happening::Resized | Happening::Recorded) => {}
            Some(Happening::Signal(signal)) => return Ok(Ended::Signal(signal)),
            Some(Happening::InputEnded) => return Ok(Ended::Left),
            Some(Happening::Input(line)) => {
                if let Some(ended) = conversation.line(session, &line, (clock, &mut queue), debrief).await? {
                    return Ok(ended);
                }
            }
        }
        if session.drill().phase() == Phase::Closed {
            return Ok(Ended::Closed);
        }
    }
}

/// Reads standard input in a thread of its own: a read can't be interrupted.
pub(super) fn read_lines(to: mpsc::Sender<Happening<String>>) {
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let mut read = input.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes);
            if read.is_ok() && bytes.len() as u64 == MAX_LINE && !bytes.ends_with(b"\n") {
                read = input.skip_until(b'\n');
            }
            let happening = match read {
                Ok(0) | Err(_) => Happening::InputEnded,
                Ok(_) => Happening::Input(String::from_utf8_lossy(&bytes).into_owned()),
            };
            let ended = happening == Happening::InputEnded;
            if to.blocking_send(happening).is_err() || ended {
                return;
            }
        }
    });
}

struct Conversation<'a, W: Write> {
    plain: Plain,
    out: &'a mut W,
    /// NOT RECORDING has been said.
    warned: bool,
    /// It has been said that the record goes on elsewhere.
    told_elsewhere: bool,
    /// An earlier drill beside it.
    ghost: Option<&'a Ghost>,
}

impl<W: Write> Conversation<'_, W> {
    /// Does what a line says. Something: that ends the conversation.
    async fn line(
        &mut self,
        session: &mut Session,
        line: &str,
        (clock, queue): (&WallClock, &mut Queue<String>),
        debrief: &impl Fn(&Session) -> Shown,
    ) -> Result<Option<Ended>, RunError> {
        let reply = self.plain.line(line, seen(session, self.ghost));
        self.say(&reply.lines)?;
        match reply.effect {
            None => {}
            Some(Effect::Quit) => return Ok(Some(Ended::Left)),
            Some(Effect::Ask(intent)) => self.ask(session, intent, clock)?,
            Some(Effect::SkipAhead) => {
                let skipped = session.skip_ahead(clock.utc());
                self.forgive(skipped)?;
            }
            Some(Effect::Wait(span)) => return self.wait(session, span, clock, queue).await,
            Some(Effect::Debrief) => self.say(&[debrief(session)])?,
        }
        self.news(session)?;
        Ok(None)
    }

    fn pushed(&mut self, said: Result<Vec<String>, StoreFault>) -> Result<(), RunError> {
        match said {
            Ok(said) => {
                let said = said.iter().map(|said| shown!("LIVE: {}", SafeText::one_line(said)));
                self.say(&said.collect::<Vec<_>>())
            }
            Err(fault) => self.forgive(Err(AskError::NotRecorded(fault))),
        }
    }

    fn ask(&mut self, session: &mut Session, intent: Intent, clock: &WallClock) -> Result<(), RunError> {
        let asked = session.ask(intent, clock.utc());
        self.forgive(asked)
    }

    /// Lets drill time go by, and says what happens on the way when it happens. A signal ends it.
    async fn wait(
        &mut self,
        session: &mut Session,
        span: Span,
        clock: &WallClock,
        queue: &mut Queue<String>,
    ) -> Result<Option<Ended>, RunError> {
        if !session.drill().phase().clock_runs() {
            self.say(&["The drill clock stands still in this phase.".into()])?;
        }
        let until = session.now() + span;
        while session.now() < until
            && session.drill().phase().clock_runs()
            && session.is_recording()
            && !session.is_full()
        {
            let next = session.next_due().map_or(until, |due| due.min(until));
            let waited = session.advance(next, clock.utc()).and_then(|()| session.publish());
            self.forgive(waited.map_err(AskError::from))?;
            self.news(session)?;
            if let Some(signal) = queue.signal().await {
                return Ok(Some(Ended::Signal(signal)));
            }
        }
        Ok(None)
    }

    /// Says why nothing came of something; the drill goes on.
    fn forgive(&mut self, result: Result<(), AskError>) -> Result<(), RunError> {
        match result {
            Ok(()) => {
                self.warned = false;
                Ok(())
            }
            Err(AskError::Refused(refusal)) => {
                self.say(&[shown!("Not possible: {}.", SafeText::one_line(&refusal.to_string()))])
            }
            Err(AskError::NotRecorded(_)) if self.warned => Ok(()),
            Err(AskError::NotRecorded(fault)) => {
                self.warned = true;
                self.say(&[shown!(
                    "NOT RECORDING: failed to {}. The drill waits; nothing is lost. It is tried again every two seconds.",
                    SafeText::one_line(&fault.to_string())
                )])
            }
        }
    }

    fn news(&mut self, session: &Session) -> Result<(), RunError> {
        let news = self.plain.news(seen(session, self.ghost));
        self.say(&news)?;
        if let (RecordState::Elsewhere { folder, why }, false) = (session.record().state(), self.told_elsewhere) {
            self.told_elsewhere = true;
            let folder = SafeText::one_line(&folder.to_string_lossy());
            self.say(&[shown!("Recording goes on elsewhere: {} ({}).", folder, why)])?;
        }
        Ok(())
    }

    fn say(&mut self, lines: &[Shown]) -> Result<(), RunError> {
        for line in lines {
            writeln!(self.out, "{}", plain_text(line)).map_err(RunError::Output)?;
        }
        self.out.flush().map_err(RunError::Output)
    }
}

fn seen<'a>(session: &'a Session, ghost: Option<&'a Ghost>) -> Seen<'a> {
    let (view, words, now) = (session.view(), session.words(), session.now());
    Seen { view, messages: &session.scenario().injects, words, now, earlier: session.earlier(), ghost }
}
