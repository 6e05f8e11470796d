//! Small charts of a signal. The words beside them say the same, so that nothing is lost where blocks can't be seen.

use firedrill_core::projection::Rows;
use firedrill_model::signal::Side;
use firedrill_model::{DrillTime, Shown, Span};

/// Eighths of a cell, from empty to full.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The samples of the last `span` until `now`, one value for each of `columns`: of its share the one that is nearest to
/// leaving `home`, the largest where it is at home below its limit and the smallest where above; none where nothing was measured.
pub(crate) fn columns(
    (samples, home): (&Rows<(DrillTime, f64)>, Side),
    now: DrillTime,
    span: Span,
    columns: usize,
) -> Vec<Option<f64>> {
    let worse = match home {
        Side::Below => f64::max,
        Side::Above => f64::min,
    };
    let mut out = vec![None; columns];
    if columns == 0 || span.0 == 0 {
        return out;
    }
    let width = (span.0 / u64::try_from(columns).unwrap_or(u64::MAX)).max(1);
    // Columns stand still on the drill clock, so that a chart moves by whole columns and doesn't flicker.
    let last = now.0 / width;
    for (at, value) in samples.iter().rev() {
        let Some(back) = last.checked_sub(at.0 / width).and_then(|back| usize::try_from(back).ok()) else { continue };
        let Some(place) = columns.checked_sub(back + 1) else { break };
        if let Some(slot) = out.get_mut(place) {
            *slot = Some(slot.map_or(*value, |held: f64| worse(held, *value)));
        }
    }
    fill_gaps(&mut out);
    out
}

/// A column without a sample between two with one takes the earlier value: samples are ten seconds apart.
fn fill_gaps(out: &mut [Option<f64>]) {
    let end = out.iter().rposition(Option::is_some).unwrap_or(0);
    let mut held = None;
    for slot in out.iter_mut().take(end + 1) {
        match slot {
            Some(value) => held = Some(*value),
            None => *slot = held,
        }
    }
}

/// From bottom to top: what the chart shows, with room for the limit and a little air.
pub(crate) fn scale(values: &[Option<f64>], limit: Option<f64>) -> (f64, f64) {
    let seen = values.iter().flatten().copied().chain(limit).filter(|v| v.is_finite());
    let top = seen.fold(0.0, f64::max);
    (0.0, if top > 0.0 { top * 1.1 } else { 1.0 })
}

/// One row of blocks.
pub(crate) fn sparkline(values: &[Option<f64>], (bottom, top): (f64, f64)) -> Shown {
    values.iter().map(|value| value.map_or(" ", |v| level(v, bottom, top, 0, 1))).collect()
}

/// One row of a chart `rows` high; row 0 is the lowest.
pub(crate) fn row(values: &[Option<f64>], (bottom, top): (f64, f64), row: usize, rows: usize) -> Vec<&'static str> {
    values.iter().map(|value| value.map_or(" ", |v| level(v, bottom, top, row, rows))).collect()
}

/// The row that a value lies in.
pub(crate) fn row_of(value: f64, (bottom, top): (f64, f64), rows: usize) -> usize {
    (eighths(value, bottom, top, rows) / 8).min(rows.saturating_sub(1))
}

fn level(value: f64, bottom: f64, top: f64, row: usize, rows: usize) -> &'static str {
    let full = eighths(value, bottom, top, rows);
    // The lowest row always shows something: a measured zero is not the same as nothing measured.
    let least = usize::from(row == 0);
    EIGHTHS.get(full.saturating_sub(row * 8).clamp(least, 8)).copied().unwrap_or(" ")
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=rows*8 first")]
fn eighths(value: f64, bottom: f64, top: f64, rows: usize) -> usize {
    let full = f64::from(u16::try_from(rows * 8).unwrap_or(u16::MAX));
    let share = if top > bottom && value.is_finite() { (value - bottom) / (top - bottom) } else { 0.0 };
    (share * full).clamp(0.0, full) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> DrillTime {
        DrillTime(secs * 1_000_000)
    }

    #[test]
    fn the_newest_sample_is_at_the_right_and_gaps_are_filled() {
        let samples = vec![(at(0), 1.0), (at(30), 4.0), (at(59), 8.0)].into();
        let got = columns((&samples, Side::Below), at(59), Span::from_secs(60), 6);
        assert_eq!(got, [Some(1.0), Some(1.0), Some(1.0), Some(4.0), Some(4.0), Some(8.0)]);
        assert_eq!(sparkline(&got, (0.0, 8.0)), "▁▁▁▄▄█");
    }

    #[test]
    fn a_peak_is_not_lost_in_its_column() {
        let samples = vec![(at(50), 90.0), (at(55), 2.0)].into();
        assert_eq!(columns((&samples, Side::Below), at(59), Span::from_secs(60), 2), [None, Some(90.0)]);
    }

    #[test]
    fn a_dip_below_a_lower_limit_is_not_lost_in_its_column() {
        let samples = vec![(at(31), 2.0), (at(50), 1.0), (at(55), 2.0)].into();
        let got = columns((&samples, Side::Above), at(59), Span::from_secs(60), 2);
        assert_eq!(got, [None, Some(1.0)], "one of two in service for a while is what a column shows");
    }

    #[test]
    fn odd_figures_are_drawn_as_something() {
        for value in [f64::NAN, f64::INFINITY, -5.0, 1e300] {
            let values = [Some(value), None];
            let shown = sparkline(&values, scale(&values, Some(value)));
            assert_eq!(shown.chars().count(), 2);
        }
        assert!(columns((&Rows::default(), Side::Below), at(5), Span::ZERO, 4).iter().all(Option::is_none));
    }

    #[test]
    fn a_tall_chart_fills_from_below() {
        let values = [Some(8.0), Some(4.0)];
        assert_eq!(row(&values, (0.0, 8.0), 0, 2), ["█", "█"]);
        assert_eq!(row(&values, (0.0, 8.0), 1, 2), ["█", " "]);
        assert_eq!(row_of(4.0, (0.0, 8.0), 2), 1);
    }
}
