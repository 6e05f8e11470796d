//! Rules of the world that the scenarios at hand don't show by themselves: the same scenarios with something changed.

use std::sync::Arc;

use firedrill_account::SimWorld;
use firedrill_model::event::{AdversaryState, WorldEvent};
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Effect, Foothold, TrafficStep};
use firedrill_model::{DrillTime, Span};

use super::Play;

fn changed(name: &str, change: impl FnOnce(&mut Scenario)) -> Arc<Scenario> {
    let mut scenario = (*super::scenario(name)).clone();
    change(&mut scenario);
    Arc::new(scenario)
}

fn count(play: &Play, wanted: fn(&WorldEvent) -> bool) -> usize {
    play.seen.iter().filter(|seen| wanted(&seen.event)).count()
}

#[test]
fn nothing_happens_between_what_is_due() {
    for name in ["crypto-mining", "open-ssh-port"] {
        let mut world = SimWorld::new(super::scenario(name), 4, super::epoch());
        let _ = world.perform(&firedrill_model::request::Request::FireFault, DrillTime::ZERO);
        let mut said = 0;
        while let Some(due) = world.next_due().filter(|due| *due < DrillTime::ZERO + Span::from_secs(1_200)) {
            if let Some(before) = due.0.checked_sub(1).filter(|before| DrillTime(*before) > world.now()) {
                assert!(world.advance(DrillTime(before)).is_empty(), "{before}");
            }
            said += world.advance(due).len();
        }
        assert!(said > 120);
    }
}

#[test]
fn time_never_goes_back() {
    let mut world = SimWorld::new(super::scenario("crypto-mining"), 4, super::epoch());
    let _ = world.advance(DrillTime(50_000_000));
    assert!(world.advance(DrillTime(10_000_000)).is_empty());
    assert_eq!(world.now(), DrillTime(50_000_000));
}

#[test]
fn without_traffic_all_is_quiet_and_defined() {
    let scenario = changed("crypto-mining", |scenario| {
        for service in &mut scenario.services {
            service.traffic.clear();
        }
    });
    let mut play = Play::of(scenario, 1);
    play.act("scale-in", "asg-personalization").until(100);
    for (_, sample) in play.samples() {
        assert!(sample.values.iter().all(|value| value.is_finite()));
        assert_eq!((sample.requests, sample.failed), (0.0, 0.0));
        assert_eq!(sample.values[1], 0.0, "no request, no error");
    }
}

#[test]
fn traffic_follows_its_steps() {
    let scenario = changed("crypto-mining", |scenario| {
        scenario.services[2].traffic.push(TrafficStep { from: Span::from_secs(95), rate: 900.0 });
        scenario.services[2].traffic.push(TrafficStep { from: Span::from_secs(195), rate: 0.0 });
    });
    let mut play = Play::of(scenario, 1);
    play.until(300);
    let at = |secs: u64| play.samples().find(|(at, _)| *at == secs).expect("a sample").1;
    assert_eq!(at(90).requests, 6_600.0, "410 and 250 a second");
    assert_eq!(at(100).requests, 5.0 * 660.0 + 5.0 * 1_150.0);
    assert!(at(150).values[0] > 50.0, "1150 a second are too many for two instances");
    assert_eq!(at(290).requests, 2_500.0);
    assert!(at(290).values[0] < at(90).values[0]);
}

#[test]
fn a_detector_that_misses_finds_nothing() {
    let scenario = changed("crypto-mining", |scenario| {
        scenario.detectors.truncate(1);
        scenario.detectors[0].misses = 1.0;
    });
    let mut play = Play::of(scenario, 1);
    play.fire().until(3_000);
    assert_eq!(count(&play, |event| matches!(event, WorldEvent::FindingCreated { .. })), 0);
    assert!(count(&play, |event| matches!(event, WorldEvent::Logged { .. })) > 100, "the logs have it all the same");

    let mut found = 0;
    for seed in 0..200 {
        let scenario = changed("open-ssh-port", |scenario| scenario.detectors[0].misses = 0.3);
        let mut play = Play::of(scenario, seed);
        play.fire().until(200);
        found += count(&play, |event| matches!(event, WorldEvent::FindingCreated { .. }));
    }
    assert!((120..160).contains(&found), "{found} of 200 with a chance of 0.7");
}

#[test]
fn two_channels_carry_the_same_finding() {
    let scenario = changed("open-ssh-port", |scenario| {
        let mut pager = scenario.channels[0].clone();
        pager.id = firedrill_model::id::ChannelId::new("pager").unwrap();
        pager.broken = None;
        scenario.channels.push(pager);
    });
    let mut play = Play::of(scenario, 1);
    play.fire().until(400);
    assert_eq!(count(&play, |event| matches!(event, WorldEvent::Notified { .. })), 1);
    assert_eq!(count(&play, |event| matches!(event, WorldEvent::NotificationLost { .. })), 1);
}

#[test]
fn a_stage_whose_foothold_is_missing_does_not_begin() {
    let mut play = Play::new("crypto-mining", 1);
    // What is benign begins later.
    play.act("terminate", "i-0a1b2c3d4e5f60001").until(60).fire().until(800);
    assert_eq!(count(&play, |event| matches!(event, WorldEvent::Stage { .. })), 0);
    let over = |event: &WorldEvent| matches!(event, WorldEvent::Adversary { state: AdversaryState::Eradicated });
    assert_eq!(count(&play, over), 1, "there is nothing left that could begin");
    assert_eq!(count(&play, |event| matches!(event, WorldEvent::FindingCreated { .. })), 0);
}

#[test]
fn a_stage_waits_for_an_instance_to_go_on_to() {
    let mut play = Play::new("crypto-mining", 1);
    play.fire().until(100).act("scale-in", "asg-personalization").until(130);
    play.act("scale-in", "asg-personalization").until(600);
    let elsewhere = |event: &WorldEvent| matches!(event, WorldEvent::Stage { stage, active: true, .. } if stage.as_str() == "mining-elsewhere");
    assert_eq!(count(&play, elsewhere), 0, "there is no instance");
    play.act("scale-out", "asg-personalization").until(1_000);
    assert_eq!(count(&play, elsewhere), 1);
}

#[test]
fn contained_is_not_eradicated() {
    // A stage that still has to come keeps the adversary from being gone.
    let scenario = changed("open-ssh-port", |scenario| {
        scenario.stages[2].needs = vec![Foothold::Instance];
        scenario.stages[2].on.security_group = None;
        scenario.stages[2].on.instance = Some(scenario.services[0].instances[0].id.clone());
    });
    let mut play = Play::of(scenario, 1);
    play.act("mend-template", "network-pipeline").fire();
    play.until(60).act("close-port", "sg-0a1b2c3d4e5f60041").until(100);
    let states = |play: &Play| -> Vec<AdversaryState> {
        play.seen
            .iter()
            .filter_map(|seen| if let WorldEvent::Adversary { state } = &seen.event { Some(*state) } else { None })
            .collect()
    };
    assert_eq!(states(&play), [AdversaryState::Active, AdversaryState::Contained]);
    play.until(700).act("terminate", "i-0d1e2f3a4b5c60001").until(760);
    assert_eq!(
        states(&play),
        [AdversaryState::Active, AdversaryState::Contained, AdversaryState::Active, AdversaryState::Eradicated]
    );
}

#[test]
fn revoking_twice_counts_from_the_later_one() {
    let mut play = Play::new("crypto-mining", 1);
    let instances = ["i-0a1b2c3d4e5f60001", "i-0a1b2c3d4e5f60002"];
    let renew = |play: &mut Play| {
        for instance in instances {
            play.act("renew-credentials", instance);
        }
        play.wait(100);
    };
    play.act("rotate-credentials", "personalization-role").wait(60);
    renew(&mut play);
    play.act("rotate-credentials", "personalization-role").wait(60);
    renew(&mut play);
    let usable: Vec<bool> = play
        .seen
        .iter()
        .filter_map(|seen| if let WorldEvent::Role { usable, .. } = &seen.event { Some(*usable) } else { None })
        .collect();
    assert_eq!(usable, [false, true, false, true]);
}

#[test]
fn a_group_is_bounded_whatever_the_scenario_says() {
    let scenario = changed("crypto-mining", |scenario| {
        scenario.services[1].group.max = u32::MAX;
        scenario.account.standard_vcpus = None;
        let action = scenario.actions.iter_mut().find(|action| action.id.as_str() == "scale-out").expect("an action");
        action.effects = vec![Effect::ChangeCapacity { by: i32::MAX }, Effect::ChangeCapacity { by: 50 }];
    });
    let mut play = Play::of(scenario, 1);
    play.act("scale-out", "asg-personalization").until(400).act("scale-out", "asg-personalization").until(800);
    let serving = play.samples().last().expect("a sample").1.values[4];
    assert_eq!(serving, 52.0, "the first effect is not possible, the second only once");
}

#[test]
fn a_scenario_with_nothing_in_it_still_runs() {
    let scenario = changed("crypto-mining", |scenario| {
        scenario.services.clear();
        scenario.resources.clear();
        scenario.detectors.clear();
        scenario.channels.clear();
        scenario.stages.clear();
        scenario.background.clear();
    });
    let mut play = Play::of(scenario, 1);
    play.fire().act("terminate", "i-0a1b2c3d4e5f60001").act("confirm-steady", "").until(400);
    assert!(play.samples().count() > 30);
    let steady = |event: &WorldEvent| {
        serde_json::to_string(event).expect("json").contains("steady") && !matches!(event, WorldEvent::Sampled(_))
    };
    assert_eq!(count(&play, steady), 1);
}
