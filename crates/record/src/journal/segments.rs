//! One record out of several files: after a failed write the record goes on in a new file that names the old one's head.

use super::chain::Digest;
use super::header::{Continues, FORMAT, Header};
use super::scan::{Line, Scan, Verdict};
use firedrill_model::SafeText;

/// A file of the record, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name.
    pub file: String,
    /// What is in it.
    pub scan: Scan,
}

/// What was used of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentUse {
    /// Its name.
    pub file: String,
    /// In which format it is written.
    pub format: u32,
    /// In which draft of it, where it is one.
    pub draft: Option<u32>,
    /// Entries of it that count.
    pub entries: u64,
    /// Entries after the head that a later file names. They were never acknowledged.
    pub superseded: u64,
}

/// A file of the record that doesn't count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub file: SafeText,
    /// Entries in it.
    pub entries: u64,
    /// It says nothing that another file doesn't say: an attempt to write that came to nothing.
    pub says_nothing_new: bool,
}

/// The whole record.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// Header of the first file, if it is whole.
    pub header: Option<Header>,
    /// All lines that count, in order.
    pub lines: Vec<Line>,
    /// Hash of the last line of the last file that counts.
    pub head: Option<Digest>,
    /// Whole, or what is wrong first.
    pub verdict: Verdict,
    /// The files that count. The last one is where the record goes on.
    pub used: Vec<SegmentUse>,
    /// Length of the valid prefix of that file, in bytes.
    pub valid: usize,
    /// The files that don't count, in order.
    pub left_out: Vec<LeftOut>,
    /// Whether there is a later file to be tied to what counts.
    several: bool,
    anchors: Vec<Anchor>,
}

/// How much of what lies beyond the head that a later file names the file says again.
enum Repeats {
    /// All of it, before anything new.
    All,
    /// Its beginning, and nothing else.
    Some,
    /// It says something else in its place, or names a head that confirmed entries follow.
    Otherwise,
}

/// A header or entry that counts, to which a later file can be tied.
#[derive(Debug, Clone, PartialEq)]
struct Anchor {
    hash: Digest,
    /// Lines that count up to and including this one.
    lines: usize,
    /// Which of the files it is in.
    owner: usize,
    /// An entry, not a header.
    entry: bool,
}

/// Puts the files of a drill together, in the order of their numbers.
#[must_use]
pub fn join(parts: Vec<Part>) -> Joined {
    let mut joined = Joined {
        header: None,
        lines: Vec::new(),
        head: None,
        verdict: Verdict::Whole,
        used: Vec::new(),
        valid: 0,
        left_out: Vec::new(),
        several: parts.len() > 1,
        anchors: Vec::new(),
    };
    for (index, part) in parts.into_iter().enumerate() {
        let goes_on = if index == 0 { joined.begin(part) } else { joined.go_on(part) };
        if !goes_on {
            break;
        }
    }
    joined
}

impl Joined {
    /// Number of the next entry.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.lines.len() as u64
    }

    fn begin(&mut self, part: Part) -> bool {
        self.header.clone_from(&part.scan.header);
        match part.scan.header.as_ref().map(|header| header.continues.as_ref()) {
            None => self.verdict = part.scan.verdict,
            Some(Some(from)) => {
                let why = SafeText::one_line(&format!("it continues {}, which isn't there", from.file));
                self.verdict = Verdict::Corrupt { file: SafeText::one_line(&part.file), line: 1, why };
            }
            Some(None) => {
                self.add(part);
                return true;
            }
        }
        false
    }

    /// Takes a later file. False ends the reading: what is wrong stands in the verdict then.
    fn go_on(&mut self, part: Part) -> bool {
        let Part { file, scan } = &part;
        let Some(header) = &scan.header else {
            if !matches!(scan.verdict, Verdict::Torn { .. }) {
                self.verdict = scan.verdict.clone();
                return false;
            }
            self.leave_out(file, 0, true);
            return true;
        };
        let named = header.continues.as_ref().and_then(|from| self.place_of(from));
        let Some(named) = named else {
            if !matches!(self.verdict, Verdict::Corrupt { .. }) {
                let from = header.continues.as_ref().map_or("nothing", |from| from.file.as_str());
                let why = format!("it continues {from} from an entry that isn't there");
                self.verdict = Verdict::Corrupt { file: file.as_str().into(), line: 1, why: SafeText::one_line(&why) };
            }
            return false;
        };
        if matches!(self.verdict, Verdict::Corrupt { .. }) {
            // What stands behind a damaged line was confirmed, and no other file replaces it.
            return false;
        }
        match self.compare(named, scan) {
            Repeats::All => {
                self.cut_to(named);
                self.add(part);
            }
            Repeats::Some => self.leave_out(file, scan.lines.len(), true),
            Repeats::Otherwise => self.leave_out(file, scan.lines.len(), scan.lines.is_empty()),
        }
        true
    }

    /// Says how a later file stands to what lies beyond the head that it names. It begins with all of that if it was written twice:
    /// once in vain, and then again. What a later commit follows was confirmed, and is replaced by nothing.
    fn compare(&self, named: usize, scan: &Scan) -> Repeats {
        let from = self.anchors.get(named).map_or(0, |anchor| anchor.lines);
        let beyond = self.lines.get(from..).unwrap_or_default();
        let unconfirmed = beyond.iter().all(|line| line.first <= from as u64);
        let same = |(old, new): (&Line, &Line)| old.seq == new.seq && old.content == new.content;
        let repeated = unconfirmed && beyond.iter().zip(&scan.lines).all(same);
        match (beyond.is_empty() || repeated, scan.lines.len() < beyond.len()) {
            (false, _) => Repeats::Otherwise,
            (true, true) => Repeats::Some,
            (true, false) => Repeats::All,
        }
    }

    fn leave_out(&mut self, file: &str, entries: usize, says_nothing_new: bool) {
        self.left_out.push(LeftOut { file: SafeText::one_line(file), entries: entries as u64, says_nothing_new });
    }

    fn place_of(&self, from: &Continues) -> Option<usize> {
        let place = self.anchors.iter().rposition(|anchor| anchor.hash == from.head)?;
        (self.anchors.get(place)?.lines as u64 == from.next).then_some(place)
    }

    /// Drops what lies beyond a named head: it was never acknowledged.
    fn cut_to(&mut self, place: usize) {
        let Some(lines) = self.anchors.get(place).map(|anchor| anchor.lines) else { return };
        for anchor in self.anchors.drain(place + 1..).filter(|anchor| anchor.entry) {
            if let Some(segment) = self.used.get_mut(anchor.owner) {
                segment.superseded += 1;
                segment.entries = segment.entries.saturating_sub(1);
            }
        }
        self.lines.truncate(lines);
        self.verdict = Verdict::Whole;
    }

    fn add(&mut self, part: Part) {
        let Part { file, scan } = part;
        let owner = self.used.len();
        self.head = scan.head();
        self.valid = scan.valid;
        self.verdict = scan.verdict;
        let format = scan.header.as_ref().map_or(FORMAT, |header| header.format);
        let draft = scan.header.as_ref().and_then(|header| header.draft);
        self.used.push(SegmentUse { file, format, draft, entries: scan.lines.len() as u64, superseded: 0 });
        if self.several {
            let before = self.lines.len();
            let start = scan.start.map(|hash| Anchor { hash, lines: before, owner, entry: false });
            let entries = scan.lines.iter().enumerate();
            let entries =
                entries.map(|(at, line)| Anchor { hash: line.hash, lines: before + at + 1, owner, entry: true });
            self.anchors.extend(start.into_iter().chain(entries));
        }
        // The first file is most of the record, or all of it: it is not copied.
        if self.lines.is_empty() {
            self.lines = scan.lines;
        } else {
            self.lines.extend(scan.lines);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::journal::{body, chained, scan};
    use firedrill_model::event::{Entry, Event, PeopleEvent};
    use firedrill_model::id::{DrillId, ScenarioId};
    use firedrill_model::{Audience, Author, DrillTime};

    fn entry(seq: u64) -> Entry {
        let event = Event::People(PeopleEvent::Attending { on: seq.is_multiple_of(2) });
        let (by, to) = (Author::World(firedrill_model::id::WorldId::simulated()), Audience::Everyone);
        Entry { seq, at: DrillTime(seq), utc: DateTime::UNIX_EPOCH, by, to, source: None, event }
    }

    /// A file of `count` entries, and its hashes: that of the header, and of each entry.
    fn file(number: u32, continues: Option<Continues>, count: u64) -> (Part, Vec<Digest>) {
        let (drill, scenario) = (DrillId::new("d").unwrap(), ScenarioId::new("s").unwrap());
        let header = Header::new(drill, scenario, "", 1, ("simulated", 1), DateTime::UNIX_EPOCH);
        let from = continues.as_ref().map_or(0, |from| from.next);
        let (mut bytes, head) = chained(None, &Header { continues, ..header }.body());
        let mut hashes = vec![head];
        for seq in from..from + count {
            let (line, hash) = chained(hashes.last(), &body(&entry(seq), from));
            bytes += &line;
            hashes.push(hash);
        }
        let file = format!("journal-{number}.jsonl");
        (Part { scan: scan(&file, bytes.as_bytes()), file }, hashes)
    }

    fn after(hashes: &[Digest], next: usize, first: u64) -> Continues {
        Continues { file: "before".into(), head: hashes[next], next: first + next as u64 }
    }

    fn seqs(joined: &Joined) -> Vec<u64> {
        joined.lines.iter().map(|line| line.seq).collect()
    }

    #[test]
    fn three_files_make_one_record() {
        let (first, hashes) = file(1, None, 5);
        let (second, more) = file(2, Some(after(&hashes, 3, 0)), 4);
        let (third, last) = file(3, Some(after(&more, 4, 3)), 2);
        let joined = join(vec![first, second, third]);
        assert_eq!(joined.verdict, Verdict::Whole);
        assert_eq!(seqs(&joined), (0..9).collect::<Vec<_>>());
        assert_eq!(joined.head, last.last().copied());
        let used: Vec<_> = joined.used.iter().map(|segment| (segment.entries, segment.superseded)).collect();
        assert_eq!(used, [(3, 2), (4, 0), (2, 0)]);
    }

    #[test]
    fn a_file_may_go_on_behind_a_try_that_came_to_nothing() {
        let (first, hashes) = file(1, None, 2);
        let (tried, _) = file(2, Some(after(&hashes, 2, 0)), 1);
        let (third, _) = file(3, Some(after(&hashes, 2, 0)), 3);
        let joined = join(vec![first, tried, third]);
        assert_eq!(seqs(&joined), (0..5).collect::<Vec<_>>());
        assert_eq!((joined.used[1].entries, joined.used[1].superseded), (0, 1));
    }

    #[test]
    fn a_head_with_the_wrong_number_is_not_continued() {
        let (first, hashes) = file(1, None, 5);
        let (second, _) = file(2, Some(after(&hashes, 3, 1)), 2);
        assert!(matches!(join(vec![first, second]).verdict, Verdict::Corrupt { line: 1, .. }));
    }

    #[test]
    fn no_files_make_no_record() {
        let joined = join(Vec::new());
        assert_eq!((joined.next(), joined.header, joined.head), (0, None, None));
    }

    proptest! {
        /// Whatever lies in a folder: what is read is numbered from 0 without gaps, and the files account for all of it.
        #[test]
        fn any_pile_of_files_is_joined(picks in prop::collection::vec((0..3_usize, 0..6_usize, 0..4_u64), 0..5)) {
            let (first, hashes) = file(1, None, 4);
            let (mut parts, mut known) = (vec![first], vec![(0, hashes)]);
            for (number, (owner, place, count)) in (2..).zip(picks) {
                let (base, hashes) = &known[owner.min(known.len() - 1)];
                let place = place.min(hashes.len() - 1);
                let continues = after(hashes, place, *base);
                let base = base + place as u64;
                let (part, hashes) = file(number, Some(continues), count);
                parts.push(part);
                known.push((base, hashes));
            }
            let joined = join(parts);
            prop_assert_eq!(seqs(&joined), (0..joined.next()).collect::<Vec<_>>());
            prop_assert_eq!(joined.used.iter().map(|segment| segment.entries).sum::<u64>(), joined.next());
        }
    }
}
