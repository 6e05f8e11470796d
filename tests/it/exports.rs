//! What other programs read of a drill, read by other programs.

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
    let (end, rows) = rows.as_array().unwrap().split_last().unwrap();
    assert_eq!(end["lane"], "record");
    assert!(end["text"].as_str().unwrap().ends_with(debrief["head_words"].as_str().unwrap()));
    assert_eq!(rows.len(), happened.len());
    for (row, line) in rows.iter().zip(happened) {
        assert_eq!((&row["text"], &row["lane"]), (&line["text"], &line["lane"]));
        assert_eq!(row["drill_seconds"].as_str().unwrap().parse::<f64>().ok(), line["at"].as_f64());
    }
    assert!(fs::read(&file).unwrap().ends_with(b"\r\n"));
}
