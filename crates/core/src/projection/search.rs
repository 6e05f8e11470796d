//! Finds log records while somebody types: 100,000 of them within a frame.
//!
//! Each record is lower-cased once, when it arrives or when the first search is made, into chunks of plain bytes. A search runs over
//! whole chunks with a vectorised substring search (`memchr::memmem`). A query that can only find less than the one before looks at
//! what that one found; records that arrive later are looked at alone. `benches/search.rs` measures it.

use alloc::collections::VecDeque;

use memchr::memmem::Finder;

use super::view::LogRow;
use firedrill_model::LogSource;

/// Records in a chunk: small enough that dropping the oldest gives memory back, large enough that a search is one long run.
const CHUNK: usize = 1_024;
/// Records that are made ready in one go before anything is looked for, so that the first letter finds most of the work done.
const AHEAD: usize = 8_192;
/// Between records. No word holds it, so that nothing is found across two records.
const GAP: u8 = b'\n';

/// What is looked for: words that must all be in a record, words that must not be, and a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    source: Option<LogSource>,
    with: Vec<String>,
    without: Vec<String>,
}

impl Query {
    /// Reads what was typed. Upper and lower case are the same; `-word` leaves out records that hold the word.
    #[must_use]
    pub fn new(typed: &str, source: Option<LogSource>) -> Self {
        let mut query = Self { source, ..Self::default() };
        for word in typed.split_whitespace().map(str::to_lowercase) {
            match word.strip_prefix('-') {
                Some("") => {}
                Some(word) => query.without.push(word.to_owned()),
                None => query.with.push(word),
            }
        }
        query
    }

    /// Says whether every record is found.
    #[must_use]
    pub(crate) fn finds_all(&self) -> bool {
        *self == Self::default()
    }

    /// Says whether it finds nothing that `wider` doesn't find.
    fn narrows(&self, wider: &Self) -> bool {
        let source = wider.source.is_none() || wider.source == self.source;
        let kept = |word: &String| self.with.iter().any(|longer| longer.contains(word.as_str()));
        let still_out = |word: &String| self.without.iter().any(|shorter| word.contains(shorter.as_str()));
        source && wider.with.iter().all(kept) && wider.without.iter().all(still_out)
    }
}

/// The newest record that fits: for those who look once, not while they type.
#[must_use]
pub fn newest<'a>(rows: &'a VecDeque<LogRow>, query: &Query) -> Option<&'a LogRow> {
    let ready = Ready::new(query);
    rows.iter().rev().find(|row| {
        let mut chunk = Chunk::default();
        chunk.push(row);
        ready.fits(row.record.source, &chunk.text, 0)
    })
}

/// A query made ready.
struct Ready<'a> {
    source: Option<LogSource>,
    /// The longest word first: it is the rarest, as a rule.
    with: Vec<Finder<'a>>,
    without: Vec<Finder<'a>>,
}

impl<'a> Ready<'a> {
    fn new(query: &'a Query) -> Self {
        let mut words: Vec<&str> = query.with.iter().map(String::as_str).collect();
        words.sort_by_key(|word| core::cmp::Reverse(word.len()));
        Self {
            source: query.source,
            with: words.into_iter().map(Finder::new).collect(),
            without: query.without.iter().map(Finder::new).collect(),
        }
    }

    fn fits(&self, source: LogSource, text: &[u8], from_word: usize) -> bool {
        self.source.is_none_or(|wanted| wanted == source)
            && self.with.iter().skip(from_word).all(|word| word.find(text).is_some())
            && self.without.iter().all(|word| word.find(text).is_none())
    }
}

/// Records one after the other, lower-cased.
#[derive(Debug, Clone, Default)]
struct Chunk {
    /// Number of its first record.
    first: u64,
    text: Vec<u8>,
    /// Where each record ends, its gap included, and its source.
    records: Vec<(usize, LogSource)>,
}

impl Chunk {
    fn push(&mut self, row: &LogRow) {
        let record = &row.record;
        for part in [record.source.label(), record.summary().as_str(), record.raw().as_str()] {
            if part.is_ascii() {
                let start = self.text.len();
                self.text.extend_from_slice(part.as_bytes());
                if let Some(added) = self.text.get_mut(start..) {
                    added.make_ascii_lowercase();
                }
            } else {
                self.text.extend_from_slice(part.to_lowercase().as_bytes());
            }
            self.text.push(GAP);
        }
        self.records.push((self.text.len(), record.source));
    }

    fn record(&self, at: usize) -> Option<(LogSource, &[u8])> {
        let (end, source) = *self.records.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.records.get(before)).map_or(0, |(end, _)| *end);
        self.text.get(start..end).map(|text| (source, text))
    }

    /// Adds the numbers of the records from `at` on that fit.
    fn search(&self, ready: &Ready<'_>, mut at: usize, found: &mut VecDeque<u64>) {
        let Some((first_word, _)) = ready.with.split_first() else {
            return self.search_each(ready, at, found);
        };
        let mut from = at.checked_sub(1).and_then(|before| self.records.get(before)).map_or(0, |(end, _)| *end);
        while let Some(hit) = self.text.get(from..).and_then(|rest| first_word.find(rest)).map(|hit| from + hit) {
            // A word that is in most records is in the next one.
            if self.records.get(at).is_none_or(|(end, _)| *end <= hit) {
                at += self.records.get(at..).map_or(0, |rest| rest.partition_point(|(end, _)| *end <= hit));
            }
            let Some((source, text)) = self.record(at) else { return };
            if ready.fits(source, text, 1) {
                found.push_back(self.first + at as u64);
            }
            from = self.records.get(at).map_or(self.text.len(), |(end, _)| *end);
            at += 1;
        }
    }

    fn search_each(&self, ready: &Ready<'_>, from: usize, found: &mut VecDeque<u64>) {
        for at in from..self.records.len() {
            if self.record(at).is_some_and(|(source, text)| ready.fits(source, text, 0)) {
                found.push_back(self.first + at as u64);
            }
        }
    }
}

/// Records made ready for searching, the query and what it found. Follows a growing list of records; numbers count from the first
/// record of the drill and stay the same when the oldest are dropped.
#[derive(Debug, Clone, Default)]
pub struct Search {
    chunks: VecDeque<Chunk>,
    /// The record after the last one that was made ready.
    end: u64,
    query: Query,
    found: VecDeque<u64>,
    /// The record after the last one that was looked at.
    looked: u64,
    /// Number of the oldest record that is kept.
    oldest: u64,
}

impl Search {
    /// Looks for `query` in `rows`, of which the first has the number `dropped`. What was found before is used again where it can be.
    pub fn look(&mut self, rows: &VecDeque<LogRow>, dropped: u64, query: Query) -> Found<'_> {
        let end = dropped + rows.len() as u64;
        if self.end > end || self.end < dropped {
            *self = Self { end: dropped, ..Self::default() };
        }
        if query.finds_all() {
            self.follow(rows, dropped, AHEAD);
            return Found::All { first: dropped, end };
        }
        self.follow(rows, dropped, usize::MAX);
        if query != self.query {
            self.ask_anew(query);
        }
        self.look_at_new();
        Found::Some(&self.found)
    }

    /// Makes ready what came since, and forgets what was dropped.
    fn follow(&mut self, rows: &VecDeque<LogRow>, dropped: u64, most: usize) {
        let from = usize::try_from(self.end - dropped).unwrap_or(usize::MAX);
        for row in rows.iter().skip(from).take(most) {
            if self.chunks.back().is_none_or(|chunk| chunk.records.len() >= CHUNK) {
                self.chunks.push_back(Chunk { first: self.end, ..Chunk::default() });
            }
            if let Some(chunk) = self.chunks.back_mut() {
                chunk.push(row);
            }
            self.end += 1;
        }
        while self.chunks.front().is_some_and(|chunk| chunk.first + chunk.records.len() as u64 <= dropped) {
            self.chunks.pop_front();
        }
        self.oldest = dropped;
        while self.found.front().is_some_and(|number| *number < dropped) {
            self.found.pop_front();
        }
    }

    fn ask_anew(&mut self, query: Query) {
        let before = core::mem::replace(&mut self.query, query);
        if before.finds_all() || !self.query.narrows(&before) {
            self.found.clear();
            self.looked = 0;
            return;
        }
        let ready = Ready::new(&self.query);
        let chunks = &self.chunks;
        self.found.retain(|number| text_of(chunks, *number).is_some_and(|(source, text)| ready.fits(source, text, 0)));
    }

    fn look_at_new(&mut self) {
        let ready = Ready::new(&self.query);
        let first = self.chunks.front().map_or(self.end, |chunk| chunk.first);
        let from = self.looked.max(self.oldest);
        let skip = usize::try_from(from - first).unwrap_or(usize::MAX) / CHUNK;
        for chunk in self.chunks.iter().skip(skip) {
            let at = usize::try_from(from.saturating_sub(chunk.first)).unwrap_or(usize::MAX);
            chunk.search(&ready, at, &mut self.found);
        }
        self.looked = self.end;
    }
}

/// The text of a record. All chunks but the last are full.
fn text_of(chunks: &VecDeque<Chunk>, number: u64) -> Option<(LogSource, &[u8])> {
    let at = usize::try_from(number.checked_sub(chunks.front()?.first)?).ok()?;
    chunks.get(at / CHUNK)?.record(at % CHUNK)
}

/// What was found: numbers of records, ascending. Rows count from the newest.
#[derive(Debug, Clone, Copy)]
pub enum Found<'a> {
    /// Everything.
    All {
        /// Number of the oldest record.
        first: u64,
        /// The number after the newest.
        end: u64,
    },
    /// These.
    Some(&'a VecDeque<u64>),
}

impl Found<'_> {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::All { first, end } => usize::try_from(end - first).unwrap_or(usize::MAX),
            Self::Some(found) => found.len(),
        }
    }

    /// Says whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of the record in this row.
    #[must_use]
    pub fn number(&self, row: usize) -> Option<u64> {
        let from_oldest = self.len().checked_sub(row)?.checked_sub(1)?;
        match self {
            Self::All { first, .. } => Some(first + from_oldest as u64),
            Self::Some(found) => found.get(from_oldest).copied(),
        }
    }

    /// The row of the record with this number.
    #[must_use]
    pub fn row(&self, number: u64) -> Option<usize> {
        let from_oldest = match self {
            Self::All { first, end } if (*first..*end).contains(&number) => usize::try_from(number - first).ok()?,
            Self::All { .. } => return None,
            Self::Some(found) => found.binary_search(&number).ok()?,
        };
        self.len().checked_sub(from_oldest)?.checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use firedrill_model::{DrillTime, LogRecord, LogText, RecordId};

    fn row(seq: u64, source: LogSource, raw: &str) -> LogRow {
        let record =
            LogRecord::new(RecordId::of("test", seq), source, DrillTime::ZERO, LogText::of("Who".into(), raw.into()));
        LogRow { seq, delivered: DrillTime::ZERO, record: record.into() }
    }

    /// What the words mean, without any cleverness.
    fn naive(row: &LogRow, typed: &str, source: Option<LogSource>) -> bool {
        let record = &row.record;
        let text = format!("{}\n{}\n{}", record.source.label(), record.summary(), record.raw()).to_lowercase();
        let fits = |word: &str| match word.strip_prefix('-') {
            Some("") => true,
            Some(word) => !text.contains(word),
            None => text.contains(word),
        };
        source.is_none_or(|source| source == record.source) && typed.to_lowercase().split_whitespace().all(fits)
    }

    fn numbers(found: Found<'_>) -> Vec<u64> {
        (0..found.len()).rev().filter_map(|row| found.number(row)).collect()
    }

    #[test]
    fn words_are_all_in_it_whatever_their_case_and_none_of_the_others() {
        let rows: VecDeque<LogRow> =
            ["Assume ROLE", "assume user", "role"].iter().map(|raw| row(0, LogSource::Cloudtrail, raw)).collect();
        let mut search = Search::default();
        assert_eq!(numbers(search.look(&rows, 0, Query::new("role ASSUME", None))), [0]);
        assert_eq!(numbers(search.look(&rows, 0, Query::new("assume -role", None))), [1]);
        assert_eq!(numbers(search.look(&rows, 0, Query::new("-", None))), [0, 1, 2]);
        assert_eq!(numbers(search.look(&rows, 0, Query::new("", Some(LogSource::VpcFlow)))), [0; 0]);
        assert_eq!(
            numbers(search.look(&rows, 0, Query::new("cloudtrail", None))),
            [0, 1, 2],
            "the source is a word too"
        );
    }

    #[test]
    fn rows_count_from_the_newest_and_numbers_stay() {
        let rows: VecDeque<LogRow> = ["ab", "b", "ab"].iter().map(|raw| row(0, LogSource::VpcFlow, raw)).collect();
        let mut search = Search::default();
        let found = search.look(&rows, 10, Query::new("ab", None));
        assert_eq!((found.number(0), found.number(1), found.number(2)), (Some(12), Some(10), None));
        assert_eq!((found.row(12), found.row(11), found.row(10)), (Some(0), None, Some(1)));
        let all = search.look(&rows, 10, Query::default());
        assert_eq!((all.len(), all.number(0), all.row(10), all.row(13)), (3, Some(12), Some(2), None));
    }

    #[test]
    fn longer_words_narrow_and_shorter_exclusions_do() {
        let narrows = |now: &str, before: &str| Query::new(now, None).narrows(&Query::new(before, None));
        assert!(narrows("pool", "po") && narrows("po x", "po") && narrows("a -b", "a -bc"));
        assert!(!narrows("p", "po") && !narrows("a -bc", "a -b") && !narrows("x", "po x"));
    }

    proptest! {
        #[test]
        fn however_one_gets_there_the_same_is_found(
            texts in prop::collection::vec("[abC É]{0,8}", 1..60),
            steps in prop::collection::vec(("[-ab cé]{0,6}", 0usize..3, 0usize..30, 0usize..6), 1..8),
        ) {
            let sources = [LogSource::Cloudtrail, LogSource::VpcFlow];
            let all: Vec<LogRow> =
                texts.iter().enumerate().map(|(at, text)| row(at as u64, sources[at % 2], text)).collect();
            let (mut rows, mut dropped, mut search) = (VecDeque::new(), 0_u64, Search::default());
            let mut next = 0;
            for (typed, source, grow, shrink) in steps {
                for row in all.iter().skip(next).take(grow) {
                    rows.push_back(row.clone());
                    next += 1;
                }
                for _ in 0..shrink.min(rows.len()) {
                    rows.pop_front();
                    dropped += 1;
                }
                let source = sources.get(source).copied();
                let wanted: Vec<u64> = rows.iter().filter(|row| naive(row, &typed, source)).map(|row| row.seq).collect();
                prop_assert_eq!(numbers(search.look(&rows, dropped, Query::new(&typed, source))), wanted);
            }
        }
    }
}
