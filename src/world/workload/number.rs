//! Counts as figures, and figures as counts.

/// A count as a figure.
#[expect(clippy::cast_precision_loss, reason = "counts are far below the precision of a figure")]
pub fn as_f64(count: usize) -> f64 {
    count as f64
}

/// The whole number below a figure; none if it is negative or undefined.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
pub fn whole(value: f64) -> usize {
    value.clamp(0.0, 1e9) as usize
}
