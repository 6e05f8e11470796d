//! The scenarios that come with the program: one for each folder under `scenarios/`, found when the program is built.

use std::sync::LazyLock;

use firedrill_core::projection::history::TechniqueName;
use firedrill_model::id::ScenarioId;
use firedrill_model::scenario::Scenario;
use firedrill_model::{SafeText, Span};
use serde::{Deserialize, Serialize};

/// Id and TOML text of each built-in scenario, by id.
static BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// What lists say of them, so that a start neither reads nor checks any. `WRITE_INDEX=1 cargo test --test it the_index` writes it.
static INDEX: LazyLock<Vec<Card>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../assets/scenarios.json")).unwrap_or_default());

/// What lists say of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its id.
    pub id: ScenarioId,
    /// One line.
    pub title: SafeText,
    /// What one learns.
    pub summary: SafeText,
    /// How long the experiment lasts at most, in drill time.
    pub length: Span,
    /// 1 to 5.
    pub difficulty: u8,
    /// The ATT&CK techniques that it is about.
    pub techniques: Vec<TechniqueName>,
}

impl Card {
    /// What a scenario says of itself.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            summary: scenario.summary.clone(),
            length: scenario.length,
            difficulty: scenario.difficulty,
            techniques: scenario.techniques.iter().map(TechniqueName::of).collect(),
        }
    }
}

/// All built-in scenarios: id and TOML text, ordered by id.
#[must_use]
pub fn built_in() -> &'static [(&'static str, &'static str)] {
    BUILT_IN
}

/// The TOML text of the built-in scenario `id`.
#[must_use]
pub fn find(id: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(name, _)| *name == id).map(|(_, text)| *text)
}

/// What the index says of a built-in scenario; nothing of one that was added since it was written.
#[must_use]
pub fn listed(id: &str) -> Option<&'static Card> {
    INDEX.iter().find(|card| card.id.as_str() == id)
}
