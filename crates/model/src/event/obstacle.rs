//! Why an effect of a response can't be had: a code, recorded instead of a sentence, so that reworded sentences change no record.
//!
//! What people read is made from it in `projection::wording`. Names are only ever added.

use serde::{Deserialize, Serialize};

use crate::SafeText;

/// Why an effect couldn't be had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// The scenario offers no such response.
    NoSuchResponse,
    /// It is done to something, and nothing was named.
    NoTarget,
    /// No instance has that id.
    NoSuchInstance,
    /// No group has that id.
    NoSuchGroup,
    /// No resource of the fitting kind has that id.
    NoSuchResource,
    /// No channel has that id.
    NoSuchChannel,
    /// No automation has that id.
    NoSuchAutomation,
    /// The security group through which it is done lets nobody in, trusted addresses neither.
    ShutOut,
    /// The log records already.
    LogOnAlready,
    /// The detector works already.
    DetectorOnAlready,
    /// It is stopped already.
    StoppedSightAlready,
    /// The detector is stopped.
    DetectorStopped,
    /// The instance is terminated.
    InstanceTerminated,
    /// The instance is terminated, and its volume is gone with it.
    VolumeGone,
    /// The instance is stopped, and its memory is gone.
    MemoryGone,
    /// The instance is still booting.
    InstanceBooting,
    /// The instance is isolated, so that Systems Manager can't reach it.
    UnreachableIsolated,
    /// A network ACL denies all traffic of the instance, so that Systems Manager can't reach it.
    UnreachableDenied,
    /// The instance is isolated already.
    InstanceIsolatedAlready,
    /// The instance is isolated and cut off already.
    InstanceCutOffAlready,
    /// The instance is on standby already.
    OnStandbyAlready,
    /// The instance was detached from its group.
    NotAMember,
    /// The instance is stopped already.
    StoppedAlready,
    /// The instance is stopped.
    InstanceStopped,
    /// The instance was scanned less than an hour ago.
    ScannedLately,
    /// The credentials are denied by which Systems Manager reaches the instance.
    UnreachableWithoutRole,
    /// The instance is not on standby.
    NotOnStandby,
    /// The load balancer sends the instance no requests.
    NotRegistered,
    /// The instance is registered with the load balancer.
    RegisteredAlready,
    /// The instance is not stopped.
    InstanceRuns,
    /// The instance is protected from termination.
    TerminationProtected,
    /// The volume outlives the instance already.
    VolumeKeptAlready,
    /// The group's minimum is reached.
    GroupAtMinimum,
    /// The group leaves unhealthy members alone already.
    SuspendedAlready,
    /// The group doesn't leave unhealthy members alone.
    NotSuspended,
    /// The group leaves its zones uneven already.
    RebalancingSuspendedAlready,
    /// The group doesn't leave its zones uneven.
    RebalancingNotSuspended,
    /// There is no snapshot of the instance's volume.
    NoSnapshot,
    /// Nobody has launched anything with the role or user that still runs.
    NothingLaunched,
    /// The role can be used from the team's own network only already.
    OutsideDeniedAlready,
    /// The group's maximum is reached.
    GroupAtMaximum,
    /// The group has no instance left to give away.
    GroupAtZero,
    /// No rule of the security group opens the port to the world.
    NotOpenToWorld,
    /// Only trusted addresses reach the port already.
    RestrictedAlready,
    /// The world is not let in.
    NotPublic,
    /// The world is let in already.
    PublicAlready,
    /// The snapshot is shared with nobody.
    NotShared,
    /// There is a copy out of reach already.
    CopiedAlready,
    /// The snapshot is destroyed, and there is no copy of it.
    SnapshotLost,
    /// The resource is destroyed.
    ResourceDestroyed,
    /// The resource is not destroyed.
    NotDestroyed,
    /// The resource is isolated already.
    ResourceIsolatedAlready,
    /// The resource is not isolated.
    NotIsolated,
    /// The resource is protected already.
    ProtectedAlready,
    /// The access key is not active.
    KeyNotActive,
    /// The access key is active already.
    KeyActiveAlready,
    /// The access key is deleted already.
    KeyDeletedAlready,
    /// The access key is deleted, and nothing brings it back.
    KeyDeletedForGood,
    /// The users of the access key have a new one already.
    KeyReplacedAlready,
    /// Nobody can assume the role anew already.
    TrustClosedAlready,
    /// All traffic is denied already.
    DeniedAlready,
    /// Traffic is not denied.
    NotDenied,
    /// A sentence of a format 1 record that this program doesn't know. It is only ever read from there, never written.
    #[serde(skip)]
    Legacy(SafeText),
}
