//! How a verb ends.

use crate::host::beside::NoGhost;
use crate::host::desk::DeskError;
use firedrill_model::{SafeText, Shown, shown};
use firedrill_record::store::StoreFault;

/// A verb that did what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; for a drill without a terminal: the hypothesis held.
    Done,
    /// A negative answer: it deviated, the scenario has mistakes, the record doesn't verify.
    Negative,
    /// A record is whole, and something was added to it that has no place there.
    AddedTo,
    /// Ended by a signal.
    Signal(i32),
}

/// A verb that couldn't.
#[derive(Debug)]
pub enum Failure {
    /// Wrong usage: exit code 2.
    Usage(Shown),
    /// Something outside: exit code 3.
    Outside(Shown),
    /// A scenario or script has mistakes, rendered for people: exit code 2, for the drill can't be started.
    Mistakes(String),
    /// Nobody reads any more what is printed; that is fine: exit code 0.
    NobodyReads,
}

/// An error of the system or a library, in its own words.
pub fn worded(error: &impl std::fmt::Display) -> SafeText {
    SafeText::new(&error.to_string())
}

impl Failure {
    /// Something outside, in the words of its error, after "failed to ...".
    pub fn outside(what: &Shown, error: &impl std::fmt::Display) -> Self {
        Self::Outside(shown!("failed to {}: {}", what, worded(&error)))
    }

    /// Several failures as one, a line each; none if there was none.
    pub fn all(failures: Vec<Self>) -> Option<Self> {
        failures.into_iter().reduce(|all, one| match (all, one) {
            (Self::Outside(all), Self::Outside(one)) => Self::Outside(shown!("{}\n{}", all, one)),
            (all, _) => all,
        })
    }
}

impl From<StoreFault> for Failure {
    fn from(fault: StoreFault) -> Self {
        Self::Outside(shown!("failed to {}", worded(&fault)))
    }
}

impl From<NoGhost> for Failure {
    fn from(error: NoGhost) -> Self {
        match error {
            NoGhost::Store(fault) => fault.into(),
            other => Self::Usage(worded(&other).into()),
        }
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::Outside(shown!("failed to {}", worded(&error)))
    }
}
