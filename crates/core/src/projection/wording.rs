//! Figures and short answers in words, the same on every screen and in every report.

use alloc::collections::BTreeSet;

use firedrill_model::event::{AdversaryState, EvidenceKind, GroupChange, InstanceState, Obstacle, ResourceChange};
use firedrill_model::scenario::{HarmKind, InstanceChange, NistPhase, ResourceKind, Signal};
use firedrill_model::signal::Side;
use firedrill_model::world::WorldKind;
use firedrill_model::{Guess, Joined, Outcome, Shown, Span, shown};

/// A length of time in words: `2 h 05 min`, `10 min 12 s`, `45 s`. Fractions are cut, as on a clock, so that both agree.
#[must_use]
pub fn length(span: Span) -> Shown {
    let secs = span.0 / 1_000_000;
    let (h, m, s) = (secs / 3600, secs / 60 % 60, secs % 60);
    match (h, m, s) {
        (0, 0, s) => shown!("{} s", s),
        (0, m, 0) => shown!("{} min", m),
        (0, m, s) => shown!("{} min {:02} s", m, s),
        (h, 0, 0) => shown!("{} h", h),
        (h, m, _) => shown!("{} h {:02} min", h, m),
    }
}

/// A number of minutes that was rounded to hundredths in words, to the nearest second.
#[must_use]
pub fn minutes(minutes: f64) -> Shown {
    seconds((minutes * 60.0).round())
}

/// A number of seconds in words, see [`length`].
#[must_use]
pub fn seconds(secs: f64) -> Shown {
    length(Span::from_secs_f64(secs))
}

/// A count with its noun: `1 instance`, `2 instances`.
#[must_use]
pub fn count(number: usize, one: &'static str, many: &'static str) -> Shown {
    if number == 1 { shown!("1 {}", one) } else { shown!("{} {}", number, many) }
}

/// A text as a sentence: with a full stop, unless it ends with a sign of its own.
#[must_use]
pub fn sentence(text: impl Into<Shown>) -> Shown {
    let text = text.into();
    let text = text.part(..text.trim_end().len());
    if text.ends_with(['.', '!', '?', '…']) { text } else { shown!("{}.", text) }
}

/// That all of it is an exercise: for the head and the foot of every page, so that nobody takes what is told there for something that
/// happened.
#[must_use]
pub fn exercise(kind: WorldKind) -> &'static str {
    match kind {
        WorldKind::Simulated => {
            "EXERCISE: simulated account. Nothing in this happened to real systems, customers or data."
        }
        WorldKind::Live => "EXERCISE on real systems: what was broken was broken on purpose. The incident is not real.",
        WorldKind::Tabletop => "EXERCISE: tabletop. Nothing in this happened; no system was touched.",
    }
}

/// The same in two words: for narrow places.
#[must_use]
pub fn exercise_label(kind: WorldKind) -> &'static str {
    match kind {
        WorldKind::Simulated => "EXERCISE, simulated",
        WorldKind::Live => "EXERCISE, live",
        WorldKind::Tabletop => "EXERCISE, tabletop",
    }
}

/// The same where there is room for one word more.
#[must_use]
pub fn exercise_short(kind: WorldKind) -> &'static str {
    match kind {
        WorldKind::Simulated => "EXERCISE sim",
        WorldKind::Live => "EXERCISE live",
        WorldKind::Tabletop => "EXERCISE table",
    }
}

/// That drills of these kinds are exercises, in a sentence: for what lists several. Without any it is of a simulated account, which is what is
/// begun by itself.
#[must_use]
pub fn exercises(kinds: &BTreeSet<WorldKind>) -> Shown {
    let mut each = kinds.iter();
    match (each.next(), each.next()) {
        (None, _) => exercise(WorldKind::Simulated).into(),
        (Some(kind), None) => exercise(*kind).into(),
        (Some(_), Some(_)) => {
            let kinds: Vec<Shown> = kinds.iter().map(|kind| world(*kind).into()).collect();
            shown!("EXERCISE: drills of several kinds ({}). No incident in them is real.", list(&kinds))
        }
    }
}

/// The same in two words.
#[must_use]
pub fn exercises_label(kinds: &BTreeSet<WorldKind>) -> &'static str {
    let mut each = kinds.iter();
    match (each.next(), each.next()) {
        (None, _) => exercise_label(WorldKind::Simulated),
        (Some(kind), None) => exercise_label(*kind),
        (Some(_), Some(_)) => "EXERCISE",
    }
}

/// The kind of a world in a word.
#[must_use]
pub fn world(kind: WorldKind) -> &'static str {
    match kind {
        WorldKind::Simulated => "simulated",
        WorldKind::Live => "live",
        WorldKind::Tabletop => "tabletop",
    }
}

/// A large figure in groups of three, rounded to whole ones: `27 000`.
#[must_use]
pub fn grouped(figure: f64) -> Shown {
    let digits = shown!("{:.0}", figure.clamp(0.0, 1e15));
    let mut out = Shown::default();
    for index in 0..digits.len() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(" ");
        }
        out.push(digits.part(index..=index));
    }
    out
}

/// Words joined as in a sentence: `a, b and c`.
#[must_use]
pub fn list(words: &[Shown]) -> Shown {
    match words {
        [] => Shown::default(),
        [one] => one.clone(),
        [first @ .., last] => shown!("{} and {}", first.joined(", "), last),
    }
}

/// A figure of a signal with its unit: `61 ms`, `0.50 %`, `2`.
#[must_use]
pub fn figure(signal: &Signal, value: f64) -> Shown {
    with_unit(signal, signal.measure.format(value))
}

/// A limit of a signal with its unit, written as short as it is exact: `50 ms`, `0.5 %`.
#[must_use]
pub fn limit(signal: &Signal, value: f64) -> Shown {
    with_unit(signal, shown!("{}", value))
}

fn with_unit(signal: &Signal, figure: Shown) -> Shown {
    match signal.measure.unit() {
        "" => figure,
        unit => shown!("{} {}", figure, unit),
    }
}

/// `a`, `a or b`, `a, b or c`.
#[must_use]
pub fn either(words: &[Shown]) -> Shown {
    match words {
        [] => Shown::default(),
        [one] => one.clone(),
        [first @ .., last] => shown!("{} or {}", first.joined(", "), last),
    }
}

/// Where a signal is when it has left its limit.
#[must_use]
pub fn beyond(side: Side) -> &'static str {
    match side {
        Side::Below => "over",
        Side::Above => "under",
    }
}

/// Where a signal is at home.
#[must_use]
pub fn at_home(side: Side) -> &'static str {
    match side {
        Side::Below => "at or under",
        Side::Above => "at or over",
    }
}

/// A guess in words.
#[must_use]
pub fn guess(guess: Guess) -> &'static str {
    match guess {
        Guess::Stays => "stays within its bound",
        Guess::Brief => "leaves its bound for less than 5 minutes",
        Guess::Long => "leaves its bound for 5 minutes or longer",
        Guess::NoIdea => "no idea",
    }
}

/// What was guessed of the signals that have a limit, in words.
#[must_use]
pub fn guess_of_signals(guess: Guess) -> &'static str {
    match guess {
        Guess::Stays => "all signals stay within their limits",
        Guess::Brief => "one or more signals leave their limits for less than 5 minutes",
        Guess::Long => "one or more signals leave their limits for 5 minutes or longer",
        Guess::NoIdea => "no idea",
    }
}

/// What they did together, in words.
#[must_use]
pub fn outcome_of_signals(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stayed => "all stayed within their limits",
        Outcome::Brief => "at least one left its limit, none for 5 minutes or longer",
        Outcome::Long => "at least one left its limit for 5 minutes or longer",
        Outcome::AlreadyOutside => "at least one was outside its limit already",
        Outcome::Undecided => "at least one was still outside its limit when the time in which it was watched ended",
    }
}

/// An outcome in words.
#[must_use]
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Stayed => "stayed within its bound",
        Outcome::Brief => "left its bound for less than 5 minutes",
        Outcome::Long => "left its bound for 5 minutes or longer",
        Outcome::AlreadyOutside => "was outside its bound already",
        Outcome::Undecided => "left its bound, and was still outside when the time in which it was watched ended",
    }
}

/// A state of an instance in words.
#[must_use]
pub fn instance_state(state: InstanceState) -> &'static str {
    match state {
        InstanceState::Booting => "booting",
        InstanceState::InService => "in service",
        InstanceState::Unhealthy => "unhealthy",
        InstanceState::Deregistered => "out of the load balancer",
        InstanceState::Standby => "in standby",
        InstanceState::Detached => "detached",
        InstanceState::Stopped => "stopped",
        InstanceState::Terminated => "terminated",
    }
}

/// How what is behind an incident stands: an adversary, or a fault that nobody is behind.
#[must_use]
pub fn behind(adversary: bool, state: AdversaryState) -> &'static str {
    match (adversary, state) {
        (true, AdversaryState::Active) => "The adversary is active",
        (true, AdversaryState::Contained) => "The adversary is contained: nothing goes on, but a foothold is left",
        (true, AdversaryState::Eradicated) => "The adversary is eradicated: nothing goes on and nothing can begin",
        (false, AdversaryState::Active) => "The fault goes on",
        (false, AdversaryState::Contained) => "The fault is over, and more can follow",
        (false, AdversaryState::Eradicated) => "The fault is over: nothing goes on and nothing can follow",
    }
}

/// A kind of evidence in words.
#[must_use]
pub fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Disk => "volume",
        EvidenceKind::Memory => "memory",
        EvidenceKind::Backup => "backup",
    }
}

/// Why nobody gets to an instance in a denied subnet.
const DENIED: &str = "a network ACL denies all traffic of the instance: Systems Manager can't reach it";

/// Why an effect couldn't be had, in words.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table: one sentence for each code")]
pub fn obstacle(because: &Obstacle) -> Shown {
    Shown::from(match because {
        Obstacle::NoSuchResponse => "the scenario offers no such response",
        Obstacle::NoTarget => "it needs a target",
        Obstacle::NoSuchInstance => "there is no such instance",
        Obstacle::NoSuchGroup => "there is no such group",
        Obstacle::NoSuchResource => "there is no such resource",
        Obstacle::NoSuchChannel => "there is no such channel",
        Obstacle::NoSuchAutomation => "there is no such automation",
        Obstacle::ShutOut => "the security group through which it is done lets nobody in, trusted addresses neither",
        Obstacle::LogOnAlready => "this log is on already",
        Obstacle::DetectorOnAlready => "this detector works already",
        Obstacle::StoppedSightAlready | Obstacle::DetectorStopped => "it is stopped",
        Obstacle::InstanceTerminated => "the instance is terminated",
        Obstacle::VolumeGone => "the instance is terminated and its volume is gone",
        Obstacle::MemoryGone => "the instance is stopped and its memory is gone",
        Obstacle::InstanceBooting => "the instance is still booting",
        Obstacle::UnreachableIsolated => "the instance is isolated: Systems Manager can't reach it",
        Obstacle::UnreachableDenied => DENIED,
        Obstacle::InstanceIsolatedAlready => "the instance is isolated already",
        Obstacle::InstanceCutOffAlready => "the instance is isolated and cut off already",
        Obstacle::OnStandbyAlready => "the instance is on standby already",
        Obstacle::NotAMember => "the instance is not a member of its group any more",
        Obstacle::StoppedAlready => "the instance is stopped already",
        Obstacle::InstanceStopped => "the instance is stopped",
        Obstacle::ScannedLately => "this instance was scanned less than an hour ago",
        Obstacle::UnreachableWithoutRole => "its role's credentials are denied: Systems Manager can't reach it",
        Obstacle::NotOnStandby => "the instance is not on standby",
        Obstacle::NotRegistered => "the load balancer sends the instance no requests",
        Obstacle::RegisteredAlready => "the instance is registered with the load balancer",
        Obstacle::InstanceRuns => "the instance is not stopped",
        Obstacle::TerminationProtected => "the instance is protected from termination",
        Obstacle::VolumeKeptAlready => "its volume outlives the instance already",
        Obstacle::GroupAtMinimum => "the group's minimum is reached",
        Obstacle::SuspendedAlready => "the group leaves unhealthy members alone already",
        Obstacle::NotSuspended => "the group doesn't leave unhealthy members alone",
        Obstacle::RebalancingSuspendedAlready => "the group leaves its zones uneven already",
        Obstacle::RebalancingNotSuspended => "the group doesn't leave its zones uneven",
        Obstacle::NoSnapshot => "there is no snapshot of the instance's volume",
        Obstacle::NothingLaunched => "nobody has launched anything with it that still runs",
        Obstacle::OutsideDeniedAlready => "the role can be used from the own network only already",
        Obstacle::GroupAtMaximum => "the group's maximum is reached",
        Obstacle::GroupAtZero => "the group has no instance left to give away",
        Obstacle::NotOpenToWorld => "no rule of this group opens that port to the world",
        Obstacle::RestrictedAlready => "only trusted addresses reach that port already",
        Obstacle::NotPublic => "the world is not let in",
        Obstacle::PublicAlready => "the world is let in already",
        Obstacle::NotShared => "it is shared with nobody",
        Obstacle::CopiedAlready => "there is a copy out of reach already",
        Obstacle::SnapshotLost => "the snapshot is destroyed and there is no copy of it",
        Obstacle::ResourceDestroyed => "it is destroyed",
        Obstacle::NotDestroyed => "it is not destroyed",
        Obstacle::ResourceIsolatedAlready => "it is isolated already",
        Obstacle::NotIsolated => "it is not isolated",
        Obstacle::ProtectedAlready => "it is protected already",
        Obstacle::KeyNotActive => "the key is not active",
        Obstacle::KeyActiveAlready => "the key is active already",
        Obstacle::KeyDeletedAlready => "the key is deleted already",
        Obstacle::KeyDeletedForGood => "the key is deleted for good",
        Obstacle::KeyReplacedAlready => "its users have a new one already",
        Obstacle::TrustClosedAlready => "nobody can assume it again as it is",
        Obstacle::DeniedAlready => "all traffic is denied already",
        Obstacle::NotDenied => "traffic is not denied",
        Obstacle::Legacy(text) => return text.into(),
    })
}

/// What was done to an instance, in words.
#[must_use]
pub fn change(change: InstanceChange) -> &'static str {
    match change {
        InstanceChange::Isolate => "isolated",
        InstanceChange::IsolateAndCut => "isolated, its connections cut",
        InstanceChange::Standby => "moved to standby",
        InstanceChange::ExitStandby => "moved back into service",
        InstanceChange::Deregister => "taken out of the load balancer",
        InstanceChange::Register => "put back into the load balancer",
        InstanceChange::Detach => "detached from its group",
        InstanceChange::Stop => "stopped",
        InstanceChange::Start => "started",
        InstanceChange::ProtectTermination => "protected from termination",
        InstanceChange::KeepVolume => "set to keep its volume",
        InstanceChange::RenewProfile => "given its profile again",
        InstanceChange::RestartProcesses => "running new processes",
        InstanceChange::FreeDisk => "freed of what filled its disk",
        InstanceChange::Terminate => "terminated",
    }
}

/// What was done to a group, in words.
#[must_use]
pub(crate) fn group_change(change: GroupChange) -> &'static str {
    match change {
        GroupChange::ReplacementSuspended => "leaves unhealthy members alone",
        GroupChange::ReplacementResumed => "replaces unhealthy members again",
        GroupChange::RebalancingSuspended => "leaves its zones uneven",
        GroupChange::RebalancingResumed => "evens its zones out again",
        GroupChange::Replaced => "replaces its members one after the other",
        GroupChange::RolledBack => "runs the release from before",
    }
}

/// What was done to a resource, in words.
#[must_use]
pub(crate) fn resource_change(change: ResourceChange) -> &'static str {
    match change {
        ResourceChange::Restricted => "open to trusted addresses only",
        ResourceChange::PublicAccessBlocked => "shut for the world",
        ResourceChange::Opened | ResourceChange::PublicAccessAllowed => "open to the world",
        ResourceChange::ShareRemoved => "shared with nobody",
        ResourceChange::Isolated => "cut off from everything",
        ResourceChange::Released => "reachable as before",
        ResourceChange::MadePrivate => "out of the world's reach",
        ResourceChange::Restored => "restored",
        ResourceChange::Protected => "protected against deletion",
        ResourceChange::Deactivated => "inactive",
        ResourceChange::Activated => "active",
        ResourceChange::Deleted => "deleted, and with it what it was last used for",
        ResourceChange::Replaced => "replaced by a new one",
        ResourceChange::TrustChanged => "closed to new sessions; live sessions go on",
        ResourceChange::Denied => "denied all traffic",
        ResourceChange::Allowed => "open to traffic again",
        ResourceChange::OutsideDenied => "usable from the own network only",
    }
}

/// A kind of resource in words.
#[must_use]
pub fn resource_kind(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Role => "role",
        ResourceKind::SecurityGroup => "security group",
        ResourceKind::User => "user",
        ResourceKind::AccessKey => "access key",
        ResourceKind::NetworkAcl => "network ACL",
        ResourceKind::Bucket => "bucket",
        ResourceKind::Database => "database",
        ResourceKind::Snapshot => "snapshot",
    }
}

/// A kind of harm in words.
#[must_use]
pub fn harm(kind: HarmKind) -> &'static str {
    match kind {
        HarmKind::DataTaken => "data taken",
        HarmKind::Destroyed => "destroyed",
        HarmKind::EvidenceDeleted => "evidence deleted",
    }
}

/// A phase of NIST SP 800-61 r2 in words.
#[must_use]
pub(crate) fn nist(phase: NistPhase) -> &'static str {
    match phase {
        NistPhase::Detection => "detection and analysis",
        NistPhase::Containment => "containment",
        NistPhase::Eradication => "eradication",
        NistPhase::Recovery => "recovery",
        NistPhase::PostIncident => "post-incident activity",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firedrill_model::SafeText;

    #[test]
    fn lengths_read_like_speech() {
        let said = |secs| length(Span::from_secs(secs));
        assert_eq!(said(0), "0 s");
        assert_eq!(said(45), "45 s");
        assert_eq!(said(600), "10 min");
        assert_eq!(said(612), "10 min 12 s");
        assert_eq!(said(605), "10 min 05 s");
        assert_eq!(said(7_500), "2 h 05 min");
        assert!(length(Span(u64::MAX)).ends_with(" min"), "no length overflows");
        assert_eq!(length(Span::from_millis(1_600)), "1 s");
    }

    #[test]
    fn large_figures_are_grouped() {
        assert_eq!(grouped(0.4), "0");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(grouped(1_155_000.0), "1 155 000");
        assert_eq!(grouped(f64::NAN), "NaN", "shown as what it is");
    }

    #[test]
    fn words_are_joined_as_in_a_sentence() {
        let words =
            |texts: &[&str]| list(&texts.iter().map(|text| SafeText::one_line(text).into()).collect::<Vec<_>>());
        assert_eq!(words(&[]), "");
        assert_eq!(words(&["a"]), "a");
        assert_eq!(words(&["a", "b", "c"]), "a, b and c");
    }
}
