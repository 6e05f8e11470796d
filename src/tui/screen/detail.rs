//! A finding, a message or a log record in full: its fields, and its document as the provider writes it.

use ratatui::layout::{Constraint, Layout, Rect};

use super::Look;
use crate::tui::app::{self, Detail};
use crate::tui::canvas::{Canvas, Line};
use crate::tui::theme::{self, Meaning};
use crate::tui::widget::text;
use firedrill_core::projection::view::{FindingRow, LogRow};
use firedrill_model::{Finding, SafeText, Shown, shown};

/// Draws the thing over everything but the edges.
pub(super) fn draw(canvas: &mut Canvas<'_>, look: Look<'_>, of: &Detail, scroll: u16) {
    let area = canvas.area();
    let within = Rect { y: 2, height: area.height.saturating_sub(4), ..area };
    let view = look.view();
    match of {
        Detail::Finding(id) => {
            let Some(row) = view.board.finding(id) else { return };
            let inside = canvas.popup(within, area.width, within.height, "Finding");
            finding(canvas, inside, look, row, scroll);
        }
        Detail::Message(id) => {
            let row = view.board.message(id);
            let Some(inject) = row.and_then(|row| row.message.as_ref()) else { return };
            let inside = canvas.popup(within, 76, 14, "Message");
            let at = row.map(|row| look.clock(row.stamp.at));
            let mut lines = Vec::new();
            label(canvas, &mut lines, "From", &inject.from, inside.width);
            label(canvas, &mut lines, "By", &inject.via, inside.width);
            label(canvas, &mut lines, "At", at.unwrap_or_default(), inside.width);
            lines.push(Line::default());
            lines.extend(text::paragraph(&inject.text, inside.width, canvas.style(Meaning::Strong)));
            canvas.document(inside, None, &lines, scroll);
        }
        Detail::Record(number) => {
            let inside = canvas.popup(within, area.width, within.height, "Log record");
            match view.board.record(*number) {
                Some(record) => {
                    let lines = record_lines(canvas, look, record, inside.width);
                    canvas.document(inside, None, &lines, scroll);
                }
                None => canvas.line(inside, &Line::from("The record is older than what is kept on the screen.")),
            }
        }
        Detail::Line(seq, nth) => {
            let Some(line) = app::line(look.drill, *seq, *nth) else { return };
            let inside = canvas.popup(within, 90, 18, "What happened");
            let mut lines = Vec::new();
            label(canvas, &mut lines, "At", look.clock(line.stamp.at), inside.width);
            label(canvas, &mut lines, "UTC", line.stamp.utc.format("%Y-%m-%d %H:%M:%S"), inside.width);
            label(canvas, &mut lines, "Lane", line.lane.label(), inside.width);
            lines.push(Line::default());
            lines.extend(text::paragraph(line.text(look.drill.view), inside.width, canvas.style(Meaning::Strong)));
            if let Some(words) = &line.words {
                lines.push(Line::default());
                lines.extend(text::paragraph(look.drill.words.read(words), inside.width, canvas.style(Meaning::Plain)));
            }
            canvas.document(inside, None, &lines, scroll);
        }
    }
}

fn label(canvas: &Canvas<'_>, lines: &mut Vec<Line>, name: impl Into<Shown>, value: impl Into<Shown>, width: u16) {
    let head = canvas.span(text::pad(name, 13), Meaning::Faint);
    lines.extend(text::labelled(head, value, width, canvas.style(Meaning::Plain)));
}

fn finding(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, row: &FindingRow, scroll: u16) {
    let wide = area.width >= 100;
    let columns = if wide {
        [Constraint::Percentage(45), Constraint::Percentage(55)]
    } else {
        [Constraint::Min(0), Constraint::Length(0)]
    };
    let [left, right] = Layout::horizontal(columns).spacing(u16::from(wide) * 2).areas(area);
    let mut lines = fields(canvas, look, row, left.width);
    if wide {
        canvas.lines(left, &lines, 0);
        let document = document(canvas, &row.finding, right.width);
        canvas.document(right, None, &document, scroll);
    } else {
        lines.push(Line::default());
        lines.extend(document(canvas, &row.finding, left.width));
        canvas.document(left, None, &lines, scroll);
    }
}

fn fields(canvas: &Canvas<'_>, look: Look<'_>, row: &FindingRow, width: u16) -> Vec<Line> {
    let finding = &row.finding;
    let scenario = &look.view().scenario;
    let (sign, word, meaning) = theme::severity(finding.severity);
    let mut lines =
        vec![Line::from(canvas.span(shown!("{} {}  severity {:.1}", sign, word, finding.severity), meaning))];
    lines.extend(text::paragraph(&finding.title, width, canvas.style(Meaning::Strong)));
    lines.push(Line::default());
    lines.extend(text::paragraph(&finding.description, width, canvas.style(Meaning::Plain)));
    lines.push(Line::default());
    let detector = scenario.detectors.iter().find(|detector| detector.id == finding.detector);
    let via = row.via.as_ref().map_or_else(
        || Shown::from("nobody was told; somebody looked"),
        |id| {
            scenario
                .channels
                .iter()
                .find(|channel| channel.id == *id)
                .map_or_else(|| id.into(), |channel| Shown::from(&channel.title))
        },
    );
    let ack = row.acknowledged.map_or_else(|| "not yet; a takes it on".into(), |stamp| look.clock(stamp.at));
    label(canvas, &mut lines, "Type", &finding.kind, width);
    label(canvas, &mut lines, "Resource", &finding.resource, width);
    label(
        canvas,
        &mut lines,
        "Detector",
        detector.map_or_else(Shown::default, |detector| Shown::from(&detector.title)),
        width,
    );
    label(canvas, &mut lines, "First seen", look.clock(finding.first_seen), width);
    label(canvas, &mut lines, "Last seen", look.clock(finding.last_seen), width);
    label(canvas, &mut lines, "Count", Shown::from(&finding.count), width);
    label(canvas, &mut lines, "Told by", via, width);
    label(canvas, &mut lines, "Told at", look.clock(row.seen.at), width);
    label(canvas, &mut lines, "Acknowledged", &ack, width);
    let judged = row.judged.as_ref().map_or_else(
        || "not yet; o: ours, x: noise".into(),
        |(stamp, _, judgement)| shown!("{} at {}", judgement.label(), look.clock(stamp.at)),
    );
    label(canvas, &mut lines, "Judged", &judged, width);
    label(canvas, &mut lines, "Account", &scenario.account.id, width);
    label(canvas, &mut lines, "Region", &scenario.account.region, width);
    lines
}

fn document(canvas: &Canvas<'_>, finding: &Finding, width: u16) -> Vec<Line> {
    let mut lines = vec![Line::from(canvas.span("As the provider writes it", Meaning::Strong))];
    lines.extend(json(canvas, &finding.document, width));
    lines
}

/// JSON with its indents; text that isn't JSON as it is.
fn json(canvas: &Canvas<'_>, raw: &SafeText, width: u16) -> Vec<Line> {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(raw.as_str()).is_ok();
    let raw = Shown::from(raw);
    let shown = if is_json { raw.rebuilt(0, |text, _| indented(text)) } else { raw };
    text::paragraph(shown, width, canvas.style(Meaning::Plain))
}

/// JSON on several lines. Order and escapes stay as they were written.
fn indented(raw: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut chars = raw.chars().filter(|c| *c != '\n').peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if !escaped => {
                quoted = !quoted;
                out.push(c);
            }
            _ if quoted => out.push(c),
            '{' | '[' if matches!(chars.peek(), Some('}' | ']')) => out.push(c),
            '{' | '[' => {
                depth = (depth + 1).min(40);
                out.push_str(&format!("{c}\n{}", "  ".repeat(depth)));
            }
            '}' | ']' if matches!(out.chars().next_back(), Some('{' | '[')) => out.push(c),
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                out.push_str(&format!("\n{}{c}", "  ".repeat(depth)));
            }
            ',' => out.push_str(&format!(",\n{}", "  ".repeat(depth))),
            ':' => out.push_str(": "),
            ' ' => {}
            _ => out.push(c),
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    out
}

/// A record with its fields, its mark, and its text as the source writes it.
pub(super) fn record_lines(canvas: &Canvas<'_>, look: Look<'_>, row: &LogRow, width: u16) -> Vec<Line> {
    let record = &row.record;
    let mut lines = Vec::new();
    label(canvas, &mut lines, "Source", record.source.label(), width);
    label(canvas, &mut lines, "Happened", look.clock(record.happened), width);
    let late = row.delivered.since(record.happened).clock();
    label(canvas, &mut lines, "Arrived", &shown!("{}, {} later", look.clock(row.delivered), late), width);
    label(canvas, &mut lines, "Summary", record.summary(), width);
    if let Some(marked) = look.view().people.evidence.iter().find(|marked| marked.row.record.id == row.record.id) {
        let note =
            marked.note.as_ref().map_or_else(|| "marked, without a remark".into(), |note| look.drill.words.read(note));
        label(canvas, &mut lines, "◆ Evidence", note, width);
    }
    lines.push(Line::default());
    lines.extend(json(canvas, record.raw(), width));
    lines
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn json_keeps_its_order_and_its_escapes() {
        let raw = r#"{"b":1,"a":[],"c":{"x":"q\"}:, \u001b","y":[true, null]}}"#;
        let lines: Vec<String> = indented(raw).lines().map(str::to_owned).collect();
        assert_eq!(
            lines,
            [
                "{",
                r#"  "b": 1,"#,
                r#"  "a": [],"#,
                r#"  "c": {"#,
                r#"    "x": "q\"}:, \u001b","#,
                r#"    "y": ["#,
                "      true,",
                "      null",
                "    ]",
                "  }",
                "}"
            ]
        );
    }
}
