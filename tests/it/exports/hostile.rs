//! Hostile text in findings, scenarios and remarks: in no export does it become a sequence, a formula or a hidden character.

use std::sync::Arc;

use firedrill_core::projection::Fold;
use firedrill_model::SafeText;
use firedrill_model::event::Event;
use firedrill_model::event::WorldEvent;
use firedrill_report::{guardduty, msel, navigator, ocsf};
use serde_json::Value;

use crate::fixture::{self, Tape};

const HOSTILE: [&str; 7] = [
    "=HYPERLINK(\"http://x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u{1b}]8;;http://x\u{7}link\u{1b}[31m",
    "\u{9b}31m \u{0} \u{7f}",
    "user\u{202e}gpj.exe a\u{200b}b",
    "\",\"x\":\"\n\r\n;|",
    "<script>alert(1)</script>",
];

/// A drill with `text` wherever a stranger writes. The document of a finding hides it in escapes of JSON, in values and in names.
fn tape(text: &str) -> (Tape, Fold) {
    let mut tape = fixture::drill();
    let safe = SafeText::new(text);
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        escaped += &format!("\\u{unit:04x}");
    }
    let document = format!(
        r#"{{"source":"aws.guardduty","detail":{{"id":"x","{escaped}":"{escaped}","title":["{escaped}"],"service":{{"additionalInfo":{{}}}}}}}}"#
    );
    for entry in &mut tape.entries {
        if let Event::World(WorldEvent::FindingCreated { finding } | WorldEvent::Notified { finding, .. }) =
            &mut entry.event
        {
            (finding.kind, finding.title, finding.description) = (safe.clone(), safe.clone(), safe.clone());
            finding.document = SafeText::one_line(&document);
        }
    }
    for reference in 0..100 {
        tape.words.insert(reference, safe.clone());
    }
    let mut scenario = firedrill_model::scenario::Scenario::clone(&fixture::scenario());
    (scenario.title, scenario.fault.summary, scenario.account.id) = (safe.clone(), safe.clone(), safe.clone());
    scenario.techniques.iter_mut().for_each(|technique| technique.name = safe.clone());
    for stage in &mut scenario.stages {
        (stage.title, stage.technique) = (safe.clone(), Some(safe.clone()));
    }
    for inject in &mut scenario.injects {
        (inject.from, inject.via, inject.text, inject.expected) =
            (safe.clone(), safe.clone(), safe.clone(), safe.clone());
    }
    scenario.resources.iter_mut().for_each(|resource| resource.title = safe.clone());
    let mut view = Fold::open(Arc::new(scenario));
    tape.entries.iter().for_each(|entry| view.apply(entry));
    (tape, view)
}

#[test]
fn no_sequence_formula_or_hidden_character_gets_through() {
    let hidden = |c: char| (c.is_control() && c != '\n') || ('\u{200b}'..='\u{202e}').contains(&c);
    for text in HOSTILE {
        let (tape, view) = tape(text);
        let drill = fixture::drill_id();
        let guardduty = guardduty::render(&view, &"not sealed".into());
        assert_eq!(guardduty.left_out, 0);
        for json in [
            guardduty.text,
            ocsf::render(&view, &drill, &"not sealed".into()),
            navigator::of_drill(&view, &drill, &"not sealed".into()),
        ] {
            assert!(!json.contains(hidden), "{text:?} in {json}");
            let value: Value = serde_json::from_str(&json).unwrap();
            assert_all_visible(&value, &hidden);
        }
        let list = msel::csv(&view, &tape.words, &"not sealed".into());
        assert!(!list.replace("\r\n", "\n").contains(hidden), "{text:?} in {list}");
        for row in csv::Reader::from_reader(list.as_bytes()).records() {
            for cell in &row.unwrap() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?} would be computed");
            }
        }
    }
}

/// What is escaped in JSON is read back by whoever loads it.
fn assert_all_visible(value: &Value, hidden: &impl Fn(char) -> bool) {
    match value {
        Value::String(text) => assert!(!text.contains(hidden), "{text:?}"),
        Value::Array(items) => items.iter().for_each(|item| assert_all_visible(item, hidden)),
        Value::Object(fields) => {
            for (name, field) in fields {
                assert!(!name.contains(hidden), "{name:?}");
                assert_all_visible(field, hidden);
            }
        }
        _ => {}
    }
}

#[test]
fn a_document_that_can_not_be_read_is_left_out_and_its_finding_is_not() {
    let (_, mut view) = tape("plain");
    for (_, finding) in &mut view.truth.created {
        finding.document = "{ cut in the midd…".into();
    }
    for row in &mut view.board.findings {
        row.finding.document = "{ cut in the midd…".into();
    }
    assert_eq!(guardduty::render(&view, &"not sealed".into()).left_out, view.found().len());
    let events: Value = serde_json::from_str(&ocsf::render(&view, &fixture::drill_id(), &"not sealed".into())).unwrap();
    let events = events.as_array().unwrap();
    assert_eq!(events.len(), view.found().len());
    assert!(!events.is_empty() && events.iter().all(|event| event.get("evidences").is_none()));
}

#[test]
fn before_verify_exports_tell_what_the_team_saw_and_no_more() {
    use firedrill_model::event::DrillEvent;
    use firedrill_model::phase::Phase;
    let tape = fixture::drill();
    let opens = |event: &Event| matches!(event, Event::Drill(DrillEvent::PhaseEntered { phase: Phase::Verify, .. }));
    let until = tape.entries.iter().position(|entry| opens(&entry.event)).unwrap();
    let mut view = Fold::open(fixture::scenario());
    tape.entries[..until].iter().for_each(|entry| view.apply(entry));
    let drill = fixture::drill_id();
    let layer: Value = serde_json::from_str(&navigator::of_drill(&view, &drill, &"not sealed".into())).unwrap();
    assert_eq!(layer["techniques"], serde_json::json!([]));
    let events = ocsf::render(&view, &drill, &"not sealed".into());
    assert!(!events.contains("attacks"));
    let events: Value = serde_json::from_str(&events).unwrap();
    assert_eq!(events.as_array().unwrap().len(), view.board.findings.len());
    let list = msel::csv(&view, &tape.words, &"not sealed".into());
    for stage in &fixture::scenario().stages {
        assert!(!list.contains(stage.title.as_str()));
    }
    for inject in &fixture::scenario().injects {
        assert!(!list.contains(inject.expected.as_str()));
    }
}
