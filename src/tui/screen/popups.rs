//! Overlays: help, palette, questions with yes and no, and texts that are being written.

use ratatui::layout::Rect;

use super::dialogue::{input, within};
use super::{Look, detail, editor, marker, respond};
use crate::tui::app::{App, Confirm, Popup, entries};
use crate::tui::canvas::{Canvas, Hit, Line, widened};
use crate::tui::keymap::{self, Dialogue, Do, InDialogue, Move, Where};
use crate::tui::pane::Pane;
use crate::tui::scene::{DrillScene, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widget::field::Field;
use crate::tui::widget::{list, text};
use firedrill_model::phase::Phase;
use firedrill_model::{Joined, Shown, shown};

/// Draws what is open, if anything is.
pub(super) fn draw(canvas: &mut Canvas<'_>, app: &App, scene: &Scene<'_>) {
    let Some(popup) = &app.popup else { return };
    let keys = Rect { y: canvas.area().height.saturating_sub(2), height: 1, ..canvas.area() };
    match (popup, scene) {
        (Popup::Help { places, scroll }, _) => help(canvas, places, *scroll),
        (Popup::Palette { filter, row }, _) => palette(canvas, app, scene, filter, *row),
        (Popup::Confirm(confirm), Scene::Drill(drill)) => self::confirm(canvas, *confirm, drill),
        (Popup::Editor(text), _) => editor::draw(canvas, text, scene),
        (Popup::Improvement(improvement), _) => editor::improvement(canvas, improvement),
        (Popup::Detail { of, scroll }, Scene::Drill(drill)) => detail::draw(canvas, Look { app, drill }, of, *scroll),
        (Popup::Respond(respond), Scene::Drill(drill)) => respond::draw(canvas, Look { app, drill }, respond),
        (Popup::Filter(_), _) => return,
        _ => {}
    }
    // The keys stay in reach of the mouse: a dialogue hides everything else from it.
    super::edges::keys(canvas, keys, app, scene);
}

/// What to do where the terminal takes nothing into its clipboard.
const COPYING: &str = "Copying goes through the terminal (OSC 52). Where nothing arrives, the terminal refuses it. In tmux: set -g \
    set-clipboard on. Anywhere: hold Shift (Option on a Mac) and select with the mouse. Without a mouse: firedrill run --plain --resume \
    prints a record with logs open N.";

fn help(canvas: &mut Canvas<'_>, places: &[Where], scroll: u16) {
    let bindings = keymap::reachable(places);
    let mut lines = Vec::new();
    for place in places {
        let mut here = bindings.iter().filter(|line| line.at == *place).peekable();
        if here.peek().is_none() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::from(canvas.span(place.label(), Meaning::Strong)));
        for line in here {
            let keys: Vec<Shown> = line.keys.iter().map(|key| key.label()).collect();
            lines.push(Line::from(vec![
                canvas.span(text::pad(&shown!("  {}", keys.joined(" ")), 18), Meaning::Key),
                canvas.span(line.long, Meaning::Plain),
            ]));
        }
        if matches!(place, Where::Dialogue(Dialogue::Detail) | Where::Pane(Pane::Logs)) {
            lines.extend(text::paragraph(COPYING, 84, canvas.style(Meaning::Faint)));
        }
    }
    if places.iter().any(|place| matches!(place, Where::Dialogue(dialogue) if dialogue.takes_text())) {
        lines.push(Line::default());
        lines.push(Line::from(
            canvas.span("Letters are text here. Ctrl-W deletes a word, Ctrl-U everything before.", Meaning::Faint),
        ));
    }
    lines.push(Line::default());
    lines.push(Line::from(
        canvas.span("The mouse works everywhere: click, wheel, right button for one step back.", Meaning::Faint),
    ));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inside = canvas.popup(within(canvas), 88, height, "Keys of where you are");
    canvas.document(inside, None, &lines, scroll);
}

fn palette(canvas: &mut Canvas<'_>, app: &App, scene: &Scene<'_>, filter: &Field, chosen: usize) {
    let inside = canvas.popup(within(canvas), 88, 26, "Everything you can do");
    input(canvas, Rect { height: 1, ..inside }, "> ", filter);
    let found = entries(app, scene);
    let body = Rect { y: inside.y.saturating_add(2), height: inside.height.saturating_sub(2), ..inside };
    if found.is_empty() {
        canvas.line(body, &Line::from(canvas.span("Nothing has all these words.", Meaning::Faint)));
    }
    let shown = list::window(found.len(), chosen, usize::from(body.height));
    canvas.scrollbar(widened(body), found.len(), shown.start);
    for (place, at) in body.rows().zip(shown) {
        let Some(entry) = found.get(at) else { continue };
        let greyed = entry.why_not.is_some();
        let right = match &entry.why_not {
            Some(why) => canvas.span(shown!(" {}", text::cut(why, 44)), Meaning::Faint),
            None => canvas.span(shown!(" {}", entry.keys), Meaning::Key),
        };
        let rest = canvas.line_right(place, &Line::from(right));
        let meaning = if greyed { Meaning::Faint } else { Meaning::Plain };
        let line = Line::from(vec![
            canvas.span(marker(at == chosen), Meaning::Plain),
            canvas.span(if greyed { "not now: " } else { "" }, meaning),
            canvas.span(entry.text.clone(), meaning),
        ]);
        canvas.line(rest, &line);
        if at == chosen {
            canvas.tint(place, Meaning::Selected);
        }
        canvas.hit(place, Hit::Row(at));
    }
}

fn confirm(canvas: &mut Canvas<'_>, confirm: Confirm, drill: &DrillScene<'_>) {
    let (title, words, yes, no) = match confirm {
        Confirm::Leave => (
            "Leave the drill?",
            shown!("It is kept on disk as {} and can be taken up where it is:\n\nfiredrill run --resume {}", drill.drill, drill.drill),
            "leave",
            "stay",
        ),
        Confirm::Next(Phase::Experiment) => (
            "End the experiment?",
            "What is still running is left as it is. Verify then holds what happened against what was expected; there is no way back into the experiment.".into(),
            "end it and go on to Verify",
            "respond on",
        ),
        Confirm::Next(_) => (
            "Close the drill?",
            "The drill ends here. Its debrief stays open to read, and a replay takes notes.".into(),
            "close it",
            "write on",
        ),
    };
    let lines = text::paragraph(&words, 58, canvas.style(Meaning::Plain));
    let height = u16::try_from(lines.len()).unwrap_or(0).saturating_add(6);
    let inside = canvas.popup(within(canvas), 62, height, title);
    let body = inside.inner(ratatui::layout::Margin::new(0, 1));
    canvas.lines(Rect { height: body.height.saturating_sub(1), ..body }, &lines, 0);
    let foot = Rect { y: body.bottom().saturating_sub(1), height: 1, ..body };
    let answers = [("[Enter] ", yes, Do::Dialogue(InDialogue::Accept)), ("[Esc] ", no, Do::Move(Move::Back))];
    let mut x = foot.x;
    for (key, word, act) in answers {
        let line = Line::from(vec![canvas.span(key, Meaning::Key), canvas.span(word, Meaning::Strong)]);
        let wide = u16::try_from(line.width()).unwrap_or(u16::MAX);
        let place = Rect { x, width: wide.min(foot.right().saturating_sub(x)), ..foot };
        canvas.line(place, &line);
        canvas.hit(place, Hit::Act(act));
        x = x.saturating_add(wide + 4);
    }
}
