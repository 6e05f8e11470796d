//! The five phases of a drill, and its pace.

use serde::{Deserialize, Serialize};

/// The five phases of the method, in order, and the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The workload runs healthy; people learn what normal looks like.
    SteadyState,
    /// The team says what it expects.
    Hypothesis,
    /// The fault fires; the team responds.
    Experiment,
    /// What happened is held against what was expected.
    Verify,
    /// What is to change.
    Improve,
    /// Nothing more is recorded.
    Closed,
}

impl Phase {
    /// All phases in order.
    pub const ALL: [Self; 6] =
        [Self::SteadyState, Self::Hypothesis, Self::Experiment, Self::Verify, Self::Improve, Self::Closed];

    /// The phase's name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::SteadyState => "Steady state",
            Self::Hypothesis => "Hypothesis",
            Self::Experiment => "Experiment",
            Self::Verify => "Verify",
            Self::Improve => "Improve",
            Self::Closed => "Closed",
        }
    }

    /// The phase after this one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let at = Self::ALL.iter().position(|phase| *phase == self)?;
        Self::ALL.get(at + 1).copied()
    }

    /// Says whether everything is open to everyone in this phase, the ground truth too.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Self::SteadyState | Self::Hypothesis | Self::Experiment => false,
            Self::Verify | Self::Improve | Self::Closed => true,
        }
    }

    /// Says whether the drill clock runs in this phase.
    #[must_use]
    pub fn clock_runs(self) -> bool {
        match self {
            Self::SteadyState | Self::Experiment => true,
            Self::Hypothesis | Self::Verify | Self::Improve | Self::Closed => false,
        }
    }
}

/// How fast the drill clock runs against the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Fast while nothing is asked of anyone, real time when a person has something to do.
    Brisk,
    /// So many drill seconds to a second: 1 is real time.
    Times(u32),
}

impl core::str::FromStr for Pace {
    type Err = &'static str;

    /// Reads a pace as people write it: `brisk`, `real`, or drill seconds a second.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "brisk" => Ok(Self::Brisk),
            "real" => Ok(Self::Times(1)),
            figure => match figure.parse() {
                Ok(times) if (1..=MAX_RATE).contains(&times) => Ok(Self::Times(times)),
                _ => Err("a pace is brisk, real, or a number from 1 to 120"),
            },
        }
    }
}

/// How many times faster than real time *brisk* runs while nothing is asked of anyone.
pub const BRISK_RATE: u32 = 30;
/// The fastest pace that a person can choose.
pub const MAX_RATE: u32 = 120;
