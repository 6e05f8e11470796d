//! The three questions after a step. The box never takes the focus; its keys work from anywhere.

use ratatui::layout::Rect;

use super::Look;
use crate::tui::app::Asked;
use crate::tui::canvas::{Canvas, Hit, Line, Span};
use crate::tui::keymap::{Answering, Do, Open};
use crate::tui::theme::Meaning;
use crate::tui::widget::text;
use firedrill_core::projection::view::{StepEnd, StepHow, StepView};
use firedrill_model::id::StepId;
use firedrill_model::{Shown, shown};

/// Words for the levels of confidence.
const LEVELS: [&str; 5] = ["lost", "unsure", "fairly", "sure", "certain"];

/// Draws the box.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>) {
    let Some((step, asked)) = look.app.asked(look.drill) else { return };
    let model = look.view().scenario.playbook.steps.iter().find(|model| model.id == step);
    let title = model.map_or_else(|| Shown::from(&step), |model| Shown::from(&model.title));
    let number = match asked {
        Asked::Confidence => "1 of 3",
        Asked::Where => "2 of 3",
        Asked::Whom => "3 of 3",
        Asked::Words => "thank you",
    };
    let more = more(look, &step);
    let room = usize::from(area.width).saturating_sub(29 + more.chars().count());
    let head = Line::from(vec![
        canvas.span(" Question ", Meaning::Focus),
        canvas.span(shown!("{} · after: {} {}", number, text::cut(title, room), more), Meaning::Faint),
    ]);
    let inside = canvas.frame(area, head, false).inner(ratatui::layout::Margin::new(1, 0));
    canvas.hit(inside, Hit::Nothing);
    let words = match asked {
        Asked::Confidence => "How confident are you of what is going on?",
        Asked::Where => "Did you know where to look?",
        Asked::Whom => "Did you know whom to escalate to?",
        Asked::Words => "Answered. A line of text may follow.",
    };
    let mut y = inside.y;
    for line in text::paragraph(words, inside.width, canvas.style(Meaning::Strong)) {
        canvas.line(Rect { y, height: 1, ..inside }, &line);
        y = y.saturating_add(1);
    }
    let y = if inside.height > 4 { y.saturating_add(1) } else { y };
    let keys = Rect { y, height: 1, ..inside };
    buttons(canvas, keys, &answers(asked));
    let foot = Rect { y: inside.bottom().saturating_sub(1).max(y.saturating_add(1)), height: 1, ..inside };
    // In a replay it is only seen what was asked; its keys do other things there.
    if foot.y < area.bottom().saturating_sub(1) && look.drill.replay.is_none() {
        let mut more = vec![("m", "add a line", Do::Open(Open::Words)), ("Esc", "pass", Do::Answer(Answering::Pass))];
        if asked != Asked::Confidence {
            more.insert(0, ("Backspace", "again", Do::Answer(Answering::Again)));
        }
        buttons(canvas, foot, &more);
    }
}

/// Which of the steps that one response ended this is, and how many questions wait behind it.
fn more(look: Look<'_>, step: &StepId) -> Shown {
    let playbook = &look.view().playbook;
    let run_of = |step: &StepView| match &step.end {
        Some(StepEnd { how: StepHow::Done(Some(run)), .. }) => Some(*run),
        _ => None,
    };
    let run = playbook.steps.iter().find(|of| of.id == *step).and_then(run_of);
    let at_once = |of: &&StepView| run.is_some() && run_of(of) == run;
    let together: Vec<&StepId> = playbook.steps.iter().filter(at_once).map(|of| &of.id).collect();
    let waiting = playbook.waiting.len();
    let (own, behind) = match together.iter().position(|of| *of == step) {
        Some(at) if together.len() > 1 => (shown!("· step {} of {} ", at + 1, together.len()), together.len() - at - 1),
        _ => (Shown::default(), 0),
    };
    // Those that the same response ended are counted already.
    if waiting > behind { shown!("{}· {} more ", own, waiting - behind) } else { own }
}

type Button = (&'static str, &'static str, Do);

fn answers(asked: Asked) -> Vec<Button> {
    match asked {
        Asked::Confidence => {
            let keys = ["1", "2", "3", "4", "5"].into_iter().zip(LEVELS).zip(1..);
            keys.map(|((key, word), level)| (key, word, Do::Answer(Answering::Confidence(level)))).collect()
        }
        Asked::Where | Asked::Whom => {
            vec![("y", "yes", Do::Answer(Answering::Yes)), ("n", "no", Do::Answer(Answering::No))]
        }
        Asked::Words => Vec::new(),
    }
}

fn buttons(canvas: &mut Canvas<'_>, area: Rect, all: &[Button]) {
    let mut x = area.x;
    for (key, word, act) in all {
        let spans: Vec<Span> = vec![canvas.span(*key, Meaning::Key), canvas.span(shown!(" {}", word), Meaning::Plain)];
        let line = Line::from(spans);
        let wide = u16::try_from(line.width()).unwrap_or(u16::MAX);
        let place = Rect { x, width: wide.min(area.right().saturating_sub(x)), ..area };
        canvas.line(place, &line);
        canvas.hit(place, Hit::Act(*act));
        x = x.saturating_add(wide + 3);
    }
}
