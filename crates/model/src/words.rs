//! Free text and names: kept beside the chain, so that a person or a remark can be erased and the record still verifies.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{SafeText, Shown};

/// What the chain holds in place of a text: where the text is, and a salted digest that proves it was this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Number of the text in the drill's `words.jsonl` (or of the name in `people.toml`).
    #[serde(rename = "ref")]
    pub reference: u64,
    /// SHA-256 over salt and text, in lower-case hex.
    pub sha256: String,
}

/// The texts of one drill by number. A number without a text was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordBook {
    texts: BTreeMap<u64, SafeText>,
}

impl WordBook {
    /// What is shown where a text was erased.
    pub const ERASED: &'static str = "[erased]";
    /// What is shown where a text is gone and nobody erased it.
    pub const MISSING: &'static str = "[missing]";

    /// Says whether this stands where a text isn't there any more.
    #[must_use]
    pub fn is_gone(text: &str) -> bool {
        text == Self::ERASED || text == Self::MISSING
    }

    /// Adds a text.
    pub fn insert(&mut self, reference: u64, text: SafeText) {
        self.texts.insert(reference, text);
    }

    /// The same texts, each put through `change`. What was erased stays so.
    #[must_use]
    pub fn map(&self, change: impl Fn(&SafeText) -> SafeText) -> Self {
        Self { texts: self.texts.iter().map(|(reference, text)| (*reference, change(text))).collect() }
    }

    /// The text behind a seal, or `[erased]`.
    #[must_use]
    pub fn read(&self, sealed: &Sealed) -> Shown {
        self.texts.get(&sealed.reference).map_or(Self::ERASED.into(), Shown::from)
    }
}
