//! Each effect of a response and its side effects: they happen because of what was done, and don't otherwise.

use firedrill_core::projection::wording::obstacle;
use firedrill_model::LogSource;
use firedrill_model::event::{
    ActionState, AdversaryState, EffectResult, EvidenceKind, InstanceCause, InstanceEvent, InstanceState, WorldEvent,
};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::InstanceChange;

use super::Play;

const MINED: &str = "i-0a1b2c3d4e5f60001";
const OTHER: &str = "i-0a1b2c3d4e5f60002";
/// What happens here is benign.
const WEBSITE: &str = "i-0e1f2a3b4c5d60001";
const GROUP: &str = "asg-personalization";
const ROLE: &str = "personalization-role";

/// The miner has been running for a minute.
fn mined() -> Play {
    let mut play = Play::new("crypto-mining", 3);
    play.until(60).fire().until(140);
    play
}

impl Play {
    pub(super) fn instance(&self, id: &str) -> Vec<&InstanceEvent> {
        let of = |event: &'_ WorldEvent| matches!(event, WorldEvent::Instance(event) if event.instance.as_str() == id);
        let events = self.seen.iter().filter(|seen| of(&seen.event));
        events
            .filter_map(|seen| if let WorldEvent::Instance(event) = &seen.event { Some(event) } else { None })
            .collect()
    }

    pub(super) fn state(&self, id: &str) -> InstanceState {
        self.instance(id).last().expect("the instance is known").state
    }

    pub(super) fn launched(&self) -> Vec<&InstanceEvent> {
        let events = self.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::Instance(event) if event.state == InstanceState::Booting => Some(event),
            _ => None,
        });
        events.collect()
    }

    pub(super) fn results(&self) -> Vec<EffectResult> {
        let done = self.seen.iter().rev().find_map(|seen| match &seen.event {
            WorldEvent::Action(event) => match &event.state {
                ActionState::Done { results } => Some(results.clone()),
                ActionState::Started { .. } | ActionState::Unknown { .. } => None,
            },
            _ => None,
        });
        done.expect("a response is done")
    }

    pub(super) fn reason(&self) -> String {
        match self.results().first() {
            Some(EffectResult::Impossible { because }) => obstacle(because).to_string(),
            other => panic!("it was possible: {other:?}"),
        }
    }

    /// Stages that go on, by the last that was said of each.
    pub(super) fn active(&self) -> Vec<(String, String)> {
        let mut active = Vec::new();
        for seen in &self.seen {
            if let WorldEvent::Stage { stage, on, active: begins } = &seen.event {
                active.retain(|(known, _)| known != stage.as_str());
                if *begins {
                    active.push((stage.to_string(), on.to_string()));
                }
            }
        }
        active
    }

    pub(super) fn mines(&self) -> bool {
        self.active().iter().any(|(stage, on)| stage == "mining" && on == MINED)
    }

    pub(super) fn adversary(&self) -> Option<AdversaryState> {
        self.seen.iter().rev().find_map(|seen| match &seen.event {
            WorldEvent::Adversary { state } => Some(*state),
            _ => None,
        })
    }

    pub(super) fn lost(&self, id: &str) -> Vec<EvidenceKind> {
        self.instance(id).into_iter().flat_map(|event| event.evidence_lost.clone()).collect()
    }

    pub(super) fn last(&self, signal: &str) -> f64 {
        let at = self.scenario.signals.iter().position(|other| other.id.as_str() == signal).expect("a signal");
        self.samples().last().expect("a sample").1.values[at]
    }

    pub(super) fn worst(&self, signal: &str, from: u64) -> f64 {
        let at = self.scenario.signals.iter().position(|other| other.id.as_str() == signal).expect("a signal");
        self.samples().filter(|(secs, _)| *secs >= from).map(|(_, sample)| sample.values[at]).fold(0.0, f64::max)
    }

    pub fn wait(&mut self, secs: u64) -> &mut Self {
        let now = self.world.now().0 / 1_000_000;
        self.until(now + secs)
    }
}

#[test]
fn nothing_changes_without_a_response() {
    let mut play = mined();
    play.until(1_200);
    assert!(play.mines());
    assert_eq!(play.adversary(), Some(AdversaryState::Active));
    assert!(play.launched().is_empty());
    assert!(play.worst("latency", 0) < 50.0);
    assert_eq!(play.last("errors"), 0.0);
    assert!(play.last("cpu-1") > play.last("cpu-2") + 5.0, "the miner shows in the CPU");
}

#[test]
fn isolating_leaves_tracked_connections_alive_and_the_group_replaces_the_instance() {
    let mut play = mined();
    play.act("isolate", MINED).wait(20);
    let changed = play.results();
    assert!(matches!(
        changed.as_slice(),
        [EffectResult::Changed { change: InstanceChange::Isolate, tracked_alive: true, .. }]
    ));
    assert_eq!(play.state(MINED), InstanceState::InService, "no check has failed often enough");
    assert!(play.mines(), "the connection to the pool goes on");
    assert!(
        (1.5..4.0).contains(&play.last("errors")),
        "half of the requests, and one in twenty of these: {}",
        play.last("errors")
    );
    assert!((490.0..=500.0).contains(&play.last("latency")), "who hangs waits until the caller gives up");
    play.wait(60);
    assert_eq!(play.state(MINED), InstanceState::Unhealthy);
    assert_eq!(play.last("in-service"), 1.0);
    play.wait(80);
    let end = *play.instance(MINED).last().unwrap();
    assert_eq!((end.state, end.because), (InstanceState::Terminated, InstanceCause::HealthCheck));
    assert_eq!(end.evidence_lost, [EvidenceKind::Disk, EvidenceKind::Memory]);
    assert!(!play.mines());
    assert_eq!(play.launched().len(), 1);
    assert!(play.last("latency") > 50.0);
    play.wait(300);
    assert_eq!(play.last("in-service"), 2.0);
    assert!(play.last("latency") < 50.0);
}

#[test]
fn the_runbook_cuts_the_connection() {
    let mut play = mined();
    play.act("contain-runbook", MINED).wait(110);
    assert!(matches!(
        play.results().as_slice(),
        [
            EffectResult::Changed { change: InstanceChange::Standby, .. },
            EffectResult::Changed { change: InstanceChange::IsolateAndCut, tracked_alive: false, .. }
        ]
    ));
    assert!(!play.mines());
    assert_eq!(play.adversary(), Some(AdversaryState::Active), "its credentials are used from elsewhere");
    play.wait(200);
    assert_eq!(play.state(MINED), InstanceState::Standby, "its group leaves it alone");
    assert!(play.lost(MINED).is_empty());
}

#[test]
fn an_isolated_instance_on_standby_is_left_alone() {
    let mut play = mined();
    play.act("standby", MINED).wait(20).act("isolate", MINED).wait(600);
    assert_eq!(play.state(MINED), InstanceState::Standby);
    assert!(play.launched().is_empty(), "standby lowers the desired capacity");
    assert!(play.lost(MINED).is_empty());
    assert_eq!(play.last("in-service"), 1.0);
    assert!(play.mines(), "a new security group alone cuts nothing");
}

#[test]
fn standby_saves_an_instance_that_fails_its_checks() {
    let mut play = mined();
    play.act("isolate", MINED).wait(20).act("standby", MINED).wait(600);
    assert_eq!(play.state(MINED), InstanceState::Standby);
    assert!(play.lost(MINED).is_empty());
}

#[test]
fn a_detached_instance_runs_on_and_is_replaced_at_once() {
    let mut play = mined();
    play.act("detach", MINED).wait(20);
    assert_eq!(play.state(MINED), InstanceState::Detached);
    assert_eq!(play.launched().len(), 1);
    assert_eq!(play.last("in-service"), 1.0);
    assert!(play.mines());
    play.wait(300);
    assert_eq!(play.last("in-service"), 2.0);
    play.act("standby", MINED);
    assert_eq!(play.reason(), "the instance is not a member of its group any more");
}

#[test]
fn stopping_loses_memory_first_and_the_volume_with_the_health_check() {
    let mut play = mined();
    play.act("stop", MINED).wait(45);
    assert_eq!(play.state(MINED), InstanceState::Stopped);
    assert_eq!(play.lost(MINED), [EvidenceKind::Memory]);
    assert!(!play.mines());
    play.wait(120);
    let end = *play.instance(MINED).last().unwrap();
    assert_eq!((end.state, end.because), (InstanceState::Terminated, InstanceCause::HealthCheck));
    assert_eq!(end.evidence_lost, [EvidenceKind::Disk]);
    assert_eq!(play.launched().len(), 1);
}

#[test]
fn a_stopped_instance_out_of_its_group_stays() {
    let mut play = mined();
    play.act("detach", MINED).wait(20).act("stop", MINED).wait(900);
    assert_eq!(play.state(MINED), InstanceState::Stopped);
    play.act("snapshot-volume", MINED).wait(180);
    assert!(matches!(play.results().as_slice(), [EffectResult::Captured { evidence: EvidenceKind::Disk, .. }]));
    play.act("capture-memory", MINED);
    assert_eq!(play.reason(), "the instance is stopped and its memory is gone");
}

#[test]
fn terminating_loses_what_was_not_taken() {
    let mut play = mined();
    play.act("terminate", MINED).wait(40);
    assert_eq!(play.lost(MINED), [EvidenceKind::Disk, EvidenceKind::Memory]);
    assert_eq!(play.launched().len(), 1);
    play.act("snapshot-volume", MINED);
    assert_eq!(play.reason(), "the instance is terminated and its volume is gone");
    play.act("terminate", MINED);
    assert_eq!(play.reason(), "the instance is terminated");

    let mut careful = mined();
    careful.act("snapshot-volume", MINED).act("capture-memory", MINED).wait(300);
    careful.act("terminate", MINED).wait(40);
    assert!(careful.lost(MINED).is_empty());

    let mut clean = mined();
    clean.act("terminate", OTHER).wait(40);
    assert!(clean.lost(OTHER).is_empty(), "there was no trace of the adversary on it");
    assert!(clean.mines());
}

#[test]
fn an_isolated_instance_gives_no_memory() {
    let mut play = mined();
    play.act("standby", MINED).wait(20).act("isolate", MINED).wait(20).act("capture-memory", MINED);
    assert_eq!(play.reason(), "the instance is isolated: Systems Manager can't reach it");
    play.act("snapshot-volume", MINED).wait(180);
    assert!(matches!(play.results().as_slice(), [EffectResult::Captured { evidence: EvidenceKind::Disk, .. }]));
}

#[test]
fn a_response_is_looked_at_again_when_it_ends() {
    let mut play = mined();
    play.act("capture-memory", MINED).wait(60).act("terminate", MINED).wait(300);
    assert_eq!(play.reason(), "the instance is terminated");
    assert_eq!(play.lost(MINED), [EvidenceKind::Disk, EvidenceKind::Memory]);
}

#[test]
fn capacity_that_is_there_before_keeps_latency_within_its_bound() {
    let mut play = mined();
    play.act("scale-out", GROUP).wait(20);
    assert_eq!(play.results(), [EffectResult::Capacity { desired: 3 }]);
    assert_eq!(play.last("in-service"), 2.0);
    play.wait(300);
    assert_eq!(play.last("in-service"), 3.0);
    let from = play.world.now().0 / 1_000_000;
    play.act("terminate", MINED).wait(400);
    assert!(play.worst("latency", from) < 50.0);

    let mut early = mined();
    early.act("terminate", MINED).wait(200);
    assert!(early.last("latency") > 50.0);
    assert!(early.last("website-latency") > 100.0, "the website is slow with it");
    assert!(early.last("collection-waiting") > 20.0, "events wait");
    assert!(early.last("collection-errors") > 1.0, "and some are lost");
    early.wait(300);
    assert!(early.last("latency") < 50.0, "until the new instance takes its share");
}

#[test]
fn a_group_knows_its_limits() {
    let mut play = mined();
    play.act("scale-out", GROUP).wait(15).act("scale-out", GROUP).wait(15).act("scale-out", GROUP);
    assert_eq!(play.reason(), "the group's maximum is reached");
    let zones: Vec<&str> = play.launched().iter().map(|event| event.zone.as_str()).collect();
    assert_eq!(zones, ["us-east-1a", "us-east-1b"], "zones take turns");
    play.act("scale-in", GROUP).wait(15);
    assert_eq!(play.results(), [EffectResult::Capacity { desired: 3 }]);
    assert_eq!(play.seen.iter().filter(|seen| terminated(&seen.event)).count(), 1, "one that boots goes first");
    for _ in 0..3 {
        play.act("scale-in", GROUP).wait(15);
    }
    assert_eq!(play.last("in-service"), 0.0);
    play.act("scale-in", GROUP);
    assert_eq!(play.reason(), "the group has no instance left to give away");
}

fn terminated(event: &WorldEvent) -> bool {
    matches!(event, WorldEvent::Instance(event) if event.state == InstanceState::Terminated)
}

#[test]
fn nobody_in_service_means_that_everything_fails_and_no_figure_is_undefined() {
    let mut play = mined();
    play.act("scale-in", GROUP).wait(15).act("scale-in", GROUP).wait(60);
    assert_eq!(play.last("in-service"), 0.0);
    assert_eq!(play.last("errors"), 100.0);
    assert_eq!(play.last("website-errors"), 100.0);
    assert_eq!(play.last("latency"), 500.0, "customers wait until they give up");
    let sample = play.samples().last().unwrap().1;
    assert!(sample.values.iter().all(|value| value.is_finite()));
    assert!(sample.failed > 0.99 * sample.requests);
    play.act("scale-out", GROUP).wait(400);
    assert_eq!(play.last("in-service"), 1.0);
    assert!(play.last("errors") < 50.0);
}

#[test]
fn revoking_sessions_hits_everyone_who_uses_the_role() {
    let mut play = mined();
    play.act("contain-runbook", MINED).wait(110);
    play.until(400).act("rotate-credentials", ROLE).wait(25);
    let EffectResult::SessionsRevoked { services } = &play.results()[0] else { panic!("sessions are revoked") };
    assert_eq!(services[0].as_str(), "personalization");
    play.until(450);
    let failing = play.last("errors");
    assert!((19.0..21.0).contains(&failing), "one request in five needs the role: {failing}");
    play.until(1_000);
    assert!(play.last("errors") > 19.0, "its processes keep what they have");
    play.act("renew-credentials", OTHER).wait(105);
    assert_eq!(play.last("errors"), 0.0, "a new set, and a process that asks for it");
    let usable: Vec<bool> = play
        .seen
        .iter()
        .filter_map(|seen| if let WorldEvent::Role { usable, .. } = &seen.event { Some(*usable) } else { None })
        .collect();
    assert_eq!(usable, [false, true]);
    assert_eq!(play.adversary(), Some(AdversaryState::Eradicated));
    play.until(2_500);
    assert!(play.active().iter().all(|(_, on)| on == WEBSITE), "without sessions it doesn't come back");
}

#[test]
fn it_comes_back_elsewhere_while_the_sessions_live() {
    let mut play = mined();
    play.act("terminate", MINED).until(800);
    let back: Vec<(String, String)> =
        play.active().into_iter().filter(|(stage, _)| stage == "mining-elsewhere").collect();
    assert_eq!(back.len(), 1);
    assert_ne!(back[0].1, MINED);
    assert_eq!(play.adversary(), Some(AdversaryState::Active));
}

#[test]
fn new_credentials_are_read_again_while_the_miner_is_still_there() {
    let mut play = mined();
    play.act("rotate-credentials", ROLE).wait(60);
    assert!(play.mines(), "the miner itself needs no credentials");
    play.act("renew-credentials", MINED).wait(95).act("terminate", MINED).until(900);
    assert!(
        play.active().iter().any(|(stage, _)| stage == "mining-elsewhere"),
        "credentials before containment don't last"
    );
}

#[test]
fn looking_shows_what_is_there() {
    let mut play = mined();
    play.act("look-findings", "").wait(25);
    assert_eq!(play.results(), [EffectResult::Findings { findings: Vec::new() }]);
    play.until(1_100).act("look-findings", "").wait(25);
    let EffectResult::Findings { findings } = &play.results()[0] else { panic!("findings") };
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].resource, TargetId::new(MINED).unwrap());
    let arrived = play
        .seen
        .iter()
        .filter(
            |seen| matches!(&seen.event, WorldEvent::Logged { record } if record.source == LogSource::ResolverQuery),
        )
        .count();
    play.act("look-dns", "").wait(0);
    play.wait(90);
    let EffectResult::Log { records } = &play.results()[0] else { panic!("a log") };
    assert!(*records >= arrived as u64 && *records < arrived as u64 + 120);
}

#[test]
fn telling_and_confirming() {
    let mut play = Play::new("crypto-mining", 3);
    play.until(100).act("escalate", "").wait(60);
    assert_eq!(play.results(), [EffectResult::Told]);
    play.act("confirm-steady", "").wait(30);
    assert_eq!(play.results(), [EffectResult::Steady { yes: false }], "it hasn't held for five minutes");
    play.until(320).act("confirm-steady", "").wait(30);
    assert_eq!(play.results(), [EffectResult::Steady { yes: true }]);
    play.act("terminate", MINED).wait(400).act("confirm-steady", "").wait(30);
    assert_eq!(play.results(), [EffectResult::Steady { yes: false }], "it was left only minutes ago");
    play.wait(300).act("confirm-steady", "").wait(30);
    assert_eq!(play.results(), [EffectResult::Steady { yes: true }]);
}

#[test]
fn what_the_scenario_does_not_know_is_impossible() {
    let mut play = mined();
    for (action, target) in
        [("snapshot-volume", "i-unknown"), ("scale-out", "asg-unknown"), ("rotate-credentials", "x")]
    {
        play.act(action, target);
        assert!(play.reason().starts_with("there is no such"), "{action}");
    }
    play.act("dance", "");
    assert_eq!(play.reason(), "the scenario offers no such response");
    play.act("terminate", "");
    assert_eq!(play.reason(), "it needs a target");
}

mod open_port {
    use super::*;

    const SG: &str = "sg-0a1b2c3d4e5f60041";

    /// How often the finding about the open port was told, and how often it was lost.
    fn notified(play: &Play) -> (usize, usize) {
        let count = |wanted: fn(&WorldEvent) -> bool| play.seen.iter().filter(|seen| wanted(&seen.event)).count();
        (
            count(|event| matches!(event, WorldEvent::Notified { finding, .. } if finding.id.as_str() == "finding-1")),
            count(
                |event| matches!(event, WorldEvent::NotificationLost { finding, .. } if finding.as_str() == "finding-1"),
            ),
        )
    }

    fn knocks(play: &Play) -> usize {
        let knock = |event: &WorldEvent| {
            matches!(event, WorldEvent::Logged { record }
                if record.source == LogSource::VpcFlow && record.raw().as_str().contains(" 22 6 ") && record.raw().as_str().contains(" 10.0.")
                && record.raw().as_str().ends_with("ACCEPT OK"))
        };
        play.seen.iter().filter(|seen| knock(&seen.event)).count()
    }

    #[test]
    fn a_broken_channel_tells_nobody() {
        let mut play = Play::new("open-ssh-port", 5);
        play.until(60).fire().until(600);
        assert_eq!(notified(&play), (0, 1));
        play.act("look-config", "").wait(35);
        assert!(matches!(play.results().as_slice(), [EffectResult::Findings { findings }] if findings.len() == 1));
    }

    #[test]
    fn a_repaired_channel_tells() {
        let mut play = Play::new("open-ssh-port", 5);
        play.act("test-channel", "slack").until(45);
        assert_eq!(play.results(), [EffectResult::ChannelTested { arrives: false }]);
        play.act("repair-channel", "slack").until(200);
        assert_eq!(play.results(), [EffectResult::ChannelRepaired]);
        play.act("test-channel", "slack").until(300);
        assert_eq!(play.results(), [EffectResult::ChannelTested { arrives: true }]);
        play.fire().until(900);
        assert_eq!(notified(&play), (1, 0));
    }

    #[test]
    fn a_message_that_was_lost_stays_lost() {
        let mut play = Play::new("open-ssh-port", 5);
        play.until(60).fire().until(600).act("repair-channel", "slack").until(1_500);
        assert_eq!(notified(&play), (0, 1));
    }

    #[test]
    fn closing_the_port_ends_the_knocking() {
        let mut play = Play::new("open-ssh-port", 5);
        // Or the pipeline would open it again.
        play.act("mend-template", "network-pipeline").act("close-port", SG);
        assert_eq!(play.reason(), "no rule of this group opens that port to the world");
        play.fire().until(315).act("close-port", "sg-0a1b2c3d4e5f60031");
        assert_eq!(play.reason(), "no rule of this group opens that port to the world");
        play.act("close-port", SG).until(340);
        assert_eq!(play.results(), [EffectResult::PortClosed]);
        assert_eq!(play.adversary(), Some(AdversaryState::Eradicated));
        play.until(1_200);
        let knocked = knocks(&play);
        assert!((8..45).contains(&knocked), "{knocked}");
        play.until(2_000);
        assert_eq!(knocks(&play), knocked);
        let complies = |event: &WorldEvent| {
            matches!(event, WorldEvent::Logged { record }
                if record.source == LogSource::ConfigCompliance && record.summary().as_str().ends_with("is COMPLIANT"))
        };
        assert_eq!(play.seen.iter().filter(|seen| complies(&seen.event)).count(), 1, "the rule complies again");
    }

    #[test]
    fn they_knock_some_22_times_in_five_minutes() {
        let mut sum = 0;
        for seed in 0..40 {
            let mut play = Play::new("open-ssh-port", seed);
            play.act("mend-template", "network-pipeline").fire().until(315).act("close-port", SG).until(1_500);
            sum += knocks(&play);
        }
        // From second 15 to 335 the port is open: 23.5 knocks on average.
        let mean = f64::from(sum as u32) / 40.0;
        assert!((21.0..26.0).contains(&mean), "{mean}");
    }

    #[test]
    fn who_has_time_goes_on() {
        let mut play = Play::new("open-ssh-port", 5);
        play.fire().until(600);
        assert!(play.active().iter().any(|(stage, _)| stage == "guessing"));
    }
}
