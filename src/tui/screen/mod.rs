//! The screens. Each file draws one thing from the scene and the app's state, and changes neither.

mod briefing;
mod clocks;
mod console;
mod detail;
mod dialogue;
mod edges;
mod editor;
mod findings;
mod frame;
mod ghost;
mod history;
mod hypothesis;
mod improve;
mod improvements;
mod layout;
mod listing;
mod lobby;
mod logs;
mod playbook;
mod popups;
mod question;
mod replay;
mod respond;
mod room;
mod services;
mod signals;
mod timeline;
mod topology;
mod verify;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::app::App;
use super::canvas::{Canvas, Findings, Line};
use super::scene::{DrillScene, Scene};
use super::theme::Meaning;
use super::widget::text;
use firedrill_core::projection::View;
use firedrill_model::{DrillTime, Guess, Shown, Span, shown};

/// The smallest screen that is drawn.
pub(super) const LEAST: (u16, u16) = (60, 16);

/// What panes of a drill are drawn from.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub app: &'a App,
    pub drill: &'a DrillScene<'a>,
}

impl<'a> Look<'a> {
    pub fn view(&self) -> &'a View {
        self.drill.view
    }

    /// A moment as T.
    pub fn clock(&self, at: DrillTime) -> Shown {
        self.drill.zero().t(at)
    }

    /// How long ago something was.
    pub fn ago(&self, at: DrillTime) -> Shown {
        self.drill.now.since(at).clock()
    }
}

/// Draws everything.
pub(super) fn draw(buffer: &mut Buffer, app: &App, scene: &Scene<'_>) -> Findings {
    let mut canvas = Canvas::new(buffer, app.theme());
    let area = canvas.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(&mut canvas);
        return canvas.found;
    }
    match scene {
        Scene::Lobby(lobby) => lobby::draw(&mut canvas, app, scene, lobby),
        Scene::History(view) => history::draw(&mut canvas, app, scene, view),
        Scene::Improvements(view) => improvements::draw(&mut canvas, app, scene, view),
        Scene::Drill(drill) => layout::draw(&mut canvas, Look { app, drill }, scene),
    }
    popups::draw(&mut canvas, app, scene);
    canvas.found
}

fn too_small(canvas: &mut Canvas<'_>) {
    let area = canvas.area();
    let sentence = shown!(
        "This screen needs {}x{}, it has {}x{}. Enlarge it, or run with --plain.",
        LEAST.0,
        LEAST.1,
        area.width,
        area.height
    );
    let lines = text::paragraph(&sentence, area.width, canvas.style(Meaning::Plain));
    canvas.lines(area, &lines, 0);
}

/// A label and a figure: `TTD  02:58`.
fn pair(canvas: &Canvas<'_>, label: impl Into<Shown>, width: usize, value: impl Into<Shown>, meaning: Meaning) -> Line {
    Line::from(vec![canvas.span(text::pad(label, width), Meaning::Faint), canvas.span(value, meaning)])
}

/// A bar of `width` cells.
fn bar(share: f64, width: u16) -> Shown {
    let full = usize::from(width);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=width first")]
    let done = (share.clamp(0.0, 1.0) * f64::from(width)) as usize;
    shown!("{}{}", Shown::repeated("▓", done), Shown::repeated("░", full.saturating_sub(done)))
}

/// The share of `whole` that `part` is.
fn share(part: Span, whole: Span) -> f64 {
    if whole.0 == 0 { 1.0 } else { part.as_secs_f64() / whole.as_secs_f64() }
}

/// What a guess of all signals is called where there is little room.
fn short(guess: Guess) -> &'static str {
    match guess {
        Guess::Stays => "all stay within",
        Guess::Brief => "one leaves < 5 min",
        Guess::Long => "one leaves longer",
        Guess::NoIdea => "no idea",
    }
}

/// The sign before a row: the chosen one is marked, without colour too.
fn marker(chosen: bool) -> &'static str {
    if chosen { "> " } else { "  " }
}

/// A row of a list: what is chosen in the pane with the focus is reversed.
fn row(canvas: &mut Canvas<'_>, area: Rect, line: &Line, chosen: bool, focused: bool) {
    canvas.line(area, line);
    if chosen && focused {
        canvas.tint(area, Meaning::Selected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_wide_as_it_is_asked_to_be() {
        for share in [-1.0, 0.0, 0.5, 1.0, 7.0, f64::NAN] {
            assert_eq!(bar(share, 10).chars().count(), 10);
        }
    }
}
