//! `firedrill run`, and the lobby: opens a drill, new or old, and hands it to the loop that fits.

mod headless;

use std::io::IsTerminal;
use std::sync::Arc;

use super::args::{ALIAS, Args, Run};
use super::exit::{Exit, Failure, worded};
use super::{list, output, place};
use crate::host::beside::{self, LAST, This};
use crate::host::clock::WallClock;
use crate::host::desk::{Desk, DeskError, debrief_of, keep_summary};
use crate::host::session::Session;
use crate::host::shift::Shift;
use crate::host::{Ended, RunError, lines, screens};
use crate::tui::{App, Theme};
use firedrill_core::projection::Ghost;
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Scenario;
use firedrill_model::{SafeText, shown};
use firedrill_record::store::{DataDir, RecordState};

/// Runs a drill.
///
/// # Errors
/// When it can't be opened, or the terminal doesn't fit.
pub fn run(args: &Args, run: &Run) -> Result<Exit, Failure> {
    let clock = clock()?;
    if let Some(script) = &run.script {
        return headless::run(args, run, script, &clock);
    }
    let in_lines = plain(args);
    let (session, ghost) = if let Some(drill) = &run.resume {
        if !in_lines {
            screens_fit()?;
        }
        let desk = desk(args, run)?;
        let drill = place::drill(&desk.data, drill)?;
        let mut session = desk.resume(&drill, &clock)?;
        if let Some(name) = &run.name {
            session.hand_over(name, clock.utc()).map_err(DeskError::from)?;
        }
        let this = This::of(session.record().header(), session.scenario());
        let ghost = ghost(&desk.data, run.ghost.as_deref(), &this)?;
        (session, ghost)
    } else {
        let (scenario, text) = offer(args, run)?;
        if !in_lines {
            screens_fit()?;
        }
        let desk = desk(args, run)?;
        // Before anything begins: a drill is not started when what was to be beside it isn't there.
        let ghost = ghost(&desk.data, run.ghost.as_deref(), &This::to_begin(&scenario, &text, clock.utc()))?;
        (desk.begin(scenario, &text, run.seed, &clock)?, ghost)
    };
    if in_lines {
        return line_by_line(session, ghost.as_ref(), &clock);
    }
    on_screens(args, desk(args, run)?, Some((session, ghost)), clock)
}

/// The machine's clock, if a drill can be dated by it.
pub(super) fn clock() -> Result<WallClock, Failure> {
    dated(WallClock::machine())
}

fn dated(clock: WallClock) -> Result<WallClock, Failure> {
    if clock.is_set() {
        return Ok(clock);
    }
    Err(Failure::Outside(shown!(
        "failed to date the drill: the clock of this machine stands at {}, before 1970; set it (with `date`, or by a time server), then try again",
        SafeText::one_line(&clock.utc().to_rfc3339())
    )))
}

/// The earlier drill that was asked for, to be beside `this` one.
pub(super) fn ghost(data: &DataDir, asked: Option<&str>, this: &This) -> Result<Option<Ghost>, Failure> {
    let Some(name) = asked else { return Ok(None) };
    if name == LAST {
        return Ok(Some(beside::last(data, this)?));
    }
    Ok(Some(beside::named(data, this, &place::drill(data, name)?)?))
}

/// The lobby.
///
/// # Errors
/// When the terminal doesn't fit.
pub fn lobby(args: &Args) -> Result<Exit, Failure> {
    if plain(args) {
        let advice = "the lobby needs screens; in plain mode name a verb: `firedrill --plain run SCENARIO` (`firedrill list` shows the scenarios, `firedrill --plain history` and `firedrill improve` what was and what is to change)";
        return Err(Failure::Usage(advice.into()));
    }
    screens_fit()?;
    let desk = Desk { data: place::data_dir(args)?, alias: ALIAS.into(), pace: None };
    on_screens(args, desk, None, clock()?)
}

pub(super) fn desk(args: &Args, run: &Run) -> Result<Desk, Failure> {
    Ok(Desk { data: place::data_dir(args)?, alias: run.name.clone().unwrap_or_else(|| ALIAS.into()), pace: run.pace })
}

/// The scenario that was asked for, and its text.
fn offer(args: &Args, run: &Run) -> Result<(Arc<Scenario>, String), Failure> {
    let wanted =
        run.scenario.as_deref().ok_or_else(|| Failure::Usage("name a scenario; `firedrill list` shows them".into()))?;
    let offer = place::scenario(args, wanted)?;
    let scenario = offer.scenario().map_err(|problems| Failure::Mistakes(output::rendered(args, &problems)))?;
    Ok((scenario, offer.text))
}

/// Plain mode is asked for, or the terminal can do nothing else.
pub(super) fn plain(args: &Args) -> bool {
    args.plain || std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

pub(super) fn screens_fit() -> Result<(), Failure> {
    if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        return Ok(());
    }
    let advice =
        "this needs a terminal; use --plain to run it line by line, or --script FILE --headless to let a script play";
    Err(Failure::Usage(advice.into()))
}

fn line_by_line(mut session: Session, ghost: Option<&Ghost>, clock: &WallClock) -> Result<Exit, Failure> {
    let mut out = std::io::stdout();
    let report = |session: &Session| firedrill_report::markdown::render(&debrief_of(session));
    let ended = block_on(lines::run(&mut session, (ghost, None), clock, &mut out, &report));
    bring_home(&mut session, clock)?;
    let exit = finish(ended)?;
    say_where(&session);
    Ok(exit)
}

fn on_screens(
    args: &Args,
    desk: Desk,
    session: Option<(Session, Option<Ghost>)>,
    clock: WallClock,
) -> Result<Exit, Failure> {
    let theme = if output::use_color(args, &std::io::stdout()) { Theme::sixteen() } else { Theme::mono() };
    let mut app = App::new(theme);
    let (session, ghost) = session.unzip();
    let mut shift = Shift::new(desk, list::all(args), session, clock);
    shift.put_beside(ghost.flatten(), &mut app);
    let ended = block_on(screens::run(&mut shift, app));
    let clock = shift.clock().clone();
    if let Some(session) = shift.session_mut() {
        bring_home(session, &clock)?;
    }
    let exit = finish(ended)?;
    if let Some(session) = shift.session() {
        say_where(session);
    }
    Ok(exit)
}

pub(super) fn finish(ended: Result<Ended, RunError>) -> Result<Exit, Failure> {
    match ended {
        Ok(Ended::Closed | Ended::Left) => Ok(Exit::Done),
        Ok(Ended::Signal(signal)) => Ok(Exit::Signal(signal)),
        Err(RunError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(Failure::NobodyReads),
        Err(error) => Err(Failure::Outside(shown!("failed to {}", worded(&error)))),
    }
}

/// Tries a last time to record what could not be recorded, and keeps the summary.
pub(super) fn bring_home(session: &mut Session, clock: &WallClock) -> Result<(), Failure> {
    // Failing is told by what is left of it.
    let _ = session.finish(clock.utc());
    if session.is_recording() && session.unstored() == 0 {
        cache_summary(session);
        return Ok(());
    }
    let tried = session.retry(clock.utc());
    let lost = session.unstored();
    tried.map_err(|fault| {
        Failure::Outside(shown!(
            "failed to {}. Not recorded: the last {} entries of {}",
            worded(&fault),
            lost,
            session.name()
        ))
    })
}

/// Keeps the summary. It is a cache that can always be made anew: without it nothing is lost.
fn cache_summary(session: &mut Session) {
    if let Err(fault) = keep_summary(session) {
        output::aside(&shown!(
            "The summary was not kept, and is made anew when it is needed: failed to {}",
            worded(&fault)
        ));
    }
}

/// Says where a part of the record is that could not be kept in its folder.
fn say_elsewhere(session: &Session) {
    if let RecordState::Elsewhere { folder, why } = session.record().state() {
        output::aside(&shown!(
            "A part of the record is in {} ({}). `firedrill debrief` finds it there; taking the drill up again brings it home.",
            place::shown(folder),
            why
        ));
    }
}

/// Says what to do with the record.
pub(super) fn say_where(session: &Session) {
    let name = session.name();
    say_elsewhere(session);
    if session.drill().phase() == Phase::Closed {
        output::aside(&shown!(
            "{} is closed. Read it: firedrill debrief {}\nIts record ends with: {}",
            name,
            name,
            session.record().head_words()
        ));
    } else {
        output::aside(&shown!("{} is kept. Take it up again: firedrill run --resume {}", name, name));
    }
}

/// Runs a loop on this thread.
pub(super) fn block_on<T>(what: impl Future<Output = Result<T, RunError>>) -> Result<T, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::Signals)?;
    let result = runtime.block_on(what);
    // A thread that waits for a key can't be ended; the program doesn't wait for it.
    runtime.shutdown_background();
    result
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn a_clock_before_1970_dates_no_drill_and_is_told_in_words() {
        let standing = |at: TimeDelta| dated(WallClock::hands(DateTime::UNIX_EPOCH + at));
        assert!(standing(TimeDelta::zero()).is_ok());
        let Err(Failure::Outside(why)) = standing(TimeDelta::days(-1)) else { panic!("it is refused") };
        for part in ["1969-12-31", "before 1970", "set it"] {
            assert!(why.as_str().contains(part), "{part} is missing in: {why}");
        }
    }
}
