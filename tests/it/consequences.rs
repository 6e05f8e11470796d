//! What follows from a response in the scenarios that come with the program, and that it doesn't follow where it isn't given.

use std::path::Path;

use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::Verdict;
use firedrill_model::Span;
use serde_json::Value;

use crate::drills::play;

/// A drill that was played: its debrief, and its events with their times in microseconds.
struct Drill {
    debrief: Debrief,
    events: Vec<(u64, Value)>,
}

impl Drill {
    fn of(scenario: &str, script: &str, seed: u64) -> Self {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario).join(format!("{script}.toml"));
        let (debrief, _, lines, _) = play(scenario, &file, seed);
        let read = |line: &str| {
            let (at, event) = line.split_once(' ').unwrap();
            (at.parse().unwrap(), serde_json::from_str(event).unwrap())
        };
        Self { debrief, events: lines.lines().map(read).collect() }
    }

    /// The data of all events of a kind, with their times.
    fn all(&self, kind: &str) -> Vec<(u64, &Value)> {
        self.events.iter().filter(|(_, event)| event["kind"] == kind).map(|(at, event)| (*at, &event["data"])).collect()
    }

    /// Resources to which this was done, and not refused.
    fn harmed(&self, kind: &str) -> Vec<&str> {
        let done = |(_, harm): &(u64, &Value)| harm["kind"] == kind && harm["refused"] != true;
        self.all("world.harm").into_iter().filter(done).map(|(_, harm)| harm["resource"].as_str().unwrap()).collect()
    }

    /// When a stage began and ended, if it did.
    fn stage(&self, stage: &str) -> (Option<u64>, Option<u64>) {
        let when = |active: bool| {
            let is_it = |(_, data): &&(u64, &Value)| data["stage"] == stage && data["active"] == active;
            self.all("world.stage").iter().find(is_it).map(|(at, _)| *at)
        };
        (when(true), when(false))
    }

    /// Whether the users of a resource were ever out.
    fn was_out(&self, resource: &str) -> bool {
        self.all("world.resource").iter().any(|(_, data)| data["resource"] == resource && data["usable"] == false)
    }

    /// When a response was done for the first time, and what it brought.
    fn done(&self, action: &str) -> (u64, Value) {
        let given = self.all("people.acted").into_iter().find(|(_, data)| data["action"] == action).unwrap().1;
        let of_it = |(_, data): &&(u64, &Value)| data["run"] == given["run"] && !data["state"]["done"].is_null();
        let (at, data) = *self.all("world.action").iter().find(of_it).unwrap();
        (at, data["state"]["done"]["results"].clone())
    }

    fn part(&self, name: &str) -> Verdict {
        self.debrief.parts.iter().find(|part| part.part == name).unwrap().verdict
    }
}

#[test]
fn closing_every_bucket_takes_the_pictures_from_the_site() {
    let (all, one) = (Drill::of("public-bucket", "deviates", 3), Drill::of("public-bucket", "holds", 3));
    assert!(all.was_out("shop-images-7f3a") && !one.was_out("shop-images-7f3a"));
    assert_eq!((all.part("signal"), one.part("signal")), (Verdict::Deviated, Verdict::Held));
    assert!(all.debrief.impact.failed > 1_000.0, "one page in three: {}", all.debrief.impact.failed);
    assert!(all.stage("exposed").1.is_some() && one.stage("exposed").1.is_some(), "both close the one that counts");
}

#[test]
fn which_bucket_is_open_and_whether_it_is_read_depends_on_the_seed() {
    let drills: Vec<Drill> = (1..=8).map(|seed| Drill::of("public-bucket", "nothing", seed)).collect();
    let open = |drill: &Drill| {
        let stages = drill.all("world.stage");
        stages.iter().find(|(_, data)| data["stage"] == "exposed").unwrap().1["on"].to_string()
    };
    let buckets: std::collections::BTreeSet<String> = drills.iter().map(open).collect();
    assert_eq!(buckets.len(), 3, "{buckets:?}");
    let read = drills.iter().filter(|drill| !drill.harmed("data-taken").is_empty()).count();
    assert!((1..8).contains(&read), "{read} of 8 were read");
}

#[test]
fn what_was_read_before_data_events_were_on_is_in_no_log() {
    let recorded = |drill: &Drill| -> Vec<u64> {
        let logged = drill.all("world.logged").into_iter();
        logged.filter(|(_, data)| data["record"]["source"] == "cloudtrail-data").map(|(at, _)| at).collect()
    };
    let nobody = Drill::of("public-bucket", "nothing", 5);
    assert_eq!(recorded(&nobody), [0_u64; 0], "off to the end");
    let holds = Drill::of("public-bucket", "holds", 5);
    let (on, _) = holds.done("turn-on-data-events");
    let records = recorded(&holds);
    assert!(records.len() > 50 && records.iter().all(|at| *at > on), "from then on, and nothing of what was before");
}

#[test]
fn whoever_closes_remote_desktop_shuts_the_administrators_out() {
    let (closed, restricted) = (Drill::of("rdp-brute-force", "deviates", 3), Drill::of("rdp-brute-force", "holds", 3));
    let image = |drill: &Drill| drill.done("capture-memory").1[0].clone();
    assert!(!image(&closed)["impossible"].is_null(), "{}", image(&closed));
    assert_eq!(image(&restricted)["captured"]["evidence"], "memory");
}

#[test]
fn closing_the_port_ends_the_attempts_and_leaves_the_one_who_is_in() {
    let drill = Drill::of("rdp-brute-force", "deviates", 3);
    let (closed, _) = drill.done("close-rdp");
    assert_eq!(drill.stage("guessing").1, Some(closed));
    let (began, ended) = drill.stage("inside");
    assert!(began.unwrap() < closed && ended.is_none_or(|ended| ended > closed));
    assert!(drill.stage("turning").0.is_some());
}

#[test]
fn a_network_acl_takes_the_whole_zone_along() {
    let (acl, runbook) = (Drill::of("rdp-brute-force", "deviates", 3), Drill::of("rdp-brute-force", "holds", 3));
    assert_eq!((acl.part("signal"), runbook.part("signal")), (Verdict::Deviated, Verdict::Held));
    let (denied, _) = acl.done("deny-subnet");
    let (allowed, _) = acl.done("allow-subnet");
    let fell = acl.all("world.instance").into_iter().filter(|(at, data)| {
        (denied..=allowed).contains(at)
            && data["zone"] == "us-east-1a"
            && ["unhealthy", "terminated"].iter().any(|state| data["state"] == *state)
    });
    assert!(fell.count() >= 2, "a server of Booking and one of the website");
}

#[test]
fn a_deleted_key_cannot_be_put_back_and_its_sessions_live_on() {
    let drill = Drill::of("leaked-credentials", "deviates", 3);
    let (deleted, _) = drill.done("delete-key");
    assert!(!drill.done("activate-key").1[0]["impossible"].is_null());
    assert!(drill.was_out("AKIAIOSFODNN7EXAMPLE"));
    assert_eq!(drill.stage("published").1, Some(deleted));
    let (_, sessions_end) = drill.stage("role-outside");
    assert!(sessions_end.unwrap() > deleted, "sessions outlive the key");
    assert!(drill.harmed("data-taken").contains(&"order-mails-91c2"));
}

#[test]
fn a_new_key_first_and_then_the_trail_costs_customers_nothing() {
    let drill = Drill::of("leaked-credentials", "holds", 3);
    assert!(!drill.was_out("AKIAIOSFODNN7EXAMPLE"));
    assert_eq!(drill.harmed("data-taken"), [""; 0]);
    let (_, second_key) = drill.stage("second-key");
    assert!(second_key.is_some(), "the further key is found and taken away");
}

#[test]
fn evidence_first_loses_the_database_and_a_copy_brings_it_back() {
    let drill = Drill::of("exposed-database", "deviates", 3);
    assert!(drill.harmed("destroyed").contains(&"orders-db"), "{:?}", drill.harmed("destroyed"));
    assert!(drill.was_out("orders-db"));
    let (restored, results) = drill.done("restore-newest");
    assert!(results[0]["impossible"].is_null(), "the copy is out of reach: {results}");
    let back =
        |(at, data): &(u64, &Value)| *at >= restored && data["resource"] == "orders-db" && data["usable"] == true;
    assert!(drill.all("world.resource").iter().any(back));
}

#[test]
fn containment_first_keeps_all_of_it() {
    let (holds, nobody) = (Drill::of("exposed-database", "holds", 3), Drill::of("exposed-database", "nothing", 3));
    assert_eq!(holds.harmed("destroyed"), [""; 0]);
    let mut lost = nobody.harmed("destroyed");
    lost.sort_unstable();
    assert_eq!(lost, ["orders-2026-11-23", "orders-2026-11-24", "orders-db"]);
    assert!(!holds.was_out("orders-db") && nobody.was_out("orders-db"));
}

#[test]
fn the_report_says_how_the_adversary_stood_when_the_hypothesis_held_and_it_was_not_gone() {
    let (nobody, holds) = (Drill::of("lateral-movement", "nothing", 3), Drill::of("lateral-movement", "holds", 3));
    let left = nobody.debrief.left.as_ref().expect("nobody has done anything about it").to_string();
    assert!(left.starts_with("At the end the adversary was still active: "), "{left}");
    assert!(nobody.debrief.areas.iter().any(|area| area.as_str() == left), "{:?}", nobody.debrief.areas);
    assert_eq!(holds.debrief.left, None);
}

/// Flow records of attempts to connect to port 22 from outside, let through, that happened between two moments.
fn attempts(drill: &Drill, (from, to): (u64, u64)) -> u64 {
    let logged = drill.all("world.logged").into_iter().filter(|(_, data)| data["record"]["source"] == "vpc-flow");
    let attempt = |(_, data): &(u64, &Value)| {
        let happened = data["record"]["happened"].as_u64().unwrap();
        let raw: Vec<&str> = data["record"]["raw"].as_str().unwrap().split(' ').collect();
        (from..=to).contains(&happened) && raw[6] == "22" && !raw[3].starts_with("10.") && raw[12] == "ACCEPT"
    };
    logged.filter(attempt).count() as u64
}

#[test]
fn the_debrief_counts_who_tried_the_open_port() {
    let of = |script: &str, seed| {
        let drill = Drill::of("open-ssh-port", script, seed);
        let open = drill.debrief.outcome.as_ref().unwrap().open_port.clone().expect("the fault opened one");
        (drill, open)
    };
    let mut first = 0;
    for seed in 1..=5 {
        let (drill, open) = of("nothing", seed);
        let (began, _) = drill.stage("open");
        let began = began.unwrap();
        assert_eq!(open.attempts, attempts(&drill, (began, u64::MAX)), "{seed}: open to the end");
        assert_eq!(open.in_first_five_minutes, attempts(&drill, (began, began + 300_000_000)), "{seed}");
        assert!(open.addresses > 5 && open.addresses <= open.attempts, "{open:?}");
        assert!(open.sentence().contains(" in the first five minutes."), "{}", open.sentence());
        first += open.in_first_five_minutes;
    }
    assert!((18..=26).contains(&(first / 5)), "the post's example has 22: {first} in five drills");
    let (holds, closed) = of("holds", 22);
    let spells = holds.stage("open");
    assert_eq!(closed.attempts, attempts(&holds, (spells.0.unwrap(), spells.1.unwrap())), "as long as it was open");
    assert!(closed.open_seconds < 200.0, "{closed:?}");
    let (twice, again) = of("deviates", 22);
    let (began, ended) = twice.stage("open");
    let once = (ended.unwrap() - began.unwrap()) / 1_000_000;
    let all = Span::from_secs_f64(again.open_seconds).0 / 1_000_000;
    assert!(all > once + 60, "the pipeline opened it a second time: {again:?}, once {once}");
    let other = Drill::of("public-bucket", "nothing", 1);
    assert_eq!(other.debrief.outcome.as_ref().unwrap().open_port, None);
}

#[test]
fn the_report_says_which_sight_was_lost_for_how_long_and_whether_somebody_looked() {
    let said = |drill: &Drill| -> Vec<String> {
        let all = drill.debrief.second_order.iter().map(ToString::to_string);
        all.filter(|text| text.contains("CloudTrail was stopped")).collect()
    };
    let (nothing, holds) = (Drill::of("leaked-credentials", "nothing", 3), Drill::of("leaked-credentials", "holds", 3));
    let [blind] = &said(&nothing)[..] else { panic!("{:?}", nothing.debrief.second_order) };
    assert!(
        blind.contains("recorded nothing up to the end of the record; the event history had it all the same"),
        "{blind}"
    );
    let [mended] = &said(&holds)[..] else { panic!("{:?}", holds.debrief.second_order) };
    assert!(mended.contains("recorded nothing for ") && mended != blind, "{mended}");
    let quiet = Drill::of("crypto-mining", "nothing", 3);
    assert!(said(&quiet).is_empty());
}

#[test]
fn what_a_pipeline_puts_back_is_told_with_what_had_changed_it() {
    let told = |script: &str| -> Vec<String> {
        let drill = Drill::of("open-ssh-port", script, 22);
        let all = drill.debrief.second_order.iter().map(ToString::to_string);
        all.filter(|text| text.contains("Pipeline for security groups")).collect()
    };
    let deviates = told("deviates");
    assert!(deviates.len() == 1 && deviates[0].contains("It had been changed by '"), "{deviates:?}");
    assert_eq!(told("holds"), [""; 0], "whoever has mended the template has nothing to undo");
}
