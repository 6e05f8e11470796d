//! Every cut, every zeroed tail, every flipped bit, every line removed, swapped or doubled: judged right, and never taken for whole.

use firedrill_record::journal::{Content, Digest, Scan, Verdict, body, chained, scan};
use proptest::prelude::*;

use super::sample;

fn journal(entries: u64) -> (Vec<String>, Vec<u8>) {
    let lines = sample::lines(&sample::entries(entries));
    let bytes = lines.concat().into_bytes();
    (lines, bytes)
}

fn judge(bytes: &[u8]) -> Scan {
    scan("journal.jsonl", bytes)
}

/// How many whole lines a journal of these lines has before byte `at`, and where the last of them ends.
fn whole_before(lines: &[String], at: usize) -> (usize, usize) {
    let ends = lines.iter().scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    });
    ends.enumerate().take_while(|(_, end)| *end <= at).last().map_or((0, 0), |(index, end)| (index + 1, end))
}

/// All lines before the damage are there, and none after it.
fn keeps_the_prefix(scan: &Scan, lines: &[String], whole: usize) {
    let entries = sample::entries(lines.len() as u64 - 1);
    let read: Vec<_> = scan.lines.iter().map(|line| line.content.clone()).collect();
    let kept = &entries[..whole.saturating_sub(1)];
    assert_eq!(read, kept.iter().map(|entry| Content::Entry(Box::new(entry.clone()))).collect::<Vec<_>>());
    assert_eq!(scan.header.is_some(), whole > 0);
    assert_eq!(scan.valid, lines[..whole].iter().map(String::len).sum::<usize>());
}

#[test]
fn cut_at_every_byte_it_is_torn_there() {
    let (lines, bytes) = journal(sample::KINDS);
    for cut in 0..=bytes.len() {
        let scan = judge(&bytes[..cut]);
        let (whole, end) = whole_before(&lines, cut);
        if whole > 0 && end == cut {
            assert_eq!(scan.verdict, Verdict::Whole, "cut at {cut}");
        } else {
            let Verdict::Torn { line, bytes, ends_whole, .. } = scan.verdict else { panic!("cut at {cut}") };
            assert_eq!((line, bytes, ends_whole), (whole as u64 + 1, (cut - end) as u64, false), "cut at {cut}");
        }
        assert_eq!(scan.lines.len(), whole.saturating_sub(1), "cut at {cut}");
    }
    keeps_the_prefix(&judge(&bytes[..bytes.len() - 1]), &lines, lines.len() - 1);
}

#[test]
fn changed_line_ends_are_told_from_damage() {
    let (lines, bytes) = journal(sample::KINDS);
    let text = String::from_utf8(bytes).unwrap();
    let sent = text.replace('\n', "\r\n");
    let scan = judge(sent.as_bytes());
    assert_eq!(scan.verdict, Verdict::LineEnds { file: "journal.jsonl".into() });
    keeps_the_prefix(&scan, &lines, lines.len());
    // A changed line stays a changed line, whatever its end is.
    let edited = sent.replacen("\"n\":3", "\"n\":4", 1);
    assert_ne!(edited, sent);
    assert!(matches!(judge(edited.as_bytes()).verdict, Verdict::Torn { .. } | Verdict::Corrupt { .. }));
}

#[test]
fn zeroed_from_every_byte_it_is_torn_there() {
    let (lines, bytes) = journal(sample::KINDS);
    for from in 0..bytes.len() {
        let mut zeroed = bytes.clone();
        zeroed[from..].fill(0);
        let scan = judge(&zeroed);
        let (whole, _) = whole_before(&lines, from);
        assert!(matches!(scan.verdict, Verdict::Torn { .. }), "from {from}: {:?}", scan.verdict);
        assert_eq!(scan.lines.len(), whole.saturating_sub(1), "from {from}");
    }
}

/// Judges a journal with one bit flipped: no unfinished write leaves that behind.
fn flip(lines: &[String], bytes: &[u8], at: usize, bit: usize) {
    let (whole, _) = whole_before(lines, at);
    let mut flipped = bytes.to_owned();
    flipped[at] ^= 1 << bit;
    let scan = judge(&flipped);
    assert_eq!(scan.lines.len(), whole.saturating_sub(1), "byte {at}, bit {bit}");
    let Verdict::Corrupt { line, .. } = scan.verdict else { panic!("byte {at}, bit {bit}: {:?}", scan.verdict) };
    assert_eq!(line, whole as u64 + 1, "byte {at}, bit {bit}");
}

#[test]
fn one_flipped_bit_in_every_byte_is_found_and_its_line_named() {
    let (lines, bytes) = journal(sample::KINDS);
    (0..bytes.len()).for_each(|at| flip(&lines, &bytes, at, at % 8));
}

#[test]
fn every_flipped_bit_is_found_and_its_line_named() {
    // Short journals, because each flip reads all lines before it; together they have every kind.
    let all = sample::entries(sample::KINDS);
    for (index, chosen) in all.chunks(3).enumerate() {
        let mut entries = chosen.to_owned();
        (0..).zip(&mut entries).for_each(|(seq, entry)| entry.seq = seq);
        let lines = sample::lines(&entries);
        let bytes = lines.concat().into_bytes();
        // The header is the same in all of them.
        let from = if index == 0 { 0 } else { lines[0].len() };
        for at in from..bytes.len() {
            for bit in 0..8 {
                flip(&lines, &bytes, at, bit);
            }
        }
    }
}

#[test]
fn a_line_removed_swapped_or_doubled_is_found() {
    let (lines, bytes) = journal(40);
    let whole = judge(&bytes);
    let last = lines.len() - 1;
    for index in 0..lines.len() {
        let mut edits: Vec<Vec<String>> = Vec::new();
        if index < last {
            let mut removed = lines.clone();
            removed.remove(index);
            edits.push(removed);
        }
        let mut doubled = lines.clone();
        doubled.insert(index, lines[index].clone());
        edits.push(doubled);
        for other in index + 1..lines.len() {
            let mut swapped = lines.clone();
            swapped.swap(index, other);
            edits.push(swapped);
        }
        for edit in edits {
            let scan = judge(edit.concat().as_bytes());
            assert_ne!(scan.verdict, Verdict::Whole, "line {index}");
            assert!(scan.lines.len() <= whole.lines.len());
        }
    }
}

#[test]
fn lines_cut_from_the_end_show_in_the_head_only() {
    let (lines, bytes) = journal(10);
    let shorter = judge(lines[..8].concat().as_bytes());
    assert_eq!(shorter.verdict, Verdict::Whole);
    assert_ne!(shorter.head(), judge(&bytes).head());
}

#[test]
fn a_chain_that_was_made_anew_over_a_wrong_number_is_corrupt() {
    let mut entries = sample::entries(5);
    entries[3].seq = 7;
    let scan = judge(sample::lines(&entries).concat().as_bytes());
    let Verdict::Corrupt { line, why, .. } = scan.verdict else { panic!("corrupt") };
    assert_eq!((line, why.as_str()), (5, "it has the number 7 where 3 was due"));
}

proptest! {
    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_ne!(judge(&bytes).verdict, Verdict::Whole);
    }

    /// A journal, changed in a few places: whatever is read is a prefix of what was written.
    #[test]
    fn a_changed_journal_yields_a_prefix(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..6)
    ) {
        let (_, bytes) = journal(12);
        let original = judge(&bytes);
        let mut changed = bytes.clone();
        for (place, byte, how) in edits {
            let at = place.index(changed.len().max(1));
            match how {
                0 if at < changed.len() => changed[at] = byte,
                1 if at < changed.len() => { changed.remove(at); }
                2 => changed.insert(at, byte),
                _ => changed.truncate(at),
            }
        }
        let scan = judge(&changed);
        prop_assert!(original.lines.starts_with(&scan.lines));
        prop_assert!(scan.valid <= changed.len());
        if changed != bytes {
            prop_assert!(scan.verdict != Verdict::Whole || changed == bytes[..scan.valid]);
        }
    }
}

#[test]
fn a_hole_in_the_header_is_no_unfinished_write() {
    let (lines, mut bytes) = two_commits();
    bytes.truncate(lines[..3].iter().map(String::len).sum());
    bytes[20] = 0;
    assert!(matches!(judge(&bytes).verdict, Verdict::Corrupt { line: 1, .. }));
}

#[test]
fn hashes_are_of_the_documented_bytes() {
    let (lines, _) = journal(1);
    let (body, rest) = lines[0].split_once(",\"hash\":\"").unwrap();
    assert_eq!(Digest::of(format!("firedrill\n{body}").as_bytes()).hex(), rest[..64]);
    let (next, rest_of_next) = lines[1].split_once(",\"hash\":\"").unwrap();
    assert_eq!(Digest::of(format!("{}\n{next}", &rest[..64]).as_bytes()).hex(), rest_of_next[..64]);
}

/// A journal of two commits: entries 0 and 1, and entries 2 to 5.
pub fn two_commits() -> (Vec<String>, Vec<u8>) {
    let (first, mut head) = chained(None, &sample::header().body());
    let mut lines = vec![first];
    for entry in sample::entries(6) {
        let (line, hash) = chained(Some(&head), &body(&entry, if entry.seq < 2 { 0 } else { 2 }));
        lines.push(line);
        head = hash;
    }
    let bytes = lines.concat().into_bytes();
    (lines, bytes)
}

#[test]
fn a_hole_is_torn_within_the_last_commit_only() {
    let (lines, bytes) = two_commits();
    let starts: Vec<usize> = (0..=lines.len()).map(|index| lines[..index].iter().map(String::len).sum()).collect();
    for from in 0..bytes.len() - 1 {
        for length in [2, 30, 700] {
            let mut holed = bytes.clone();
            holed[from..].iter_mut().take(length).for_each(|byte| *byte = 0);
            let scan = judge(&holed);
            let (whole, _) = whole_before(&lines, from);
            assert_eq!(scan.lines.len(), whole.saturating_sub(1), "hole at {from}");
            let hits_older = from < starts[3];
            let end_is_whole = from + length < starts[6];
            match scan.verdict {
                Verdict::Torn { .. } => {
                    assert!(!hits_older || from + length >= starts[6] - 75, "hole at {from}, {length}");
                }
                Verdict::Corrupt { .. } => assert!(hits_older && end_is_whole, "hole at {from}, {length}"),
                other => panic!("hole at {from}: {other:?}"),
            }
        }
    }
}
