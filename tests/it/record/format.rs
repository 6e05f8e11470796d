//! Entries to lines and back, with what people and attackers write; kinds and fields of later programs; formats.

use chrono::DateTime;
use firedrill_model::event::{DrillEvent, Entry, Event};
use firedrill_model::{DrillTime, Sealed};
use firedrill_record::journal::{Content, Continues, Digest, Scan, Verdict, body, chained, scan};
use proptest::prelude::*;

use super::sample::{self, Stuff};

fn read_back(entries: &[Entry]) -> Scan {
    scan("journal.jsonl", sample::lines(entries).concat().as_bytes())
}

fn stuff() -> impl Strategy<Value = Stuff> {
    let hostile = prop_oneof![
        any::<String>(),
        Just("\",\"hash\":\"".to_owned()),
        Just("\u{1b}]52;c;aGk=\u{7}\u{202e}\u{0}\n[[person]]\n".to_owned()),
        Just("{\"ref\":1,\"sha256\":\"x\"}".to_owned()),
    ];
    let figure = any::<f64>().prop_filter("a number", |figure| figure.is_finite());
    (hostile, figure, any::<u64>(), any::<u64>()).prop_map(|(text, figure, number, reference)| {
        let seal = Sealed { reference, sha256: Digest::of(text.as_bytes()).hex() };
        Stuff { text, figure, number, seal }
    })
}

proptest! {
    #[test]
    fn every_kind_reads_back(stuff in stuff(), at in 0..=DrillTime::LATEST.0, secs in 0..253_402_300_799_i64, nanos in 0..1_000_000_000_u32) {
        let mut entries: Vec<Entry> = (0..sample::KINDS).map(|seq| sample::entry(seq, &stuff)).collect();
        for entry in &mut entries {
            entry.at = DrillTime(at);
            entry.utc = DateTime::from_timestamp(secs, nanos).unwrap();
        }
        let scan = read_back(&entries);
        prop_assert_eq!(&scan.verdict, &Verdict::Whole);
        for (line, entry) in scan.lines.iter().zip(&entries) {
            prop_assert_eq!(&line.content, &Content::Entry(Box::new(entry.clone())));
        }
        let sealed = scan.lines.iter().flat_map(|line| &line.seals).count();
        prop_assert_eq!(sealed, 7, "the seals of all kinds that have one, and nothing that only looks like one");
    }
}

#[test]
fn a_figure_that_is_no_number_leaves_a_gap_that_is_counted() {
    let mut entries = sample::entries(6);
    for (entry, value) in entries.iter_mut().zip([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]) {
        let signal = firedrill_model::id::SignalId::new("latency").unwrap();
        entry.event = Event::Drill(DrillEvent::GateClosed { signal, value });
    }
    let scan = read_back(&entries);
    assert_eq!(scan.verdict, Verdict::Whole);
    let gaps = scan.lines.iter().filter(|line| line.content == Content::Unknown("journal.unreadable".into()));
    assert_eq!(gaps.count(), 3);
}

/// Lines of an entry whose JSON was changed before it was chained, as another program would have written it.
fn written_by_another(change: impl Fn(String) -> String) -> Scan {
    let entries = sample::entries(3);
    let (mut bytes, mut head) = chained(None, &sample::header().body());
    for (index, entry) in entries.iter().enumerate() {
        let body = if index == 1 { change(body(entry, entry.seq)) } else { body(entry, entry.seq) };
        let (line, hash) = chained(Some(&head), &body);
        bytes += &line;
        head = hash;
    }
    scan("journal.jsonl", bytes.as_bytes())
}

#[test]
fn kinds_of_a_later_program_are_kept_and_counted() {
    let scan = written_by_another(|_| r#"{"n":1,"kind":"people.sang","data":{"words":{"ref":9,"sha256":"ab"}}"#.into());
    assert_eq!(scan.verdict, Verdict::Whole);
    assert_eq!(scan.lines.len(), 3);
    assert_eq!(scan.lines[1].content, Content::Unknown("people.sang".into()));
    assert_eq!(
        scan.lines[1].seals,
        [Sealed { reference: 9, sha256: "ab".into() }],
        "its words are still accounted for"
    );
}

#[test]
fn fields_of_a_later_program_are_left_alone() {
    let scan = written_by_another(|body| {
        let body = body.replacen("\"data\":{", "\"data\":{\"mood\":[1,{}],", 1);
        body + ",\"weather\":\"fine\""
    });
    assert_eq!(scan.verdict, Verdict::Whole);
    assert!(matches!(scan.lines[1].content, Content::Entry(_)));
}

#[test]
fn a_known_kind_that_makes_no_sense_names_its_line() {
    let scan = written_by_another(|body| body.replacen("responder", "wizard", 1));
    let Verdict::Corrupt { line, why, .. } = scan.verdict else { panic!("corrupt") };
    assert_eq!(line, 3);
    assert!(why.as_str().starts_with("its hash is right, but 'drill.seat-taken' can't be read"), "{why}");
}

fn header_line(change: impl Fn(String) -> String) -> Scan {
    let (line, _) = chained(None, &change(sample::header().body()));
    scan("journal.jsonl", line.as_bytes())
}

#[test]
fn a_newer_format_says_which_program_wrote_it() {
    let newer = header_line(|body| body.replacen("\"format\":2", "\"format\":3", 1).replacen("0.1.0", "9.0.0", 1));
    assert_eq!(newer.verdict, Verdict::Newer { format: 3, program: "firedrill 9.0.0".into() });
    let none = header_line(|body| body.replacen("\"format\":2", "\"format\":0", 1));
    assert!(matches!(none.verdict, Verdict::Corrupt { line: 1, .. }));
    let foreign = header_line(|body| body.replacen("\"firedrill\"", "\"waterdrill\"", 1));
    assert!(matches!(foreign.verdict, Verdict::Corrupt { line: 1, .. }));
}

#[test]
fn a_later_segment_counts_on() {
    let mut header = sample::header();
    header.continues = Some(Continues { file: "journal.jsonl".into(), head: Digest::of(b"x"), next: 3 });
    let (first, head) = chained(None, &header.body());
    let (line, _) = chained(Some(&head), &body(&sample::entries(4)[3], 3));
    let scan = scan("journal-2.jsonl", (first + &line).as_bytes());
    assert_eq!((scan.verdict.clone(), scan.lines.len(), scan.next()), (Verdict::Whole, 1, 4));
    assert_eq!(scan.header, Some(header));
}
