//! Second-order effects that the other modules show on one side only: each happens because of what a responder did, and doesn't
//! without it.

use std::sync::Arc;

use firedrill_model::event::{EvidenceKind, InstanceCause, InstanceState, WorldEvent};
use firedrill_model::scenario::Scenario;
use firedrill_model::{LogSource, Span};

use super::Play;

const MINED: &str = "i-0a1b2c3d4e5f60001";

/// The miner has been running for a minute.
fn mined() -> Play {
    let mut play = Play::new("crypto-mining", 3);
    play.until(60).fire().until(140);
    play
}

#[test]
fn a_response_takes_its_time_and_has_no_effect_before() {
    let mut play = mined();
    play.act("terminate", MINED).wait(5);
    assert_eq!(play.state(MINED), InstanceState::InService, "it is under way");
    assert!(play.mines());
    play.wait(40);
    assert_eq!(play.state(MINED), InstanceState::Terminated);
}

#[test]
fn an_isolated_instance_out_of_its_group_is_left_alone() {
    let mut play = mined();
    play.act("detach", MINED).wait(20).act("isolate", MINED).wait(900);
    assert_eq!(play.state(MINED), InstanceState::Detached, "no group looks after its health");
    assert!(play.lost(MINED).is_empty());
    assert_eq!(play.last("in-service"), 2.0, "the group has replaced it");
    let mut member = mined();
    member.act("isolate", MINED).wait(900);
    assert_eq!(member.lost(MINED), [EvidenceKind::Disk, EvidenceKind::Memory]);
}

#[test]
fn memory_that_was_taken_is_not_lost_with_a_stop() {
    let mut play = mined();
    play.act("detach", MINED).wait(20).act("capture-memory", MINED).wait(300).act("stop", MINED).wait(60);
    assert_eq!(play.state(MINED), InstanceState::Stopped);
    assert!(play.lost(MINED).is_empty());
}

#[test]
fn revoking_a_role_touches_those_who_use_it_and_nobody_else() {
    for seed in 0..3 {
        let mut play = Play::new("lateral-movement", seed);
        play.until(200).act("rotate-credentials", "reporting-reader").wait(120);
        assert!(play.worst("catalog-errors", 200) <= 0.5, "{seed}: they have a role of their own");
        let mut shared = Play::new("lateral-movement", seed);
        shared.until(200).act("rotate-credentials", "shop-hosts").wait(120);
        assert!(shared.worst("catalog-errors", 200) > 20.0, "{seed}: one of two services that share the role");
        assert!(shared.worst("errors", 200) > 20.0, "{seed}: and the other");
    }
}

#[test]
fn whoever_has_a_role_by_its_instance_keeps_it_when_the_trust_is_changed() {
    let mut play = Play::new("lateral-movement", 1);
    play.until(200).act("change-trust", "shop-hosts").wait(100).act("rotate-credentials", "shop-hosts").wait(30);
    assert!(play.last("errors") > 20.0, "the sessions are ended all the same");
    play.wait(600);
    assert!(play.last("errors") > 20.0, "their processes keep the old ones");
    play.act("replace-fleet", "asg-catalog").act("replace-fleet", "asg-checkout").wait(1_500);
    assert!(play.last("errors") <= 0.5, "new instances have new ones, whatever the trust policy says of others");
}

#[test]
fn a_network_acl_leaves_the_other_zone_alone() {
    let mut play = Play::new("dns-exfiltration", 2);
    play.until(200);
    let zone_of = |play: &Play, id: &str| play.instance(id)[0].zone.to_string();
    let zones: Vec<(String, String)> = play
        .scenario
        .services
        .iter()
        .flat_map(|service| &service.instances)
        .map(|instance| (instance.id.to_string(), zone_of(&play, instance.id.as_str())))
        .collect();
    play.act("deny-subnet", "acl-zone-a").wait(110);
    for (id, zone) in &zones {
        let fell = play.state(id) != InstanceState::InService;
        assert_eq!(fell, zone == "us-east-1a", "{id} in {zone}");
    }
    let mut untouched = Play::new("dns-exfiltration", 2);
    untouched.until(240);
    assert!(zones.iter().all(|(id, _)| untouched.state(id) == InstanceState::InService));
}

#[test]
fn a_lost_instance_raises_the_load_of_the_rest() {
    let load = |play: &Play| play.last("cpu-2");
    let mut play = mined();
    let before = load(&play);
    play.act("terminate", MINED).wait(60);
    assert!(load(&play) > 1.5 * before, "{} after {before}", load(&play));
    let mut untouched = mined();
    untouched.wait(60);
    assert!((load(&untouched) - before).abs() < 3.0, "{} after {before}", load(&untouched));
}

#[test]
fn each_log_shows_its_records_after_its_own_delay_in_every_scenario() {
    for (name, _) in firedrill::library::built_in() {
        let mut play = Play::new(name, 5);
        play.until(200).fire().until(1_500);
        let mut late = 0;
        for seen in &play.seen {
            let WorldEvent::Logged { record } = &seen.event else { continue };
            let log = play.scenario.logs.iter().find(|log| log.source == record.source);
            let took = seen.at.since(record.happened);
            let Some(log) = log else {
                assert_eq!(took, Span::ZERO, "{name}: {} has no section", record.source.label());
                continue;
            };
            let (least, most) = (log.delay.typical - log.delay.spread, log.delay.typical + log.delay.spread);
            assert!((least..=most).contains(&took), "{name}: {} took {took}", record.source.label());
            late += usize::from(took > Span::ZERO);
        }
        assert!(late > 100, "{name}: {late}");
    }
}

/// Booking's servers with fast groups, so that much can happen in little time.
fn hurried() -> Arc<Scenario> {
    let mut scenario = (*super::scenario("dns-exfiltration")).clone();
    for service in &mut scenario.services {
        service.group.boot.typical = Span::from_secs(60);
        service.group.boot.spread = Span::ZERO;
    }
    Arc::new(scenario)
}

#[test]
fn a_group_launches_into_a_denied_subnet_again_and_again_but_not_for_ever() {
    let mut play = Play::of(hurried(), 2);
    play.until(100).act("deny-subnet", "acl-zone-a").until(400);
    let launched = |play: &Play| {
        let of = |event: &&firedrill_model::event::InstanceEvent| event.service.as_str() == "bookings";
        play.launched().into_iter().filter(of).map(|event| event.zone.to_string()).collect::<Vec<_>>()
    };
    let first = launched(&play);
    assert!(!first.is_empty() && first.iter().all(|zone| zone == "us-east-1a"), "where it has fewest: {first:?}");
    play.until(12_000);
    let all = launched(&play).len();
    assert_eq!(all, 10, "until ten in a row never served");
    assert!(play.instance(BOOKINGS).iter().any(|turn| turn.because == InstanceCause::HealthCheck));
    play.until(20_000);
    assert_eq!(launched(&play).len(), all, "it rests");
    play.act("allow-subnet", "acl-zone-a").wait(200);
    assert_eq!(launched(&play).len(), all + 1, "it launches again");
    let serving = play.scenario.services[0].instances.len();
    let here = |event: &WorldEvent| matches!(event, WorldEvent::Instance(turn) if turn.service.as_str() == "bookings" && turn.state == InstanceState::InService);
    assert!(play.seen.iter().filter(|seen| here(&seen.event)).count() > serving);
}

const BOOKINGS: &str = "i-0b4d5e6f7a8b90001";

#[test]
fn a_group_that_rests_tries_again_when_its_capacity_is_changed() {
    let mut play = Play::of(hurried(), 2);
    play.until(100).act("deny-subnet", "acl-zone-a").until(12_000);
    let before = play.launched().len();
    play.act("scale-out", "asg-bookings").wait(60);
    assert!(play.launched().len() > before);
}

#[test]
fn what_is_telling_is_rare_among_what_is_not_in_every_scenario() {
    for (name, _) in firedrill::library::built_in() {
        let mut quiet = Play::new(name, 3);
        quiet.until(1_800);
        let mut attacked = Play::new(name, 3);
        attacked.until(300).fire().until(1_800);
        let records = |play: &Play, source: LogSource| {
            let of = |event: &WorldEvent| matches!(event, WorldEvent::Logged { record } if record.source == source);
            play.seen.iter().filter(|seen| of(&seen.event)).count()
        };
        let sources = [LogSource::Cloudtrail, LogSource::VpcFlow, LogSource::ResolverQuery, LogSource::CloudtrailData];
        let ordinary: usize = sources.iter().map(|source| records(&quiet, *source)).sum();
        // Counted by who left them: an attack that stops a log takes ordinary records away, too.
        let left = |event: &WorldEvent| {
            matches!(event, WorldEvent::Logged { record }
                if !record.id.as_str().starts_with("background/") && sources.contains(&record.source))
        };
        let telling = attacked.seen.iter().filter(|seen| left(&seen.event)).count();
        println!("{name}: {telling} telling, {ordinary} without the attack");
        assert!(ordinary > 300 && telling > 0, "{name}: {telling} telling, {ordinary} ordinary records");
        assert!(telling < ordinary, "{name}: most is ordinary: {telling} telling to {ordinary}");
    }
}
