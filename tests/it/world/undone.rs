//! What goes on against what a team does: sessions that outlive a deregistration, groups with a will of their own, a quota that somebody else
//! eats, pipelines that put back what was changed, evidence that is deleted. Each both ways.

use std::collections::BTreeSet;
use std::sync::Arc;

use firedrill_model::event::{AdversaryState, EvidenceKind, HarmEvent, InstanceState, WorldEvent};
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::scenario::{Effect, HarmKind, Instance, Scenario, Stage, TargetKind};
use firedrill_model::{LogSource, Span};

use super::Play;

const MINED: &str = "i-0a1b2c3d4e5f60001";
const OTHER: &str = "i-0a1b2c3d4e5f60002";
const GROUP: &str = "asg-personalization";
const ROLE: &str = "personalization-role";
const ORDERS: &str = "sg-0a1b2c3d4e5f60041";
const PERSONALIZATION: usize = 1;

/// The shop with something changed, and an action for each of these effects.
fn shop(effects: &[(&str, TargetKind, Effect)], change: impl FnOnce(&mut Scenario)) -> Arc<Scenario> {
    let mut scenario = (*super::scenario("crypto-mining")).clone();
    let pattern = scenario.actions.iter().find(|action| action.id.as_str() == "suspend-replacement").unwrap().clone();
    for (id, target, effect) in effects {
        let mut action = pattern.clone();
        (action.id, action.target, action.effects) = (ActionId::new(id).unwrap(), *target, vec![effect.clone()]);
        scenario.actions.push(action);
    }
    change(&mut scenario);
    Arc::new(scenario)
}

fn fired(scenario: Arc<Scenario>) -> Play {
    let mut play = Play::of(scenario, 3);
    play.until(60).fire().until(140);
    play
}

fn goes_on(play: &Play, wanted: &str) -> bool {
    play.active().iter().any(|(stage, _)| stage == wanted)
}

fn harms(play: &Play) -> Vec<&HarmEvent> {
    let harms = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Harm(harm) if harm.kind == HarmKind::EvidenceDeleted => Some(harm),
        _ => None,
    });
    harms.collect()
}

const SHELL: &str = r#"
id = "shell"
title = "Somebody talks to the instance through the load balancer"
begins = { after-fault = "0s" }
on = { instance = "i-0a1b2c3d4e5f60001" }
needs = ["instance", "through-balancer"]
"#;

fn with_shell(delay: u64) -> Play {
    let stage: Stage = toml::from_str(SHELL).unwrap();
    fired(shop(&[], |scenario| {
        scenario.stages.push(stage);
        scenario.services[PERSONALIZATION].balancer.deregistration_delay = Span::from_secs(delay);
    }))
}

#[test]
fn a_session_through_the_balancer_outlives_its_deregistration_by_the_delay() {
    for first in ["deregister", "standby", "detach"] {
        let mut play = with_shell(300);
        play.act(first, MINED).wait(16);
        assert!(goes_on(&play, "shell"), "{first}: open connections go on");
        play.wait(280);
        assert!(goes_on(&play, "shell"), "{first}: until the delay is over");
        play.wait(30);
        assert!(!goes_on(&play, "shell"), "{first}");
        assert!(play.mines(), "{first}: a connection to the outside is another matter");
    }
    let mut short = with_shell(30);
    short.act("deregister", MINED).wait(60);
    assert!(!goes_on(&short, "shell"), "the delay is a setting");
    let mut swapped = with_shell(300);
    swapped.act("isolate", MINED).wait(60);
    assert!(goes_on(&swapped, "shell"), "it is being tracked");
    let mut cut = with_shell(300);
    cut.act("contain-runbook", MINED).wait(110);
    assert!(!goes_on(&cut, "shell"), "by way of a group that allows all it is not");
    let mut never = with_shell(300);
    never.wait(600);
    assert!(goes_on(&never, "shell"), "nobody did anything");
}

#[test]
fn a_session_begins_only_where_the_balancer_sends_requests() {
    let stage: Stage = toml::from_str(&SHELL.replace("\"0s\"", "\"5m\"")).unwrap();
    let later = |taken_out: bool| {
        let mut play = fired(shop(&[], |scenario| scenario.stages.push(stage.clone())));
        if taken_out {
            play.until(300).act("deregister", MINED);
        }
        play.until(600);
        goes_on(&play, "shell")
    };
    assert!(later(false));
    assert!(!later(true), "also while others are still let go of");
}

/// Four instances, two in each zone.
fn of_four(scenario: &mut Scenario) {
    let instances = &mut scenario.services[PERSONALIZATION].instances;
    let another = |one: &Instance| Instance {
        id: TargetId::new(&format!("{}b", one.id)).unwrap(),
        address: one.address.as_str().replace(".21", ".22").as_str().into(),
        ..one.clone()
    };
    let more: Vec<Instance> = instances.iter().map(another).collect();
    instances.extend(more);
    scenario.services[PERSONALIZATION].group.max = 6;
}

#[test]
fn a_group_evens_its_zones_out_at_the_cost_of_an_instance_elsewhere_unless_that_is_suspended() {
    let effects = [
        ("suspend-rebalancing", TargetKind::Group, Effect::SuspendRebalancing),
        ("resume-rebalancing", TargetKind::Group, Effect::ResumeRebalancing),
    ];
    let second = format!("{MINED}b");
    let mut play = fired(shop(&effects, of_four));
    play.act("standby", MINED).act("standby", &second).wait(30);
    assert_eq!(play.last("in-service"), 2.0);
    assert!(play.launched().is_empty(), "it doesn't look at once");
    play.wait(60);
    let launched = play.launched();
    assert_eq!(launched.len(), 1, "none is left in the first zone");
    assert_eq!(launched[0].zone.as_str(), "us-east-1a");
    play.wait(330);
    assert_eq!(play.last("in-service"), 2.0, "one came, one went");
    assert_eq!(play.state(OTHER), InstanceState::Terminated, "the oldest of the other zone, which nobody asked for");
    let mut bound = fired(shop(&effects, of_four));
    bound.act("suspend-rebalancing", GROUP).wait(20).act("standby", MINED).act("standby", &second).wait(400);
    assert!(bound.launched().is_empty());
    assert_eq!(bound.state(OTHER), InstanceState::InService);
    bound.act("suspend-rebalancing", GROUP);
    assert_eq!(bound.reason(), "the group leaves its zones uneven already");
    bound.act("resume-rebalancing", GROUP).wait(80);
    assert_eq!(bound.launched().len(), 1, "resumed, it does so");
    let mut even = fired(shop(&effects, of_four));
    even.act("standby", MINED).act("standby", OTHER).wait(400);
    assert!(even.launched().is_empty(), "one and one is even");
}

fn refused(play: &Play) -> usize {
    let all = play.json(LogSource::Cloudtrail, "\"eventName\":\"RunInstances\"");
    let by_group = all.iter().filter(|record| {
        record["userIdentity"]["invokedBy"] == "autoscaling.amazonaws.com"
            && record["errorCode"] == "Client.VcpuLimitExceeded"
            && record["errorMessage"].as_str().unwrap().contains("current vCPU limit of 64")
    });
    by_group.count()
}

#[test]
fn a_quota_that_somebody_else_has_used_up_lets_a_group_launch_nothing_and_the_trail_says_so() {
    let mut play = fired(shop(&[], |_| {}));
    play.until(2_000);
    assert!(goes_on(&play, "eats-the-quota"));
    play.act("scale-out", GROUP).wait(1_000);
    assert!(play.launched().is_empty(), "it wants three and gets none");
    assert!(refused(&play) >= 4, "and tries again and again: {}", refused(&play));
    let asked = "\"eventName\":\"RunInstances\"";
    let thief = play
        .json(LogSource::Cloudtrail, asked)
        .into_iter()
        .find(|record| record["sourceIPAddress"] == "203.0.113.9" && record["errorCode"].is_null());
    let ids = |record: &serde_json::Value, of: &str| -> BTreeSet<String> {
        let items = record[of]["instancesSet"]["items"].as_array().unwrap();
        items.iter().map(|item| item["instanceId"].as_str().unwrap().to_owned()).collect()
    };
    let launched = ids(&thief.expect("the trail has what was launched"), "responseElements");
    play.act("rotate-credentials", ROLE).wait(60);
    assert!(!goes_on(&play, "eats-the-quota"));
    play.wait(300);
    assert!(play.launched().is_empty(), "what runs needs no sessions any more");
    play.act("end-launched", ROLE).wait(200);
    assert_eq!(play.launched().len(), 1, "there is room again");
    play.wait(600);
    let ended = play.json(LogSource::Cloudtrail, "\"eventName\":\"TerminateInstances\"");
    assert!(ended.iter().any(|record| ids(record, "requestParameters").is_superset(&launched)));
    play.act("end-launched", ROLE);
    assert_eq!(play.reason(), "nobody has launched anything with it that still runs");
    let mut in_time = fired(shop(&[], |_| {}));
    in_time.act("deny-outside", ROLE).until(2_000).act("scale-out", GROUP).wait(20);
    assert_eq!(in_time.launched().len(), 1, "who denies them in time keeps the quota");
    assert_eq!(refused(&in_time), 0);
}

#[test]
fn a_pipeline_opens_again_what_people_have_closed_until_its_template_is_mended() {
    let fired = || {
        let mut play = Play::new("open-ssh-port", 22);
        play.until(300).fire().until(600);
        play
    };
    let opened = |play: &Play| {
        play.json(LogSource::Cloudtrail, "\"eventName\":\"AuthorizeSecurityGroupIngress\"")
            .iter()
            .filter(|record| record["userIdentity"]["arn"].as_str().unwrap().contains("network-pipeline"))
            .count()
    };
    let mut play = fired();
    play.act("close-port", ORDERS).wait(30);
    assert!(!goes_on(&play, "open") && !goes_on(&play, "knocking"));
    assert_eq!(play.adversary(), Some(AdversaryState::Contained), "it can come back");
    play.until(1_200);
    assert!(goes_on(&play, "open") && goes_on(&play, "knocking"), "thirteen minutes after the fault");
    play.until(1_700);
    assert_eq!(opened(&play), 1);
    play.act("close-port", ORDERS).wait(30).act("mend-template", "network-pipeline").until(3_600);
    assert!(!goes_on(&play, "open"));
    assert_eq!(opened(&play), 1, "and no more than that");
    assert_eq!(play.adversary(), Some(AdversaryState::Eradicated));
    let mut mended = fired();
    mended.act("mend-template", "network-pipeline").wait(80);
    assert!(goes_on(&mended, "open"), "a template is no rule: what is open stays open");
    mended.act("close-port", ORDERS).until(3_600);
    assert!(!goes_on(&mended, "open"));
    assert_eq!(opened(&mended), 0);
    let mut nothing = fired();
    nothing.until(3_600);
    assert_eq!(opened(&nothing), 0, "what is so already is left alone");
}

#[test]
fn one_automation_closes_what_another_one_opens() {
    let mut play = Play::new("open-ssh-port", 22);
    play.act("repair-automation", "remove-ssh-rule").until(300).fire().until(2_700);
    let runs: Vec<&str> = play
        .seen
        .iter()
        .filter_map(|seen| match &seen.event {
            WorldEvent::Automation(run) => Some(run.automation.as_str()),
            _ => None,
        })
        .collect();
    assert!(runs.len() >= 5, "{runs:?}");
    assert!(runs.windows(2).all(|two| two[0] != two[1]), "by turns: {runs:?}");
}

#[test]
fn a_snapshot_is_no_evidence_as_long_as_the_stolen_role_can_delete_it() {
    let contained = || {
        let mut play = fired(shop(&[], |_| {}));
        play.act("snapshot-volume", MINED).wait(150);
        play
    };
    let mut play = contained();
    play.act("contain-runbook", MINED).wait(500);
    assert_eq!(harms(&play).len(), 1);
    assert!(!harms(&play)[0].refused);
    play.wait(600);
    let snapshot = |name: &str, path: &str| {
        let all = play.json(LogSource::Cloudtrail, &format!("\"eventName\":\"{name}\""));
        all[0].pointer(path).unwrap().as_str().unwrap().to_owned()
    };
    let taken = snapshot("CreateSnapshots", "/responseElements/CreateSnapshotsResponse/snapshotSet/item/snapshotId");
    assert_eq!(snapshot("DeleteSnapshot", "/requestParameters/snapshotId"), taken);
    assert_eq!(snapshot("DeleteSnapshot", "/sourceIPAddress"), "203.0.113.9");
    play.act("terminate", MINED).wait(40);
    assert!(play.lost(MINED).contains(&EvidenceKind::Disk), "it counts as never taken");
    let mut copied = contained();
    copied.act("copy-evidence", MINED).wait(220).act("contain-runbook", MINED).wait(500);
    assert!(harms(&copied)[0].refused, "the copy is out of reach");
    copied.act("terminate", MINED).wait(40);
    assert!(!copied.lost(MINED).contains(&EvidenceKind::Disk));
    let mut denied = contained();
    denied.act("contain-runbook", MINED).wait(110).act("deny-outside", ROLE).wait(600);
    assert!(harms(&denied).is_empty(), "who has no sessions deletes nothing");
    let mut none = fired(shop(&[], |_| {}));
    none.act("copy-evidence", MINED);
    assert_eq!(none.reason(), "there is no snapshot of the instance's volume");
}
