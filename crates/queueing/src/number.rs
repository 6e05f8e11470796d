//! Counts as figures, figures as counts, and sums of many.

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

/// The sum of the products of two lists of the same length. Four sums side by side, in an order that is the same on every machine:
/// one alone would wait for each addition.
#[must_use]
pub fn product(left: &[f64], right: &[f64]) -> f64 {
    let (left, right) = (left.chunks_exact(4), right.chunks_exact(4));
    let rest = left.remainder().iter().zip(right.remainder()).map(|(one, other)| one * other).sum::<f64>();
    let mut sums = [0.0; 4];
    for (ones, others) in left.zip(right) {
        for ((sum, one), other) in sums.iter_mut().zip(ones).zip(others) {
            *sum += one * other;
        }
    }
    sums.iter().sum::<f64>() + rest
}
