//! Signals: the chosen one as a chart with its limit and a sentence, the others as a line each.

use ratatui::layout::{Constraint, Layout, Rect};

use super::{Look, marker, row};
use crate::tui::canvas::{Canvas, Hit, Line, Span as Piece};
use crate::tui::pane::Pane;
use crate::tui::theme::Meaning;
use crate::tui::widget::{chart, list, text};
use firedrill_core::projection::view::SignalTrack;
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Signal;
use firedrill_model::signal::Side;
use firedrill_model::{DrillTime, Shown, Span, shown};

/// What the charts look back on.
const BACK: Span = Span::from_secs(15 * 60);

/// Draws the pane.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, focused: bool) {
    let signals = &look.view().scenario.signals;
    let total = u16::try_from(signals.len()).unwrap_or(u16::MAX);
    let chart_rows = area.height.saturating_sub(total + 1).min(14);
    let [top, lower] = if chart_rows >= 6 {
        Layout::vertical([Constraint::Length(chart_rows), Constraint::Min(0)]).spacing(1).areas(area)
    } else {
        [Rect { height: 0, ..area }, area]
    };
    let chosen = look.app.row(look.drill, Pane::Signals);
    if let (Some(signal), false) = (signals.get(chosen), top.is_empty()) {
        big(canvas, top, look, signal, track(look, chosen));
    }
    let rows = list::window(signals.len(), chosen, usize::from(lower.height));
    canvas.scrollbar(lower, signals.len(), rows.start);
    for (place, at) in lower.rows().zip(rows) {
        let Some(signal) = signals.get(at) else { continue };
        let line = line(canvas, look, signal, track(look, at), place.width, at == chosen);
        row(canvas, place, &line, at == chosen, focused);
        canvas.hit(place, Hit::PaneRow(Pane::Signals, at));
    }
}

fn track(look: Look<'_>, at: usize) -> Option<&SignalTrack> {
    look.view().board.signals.get(at)
}

/// How a signal stands: sign, words, meaning.
struct Standing {
    sign: &'static str,
    words: Shown,
    meaning: Meaning,
}

fn standing(look: Look<'_>, signal: &Signal, track: Option<&SignalTrack>) -> Standing {
    let Some((value, limit)) = track.and_then(SignalTrack::last).zip(signal.limit) else {
        return Standing { sign: " ", words: Shown::default(), meaning: Meaning::Plain };
    };
    if signal.side.holds(value, limit) {
        return Standing { sign: " ", words: "ok".into(), meaning: Meaning::Good };
    }
    let since = track.and_then(|track| track.outside_since).map(|since| look.ago(since)).unwrap_or_default();
    let (sign, word) = match signal.side {
        Side::Below => ("▲", "over"),
        Side::Above => ("▼", "under"),
    };
    Standing { sign, words: shown!("{} {}", word, since), meaning: Meaning::Bad }
}

fn figure(signal: &Signal, value: f64) -> Shown {
    let unit = signal.measure.unit();
    let gap = if unit.is_empty() { "" } else { " " };
    shown!("{}{}{}", signal.measure.format(value), gap, unit)
}

fn line(
    canvas: &Canvas<'_>,
    look: Look<'_>,
    signal: &Signal,
    track: Option<&SignalTrack>,
    width: u16,
    chosen: bool,
) -> Line {
    let standing = standing(look, signal, track);
    let value = track.and_then(SignalTrack::last).map_or_else(|| "no data".into(), |value| figure(signal, value));
    let title = usize::from(width.saturating_sub(25).clamp(12, 27));
    let early = look.view().course.phase < Phase::Experiment;
    let calm = early && standing.meaning != Meaning::Bad;
    let state = if calm { 3 } else { 14 };
    let spark = usize::from(width).saturating_sub(title + state + 11);
    let words = if calm { standing.words } else { shown!("{} {}", standing.sign, standing.words) };
    let tail = if early {
        canvas.span(text::cut(band(signal, track), spark), Meaning::Faint)
    } else if spark >= 5 {
        let values = columns(look, (signal, track), spark);
        let meaning = if standing.meaning == Meaning::Bad { Meaning::Bad } else { Meaning::Faint };
        canvas.span(chart::sparkline(&values, chart::scale(&values, signal.limit)), meaning)
    } else {
        canvas.span("", Meaning::Plain)
    };
    Line::from(vec![
        canvas.span(marker(chosen), Meaning::Plain),
        canvas.span(text::pad(&signal.title, title), Meaning::Plain),
        canvas.span(shown!("{:>8} ", value), Meaning::Strong),
        canvas.span(text::pad(&words, state), standing.meaning),
        tail,
    ])
}

/// What was normal so far, against the limit.
fn band(signal: &Signal, track: Option<&SignalTrack>) -> Shown {
    let values = track.into_iter().flat_map(|track| &track.samples).map(|(_, value)| *value);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let limit = signal.limit.map(|limit| {
        let sign = if signal.side == Side::Below { "≤" } else { "≥" };
        shown!("{} {}", sign, signal.measure.format(limit))
    });
    let limit = limit.unwrap_or_default();
    if low > high {
        return limit;
    }
    shown!("{}–{} {}", signal.measure.format(low), signal.measure.format(high), limit)
}

fn columns(look: Look<'_>, (signal, track): (&Signal, Option<&SignalTrack>), columns: usize) -> Vec<Option<f64>> {
    let of = |track: &SignalTrack| chart::columns((&track.samples, signal.side), look.drill.now, BACK, columns);
    track.map_or_else(|| vec![None; columns], of)
}

/// A chart in several rows, its limit as a dashed line, and a sentence that says the same.
fn big(canvas: &mut Canvas<'_>, area: Rect, look: Look<'_>, signal: &Signal, track: Option<&SignalTrack>) {
    const AXIS: u16 = 6;
    let rows = usize::from(area.height.saturating_sub(3));
    let values = columns(look, (signal, track), usize::from(area.width.saturating_sub(AXIS + 2)));
    let scale = chart::scale(&values, signal.limit);
    let standing = standing(look, signal, track);
    let value = track.and_then(SignalTrack::last).map_or_else(|| "no data yet".into(), |value| figure(signal, value));
    let mut places = area.rows();
    if let Some(place) = places.next() {
        let head = vec![
            canvas.span(shown!(" {}  ", signal.title), Meaning::Strong),
            canvas.span(value, Meaning::Strong),
            canvas.span(shown!("  {} {}", standing.sign, standing.words), standing.meaning),
        ];
        canvas.line(place, &Line::from(head));
    }
    let limit_row = signal.limit.map(|limit| chart::row_of(limit, scale, rows));
    for (place, at) in places.by_ref().take(rows).zip((0..rows).rev()) {
        let on_limit = limit_row == Some(at);
        let label = match signal.limit {
            Some(limit) if on_limit => signal.measure.format(limit),
            _ => Shown::default(),
        };
        let mut pieces = vec![canvas.span(shown!("{:>5} ", label), Meaning::Faint)];
        let (cells, above) = (chart::row(&values, scale, at, rows), chart::row(&values, scale, at + 1, rows));
        pieces.extend(chart_row(canvas, &cells, &above, on_limit));
        canvas.line(place, &Line::from(pieces));
    }
    let words = summary(look, signal, track);
    let lines = text::paragraph(&words, area.width.saturating_sub(2), canvas.style(Meaning::Faint));
    for (place, line) in places.zip(lines) {
        canvas.line(Rect { x: place.x + 1, width: place.width.saturating_sub(1), ..place }, &line);
    }
}

/// The top of each column is solid, what lies below is shaded, and the limit goes through everything but the tops.
fn chart_row(canvas: &Canvas<'_>, cells: &[&'static str], above: &[&'static str], on_limit: bool) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (cell, above) in cells.iter().zip(above) {
        let covered = *above != " ";
        let (shown, meaning) = match (covered || *cell == " ", on_limit) {
            (true, true) => ("┄", Meaning::Caution),
            (true, false) if covered => ("░", Meaning::Figure),
            _ => (*cell, Meaning::Figure),
        };
        let style = canvas.style(meaning);
        match pieces.last_mut().filter(|piece| piece.style() == style) {
            Some(piece) => piece.push(shown),
            None => pieces.push(Piece::styled(shown, style)),
        }
    }
    pieces
}

/// What the chart says, in words.
fn summary(look: Look<'_>, signal: &Signal, track: Option<&SignalTrack>) -> Shown {
    let Some(track) = track.filter(|track| !track.samples.is_empty()) else { return "Nothing is measured yet.".into() };
    let from = DrillTime(look.drill.now.0.saturating_sub(BACK.0));
    let recent = track.samples.iter().filter(|(at, _)| *at >= from).map(|(_, value)| *value);
    let (low, high) = recent.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let band = if low.is_finite() && high.is_finite() {
        shown!("Last 15 min: {} to {}.", signal.measure.format(low), figure(signal, high))
    } else {
        Shown::default()
    };
    let limit = signal.limit.map(|limit| {
        let side = if signal.side == Side::Below { "at most" } else { "at least" };
        shown!(" Limit: {} {}.", side, figure(signal, limit))
    });
    let outside = (track.outside_total.0 > 0 && look.view().course.phase >= Phase::Experiment)
        .then(|| shown!(" Outside for {} since the fault.", track.outside_total.clock()));
    shown!("{}{}{}", band, limit.unwrap_or_default(), outside.unwrap_or_default())
}

/// Signals with a limit in a line each: the one of the hypothesis first, then those that are outside.
pub(super) fn with_limits(canvas: &Canvas<'_>, look: Look<'_>, width: u16) -> Vec<Line> {
    let watched = &look.view().course.hypothesis.signal;
    let all = look.view().scenario.signals.iter().enumerate().filter(|(_, signal)| signal.limit.is_some());
    let mut found: Vec<_> = all.map(|(at, signal)| (signal, track(look, at))).collect();
    let is_out = |track: Option<&SignalTrack>| track.is_some_and(|track| track.outside_since.is_some());
    found.sort_by_key(|(signal, track)| (signal.id != *watched, !is_out(*track)));
    found.into_iter().map(|(signal, track)| line(canvas, look, signal, track, width, false)).collect()
}

/// Signals with a limit in one line, for small screens: outside ones first.
pub(super) fn strip(canvas: &Canvas<'_>, look: Look<'_>, width: u16) -> Line {
    let all = look.view().scenario.signals.iter().enumerate();
    let mut found: Vec<_> = all
        .filter(|(_, signal)| signal.limit.is_some())
        .map(|(at, signal)| (signal, track(look, at), standing(look, signal, track(look, at))))
        .collect();
    let hypothesis = &look.view().course.hypothesis.signal;
    found.sort_by_key(|(signal, _, standing)| (standing.meaning != Meaning::Bad, signal.id != *hypothesis));
    let mut room = usize::from(width).saturating_sub(2);
    let mut pieces = vec![canvas.span("  ", Meaning::Plain)];
    for (signal, track, standing) in found {
        let value = track.and_then(SignalTrack::last).map_or_else(|| "–".into(), |value| figure(signal, value));
        let label = shown!("{} ", text::cut(&signal.title, 28));
        let state = shown!(" {}{}   ", standing.sign, standing.words);
        let wide = crate::tui::canvas::width(&shown!("{}{}{}", label, value, state));
        if wide > room {
            break;
        }
        room -= wide;
        pieces.push(canvas.span(label, Meaning::Faint));
        pieces.push(canvas.span(value, Meaning::Strong));
        pieces.push(canvas.span(state, standing.meaning));
    }
    Line::from(pieces)
}
