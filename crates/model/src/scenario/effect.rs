//! What responses and automations do to the world.

use super::{ResourceKind, Sight};
use serde::{Deserialize, Serialize};

use crate::id::{DetectorId, TargetId};
use crate::{LogSource, SafeText};

/// What a response does to the world. The side effects follow from the world's rules, not from the scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Effect {
    /// Looks where this detector writes: its findings become visible to the team.
    LookAtFindings {
        /// Which detector.
        detector: DetectorId,
    },
    /// Reads this log: the team has looked (the records are listed in the console anyway). CloudTrail is read through its event history, which has what a stopped trail missed.
    LookAtLog {
        /// Which log.
        log: LogSource,
    },
    /// Copies the volume of the instance: evidence on disk is safe from then on.
    SnapshotVolume,
    /// Shares the snapshot that was taken of the instance's volume with the account for forensics, which copies it: nobody of this account can delete the copy.
    CopyEvidence,
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
        #[cfg_attr(feature = "schema", schemars(range(min = -64, max = 64)))]
        by: i32,
    },
    /// Lets the group leave unhealthy members alone: it neither terminates nor replaces them.
    SuspendReplacement,
    /// Lets the group terminate and replace unhealthy members again, those at once that it found meanwhile.
    ResumeReplacement,
    /// Lets the group leave its zones uneven: it launches and terminates nothing to even them out (`AZRebalance`).
    SuspendRebalancing,
    /// Lets the group even its zones out again.
    ResumeRebalancing,
    /// Replaces all members of the group, one after the other, as an instance refresh does.
    ReplaceFleet,
    /// Goes back to the release from before on all members of the group, and those to come.
    RollBack,
    /// Denies all sessions of the role or user that began before now. Whoever uses a role is out until its processes have new credentials.
    RevokeSessions,
    /// Denies the role to whoever calls from outside the team's own network. Its users there go on.
    DenyOutside,
    /// Terminates the instances that somebody has launched with the role or user, which gives back their share of the quota.
    EndLaunched,
    /// Adds a rule that lets the world in: what a template still has in it.
    OpenPort,
    /// Removes the rule that lets the world in, and with it everybody else, admins too.
    ClosePort,
    /// Lets only trusted addresses in from then on.
    RestrictPort,
    /// Shuts the world out of a bucket. Whoever needs it public is out.
    BlockPublicAccess,
    /// Lets the world into a bucket again.
    AllowPublicAccess,
    /// Takes away what other accounts may do with a snapshot.
    RemoveShare,
    /// Copies a snapshot out of reach: a backup that survives whatever happens to the original.
    CopySnapshot,
    /// Cuts a database off from everything, its users too.
    IsolateDatabase,
    /// Lets an isolated database be reached as before.
    ReleaseDatabase,
    /// Takes the public reach of a database away; its users stay.
    MakePrivate,
    /// Restores a destroyed database from a snapshot or its copy.
    RestoreDatabase {
        /// From which snapshot.
        from: TargetId,
    },
    /// Protects a bucket, database or snapshot: whoever deletes it is refused from then on.
    Protect,
    /// Makes an access key inactive. Its users are out; it can be activated again.
    DeactivateKey,
    /// Makes an inactive access key active again.
    ActivateKey,
    /// Deletes an access key for good, and with it what it was last used for.
    DeleteKey,
    /// Gives the users of an access key a new one.
    ReplaceKey,
    /// Changes who may assume a role: nobody else can anew. Live sessions go on, and instances that have the role keep it.
    ChangeTrust,
    /// Denies all traffic of the subnets behind a network ACL, tracked connections too. Their load balancer can't reach them.
    DenySubnet,
    /// Allows the traffic again.
    AllowSubnet,
    /// Lets the resolver of the network refuse these names.
    BlockNames {
        /// Which names, those below them included.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
        domains: Vec<SafeText>,
    },
    /// Turns on a log that was off: what happens from then on is recorded.
    TurnOnLog {
        /// Which log.
        log: LogSource,
    },
    /// Turns a detector on that was stopped, and all of its service: it sees what goes on from then on.
    TurnOnDetector {
        /// Which detector.
        detector: DetectorId,
    },
    /// Stops a log, detector or channel: it records, finds or tells nothing from then on, and doesn't say so.
    TurnOff {
        /// What.
        what: Sight,
    },
    /// Looks whether a log, detector or channel works. What is stopped says so nowhere else.
    LookAtStatus {
        /// Of what.
        of: Sight,
    },
    /// Scans the volumes of an instance for malware, at most once an hour.
    Scan {
        /// Which detector looks.
        detector: DetectorId,
    },
    /// Removes what the adversary left on an instance.
    RemoveImplant,
    /// Lets an automation run on something harmless: shows whether it works.
    TestAutomation,
    /// Repairs an automation.
    RepairAutomation,
    /// Sends a test message through the channel: shows whether it arrives.
    TestChannel,
    /// Repairs the channel.
    RepairChannel,
    /// Tells somebody, who is now informed: the mark `escalated`.
    Tell {
        /// Whom.
        #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
        whom: SafeText,
    },
    /// Confirms that the steady state is back: only possible when it is.
    ConfirmSteadyState,
}

impl Effect {
    /// Kinds of targets that it can be done to; none where the target makes no difference.
    #[must_use]
    pub fn targets(&self) -> &'static [TargetKind] {
        match self {
            Self::LookAtFindings { .. }
            | Self::LookAtLog { .. }
            | Self::Tell { .. }
            | Self::ConfirmSteadyState
            | Self::BlockNames { .. }
            | Self::TurnOnLog { .. }
            | Self::TurnOnDetector { .. }
            | Self::TurnOff { .. }
            | Self::LookAtStatus { .. } => &[],
            Self::SnapshotVolume
            | Self::CopyEvidence
            | Self::CaptureMemory
            | Self::Instance { .. }
            | Self::Scan { .. }
            | Self::RemoveImplant => &[TargetKind::Instance],
            Self::ChangeCapacity { .. }
            | Self::SuspendReplacement
            | Self::ResumeReplacement
            | Self::SuspendRebalancing
            | Self::ResumeRebalancing
            | Self::ReplaceFleet
            | Self::RollBack => &[TargetKind::Group],
            Self::RevokeSessions | Self::EndLaunched => &[TargetKind::Role, TargetKind::User, TargetKind::Principal],
            Self::ChangeTrust | Self::DenyOutside => &[TargetKind::Role],
            Self::OpenPort | Self::ClosePort | Self::RestrictPort => &[TargetKind::SecurityGroup],
            Self::BlockPublicAccess | Self::AllowPublicAccess => &[TargetKind::Bucket],
            Self::RemoveShare | Self::CopySnapshot => &[TargetKind::Snapshot],
            Self::IsolateDatabase | Self::ReleaseDatabase | Self::MakePrivate | Self::RestoreDatabase { .. } => {
                &[TargetKind::Database]
            }
            Self::Protect => &[TargetKind::Bucket, TargetKind::Database, TargetKind::Snapshot],
            Self::DeactivateKey | Self::ActivateKey | Self::DeleteKey | Self::ReplaceKey => &[TargetKind::AccessKey],
            Self::DenySubnet | Self::AllowSubnet => &[TargetKind::NetworkAcl],
            Self::TestChannel | Self::RepairChannel => &[TargetKind::Channel],
            Self::TestAutomation | Self::RepairAutomation => &[TargetKind::Automation],
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::LookAtFindings { .. } => "look-at-findings",
            Self::LookAtLog { .. } => "look-at-log",
            Self::SnapshotVolume => "snapshot-volume",
            Self::CopyEvidence => "copy-evidence",
            Self::CaptureMemory => "capture-memory",
            Self::Instance { .. } => "instance",
            Self::ChangeCapacity { .. } => "change-capacity",
            Self::SuspendReplacement => "suspend-replacement",
            Self::ResumeReplacement => "resume-replacement",
            Self::SuspendRebalancing => "suspend-rebalancing",
            Self::ResumeRebalancing => "resume-rebalancing",
            Self::ReplaceFleet => "replace-fleet",
            Self::RollBack => "roll-back",
            Self::RevokeSessions => "revoke-sessions",
            Self::DenyOutside => "deny-outside",
            Self::EndLaunched => "end-launched",
            Self::OpenPort => "open-port",
            Self::ClosePort => "close-port",
            Self::RestrictPort => "restrict-port",
            Self::BlockPublicAccess => "block-public-access",
            Self::AllowPublicAccess => "allow-public-access",
            Self::RemoveShare => "remove-share",
            Self::CopySnapshot => "copy-snapshot",
            Self::IsolateDatabase => "isolate-database",
            Self::ReleaseDatabase => "release-database",
            Self::MakePrivate => "make-private",
            Self::RestoreDatabase { .. } => "restore-database",
            Self::Protect => "protect",
            Self::DeactivateKey => "deactivate-key",
            Self::ActivateKey => "activate-key",
            Self::DeleteKey => "delete-key",
            Self::ReplaceKey => "replace-key",
            Self::ChangeTrust => "change-trust",
            Self::DenySubnet => "deny-subnet",
            Self::AllowSubnet => "allow-subnet",
            Self::BlockNames { .. } => "block-names",
            Self::TurnOnLog { .. } => "turn-on-log",
            Self::TurnOnDetector { .. } => "turn-on-detector",
            Self::TurnOff { .. } => "turn-off",
            Self::LookAtStatus { .. } => "look-at-status",
            Self::Scan { .. } => "scan",
            Self::RemoveImplant => "remove-implant",
            Self::TestAutomation => "test-automation",
            Self::RepairAutomation => "repair-automation",
            Self::TestChannel => "test-channel",
            Self::RepairChannel => "repair-channel",
            Self::Tell { .. } => "tell",
            Self::ConfirmSteadyState => "confirm-steady-state",
        }
    }

    /// Says whether it does no more than look, test or confirm.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        self.reach() == Reach::Looks
    }

    /// Says whether it changes the system. Looking, testing, telling and copying change nothing.
    #[must_use]
    pub fn changes_the_system(&self) -> bool {
        self.reach() == Reach::Changes
    }

    /// How far it reaches.
    fn reach(&self) -> Reach {
        match self {
            Self::LookAtFindings { .. }
            | Self::LookAtLog { .. }
            | Self::LookAtStatus { .. }
            | Self::Scan { .. }
            | Self::TestChannel
            | Self::TestAutomation
            | Self::ConfirmSteadyState => Reach::Looks,
            Self::SnapshotVolume
            | Self::CopyEvidence
            | Self::CaptureMemory
            | Self::CopySnapshot
            | Self::Tell { .. } => Reach::Beside,
            Self::Instance { .. }
            | Self::ChangeCapacity { .. }
            | Self::SuspendReplacement
            | Self::ResumeReplacement
            | Self::SuspendRebalancing
            | Self::ResumeRebalancing
            | Self::ReplaceFleet
            | Self::RollBack
            | Self::EndLaunched
            | Self::OpenPort
            | Self::RevokeSessions
            | Self::DenyOutside
            | Self::ClosePort
            | Self::RestrictPort
            | Self::BlockPublicAccess
            | Self::AllowPublicAccess
            | Self::RemoveShare
            | Self::IsolateDatabase
            | Self::ReleaseDatabase
            | Self::MakePrivate
            | Self::RestoreDatabase { .. }
            | Self::Protect
            | Self::DeactivateKey
            | Self::ActivateKey
            | Self::DeleteKey
            | Self::ReplaceKey
            | Self::ChangeTrust
            | Self::DenySubnet
            | Self::AllowSubnet
            | Self::BlockNames { .. }
            | Self::TurnOnLog { .. }
            | Self::TurnOnDetector { .. }
            | Self::TurnOff { .. }
            | Self::RemoveImplant
            | Self::RepairAutomation
            | Self::RepairChannel => Reach::Changes,
        }
    }
}

/// How far an effect reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// It looks, tests or confirms.
    Looks,
    /// It leaves the system as it is: somebody is told, something is copied.
    Beside,
    /// It changes the system.
    Changes,
}

/// Changes to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum InstanceChange {
    /// Swaps its security groups for one without rules. Tracked connections go on; health checks and new connections fail.
    Isolate,
    /// The same through a group that allows all first, which makes its connections untracked: they are cut.
    IsolateAndCut,
    /// Takes it out of the load balancer and keeps it in the group, which leaves it alone and wants one less.
    Standby,
    /// Puts one on standby back into service.
    ExitStandby,
    /// Takes it out of the load balancer: no new requests, what is under way is finished. It stays a member of its group.
    Deregister,
    /// Puts it back into the load balancer.
    Register,
    /// Takes it out of the group, which launches a replacement at once.
    Detach,
    /// Stops it: memory is gone. A member of a group is terminated and replaced, whatever the health type.
    Stop,
    /// Starts a stopped one, with new credentials.
    Start,
    /// Terminates it: memory and volume are gone. Its group replaces it.
    Terminate,
    /// Protects it from being terminated by hand. Its group isn't bound by that.
    ProtectTermination,
    /// Lets its volume outlive it (`DeleteOnTermination` off).
    KeepVolume,
    /// Takes its instance profile away and associates it again: the metadata service has new credentials from then on.
    RenewProfile,
    /// Restarts its processes, which then have what the metadata service has. A reboot does no more.
    RestartProcesses,
    /// Removes files until its disk has room again.
    FreeDisk,
}

/// What an action is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// An IAM user.
    User,
    /// A long-term access key.
    AccessKey,
    /// A network ACL.
    NetworkAcl,
    /// An S3 bucket.
    Bucket,
    /// A database.
    Database,
    /// A snapshot.
    Snapshot,
    /// An automation.
    Automation,
    /// A role or a user.
    Principal,
}

impl TargetKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Instance => "instance",
            Self::Group => "group",
            Self::Role => "role",
            Self::SecurityGroup => "security-group",
            Self::Channel => "channel",
            Self::User => "user",
            Self::AccessKey => "access-key",
            Self::NetworkAcl => "network-acl",
            Self::Bucket => "bucket",
            Self::Database => "database",
            Self::Snapshot => "snapshot",
            Self::Automation => "automation",
            Self::Principal => "principal",
        }
    }

    /// The kind of target that a resource is.
    #[must_use]
    pub fn of_resource(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::Role => Self::Role,
            ResourceKind::SecurityGroup => Self::SecurityGroup,
            ResourceKind::User => Self::User,
            ResourceKind::AccessKey => Self::AccessKey,
            ResourceKind::NetworkAcl => Self::NetworkAcl,
            ResourceKind::Bucket => Self::Bucket,
            ResourceKind::Database => Self::Database,
            ResourceKind::Snapshot => Self::Snapshot,
        }
    }

    /// Kinds of `[[resource]]` that are meant; none where something else is.
    #[must_use]
    pub fn resource_kinds(self) -> &'static [ResourceKind] {
        match self {
            Self::None | Self::Instance | Self::Group | Self::Channel | Self::Automation => &[],
            Self::Role => &[ResourceKind::Role],
            Self::SecurityGroup => &[ResourceKind::SecurityGroup],
            Self::User => &[ResourceKind::User],
            Self::AccessKey => &[ResourceKind::AccessKey],
            Self::NetworkAcl => &[ResourceKind::NetworkAcl],
            Self::Bucket => &[ResourceKind::Bucket],
            Self::Database => &[ResourceKind::Database],
            Self::Snapshot => &[ResourceKind::Snapshot],
            Self::Principal => &[ResourceKind::Role, ResourceKind::User],
        }
    }
}
