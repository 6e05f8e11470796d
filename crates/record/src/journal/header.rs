//! The first line of a journal: what was run, by which program, and what the file continues.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::chain::Digest;
use firedrill_model::SafeText;
use firedrill_model::id::{DrillId, ScenarioId};

/// The format that this program writes. Older ones are lifted while reading (see `content`), newer ones are refused.
///
/// Format 2 is a draft: until a version with it is released, what stands in it can still change.
pub const FORMAT: u32 = 2;

/// The draft of format 2 that this program writes.
pub(crate) const DRAFT: u32 = 1;

fn first_model() -> u32 {
    1
}

/// What writes today.
const PROGRAM: &str = concat!("firedrill ", env!("CARGO_PKG_VERSION"));

/// What stands first in every header.
const MARK: &str = "firedrill";

/// The header of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format.
    pub format: u32,
    /// The program that wrote it, with its version: `firedrill 0.1.0`.
    pub program: SafeText,
    /// The drill, the same as its folder's name.
    pub drill: DrillId,
    /// Which scenario was run.
    pub scenario: ScenarioId,
    /// SHA-256 of `scenario.toml` as it was run.
    pub scenario_sha256: Digest,
    /// Seed of all chance.
    pub seed: u64,
    /// Which world: `simulated`.
    pub world: SafeText,
    /// UTC at drill time 0.
    pub epoch: DateTime<Utc>,
    /// Number of the draft, as long as the format is one. Another draft is read as far as it is known, and never written on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<u32>,
    /// Number of the model by which the world goes. Records of format 1 don't say it; they are of the first.
    #[serde(default = "first_model")]
    pub model: u32,
    /// The team that drills, where the settings name one. A team, never a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<SafeText>,
    /// What this file continues, if it isn't the first of its drill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<Continues>,
}

/// Where a later segment takes up the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continues {
    /// Name of the file that it continues.
    pub file: SafeText,
    /// Hash of the last line of that file which counts. Lines after it, if any, were never acknowledged.
    pub head: Digest,
    /// Number of the first entry in the new file.
    pub next: u64,
}

impl Header {
    /// The header of a new drill, written by this program. A world is named with the number of the model by which it goes.
    #[must_use]
    pub fn new(
        drill: DrillId,
        scenario: ScenarioId,
        scenario_toml: &str,
        seed: u64,
        (world, model): (&str, u32),
        epoch: DateTime<Utc>,
    ) -> Self {
        Self {
            format: FORMAT,
            program: PROGRAM.into(),
            drill,
            scenario,
            scenario_sha256: Digest::of(scenario_toml.as_bytes()),
            seed,
            world: SafeText::one_line(world),
            draft: Some(DRAFT),
            model,
            epoch,
            team: None,
            continues: None,
        }
    }

    /// The header of a later file of the same drill, written by this program in its own format, whoever wrote the first.
    #[must_use]
    pub(crate) fn continuing(&self, from: Continues) -> Self {
        Self { format: FORMAT, draft: Some(DRAFT), program: PROGRAM.into(), continues: Some(from), ..self.clone() }
    }

    /// The line's body.
    #[must_use]
    pub fn body(&self) -> String {
        let json = serde_json::to_string(&Marked { journal: MARK, rest: self }).unwrap_or_default();
        json.strip_suffix('}').unwrap_or(&json).to_owned()
    }
}

#[derive(Serialize)]
struct Marked<'a> {
    journal: &'static str,
    #[serde(flatten)]
    rest: &'a Header,
}

/// The part of a header that every format shares.
#[derive(Deserialize)]
struct Preface {
    journal: String,
    format: u32,
    program: SafeText,
}

/// Why a header can't be used.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum HeaderFault {
    /// Another program's file, or not a header.
    NotOne(String),
    /// Written in a newer format.
    Newer { format: u32, program: SafeText },
}

/// Reads a header from the JSON of a line whose hash was checked.
pub(super) fn read(json: &[u8]) -> Result<Header, HeaderFault> {
    let not_one = |why: serde_json::Error| HeaderFault::NotOne(format!("it is no header: {why}"));
    let preface: Preface = serde_json::from_slice(json).map_err(not_one)?;
    if preface.journal != MARK {
        return Err(HeaderFault::NotOne("it is the header of another program's file".into()));
    }
    match preface.format {
        1..=FORMAT => serde_json::from_slice(json).map_err(not_one),
        0 => Err(HeaderFault::NotOne("there is no format 0".into())),
        format => Err(HeaderFault::Newer { format, program: preface.program }),
    }
}
