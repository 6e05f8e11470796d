//! Effects by whom their rules are kept: what is asked of resources, of instances, of the way of findings, of the logs.
//!
//! [`deed_of`] is the only list of all effects in the simulated world. An effect that it doesn't name doesn't compile, and neither does
//! a deed that nobody checks or does (`respond`).

use firedrill_model::event::{GroupChange, ResourceChange};
use firedrill_model::id::{DetectorId, TargetId};
use firedrill_model::scenario::{Effect, InstanceChange, Sight};
use firedrill_model::{LogSource, SafeText};

/// What an effect asks of the world.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Deed<'a> {
    /// Something that needs no target.
    Plain(Plain<'a>),
    /// Something done to a target.
    Aimed(Aimed<'a>),
}

/// What needs no target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plain<'a> {
    /// The findings of a detector are looked at.
    Findings(&'a DetectorId),
    /// A log is read.
    Log(LogSource),
    /// Names are refused.
    Block(&'a [SafeText]),
    /// A log is turned on.
    TurnOn(LogSource),
    /// A detector is turned on.
    TurnOnDetector(&'a DetectorId),
    /// A log, detector or channel is stopped.
    TurnOff(&'a Sight),
    /// Somebody looks whether it works.
    Status(&'a Sight),
    /// Somebody is told.
    Tell,
    /// The steady state is confirmed.
    Confirm,
}

/// What is done to a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Aimed<'a> {
    /// A resource is changed.
    Change(ResourceChange),
    /// A database is restored from a snapshot.
    Restore(&'a TargetId),
    /// The rule that lets the world in is removed.
    ClosePort,
    /// A snapshot is copied out of reach.
    CopySnapshot,
    /// The snapshot of an instance's volume is copied out of reach.
    CopyEvidence,
    /// What was launched with a role or user is terminated.
    EndLaunched,
    /// An instance's volume is copied.
    Snapshot,
    /// An instance's memory is copied.
    Memory,
    /// An instance is changed.
    Instance(InstanceChange),
    /// What the adversary left on an instance is removed.
    RemoveImplant,
    /// A detector looks at an instance.
    Scan(&'a DetectorId),
    /// A group wants more or fewer instances.
    Capacity(i32),
    /// A group leaves unhealthy members or uneven zones alone, or no longer does, or replaces its members.
    Replacement(GroupChange),
    /// Sessions of a role or user are ended.
    Revoke,
    /// A channel is tried or mended.
    Channel(Care),
    /// An automation is tried or mended.
    Automation(Care),
}

/// What is done for something that may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// It is tried.
    Test,
    /// It is mended.
    Repair,
}

/// What an effect asks of the world.
pub(super) fn deed_of(effect: &Effect) -> Deed<'_> {
    let change = |change| Deed::Aimed(Aimed::Change(change));
    match effect {
        Effect::LookAtFindings { detector } => Deed::Plain(Plain::Findings(detector)),
        Effect::LookAtLog { log } => Deed::Plain(Plain::Log(*log)),
        Effect::BlockNames { domains } => Deed::Plain(Plain::Block(domains)),
        Effect::TurnOnLog { log } => Deed::Plain(Plain::TurnOn(*log)),
        Effect::TurnOnDetector { detector } => Deed::Plain(Plain::TurnOnDetector(detector)),
        Effect::TurnOff { what } => Deed::Plain(Plain::TurnOff(what)),
        Effect::LookAtStatus { of } => Deed::Plain(Plain::Status(of)),
        Effect::Tell { .. } => Deed::Plain(Plain::Tell),
        Effect::ConfirmSteadyState => Deed::Plain(Plain::Confirm),
        Effect::SnapshotVolume => Deed::Aimed(Aimed::Snapshot),
        Effect::CopyEvidence => Deed::Aimed(Aimed::CopyEvidence),
        Effect::EndLaunched => Deed::Aimed(Aimed::EndLaunched),
        Effect::CaptureMemory => Deed::Aimed(Aimed::Memory),
        Effect::Instance { change } => Deed::Aimed(Aimed::Instance(*change)),
        Effect::RemoveImplant => Deed::Aimed(Aimed::RemoveImplant),
        Effect::Scan { detector } => Deed::Aimed(Aimed::Scan(detector)),
        Effect::ChangeCapacity { by } => Deed::Aimed(Aimed::Capacity(*by)),
        Effect::SuspendReplacement => Deed::Aimed(Aimed::Replacement(GroupChange::ReplacementSuspended)),
        Effect::ResumeReplacement => Deed::Aimed(Aimed::Replacement(GroupChange::ReplacementResumed)),
        Effect::SuspendRebalancing => Deed::Aimed(Aimed::Replacement(GroupChange::RebalancingSuspended)),
        Effect::ResumeRebalancing => Deed::Aimed(Aimed::Replacement(GroupChange::RebalancingResumed)),
        Effect::ReplaceFleet => Deed::Aimed(Aimed::Replacement(GroupChange::Replaced)),
        Effect::RollBack => Deed::Aimed(Aimed::Replacement(GroupChange::RolledBack)),
        Effect::RevokeSessions => Deed::Aimed(Aimed::Revoke),
        Effect::DenyOutside => change(ResourceChange::OutsideDenied),
        Effect::ClosePort => Deed::Aimed(Aimed::ClosePort),
        Effect::CopySnapshot => Deed::Aimed(Aimed::CopySnapshot),
        Effect::RestoreDatabase { from } => Deed::Aimed(Aimed::Restore(from)),
        Effect::TestChannel => Deed::Aimed(Aimed::Channel(Care::Test)),
        Effect::RepairChannel => Deed::Aimed(Aimed::Channel(Care::Repair)),
        Effect::TestAutomation => Deed::Aimed(Aimed::Automation(Care::Test)),
        Effect::RepairAutomation => Deed::Aimed(Aimed::Automation(Care::Repair)),
        Effect::OpenPort => change(ResourceChange::Opened),
        Effect::RestrictPort => change(ResourceChange::Restricted),
        Effect::BlockPublicAccess => change(ResourceChange::PublicAccessBlocked),
        Effect::AllowPublicAccess => change(ResourceChange::PublicAccessAllowed),
        Effect::RemoveShare => change(ResourceChange::ShareRemoved),
        Effect::IsolateDatabase => change(ResourceChange::Isolated),
        Effect::ReleaseDatabase => change(ResourceChange::Released),
        Effect::MakePrivate => change(ResourceChange::MadePrivate),
        Effect::Protect => change(ResourceChange::Protected),
        Effect::DeactivateKey => change(ResourceChange::Deactivated),
        Effect::ActivateKey => change(ResourceChange::Activated),
        Effect::DeleteKey => change(ResourceChange::Deleted),
        Effect::ReplaceKey => change(ResourceChange::Replaced),
        Effect::ChangeTrust => change(ResourceChange::TrustChanged),
        Effect::DenySubnet => change(ResourceChange::Denied),
        Effect::AllowSubnet => change(ResourceChange::Allowed),
    }
}
