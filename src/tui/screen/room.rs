//! How much a screen holds.

use ratatui::layout::Rect;

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// One pane, little around it.
    Compact,
    /// One pane with strips around it.
    Medium,
    /// Two columns.
    Full,
    /// Three columns.
    Wide,
}

impl Room {
    /// On a screen of this size.
    pub fn of(area: Rect) -> Self {
        match (area.width, area.height) {
            (160.., 32..) => Self::Wide,
            (110.., 32..) => Self::Full,
            (80.., 24..) => Self::Medium,
            _ => Self::Compact,
        }
    }
}
