//! One instance: how it stands, who can reach it, what the adversary did to it.

use super::chance::{Chance, Purpose};
use super::strain::Strain;
use firedrill_model::event::{EvidenceKind, InstanceCause, InstanceEvent, InstanceState, Obstacle};
use firedrill_model::id::{ServiceId, TargetId};
use firedrill_model::{DrillTime, SafeText};

/// What an instance answers that is sent to it by the load balancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    /// Everything.
    All,
    /// What comes on connections that are open: they are being tracked, and a swap of security groups leaves those alone.
    OnOpenConnections,
    /// Nothing.
    Nothing,
}

/// An instance.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Machine {
    pub id: TargetId,
    /// Place of its service.
    pub service: usize,
    /// Its service.
    pub serves_for: ServiceId,
    pub zone: SafeText,
    pub address: SafeText,
    pub state: InstanceState,
    /// Its security groups were swapped for one without rules.
    pub isolated: bool,
    /// Its connections were cut.
    pub cut: bool,
    /// A network ACL denies all its traffic.
    pub denied: bool,
    /// Until when connections through the load balancer go on that were open when it was taken out.
    pub drained_at: Option<DrillTime>,
    /// The snapshot of its volume was copied out of reach.
    pub copied: bool,
    /// It has taken requests.
    pub served: bool,
    /// How often what the load balancer finds there has changed.
    pub spells: u32,
    /// Why it can't be reached, or can again.
    pub reached_because: InstanceCause,
    /// Whoever terminates it by hand is refused. Its group isn't.
    pub protected: bool,
    /// Its volume outlives it.
    pub keeps_volume: bool,
    /// When the metadata service got credentials that are not of its hourly round: it was launched, started, or its profile associated.
    pub profile_since: Option<DrillTime>,
    /// When the credentials were made that its processes have; none before the drill.
    pub credentials_from: Option<DrillTime>,
    /// What it was before it was stopped.
    pub before_stop: InstanceState,
    /// The adversary was here: there is evidence to lose.
    pub touched: bool,
    /// The adversary has left something here with which it can come back.
    pub implant: bool,
    /// Share of the CPU that the adversary takes.
    pub taken: f64,
    /// What else weighs on it.
    pub strain: Strain,
    /// Evidence that was taken.
    pub captured: Vec<EvidenceKind>,
    /// Evidence that is gone.
    pub lost: Vec<EvidenceKind>,
}

impl Machine {
    /// An untouched instance; its zone and address are still to be said.
    pub(super) fn new(id: TargetId, service: usize, serves_for: ServiceId, state: InstanceState) -> Self {
        Self {
            id,
            service,
            serves_for,
            zone: SafeText::default(),
            address: SafeText::default(),
            state,
            isolated: false,
            cut: false,
            denied: false,
            drained_at: None,
            copied: false,
            served: state == InstanceState::InService,
            spells: 0,
            reached_because: InstanceCause::Initial,
            protected: false,
            keeps_volume: false,
            profile_since: None,
            credentials_from: None,
            before_stop: state,
            touched: false,
            implant: false,
            taken: 0.0,
            strain: Strain::default(),
            captured: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Why it can't leave its group, or its group's care, if so.
    pub(super) fn can_leave(&self) -> Result<(), Obstacle> {
        match self.state {
            InstanceState::Detached => Err(Obstacle::NotAMember),
            InstanceState::Booting => Err(Obstacle::InstanceBooting),
            InstanceState::Stopped => Err(Obstacle::InstanceStopped),
            InstanceState::Terminated => Err(Obstacle::InstanceTerminated),
            InstanceState::InService
            | InstanceState::Unhealthy
            | InstanceState::Deregistered
            | InstanceState::Standby => Ok(()),
        }
    }

    /// It runs, in whatever condition.
    pub(super) fn runs(&self) -> bool {
        !matches!(self.state, InstanceState::Stopped | InstanceState::Terminated)
    }

    /// It takes requests.
    pub(super) fn serves(&self) -> bool {
        self.state == InstanceState::InService
    }

    /// Its group counts it towards the desired capacity. A stopped member counts until the group has found out.
    pub(super) fn counts(&self) -> bool {
        matches!(
            self.state,
            InstanceState::Booting | InstanceState::InService | InstanceState::Unhealthy | InstanceState::Deregistered
        )
    }

    /// It is registered with the load balancer, and has passed a check of it at least once.
    pub(super) fn is_registered(&self) -> bool {
        matches!(self.state, InstanceState::InService | InstanceState::Unhealthy)
    }

    /// A session through the load balancer goes on: the balancer has not let go of it, and nothing has cut it. `tracked` says whether its
    /// security groups track the balancer's connections.
    pub(super) fn keeps_sessions(&self, tracked: bool, now: DrillTime) -> bool {
        let connected = self.is_registered() || self.drained_at.is_some_and(|until| now < until);
        connected && self.answers(tracked) != Answers::Nothing
    }

    /// What it answers. `tracked` says whether its security groups track the balancer's connections.
    pub(super) fn answers(&self, tracked: bool) -> Answers {
        if !self.runs() || self.cut || self.denied || self.loses_all() || (self.isolated && !tracked) {
            Answers::Nothing
        } else if self.isolated {
            Answers::OnOpenConnections
        } else {
            Answers::All
        }
    }

    /// A health check, which opens a connection of its own, gets an answer.
    pub(super) fn passes_checks(&self) -> bool {
        self.runs() && !self.cut && !self.denied && !self.isolated && !self.loses_all()
    }

    /// Nothing that is sent to it gets through.
    fn loses_all(&self) -> bool {
        self.strain.lost >= 1.0
    }

    /// Puts it into a state. Returns the evidence that is gone with that.
    pub(super) fn enter(&mut self, state: InstanceState) -> Vec<EvidenceKind> {
        self.state = state;
        self.served |= state == InstanceState::InService;
        let gone: &[EvidenceKind] = match state {
            InstanceState::Terminated => &[EvidenceKind::Disk, EvidenceKind::Memory],
            InstanceState::Stopped => &[EvidenceKind::Memory],
            InstanceState::Booting
            | InstanceState::InService
            | InstanceState::Unhealthy
            | InstanceState::Deregistered
            | InstanceState::Standby
            | InstanceState::Detached => &[],
        };
        let kept = |kind: &EvidenceKind| self.keeps_volume && *kind == EvidenceKind::Disk;
        let lost = |kind: &EvidenceKind| {
            self.touched && !kept(kind) && !self.captured.contains(kind) && !self.lost.contains(kind)
        };
        let lost: Vec<EvidenceKind> = gone.iter().copied().filter(lost).collect();
        self.lost.extend(&lost);
        lost
    }

    /// What is said of it.
    pub(super) fn event(&self, because: InstanceCause, evidence_lost: Vec<EvidenceKind>) -> InstanceEvent {
        InstanceEvent {
            instance: self.id.clone(),
            service: self.serves_for.clone(),
            zone: self.zone.clone(),
            state: self.state,
            because,
            evidence_lost,
        }
    }

    /// The id of the instance that is launched as this one of its service.
    pub(super) fn id_of_launch(chance: Chance, service: &ServiceId, count: u64) -> Option<TargetId> {
        let bits = chance.bits(Purpose::InstanceId, service.as_str(), count);
        TargetId::new(&format!("i-0{bits:016x}")).ok()
    }
}
