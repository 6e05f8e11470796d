//! Reads a journal, and says what of it is whole. Torn is not corrupt.
//!
//! 1. The valid prefix is the lines that hash, parse and count.
//! 2. What follows it is *torn* if it is one line without its end: what a write left behind that didn't finish.
//! 3. It is also torn if the first bad line has a hole of zero bytes, and every later line that follows from the hash in the line before it
//!    was committed together with it: a power cut can leave a hole within what was written since the last sync. (No line of a journal
//!    holds a zero byte. A hole is longer than one byte, or begins with the line: one zero byte within a line is a changed bit.)
//! 4. Anything else is *corrupt*: somebody or something changed a line that was written. A line that ends whole was written whole.
//!
//! A line whose hash is right but whose content can't be read, has another number, or goes back or too far ahead on the drill clock,
//! is corrupt: no crash leaves that behind.

use super::chain::Digest;
use super::content::{self, Content, Read};
use super::header::{self, FORMAT, Header, HeaderFault};
use super::line::Framed;
use super::quick::{self, Names, Quick};
use firedrill_model::{DrillTime, SafeText, Sealed};

/// What is left of a journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// The first line, if it is whole.
    pub header: Option<Header>,
    /// Hash of the first line.
    pub start: Option<Digest>,
    /// The lines of the valid prefix, after the header.
    pub lines: Vec<Line>,
    /// Length of the valid prefix in bytes.
    pub valid: usize,
    /// What is to be said of the rest.
    pub verdict: Verdict,
}

/// A line that hashes, parses and counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its number.
    pub seq: u64,
    /// Number of the first entry of its commit: what was committed together became durable together.
    pub first: u64,
    /// Its hash.
    pub hash: Digest,
    /// The seals in it.
    pub seals: Vec<Sealed>,
    /// What it holds.
    pub content: Content,
}

/// What is to be said of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte of it is whole.
    Whole,
    /// A write at its end didn't finish.
    Torn {
        /// The file.
        file: SafeText,
        /// Line that is torn, from 1.
        line: u64,
        /// Bytes after the valid prefix.
        bytes: u64,
        /// The torn bytes end in a line feed: an acknowledged line may be hurt.
        ends_whole: bool,
    },
    /// It was changed after it was written.
    Corrupt {
        /// The file.
        file: SafeText,
        /// First line that doesn't verify, from 1.
        line: u64,
        /// Why it doesn't.
        why: SafeText,
    },
    /// Its line ends were changed on the way, by git or a mail program, and nothing else: with the old ones every line verifies.
    LineEnds {
        /// The file.
        file: SafeText,
    },
    /// It is in a format that this program doesn't know yet.
    Newer {
        /// The format.
        format: u32,
        /// Who wrote it.
        program: SafeText,
    },
}

impl Scan {
    /// The hash of the last line of the valid prefix.
    #[must_use]
    pub fn head(&self) -> Option<Digest> {
        self.lines.last().map(|line| line.hash).or(self.start)
    }

    /// Number of the next entry.
    #[must_use]
    pub fn next(&self) -> u64 {
        let first = self.header.as_ref().and_then(|header| header.continues.as_ref()).map_or(0, |from| from.next);
        self.lines.last().map_or(first, |line| line.seq.saturating_add(1))
    }
}

/// Why a line ends the valid prefix.
enum Bad {
    /// It doesn't hash: torn or corrupt, depending on what follows.
    Hash(&'static str),
    /// It hashes and still makes no sense.
    Content(String),
    /// Its format is newer than this program.
    Newer { format: u32, program: SafeText },
}

/// Reads the bytes of the journal `file`. Where only its line ends were changed, what it said before is read.
#[must_use]
pub fn scan(file: &str, bytes: &[u8]) -> Scan {
    let found = scan_as_it_is(file, bytes);
    if matches!(found.verdict, Verdict::Whole | Verdict::Newer { .. }) {
        return found;
    }
    let restored = with_line_feeds(bytes).map(|restored| scan_as_it_is(file, &restored));
    match restored.filter(|restored| restored.verdict == Verdict::Whole) {
        Some(restored) => Scan { verdict: Verdict::LineEnds { file: SafeText::one_line(file) }, ..restored },
        None => found,
    }
}

/// The same with a line feed alone at the end of each line, if that makes it another text.
#[must_use]
pub fn with_line_feeds(bytes: &[u8]) -> Option<Vec<u8>> {
    memchr::memchr(b'\r', bytes)?;
    let mut restored = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        restored.extend_from_slice(line.strip_suffix(b"\r\n").unwrap_or(line));
        if line.ends_with(b"\r\n") {
            restored.push(b'\n');
        }
    }
    (restored.len() < bytes.len()).then_some(restored)
}

fn scan_as_it_is(file: &str, bytes: &[u8]) -> Scan {
    let raw: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let (lines, mut names) = (Vec::with_capacity(raw.len()), Names::default());
    let mut scan = Scan { header: None, start: None, lines, valid: 0, verdict: Verdict::Whole };
    if raw.is_empty() {
        scan.verdict = Verdict::Torn { file: file.into(), line: 1, bytes: 0, ends_whole: false };
    }
    for (index, line) in raw.iter().enumerate() {
        if let Err(bad) = scan.take(line, &mut names) {
            let rest = Rest {
                file,
                format: scan.header.as_ref().map_or(FORMAT, |header| header.format),
                line: index as u64 + 1,
                bytes: bytes.len() - scan.valid,
                lines: raw.get(index..).unwrap_or_default(),
                head: scan.head(),
            };
            scan.verdict = rest.judge(bad, scan.header.is_some().then(|| scan.next()));
            break;
        }
        scan.valid += line.len();
    }
    scan
}

impl Scan {
    /// Takes one more line, if it hashes, parses and counts.
    fn take(&mut self, raw: &[u8], names: &mut Names) -> Result<(), Bad> {
        let line = raw.strip_suffix(b"\n").ok_or(Bad::Hash("it is cut off"))?;
        let framed = Framed::of(line).ok_or(Bad::Hash("it doesn't end in a hash"))?;
        if !framed.follows(self.head().as_ref()) {
            return Err(Bad::Hash("its hash doesn't follow from its content and the line before"));
        }
        match &self.header {
            None => {
                self.header = Some(header::read(line).map_err(|fault| match fault {
                    HeaderFault::NotOne(why) => Bad::Content(why),
                    HeaderFault::Newer { format, program } => Bad::Newer { format, program },
                })?);
                self.start = Some(framed.stored);
            }
            Some(header) => {
                let quick =
                    Some(framed.body).filter(|_| header.format == FORMAT).and_then(|body| quick::read(body, names));
                let Read { seq, first, content } = match quick {
                    Some(Quick { entry, first, .. }) => {
                        Read { seq: entry.seq, first, content: Content::Entry(Box::new(entry)) }
                    }
                    None => content::read(header.format, line).map_err(Bad::Content)?,
                };
                let next = self.next();
                if seq != next {
                    return Err(Bad::Content(format!("it has the number {seq} where {next} was due")));
                }
                self.check_time(&content)?;
                self.lines.push(Line { seq, first, hash: framed.stored, seals: content::seals(line), content });
            }
        }
        Ok(())
    }

    /// The drill clock never goes back, and stops at the latest moment of a drill. A record that says otherwise would keep whoever takes
    /// it up busy for ever.
    fn check_time(&self, content: &Content) -> Result<(), Bad> {
        let Some(at) = content.at() else { return Ok(()) };
        if at > DrillTime::LATEST {
            return Err(Bad::Content(format!(
                "it is of the moment {} on the drill clock, later than any drill goes on",
                at.0
            )));
        }
        let before = self.lines.iter().rev().find_map(|line| line.content.at());
        match before.filter(|before| *before > at) {
            Some(before) => {
                Err(Bad::Content(format!("its moment {} is before {}, that of an entry before it", at.0, before.0)))
            }
            None => Ok(()),
        }
    }
}

/// What follows the valid prefix.
struct Rest<'a> {
    file: &'a str,
    /// In which format its entries would be.
    format: u32,
    /// Number of its first line in the file, from 1.
    line: u64,
    bytes: usize,
    lines: &'a [&'a [u8]],
    /// The hash that its first line would follow from.
    head: Option<Digest>,
}

impl Rest<'_> {
    /// Judges it by what is wrong with its first line. That would have been the entry number `due`, or else the header, which is synced
    /// alone.
    fn judge(&self, bad: Bad, due: Option<u64>) -> Verdict {
        let (file, line) = (SafeText::one_line(self.file), self.line);
        match bad {
            Bad::Newer { format, program } => Verdict::Newer { format, program },
            Bad::Content(why) => Verdict::Corrupt { file, line, why: SafeText::one_line(&why) },
            Bad::Hash(why) if !self.may_be_unsynced(due) => Verdict::Corrupt { file, line, why: why.into() },
            Bad::Hash(_) if self.was_written_whole() => {
                let why = "its write had finished, and it was changed since";
                Verdict::Corrupt { file, line, why: why.into() }
            }
            Bad::Hash(_) => {
                let ends_whole = self.lines.last().is_some_and(|last| last.ends_with(b"\n"));
                Verdict::Torn { file, line, bytes: self.bytes as u64, ends_whole }
            }
        }
    }

    /// Says whether its first line was written to its end: it ends, and has no hole, or only its end was changed.
    fn was_written_whole(&self) -> bool {
        let Some(first) = self.lines.first() else { return false };
        match first.strip_suffix(b"\n") {
            Some(line) => !has_hole(line),
            None => first
                .split_last()
                .filter(|(end, _)| **end != 0)
                .and_then(|(_, line)| Framed::of(line))
                .is_some_and(|framed| framed.follows(self.head.as_ref())),
        }
    }

    /// Says whether all of it can be what was written since the last sync: no later line follows from the hash that stands in the line
    /// before it, or all that do were committed together with the first one, which has a hole.
    fn may_be_unsynced(&self, due: Option<u64>) -> bool {
        let due = due.filter(|_| self.lines.first().is_some_and(|line| has_hole(line)));
        following(self.lines)
            .all(|line| content::read(self.format, line).is_ok_and(|read| due.is_some_and(|due| read.first <= due)))
    }
}

/// Says whether something was never written within a line. The system writes in blocks, and a hole ends where one does: a single zero byte
/// in the middle is a changed bit.
fn has_hole(line: &[u8]) -> bool {
    line.starts_with(&[0]) || line.windows(2).any(|pair| pair == [0, 0])
}

/// Those of `lines` that follow from the hash that stands in the line before.
fn following<'a>(lines: &'a [&'a [u8]]) -> impl Iterator<Item = &'a [u8]> {
    lines.windows(2).filter_map(|pair| {
        let [before, after] = pair else { return None };
        let stored = Framed::of_raw(before)?.stored;
        Framed::of_raw(after)?.follows(Some(&stored)).then_some(*after)
    })
}

/// Says whether none of `lines` follows from the one before it.
pub(super) fn nothing_follows(lines: &[&[u8]]) -> bool {
    following(lines).next().is_none()
}
