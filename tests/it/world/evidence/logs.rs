//! What stands in records, and what the team's own calls leave.

use firedrill_model::LogSource;
use firedrill_model::event::WorldEvent;

use super::{MINED, OTHER, Play, action, more, played, stage};

#[test]
fn a_burst_is_so_many_records_at_each_moment() {
    let leaf = r#"{ source = "resolver-query", every = "60s", count = 7, domains = ["x.example"], query-type = "TXT", rcode = "NXDOMAIN", label-length = 48 }"#;
    let play = played(&stage("exfiltration", "0s", leaf), 1_000);
    let records = play.json(LogSource::ResolverQuery, "x.example");
    let first = records[0]["query_timestamp"].clone();
    let burst: Vec<_> = records.iter().filter(|record| record["query_timestamp"] == first).collect();
    assert!(!burst.is_empty() && burst.len() <= 7);
    assert!(records.len() >= 21, "three minutes of bursts have arrived by then: {}", records.len());
    let mut labels = Vec::new();
    for record in &records {
        assert_eq!((&record["query_type"], &record["rcode"]), (&"TXT".into(), &"NXDOMAIN".into()));
        assert_eq!(record["answers"].as_array().unwrap().len(), 0, "a name that isn't there has no answer");
        let name = record["query_name"].as_str().unwrap();
        let label = name.strip_suffix(".x.example.").expect("the label stands before the name");
        assert_eq!(label.len(), 48);
        labels.push(label.to_owned());
    }
    labels.sort();
    labels.dedup();
    assert_eq!(labels.len(), records.len(), "each label is another one");
    let plain =
        played(&stage("asks", "0s", r#"{ source = "resolver-query", every = "60s", domains = ["x.example"] }"#), 1_000);
    let record = &plain.json(LogSource::ResolverQuery, "x.example")[0];
    assert_eq!((&record["query_name"], &record["rcode"]), (&"x.example.".into(), &"NOERROR".into()));
}

#[test]
fn a_record_is_written_when_somebody_looks_and_says_what_was_so_when_it_happened() {
    let play = played(&stage("asks", "0s", r#"{ source = "vpc-flow", every = "60s" }"#), 1_200);
    let ordinary = play.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Logged { record } if record.id.as_str().starts_with("background/") => Some(record),
        _ => None,
    });
    let ordinary: Vec<_> = ordinary.collect();
    assert!(ordinary.len() > 100, "{}", ordinary.len());
    assert!(ordinary.iter().all(|record| !record.is_written()), "nobody has looked");
    // A world that went on for longer has moved on since.
    let later = played(&stage("asks", "0s", r#"{ source = "vpc-flow", every = "60s" }"#), 2_400);
    for (now, then) in ordinary.iter().zip(later.seen.iter().filter_map(|seen| match &seen.event {
        WorldEvent::Logged { record } if record.id.as_str().starts_with("background/") => Some(record),
        _ => None,
    })) {
        assert_eq!((&now.id, now.raw(), now.summary()), (&then.id, then.raw(), then.summary()));
        assert!(now.is_written());
    }
}

#[test]
fn a_flow_is_as_large_as_it_is_said() {
    let leaf = r#"{ source = "vpc-flow", every = "60s", port = 443, outbound = true, addresses = ["198.51.100.9"], bytes = 734003200, packets = 500000 }"#;
    let play = played(&stage("upload", "0s", leaf), 1_200);
    let flows = play.raw(LogSource::VpcFlow);
    let flow: Vec<&str> = flows.iter().find(|flow| flow.contains("198.51.100.9")).unwrap().split(' ').collect();
    assert_eq!((flow[8], flow[9]), ("500000", "734003200"));
}

/// Records of CloudTrail that hold the word, left by a stage with this emission.
fn calls(leaf: &str, word: &str) -> Vec<serde_json::Value> {
    let data = "\n[[log]]\nsource = \"cloudtrail-data\"\ndelay = { typical = \"60s\", basis = \"assumed\", source = \"test\" }\n";
    let play = played(&(stage("calls", "0s", leaf) + data), 1_200);
    let log = if leaf.contains("cloudtrail-data") { LogSource::CloudtrailData } else { LogSource::Cloudtrail };
    let found = play.json(log, word);
    assert!(!found.is_empty(), "{leaf}");
    found
}

#[test]
fn names_are_filled_in() {
    let leaf = r#"{ source = "cloudtrail", call = "ec2:GetPasswordData", user = "role/{instance}", agent = "curl from {address}", addresses = ["203.0.113.9"], request = '{"instanceId":"{instance}","of":["{resource}"]}', answer = '{"from":"{address}"}' }"#;
    let record = &calls(leaf, "GetPasswordData")[0];
    assert_eq!(record["requestParameters"], serde_json::json!({ "instanceId": MINED, "of": [MINED] }));
    assert_eq!(record["responseElements"], serde_json::json!({ "from": "203.0.113.9" }));
    assert_eq!(record["userAgent"], "curl from 203.0.113.9");
    assert!(record["userIdentity"]["arn"].as_str().unwrap().ends_with(&format!("assumed-role/role/{MINED}")));
    assert!(record["errorCode"].is_null());
}

#[test]
fn a_refused_call_says_why() {
    let leaf = r#"{ source = "cloudtrail", call = "iam:CreateUser", user = "mallory", error = "AccessDenied", request = '{"userName":"x"}' }"#;
    let record = &calls(leaf, "CreateUser")[0];
    assert_eq!(record["errorCode"], "AccessDenied");
    assert!(
        record["errorMessage"].as_str().unwrap().contains("user/mallory is not authorized to perform: iam:CreateUser")
    );
    assert!(record["responseElements"].is_null());
    assert_eq!(record["requestParameters"]["userName"], "x");
}

#[test]
fn callers_are_of_many_kinds() {
    let identity = |keys: &str| {
        let leaf = format!(
            r#"{{ source = "cloudtrail", call = "s3:GetBucketAcl", {keys}, request = '{{"bucketName":"b"}}' }}"#
        );
        calls(&leaf, "GetBucketAcl")[0]["userIdentity"].clone()
    };
    assert_eq!(identity(r#"user = "ops""#)["type"], "IAMUser");
    assert_eq!(identity(r#"user = "ops", key = "AKIAIOSFODNN7EXAMPLE""#)["accessKeyId"], "AKIAIOSFODNN7EXAMPLE");
    assert_eq!(identity(r#"user = "ops/me""#)["sessionContext"]["sessionIssuer"]["userName"], "ops");
    assert_eq!(identity(r#"identity = "root""#)["arn"], "arn:aws:iam::111122223333:root");
    let account = identity(r#"from-account = "444455556666", user = "them""#);
    assert_eq!((&account["type"], &account["accountId"]), (&"AWSAccount".into(), &"444455556666".into()));
    let service = identity(r#"identity = "service", user = "config.amazonaws.com""#);
    assert_eq!((&service["type"], &service["invokedBy"]), (&"AWSService".into(), &"config.amazonaws.com".into()));
    let nobody = identity(r#"identity = "anonymous""#);
    assert_eq!((&nobody["accountId"], &nobody["principalId"]), (&"anonymous".into(), &"".into()));
}

#[test]
fn a_data_event_names_object_and_bucket() {
    let leaf = r#"{ source = "cloudtrail-data", call = "s3:GetObject", identity = "anonymous", addresses = ["203.0.113.9"], request = '{"bucketName":"customers","key":"export.csv"}' }"#;
    let record = &calls(leaf, "GetObject")[0];
    assert_eq!((&record["eventCategory"], &record["managementEvent"]), (&"Data".into(), &false.into()));
    assert_eq!(record["resources"][0]["ARN"], "arn:aws:s3:::customers/export.csv");
    assert_eq!(record["resources"][1]["type"], "AWS::S3::Bucket");
    assert!(record["additionalEventData"]["bytesTransferredOut"].as_u64().unwrap() > 0);
    assert!(record["additionalEventData"]["SignatureVersion"].is_null(), "nobody has signed");
    let managed =
        r#"{ source = "cloudtrail", call = "s3:GetBucketAcl", user = "ops", request = '{"bucketName":"customers"}' }"#;
    assert_eq!(calls(managed, "GetBucketAcl")[0]["eventCategory"], "Management");
}

#[test]
fn a_role_with_new_credentials_has_new_keys() {
    let mut play = Play::new("crypto-mining", 3);
    play.until(300).fire().until(1_500).act("rotate-credentials", "personalization-role").until(1_600);
    play.act("renew-credentials", OTHER).until(3_800);
    let records = play.json(LogSource::Cloudtrail, "assumed-role/personalization-role/i-0a1b2c3d4e5f60002");
    let keys: Vec<_> = records.iter().map(|record| record["userIdentity"]["accessKeyId"].to_string()).collect();
    let began: Vec<_> = records
        .iter()
        .map(|record| record["userIdentity"]["sessionContext"]["attributes"]["creationDate"].to_string())
        .collect();
    let mut distinct = keys.clone();
    distinct.sort();
    distinct.dedup();
    assert!((2..=3).contains(&distinct.len()), "before and after, and perhaps when its processes asked by themselves");
    assert_ne!(keys.first(), keys.last());
    assert!(began.first() < began.last());
}

#[test]
fn what_the_team_does_stands_in_cloudtrail_after_its_delay() {
    let mut quiet = Play::new("crypto-mining", 3);
    quiet.until(300).fire().until(2_000);
    assert!(quiet.json(LogSource::Cloudtrail, "incident-response").is_empty(), "nobody did anything");
    let mut play = Play::new("crypto-mining", 3);
    play.until(300).fire().until(400).act("standby", MINED).until(500);
    assert!(play.json(LogSource::Cloudtrail, "EnterStandby").is_empty(), "CloudTrail takes some minutes");
    play.act("terminate", OTHER).until(2_000);
    let standby = &play.json(LogSource::Cloudtrail, "EnterStandby")[0];
    assert_eq!(standby["eventSource"], "autoscaling.amazonaws.com");
    assert_eq!(
        standby["requestParameters"],
        serde_json::json!({
            "autoScalingGroupName": "asg-personalization", "instanceIds": [MINED], "shouldDecrementDesiredCapacity": true,
        })
    );
    assert_eq!(standby["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"], "incident-response");
    let terminate = &play.json(LogSource::Cloudtrail, "TerminateInstances")[0];
    assert_eq!(terminate["requestParameters"]["instancesSet"]["items"][0]["instanceId"], OTHER);
    assert_eq!(terminate["readOnly"], false);
}

#[test]
fn what_could_not_be_done_leaves_no_call() {
    let mut play = Play::new("crypto-mining", 3);
    play.until(300).fire().until(400).act("terminate", OTHER).until(1_000).act("terminate", OTHER).until(2_500);
    assert_eq!(play.json(LogSource::Cloudtrail, "TerminateInstances").len(), 1);
}

#[test]
fn noise_takes_no_place_of_what_tells() {
    let noise = "\n[[background]]\nsource = \"vpc-flow\"\nservice = \"website\"\nevery = \"1s\"\ncount = 200\naddresses = [\"10.9.9.9\"]\n";
    let mut play = Play::of(more(&(noise.to_owned() + &action("nothing", "none", ""))), 3);
    play.until(300).fire().until(2_400);
    let ordinary = play.raw(LogSource::VpcFlow).iter().filter(|flow| flow.contains("10.9.9.9")).count();
    assert!((39_000..=40_000).contains(&ordinary), "bounded: {ordinary}");
    let telling =
        play.json(LogSource::ResolverQuery, "minexmr").len() + play.json(LogSource::ResolverQuery, "guarddutyc2").len();
    assert!(telling > 20, "the miner is in the log all the same");
}

#[test]
fn a_blocked_name_is_in_the_log_as_blocked() {
    let block = action("block", "none", r#"{ do = "block-names", domains = ["minexmr.example"] }"#);
    let asked = |play: &Play| play.json(LogSource::ResolverQuery, "pool.minexmr.example");
    let open = played(&block, 2_400);
    assert!(asked(&open).iter().all(|record| record["firewall_rule_action"].is_null()));
    let mut play = played(&block, 1_000);
    play.act("block", "").until(2_400);
    let (before, after): (Vec<_>, Vec<_>) =
        asked(&play).into_iter().partition(|record| record["firewall_rule_action"].is_null());
    assert!(!before.is_empty() && !after.is_empty());
    assert!(
        after
            .iter()
            .all(|record| record["firewall_rule_action"] == "BLOCK" && record["answers"] == serde_json::json!([]))
    );
    let other = play.json(LogSource::ResolverQuery, "guarddutyc2activityb");
    assert!(other.iter().all(|record| record["firewall_rule_action"].is_null()), "only that name");
}

#[test]
fn an_automation_leaves_calls_in_its_own_name() {
    let automation = |broken: &str| {
        format!(
            "\n[[automation]]\nid = \"auto-standby\"\ntitle = \"Standby\"\non = [\"guardduty\"]\neffects = [{{ do = \"instance\", change = \"standby\" }}]\ntakes = {{ typical = \"5s\", basis = \"assumed\", source = \"test\" }}\n{broken}\n"
        )
    };
    let play = played(&automation(""), 2_400);
    let calls = play.json(LogSource::Cloudtrail, "EnterStandby");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0]["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"], "auto-standby");
    let broken = played(&automation("broken = \"no rights\""), 2_400);
    assert!(broken.json(LogSource::Cloudtrail, "EnterStandby").is_empty(), "it did nothing");
}
