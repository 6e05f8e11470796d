//! What containment costs and what it doesn't reach: the load balancer, the group, credentials. Each rule is one that AWS documents, or says
//! that it is assumed (`claims.toml`), and is looked at both ways.

use std::sync::Arc;

use firedrill_model::event::{AdversaryState, EffectResult, EvidenceKind, GroupChange, InstanceState, WorldEvent};
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::scenario::{Balancer, Effect, GroupHealth, InstanceChange, Scenario, TargetKind};

use super::Play;

const MINED: &str = "i-0a1b2c3d4e5f60001";
const OTHER: &str = "i-0a1b2c3d4e5f60002";
const GROUP: &str = "asg-personalization";
const ROLE: &str = "personalization-role";
/// Place of the service with the miner.
const PERSONALIZATION: usize = 1;

/// The shop with something changed, and an action for each change of an instance that the scenario doesn't offer.
fn shop(change: impl FnOnce(&mut Scenario)) -> Arc<Scenario> {
    let mut scenario = (*super::scenario("crypto-mining")).clone();
    let offered = [
        ("exit-standby", InstanceChange::ExitStandby),
        ("register", InstanceChange::Register),
        ("start", InstanceChange::Start),
        ("renew-profile", InstanceChange::RenewProfile),
        ("restart-processes", InstanceChange::RestartProcesses),
    ];
    let pattern = scenario.actions.iter().find(|action| action.id.as_str() == "stop").unwrap().clone();
    for (id, change) in offered {
        let mut action = pattern.clone();
        action.id = ActionId::new(id).unwrap();
        action.target = TargetKind::Instance;
        action.effects = vec![Effect::Instance { change }];
        scenario.actions.push(action);
    }
    change(&mut scenario);
    Arc::new(scenario)
}

fn mined(scenario: Arc<Scenario>, seed: u64) -> Play {
    let mut play = Play::of(scenario, seed);
    play.until(60).fire().until(140);
    play
}

fn plain(seed: u64) -> Play {
    mined(shop(|_| {}), seed)
}

/// Seconds from the end of the response until the instance is in this state.
fn until_state(play: &mut Play, id: &str, state: InstanceState) -> u64 {
    let from = play.world.now().0;
    for _ in 0..600 {
        if play.state(id) == state {
            break;
        }
        play.wait(1);
    }
    (play.world.now().0 - from) / 1_000_000
}

#[test]
fn an_isolated_instance_leaves_the_balancer_after_two_failed_checks() {
    let mut sum = 0;
    for seed in 0..20 {
        let mut play = plain(seed);
        play.act("isolate", MINED).wait(10);
        let took = until_state(&mut play, MINED, InstanceState::Unhealthy);
        assert!((34..=66).contains(&took), "{seed}: {took} s");
        sum += took;
    }
    assert!(
        (44..=56).contains(&(sum / 20)),
        "a check every 30 s in a phase of its own, and 5 s until it fails: {}",
        sum / 20
    );
}

#[test]
fn a_swap_of_groups_costs_the_requests_that_need_a_new_connection_and_a_cut_all_of_its_share() {
    let errors = |balancer: Balancer, action: &str| {
        let mut play = mined(shop(|scenario| scenario.services[PERSONALIZATION].balancer = balancer), 3);
        play.act("standby", OTHER).wait(16);
        let before = play.last("errors");
        play.act("exit-standby", OTHER).wait(90);
        play.act(action, MINED).wait(25);
        (before, play.last("errors"), play.last("latency"))
    };
    let (calm, tracked, p99) = errors(Balancer::default(), "isolate");
    assert!(calm < 0.5);
    assert!((2.0..3.5).contains(&tracked), "one in twenty of a half: {tracked}");
    assert!((490.0..=500.0).contains(&p99), "more than one in a hundred waits until the caller gives up");
    let (_, untracked, _) = errors(Balancer { tracked: false, ..Balancer::default() }, "isolate");
    assert!((45.0..55.0).contains(&untracked), "all of a half: {untracked}");
    let (_, no_keep_alive, _) = errors(Balancer { new_connections: 1.0, ..Balancer::default() }, "isolate");
    assert!((45.0..55.0).contains(&no_keep_alive), "every request needs one: {no_keep_alive}");
}

#[test]
fn who_is_taken_out_of_the_balancer_first_costs_nothing() {
    for first in ["standby", "deregister", "detach"] {
        let mut play = plain(3);
        play.act("scale-out", GROUP).wait(330);
        play.act(first, MINED).wait(20);
        let from = play.world.now().0 / 1_000_000;
        play.act("isolate", MINED).wait(120);
        assert!(play.worst("errors", from) < 0.5, "{first}");
    }
}

#[test]
fn all_unhealthy_targets_get_requests_and_none_registered_means_refused() {
    let mut play = mined(shop(|scenario| scenario.services[PERSONALIZATION].group.health = GroupHealth::Ec2), 3);
    play.act("isolate", MINED).act("isolate", OTHER).wait(120);
    assert_eq!((play.state(MINED), play.state(OTHER)), (InstanceState::Unhealthy, InstanceState::Unhealthy));
    assert_eq!(play.last("in-service"), 0.0);
    let open = play.last("errors");
    assert!((4.0..12.0).contains(&open), "fail-open: those on open connections are answered: {open}");
    play.act("deregister", MINED).act("deregister", OTHER).wait(30);
    assert_eq!(play.last("errors"), 100.0, "nobody is registered");
}

#[test]
fn a_group_replaces_whom_the_balancer_cant_reach_only_where_it_goes_by_its_checks() {
    let mut by_default = mined(shop(|scenario| scenario.services[PERSONALIZATION].group.health = GroupHealth::Ec2), 3);
    by_default.act("isolate", MINED).wait(1_200);
    assert_eq!(by_default.state(MINED), InstanceState::Unhealthy, "it passes EC2's own checks");
    assert!(by_default.launched().is_empty());
    by_default.act("stop", MINED).wait(120);
    assert_eq!(by_default.state(MINED), InstanceState::Terminated, "a member that doesn't run is replaced in any case");
    let mut turned_on = plain(3);
    turned_on.act("isolate", MINED).wait(150);
    assert_eq!(turned_on.state(MINED), InstanceState::Terminated);
    assert_eq!(turned_on.launched().len(), 1);
}

#[test]
fn suspending_the_replacement_binds_the_group_until_it_is_resumed() {
    let mut play = plain(3);
    play.act("suspend-replacement", GROUP).wait(20);
    let suspended =
        EffectResult::GroupChanged { change: GroupChange::ReplacementSuspended, group: TargetId::new(GROUP).unwrap() };
    assert_eq!(play.results(), [suspended]);
    play.act("isolate", MINED).wait(600);
    assert_eq!(play.state(MINED), InstanceState::Unhealthy);
    play.act("resume-replacement", GROUP).wait(16);
    assert_eq!(play.state(MINED), InstanceState::Terminated, "it ends what was marked meanwhile");
    assert_eq!(play.launched().len(), 1);
}

#[test]
fn termination_protection_binds_people_and_not_the_group() {
    let mut play = plain(3);
    play.act("protect-instance", MINED).wait(25).act("terminate", MINED);
    assert_eq!(play.reason(), "the instance is protected from termination");
    play.act("isolate", MINED).wait(150);
    assert_eq!(play.state(MINED), InstanceState::Terminated);
    assert_eq!(play.lost(MINED), [EvidenceKind::Memory], "its volume outlives it");
}

#[test]
fn a_minimum_refuses_standby() {
    let mut play = mined(shop(|scenario| scenario.services[PERSONALIZATION].group.min = 2), 3);
    play.act("standby", MINED);
    assert_eq!(play.reason(), "the group's minimum is reached");
    play.act("scale-out", GROUP).wait(20).act("standby", MINED).wait(20);
    assert_eq!(play.state(MINED), InstanceState::Standby);
}

#[test]
fn whoever_was_on_standby_serves_again_after_a_check() {
    let mut play = plain(3);
    play.act("standby", MINED).wait(60);
    assert_eq!(play.last("in-service"), 1.0);
    play.act("exit-standby", MINED).wait(75);
    assert_eq!(play.state(MINED), InstanceState::InService);
    assert_eq!(play.last("in-service"), 2.0);
}

#[test]
fn stolen_credentials_outlive_the_instance_until_they_are_denied() {
    let active = |play: &Play, wanted: &str| play.active().iter().any(|(stage, _)| stage == wanted);
    let mut play = plain(3);
    play.act("terminate", MINED).wait(60);
    assert!(active(&play, "stealing-credentials"));
    play.wait(600);
    assert!(active(&play, "asks-for-quota"), "who has them goes on with them");
    play.act("rotate-credentials", ROLE).wait(60);
    assert!(!active(&play, "asks-for-quota") && !active(&play, "stealing-credentials"));
    let mut outside = plain(3);
    outside.act("deny-outside", ROLE).wait(90);
    assert!(!active(&outside, "stealing-credentials"));
    assert!(outside.last("errors") < 0.5, "those inside go on");
    assert!(outside.mines(), "and a program that runs needs none");
}

#[test]
fn revoking_ends_no_process() {
    let mut play = plain(3);
    play.act("terminate", MINED).until(900);
    let back = play.active().into_iter().find(|(stage, _)| stage == "mining-elsewhere").expect("it comes back");
    play.act("rotate-credentials", ROLE).wait(120);
    assert!(play.active().contains(&back), "the miner runs on");
}

#[test]
fn a_revoked_role_is_out_until_a_new_set_and_a_new_process_come_together() {
    let failing = |play: &mut Play, actions: &[&str]| {
        play.act("rotate-credentials", ROLE).wait(60);
        for action in actions {
            for instance in [MINED, OTHER] {
                play.act(action, instance);
            }
            play.wait(45);
        }
        play.wait(15);
        play.last("errors")
    };
    // A phase in which no round of the metadata service falls into these minutes, so that only what is done counts.
    let every = |scenario: &mut Scenario| scenario.credentials.new_set_every = firedrill_model::Span::from_secs(86_400);
    let quiet = || mined(shop(every), 3);
    assert!(failing(&mut quiet(), &[]) > 18.0);
    assert!(failing(&mut quiet(), &["restart-processes"]) > 18.0, "the old set again");
    assert!(failing(&mut quiet(), &["renew-profile"]) > 18.0, "the processes have their copy");
    assert!(failing(&mut quiet(), &["renew-profile", "restart-processes"]) < 0.5);
    let mut replaced = quiet();
    replaced.act("rotate-credentials", ROLE).wait(60).act("replace-fleet", GROUP).wait(900);
    assert!(replaced.last("errors") < 0.5);
    assert!(replaced.worst("latency", 300) < 50.0, "each new one serves before an old one goes");
}

#[test]
fn who_revokes_the_role_takes_systems_manager_along() {
    let mut play = plain(3);
    play.act("rotate-credentials", ROLE).wait(60).act("capture-memory", MINED);
    assert_eq!(play.reason(), "its role's credentials are denied: Systems Manager can't reach it");
    let mut first = plain(3);
    first.act("capture-memory", MINED).wait(300);
    assert!(matches!(first.results()[..], [EffectResult::Captured { evidence: EvidenceKind::Memory, .. }]));
}

#[test]
fn a_stopped_instance_starts_with_new_credentials() {
    let mut play = plain(3);
    play.act("standby", OTHER).wait(20).act("rotate-credentials", ROLE).wait(60);
    play.act("stop", OTHER).wait(45).act("start", OTHER).wait(45);
    assert_eq!(play.state(OTHER), InstanceState::Standby, "its group leaves it alone");
    play.act("exit-standby", OTHER).wait(120).act("standby", MINED).wait(30);
    let usable = play.seen.iter().rev().find_map(|seen| match &seen.event {
        WorldEvent::Role { usable, .. } => Some(*usable),
        _ => None,
    });
    assert_eq!(usable, Some(true), "the one that serves has a role that works");
}

#[test]
fn what_a_lost_instance_worked_on_is_lost() {
    let failed = |action: &str| {
        let mut play = Play::of(shop(|_| {}), 3);
        play.until(200).act(action, "i-0e1f2a3b4c5d60001").wait(45);
        play.samples().filter(|(at, _)| *at > 200).map(|(_, sample)| sample.failed).fold(0.0, f64::max)
    };
    assert!(failed("terminate") > 1.0, "requests of customers were on it: {}", failed("terminate"));
    assert!(failed("deregister") < 0.1, "what is under way is finished: {}", failed("deregister"));
}

#[test]
fn the_adversary_is_shut_out_for_good_where_only_sessions_were_left() {
    let mut play = plain(3);
    play.act("contain-runbook", MINED).wait(110).act("deny-outside", ROLE).wait(70);
    let over = |event: &WorldEvent| matches!(event, WorldEvent::Adversary { state: AdversaryState::Eradicated });
    assert!(play.seen.iter().any(|seen| over(&seen.event)));
}
