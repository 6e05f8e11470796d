//! What a drill is there to find out about, as exercise planners write it: objectives, each with the capability that it exercises.

use alloc::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Hypothesis, NistPhase, Playbook, Scenario, Signal};
use crate::SafeText;
use crate::id::{ObjectiveId, StepId};

/// An objective of the exercise. People rate it in Verify.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Objective {
    /// Short name.
    pub id: ObjectiveId,
    /// What is to be shown, in the imperative.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// The capability that it exercises.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub capability: SafeText,
    /// The parts of the hypothesis that tell of it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 6)))]
    pub parts: Vec<HypothesisPart>,
    /// The steps of the playbook that tell of it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub steps: Vec<StepId>,
}

/// The parts of the hypothesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum HypothesisPart {
    /// The detector finds it.
    Detected,
    /// The team is told in time.
    Notified,
    /// The signals stay where they are at home.
    Signal,
    /// The adversary is contained in time.
    Contained,
    /// No data is taken.
    NoDataTaken,
    /// No evidence is lost.
    EvidenceKept,
}

impl HypothesisPart {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::Notified => "notified",
            Self::Signal => "signal",
            Self::Contained => "contained",
            Self::NoDataTaken => "no-data-taken",
            Self::EvidenceKept => "evidence-kept",
        }
    }
}

impl Scenario {
    /// The objectives that the scenario names; where it names none, those that follow from its hypothesis and its playbook.
    #[must_use]
    pub fn all_objectives(&self) -> Cow<'_, [Objective]> {
        all(&self.objectives, &self.hypothesis, &self.signals, &self.playbook)
    }
}

/// Those that are named, or else those that follow from the rest.
pub(super) fn all<'a>(
    named: &'a [Objective],
    hypothesis: &Hypothesis,
    signals: &[Signal],
    playbook: &Playbook,
) -> Cow<'a, [Objective]> {
    if named.is_empty() { Cow::Owned(own(hypothesis, signals, playbook)) } else { Cow::Borrowed(named) }
}

fn own(hypothesis: &Hypothesis, signals: &[Signal], playbook: &Playbook) -> Vec<Objective> {
    use HypothesisPart::{Detected, Notified};
    use NistPhase::{Containment, Detection, Eradication, PostIncident, Recovery};
    let told = format!("Detect it, and tell {} within {}", hypothesis.team, hypothesis.within);
    let signal = signals.iter().find(|signal| signal.id == hypothesis.signal);
    let signal = signal.map_or(hypothesis.signal.as_str(), |signal| signal.title.as_str());
    let kept = format!("Keep {signal} within its bound while responding");
    let rows = [
        ("detect", told, "Threat detection and notification", &[Detected, Notified][..], &[Detection][..]),
        ("contain", "Contain the incident".to_owned(), "Incident containment", &[], &[Containment]),
        (
            "recover",
            "Remove what was left behind and restore the steady state".to_owned(),
            "Eradication and recovery",
            &[],
            &[Eradication, Recovery, PostIncident],
        ),
        ("keep-the-service", kept, "Continuity of the service", &[HypothesisPart::Signal], &[]),
    ];
    let made = rows.into_iter().filter_map(|(id, title, capability, parts, phases)| {
        let steps = playbook.steps.iter().filter(|step| phases.contains(&step.phase));
        let steps: Vec<StepId> = steps.map(|step| step.id.clone()).collect();
        let (id, parts) = (ObjectiveId::new(id).ok()?, parts.to_vec());
        let (title, capability) = (SafeText::one_line(&title), capability.into());
        (!steps.is_empty() || !parts.is_empty()).then_some(Objective { id, title, capability, parts, steps })
    });
    made.collect()
}
