//! What breaks without an adversary: each kind where it shows, what ends it, and what doesn't.

use std::sync::Arc;

use firedrill_model::event::{AdversaryState, InstanceCause, InstanceState, WorldEvent};
use firedrill_model::scenario::Scenario;

use super::Play;

const FIRST: &str = "i-0f1a2b3c4d5e60101";
const GROUP: &str = "asg-checkout";
const RELEASE: &str = "on = { group = \"asg-checkout\" }\nneeds = []\nbreaks = [{ release = 0.04 }]";

/// The scenario of the failing orders with another fault at Checkout and nothing after it. The fault comes at 330 s.
fn breaking(on: &str, what: &str, more: &str) -> Play {
    let path = format!("{}/scenarios/failing-checkout/scenario.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let other = text.replacen(RELEASE, &format!("on = {on}\nneeds = []\nbreaks = [{what}]"), 1);
    assert!(what.contains("release") || other != text);
    let whole = format!("{}\n{more}", other.replacen("delay = \"14m\"", "delay = \"44m\"", 1));
    let scenario: Scenario = toml::from_str(&whole).unwrap_or_else(|why| panic!("{why}"));
    let mut play = Play::of(Arc::new(scenario), 3);
    play.until(300).fire();
    play
}

fn at_first(what: &str, more: &str) -> Play {
    breaking(&format!("{{ instance = \"{FIRST}\" }}"), what, more)
}

const FREE: &str = r#"
[[action]]
id = "free-disk"
title = "Free the disk"
detail = "Test."
category = "recover"
target = "instance"
takes = { typical = "10s", basis = "assumed", source = "test" }
effects = [{ do = "instance", change = "free-disk" }]
"#;

#[test]
fn a_bad_release_is_on_new_instances_too_until_it_is_rolled_back() {
    let mut play = breaking("{ group = \"asg-checkout\" }", "{ release = 0.04 }", "");
    play.until(320);
    assert!(play.worst("checkout-errors", 0) < 0.1, "healthy until then");
    play.until(420);
    assert!((play.last("checkout-errors") - 4.0).abs() < 0.3, "{}", play.last("checkout-errors"));
    play.act("terminate", FIRST).wait(120);
    assert!(play.last("checkout-errors") > 10.0, "two of three are too few: {}", play.last("checkout-errors"));
    play.wait(420);
    assert_eq!(play.last("checkout-in-service"), 3.0);
    assert!((play.last("checkout-errors") - 4.0).abs() < 0.3, "the new one has it, too");
    play.act("replace-fleet", GROUP).wait(1_500);
    assert!((play.last("checkout-errors") - 4.0).abs() < 0.3, "and so have all new ones");
    play.act("restart", FIRST).wait(60);
    assert_eq!(play.adversary(), Some(AdversaryState::Active));
    play.act("roll-back", GROUP).wait(200);
    assert!(play.last("checkout-errors") < 0.1, "{}", play.last("checkout-errors"));
    assert_eq!(play.adversary(), Some(AdversaryState::Eradicated), "nothing goes on, and nothing can follow");
}

#[test]
fn what_is_used_up_at_an_instance_is_gone_with_it() {
    let used_up = |response: &str| {
        let mut play = at_first("{ exhaust-connections = 0.9 }", FREE);
        play.until(500);
        assert!(play.last("checkout-waiting") > 20.0, "{}", play.last("checkout-waiting"));
        assert!(play.last("checkout-cpu") < 85.0, "who waits for a connection works on nothing");
        play.act(response, FIRST).wait(700);
        play
    };
    for response in ["restart", "terminate"] {
        let play = used_up(response);
        assert!(play.last("checkout-waiting") < 10.0, "{response}: {}", play.last("checkout-waiting"));
        assert_eq!(play.adversary(), Some(AdversaryState::Eradicated), "{response}");
    }
    assert_eq!(used_up("free-disk").adversary(), Some(AdversaryState::Active), "another remedy for another fault");
}

#[test]
fn cpu_that_a_process_takes_shows_as_cpu() {
    let mut play = at_first("{ exhaust-cpu = 0.5 }", "");
    play.until(320);
    let before = play.last("checkout-cpu");
    play.until(500);
    assert!(play.last("checkout-cpu") > before + 10.0, "{} after {before}", play.last("checkout-cpu"));
    play.act("restart", FIRST).wait(120);
    assert!((play.last("checkout-cpu") - before).abs() < 3.0);
}

#[test]
fn a_full_disk_fails_what_writes_there_until_it_is_freed() {
    let mut play = at_first("{ fill = 0.6 }", FREE);
    play.until(500);
    assert!((play.last("checkout-errors") - 20.0).abs() < 2.0, "a third of 60 %: {}", play.last("checkout-errors"));
    play.act("restart", FIRST).wait(60);
    assert!(play.last("checkout-errors") > 15.0, "new processes find it as full");
    play.act("free-disk", FIRST).wait(60);
    assert!(play.last("checkout-errors") < 0.1);
}

#[test]
fn a_slow_network_takes_time_and_no_cpu() {
    let group = "{ group = \"asg-checkout\" }";
    let mut play = breaking(group, "{ slow = \"10ms\" }", "");
    play.until(320);
    let (latency, cpu) = (play.last("website-latency"), play.last("checkout-cpu"));
    play.until(500);
    assert!(play.last("website-latency") > latency + 10.0, "{} after {latency}", play.last("website-latency"));
    assert!((play.last("checkout-cpu") - cpu).abs() < 3.0, "{} after {cpu}", play.last("checkout-cpu"));
}

#[test]
fn what_is_lost_hangs_and_only_who_loses_all_fails_its_checks() {
    let mut some = at_first("{ lose = 0.3 }", "");
    some.until(700);
    assert!((some.last("checkout-errors") - 10.0).abs() < 2.0, "a third of 30 %: {}", some.last("checkout-errors"));
    assert_eq!(some.state(FIRST), InstanceState::InService);
    let mut all = at_first("{ lose = 1.0 }", "");
    all.until(350);
    assert!(all.last("checkout-errors") > 25.0, "a third hangs: {}", all.last("checkout-errors"));
    all.until(500);
    let turn = all.instance(FIRST).into_iter().find(|turn| turn.state == InstanceState::Unhealthy).unwrap();
    assert_eq!(turn.because, InstanceCause::Fault);
    assert_eq!(all.last("checkout-in-service"), 2.0, "the group goes by EC2's checks: nobody replaces it");
}

#[test]
fn what_is_terminated_is_over_when_the_group_has_what_it_wants() {
    let mut play = at_first("\"terminate\"", "");
    play.until(400);
    let turn = play.instance(FIRST).last().copied().cloned().unwrap();
    assert_eq!((turn.state, turn.because), (InstanceState::Terminated, InstanceCause::Fault));
    assert!(turn.evidence_lost.is_empty(), "nobody was on it");
    assert_eq!(play.adversary(), Some(AdversaryState::Active));
    play.until(900);
    assert_eq!(play.last("checkout-in-service"), 3.0);
    assert_eq!(play.adversary(), Some(AdversaryState::Eradicated), "what would follow needs this one to go on");
    let ended = play.seen.iter().any(|seen| matches!(&seen.event, WorldEvent::Stage { active: false, .. }));
    assert!(ended);
}

#[test]
fn a_database_that_fails_over_is_out_for_as_long_as_it_takes() {
    let database = "\n[[resource]]\nid = \"orders\"\nkind = \"database\"\ntitle = \"Orders\"\nused-by = [\"checkout\"]\nfails = 0.5\n";
    let mut play = breaking("{ resource = \"orders\" }\nlasts = \"90s\"", "\"fail-over\"", database);
    play.until(400);
    assert!((play.last("checkout-errors") - 50.0).abs() < 3.0, "{}", play.last("checkout-errors"));
    play.until(500);
    assert!(play.last("checkout-errors") < 0.1, "{}", play.last("checkout-errors"));
    let turns = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Resource(turn) => Some((seen.at.0 / 1_000_000, turn.usable)),
        _ => None,
    });
    assert_eq!(turns.collect::<Vec<_>>(), [(330, false), (420, true)]);
}
