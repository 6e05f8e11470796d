//! The ledger of improvements: the same frame and chain as a journal, a header of its own, and lines that say what became of
//! improvements after their drill was closed.
//!
//! ```text
//! {"ledger":"firedrill","format":1,"program":"firedrill 0.1.0","hash":"<64 hex>"}
//! {"n":1,"utc":"...","kind":"improvement.closed","data":{...},"hash":"<64 hex>"}
//! ```

use serde::{Deserialize, Serialize};

use super::chain::Digest;
use super::line::{Framed, chained};
use super::scan::{Verdict, nothing_follows};
use firedrill_model::SafeText;
use firedrill_model::improvement::LedgerLine;

/// The format that this program writes.
const FORMAT: u32 = 1;
const MARK: &str = "firedrill";

#[derive(Serialize, Deserialize)]
struct Header {
    ledger: String,
    format: u32,
    program: SafeText,
}

/// Only the number and kind, for a line of a kind that this program doesn't know.
#[derive(Deserialize)]
struct Numbered {
    n: u64,
}

/// What a ledger's bytes hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LedgerScan {
    /// The lines of the valid prefix that this program knows.
    pub lines: Vec<LedgerLine>,
    /// Lines of kinds that it doesn't know.
    pub unknown: u64,
    /// Number of the last line.
    pub last: u64,
    /// Hash of the last valid line; nothing before the first.
    pub head: Option<Digest>,
    /// Length of the valid prefix in bytes.
    pub valid: usize,
    /// Whole, torn or corrupt.
    pub verdict: Verdict,
}

/// The first line, with its hash.
#[must_use]
pub(crate) fn ledger_header() -> (String, Digest) {
    let program = concat!("firedrill ", env!("CARGO_PKG_VERSION")).into();
    chained(None, &open(&Header { ledger: MARK.to_owned(), format: FORMAT, program }))
}

/// A further line, with its hash.
#[must_use]
pub(crate) fn ledger_line(head: &Digest, line: &LedgerLine) -> (String, Digest) {
    chained(Some(head), &open(line))
}

fn open(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_default();
    json.strip_suffix('}').unwrap_or(&json).to_owned()
}

/// Reads the bytes of the ledger `file`. No bytes are a ledger that wasn't begun.
#[must_use]
pub(crate) fn scan_ledger(file: &str, bytes: &[u8]) -> LedgerScan {
    let raw: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut scan = LedgerScan { lines: Vec::new(), unknown: 0, last: 0, head: None, valid: 0, verdict: Verdict::Whole };
    for (index, line) in raw.iter().enumerate() {
        if let Err(verdict) = scan.take(line) {
            scan.verdict = match verdict {
                Some(Verdict::Corrupt { why, .. }) => {
                    Verdict::Corrupt { file: file.into(), line: index as u64 + 1, why }
                }
                Some(other) => other,
                None if !line.ends_with(b"\n") && nothing_follows(raw.get(index..).unwrap_or_default()) => {
                    Verdict::Torn {
                        file: file.into(),
                        line: index as u64 + 1,
                        bytes: (bytes.len() - scan.valid) as u64,
                        ends_whole: bytes.ends_with(b"\n"),
                    }
                }
                None => Verdict::Corrupt {
                    file: file.into(),
                    line: index as u64 + 1,
                    why: "its hash doesn't follow from its content and the line before".into(),
                },
            };
            break;
        }
        scan.valid += line.len();
    }
    scan
}

impl LedgerScan {
    /// Takes one more line. Without a verdict, it doesn't hash: torn or corrupt, depending on what follows.
    fn take(&mut self, raw: &[u8]) -> Result<(), Option<Verdict>> {
        let line = raw.strip_suffix(b"\n").ok_or(None)?;
        let framed = Framed::of(line).filter(|framed| framed.follows(self.head.as_ref())).ok_or(None)?;
        let odd = |why: &str| Some(Verdict::Corrupt { file: SafeText::default(), line: 0, why: why.into() });
        if self.head.is_none() {
            let header: Header = serde_json::from_slice(line).map_err(|_| odd("it is no header of a ledger"))?;
            if header.ledger != MARK {
                return Err(odd("it is the header of another program's file"));
            }
            if header.format != FORMAT {
                return Err(Some(Verdict::Newer { format: header.format, program: header.program }));
            }
        } else {
            let due = self.last.saturating_add(1);
            let Numbered { n } = serde_json::from_slice(line).map_err(|_| odd("it has no number"))?;
            if n != due {
                return Err(odd(&format!("it has the number {n} where {due} was due")));
            }
            match serde_json::from_slice(line) {
                Ok(line) => self.lines.push(line),
                Err(_) => self.unknown += 1,
            }
            self.last = n;
        }
        self.head = Some(framed.stored);
        Ok(())
    }
}
