//! What happened, with notes.

use ratatui::layout::Rect;

use super::{Look, ghost, marker, row};
use crate::tui::app::timeline;
use crate::tui::canvas::{Canvas, Hit, Line};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::list;
use firedrill_core::projection::view::{Lane, TimelineLine};
use firedrill_model::{Joined, Shown, shown};

/// Draws the pane.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let area = ghost::table(canvas, area, look);
    let lines = timeline(look.drill);
    if lines.is_empty() {
        canvas.line(area, &Line::from(canvas.span("  Nothing has happened yet. w writes a note.", Meaning::Faint)));
        return;
    }
    let chosen = look.app.row(look.drill, Pane::Timeline);
    let shown = list::window(lines.len(), chosen, usize::from(area.height));
    canvas.scrollbar(area, lines.len(), shown.start);
    for (place, at) in area.rows().zip(shown) {
        let Some(happened) = lines.get(at) else { continue };
        let line = line(canvas, look, happened, at == chosen && focused);
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Timeline, at));
    }
}

fn line(canvas: &Canvas<'_>, look: Look<'_>, happened: &TimelineLine, chosen: bool) -> Line {
    let meaning = match happened.lane {
        Lane::Detection => Meaning::Caution,
        Lane::People => Meaning::Strong,
        Lane::Adversary => Meaning::Bad,
        Lane::Drill | Lane::World | Lane::Inject => Meaning::Plain,
    };
    let remark = happened.words.as_ref().map(|words| one_line(&look.drill.words.read(words)));
    let mut spans = vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(shown!("{:>7}  ", look.clock(happened.stamp.at)), Meaning::Faint),
        canvas.span(shown!("{:<10}", happened.lane.label()), Meaning::Faint),
        canvas.span(Shown::from(&happened.text(look.drill.view)).one_line(), meaning),
    ];
    spans.extend(remark.map(|remark| canvas.span(shown!("  \"{}\"", remark), Meaning::Plain)));
    Line::from(spans)
}

/// A remark on one line; where its own lines end is shown.
fn one_line(remark: &Shown) -> Shown {
    remark.parted(0, |text, _| text.split('\n').map(str::to_owned).collect()).joined(" ⏎ ")
}
