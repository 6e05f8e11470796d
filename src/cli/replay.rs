//! `firedrill replay [DRILL]`: an old drill again, on the same screens, or line by line.

use super::args::{self, ALIAS, Args};
use super::exit::{Exit, Failure, worded};
use super::{output, place, run};
use crate::host::clock::WallClock;
use crate::host::desk::Desk;
use crate::host::replay::Replay;
use crate::host::shift::Shift;
use crate::host::{replay_lines, screens};
use crate::tui::{App, Theme};
use firedrill_core::projection::moment::read_t;

/// Replays a drill.
///
/// # Errors
/// When there is no such drill, it can't be read, or the terminal doesn't fit.
pub fn run(args: &Args, verb: &args::Replay) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = match &verb.drill {
        Some(name) => place::drill(&data, name)?,
        None => place::latest_drill(&data)?,
    };
    let at = verb.at.as_deref().map(read_t).transpose().map_err(Failure::Usage)?;
    let in_lines = run::plain(args);
    if !in_lines {
        run::screens_fit()?;
    }
    // Whose views there are is known once all is read; and what is told line by line begins with how the record stands.
    let wait = in_lines || verb.view.is_some();
    let mut replay = if wait { Replay::open(&data, &drill, at)? } else { Replay::begin(&data, &drill, at)? };
    if let Some(view) = &verb.view {
        replay.look_as(view).map_err(|views| Failure::Usage(worded(&views).into()))?;
    }
    let ghost = run::ghost(&data, verb.ghost.as_deref(), replay.this())?;
    let clock = WallClock::machine();
    if in_lines {
        let mut out = std::io::stdout();
        return run::finish(run::block_on(replay_lines::run(&mut replay, &data, ghost.as_ref(), &clock, &mut out)));
    }
    let theme = if output::use_color(args, &std::io::stdout()) { Theme::sixteen() } else { Theme::mono() };
    let mut app = App::new(theme);
    let desk = Desk { data, alias: ALIAS.into(), pace: None };
    let mut shift = Shift::replaying(desk, replay, clock, &mut app);
    shift.put_beside(ghost, &mut app);
    run::finish(run::block_on(screens::run(&mut shift, app)))
}
