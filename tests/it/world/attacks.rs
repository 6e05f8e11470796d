//! What the scenarios about several instances, names and files are there to teach happens because of a response, and not
//! without it.

use firedrill_core::projection::wording::obstacle;
use firedrill_model::LogSource;
use firedrill_model::event::{ActionState, AdversaryState, EffectResult, WorldEvent};

use super::Play;

const SEEDS: std::ops::Range<u64> = 0..4;

/// A scenario some minutes after its fault.
fn attacked(name: &str, seed: u64, minutes: u64) -> Play {
    let mut play = Play::new(name, seed);
    play.until(300).fire().until(320 + 60 * minutes);
    play
}

/// Whether a stage ever began, and whether it goes on.
fn stage(play: &Play, wanted: &str) -> (bool, bool) {
    let turns = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Stage { stage, active, .. } if stage.as_str() == wanted => Some(*active),
        _ => None,
    });
    turns.fold((false, false), |_, active| (true, active))
}

fn began(play: &Play, wanted: &str) -> bool {
    stage(play, wanted).0
}

fn goes_on(play: &Play, wanted: &str) -> bool {
    stage(play, wanted).1
}

fn harms(play: &Play) -> usize {
    play.seen.iter().filter(|seen| matches!(seen.event, WorldEvent::Harm(_))).count()
}

fn adversary(play: &Play) -> Option<AdversaryState> {
    play.seen.iter().rev().find_map(|seen| match &seen.event {
        WorldEvent::Adversary { state } => Some(*state),
        _ => None,
    })
}

fn found(play: &Play, by: &str) -> Vec<String> {
    let findings = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::FindingCreated { finding } if finding.detector.as_str() == by => Some(finding.resource.to_string()),
        _ => None,
    });
    findings.collect()
}

fn told(play: &Play, by: &str) -> bool {
    let of =
        |event: &WorldEvent| matches!(event, WorldEvent::Notified { finding, .. } if finding.detector.as_str() == by);
    play.seen.iter().any(|seen| of(&seen.event))
}

fn worst(play: &Play, signal: &str) -> f64 {
    let at = play.scenario.signals.iter().position(|other| other.id.as_str() == signal).expect("a signal");
    play.samples().map(|(_, sample)| sample.values[at]).fold(0.0, f64::max)
}

fn refusals(play: &Play) -> Vec<String> {
    let results = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Action(event) => match &event.state {
            ActionState::Done { results } => Some(results),
            ActionState::Started { .. } | ActionState::Unknown { .. } => None,
        },
        _ => None,
    });
    let reasons = results.flatten().filter_map(|result| match result {
        EffectResult::Impossible { because } => Some(obstacle(because).to_string()),
        _ => None,
    });
    reasons.collect()
}

const CATALOG: &str = "i-0ca7a1096b2c30001";
const CHECKOUT: &str = "i-0cec0075d4e5f0001";

#[test]
fn one_of_several_instances_taken_away_warns_who_holds_the_others() {
    for seed in SEEDS {
        let mut play = attacked("lateral-movement", seed, 8);
        play.act("contain-runbook", CATALOG).wait(120);
        assert!(!goes_on(&play, "foothold") && goes_on(&play, "hop"), "{seed}");
        play.wait(600);
        assert!(goes_on(&play, "in-a-hurry"), "{seed}: the other account is reached at once");
        assert!(goes_on(&play, "moves-on"), "{seed}: another instance is taken");
        assert_eq!(harms(&play), 1, "{seed}");
    }
}

#[test]
fn all_at_once_with_trust_and_sessions_leaves_nothing_to_move_on_with() {
    for seed in SEEDS {
        let mut play = attacked("lateral-movement", seed, 8);
        play.act("scale-out", "asg-checkout").act("change-trust", "reporting-reader").wait(290);
        play.act("contain-runbook", CATALOG).act("contain-runbook", CHECKOUT).wait(115);
        play.act("rotate-credentials", "shop-hosts").wait(1_800);
        for next in ["in-a-hurry", "moves-on", "moves-over", "other-account"] {
            assert!(!began(&play, next), "{seed}: {next}");
        }
        assert_eq!((harms(&play), adversary(&play)), (0, Some(AdversaryState::Eradicated)), "{seed}");
        assert!(worst(&play, "latency") <= 120.0, "{seed}: {}", worst(&play, "latency"));
    }
}

#[test]
fn trust_keeps_newcomers_out_and_live_sessions_in() {
    for seed in SEEDS {
        let mut early = attacked("lateral-movement", seed, 10);
        early.act("change-trust", "reporting-reader").wait(1_500);
        assert!(!began(&early, "other-account"), "{seed}");
        let mut late = attacked("lateral-movement", seed, 23);
        late.act("change-trust", "reporting-reader").wait(600);
        assert!(goes_on(&late, "other-account"), "{seed}");
        late.act("rotate-credentials", "reporting-reader").wait(60);
        assert!(!goes_on(&late, "other-account"), "{seed}");
    }
}

#[test]
fn what_the_other_account_finds_pages_nobody() {
    let mut play = attacked("lateral-movement", 1, 40);
    assert_eq!(found(&play, "guardduty-account").first().map(String::as_str), Some("reporting-reader"));
    assert!(told(&play, "guardduty") && !told(&play, "guardduty-account"));
    play.act("look-other-findings", "").wait(60);
    let shown = play.seen.iter().any(|seen| {
        let json = serde_json::to_string(&seen.event).expect("json");
        json.contains(r#""findings""#) && json.contains("guardduty-account")
    });
    assert!(shown, "whoever looks sees it");
}

const BOOKINGS: &str = "i-0b4d5e6f7a8b90001";

#[test]
fn a_blocked_name_is_not_a_clean_host() {
    for seed in SEEDS {
        let mut play = attacked("dns-exfiltration", seed, 9);
        play.act("block-name", "").wait(90);
        assert!(!goes_on(&play, "tunnel") && !began(&play, "tunnel-again"), "{seed}");
        play.wait(300);
        assert!(goes_on(&play, "tunnel-again"), "{seed}: it goes on under another name");
        play.act("allow-known", "").wait(400);
        assert!(!goes_on(&play, "tunnel-again"), "{seed}");
        play.wait(400);
        assert!(goes_on(&play, "upload"), "{seed}: it goes on another way");
        assert_eq!(harms(&play), 1, "{seed}");
    }
}

#[test]
fn an_isolated_host_still_has_a_resolver() {
    for seed in SEEDS {
        let mut play = attacked("dns-exfiltration", seed, 9);
        play.act("standby", BOOKINGS).wait(20);
        play.act("isolate", BOOKINGS).wait(900);
        assert!(goes_on(&play, "tunnel"), "{seed}: no security group filters queries to the network's resolver");
        play.act("allow-known", "").wait(400);
        assert!(!goes_on(&play, "tunnel"), "{seed}");
    }
}

#[test]
fn names_host_and_credentials_together_end_it() {
    for seed in SEEDS {
        let mut play = attacked("dns-exfiltration", seed, 9);
        play.act("scale-out", "asg-bookings").act("allow-known", "").wait(400);
        play.act("contain-runbook", BOOKINGS).wait(120);
        play.act("rotate-credentials", "bookings-role").wait(1_800);
        assert_eq!(adversary(&play), Some(AdversaryState::Eradicated), "{seed}");
        assert!(!began(&play, "upload") && !began(&play, "returns") && harms(&play) == 0, "{seed}");
        assert!(worst(&play, "latency") <= 60.0, "{seed}");
        let mut only_host = attacked("dns-exfiltration", seed, 9);
        only_host.act("remove-implant", BOOKINGS).wait(1_800);
        assert!(goes_on(&only_host, "returns"), "{seed}: what was read there outlives the host");
    }
}

#[test]
fn the_slow_detector_is_late_or_absent_and_the_mail_gateway_is_harmless() {
    let late: Vec<usize> =
        (0..12).map(|seed| found(&attacked("dns-exfiltration", seed, 60), "guardduty-data").len()).collect();
    assert!(late.contains(&0) && late.iter().any(|times| *times > 0), "{late:?}");
    let mut play = attacked("dns-exfiltration", 2, 14);
    assert!(told(&play, "guardduty") && !told(&play, "guardduty-data"));
    play.act("allow-known", "").act("contain-runbook", BOOKINGS).act("rotate-credentials", "bookings-role").wait(600);
    assert!(goes_on(&play, "spam-lists"), "it goes on all the time");
    assert_eq!(adversary(&play), Some(AdversaryState::Eradicated), "and is not the adversary's");
}

const FIRST: &str = "i-0d7e8f9a0b1c20001";
const SECOND: &str = "i-0d7e8f9a0b1c20002";

#[test]
fn no_finding_is_not_the_same_as_nothing_found() {
    for seed in SEEDS {
        let mut play = attacked("malware-on-instance", seed, 20);
        assert!(found(&play, "scan").iter().all(|resource| resource == FIRST), "{seed}");
        assert!(found(&play, "scan-on-demand").is_empty(), "{seed}: nobody has asked");
        play.act("scan-instance", SECOND).wait(420);
        assert_eq!(found(&play, "scan-on-demand"), [SECOND], "{seed}");
        assert_eq!(refusals(&play), [""; 0], "{seed}");
        play.act("scan-instance", FIRST).wait(1).act("scan-instance", SECOND).wait(1);
        let hour = "this instance was scanned less than an hour ago";
        assert_eq!(refusals(&play), [hour, hour], "{seed}: by itself or because somebody asked");
    }
}

#[test]
fn the_known_one_taken_away_wakes_the_unknown() {
    for seed in SEEDS {
        let mut play = attacked("malware-on-instance", seed, 7);
        play.act("remove-implant", FIRST).wait(250);
        assert!(!goes_on(&play, "calls-home") && !began(&play, "wakes"), "{seed}");
        play.wait(240);
        assert!(goes_on(&play, "wakes"), "{seed}");
        play.wait(900);
        assert!(goes_on(&play, "packs-again") && harms(&play) == 1, "{seed}");
        let mut both = attacked("malware-on-instance", seed, 7);
        both.act("remove-implant", FIRST).act("remove-implant", SECOND).wait(1_800);
        assert_eq!((harms(&both), adversary(&both)), (0, Some(AdversaryState::Eradicated)), "{seed}");
    }
}

#[test]
fn one_in_a_thousand_stands_with_more_instances_and_falls_without() {
    for seed in SEEDS {
        let mut ready = attacked("malware-on-instance", seed, 7);
        ready.act("scale-out", "asg-documents").wait(20);
        ready.act("scale-out", "asg-documents").wait(280);
        ready.act("contain-runbook", FIRST).act("contain-runbook", SECOND).wait(180);
        ready.act("rotate-credentials", "documents-role").wait(600);
        assert!(worst(&ready, "errors") <= 0.1, "{seed}: {}", worst(&ready, "errors"));
        let mut hasty = attacked("malware-on-instance", seed, 7);
        hasty.act("terminate", FIRST).wait(300);
        assert!(worst(&hasty, "errors") > 1.0, "{seed}");
    }
}

#[test]
fn stolen_credentials_ask_for_more_until_their_sessions_end() {
    let launches = |play: &Play| {
        let of = |event: &WorldEvent| match event {
            WorldEvent::Logged { record } => {
                record.source == LogSource::Cloudtrail && record.raw().as_str().contains("g5.12xlarge")
            }
            _ => false,
        };
        play.seen.iter().filter(|seen| of(&seen.event)).count()
    };
    for seed in SEEDS {
        let mut play = attacked("crypto-mining", seed, 12);
        play.act("terminate", "i-0a1b2c3d4e5f60001").wait(1_500);
        assert!(goes_on(&play, "many-instances") && launches(&play) > 2, "{seed}");
        let mut ended = attacked("crypto-mining", seed, 12);
        ended.act("terminate", "i-0a1b2c3d4e5f60001").wait(60);
        ended.act("rotate-credentials", "personalization-role").wait(1_500);
        assert!(!goes_on(&ended, "asks-for-quota") && !began(&ended, "many-instances"), "{seed}");
    }
}

#[test]
fn an_automation_that_works_closes_the_port_before_anybody_does() {
    for seed in SEEDS {
        let broken = attacked("open-ssh-port", seed, 10);
        assert!(goes_on(&broken, "open"), "{seed}: it fails, and says nothing");
        let mut repaired = Play::new("open-ssh-port", seed);
        repaired.act("repair-automation", "remove-ssh-rule").until(300).fire().until(600);
        assert!(!goes_on(&repaired, "open"), "{seed}");
        assert_eq!(refusals(&repaired), [""; 0]);
        repaired.act("close-port", "sg-0a1b2c3d4e5f60041").wait(60);
        assert_eq!(refusals(&repaired).len(), 1, "{seed}: nothing is left to close");
    }
}
