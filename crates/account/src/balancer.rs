//! The load balancer in front of a group: whom it sends requests to, and what it finds out when.
//!
//! Rules (Application Load Balancer user guide: health checks of target groups, troubleshooting; EC2 user guide: connection tracking): each
//! instance is checked at even intervals, in a phase of its own. After so many failed checks in a row it gets no more requests, after so
//! many passed ones it does again. Until then it gets its share, and what it doesn't answer hangs. Where all that are registered
//! are unhealthy, requests go to all of them. A check opens a connection of its own, so that it fails also where those that are open
//! are being tracked and live on.

use super::agenda::InstanceDue;
use super::chance::Purpose;
use super::fleet::{Changes, Fleet};
use super::machine::{Answers, Machine};
use firedrill_model::DrillTime;
use firedrill_model::Span;
use firedrill_model::event::{InstanceCause, InstanceState};
use firedrill_model::id::TargetId;
use firedrill_queueing::{Capacity, Hanging};

impl Fleet {
    /// Instances that get requests: those that are healthy, or all that are registered where none is.
    pub(super) fn in_rotation(&self, service: usize) -> Vec<&Machine> {
        let healthy: Vec<&Machine> = self.serving(service).collect();
        if !healthy.is_empty() {
            return healthy;
        }
        self.machines.iter().filter(|machine| machine.service == service && machine.is_registered()).collect()
    }

    /// What serves the requests of a service. `fails` says which share of an instance's requests can't be served.
    pub(super) fn capacity(&self, service: usize, fails: impl Fn(&Machine) -> f64) -> Capacity {
        let Some(balancer) = self.services.get(service).map(|kept| &kept.balancer) else { return NOBODY };
        let rotation = self.in_rotation(service);
        let each = 1.0 / f64::from(u32::try_from(rotation.len()).unwrap_or(u32::MAX).max(1));
        let own = self.services.get(service).map_or(0.0, |kept| kept.own);
        let (mut instances, mut speed, mut failing, mut held) = (0_u32, 0.0, 0.0, 0.0);
        let mut hanging = Hanging::NONE;
        let (connect, idle) = (balancer.connect_timeout.as_secs_f64(), balancer.idle_timeout.as_secs_f64());
        let new = balancer.new_connections;
        for machine in &rotation {
            match machine.answers(balancer.tracked) {
                Answers::All if machine.strain.lost > 0.0 => {
                    let lost = each * machine.strain.lost;
                    hanging = Hanging { share: hanging.share + lost, seconds: hanging.seconds.max(idle) };
                }
                Answers::All => {}
                Answers::OnOpenConnections => {
                    let lost = each * (new + (1.0 - new) * machine.strain.lost);
                    hanging = Hanging { share: hanging.share + lost, seconds: hanging.seconds.max(connect) };
                }
                Answers::Nothing => {
                    let seconds = new * connect + (1.0 - new) * idle;
                    hanging = Hanging { share: hanging.share + each, seconds: hanging.seconds.max(seconds) };
                    continue;
                }
            }
            instances += 1;
            speed += (1.0 - machine.taken) * machine.strain.pace(own);
            failing += machine.strain.failing(fails(machine));
            held += machine.strain.held;
        }
        if instances == 0 {
            // Nobody answers: all of it hangs. Where nobody is registered, all is refused.
            let instances = u32::from(!rotation.is_empty());
            return Capacity { instances, hanging: Hanging { share: f64::from(instances), ..hanging }, ..NOBODY };
        }
        let there = f64::from(instances);
        Capacity { instances, speed: speed / there, fails: failing / there, hanging, held: held / there }
    }

    /// What the load balancer finds at an instance has changed: it can be reached no longer, or again. It takes some checks to find out.
    pub(super) fn checks_change(&mut self, id: &TargetId, cause: InstanceCause, changes: &mut Changes) {
        let Some(machine) = self.machine_mut(id) else { return };
        let passes = machine.passes_checks();
        machine.spells += 1;
        machine.reached_because = cause;
        let (spell, state, service) = (machine.spells, machine.state, machine.service);
        let Some(balancer) = self.services.get(service).map(|kept| kept.balancer.clone()) else { return };
        let first = self.next_check(id);
        let more = |count: u32| Span(balancer.check_every.0.saturating_mul(u64::from(count.saturating_sub(1))));
        if state == InstanceState::InService && !passes {
            changes.plan(id, InstanceDue::Out(spell), first + more(balancer.out_after) + balancer.check_timeout);
        } else if state == InstanceState::Unhealthy && passes {
            changes.plan(id, InstanceDue::In(spell), first + more(balancer.in_after));
        } else if state == InstanceState::Unhealthy && self.goes_by_balancer(service) {
            changes.plan(id, InstanceDue::Unhealthy(spell), self.group_acts(id));
        }
    }

    /// The load balancer has found out that an instance doesn't answer, or does again.
    pub(super) fn checked(&mut self, id: &TargetId, spell: u32, passes: bool) -> Changes {
        let mut changes = Changes::default();
        let Some(machine) = self.machine(id).filter(|machine| machine.spells == spell) else { return changes };
        let cause = machine.reached_because;
        match machine.state {
            InstanceState::InService if !passes => self.fails_checks(id, cause, &mut changes),
            InstanceState::Unhealthy if passes => self.enter(id, InstanceState::InService, cause, &mut changes),
            _ => {}
        }
        changes
    }

    /// An instance counts as unhealthy from now on, and its group may replace it.
    pub(super) fn fails_checks(&mut self, id: &TargetId, cause: InstanceCause, changes: &mut Changes) {
        self.enter(id, InstanceState::Unhealthy, cause, changes);
        let Some(machine) = self.machine(id) else { return };
        if self.goes_by_balancer(machine.service) {
            changes.plan(id, InstanceDue::Unhealthy(machine.spells), self.group_acts(id));
        }
    }

    /// When an instance that is registered now has passed the check that a new target needs.
    pub(super) fn first_check(&self, id: &TargetId) -> DrillTime {
        self.next_check(id)
    }

    /// When the load balancer checks an instance next.
    fn next_check(&self, id: &TargetId) -> DrillTime {
        let kept = self.machine(id).and_then(|machine| self.services.get(machine.service));
        let every = kept.map_or(Span::from_secs(30), |kept| kept.balancer.check_every);
        let phase = self.chance.unit(Purpose::Check, id.as_str(), 0) * every.as_secs_f64();
        next_of(self.now, every, Span::from_secs_f64(phase))
    }
}

/// Nobody serves, and whoever asks is refused.
const NOBODY: Capacity = Capacity { instances: 0, speed: 1.0, fails: 0.0, hanging: Hanging::NONE, held: 0.0 };

/// The first moment after `now` of those that are `every` apart, the first at `phase`.
pub(super) fn next_of(now: DrillTime, every: Span, phase: Span) -> DrillTime {
    let every = every.0.max(1);
    let since = now.0.saturating_sub(phase.0);
    let count = if now.0 < phase.0 { 0 } else { since / every + 1 };
    DrillTime(phase.0.saturating_add(every.saturating_mul(count)))
}

/// The last moment up to `now` of those that are `every` apart, the first at `phase`; none before that.
pub(super) fn last_of(now: DrillTime, every: Span, phase: Span) -> Option<DrillTime> {
    let every = every.0.max(1);
    let since = now.0.checked_sub(phase.0)?;
    Some(DrillTime(phase.0.saturating_add(since / every * every)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_evenly_apart_from_the_first_on() {
        let (every, phase) = (Span(30), Span(7));
        assert_eq!(next_of(DrillTime(0), every, phase), DrillTime(7));
        assert_eq!(next_of(DrillTime(7), every, phase), DrillTime(37));
        assert_eq!(next_of(DrillTime(36), every, phase), DrillTime(37));
        assert_eq!(last_of(DrillTime(6), every, phase), None);
        assert_eq!(last_of(DrillTime(66), every, phase), Some(DrillTime(37)));
        assert_eq!(last_of(DrillTime(67), every, phase), Some(DrillTime(67)));
    }
}
