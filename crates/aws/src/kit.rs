//! What one scenario needs in an account: its documents, its own resources, and how one sees that it is undone.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Makes the change, holds it, and takes it back.
    Change,
    /// Takes it back by itself.
    Restore,
    /// Reads how things stand.
    Look,
    /// Sets the schedule that restores.
    Arm,
    /// Deletes that schedule.
    Disarm,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Change, Self::Restore, Self::Look, Self::Arm, Self::Disarm];

    /// How names end.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Restore => "restore",
            Self::Look => "look",
            Self::Arm => "arm",
            Self::Disarm => "disarm",
        }
    }
}

/// A resource of the drill that takes the place of one of the scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its id in the scenario.
    pub in_scenario: String,
    /// What it is, for people.
    #[serde(rename = "as")]
    pub kind: String,
}

/// Who is to find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finds {
    /// Detector of the scenario.
    pub detector: String,
    /// Types of findings, or rules of AWS Config.
    pub kinds: Vec<String>,
    /// Type of the resource, as AWS Config names it.
    pub resource_type: String,
    /// What AWS documents of the delay, and what it doesn't.
    pub documented: String,
    /// What is expected, for people.
    pub expected: String,
}

/// What one scenario needs in an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kit {
    /// Id of the scenario.
    pub scenario: String,
    /// 0: a sample finding. 1: a resource that `setup` made.
    pub tier: u8,
    /// Why it is tier 0.
    #[serde(default)]
    pub why: String,
    /// What is done, for people.
    pub what: String,
    /// How far it reaches, for people.
    pub blast: String,
    /// How it is undone, for people.
    pub undo: String,
    /// What of the scenario is a real resource.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// The parameter of the documents that names the target; one, or none in tier 0.
    #[serde(default)]
    pub parameters: Vec<String>,
    /// Resources of the stack, beside what every kit has.
    #[serde(default)]
    pub resources: serde_json::Map<String, Value>,
    /// The target's id, as an expression of the stack's template.
    #[serde(default)]
    pub target_value: Value,
    /// It is undone where what the look finds is nothing but one of these. Nothing found is undone as well.
    #[serde(default)]
    pub undone: Vec<String>,
    /// What a look finds of what the change left. Anything else was changed by somebody.
    #[serde(default)]
    pub as_changed: Vec<String>,
    /// Types of sample findings, in tier 0.
    #[serde(default)]
    pub samples: Vec<String>,
    /// Who is to find it.
    pub finds: Finds,
    /// How long the fault lasts at most.
    pub minutes: u32,
}

type Files = &'static [(&'static str, &'static str)];

/// All that is shipped: a folder, its files and their text.
const SHIPPED: &[(&str, Files)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

fn shipped(folder: &str, file: &str) -> Option<&'static str> {
    let (_, files) = SHIPPED.iter().find(|(name, _)| *name == folder)?;
    files.iter().find(|(name, _)| *name == file).map(|(_, text)| *text)
}

impl Kit {
    /// The kit of a scenario, if that can be drilled live.
    #[must_use]
    pub fn of(scenario: &str) -> Option<Self> {
        serde_json::from_str(shipped(scenario, "live")?).ok()
    }

    /// The scenarios that have one.
    pub fn scenarios() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().filter(|(_, files)| files.iter().any(|(name, _)| *name == "live")).map(|(name, _)| *name)
    }

    /// A document's text, as it is shipped. None in tier 0.
    #[must_use]
    pub fn document(&self, purpose: Purpose) -> Option<&'static str> {
        if self.tier == 0 {
            return None;
        }
        let folder = match purpose {
            Purpose::Change | Purpose::Restore | Purpose::Look => self.scenario.as_str(),
            Purpose::Arm | Purpose::Disarm => "common",
        };
        shipped(folder, purpose.name())
    }

    /// A document as JSON.
    #[must_use]
    pub fn parsed(&self, purpose: Purpose) -> Option<Value> {
        serde_json::from_str(self.document(purpose)?).ok()
    }

    /// Says whether what a look found shows that everything is undone.
    #[must_use]
    pub(crate) fn is_undone(&self, left: &[String]) -> bool {
        left.iter().all(|one| self.undone.contains(one))
    }

    /// What a look found that is not as the change left it: somebody else changed it.
    #[must_use]
    pub(crate) fn changed_by_others(&self, left: &[String], now: &[String]) -> Vec<String> {
        if self.is_undone(left) {
            return Vec::new();
        }
        now.iter().filter(|one| !self.as_changed.contains(one) && !self.undone.contains(one)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kit_and_every_document_can_be_read() {
        let scenarios: Vec<&str> = Kit::scenarios().collect();
        assert!(!scenarios.is_empty());
        for scenario in scenarios {
            let kit = Kit::of(scenario);
            assert!(kit.as_ref().is_some_and(|kit| kit.scenario == scenario), "{scenario}");
            for purpose in Purpose::ALL {
                let tier = kit.as_ref().map(|kit| kit.tier);
                let read = kit.as_ref().and_then(|kit| kit.parsed(purpose));
                assert_eq!(read.is_some(), tier == Some(1), "{scenario} {purpose:?}");
            }
        }
    }

    #[test]
    fn tier_0_says_why() {
        for kit in Kit::scenarios().filter_map(Kit::of) {
            assert_eq!(kit.tier == 0, !kit.why.is_empty(), "{}", kit.scenario);
            assert_eq!(kit.tier == 0, !kit.samples.is_empty(), "{}", kit.scenario);
        }
    }

    #[test]
    fn what_somebody_else_changed_is_told_from_what_the_drill_left() {
        let kit = Kit::of("open-ssh-port");
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let changed = |left, now| kit.as_ref().map(|kit| kit.changed_by_others(&words(left), &words(now)));
        assert_eq!(changed(&["sgr-1"], &["0.0.0.0/0"]), Some(vec![]));
        assert_eq!(changed(&["sgr-1"], &["192.0.2.0/24"]), Some(words(&["192.0.2.0/24"])));
        assert_eq!(changed(&[], &[]), Some(vec![]));
    }
}
