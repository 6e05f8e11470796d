//! Sight that is lost: what is stopped falls silent, says so only to who looks, and what is seen all the same.

use firedrill_model::LogSource;
use firedrill_model::event::{EffectResult, Obstacle, WorldEvent};
use firedrill_model::scenario::Sight;

use super::{Play, action, detector, played, stage};

const STOP: &str =
    r#"{ source = "cloudtrail", call = "cloudtrail:StopLogging", user = "thief", addresses = ["203.0.113.5"] }"#;
const CALLS: &str = r#"{ source = "cloudtrail", every = "30s", call = "sts:GetCallerIdentity", user = "thief", addresses = ["203.0.113.5"] }"#;
const FLOWS: &str = r#"{ source = "vpc-flow", every = "30s", port = 22, addresses = ["203.0.113.5"] }"#;

fn stopping(what: &str, leaves: &str) -> String {
    format!("{}stops = [{what}]\n", stage("stop", "60s", leaves))
}

/// Something that goes on all the time, and a trail that is stopped a minute after the fault.
fn blinded(until: u64) -> Play {
    let extra = stage("calls", "0s", CALLS)
        + &stopping(r#"{ log = "cloudtrail" }"#, STOP)
        + &action("read", "none", r#"{ do = "look-at-log", log = "cloudtrail" }"#)
        + &action("status", "none", r#"{ do = "look-at-status", of = { log = "cloudtrail" } }"#)
        + &action("start", "none", r#"{ do = "turn-on-log", log = "cloudtrail" }"#);
    played(&extra, until)
}

/// When calls happened that have arrived by now, in seconds.
fn arrived(play: &Play, call: &str) -> Vec<u64> {
    let records = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Logged { record } if record.raw().as_str().contains(call) => Some(record.happened.0 / 1_000_000),
        _ => None,
    });
    let mut moments: Vec<u64> = records.collect();
    moments.sort_unstable();
    moments
}

fn turns(play: &Play) -> Vec<(u64, bool)> {
    let of_trail = |what: &Sight| *what == Sight::Log(LogSource::Cloudtrail);
    let turns = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Sight { what, works } if of_trail(what) => Some((seen.at.0 / 1_000_000, *works)),
        _ => None,
    });
    turns.collect()
}

#[test]
fn a_stopped_trail_falls_silent_and_the_event_history_has_it_all_the_same() {
    let mut play = blinded(2_000);
    assert_eq!(turns(&play), [(380, false)], "a minute after the fault, which is at 320 s");
    let before = arrived(&play, "GetCallerIdentity");
    assert!(before.iter().all(|at| *at <= 380) && before.len() >= 2, "nothing of what came after: {before:?}");
    play.act("read", "").until(2_020);
    let after = arrived(&play, "GetCallerIdentity");
    assert!(after.len() > before.len() + 30, "the event history: {} after {}", after.len(), before.len());
    assert!(after.iter().all(|at| *at < 1_900), "it is some minutes late, too");
    let mut sees = Play::of(play.scenario.clone(), 3);
    sees.until(300).fire().until(2_000).until(2_020);
    assert_eq!(arrived(&sees, "GetCallerIdentity"), before, "who doesn't look has nothing of it");
}

#[test]
fn the_call_that_stops_a_log_is_in_it_still() {
    let play = blinded(2_000);
    assert_eq!(arrived(&play, "StopLogging"), [380]);
    let raw = play.raw(LogSource::Cloudtrail);
    let stop = raw.iter().find(|raw| raw.contains("\"StopLogging\"")).unwrap();
    let stop: serde_json::Value = serde_json::from_str(stop).unwrap();
    assert_eq!(stop["requestParameters"], serde_json::json!({ "name": "team-trail" }));
    assert_eq!((&stop["responseElements"], &stop["readOnly"]), (&serde_json::Value::Null, &false.into()));
}

#[test]
fn who_looks_at_the_status_is_told_and_a_log_that_is_started_records_from_then_on() {
    let mut play = blinded(700);
    play.act("read", "").until(720);
    let read = matches!(play.last_results()[0], EffectResult::Log { .. });
    assert!(read, "a look at the records says nothing of it");
    play.act("status", "").until(740);
    assert!(matches!(play.last_results()[0], EffectResult::Status { works: false, .. }));
    play.act("start", "").until(760);
    assert!(matches!(play.last_results()[0], EffectResult::LogOn { .. }));
    assert_eq!(turns(&play), [(380, false), (750, true)]);
    play.act("status", "").until(780);
    assert!(matches!(play.last_results()[0], EffectResult::Status { works: true, .. }));
    play.act("start", "").until(2_000);
    let again = play.last_results()[0].clone();
    assert!(matches!(again, EffectResult::Impossible { because: Obstacle::LogOnAlready }), "{again:?}");
    let calls = arrived(&play, "GetCallerIdentity");
    assert!(calls.iter().any(|at| *at > 750), "from then on it records");
    let read_late = calls.iter().filter(|at| (400..750).contains(*at)).count();
    let all = (400..750).filter(|at| (at - 320) % 30 == 0).count();
    assert!(read_late < all, "what the look came too early for is in the event history only: {read_late} of {all}");
}

#[test]
fn guardduty_sees_what_stopped_logs_do_not_record() {
    let stops = r#"{ log = "cloudtrail" }, { log = "vpc-flow" }"#;
    let delete = r#", { source = "cloudtrail", call = "ec2:DeleteFlowLogs", user = "thief" }"#;
    let seen = stage("calls", "2m", CALLS)
        + &stage("flows", "2m", FLOWS)
        + &stopping(stops, &format!("{STOP}{delete}"))
        + &detector("api", "guardduty-api", r#""calls""#, "")
            .replace("Recon:EC2/Portscan", "Discovery:IAMUser/AnomalousBehavior")
        + &detector("net", "guardduty-network", r#""flows""#, "");
    let play = played(&seen, 2_000);
    assert_eq!((play.found("api")[0].0, play.found("net")[0].0), (500, 500), "a minute after both began");
    let late = |log: LogSource| {
        let of_log = play.seen.iter().filter_map(|seen| match &seen.event {
            WorldEvent::Logged { record } if record.source == log => Some(record.happened.0 / 1_000_000),
            _ => None,
        });
        of_log.max().unwrap()
    };
    assert_eq!((late(LogSource::Cloudtrail), late(LogSource::VpcFlow) <= 380), (380, true), "and no log has them");
    let raw = play.raw(LogSource::Cloudtrail);
    let delete = raw.iter().find(|raw| raw.contains("DeleteFlowLogsRequest")).expect("it has its record");
    assert!(delete.contains("DeleteFlowLogsResponse"), "as recorded ones: {delete}");
}

#[test]
fn a_stopped_detector_finds_nothing_until_it_is_turned_on() {
    let call = r#"{ source = "cloudtrail", call = "guardduty:UpdateDetector", user = "thief" }"#;
    let extra = stage("calls", "2m", CALLS)
        + &stage("flows", "2m", FLOWS)
        + &stopping(r#"{ detector = "api" }"#, call)
        + &detector("api", "guardduty-api", r#""calls""#, "")
            .replace("Recon:EC2/Portscan", "Discovery:IAMUser/AnomalousBehavior")
        + &detector("net", "guardduty-network", r#""flows""#, "")
        + &detector("rule", "config", r#""calls""#, "")
        + &action("look", "none", r#"{ do = "look-at-findings", detector = "api" }"#)
        + &action("status", "none", r#"{ do = "look-at-status", of = { detector = "net" } }"#)
        + &action("on", "none", r#"{ do = "turn-on-detector", detector = "net" }"#);
    let mut play = played(&extra, 1_000);
    assert!(play.found("api").is_empty() && play.found("net").is_empty(), "one detector for all of GuardDuty");
    assert_eq!(play.found("rule")[0].0, 500, "AWS Config is a service of its own");
    play.act("look", "").until(1_020);
    assert!(matches!(&play.last_results()[0], EffectResult::Findings { findings } if findings.is_empty()));
    play.act("status", "").until(1_040);
    assert!(matches!(play.last_results()[0], EffectResult::Status { works: false, .. }));
    play.act("on", "").until(1_200);
    assert_eq!((play.found("api")[0].0, play.found("net")[0].0), (1_110, 1_110), "a minute after it was turned on");
    play.act("on", "").until(1_220);
    assert!(matches!(play.last_results()[0], EffectResult::Impossible { because: Obstacle::DetectorOnAlready }));
}

#[test]
fn a_stopped_channel_tells_nobody_until_it_is_repaired() {
    let channel = "\n[[channel]]\nid = \"chat\"\ntitle = \"Chat\"\ncarries = [\"net\"]\nlatency = { typical = \"1s\", basis = \"assumed\", source = \"test\" }\n";
    let call = r#"{ source = "cloudtrail", call = "events:DisableRule", user = "thief" }"#;
    let extra = stage("flows", "2m", FLOWS)
        + &stopping(r#"{ channel = "chat" }"#, call)
        + &detector("net", "guardduty-network", r#""flows""#, "repeats = \"15m\"")
        + channel
        + &action("test", "channel", r#"{ do = "test-channel" }"#)
        + &action("repair", "channel", r#"{ do = "repair-channel" }"#);
    let mut play = played(&extra, 900);
    assert_eq!(play.found("net")[0].0, 500, "it was found");
    assert!(play.told("net").is_empty(), "and nobody was told");
    play.act("test", "chat").until(920);
    assert!(matches!(play.last_results()[0], EffectResult::ChannelTested { arrives: false }));
    play.act("repair", "chat").until(2_000);
    assert_eq!(play.told("net").len(), 1, "the next time that it is seen");
}

#[test]
fn a_response_can_stop_a_log_and_its_call_is_recorded() {
    let extra =
        stage("calls", "0s", CALLS) + &action("off", "none", r#"{ do = "turn-off", what = { log = "cloudtrail" } }"#);
    let mut play = played(&extra, 400);
    play.act("off", "").until(2_000);
    assert_eq!(arrived(&play, "StopLogging"), [410]);
    assert!(arrived(&play, "GetCallerIdentity").iter().all(|at| *at <= 410));
    play.act("off", "").until(2_020);
    assert!(matches!(play.last_results()[0], EffectResult::Impossible { because: Obstacle::StoppedSightAlready }));
}
