//! The scenarios that come with the program do what their texts promise, whatever the seed.

use std::collections::BTreeMap;

use firedrill_model::LogSource;
use firedrill_model::event::WorldEvent;

use super::Play;

fn column(play: &Play, signal: &str) -> usize {
    play.scenario.signals.iter().position(|other| other.id.as_str() == signal).expect("a signal")
}

fn values(play: &Play, signal: &str) -> Vec<(u64, f64)> {
    let column = column(play, signal);
    play.samples().map(|(at, sample)| (at, sample.values[column])).collect()
}

/// Seconds from the fault to the finding and to the notification.
fn told(play: &Play) -> (Option<f64>, Option<f64>) {
    let at = |wanted: fn(&WorldEvent) -> bool| {
        play.seen.iter().find(|seen| wanted(&seen.event)).map(|seen| seen.at.0 as f64 / 1e6)
    };
    let fault = at(|event| matches!(event, WorldEvent::FaultActive)).expect("the fault is active");
    let found = at(|event| matches!(event, WorldEvent::FindingCreated { .. }));
    let notified = at(|event| matches!(event, WorldEvent::Notified { .. }));
    (found.map(|at| at - fault), notified.map(|at| at - fault))
}

#[test]
fn the_steady_state_holds_for_any_seed() {
    for name in ["crypto-mining", "open-ssh-port"] {
        for seed in 0..15 {
            let mut play = Play::new(name, seed);
            play.until(400);
            for id in &play.scenario.steady_state.signals {
                let signal = play.scenario.signals.iter().find(|signal| signal.id == *id).expect("a signal");
                let limit = signal.limit.expect("a limit");
                let all = values(&play, id.as_str());
                assert!(all.iter().all(|(_, value)| signal.side.holds(*value, limit)), "{name} {id} {seed}");
            }
        }
    }
}

#[test]
fn mining_alone_is_found_and_told_in_time_and_not_felt() {
    for seed in 0..25 {
        let mut play = Play::new("crypto-mining", seed);
        play.until(300).fire().until(1_500);
        let (found, notified) = told(&play);
        let (found, notified) = (found.expect("found"), notified.expect("told"));
        assert!((420.0..=780.0).contains(&found), "{seed}: {found}");
        assert!(notified < 900.0 && notified > found, "{seed}: {notified}");
        let latency = values(&play, "latency");
        assert!(latency.iter().all(|(_, value)| *value < 45.0), "{seed}");
        let healthy: Vec<f64> = latency.iter().filter(|(at, _)| *at < 300).map(|(_, value)| *value).collect();
        assert!(healthy.iter().all(|value| (28.0..40.0).contains(value)), "{seed}: {healthy:?}");
    }
}

#[test]
fn taking_the_instance_away_at_once_costs_some_minutes_over_the_bound() {
    for (action, minutes) in [("terminate", 3.0..5.0), ("isolate", 4.5..7.0)] {
        for seed in 0..6 {
            let mut play = Play::new("crypto-mining", seed);
            play.until(300).fire().until(1_250).act(action, "i-0a1b2c3d4e5f60001").until(2_200);
            let outside = values(&play, "latency").iter().filter(|(_, value)| *value > 50.0).count();
            let outside = outside as f64 / 6.0;
            assert!(minutes.contains(&outside), "{action} {seed}: {outside}");
            let lost = play
                .seen
                .iter()
                .any(|seen| matches!(&seen.event, WorldEvent::Instance(event) if event.evidence_lost.len() == 2));
            assert!(lost, "{action} {seed}");
        }
    }
}

/// The ideal path of the scenario's debrief, with the waits that it needs.
#[test]
fn the_ideal_path_keeps_latency_and_evidence() {
    for seed in 0..6 {
        let mut play = Play::new("crypto-mining", seed);
        let mined = "i-0a1b2c3d4e5f60001";
        play.until(300).fire().until(1_250).act("look-dns", "").until(1_350).act("scale-out", "asg-personalization");
        play.until(1_370).act("escalate", "").until(1_440).act("snapshot-volume", mined);
        play.until(1_590).act("capture-memory", mined).until(1_880);
        play.act("contain-runbook", mined).until(1_990).act("deny-outside", "personalization-role");
        play.until(2_060).act("terminate", mined).until(2_400).act("confirm-steady", "").until(2_450);
        assert!(values(&play, "latency").iter().all(|(_, value)| *value <= 50.0), "{seed}");
        let whole = play.seen.iter().map(|seen| serde_json::to_string(&seen.event).expect("json")).collect::<String>();
        assert!(!whole.contains("evidence_lost"), "{seed}");
        assert!(whole.contains(r#""state":"eradicated""#), "{seed}");
        assert!(whole.contains(r#"{"steady":{"yes":true}}"#), "{seed}");
        assert!(!whole.contains("impossible"), "{seed}");
    }
}

#[test]
fn the_open_port_is_found_in_about_two_minutes_and_nobody_is_told() {
    for seed in 0..25 {
        let mut play = Play::new("open-ssh-port", seed);
        play.until(300).fire().until(2_400);
        let (found, notified) = told(&play);
        assert!((90.0..=150.0).contains(&found.expect("found")), "{seed}");
        assert_eq!(notified, None);
        assert!(values(&play, "latency").iter().all(|(_, value)| *value <= 5.0));

        let mut repaired = Play::new("open-ssh-port", seed);
        repaired.act("repair-channel", "slack").until(300).fire().until(900);
        assert!(told(&repaired).1.expect("told") < 300.0);
    }
}

#[test]
fn records_are_mostly_benign_bounded_and_in_their_formats() {
    for name in ["crypto-mining", "open-ssh-port"] {
        let mut play = Play::new(name, 3);
        play.until(300).fire().until(3_900);
        let mut counts: BTreeMap<LogSource, usize> = BTreeMap::new();
        for seen in &play.seen {
            let WorldEvent::Logged { record } = &seen.event else { continue };
            *counts.entry(record.source).or_default() += 1;
            let raw = record.raw().as_str();
            match record.source {
                LogSource::VpcFlow => {
                    let fields: Vec<&str> = raw.split(' ').collect();
                    assert_eq!(fields.len(), 14, "{raw}");
                    assert_eq!((fields[0], fields[7], fields[13]), ("2", "6", "OK"));
                    let number = |at: usize| fields[at].parse::<i64>().expect("a number");
                    assert!(number(11) > number(10) && number(8) > 0 && number(9) >= 40 * number(8), "{raw}");
                }
                LogSource::Cloudtrail | LogSource::CloudtrailData => {
                    let json: serde_json::Value = serde_json::from_str(raw).expect("JSON");
                    for field in [
                        "eventVersion",
                        "userIdentity",
                        "eventTime",
                        "eventSource",
                        "eventName",
                        "awsRegion",
                        "sourceIPAddress",
                        "requestID",
                        "eventID",
                        "readOnly",
                        "recipientAccountId",
                        "eventCategory",
                    ] {
                        assert!(!json[field].is_null(), "{field} in {raw}");
                    }
                }
                LogSource::ResolverQuery => {
                    let json: serde_json::Value = serde_json::from_str(raw).expect("JSON");
                    assert!(json["query_name"].as_str().expect("a name").ends_with('.'));
                    assert!(json["srcids"]["instance"].as_str().expect("an instance").starts_with("i-"));
                }
                LogSource::ConfigCompliance => {
                    let json: serde_json::Value = serde_json::from_str(raw).expect("JSON");
                    let rule = json["configRuleName"].as_str().expect("a rule");
                    assert!(["restricted-ssh", "vpc-sg-open-only-to-authorized-ports"].contains(&rule), "{raw}");
                    assert_eq!(json["newEvaluationResult"]["complianceType"], "NON_COMPLIANT");
                }
            }
        }
        let all: usize = counts.values().sum();
        assert!((2_000..6_000).contains(&all), "{name}: {counts:?}");
    }
}

#[test]
fn the_change_of_the_rule_is_in_cloudtrail() {
    let mut play = Play::new("open-ssh-port", 3);
    play.until(300).fire().until(1_000);
    let change = play.seen.iter().find_map(|seen| match &seen.event {
        WorldEvent::Logged { record } if record.raw().as_str().contains("AuthorizeSecurityGroupIngress") => {
            Some(record)
        }
        _ => None,
    });
    let change: serde_json::Value = serde_json::from_str(change.expect("it is logged").raw().as_str()).expect("JSON");
    let (asked, made) = (&change["requestParameters"], &change["responseElements"]["securityGroupRuleSet"]["items"][0]);
    assert_eq!(asked["groupId"], "sg-0a1b2c3d4e5f60041");
    assert_eq!((&asked["fromPort"], &asked["cidrIp"]), (&22.into(), &"0.0.0.0/0".into()));
    assert_eq!((&made["cidrIpv4"], &made["isEgress"]), (&"0.0.0.0/0".into(), &false.into()));
    assert_eq!(change["userIdentity"]["type"], "AssumedRole");
}

#[test]
fn findings_have_the_fields_of_their_detector() {
    let mut play = Play::new("crypto-mining", 3);
    play.until(300).fire().until(3_900);
    let findings: Vec<_> = play
        .seen
        .iter()
        .filter_map(|seen| if let WorldEvent::FindingCreated { finding } = &seen.event { Some(finding) } else { None })
        .filter(|finding| finding.detector.as_str() == "guardduty")
        .collect();
    let json: serde_json::Value = serde_json::from_str(findings[0].document.as_str()).expect("JSON");
    assert_eq!(json["detail-type"], "GuardDuty Finding");
    let detail = &json["detail"];
    assert_eq!(detail["type"], "CryptoCurrency:EC2/BitcoinTool.B!DNS");
    assert_eq!(detail["resource"]["instanceDetails"]["instanceId"], "i-0a1b2c3d4e5f60001");
    assert_eq!(detail["service"]["action"]["dnsRequestAction"]["domain"], "crypto.guarddutyc2activityb.com");
    assert_eq!(detail["service"]["resourceRole"], "ACTOR");
    assert_eq!(detail["service"]["count"], findings[0].count);
    assert!(findings.len() > 2, "the miner goes on and is seen again");
    assert!(findings.windows(2).all(|pair| pair[0].id == pair[1].id && pair[0].count < pair[1].count));
    let notified = |play: &Play| {
        let of_the_miner = |event: &WorldEvent| matches!(event, WorldEvent::Notified { finding, .. } if finding.detector.as_str() == "guardduty");
        play.seen.iter().filter(|seen| of_the_miner(&seen.event)).count()
    };
    assert_eq!(notified(&play), 1, "a repeat is told after six hours only");
    play.until(300 + 8 * 3_600);
    assert_eq!(notified(&play), 2);
}
