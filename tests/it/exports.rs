//! What other programs read of a drill, read by other programs.

mod exercise;
mod hostile;
mod loaded;

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::cli::{assert_code, run, text};
use crate::history::play;

/// What Python makes of a file; nothing if it isn't installed here.
fn python(script: &str, file: &std::path::Path) -> Option<Value> {
    let Ok(output) = Command::new("python3").args(["-c", script]).arg(file).output() else {
        println!("python3 isn't here: nothing to read it with");
        return None;
    };
    assert!(output.status.success(), "{}", text(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_pipeline_reads_the_hypothesis_as_tests() {
    let data = tempfile::tempdir().unwrap();
    let drill = play(data.path(), "crypto-mining", "deviates");
    let file = data.path().join("junit.xml");
    assert_code(&run(data.path(), &["debrief", "--format", "junit", "-o", file.to_str().unwrap()]), 0);
    let script = "import json,sys,xml.etree.ElementTree as e\n\
        r=e.parse(sys.argv[1]).getroot()\n\
        c=r.findall('./testsuite/testcase')\n\
        p={x.get('name'):x.get('value') for x in r.iter('property')}\n\
        print(json.dumps([r.tag,int(r.get('tests')),int(r.get('failures')),len(c),sum(x.find('failure') is not None for x in c),p]))";
    let Some(read) = python(script, &file) else { return };
    assert_eq!(read[0], "testsuites");
    assert_eq!((&read[1], &read[2]), (&read[3], &read[4]), "the counts are those of the cases");
    assert!(read[4].as_u64().unwrap() >= 1);
    assert_eq!(read[5]["drill"], drill.as_str());
    assert_eq!(read[5]["head_words"].as_str().unwrap().split(' ').count(), 12);
}

#[test]
fn a_spreadsheet_reads_the_timeline() {
    let data = tempfile::tempdir().unwrap();
    play(data.path(), "crypto-mining", "deviates");
    let file = data.path().join("timeline.csv");
    assert_code(&run(data.path(), &["debrief", "--format", "csv", "-o", file.to_str().unwrap()]), 0);
    let script = "import csv,json,sys\nprint(json.dumps(list(csv.DictReader(open(sys.argv[1],newline='',encoding='utf-8'),strict=True))))";
    let Some(rows) = python(script, &file) else { return };
    let json = run(data.path(), &["debrief", "--format", "json"]);
    let debrief: Value = serde_json::from_slice(&json.stdout).unwrap();
    let happened = debrief["happened"].as_array().unwrap();
    let [rows @ .., end, trust] = rows.as_array().unwrap().as_slice() else { panic!("no rows") };
    assert_eq!((&end["lane"], &trust["lane"]), (&"record".into(), &"record".into()));
    assert_eq!(trust["text"], format!("{}.", debrief["trust"].as_str().unwrap()));
    assert!(end["text"].as_str().unwrap().ends_with(debrief["head_words"].as_str().unwrap()));
    assert_eq!(rows.len(), happened.len());
    for (row, line) in rows.iter().zip(happened) {
        assert_eq!((&row["text"], &row["lane"]), (&line["text"], &line["lane"]));
        assert_eq!(row["drill_seconds"].as_str().unwrap().parse::<f64>().ok(), line["at"].as_f64());
    }
    assert!(fs::read(&file).unwrap().ends_with(b"\r\n"));
}

/// The raw records of a drill, as a team's own rules read them.
#[test]
fn logs_are_written_each_in_its_own_format() {
    let data = tempfile::tempdir().unwrap();
    let script = crate::cli::root("scenarios/exposed-database/deviates.toml");
    let played = crate::cli::run(data.path(), &["run", "exposed-database", "--script", &script, "--headless"]);
    crate::cli::assert_code(&played, 1);
    let folder = data.path().join("logs");
    let folder = folder.to_str().unwrap();
    let written = crate::cli::run(data.path(), &["export", "logs", "last", "-o", folder]);
    crate::cli::assert_code(&written, 0);
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
    let trail: Value = serde_json::from_str(&read("cloudtrail.json")).unwrap();
    let records = trail["Records"].as_array().unwrap();
    assert!(records.len() > 100);
    let times: Vec<&str> = records.iter().map(|record| record["eventTime"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "in the order of what they tell of");
    assert!(records.iter().any(|record| record["eventName"] == "DeleteDBSnapshot"));
    let flow = read("vpc-flow.log");
    assert!(
        flow.starts_with("version account-id interface-id ") && flow.lines().all(|line| line.split(' ').count() == 14)
    );
    let said = crate::cli::text(&written.stdout);
    assert!(said.contains(&format!("cloudtrail.json: {} records", records.len())), "{said}");
    let about = read("EXERCISE.txt");
    assert!(about.starts_with("EXERCISE") && about.contains("Not sealed; the record verifies.\n"), "{about}");
    let again = crate::cli::run(data.path(), &["export", "logs", "last", "-o", folder]);
    crate::cli::assert_code(&again, 2);
    assert!(crate::cli::text(&again.stderr).contains("there already"), "nothing is overwritten");
    let nobody = crate::cli::run(data.path(), &["export", "logs", "no-such-drill"]);
    assert_ne!(nobody.status.code(), Some(0));
}

/// A public rule: its id, the scenario in which what it looks for happens, and its condition.
type Rule = (&'static str, &'static str, fn(&Value) -> bool);

/// Rules of SigmaHQ/sigma (`rules/cloud/aws/cloudtrail`, as of 8eaafff; Detection Rule License), as far as a scenario makes the calls
/// that they look for. Their conditions as they are written there.
const RULES: [Rule; 5] = [
    ("aws_cloudtrail_security_group_change_ingress_egress", "open-ssh-port", |record| {
        let names =
            ["Authorize", "Revoke"].map(|verb| ["Egress", "Ingress"].map(|way| format!("{verb}SecurityGroup{way}")));
        record["eventSource"] == "ec2.amazonaws.com" && names.concat().iter().any(|name| record["eventName"] == **name)
    }),
    ("aws_cloudtrail_ssm_malicious_usage", "leaked-credentials", |record| {
        record["eventName"] == "SendCommand"
            && record["eventSource"] == "ssm.amazonaws.com"
            && record["errorCode"].is_null()
    }),
    ("aws_enum_buckets", "leaked-credentials", |record| {
        record["eventSource"] == "s3.amazonaws.com"
            && record["eventName"] == "ListBuckets"
            && record["userIdentity"]["type"] != "AssumedRole"
    }),
    ("aws_iam_backdoor_users_keys", "leaked-credentials", |record| {
        let arn = record["userIdentity"]["arn"].as_str().unwrap_or_default();
        record["eventSource"] == "iam.amazonaws.com"
            && record["eventName"] == "CreateAccessKey"
            && !arn.contains("responseElements.accessKey.userName")
    }),
    ("aws_sts_assumerole_misuse", "exposed-database", |record| {
        record["userIdentity"]["type"] == "AssumedRole"
            && record["userIdentity"]["sessionContext"]["sessionIssuer"]["type"] == "Role"
    }),
];

#[test]
fn public_rules_fire_on_the_logs_of_what_they_look_for() {
    let data = tempfile::tempdir().unwrap();
    for (rule, scenario, fires) in RULES {
        // There the trail is stopped before: what was called after that has who reads the event history.
        let script = if rule == "aws_enum_buckets" { "deviates" } else { "nothing" };
        play(data.path(), scenario, script);
        let folder = data.path().join(rule);
        assert_code(&run(data.path(), &["export", "logs", "last", "-o", folder.to_str().unwrap()]), 0);
        let trail: Value = serde_json::from_str(&fs::read_to_string(folder.join("cloudtrail.json")).unwrap()).unwrap();
        let hits = trail["Records"].as_array().unwrap().iter().filter(|record| fires(record)).count();
        assert!(hits > 0, "{rule} finds nothing in {scenario}");
    }
}
