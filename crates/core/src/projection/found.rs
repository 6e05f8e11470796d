//! What was found and how far each technique was seen, for the tools that people load a drill into.

use super::view::{FindingRow, Stamp};
use super::{Fold, View};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Stage;
use firedrill_model::{Finding, SafeText};

/// A finding that may be told.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The finding, as the team saw it last.
    pub finding: &'a Finding,
    /// When it was made, where the ground truth is open; else when the team saw it.
    pub stamp: Stamp,
    /// What the team did with it. Nobody was told of it, and nobody saw it by looking, without one.
    pub row: Option<&'a FindingRow>,
    /// The adversary's stages that it can be about. Empty before Verify.
    pub stages: Vec<&'a Stage>,
}

/// How far a technique of the scenario was seen in a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// No stage of the adversary used it in this drill.
    NotUsed,
    /// It was used, and no detector found it.
    NotFound,
    /// A detector found it, and nobody was told.
    NobodyTold,
    /// Somebody saw the finding by looking.
    Looked,
    /// A channel told the team.
    Told,
}

/// A technique of the scenario, and what the drill showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// For example `T1578.002`.
    pub id: SafeText,
    /// Its name.
    pub name: SafeText,
    /// How far it was seen.
    pub reach: Reach,
    /// What the adversary did with it.
    pub stages: Vec<SafeText>,
    /// Types of the findings about it.
    pub findings: Vec<SafeText>,
}

impl View {
    /// Says whether the ground truth is open: from Verify on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.course.phase >= Phase::Verify
    }

    /// The findings that may be told: before Verify those that the team saw, then all, in the order in which they were made.
    #[must_use]
    pub fn found(&self) -> Vec<Found<'_>> {
        let row_of = |finding: &Finding| self.board.finding(&finding.id);
        let is_made = |row: &&FindingRow| self.truth.created.iter().any(|(_, made)| made.id == row.finding.id);
        let open = self.is_open();
        let made = self.truth.created.iter().filter(|_| open);
        let made = made.map(|(stamp, finding)| (*stamp, row_of(finding).map_or(finding, |row| &row.finding)));
        let seen = self.board.findings.iter().filter(|row| !open || !is_made(row));
        let mut all: Vec<(Stamp, &Finding)> = made.chain(seen.map(|row| (row.seen, &row.finding))).collect();
        all.sort_by_key(|(stamp, _)| stamp.seq);
        let found = all.into_iter().map(|(stamp, finding)| Found {
            finding,
            stamp,
            row: row_of(finding),
            stages: if open { self.behind(finding) } else { Vec::new() },
        });
        found.map(without_red_herrings).collect()
    }
}

impl Fold {
    /// The techniques of the scenario and how far each was seen. Empty before Verify: they tell what happens.
    #[must_use]
    pub fn coverage(&self) -> Vec<Coverage> {
        let found = self.found();
        let techniques = self.whole().into_iter().flat_map(|whole| &whole.techniques).filter(|_| self.is_open());
        techniques.map(|technique| self.covered(&technique.id, &technique.name, &found)).collect()
    }

    fn covered(&self, id: &SafeText, name: &SafeText, found: &[Found<'_>]) -> Coverage {
        let uses = |stage: &&Stage| stage.benign.is_none() && stage.technique.as_ref() == Some(id);
        let mut stages: Vec<&Stage> = Vec::new();
        let begun = self.truth.stages.iter().filter(|(_, _, _, active)| *active);
        for stage in begun.filter_map(|(_, stage, _, _)| self.stage(stage)).filter(uses) {
            if stages.iter().all(|known| known.id != stage.id) {
                stages.push(stage);
            }
        }
        let about: Vec<&Found<'_>> = found.iter().filter(|found| found.stages.iter().any(uses)).collect();
        let reach = about.iter().map(|found| found.reach()).max().unwrap_or(Reach::NotFound);
        let mut findings: Vec<SafeText> = Vec::new();
        for found in about {
            if !findings.contains(&found.finding.kind) {
                findings.push(found.finding.kind.clone());
            }
        }
        Coverage {
            id: id.clone(),
            name: name.clone(),
            reach: if stages.is_empty() { Reach::NotUsed } else { reach },
            stages: stages.into_iter().map(|stage| stage.title.clone()).collect(),
            findings,
        }
    }
}

fn without_red_herrings(mut found: Found<'_>) -> Found<'_> {
    found.stages.retain(|stage| stage.benign.is_none());
    found
}

impl Found<'_> {
    fn reach(&self) -> Reach {
        match self.row {
            Some(row) if row.told.is_some() => Reach::Told,
            Some(_) => Reach::Looked,
            None => Reach::NobodyTold,
        }
    }
}

impl Reach {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotUsed => "part of the scenario, not used in this drill",
            Self::NotFound => "used, no finding",
            Self::NobodyTold => "found, nobody was told",
            Self::Looked => "found, seen by looking",
            Self::Told => "found, the team was told",
        }
    }
}
