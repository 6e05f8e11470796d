//! Names of things, one type for each kind of thing, so that a step can't be passed for a service.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::shown::{Sealed, Showable, Shown};

/// The longest id, in bytes.
pub const MAX_LEN: usize = 64;

/// Says whether `text` can be an id: 1 to 64 of `a-z A-Z 0-9 . _ -`, not starting with `-` or `.`.
#[must_use]
pub fn is_valid(text: &str) -> bool {
    let first_fits = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    first_fits
        && text.len() <= MAX_LEN
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Why a text can't be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to {MAX_LEN} letters, digits, '-', '_' or '.', starting with a letter or digit")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Makes an id of `text`.
            ///
            /// # Errors
            /// When `text` holds anything but letters, digits, `-`, `_` and `.`, or is empty or too long.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                if is_valid(text) { Ok(Self(text.into())) } else { Err(InvalidId) }
            }

            /// The id as text. It never holds a control or hidden character.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Showable for $name {}
        impl Sealed for $name {}

        impl From<&$name> for Shown {
            fn from(id: &$name) -> Self {
                crate::shown!("{}", id)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "format": "id",
                    "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
                })
            }
        }
    )*};
}

ids! {
    /// A scenario, for example `crypto-mining`; also the name of its folder.
    ScenarioId;
    /// A drill, a name that a person can say, for example `2026-11-24-brave-otter`.
    DrillId;
    /// A service of the workload.
    ServiceId;
    /// Anything of the workload that a response can be aimed at: an instance, a role, a security group, a channel, a group.
    TargetId;
    /// A signal: one measured figure of one service.
    SignalId;
    /// A stage of what the adversary does.
    StageId;
    /// A detector, for example `guardduty`.
    DetectorId;
    /// A notification channel, for example `pager`.
    ChannelId;
    /// A response action that the scenario offers.
    ActionId;
    /// A step of the playbook.
    StepId;
    /// An objective of the exercise.
    ObjectiveId;
    /// A scripted message.
    InjectId;
    /// A finding, unique within its drill.
    FindingId;
    /// A world of a drill: `simulated`.
    WorldId;
    /// A place at the table: `seat-1`. The journal knows seats, never names.
    SeatId;
}
impl WorldId {
    /// The simulated account of a drill that has no other: also the only world of records of format 1.
    #[must_use]
    pub fn simulated() -> Self {
        Self("simulated".into())
    }
}
