//! One record out of several files: after a failed write the record goes on in a new file that names the old one's head.

use super::chain::Digest;
use super::content::Content;
use super::header::{Continues, Header};
use super::scan::{Line, Scan, Verdict};
use crate::domain::SafeText;

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
    /// Entries of it that count.
    pub entries: u64,
    /// Entries after the head that a later file names. They were never acknowledged.
    pub superseded: u64,
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
    /// What is odd, in words.
    pub notices: Vec<SafeText>,
    anchors: Vec<Anchor>,
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
        notices: Vec::new(),
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

    /// Entries of kinds that this program doesn't know, counted by kind.
    #[must_use]
    pub fn unknown(&self) -> std::collections::BTreeMap<String, u64> {
        let mut counts = std::collections::BTreeMap::new();
        for line in &self.lines {
            if let Content::Unknown(kind) = &line.content {
                *counts.entry(SafeText::one_line(kind).as_str().to_owned()).or_default() += 1;
            }
        }
        counts
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
            self.notices.push(SafeText::one_line(&format!("{file} was begun and holds nothing yet; it is left out")));
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
        if !self.repeats(named, scan) {
            let said = format!("{file} goes on from an entry that others follow already; what is in it is left out");
            self.notices.push(SafeText::one_line(&said));
            return true;
        }
        self.cut_to(named);
        self.add(part);
        true
    }

    /// Says whether a later file begins with what lies beyond the head that it names. It does if that was written twice: once in
    /// vain, and then again. If not, two programs went on from the same entry, and the file that was found first counts.
    fn repeats(&self, named: usize, scan: &Scan) -> bool {
        let from = self.anchors.get(named).map_or(0, |anchor| anchor.lines);
        let beyond = self.lines.get(from..).unwrap_or_default();
        let same = |(old, new): (&Line, &Line)| old.seq == new.seq && old.content == new.content;
        beyond.is_empty() || (!scan.lines.is_empty() && beyond.iter().zip(&scan.lines).all(same))
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
        self.used.push(SegmentUse { file, entries: scan.lines.len() as u64, superseded: 0 });
        let mut anchor = |hash, lines, entry| self.anchors.push(Anchor { hash, lines, owner, entry });
        if let Some(start) = scan.start {
            anchor(start, self.lines.len(), false);
        }
        for line in scan.lines {
            anchor(line.hash, self.lines.len() + 1, true);
            self.lines.push(line);
        }
    }
}
