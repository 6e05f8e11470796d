//! The responses given, and what each brought.

use super::View;
use super::apply::MAX_ROWS;
use super::happened::{Deed, WorldTurn};
use super::view::{Lane, Mark, Response, Stamp};
use super::wording;
use firedrill_model::event::{ActionEvent, ActionState, EffectResult, PeopleEvent, brought_something};
use firedrill_model::id::{ServiceId, TargetId};
use firedrill_model::scenario::InstanceChange;
use firedrill_model::{Author, Shown, shown};

impl Response {
    /// Says whether it is done and brought something: not every effect was impossible.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.done.as_ref().is_some_and(|(_, results)| brought_something(results))
    }

    /// Why it brought nothing, in a word or two, if it is done and did not.
    #[must_use]
    pub fn in_vain(&self) -> Option<&'static str> {
        let (_, results) = self.done.as_ref().filter(|_| !self.succeeded())?;
        let asked_too_early = results.iter().any(|result| matches!(result, EffectResult::Steady { yes: false }));
        Some(if asked_too_early { "not so yet" } else { "not possible" })
    }
}

impl View {
    pub(super) fn respond(&mut self, stamp: Stamp, by: &Author, event: &PeopleEvent) {
        let (PeopleEvent::Acted { run, action, target, guess, why }, Author::Seat(seat)) = (event, by) else { return };
        if self.responses.len() >= MAX_ROWS || self.responses.contains_key(run) {
            self.dropped.other += 1;
            return;
        }
        let response = Response {
            action: action.clone(),
            target: target.clone(),
            seat: seat.clone(),
            given: stamp,
            guess: *guess,
            why: why.clone(),
            until: None,
            done: None,
        };
        self.responses.insert(*run, response);
        let given = Deed::Responded(action.clone(), target.clone(), *guess);
        self.line_with(stamp, Lane::People, given, why.as_ref());
    }

    pub(super) fn respond_state(&mut self, stamp: Stamp, event: &ActionEvent) {
        match &event.state {
            ActionState::Unknown { .. } => self.response_unknown(stamp, event.run),
            ActionState::Started { until } => {
                if let Some(response) = self.responses.get_mut(&event.run) {
                    response.until = Some(*until);
                }
            }
            ActionState::Done { results } => {
                let results: Vec<EffectResult> = results.iter().take(MAX_ROWS).cloned().collect();
                for result in &results {
                    self.take_result(stamp, result);
                }
                self.line(stamp, Lane::World, WorldTurn::ResponseDone(event.run));
                if let Some(response) = self.responses.get_mut(&event.run) {
                    response.done.get_or_insert((stamp, results));
                }
            }
        }
    }

    fn take_result(&mut self, stamp: Stamp, result: &EffectResult) {
        match result {
            EffectResult::Findings { findings } => {
                for finding in findings.iter().take(MAX_ROWS) {
                    self.see_finding(stamp, None, finding);
                }
            }
            // Evidence of an instance that has nothing to do with it is none.
            EffectResult::Captured { of, .. } if self.is_concerned(of) => {
                self.mark_first(Mark::EvidenceCaptured, stamp);
            }
            EffectResult::Told => self.mark_first(Mark::Escalated, stamp),
            EffectResult::Changed { change, instance, .. } => self.change_instance(*change, instance),
            _ => {}
        }
    }

    fn change_instance(&mut self, change: InstanceChange, instance: &TargetId) {
        if matches!(change, InstanceChange::Isolate | InstanceChange::IsolateAndCut)
            && let Some(row) = self.board.instances.get_mut(instance)
        {
            row.isolated = true;
        }
    }

    /// `; out because of that: a and b`, or nothing.
    fn out_words(&self, services: &[ServiceId]) -> Shown {
        let names: Vec<Shown> = services.iter().map(|id| self.service_title(id).clone()).collect();
        if names.is_empty() { Shown::default() } else { shown!("; out because of that: {}", wording::list(&names)) }
    }

    /// What an effect brought, in words.
    #[must_use]
    pub(crate) fn result_words(&self, result: &EffectResult) -> Shown {
        match result {
            EffectResult::Captured { evidence, of } => shown!("the {} of {} is safe", wording::evidence(*evidence), of),
            EffectResult::Changed { change, instance, tracked_alive } => {
                let tracked = if *tracked_alive { ", tracked connections go on" } else { "" };
                shown!("{} is {}{}", instance, wording::change(*change), tracked)
            }
            EffectResult::EvidenceCopied { of } => {
                shown!("the snapshot of {} is copied to the account for forensics", of)
            }
            EffectResult::LaunchedEnded { principal, vcpus } => shown!(
                "what was launched with {} is terminated; {} are free again",
                self.target_title(principal),
                wording::count(usize::try_from(*vcpus).unwrap_or(usize::MAX), "virtual CPU", "virtual CPUs")
            ),
            EffectResult::Findings { findings } if findings.is_empty() => Shown::from("no finding there"),
            EffectResult::Findings { findings } => wording::count(findings.len(), "finding", "findings") + " there",
            EffectResult::Log { records: 1 } => Shown::from("1 record read"),
            EffectResult::Log { records } => shown!("{} records read", records),
            EffectResult::GroupChanged { change, .. } => shown!("the group {}", wording::group_change(*change)),
            EffectResult::Capacity { desired } => shown!("the group now wants {} in service", desired),
            EffectResult::SessionsRevoked { services } if services.is_empty() => Shown::from("the sessions are ended"),
            EffectResult::SessionsRevoked { services } => {
                let names: Vec<Shown> = services.iter().map(|id| self.service_title(id).clone()).collect();
                shown!("the sessions are ended; without credentials for a while: {}", wording::list(&names))
            }
            EffectResult::ResourceChanged { change, resource, out } => {
                let title = self.target_title(resource);
                shown!("{} is {}{}", title, wording::resource_change(*change), self.out_words(out))
            }
            EffectResult::NamesBlocked { domains } => {
                let names: Vec<Shown> = domains.iter().map(Shown::from).collect();
                shown!("no longer resolved: {}", wording::list(&names))
            }
            EffectResult::LogOn { log } => shown!("{} records from now on", log.label()),
            EffectResult::DetectorOn { detector } => {
                shown!("{} finds what goes on from now on", self.detector_title(detector))
            }
            EffectResult::TurnedOff { what } => shown!("{} is stopped", self.sight_title(what)),
            EffectResult::Status { of, works: true } => shown!("{} works", self.sight_title(of)),
            EffectResult::Status { of, works: false } => shown!("{} is stopped", self.sight_title(of)),
            EffectResult::ScanBegun { detector, instance } => {
                shown!("{} scans {}", self.detector_title(detector), instance)
            }
            EffectResult::ImplantRemoved { instance, found: true } => {
                shown!("what was left on {} is removed", instance)
            }
            EffectResult::ImplantRemoved { instance, found: false } => shown!("nothing was found on {}", instance),
            EffectResult::AutomationTested { works: true } => Shown::from("the test run worked"),
            EffectResult::AutomationTested { works: false } => Shown::from("the test run failed"),
            EffectResult::AutomationRepaired => Shown::from("the automation works from now on"),
            EffectResult::PortClosed => Shown::from("the rule is gone"),
            EffectResult::ChannelTested { arrives: true } => Shown::from("the test message arrived"),
            EffectResult::ChannelTested { arrives: false } => Shown::from("the test message did not arrive"),
            EffectResult::ChannelRepaired => Shown::from("the channel works from now on"),
            EffectResult::Told => Shown::from("told"),
            EffectResult::Steady { yes: true } => Shown::from("the steady state is back"),
            EffectResult::Steady { yes: false } => Shown::from("the steady state is not back yet"),
            EffectResult::Impossible { because } => shown!("not possible: {}", wording::obstacle(because)),
        }
    }
}
