//! Formats, detectors, alarms, and how findings are counted and told.

use firedrill_model::event::{EffectResult, Obstacle};
use serde_json::Value;

use super::{MINED, OTHER, Play, action, detector, document, more, played, stage};

const BRUTE: &str =
    r#"{ source = "vpc-flow", every = "5s", count = 4, port = 3389, rejected = true, addresses = ["203.0.113.66"] }"#;
const SCAN_OUT: &str =
    r#"{ source = "vpc-flow", every = "5s", port = 22, outbound = true, addresses = ["10.0.2.21"] }"#;

#[test]
fn a_connection_is_shown_as_in_the_log() {
    let extra = stage("brute", "0s", BRUTE) + &detector("rdp", "guardduty-network", r#""brute""#, "");
    let play = played(&extra, 600);
    let (at, finding) = play.found("rdp")[0];
    assert_eq!(at, 380, "a minute after the stage");
    let document = document(finding);
    let service = &document["detail"]["service"];
    let action = &service["action"]["networkConnectionAction"];
    assert_eq!(service["action"]["actionType"], "NETWORK_CONNECTION");
    assert_eq!(service["resourceRole"], "TARGET", "so by default");
    assert_eq!((&action["connectionDirection"], &action["blocked"]), (&"INBOUND".into(), &true.into()));
    assert_eq!(action["localPortDetails"], serde_json::json!({ "port": 3389, "portName": "RDP" }));
    assert_eq!(action["remoteIpDetails"]["ipAddressV4"], "203.0.113.66");
    assert_eq!(document["detail"]["resource"]["instanceDetails"]["instanceId"], MINED);
    assert_eq!(finding.count, 4 * 12, "bursts of four every five seconds, from 320 s to 375 s");
    let port = action["remotePortDetails"]["port"].to_string();
    let mut later = played(&extra, 1_500);
    later.until(1_500);
    let flows = later.raw(firedrill_model::LogSource::VpcFlow);
    let same = flows.iter().filter(|flow| flow.contains(&format!("203.0.113.66 10.0.1.21 {port} 3389 6 ")));
    assert!(same.count() >= 1, "the port is that of a record");
}

#[test]
fn who_does_it_can_be_ours() {
    let extra = stage("scan", "0s", SCAN_OUT) + &detector("scan", "guardduty-network", r#""scan""#, "role = \"actor\"");
    let play = played(&extra, 600);
    let document = document(play.found("scan")[0].1);
    let service = &document["detail"]["service"];
    assert_eq!(service["resourceRole"], "ACTOR");
    let action = &service["action"]["networkConnectionAction"];
    assert_eq!(action["connectionDirection"], "OUTBOUND");
    assert_eq!(action["remotePortDetails"]["portName"], "SSH");
    assert_eq!(service["additionalInfo"]["portsScannedSample"], serde_json::json!([22]), "of a port scan");
}

#[test]
fn a_probe_is_no_connection() {
    let probe = detector("probe", "guardduty-network", r#""brute""#, "");
    let extra =
        stage("brute", "0s", BRUTE) + &probe.replace("Recon:EC2/Portscan", "Recon:EC2/PortProbeUnprotectedPort");
    let play = played(&extra, 600);
    let action = document(play.found("probe")[0].1)["detail"]["service"]["action"].clone();
    assert_eq!(action["actionType"], "PORT_PROBE");
    assert_eq!(action["portProbeAction"]["portProbeDetails"][0]["localPortDetails"]["port"], 3389);
    assert!(action["networkConnectionAction"].is_null());
}

#[test]
fn a_call_is_shown_with_its_key() {
    let extra = detector("api", "guardduty-api", r#""stealing-credentials""#, "");
    let play = played(&extra, 1_500);
    let document = document(play.found("api")[0].1);
    let resource = &document["detail"]["resource"];
    assert_eq!(resource["resourceType"], "AccessKey");
    assert_eq!(resource["accessKeyDetails"]["userType"], "AssumedRole");
    assert_eq!(resource["accessKeyDetails"]["userName"], "personalization-role");
    let call = &document["detail"]["service"]["action"]["awsApiCallAction"];
    assert_eq!(call["remoteIpDetails"]["ipAddressV4"], "203.0.113.9");
    let key = &resource["accessKeyDetails"]["accessKeyId"];
    let logged = play.json(firedrill_model::LogSource::Cloudtrail, "203.0.113.9");
    assert!(!logged.is_empty() && logged.iter().all(|record| record["userIdentity"]["accessKeyId"] == *key));
}

const THREATS: &str = r#"threats = [{ name = "Trojan.Linux.Miner", path = "/tmp/.x/kworker", sha256 = "aa" }]"#;

#[test]
fn a_finding_sets_off_a_scan_and_another_resource_does_not() {
    let extra = stage("malware", "0s", "")
        + &detector(
            "scan",
            "guardduty-malware",
            r#""malware""#,
            &format!("after-finding-of = [\"guardduty\"]\n{THREATS}"),
        );
    let play = played(&extra, 3_900);
    let first = play.found("guardduty")[0];
    let scans = play.found("scan");
    assert_eq!(scans.len(), 1, "once a day for each instance, however often the miner is seen again");
    assert_eq!(scans[0].0, first.0 + 60, "the time counts from that finding");
    let document = document(scans[0].1);
    let detail = &document["detail"]["service"]["ebsVolumeScanDetails"];
    assert_eq!(detail["scanType"], "GUARDDUTY_INITIATED");
    let id: Value = serde_json::from_str(first.1.document.as_str()).unwrap();
    assert_eq!(detail["triggerFindingId"], id["detail"]["id"], "by GuardDuty's own id");
    assert_eq!(
        detail["scanDetections"]["threatDetectedByName"]["threatNames"][0]["filePaths"][0]["fileName"],
        "kworker"
    );
    assert_eq!(document["detail"]["service"]["featureName"], "EbsVolumeScan");
    let volume = &document["detail"]["resource"]["ebsVolumeDetails"]["scannedVolumeDetails"][0]["volumeArn"];
    assert!(volume.as_str().unwrap().contains(":volume/vol-0"));
    let elsewhere = extra.replace(MINED, OTHER);
    assert_eq!(played(&elsewhere, 3_900).found("scan").len(), 0, "nothing was found at the other instance");
}

#[test]
fn a_scan_is_asked_for_and_not_twice_in_an_hour() {
    let extra = stage("malware", "0s", "")
        + &detector("scan", "guardduty-malware", r#""malware""#, &format!("on-demand = true\n{THREATS}"))
        + &action("scan-it", "instance", r#"{ do = "scan", detector = "scan" }"#);
    assert!(played(&extra, 3_900).found("scan").is_empty(), "nobody asked");
    let mut play = played(&extra, 400);
    play.act("scan-it", MINED).until(420);
    assert!(matches!(play.last_results()[0], EffectResult::ScanBegun { .. }));
    play.until(1_000);
    let found = play.found("scan");
    assert_eq!((found.len(), found[0].0), (1, 470), "asked at 400 s, begun at 410 s, found a minute later");
    let document = document(found[0].1);
    let detail = &document["detail"]["service"]["ebsVolumeScanDetails"];
    assert_eq!((&detail["scanType"], &detail["triggerFindingId"]), (&"ON_DEMAND".into(), &Value::Null));
    play.act("scan-it", MINED).until(1_020);
    assert!(matches!(&play.last_results()[0], EffectResult::Impossible { because: Obstacle::ScannedLately }));
    play.act("scan-it", OTHER).until(1_200);
    assert!(matches!(play.last_results()[0], EffectResult::ScanBegun { .. }), "another instance has its own hour");
    assert_eq!(play.found("scan").len(), 1, "there was nothing on it");
    play.until(4_100).act("scan-it", MINED).until(4_300);
    assert_eq!(play.found("scan").len(), 2, "each scan makes a finding of its own");
    assert_ne!(play.found("scan")[0].1.id, play.found("scan")[1].1.id);
}

#[test]
fn a_detector_is_blind_while_its_log_is_off() {
    let off = "\n[[log]]\nsource = \"cloudtrail-data\"\noff = \"too dear\"\ndelay = { typical = \"60s\", basis = \"assumed\", source = \"test\" }\n";
    let reads = r#"{ source = "cloudtrail-data", every = "10s", call = "s3:GetObject", user = "backup", addresses = ["203.0.113.5"], request = '{"bucketName":"b","key":"k"}' }"#;
    let extra = stage("reads", "0s", reads)
        + &detector("s3", "guardduty-api", r#""reads""#, "needs-log = \"cloudtrail-data\"")
        + &action("turn-on", "none", r#"{ do = "turn-on-log", log = "cloudtrail-data" }"#)
        + off;
    let blind = played(&extra, 2_000);
    assert!(blind.found("s3").is_empty());
    assert!(blind.raw(firedrill_model::LogSource::CloudtrailData).is_empty(), "nothing is recorded");
    let mut play = played(&extra, 400);
    play.act("turn-on", "").until(2_000);
    let found = play.found("s3");
    assert_eq!(found[0].0, 470, "on at 410 s, found a minute later");
    assert_eq!(found[0].1.count, 5, "what was not recorded is not counted");
    assert!(!play.raw(firedrill_model::LogSource::CloudtrailData).is_empty());
    play.act("turn-on", "").until(2_020);
    assert!(matches!(play.last_results()[0], EffectResult::Impossible { .. }), "it is on already");
    let sees_anyway = extra.replace("needs-log = \"cloudtrail-data\"", "");
    assert_eq!(played(&sees_anyway, 2_000).found("s3")[0].0, 380, "a detector with an eye of its own");
}

#[test]
fn repeats_are_counted_every_quarter_of_an_hour_and_told_as_the_account_wants() {
    let channel = "\n[[channel]]\nid = \"pager\"\ntitle = \"Pager\"\ncarries = [\"rdp\"]\nlatency = { typical = \"1s\", basis = \"assumed\", source = \"test\" }\n";
    let brute = stage("brute", "0s", BRUTE);
    let with = |repeats: &str| {
        played(&(brute.clone() + &detector("rdp", "guardduty-network", r#""brute""#, repeats) + channel), 8_000)
    };
    let hourly = with("repeats = \"1h\"");
    let found = hourly.found("rdp");
    assert!(found.windows(2).all(|pair| pair[1].0 - pair[0].0 == 900 && pair[0].1.count < pair[1].1.count));
    assert!(found.iter().all(|(_, finding)| finding.id == found[0].1.id), "one finding");
    assert_eq!(hourly.told("rdp"), [381, 381 + 3_600, 381 + 7_200]);
    assert_eq!(with("repeats = \"15m\"").told("rdp").len(), 9);
    assert_eq!(with("").told("rdp"), [381], "six hours by default");
}

#[test]
fn a_channel_carries_what_is_severe_enough() {
    let channel = |least: &str| {
        format!(
            "\n[[channel]]\nid = \"pager\"\ntitle = \"Pager\"\ncarries = [\"rdp\"]\n{least}\nlatency = {{ typical = \"1s\", basis = \"assumed\", source = \"test\" }}\n"
        )
    };
    let brute = stage("brute", "0s", BRUTE) + &detector("rdp", "guardduty-network", r#""brute""#, "");
    assert_eq!(played(&(brute.clone() + &channel("at-least = 5.0")), 900).told("rdp").len(), 1);
    assert_eq!(played(&(brute + &channel("at-least = 7.0")), 900).told("rdp").len(), 0);
}

/// An alarm on the latency of Personalization, and a page for it.
fn alarm() -> String {
    detector("alarm", "alarm", "", "watches = { signal = \"latency\", for = \"1m\" }")
        + "\n[[channel]]\nid = \"pager\"\ntitle = \"Pager\"\ncarries = [\"alarm\"]\nlatency = { typical = \"1s\", basis = \"assumed\", source = \"test\" }\n"
}

#[test]
fn an_alarm_that_the_team_caused_is_a_page() {
    assert!(played(&alarm(), 1_500).found("alarm").is_empty(), "the miner alone moves nothing");
    let mut play = Play::of(more(&alarm()), 3);
    play.until(300).fire().until(400).act("terminate", OTHER).until(1_500);
    let out = play.samples().find(|(_, sample)| sample.values[0] > 50.0).expect("latency is out of its limit").0;
    let found = play.found("alarm");
    assert_eq!(found[0].0, out + 60 + 60, "a minute out of its limit, and the minute that the alarm takes");
    assert_eq!(play.told("alarm")[0], out + 60 + 60 + 1);
    let document = document(found[0].1);
    assert_eq!(document["detail-type"], "CloudWatch Alarm State Change");
    assert_eq!(document["detail"]["state"]["value"], "ALARM");
    assert_eq!(document["detail"]["previousState"]["value"], "OK");
    assert_eq!(found[0].1.resource.as_str(), "asg-personalization");
}

#[test]
fn an_alarm_ends_and_goes_off_anew() {
    let mut play = Play::of(more(&alarm()), 3);
    play.until(300).fire().until(400).act("terminate", OTHER).until(1_200);
    let ids =
        |play: &Play| -> Vec<String> { play.found("alarm").iter().map(|(_, found)| found.id.to_string()).collect() };
    let first = ids(&play);
    assert_eq!(first.len(), 2, "it went off, and the end stands in the same finding: {first:?}");
    assert_eq!(first[0], first[1]);
    let ended = document(play.found("alarm")[1].1);
    assert_eq!(ended["detail"]["state"]["value"], "OK");
    assert_eq!(play.told("alarm").len(), 1, "the end pages nobody");
    let serving = play.samples().last().map(|(_, sample)| sample.values[4]);
    assert_eq!(serving, Some(2.0), "the replacement serves");
    play.act("terminate", MINED).until(2_400);
    assert_eq!(play.told("alarm").len(), 2, "the next time is another page");
    assert_ne!(ids(&play)[2], first[0]);
}

/// A stage on a resource, and the resource.
fn on_resource(id: &str, kind: &str, more: &str, leaves: &str, stage: &str) -> String {
    format!(
        "\n[[resource]]\nid = \"{id}\"\nkind = \"{kind}\"\ntitle = \"{id}\"\n{more}\n\n[[stage]]\nid = \"there\"\ntitle = \"Something goes on\"\nbegins = {{ after-fault = \"0s\" }}\non = {{ resource = \"{id}\" }}\nneeds = []\nleaves = [{leaves}]\n{stage}\n"
    )
}

#[test]
fn a_finding_about_a_bucket_shows_whether_the_world_is_let_in() {
    let call = r#"{ source = "cloudtrail", call = "s3:PutBucketPublicAccessBlock", user = "deploy", addresses = ["203.0.113.5"], request = '{"bucketName":"{resource}"}' }"#;
    let api = detector("s3", "guardduty-api", r#""there""#, "");
    let shown = |more: &str| {
        let play = played(&(on_resource("customers", "bucket", more, call, "") + &api), 600);
        document(play.found("s3")[0].1)["detail"]["resource"].clone()
    };
    let private = shown("");
    assert_eq!(private["resourceType"], "S3Bucket");
    assert_eq!(private["s3BucketDetails"][0]["name"], "customers");
    assert_eq!(private["s3BucketDetails"][0]["publicAccess"]["effectivePermission"], "NOT_PUBLIC");
    assert_eq!(private["accessKeyDetails"]["userName"], "deploy");
    assert_eq!(shown("public = true")["s3BucketDetails"][0]["publicAccess"]["effectivePermission"], "PUBLIC");
}

#[test]
fn a_key_found_in_public_is_told_by_aws_health() {
    let user = "\n[[resource]]\nid = \"deploy\"\nkind = \"user\"\ntitle = \"Deploy\"\n";
    let key = on_resource("AKIAIOSFODNN7EXAMPLE", "access-key", "owner = \"deploy\"", "", "");
    let play = played(&(user.to_owned() + &key + &detector("health", "health", r#""there""#, "")), 4_000);
    let found = play.found("health");
    assert_eq!(found.len(), 1, "said once");
    let document = document(found[0].1);
    assert_eq!((&document["source"], &document["detail-type"]), (&"aws.health".into(), &"AWS Health Event".into()));
    assert_eq!(document["detail"]["eventTypeCode"], "AWS_RISK_CREDENTIALS_EXPOSED");
    assert_eq!(document["detail"]["eventMetadata"]["userName"], "deploy");
    assert_eq!(document["resources"], serde_json::json!(["AKIAIOSFODNN7EXAMPLE"]));
}

#[test]
fn what_is_harmless_is_found_too() {
    let flow = r#"{ source = "vpc-flow", every = "5s", port = 22, outbound = true, addresses = ["10.0.2.21"] }"#;
    let scanner = stage("scanner", "0s", flow) + "benign = \"The team's own scanner\"\n";
    let found = |sees: &str| {
        let play = played(&(scanner.clone() + &detector("scan", "guardduty-network", sees, "")), 900);
        play.found("scan").len()
    };
    assert_eq!(found(r#""scanner""#), 1);
    assert_eq!(found(r#""mining-elsewhere""#), 0, "a detector sees what it is said to see");
}

#[test]
fn a_rule_that_is_broken_again_is_found_again() {
    let rule = |id: &str, after: &str| {
        format!(
            "\n[[stage]]\nid = \"{id}\"\ntitle = \"Open\"\nbegins = {{ after-fault = \"{after}\" }}\non = {{ instance = \"{OTHER}\" }}\nneeds = []\nlasts = \"5m\"\n"
        )
    };
    let config = detector("rule", "config", r#""first", "second""#, "");
    let both = played(&(rule("first", "0s") + &rule("second", "20m") + &config), 2_400);
    let found = both.found("rule");
    assert_eq!(found.len(), 2);
    assert_ne!(found[0].1.id, found[1].1.id, "it complied in between");
    let log = both.json(firedrill_model::LogSource::ConfigCompliance, OTHER);
    let words: Vec<_> =
        log.iter().map(|record| record["newEvaluationResult"]["complianceType"].as_str().unwrap()).collect();
    assert_eq!(words, ["NON_COMPLIANT", "COMPLIANT", "NON_COMPLIANT", "COMPLIANT"]);
    let together = played(&(rule("first", "0s") + &rule("second", "2m") + &config), 2_400);
    assert_eq!(together.found("rule").len(), 1, "it went on all the time");
}
