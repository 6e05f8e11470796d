//! Lanes of the timeline.

/// Lanes of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// The drill itself: phases, gate, resumed.
    Drill,
    /// The adversary.
    Adversary,
    /// Findings and notifications.
    Detection,
    /// What people did.
    People,
    /// The workload.
    World,
    /// Scripted messages.
    Inject,
}

impl Lane {
    /// The word that stands before a line.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Drill => "drill",
            Self::Adversary => "adversary",
            Self::Detection => "detection",
            Self::People => "people",
            Self::World => "workload",
            Self::Inject => "message",
        }
    }
}
