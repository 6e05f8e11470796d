//! Lists of which only the rows in view are built.

use std::ops::Range;

/// The rows to show, so that the chosen one is in view and, where there is room, not at the edge.
pub(crate) fn window(total: usize, chosen: usize, height: usize) -> Range<usize> {
    if height == 0 {
        return 0..0;
    }
    let first = chosen.saturating_sub(height / 2).min(total.saturating_sub(height));
    first..(first + height).min(total)
}

/// Where a step of `by` rows leads.
pub(crate) fn moved(total: usize, chosen: usize, by: isize) -> usize {
    chosen.saturating_add_signed(by).min(total.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_chosen_row_is_in_view(total in 1usize..500, at in 0usize..500, height in 1usize..80) {
            let chosen = at.min(total - 1);
            let rows = window(total, chosen, height);
            prop_assert!(rows.contains(&chosen));
            prop_assert_eq!(rows.len(), height.min(total));
        }

        #[test]
        fn a_step_stays_inside(total in 1usize..500, at in 0usize..500, by in -600isize..600) {
            prop_assert!(moved(total, at, by) < total);
        }
    }
}
