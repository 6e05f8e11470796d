//! Resources, harm, automations and red herrings: what follows from a response, and what doesn't without it. Each test plays a
//! small shop with a few lines added to it.

use std::fmt::Write as _;
use std::sync::Arc;

use firedrill_model::event::{
    AdversaryState, AutomationOutcome, EffectResult, EvidenceKind, HarmEvent, InstanceState, ResourceCause, WorldEvent,
};
use firedrill_model::scenario::Scenario;

use super::Play;

const RESOURCES: &str = r#"
[[resource]]
id = "site"
kind = "bucket"
title = "Bucket of the site"
used-by = ["web"]
fails = 0.4
public = true
[[resource]]
id = "archive"
kind = "bucket"
title = "Archive"
[[resource]]
id = "orders"
kind = "database"
title = "Orders"
used-by = ["store"]
[[resource]]
id = "nightly"
kind = "snapshot"
title = "Nightly snapshot"
[[resource]]
id = "deploy"
kind = "user"
title = "Deploy user"
[[resource]]
id = "key"
kind = "access-key"
title = "Key of the deploy user"
owner = "deploy"
used-by = ["store"]
fails = 0.5
[[resource]]
id = "admin"
kind = "role"
title = "Admin role"
[[resource]]
id = "sg"
kind = "security-group"
title = "Group of the web servers"
used-by = ["web"]
[[resource]]
id = "acl"
kind = "network-acl"
title = "Subnets of zone a"
zone = "us-east-1a"
"#;

/// An action for each effect: its name is its id.
fn actions() -> String {
    let offered = [
        ("restrict-port", "security-group", ""),
        ("close-port", "security-group", ""),
        ("block-public-access", "bucket", ""),
        ("allow-public-access", "bucket", ""),
        ("remove-share", "snapshot", ""),
        ("copy-snapshot", "snapshot", ""),
        ("isolate-database", "database", ""),
        ("release-database", "database", ""),
        ("make-private", "database", ""),
        ("restore-database", "database", ", from = \"nightly\""),
        ("protect", "database", ""),
        ("deactivate-key", "access-key", ""),
        ("activate-key", "access-key", ""),
        ("delete-key", "access-key", ""),
        ("replace-key", "access-key", ""),
        ("revoke-sessions", "principal", ""),
        ("change-trust", "role", ""),
        ("deny-subnet", "network-acl", ""),
        ("allow-subnet", "network-acl", ""),
        ("block-names", "none", ", domains = [\"evil.example\"]"),
        ("remove-implant", "instance", ""),
        ("test-automation", "automation", ""),
        ("repair-automation", "automation", ""),
    ];
    let mut text = String::new();
    for (effect, target, more) in offered {
        let _ = write!(
            text,
            "[[action]]\nid = \"{effect}\"\ntitle = \"{effect}\"\ndetail = \"Does it.\"\ncategory = \"contain\"\n\
             target = \"{target}\"\ntakes = {{ typical = \"10s\", basis = \"assumed\", source = \"test\" }}\n\
             effects = [{{ do = \"{effect}\"{more} }}]\n"
        );
    }
    text
}

/// The shop with these lines in `[fault]` and these sections besides, and no stage but those in them.
fn shop(fault: &str, more: &str) -> Arc<Scenario> {
    let text = include_str!("../../good-scenario.toml");
    let text = text.replace("after = \"10s\"", &format!("after = \"10s\"\n{fault}"));
    let text = format!("{text}\n{RESOURCES}\n{}\n{more}", actions());
    let mut scenario: Scenario = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
    scenario.stages.drain(..2);
    Arc::new(scenario)
}

fn stage(id: &str, begins: &str, on: &str, needs: &str, more: &str) -> String {
    format!("[[stage]]\nid = \"{id}\"\ntitle = \"{id}\"\nbegins = {begins}\non = {on}\nneeds = {needs}\n{more}\n")
}

/// A scenario in which all rules are at work.
pub fn everything() -> Arc<Scenario> {
    let sessions = "[{ sessions = \"admin\" }]";
    let trust = "needs-at-start = [{ trust = \"admin\" }]";
    let again = "{ after-loss-of = \"assume\", delay = \"1m\" }";
    let benign = "benign = \"A nightly job.\"\ntakes-cpu = 0.5\nlasts = \"3m\"";
    let stages = [
        automation("broken = \"Its role may not do that.\""),
        destruction(),
        stage("read", NOW, "{ exposed = true }", "[\"exposed\"]", "chance = 0.5"),
        stage("assume", NOW, "{ resource = \"admin\" }", sessions, trust),
        stage("again", again, "{ resource = \"admin\" }", sessions, trust),
        stage("mine", NOW, "{ instance = \"i-0001\" }", "[\"instance\", \"connection\"]", "takes-cpu = 0.4"),
        stage(
            "tunnel",
            "{ after-start-of = \"mine\", delay = \"2m\" }",
            "{ instance = \"i-0001\" }",
            "[\"implant\", { name = \"evil.example\" }]",
            "",
        ),
        stage("job", "{ at = \"1m\" }", "{ instance = \"i-0002\" }", "[\"instance\"]", benign),
    ];
    let fault = "opens-port = { group = \"sg\", port = 22 }\nexposes-one-of = [\"archive\", \"nightly\", \"orders\"]";
    shop(fault, &stages.concat())
}

#[test]
fn all_rules_are_at_work_in_what_is_cut_into_pieces() {
    let mut play = fired(everything());
    play.done("test-automation", "closer").done("deny-subnet", "acl").until(1_000);
    let said = |wanted: fn(&WorldEvent) -> bool| play.seen.iter().any(|seen| wanted(&seen.event));
    assert!(
        said(|event| matches!(event, WorldEvent::Harm(_))) && said(|event| matches!(event, WorldEvent::Automation(_)))
    );
    assert!(
        said(|event| matches!(event, WorldEvent::Resource(_)))
            && said(|event| matches!(event, WorldEvent::Destroying { .. }))
    );
}

const NOW: &str = "{ after-fault = \"0s\" }";

/// The fault has been active for two minutes.
fn fired(scenario: Arc<Scenario>) -> Play {
    let mut play = Play::of(scenario, 5);
    play.until(50).fire().until(180);
    play
}

impl Play {
    fn goes_on(&self, stage: &str) -> bool {
        self.active().iter().any(|(active, _)| active == stage)
    }

    fn harms(&self) -> Vec<&HarmEvent> {
        let harms = self.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::Harm(harm) => Some(harm),
            _ => None,
        });
        harms.collect()
    }

    /// What was said of resources: which, and whether it can be used.
    fn turns(&self) -> Vec<(String, bool)> {
        let turns = self.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::Resource(turn) => Some((turn.resource.to_string(), turn.usable)),
            _ => None,
        });
        turns.collect()
    }

    /// Share of the web service's requests that fail, in percent.
    fn failing(&self) -> f64 {
        let sample = self.samples().last().expect("a sample").1;
        100.0 * sample.failed / sample.requests
    }

    fn done(&mut self, action: &str, target: &str) -> &mut Self {
        self.act(action, target).wait(40)
    }
}

fn nearly(value: f64, wanted: f64) {
    assert!((value - wanted).abs() < 1.0, "{value} is not about {wanted}");
}

#[test]
fn a_bucket_that_must_be_public_takes_its_users_along_when_the_world_is_shut_out() {
    let read = stage("read", NOW, "{ resource = \"site\" }", "[{ open = \"site\" }]", "");
    let mut play = fired(shop("", &read));
    assert!(play.goes_on("read"));
    nearly(play.failing(), 0.0);
    play.done("block-public-access", "site");
    assert!(!play.goes_on("read"));
    nearly(play.failing(), 40.0);
    let EffectResult::ResourceChanged { out, .. } = &play.results()[0] else { panic!("it was changed") };
    assert_eq!(out.iter().map(ToString::to_string).collect::<Vec<_>>(), ["web"]);
    play.done("block-public-access", "site");
    assert_eq!(play.reason(), "the world is not let in");
    play.done("allow-public-access", "site");
    nearly(play.failing(), 0.0);
    assert_eq!(play.turns(), [("site".to_owned(), false), ("site".to_owned(), true)]);
}

#[test]
fn a_bucket_that_only_the_fault_opened_can_be_shut_without_harm_to_its_users() {
    let read = stage("read", NOW, "{ exposed = true }", "[\"exposed\"]", "");
    let mut play = fired(shop("exposes = [\"archive\"]", &read));
    assert!(play.goes_on("read"));
    assert_eq!(play.active()[0].1, "archive");
    play.done("block-public-access", "archive");
    assert!(!play.goes_on("read"));
    assert_eq!(play.turns(), []);
    let mut untouched = fired(shop("exposes = [\"archive\"]", &read));
    untouched.until(1_000);
    assert!(untouched.goes_on("read"), "nobody has shut it");
}

#[test]
fn chance_says_what_is_exposed_and_what_happens_at_all() {
    let more = stage("read", NOW, "{ exposed = true }", "[\"exposed\"]", "chance = 0.5");
    let scenario = shop("exposes-one-of = [\"archive\", \"nightly\", \"orders\"]", &more);
    let mut places = std::collections::BTreeMap::new();
    for seed in 0..60 {
        let mut play = Play::of(scenario.clone(), seed);
        play.until(20).fire().until(40);
        let on = play.active().first().map_or("nothing".to_owned(), |(_, on)| on.clone());
        *places.entry(on).or_insert(0) += 1;
    }
    assert_eq!(places.len(), 4, "{places:?}");
    assert!((15..45).contains(&places["nothing"]), "{places:?}");
}

#[test]
fn a_shared_snapshot_can_be_read_until_the_share_is_removed() {
    let copy = stage("copy", NOW, "{ resource = \"nightly\" }", "[{ open = \"nightly\" }]", "");
    let mut play = fired(shop("exposes = [\"nightly\"]", &copy));
    assert!(play.goes_on("copy"));
    play.done("remove-share", "nightly");
    assert!(!play.goes_on("copy"));
    assert_eq!(play.adversary(), Some(AdversaryState::Eradicated));
}

#[test]
fn an_isolated_database_stops_the_adversary_and_its_users_and_a_private_one_only_the_adversary() {
    let dump = stage("dump", NOW, "{ resource = \"orders\" }", "[{ open = \"orders\" }]", "");
    let mut play = fired(shop("exposes = [\"orders\"]", &dump));
    play.done("isolate-database", "orders");
    assert!(!play.goes_on("dump"));
    let failing = play.failing();
    assert!((0.2..0.3).contains(&failing), "one in twenty needs a new connection, and is tried again once: {failing}");
    play.done("release-database", "orders");
    nearly(play.failing(), 0.0);
    let mut gently = fired(shop("exposes = [\"orders\"]", &dump));
    gently.done("make-private", "orders");
    assert!(!gently.goes_on("dump"));
    nearly(gently.failing(), 0.0);
    assert_eq!(gently.turns(), []);
}

fn destruction() -> String {
    let harms = "[[stage.harm]]\nafter = \"1m\"\nkind = \"data-taken\"\nresource = \"orders\"\nwhat = \"Orders were read.\"\n\
                 [[stage.harm]]\nafter = \"4m\"\nkind = \"destroyed\"\nresource = \"nightly\"\nwhat = \"The snapshot was deleted.\"\n\
                 [[stage.harm]]\nafter = \"5m\"\nkind = \"destroyed\"\nresource = \"orders\"\nwhat = \"The orders were deleted.\"\n";
    stage("delete", NOW, "{ resource = \"orders\" }", "[{ key = \"key\" }]", harms)
}

#[test]
fn harm_is_done_by_a_stage_that_goes_on_for_long_enough_and_by_no_other() {
    let mut play = fired(shop("", &destruction()));
    assert_eq!(play.harms().len(), 1, "the orders were read");
    play.until(700);
    let kinds: Vec<(&str, bool)> = play.harms().iter().map(|harm| (harm.resource.as_str(), harm.refused)).collect();
    assert_eq!(kinds, [("orders", false), ("nightly", false), ("orders", false)]);
    nearly(play.failing(), 100.0);
    assert_eq!(play.turns(), [("orders".to_owned(), false)]);
    play.done("restore-database", "orders");
    assert_eq!(play.reason(), "the snapshot is destroyed and there is no copy of it");

    let mut stopped = fired(shop("", &destruction()));
    stopped.act("deactivate-key", "key").until(700);
    assert_eq!(stopped.harms().len(), 1, "no more than what was done before");
    assert!(stopped.seen.iter().any(|seen| seen.event == WorldEvent::Destroying { active: true }));
    assert!(stopped.seen.iter().any(|seen| seen.event == WorldEvent::Destroying { active: false }));
}

#[test]
fn what_is_protected_is_not_destroyed_and_what_was_copied_can_be_restored_from() {
    let mut kept = fired(shop("", &destruction()));
    kept.act("protect", "orders").until(700);
    assert!(kept.harms()[2].refused);
    assert_eq!(kept.turns(), []);

    let mut copied = fired(shop("", &destruction()));
    copied.act("copy-snapshot", "nightly").until(700);
    let EffectResult::Captured { evidence, .. } = &copied.results()[0] else { panic!("it was copied") };
    assert_eq!(*evidence, EvidenceKind::Backup);
    nearly(copied.failing(), 100.0);
    copied.done("restore-database", "orders");
    nearly(copied.failing(), 0.0);
    let last = copied.seen.iter().rev().find_map(|seen| match &seen.event {
        WorldEvent::Resource(turn) => Some(turn.clone()),
        _ => None,
    });
    let last = last.expect("the orders are back");
    assert!(last.usable && matches!(last.because, ResourceCause::Response(_)));
}

#[test]
fn an_inactive_key_stops_its_users_until_it_is_active_again_or_replaced() {
    let call = stage("call", NOW, "{ resource = \"key\" }", "[{ key = \"key\" }]", "");
    let mut play = fired(shop("", &call));
    play.done("deactivate-key", "key");
    assert!(!play.goes_on("call"));
    assert!(
        (20.0..60.0).contains(&play.failing()),
        "half of the store's requests fail, and retries help: {}",
        play.failing()
    );
    play.done("activate-key", "key");
    nearly(play.failing(), 0.0);

    let mut replaced = fired(shop("", &call));
    replaced.done("replace-key", "key").done("deactivate-key", "key");
    assert!(!replaced.goes_on("call"));
    nearly(replaced.failing(), 0.0);
    assert_eq!(replaced.turns(), []);

    let mut deleted = fired(shop("", &call));
    deleted.done("delete-key", "key").done("activate-key", "key");
    assert_eq!(deleted.reason(), "the key is deleted for good");
}

#[test]
fn sessions_outlive_the_key_that_they_were_begun_with_and_end_when_they_are_revoked() {
    let more = stage(
        "sessions",
        NOW,
        "{ resource = \"deploy\" }",
        "[{ sessions = \"deploy\" }]",
        "needs-at-start = [{ key = \"key\" }]",
    );
    let mut play = fired(shop("", &more));
    play.done("deactivate-key", "key");
    assert!(play.goes_on("sessions"), "the key is gone, the sessions live");
    play.done("revoke-sessions", "deploy");
    assert!(!play.goes_on("sessions"));
    assert_eq!(play.adversary(), Some(AdversaryState::Eradicated));
}

#[test]
fn whoever_can_assume_a_role_anew_comes_back_after_a_revocation() {
    let first = stage(
        "first",
        NOW,
        "{ resource = \"admin\" }",
        "[{ sessions = \"admin\" }]",
        "needs-at-start = [{ trust = \"admin\" }]",
    );
    let again = stage(
        "again",
        "{ after-loss-of = \"first\", delay = \"1m\" }",
        "{ resource = \"admin\" }",
        "[{ sessions = \"admin\" }]",
        "needs-at-start = [{ trust = \"admin\" }]",
    );
    let scenario = shop("", &(first + &again));
    let mut play = fired(scenario.clone());
    play.done("revoke-sessions", "admin");
    assert!(!play.goes_on("first"));
    assert_eq!(play.adversary(), Some(AdversaryState::Contained));
    play.wait(60);
    assert!(play.goes_on("again"), "it assumes the role anew");

    let mut shut = fired(scenario);
    shut.done("change-trust", "admin");
    assert!(shut.goes_on("first"), "live sessions go on");
    shut.done("revoke-sessions", "admin").wait(200);
    assert!(!shut.goes_on("again"));
    assert_eq!(shut.adversary(), Some(AdversaryState::Eradicated));
}

#[test]
fn a_closed_port_shuts_the_admins_out_and_a_restricted_one_does_not() {
    let probe = stage("probe", NOW, "{ security-group = \"sg\" }", "[\"open-port\"]", "");
    let admin = "[[action]]\nid = \"patch\"\ntitle = \"Patch\"\ndetail = \"By hand.\"\ncategory = \"recover\"\ntarget = \"none\"\n\
                 needs-open = \"sg\"\ntakes = { typical = \"10s\", basis = \"assumed\", source = \"test\" }\n\
                 effects = [{ do = \"tell\", whom = \"nobody\" }]\n";
    let scenario = shop("opens-port = { group = \"sg\", port = 22 }", &(probe + admin));
    let mut closed = fired(scenario.clone());
    closed.done("close-port", "sg").done("patch", "");
    assert!(!closed.goes_on("probe"));
    assert!(closed.reason().contains("lets nobody in"), "{}", closed.reason());
    let mut restricted = fired(scenario);
    restricted.done("restrict-port", "sg").done("patch", "");
    assert!(!restricted.goes_on("probe"));
    assert_eq!(restricted.results(), [EffectResult::Told]);
}

#[test]
fn a_denied_subnet_cuts_its_instances_off_from_everything_and_their_group_replaces_them() {
    let mine = stage("mine", NOW, "{ instance = \"i-0001\" }", "[\"instance\", \"connection\"]", "");
    let mut play = fired(shop("", &mine));
    play.done("deny-subnet", "acl");
    assert!(!play.goes_on("mine"), "tracked connections end, too");
    assert_eq!(play.state("i-0001"), InstanceState::InService, "the load balancer has not found out yet");
    play.wait(10);
    assert!(play.failing() > 99.9, "all of it hangs: {}", play.failing());
    let mut soon = play;
    soon.done("allow-subnet", "acl");
    assert_eq!(soon.state("i-0001"), InstanceState::InService, "in time");
    nearly(soon.failing(), 0.0);
    soon.wait(300);
    assert_eq!(soon.state("i-0001"), InstanceState::InService, "what was planned before counts no longer");
    soon.done("deny-subnet", "acl").wait(200);
    assert_eq!(soon.state("i-0001"), InstanceState::Terminated);
}

#[test]
fn a_blocked_name_ends_what_needs_it_and_leaves_the_implant_where_it_is() {
    let tunnel = stage(
        "tunnel",
        NOW,
        "{ instance = \"i-0001\" }",
        "[\"instance\", \"implant\", { name = \"t.evil.example\" }]",
        "",
    );
    let later = stage(
        "other",
        "{ after-loss-of = \"tunnel\", delay = \"2m\" }",
        "{ instance = \"i-0001\" }",
        "[\"instance\"]",
        "needs-at-start = [\"implant\"]",
    );
    let scenario = shop("", &(tunnel + &later));
    let mut blocked = fired(scenario.clone());
    blocked.done("block-names", "");
    assert!(!blocked.goes_on("tunnel"));
    blocked.wait(120);
    assert!(blocked.goes_on("other"), "the host is not clean");
    let mut clean = fired(scenario);
    clean.done("remove-implant", "i-0001");
    let removed = EffectResult::ImplantRemoved { instance: "i-0001".to_owned().try_into().unwrap(), found: true };
    assert_eq!(clean.results(), [removed]);
    clean.wait(300);
    assert!(!clean.goes_on("other"));
    assert_eq!(clean.adversary(), Some(AdversaryState::Eradicated));
}

#[test]
fn stages_follow_a_beginning_as_long_as_it_goes_on_and_end_by_themselves() {
    let first = stage("first", NOW, "{ resource = \"key\" }", "[{ key = \"key\" }]", "");
    let second = stage(
        "second",
        "{ after-start-of = \"first\", delay = \"4m\" }",
        "{ resource = \"key\" }",
        "[]",
        "lasts = \"2m\"",
    );
    let third = stage("third", "{ after-loss-of = \"second\" }", "{ resource = \"key\" }", "[]", "");
    let scenario = shop("", &(first + &second + &third));
    let mut play = fired(scenario.clone());
    play.until(320);
    assert!(play.goes_on("second"));
    play.until(440);
    assert!(!play.goes_on("second") && !play.goes_on("third"), "it ended by itself, so that nothing was lost");
    let mut stopped = fired(scenario);
    stopped.act("deactivate-key", "key").until(440);
    assert!(!stopped.goes_on("second"));
    assert_eq!(stopped.adversary(), Some(AdversaryState::Eradicated));
}

#[test]
fn what_is_benign_is_seen_and_is_not_the_adversary() {
    let job = stage(
        "job",
        "{ at = \"1m\" }",
        "{ instance = \"i-0001\" }",
        "[\"instance\"]",
        "benign = \"A nightly job.\"\ntakes-cpu = 0.5",
    );
    let mut play = Play::of(shop("", &job), 5);
    play.until(50);
    let load = |play: &Play| play.samples().last().unwrap().1.values[1];
    let before = load(&play);
    play.until(200);
    assert!(play.goes_on("job") && load(&play) > before + 30.0);
    assert_eq!(play.adversary(), None, "before the fault there is none");
    play.fire().until(400);
    assert_eq!(play.adversary(), Some(AdversaryState::Eradicated), "there never was one");
    play.done("remove-implant", "i-0001");
    let nothing = EffectResult::ImplantRemoved { instance: "i-0001".to_owned().try_into().unwrap(), found: false };
    assert_eq!(play.results(), [nothing]);
}

fn automation(broken: &str) -> String {
    let open = stage("mining", NOW, "{ security-group = \"sg\" }", "[\"open-port\"]", "");
    let detector = "[[detector]]\nid = \"config\"\ntitle = \"Config\"\nformat = \"config\"\nsees = [\"mining\"]\nfinding = \"restricted-ssh\"\n\
                    severity = 5.0\ntitle-of-finding = \"Open\"\ndescription = \"{resource}\"\n\
                    latency = { typical = \"1m\", basis = \"assumed\", source = \"test\" }\n";
    let answer = format!(
        "[[automation]]\nid = \"closer\"\ntitle = \"Closes ports\"\non = [\"config\"]\neffects = [{{ do = \"restrict-port\" }}]\n\
         takes = {{ typical = \"30s\", basis = \"assumed\", source = \"test\" }}\n{broken}\n"
    );
    open + detector + &answer
}

#[test]
fn an_automation_answers_a_finding_once_and_fails_without_a_word_where_it_is_broken() {
    let port = "opens-port = { group = \"sg\", port = 22 }";
    let outcomes = |play: &Play| -> Vec<AutomationOutcome> {
        let runs = play.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::Automation(run) => Some(run.outcome.clone()),
            _ => None,
        });
        runs.collect()
    };
    let mut works = fired(shop(port, &automation("")));
    assert!(!works.goes_on("mining"), "it was closed by itself");
    assert!(matches!(outcomes(&works)[..], [AutomationOutcome::Ran { .. }]));
    works.done("test-automation", "closer");
    assert_eq!(works.results(), [EffectResult::AutomationTested { works: true }]);

    let broken = shop(port, &automation("broken = \"Its role may not do that.\""));
    let mut fails = fired(broken.clone());
    fails.until(1_000);
    assert!(fails.goes_on("mining"));
    assert_eq!(outcomes(&fails), [AutomationOutcome::Failed]);
    fails.done("test-automation", "closer");
    assert_eq!(fails.results(), [EffectResult::AutomationTested { works: false }]);

    let mut mended = Play::of(broken, 5);
    mended.act("repair-automation", "closer").until(50).fire().until(300);
    assert!(!mended.goes_on("mining"));
}
