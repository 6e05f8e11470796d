//! The last line of a journal, read from its end without the rest: for lists, where nothing needs to be proven.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::chain::Digest;
use super::header::Continues;
use super::line::Framed;

/// What the end of a journal shows.
#[derive(Debug, Clone, PartialEq)]
pub enum LastLine {
    /// An entry.
    Entry {
        /// Its number.
        seq: u64,
        /// When it was written.
        utc: DateTime<Utc>,
        /// The hash that it carries.
        hash: Digest,
    },
    /// Only the header is there yet.
    Header {
        /// Number of the entry that comes next.
        next: u64,
        /// The hash that it carries.
        hash: Digest,
    },
    /// The last write didn't finish.
    Torn,
    /// It doesn't follow from the line before.
    Damaged,
    /// It is longer than what was read.
    Long,
}

#[derive(Deserialize)]
struct End {
    n: Option<u64>,
    utc: Option<DateTime<Utc>>,
    continues: Option<Continues>,
}

/// Reads the last line of the last bytes of a journal.
#[must_use]
pub fn last_line(end: &[u8]) -> LastLine {
    let Some(whole) = end.strip_suffix(b"\n") else { return LastLine::Torn };
    let mut lines = whole.rsplit(|byte| *byte == b'\n');
    let (last, before) = (lines.next().unwrap_or_default(), lines.next());
    let Some(framed) = Framed::of(last) else { return LastLine::Torn };
    // The line before may be cut by where the reading began; its hash stands at its end all the same.
    let previous = before.and_then(Framed::of).map(|line| line.stored);
    if before.is_some() && !framed.follows(previous.as_ref()) {
        return LastLine::Damaged;
    }
    if before.is_none() && !last.starts_with(b"{\"") {
        return LastLine::Long;
    }
    match serde_json::from_slice(last) {
        Ok(End { n: Some(seq), utc: Some(utc), .. }) => LastLine::Entry { seq, utc, hash: framed.stored },
        Ok(End { n: None, continues, .. }) => {
            LastLine::Header { next: continues.map_or(0, |from| from.next), hash: framed.stored }
        }
        _ => LastLine::Damaged,
    }
}
