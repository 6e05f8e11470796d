//! The record's format: lines, chain, header, versions, and what is still whole of a damaged journal. Bytes and entries, no files.
//!
//! A journal is a file of JSON lines. The first is the [`Header`], each further one an entry:
//!
//! ```text
//! {"journal":"firedrill","format":2,"program":"...","drill":"...", ... ,"hash":"<64 hex>"}
//! {"n":0,"at":0,"utc":"...","by":"drill","to":"everyone","kind":"drill.opened","data":{...},"hash":"<64 hex>"}
//! {"n":1,"with":0,"at":0, ... }
//! ```
//!
//! `hash` is SHA-256 over the hash of the line before (its 64 characters), a line feed, and the line's own bytes before `,"hash":"`.
//! Before the first line stands the word `firedrill`. `with` is the number of the first entry of the same commit, left out where it is the
//! entry itself: entries of one commit become durable together, so a power cut may leave holes among them. This frame (JSON lines, the hash at the end, `journal`, `format` and
//! `program` in the header) stays the same in every later format, so that each program can say who wrote what it can't read.
//!
//! What the chain proves: nobody changed, removed or reordered a line that another one follows. What it doesn't: that the clock was
//! right, that people were who they said, and that no lines were cut from the end. For the last, compare [`spoken::head_words`].

pub mod chain;
mod content;
mod ending;
mod glance;
mod header;
mod kinds;
mod ledger;
mod lift;
mod line;
mod packed;
mod quick;
mod scan;
mod segments;
pub mod spoken;
pub mod words;

pub use chain::Digest;
pub use content::{Content, body};
pub(crate) use content::{seals, seals_in};
pub use ending::Added;
pub(crate) use ending::Ending;
pub use glance::{LastLine, last_line};
pub(crate) use header::DRAFT;
pub use header::{Continues, FORMAT, Header};
pub(crate) use ledger::{LedgerScan, ledger_header, ledger_line, scan_ledger};
pub use line::chained;
pub(crate) use line::stands_alone;
pub(crate) use line::{Framed, Split};
pub use packed::Packed;
pub(crate) use quick::{Names, Quick, read as quick_read};
pub use scan::{Line, Scan, Verdict, scan, with_line_feeds};
pub use segments::{Joined, LeftOut, Part, SegmentUse, join};
