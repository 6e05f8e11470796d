//! The responses on offer, and what each does to the world.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Latency;
use crate::domain::id::{ActionId, DetectorId};
use crate::domain::{LogSource, SafeText};

/// A response on offer. It can be given at any time, in any order, on any fitting target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Action {
    /// Short name.
    pub id: ActionId,
    /// In the imperative: `Isolate the instance`.
    #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
    pub title: SafeText,
    /// What it does and whom it may touch, without saying how it will end.
    pub detail: SafeText,
    /// Under which heading it stands.
    pub category: Category,
    /// What it is aimed at.
    pub target: TargetKind,
    /// How long it takes.
    pub takes: Latency,
    /// What it does to the world, one after the other.
    #[schemars(length(max = 20))]
    pub effects: Vec<Effect>,
    /// What one would type on a real account.
    #[serde(default)]
    pub aws: Option<SafeText>,
}

impl Action {
    /// Says whether the response changes the system: then a guess is asked for before it is given. Looking, testing, telling
    /// and copying change nothing.
    #[must_use]
    pub fn changes_the_system(&self) -> bool {
        self.effects.iter().any(|effect| {
            matches!(
                effect,
                Effect::Instance { .. }
                    | Effect::ChangeCapacity { .. }
                    | Effect::RevokeSessions
                    | Effect::ClosePort
                    | Effect::RepairChannel
            )
        })
    }
}

/// Headings of the action list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Find out.
    Investigate,
    /// Keep evidence.
    Preserve,
    /// Stop the spread.
    Contain,
    /// Credentials.
    Credentials,
    /// Capacity and repair.
    Recover,
    /// Tell people.
    Tell,
}

impl Category {
    /// The heading.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Investigate => "INVESTIGATE",
            Self::Preserve => "PRESERVE",
            Self::Contain => "CONTAIN",
            Self::Credentials => "CREDENTIALS",
            Self::Recover => "RECOVER",
            Self::Tell => "TELL",
        }
    }
}

/// What an action is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// Nothing in particular.
    None,
    /// An instance, also one that was launched during the drill.
    Instance,
    /// An auto scaling group.
    Group,
    /// An IAM role.
    Role,
    /// A security group.
    SecurityGroup,
    /// A notification channel.
    Channel,
}

/// What a response does to the world. The side effects follow from the world's rules, not from the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Effect {
    /// Looks where this detector writes: its findings become visible to the team.
    LookAtFindings {
        /// Which detector.
        detector: DetectorId,
    },
    /// Reads this log: the team has looked (the records are listed in the console anyway).
    LookAtLog {
        /// Which log.
        log: LogSource,
    },
    /// Copies the volume of the instance: evidence on disk is safe from then on.
    SnapshotVolume,
    /// Copies the memory of a running instance. Gone after a stop or termination.
    CaptureMemory,
    /// Does something to the instance itself.
    Instance {
        /// What.
        change: InstanceChange,
    },
    /// Changes the desired capacity of the group.
    ChangeCapacity {
        /// By how many instances.
        #[schemars(range(min = -64, max = 64))]
        by: i32,
    },
    /// Ends all sessions of the role. Everyone who uses the role is out until it has new credentials.
    RevokeSessions,
    /// Removes the rule that lets the world in.
    ClosePort,
    /// Sends a test message through the channel: shows whether it arrives.
    TestChannel,
    /// Repairs the channel.
    RepairChannel,
    /// Tells somebody, who is now informed: the mark `escalated`.
    Tell {
        /// Whom.
        #[schemars(extend("x-one-line" = true, "maxLength" = 160))]
        whom: SafeText,
    },
    /// Confirms that the steady state is back: only possible when it is.
    ConfirmSteadyState,
}

impl Effect {
    /// Says whether it does no more than look, test or confirm.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        matches!(
            self,
            Self::LookAtFindings { .. } | Self::LookAtLog { .. } | Self::TestChannel | Self::ConfirmSteadyState
        )
    }
}

/// Changes to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceChange {
    /// Swaps its security groups for one without rules. The load balancer can't reach it any more; tracked connections go on.
    Isolate,
    /// The same through a group that allows all first, which makes its connections untracked: they are cut.
    IsolateAndCut,
    /// Takes it out of the load balancer and keeps it in the group, which leaves it alone.
    Standby,
    /// Takes it out of the group, which launches a replacement at once.
    Detach,
    /// Stops it: memory is gone. A member of a group is found unhealthy, terminated and replaced.
    Stop,
    /// Terminates it: memory and volume are gone. Its group replaces it.
    Terminate,
}
