//! Hostile text in every place that people, findings and scenarios can fill: it is shown, and it is never markup.

use std::sync::Arc;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use firedrill_core::projection::debrief::{self, Debrief};
use firedrill_core::projection::view::{EvidenceRow, LogRow, Mark, MessageRow, RatingRow};
use firedrill_core::projection::{Fold, View, Viewer};
use firedrill_model::event::{
    AutomationEvent, AutomationOutcome, DrillEvent, EffectResult, HarmEvent, Obstacle, PeopleEvent, WorldEvent,
};
use firedrill_model::id::TargetId;
use firedrill_model::scenario::HarmKind;
use firedrill_model::scenario::Scenario;
use firedrill_model::{
    DrillTime, Judgement, LogRecord, LogSource, LogText, Rating, RecordId, SafeText, Sealed, WordBook,
};
use proptest::prelude::*;

use crate::fixture::{self, Tape};

/// Texts that mean something to Markdown, to HTML, to a terminal or to a reader's eye.
pub const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- -->",
    "&lt;b&gt; &#60;",
    "![a](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "[ref]: http://evil.example",
    "[ref][ref] [x] ^[note] [^1]",
    "http://evil.example www.evil.example WWW.evil.example",
    "https://evil.example/a_b_c?d=*e*",
    "<http://evil.example>",
    "a | b | c |",
    "| --- | --- |",
    "\\| \\",
    "`code` ``` fence",
    "```\nfence\n```",
    "~~~ sh",
    "# heading",
    "text\n====\nmore",
    "text\n----\nmore",
    "---",
    "***",
    "- list\n- list",
    "+ list",
    "* list",
    "1. list",
    "1) list",
    "> quote",
    "- [ ] task",
    "    indented code",
    "\tindented code",
    "**bold** __bold__ *it* _it_ ~~gone~~ ^up^ ~down~ ==mark==",
    "$x$ $$y$$",
    ": definition",
    "{#id .class} {{ template }}",
    "@everyone #1",
    "\u{1b}[31mred\u{1b}[0m \u{1b}]8;;http://x\u{7}link\u{1b}]8;;\u{7}",
    "\u{9b}31m \u{85} \u{0} \u{7f} \u{8}",
    "user\u{202e}gpj.exe \u{2066}x\u{2069}",
    "a\u{200b}b\u{feff}c\u{e0041}\u{2028}d\u{2029}e",
    "a\r\nb\rc\n\nd",
    "trailing backslash \\",
    "trailing spaces   ",
    "   ",
    "",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{301}starts with a mark",
    "=1+1 -1 +1 @sum",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{5350}\u{6f22}",
];

/// The scenario with `text` wherever an author may write.
fn hostile_scenario(text: &SafeText) -> Arc<Scenario> {
    let mut scenario = Scenario::clone(&fixture::scenario());
    let places = [&mut scenario.title, &mut scenario.summary, &mut scenario.fault.summary];
    for place in places {
        *place = text.clone();
    }
    scenario.debrief.truth = text.clone();
    scenario.debrief.lesson = text.clone();
    scenario.debrief.sources = vec![text.clone()];
    scenario.hypothesis.when = text.clone();
    scenario.hypothesis.team = text.clone();
    scenario.techniques.iter_mut().for_each(|technique| technique.name = text.clone());
    scenario.services.iter_mut().for_each(|service| service.title = text.clone());
    scenario.resources.iter_mut().for_each(|resource| resource.title = text.clone());
    scenario.signals.iter_mut().for_each(|signal| signal.title = text.clone());
    scenario.stages.iter_mut().for_each(|stage| stage.title = text.clone());
    for channel in &mut scenario.channels {
        (channel.title, channel.broken) = (text.clone(), Some(text.clone()));
    }
    scenario.objectives = scenario.all_objectives().into_owned();
    for objective in &mut scenario.objectives {
        (objective.title, objective.capability) = (text.clone(), text.clone());
    }
    scenario.actions.iter_mut().for_each(|action| action.title = text.clone());
    scenario.playbook.steps.iter_mut().for_each(|step| step.title = text.clone());
    scenario.orders.iter_mut().for_each(|order| order.why = text.clone());
    for detector in &mut scenario.detectors {
        detector.title = text.clone();
        detector.latency.source = text.clone();
    }
    for inject in &mut scenario.injects {
        (inject.from, inject.via, inject.text) = (text.clone(), text.clone(), text.clone());
        inject.misleads = Some(text.clone());
    }
    Arc::new(scenario)
}

/// The fixture drill with `text` in findings, in all that people wrote, and in the scenario.
pub fn debrief_with(text: &str) -> Debrief {
    let mut tape = fixture::drill();
    let safe = SafeText::new(text);
    let mut words = WordBook::default();
    for reference in 0..100 {
        words.insert(reference, safe.clone());
    }
    for entry in &mut tape.entries {
        match &mut entry.event {
            firedrill_model::event::Event::World(
                WorldEvent::FindingCreated { finding } | WorldEvent::Notified { finding, .. },
            ) => {
                (finding.kind, finding.title, finding.document) = (safe.clone(), safe.clone(), safe.clone());
                finding.description = safe.clone();
            }
            firedrill_model::event::Event::Drill(DrillEvent::HypothesisSet { hypothesis }) => {
                (hypothesis.when, hypothesis.team) = (safe.clone(), safe.clone());
            }
            firedrill_model::event::Event::People(PeopleEvent::Improvement { due, .. }) => *due = Some(safe.clone()),
            _ => {}
        }
    }
    let whole = hostile_scenario(&safe);
    let mut view = Fold::open(Arc::clone(&whole));
    tape.entries.iter().for_each(|entry| view.apply(entry));
    noise(&mut view, &whole, &safe);
    debrief::build(&view, &words, &fixture::drill_id(), std::slice::from_ref(&safe))
}

/// Noise and evidence with `text` in all that a stranger writes.
fn noise(view: &mut View, whole: &Scenario, text: &SafeText) {
    let stamp = *view.moments.first().unwrap();
    let id = |name: &str| TargetId::new(name).unwrap();
    let seat = view.people.seats.keys().next().unwrap().clone();
    view.truth.harms.push((
        stamp,
        HarmEvent {
            stage: whole.stages[0].id.clone(),
            harm: 0,
            resource: id("orders"),
            kind: HarmKind::DataTaken,
            what: text.clone(),
            refused: false,
        },
    ));
    let record =
        LogRecord::new(RecordId::of("test", 0), LogSource::VpcFlow, stamp.at, LogText::of(text.clone(), text.clone()));
    let row = LogRow { seq: 0, delivered: stamp.at, record: record.into() };
    let note = Some(Sealed { reference: 1, sha256: String::new() });
    view.people.evidence.push(EvidenceRow { stamp, seat: seat.clone(), row, note });
    let results = vec![EffectResult::Impossible { because: Obstacle::Legacy(text.clone()) }];
    view.board.automations.push((
        stamp,
        AutomationEvent {
            automation: id("closer"),
            finding: Some(view.board.findings[0].finding.id.clone()),
            resource: id("sg-0web"),
            outcome: AutomationOutcome::Ran { results },
        },
    ));
    view.board.findings[0].judged = Some((stamp, seat, Judgement::Noise));
    let objective = view.scenario.objectives[0].id.clone();
    let words = Some(Sealed { reference: 2, sha256: String::new() });
    let seat = view.people.seats.keys().next().unwrap().clone();
    view.people.ratings.push(RatingRow { stamp, seat, objective, rating: Some(Rating::Unable), words });
    view.truth.lost.push((stamp, view.scenario.channels[0].id.clone(), view.board.findings[0].finding.id.clone()));
    for inject in &whole.injects {
        let (inject, message) = (inject.id.clone(), Some(inject.message()));
        view.board.messages.push(MessageRow { inject, stamp, message });
    }
}

/// Everything that any dialect of Markdown knows, links that make themselves among it.
fn dialects() -> Options<'static> {
    let mut options = Options::default();
    let known = &mut options.extension;
    known.autolink = true;
    known.strikethrough = true;
    known.table = true;
    known.tasklist = true;
    known.superscript = true;
    known.subscript = true;
    known.footnotes = true;
    known.inline_footnotes = true;
    known.description_lists = true;
    known.multiline_block_quotes = true;
    known.alerts = true;
    known.math_dollars = true;
    known.math_code = true;
    known.wikilinks_title_after_pipe = true;
    known.underline = true;
    known.highlight = true;
    options
}

/// The parts of a document in order, each with its text if it is one.
fn parts(markdown: &str) -> Vec<NodeValue> {
    let arena = Arena::new();
    let document = parse_document(&arena, markdown, &dialects());
    document.descendants().map(|node| node.data.borrow().value.clone()).collect()
}

/// The structure of a document, with its text left out, and where lines of it end: those that people wrote stay lines.
fn structure(markdown: &str) -> Vec<String> {
    let parts = parts(markdown).into_iter().filter(|part| !matches!(part, NodeValue::Text(_) | NodeValue::LineBreak));
    parts.map(|part| format!("{part:?}")).collect()
}

fn text_of(markdown: &str) -> String {
    let texts = parts(markdown).into_iter().filter_map(|part| match part {
        NodeValue::Text(text) => Some(text.to_string()),
        _ => None,
    });
    texts.collect()
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let markdown = firedrill_report::markdown::render(&debrief_with(text));
    let plain = firedrill_report::markdown::render(&debrief_with("plain"));
    let (shown, expected) = (structure(&markdown), structure(&plain));
    let differs = shown.iter().zip(&expected).find(|(one, other)| one != other);
    prop_assert_eq!(differs, None, "{:?} changes the structure", text);
    prop_assert_eq!(shown.len(), expected.len(), "{:?} changes the structure", text);
    let bad = |c: char| c.is_control() && c != '\n';
    prop_assert!(!markdown.contains(bad), "{:?} brings a control character", text);
    let shown = SafeText::one_line(SafeText::new(text).as_str());
    let shown = shown.as_str().trim();
    prop_assert!(text_of(&markdown).contains(shown), "{:?} is not shown as it is", text);

    let json = firedrill_report::json::render(&debrief_with(text));
    prop_assert!(!json.contains(bad), "{:?} brings a control character into JSON", text);
    let back: serde_json::Value = serde_json::from_str(&json).unwrap();
    prop_assert_eq!(&back["v"], 3);
    Ok(())
}

#[test]
fn hostile_text_is_shown_and_means_nothing() {
    for text in HOSTILE.iter().filter(|text| !text.trim().is_empty()) {
        check(text).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn nothing_in_a_report_is_a_link_an_image_or_html() {
    for text in HOSTILE {
        let debrief = debrief_with(text);
        let markdown = firedrill_report::markdown::render(&debrief);
        // The way into the replay is the program's own word.
        let jump = |code: &str| debrief.surprises.iter().any(|row| row.jump.as_str() == code);
        for part in parts(&markdown) {
            if matches!(&part, NodeValue::Code(code) if jump(&code.literal)) {
                continue;
            }
            let markup = matches!(
                part,
                NodeValue::HtmlInline(_)
                    | NodeValue::HtmlBlock(_)
                    | NodeValue::Link(_)
                    | NodeValue::WikiLink(_)
                    | NodeValue::Image(_)
                    | NodeValue::Code(_)
                    | NodeValue::CodeBlock(_)
                    | NodeValue::Math(_)
                    | NodeValue::FootnoteReference(_)
            );
            assert!(!markup, "{text:?} became {part:?}");
        }
    }
}

#[test]
fn huge_text_is_cut_and_says_so() {
    let debrief = debrief_with(&"long ".repeat(100_000));
    let note = debrief.notes.first().unwrap();
    assert!(note.text.as_str().chars().count() <= firedrill_model::safe_text::MAX_CHARS);
    assert!(note.text.as_str().ends_with('…'));
    assert!(firedrill_report::markdown::render(&debrief).len() < 8_000_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_is_shown_and_means_nothing(text in "\\PC{1,60}|[-+*_#>|`~=\\[\\]()<>!&\\\\:./w0-9 \n\t]{1,40}") {
        prop_assume!(!SafeText::new(&text).is_blank());
        check(&text)?;
    }
}

#[test]
fn a_responder_sees_no_ground_truth_before_verify() {
    let tape = fixture::drill();
    let verify = tape.entries.iter().position(is_verify).unwrap();
    let responder = Viewer::Seat(fixture::seat(), firedrill_model::Role::Responder);
    let entries = tape.entries.get(..verify).unwrap();
    let view = firedrill_core::projection::fold(fixture::scenario(), entries, &responder);
    assert!(view.truth.stages.is_empty() && view.truth.created.is_empty() && view.truth.lost.is_empty());
    assert_eq!(view.board.adversary, None);
    for mark in [Mark::FindingCreated, Mark::ContainmentEffective, Mark::Eradicated] {
        assert!(!view.marks.contains_key(&mark), "{mark:?}");
    }
    assert!(view.marks.contains_key(&Mark::Notified));
    assert_eq!(view.people.predictions.len(), 1, "its own prediction");

    let mut opened = firedrill_core::projection::fold(fixture::scenario(), &tape.entries, &responder);
    let whole = tape.view();
    (opened.seat, opened.seed) = (whole.seat.clone(), whole.seed);
    assert_eq!(opened, whole, "from Verify on everything is open");
}

#[test]
fn a_responder_without_the_lines_of_ground_truth() {
    let tape = fixture::drill();
    let verify = tape.entries.iter().position(is_verify).unwrap();
    let other = Viewer::Seat("seat-9".to_owned().try_into().unwrap(), firedrill_model::Role::Responder);
    let view = firedrill_core::projection::fold(fixture::scenario(), tape.entries.get(..verify).unwrap(), &other);
    let told = view.timeline.iter().filter(|line| !line.hidden);
    let shown: Vec<String> = told.map(|line| line.text(&view).to_string()).collect();
    assert!(shown.iter().all(|line| !line.contains("miner") && !line.contains("made a finding")), "{shown:?}");
    assert!(view.people.predictions.is_empty(), "predictions of others stay with them");
}

fn is_verify(entry: &firedrill_model::event::Entry) -> bool {
    let event = &entry.event;
    let phase = |event: &DrillEvent| {
        matches!(event, DrillEvent::PhaseEntered { phase: firedrill_model::phase::Phase::Verify, .. })
    };
    matches!(event, firedrill_model::event::Event::Drill(event) if phase(event))
}

/// A tape without entries is a debrief, too.
#[test]
fn an_empty_record_is_a_report() {
    let tape = Tape::new();
    let debrief = debrief::build(&tape.view(), &tape.words, &fixture::drill_id(), &[]);
    assert_eq!(tape.view().now, DrillTime::ZERO);
    assert!(firedrill_report::markdown::render(&debrief).contains("\n# After-action report"));
}
