//! What the team ought to do and when: steps, conditions, orders, scripted messages.

use serde::{Deserialize, Serialize};

use super::{Aimed, Trigger};
use crate::id::{ActionId, InjectId, SignalId, StepId, TargetId};
use crate::{SafeText, Span};

/// The playbook of the team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Playbook {
    /// Its name.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// Its steps, at least one, in order.
    #[serde(rename = "step")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
    pub steps: Vec<Step>,
}

/// A step of the playbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// Short name.
    pub id: StepId,
    /// In the imperative.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub title: SafeText,
    /// How to do it and where to look.
    pub detail: SafeText,
    /// How long the team wants to need.
    #[cfg_attr(feature = "schema", schemars(extend("x-shortest" = "1s", "x-longest" = "1d")))]
    pub goal: Span,
    /// Phase of NIST SP 800-61 r2.
    pub phase: NistPhase,
    /// Function of NIST CSF 2.0. Without it: the one that the phase belongs to.
    #[serde(default)]
    pub csf: Option<CsfFunction>,
    /// When it counts as done. A person can always say so, too.
    pub done_when: When,
}

/// Phases of incident handling, NIST SP 800-61 revision 2, section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NistPhase {
    /// Detection and analysis.
    Detection,
    /// Containment.
    Containment,
    /// Eradication.
    Eradication,
    /// Recovery.
    Recovery,
    /// Post-incident activity.
    PostIncident,
}

/// Functions of the NIST Cybersecurity Framework 2.0 (CSWP 29).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CsfFunction {
    /// Govern.
    #[serde(rename = "GV")]
    Govern,
    /// Identify, which includes improvement.
    #[serde(rename = "ID")]
    Identify,
    /// Protect.
    #[serde(rename = "PR")]
    Protect,
    /// Detect.
    #[serde(rename = "DE")]
    Detect,
    /// Respond.
    #[serde(rename = "RS")]
    Respond,
    /// Recover.
    #[serde(rename = "RC")]
    Recover,
}

impl CsfFunction {
    /// Its two letters.
    #[must_use]
    pub fn letters(self) -> &'static str {
        match self {
            Self::Govern => "GV",
            Self::Identify => "ID",
            Self::Protect => "PR",
            Self::Detect => "DE",
            Self::Respond => "RS",
            Self::Recover => "RC",
        }
    }

    /// Its name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Govern => "Govern",
            Self::Identify => "Identify",
            Self::Protect => "Protect",
            Self::Detect => "Detect",
            Self::Respond => "Respond",
            Self::Recover => "Recover",
        }
    }
}

impl Step {
    /// The function of CSF 2.0 that it belongs to. Where the scenario doesn't say, the one that NIST SP 800-61 r3, table 1, gives the phase of
    /// r2: detection and analysis to Detect, containment and eradication to Respond, recovery to Recover, lessons to Identify (improvement).
    #[must_use]
    pub fn csf_function(&self) -> CsfFunction {
        self.csf.unwrap_or(match self.phase {
            NistPhase::Detection => CsfFunction::Detect,
            NistPhase::Containment | NistPhase::Eradication => CsfFunction::Respond,
            NistPhase::Recovery => CsfFunction::Recover,
            NistPhase::PostIncident => CsfFunction::Identify,
        })
    }
}

/// A condition: everything that is named must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct When {
    /// So long after the fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub after_fault: Option<Span>,
    /// This has happened ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Trigger>,
    /// ... and this much time has gone by since it first did (with `after`).
    #[serde(default, skip_serializing_if = "Span::is_zero")]
    #[cfg_attr(feature = "schema", schemars(extend("x-longest" = "1d")))]
    pub plus: Span,
    /// One of these responses has been completed, where it is aimed at something: there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 200)))]
    pub action_done: Vec<Aimed>,
    /// A finding has been acknowledged, or has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<bool>,
    /// The team has been notified by a channel, or has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified: Option<bool>,
    /// Somebody has seen a finding, through a channel or by looking, or nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding_seen: Option<bool>,
    /// This signal was out of its limit when it was last measured (messages only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal_out: Option<SignalId>,
    /// The users of this resource can't use it now (messages only).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<TargetId>,
    /// Only a person can say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<bool>,
}

impl Playbook {
    /// The playbook as the team has it: which responses complete a step, and not where the incident is.
    pub(super) fn as_handed_out(&self) -> Self {
        let mut handed_out = self.clone();
        for step in &mut handed_out.steps {
            let known = |act: ActionId| -> Aimed { act.into() };
            step.done_when.action_done = step.done_when.actions().into_iter().map(known).collect();
            step.done_when.after = None;
        }
        handed_out
    }
}

impl When {
    /// The responses that complete it.
    #[must_use]
    pub fn actions(&self) -> Vec<ActionId> {
        self.action_done.iter().map(|aimed| aimed.act.clone()).collect()
    }
}

/// An order of responses that matters. Another order is allowed, recorded, and has its consequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Order {
    /// All of these ...
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
    pub first: Vec<Aimed>,
    /// ... before any of these.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
    pub then: Vec<Aimed>,
    /// Why.
    pub why: SafeText,
    /// Doesn't count while destruction is under way.
    #[serde(default)]
    pub unless_destroying: bool,
    /// Counts only while destruction is under way.
    #[serde(default)]
    pub only_destroying: bool,
}

/// A scripted message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Inject {
    /// Short name.
    pub id: InjectId,
    /// Who says it.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub from: SafeText,
    /// How it comes: phone, chat, mail.
    #[cfg_attr(feature = "schema", schemars(extend("x-one-line" = true, "maxLength" = 160)))]
    pub via: SafeText,
    /// What is said.
    pub text: SafeText,
    /// When.
    pub when: When,
    /// What people are expected to do with it.
    pub expected: SafeText,
    /// How it misleads: a red herring. Told in Verify.
    #[serde(default)]
    pub misleads: Option<SafeText>,
    /// The message is a sign of the incident, and from whom: with it the incident counts as detected, and the team as told. Without it the
    /// message is part of the story and no mark moves.
    #[serde(default)]
    pub sign_from: Option<SignSource>,
}

/// From whom a sign of the incident came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SignSource {
    /// A detector.
    Detector,
    /// A person of the own organisation, by looking or by a message.
    Person,
    /// A customer.
    Customer,
    /// Somebody else from outside: a provider, another company, the authorities.
    Outsider,
    /// The adversary itself, for example with a note.
    Adversary,
}

impl SignSource {
    /// In a word or two.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Detector => "a detector",
            Self::Person => "a person",
            Self::Customer => "a customer",
            Self::Outsider => "an outsider",
            Self::Adversary => "the adversary",
        }
    }
}

/// A message as it arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who says it.
    pub from: SafeText,
    /// How it comes: phone, chat, mail.
    pub via: SafeText,
    /// What is said.
    pub text: SafeText,
}

impl Inject {
    /// What arrives of it.
    #[must_use]
    pub fn message(&self) -> Message {
        Message { from: self.from.clone(), via: self.via.clone(), text: self.text.clone() }
    }
}
