//! What is known of the workload and of the incident: findings, messages, logs, instances, roles, the adversary.

use alloc::sync::Arc;

use super::View;
use super::apply::{MAX_ROWS, push_bounded};
use super::happened::{Deed, Notice, Unseen, WorldTurn};
use super::view::{FindingRow, InstanceRow, Lane, LogRow, Mark, MessageRow, SignOf, Stamp, ToldStage};
use firedrill_model::{
    Author, Finding, Judgement, LogRecord,
    event::{AdversaryState, InstanceCause, InstanceEvent},
    id::{ChannelId, FindingId, InjectId, SeatId, StageId, TargetId},
    scenario::{Message, Scenario, SignSource},
};

/// Most log records that are kept; the oldest make room.
pub const MAX_LOGS: usize = 100_000;

impl View {
    pub(super) fn fault_active(&mut self, stamp: Stamp, whole: Option<&Scenario>) {
        self.marks.entry(Mark::FaultActive).or_insert(stamp);
        // When it was isn't told to a team before Verify.
        self.hidden_line(stamp, Lane::Drill, Unseen::FaultActive);
        if let Some(scenario) = whole {
            let what = Unseen::FaultIs(scenario.fault.summary.clone());
            self.hidden_line(stamp, self.lane_of_incident(), what);
        }
    }

    pub(super) fn stage_turn(
        &mut self,
        stamp: Stamp,
        (stage, on, active): (&StageId, &TargetId, bool),
        whole: Option<&Scenario>,
    ) {
        let turn = (stamp, stage.clone(), on.clone(), active);
        push_bounded(&mut self.truth.stages, turn, &mut self.dropped.other);
        if let (Some(scenario), false) = (whole, self.truth.told.contains_key(stage)) {
            self.truth.told.extend(ToldStage::of(scenario, stage).map(|told| (stage.clone(), told)));
        }
        self.hidden_line(stamp, self.lane_of_incident(), Unseen::Stage(stage.clone(), on.clone(), active));
    }

    pub(super) fn adversary_turn(&mut self, stamp: Stamp, state: AdversaryState) {
        let before = self.board.adversary.replace(state);
        self.mark_adversary(stamp, before, state);
        if before != Some(state) {
            self.hidden_line(stamp, self.lane_of_incident(), Unseen::Adversary(state));
        }
    }

    /// Where it stands what an adversary does, or a fault that nobody is behind.
    pub(super) fn lane_of_incident(&self) -> Lane {
        if self.scenario.adversary { Lane::Adversary } else { Lane::World }
    }

    pub(super) fn finding_created(&mut self, stamp: Stamp, finding: &Finding) {
        if self.truth.created.iter().any(|(_, known)| known.id == finding.id) {
            return;
        }
        push_bounded(&mut self.truth.created, (stamp, finding.clone()), &mut self.dropped.other);
        if self.is_of_incident(finding) {
            self.mark_signal(finding.first_seen);
        }
        self.finding_as_sign(stamp, finding);
        let made = Notice::FindingMade(finding.detector.clone(), finding.id.clone());
        self.hidden_line(stamp, Lane::Detection, made);
    }

    pub(super) fn notified(&mut self, stamp: Stamp, channel: &ChannelId, finding: &Finding) {
        let again = !self.see_finding(stamp, Some(channel), finding);
        if !self.board.told.iter().any(|(_, by, of)| by == channel && *of == finding.id) {
            let told = (stamp, channel.clone(), finding.id.clone());
            push_bounded(&mut self.board.told, told, &mut self.dropped.other);
        }
        if self.is_of_incident(finding) {
            self.mark_first(Mark::Notified, stamp);
        }
        let told = Notice::Notified(
            channel.clone(),
            finding.id.clone(),
            Some(finding.count).filter(|count| again && *count > 1),
        );
        self.line(stamp, Lane::Detection, told);
    }

    pub(super) fn notification_lost(&mut self, stamp: Stamp, channel: &ChannelId, finding: &FindingId) {
        let lost = (stamp, channel.clone(), finding.clone());
        push_bounded(&mut self.truth.lost, lost, &mut self.dropped.other);
        self.hidden_line(stamp, Lane::Detection, Notice::NotificationLost(channel.clone(), finding.clone()));
    }

    /// Shows a finding to the team, or refreshes one that it knows. Says whether it is new.
    pub(super) fn see_finding(&mut self, stamp: Stamp, via: Option<&ChannelId>, finding: &Finding) -> bool {
        if self.is_of_incident(finding) {
            self.mark_signal(finding.first_seen);
        }
        let told = via.map(|_| stamp);
        if let Some(row) = self.board.findings.iter_mut().find(|row| row.finding.id == finding.id) {
            row.finding = finding.clone();
            row.told = row.told.or(told);
            return false;
        }
        let row = FindingRow {
            finding: finding.clone(),
            seen: stamp,
            via: via.cloned(),
            told,
            acknowledged: None,
            judged: None,
        };
        push_bounded(&mut self.board.findings, row, &mut self.dropped.other);
        if via.is_none() && self.is_of_incident(finding) {
            self.sign(stamp, SignSource::Person, SignOf::Look(finding.id.clone()));
        }
        true
    }

    pub(super) fn acknowledge(&mut self, stamp: Stamp, by: &Author, finding: Option<&FindingId>) {
        let row = finding.and_then(|id| self.board.findings.iter_mut().find(|row| row.finding.id == *id));
        if let Some(row) = row {
            row.acknowledged.get_or_insert(stamp);
        }
        self.taken_on(stamp, by, finding);
        self.line(stamp, Lane::People, Deed::Acknowledged(finding.cloned()));
    }

    pub(super) fn judge(&mut self, stamp: Stamp, seat: &SeatId, finding: &FindingId, judgement: Judgement) {
        let Some(row) = self.board.findings.iter_mut().find(|row| row.finding.id == *finding) else { return };
        row.judged = Some((stamp, seat.clone(), judgement));
        self.line(stamp, Lane::People, Deed::Judged(finding.clone(), judgement));
    }

    pub(super) fn deliver(
        &mut self,
        stamp: Stamp,
        inject: &InjectId,
        message: Option<&Message>,
        whole: Option<&Scenario>,
    ) {
        self.message_as_sign(stamp, inject, whole);
        let row = MessageRow { inject: inject.clone(), stamp, message: message.cloned() };
        push_bounded(&mut self.board.messages, row, &mut self.dropped.other);
        let arrived = Notice::Delivered(inject.clone(), message.cloned().map(Box::new));
        self.line(stamp, Lane::Inject, arrived);
    }

    pub(super) fn logged(&mut self, stamp: Stamp, record: &Arc<LogRecord>) {
        if self.board.logs.len() >= MAX_LOGS {
            self.board.logs.cut_front(1);
            self.board.logs_dropped += 1;
        }
        self.board.logs.push(LogRow { seq: stamp.seq, delivered: stamp.at, record: Arc::clone(record) });
    }

    pub(super) fn instance_turn(&mut self, stamp: Stamp, turn: &InstanceEvent) {
        if self.set_instance(stamp, turn) && turn.because != InstanceCause::Initial {
            push_bounded(&mut self.board.instance_turns, (stamp, turn.clone()), &mut self.dropped.other);
            let InstanceEvent { instance, service, state, because, .. } = turn;
            let what = WorldTurn::Instance(instance.clone(), service.clone(), *state, *because);
            self.line(stamp, Lane::World, what);
        }
    }

    /// Puts an instance into its state; false where a bound leaves it out.
    pub(super) fn set_instance(&mut self, stamp: Stamp, turn: &InstanceEvent) -> bool {
        let known = self.board.instances.get(&turn.instance);
        if known.is_none() && self.board.instances.len() >= MAX_ROWS {
            self.dropped.other += 1;
            return false;
        }
        let row = InstanceRow {
            service: turn.service.clone(),
            zone: turn.zone.clone(),
            state: turn.state,
            because: turn.because,
            since: stamp.at,
            isolated: known.is_some_and(|row| row.isolated),
        };
        self.board.instances.insert(turn.instance.clone(), row);
        true
    }

    pub(super) fn role_turn(&mut self, stamp: Stamp, role: &TargetId, usable: bool) {
        if usable {
            self.board.roles_out.remove(role);
        } else if self.board.roles_out.len() < MAX_ROWS {
            self.board.roles_out.insert(role.clone());
        }
        push_bounded(&mut self.board.role_turns, (stamp, role.clone(), usable), &mut self.dropped.other);
        self.line(stamp, Lane::World, WorldTurn::Role(role.clone(), usable));
    }
}
