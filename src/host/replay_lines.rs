//! A replay line by line: typed lines in, what had happened by then out.

use std::io::Write;
use std::time::Duration;

use super::afterwards::AfterwardsError;
use super::clock::{LONGEST_GLANCE, WallClock};
use super::lines::read_lines;
use super::queue::{Happening, Queue};
use super::replay::Replay;
use super::{Ended, RunError};
use crate::plain::{self, Beside, ReplayLine, plain_text};
use firedrill_core::projection::ghost::Sight;
use firedrill_core::projection::{Ghost, View, wording};
use firedrill_model::command::Intent;
use firedrill_model::command::LaterAsk;
use firedrill_model::{DrillTime, SafeText, Shown, Span, shown};
use firedrill_record::store::DataDir;

/// Between two looks at the clock while it plays, at least.
const GLANCE: Duration = Duration::from_millis(100);

/// Replays from standard input to `out`, until it is left or ended by a signal. When the input ends while it plays, it plays on to the end.
///
/// # Errors
/// When the output can't be written any more, or signals can't be watched.
pub async fn run(
    replay: &mut Replay,
    data: &DataDir,
    ghost: Option<&Ghost>,
    clock: &WallClock,
    out: &mut impl Write,
) -> Result<Ended, RunError> {
    let ended = converse(replay, data, ghost, clock, out).await?;
    // Where nobody can read it any more, nothing is lost.
    let _ = say(out, &[wording::exercise(replay.transport().world_kind()).into()]);
    Ok(ended)
}

async fn converse(
    replay: &mut Replay,
    data: &DataDir,
    ghost: Option<&Ghost>,
    clock: &WallClock,
    out: &mut impl Write,
) -> Result<Ended, RunError> {
    let mut queue = Queue::new().map_err(RunError::Signals)?;
    read_lines(queue.sender());
    say(out, &plain::replay_greeting(replay.transport(), replay.drill(), replay.standing()))?;
    say(out, &texts(replay.notices()))?;
    let mut beside = Companion { ghost, talk: Beside::default() };
    say(out, &beside.opening(replay))?;
    let mut last = clock.elapsed();
    let mut input_ended = false;
    loop {
        let due = replay.transport().next_change().map(|due| Duration::from_micros(due.0).max(GLANCE));
        if input_ended && due.is_none() {
            return Ok(Ended::Left);
        }
        let happening = queue.next(due).await;
        let passed = clock.elapsed().saturating_sub(last).min(LONGEST_GLANCE);
        last = clock.elapsed();
        let from = replay.transport().cursor();
        let micros = u64::try_from(passed.as_micros()).unwrap_or(u64::MAX);
        if replay.transport_mut().elapse(Span(micros)) {
            say(out, &news(replay, from))?;
            say(out, &beside.moved(replay, from))?;
        }
        match happening {
            None | Some(Happening::Continued | Happening::Resized | Happening::Recorded) => {}
            Some(Happening::Signal(signal)) => return Ok(Ended::Signal(signal)),
            Some(Happening::InputEnded) => input_ended = true,
            Some(Happening::Input(line)) => {
                let from = replay.transport().cursor();
                let said = match plain::replay_line(&line) {
                    ReplayLine::Note(text) => {
                        let at = replay.transport().now();
                        write(replay, data, Intent::Later(at, LaterAsk::Note(text)), clock)
                    }
                    ReplayLine::Bookmark => {
                        let what = replay.transport().bookmark_here();
                        write(replay, data, what, clock)
                    }
                    other => match answer(replay, ghost, other) {
                        Some(said) => said,
                        None => return Ok(Ended::Left),
                    },
                };
                say(out, &said)?;
                say(out, &beside.moved(replay, from))?;
            }
        }
    }
}

/// Writes a note or a bookmark, and says what came of it.
fn write(replay: &mut Replay, data: &DataDir, what: Intent, clock: &WallClock) -> Vec<Shown> {
    vec![match replay.write(data, what, clock.utc()) {
        Ok(said) => said.into(),
        Err(AfterwardsError::Refused(refusal)) => shown!("Not now: {}.", SafeText::one_line(&refusal.to_string())),
        Err(AfterwardsError::Desk(error)) => {
            shown!("Nothing is written; failed to {}", SafeText::one_line(&error.to_string()))
        }
    }]
}

/// Does what a line says, and says what came of it. Nothing: leave.
fn answer(replay: &mut Replay, ghost: Option<&Ghost>, line: ReplayLine) -> Option<Vec<Shown>> {
    let before = replay.transport().cursor();
    Some(match line {
        ReplayLine::Nothing | ReplayLine::Note(_) | ReplayLine::Bookmark => Vec::new(),
        ReplayLine::Quit => return None,
        ReplayLine::Help => plain::replay_help(),
        ReplayLine::Ghost => match ghost {
            Some(ghost) => plain::beside_table(ghost, at(replay), sight(replay)),
            None => {
                vec!["No earlier drill is beside this one; `firedrill replay --ghost last` begins with one.".into()]
            }
        },
        ReplayLine::Status => plain::replay_status(replay.transport()),
        ReplayLine::Wrong(why) => vec![why],
        ReplayLine::View(name) => match replay.look_as(&name) {
            Ok(()) => plain::replay_status(replay.transport()),
            Err(views) => vec![views.into()],
        },
        ReplayLine::Find(words) => {
            let found = replay.search(&words);
            match found {
                Some(line) if replay.transport().cursor() <= before => {
                    std::iter::once(shown!("Found: {}", line)).chain(moved(replay, before)).collect()
                }
                Some(_) => moved(replay, before),
                None => vec!["No line of the timeline holds these words.".into()],
            }
        }
        ReplayLine::Cue(cue) => {
            let said = replay.cue(cue);
            let mut lines = texts(said.as_slice());
            lines.extend(if replay.transport().cursor() == before { Vec::new() } else { moved(replay, before) });
            lines
        }
    })
}

/// The earlier drill beside the replay, and what was said of it.
struct Companion<'a> {
    ghost: Option<&'a Ghost>,
    talk: Beside,
}

impl Companion<'_> {
    fn opening(&mut self, replay: &Replay) -> Vec<Shown> {
        let Some(ghost) = self.ghost else { return Vec::new() };
        self.talk.catch_up(ghost, at(replay), sight(replay));
        vec![ghost.opening().into()]
    }

    /// What there is to say after a way forwards; nothing after one back.
    fn moved(&mut self, replay: &Replay, before: usize) -> Vec<Shown> {
        let Some(ghost) = self.ghost else { return Vec::new() };
        if replay.transport().cursor() < before {
            self.talk.catch_up(ghost, at(replay), sight(replay));
            return Vec::new();
        }
        self.talk.news(ghost, at(replay), sight(replay))
    }
}

fn at(replay: &Replay) -> (&View, DrillTime) {
    (replay.view(), replay.transport().now())
}

fn sight(replay: &Replay) -> Sight {
    Sight::beside(replay.view(), Some(replay.transport().viewer()))
}

/// What happened on the way forwards; after a way back, where the cursor is.
fn moved(replay: &Replay, before: usize) -> Vec<Shown> {
    let mut lines = if replay.transport().cursor() > before { news(replay, before) } else { Vec::new() };
    lines.extend(plain::replay_status(replay.transport()).into_iter().take(1));
    lines
}

/// What the timeline tells from the entry after so many on.
fn news(replay: &Replay, from: usize) -> Vec<Shown> {
    let Some(entry) = replay.transport().entry(from) else { return Vec::new() };
    plain::replay_news(replay.transport(), replay.words(), entry.seq)
}

fn texts(lines: &[SafeText]) -> Vec<Shown> {
    lines.iter().map(Shown::from).collect()
}

fn say(out: &mut impl Write, lines: &[Shown]) -> Result<(), RunError> {
    for line in lines {
        writeln!(out, "{}", plain_text(line)).map_err(RunError::Output)?;
    }
    out.flush().map_err(RunError::Output)
}
