//! What became of the incident, whatever the hypothesis says of it: a hypothesis can hold while the adversary goes on.

use serde::Serialize;

use super::Debrief;
use super::attempts::{OpenPort, open_port};
use super::material::{Material, tenths};
use crate::projection::view::Mark;
use crate::projection::wording;
use firedrill_model::event::AdversaryState;
use firedrill_model::scenario::HarmKind;
use firedrill_model::{Joined, SafeText, Shown, Span, shown};

/// What became of the incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IncidentOutcome {
    /// How the adversary stood at the end of the experiment.
    pub containment: Containment,
    /// An adversary was behind it, and not only a fault. Told where it was a fault.
    #[serde(skip_serializing_if = "is_so")]
    pub by_adversary: bool,
    /// When it was contained for the last time, in seconds since the fault, negative before it.
    pub contained_after: Option<f64>,
    /// The same as a sentence, with what the adversary still has.
    pub adversary: SafeText,
    /// Data that was taken.
    pub data_taken: Vec<SafeText>,
    /// What was destroyed.
    pub destroyed: Vec<SafeText>,
    /// Evidence that was lost, a sentence for each.
    pub evidence_lost: Vec<SafeText>,
    /// Evidence was made safe.
    pub evidence_captured: bool,
    /// The same as a sentence.
    pub evidence: SafeText,
    /// What customers got, as a sentence.
    pub customers: SafeText,
    /// The port that the fault opened, and who tried it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_port: Option<OpenPort>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_so(flag: &bool) -> bool {
    *flag
}

/// How the adversary stood at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Containment {
    /// It was still at work.
    AtWork,
    /// Nothing went on, but it could come back.
    Contained,
    /// Nothing went on and nothing could begin.
    Eradicated,
    /// The record doesn't say.
    NotKnown,
}

impl Containment {
    /// In a few words, of an adversary or of a fault that nobody is behind.
    #[must_use]
    pub fn label(self, by_adversary: bool) -> &'static str {
        match (self, by_adversary) {
            (Self::AtWork, true) => "adversary still at work",
            (Self::AtWork, false) => "fault still going on",
            (Self::Contained, true) => "contained, not eradicated",
            (Self::Contained, false) => "fault over, more could follow",
            (Self::Eradicated, true) => "adversary gone",
            (Self::Eradicated, false) => "fault over",
            (Self::NotKnown, true) => "adversary: not known",
            (Self::NotKnown, false) => "fault: not known",
        }
    }
}

/// None before Verify, and where there was no experiment.
pub(super) fn outcome(from: &Material<'_>, debrief: &Debrief, lost: Vec<SafeText>) -> Option<IncidentOutcome> {
    from.experiment().filter(|_| from.open)?;
    let containment = match from.view.board.adversary {
        Some(AdversaryState::Active) => Containment::AtWork,
        Some(AdversaryState::Contained) => Containment::Contained,
        Some(AdversaryState::Eradicated) => Containment::Eradicated,
        None => Containment::NotKnown,
    };
    let after = from.view.fault().zip(from.mark(Mark::ContainmentEffective));
    let after = after.map(|(fault, contained)| tenths(contained.at.since(fault.at).as_secs_f64()));
    let by_adversary = from.view.scenario.adversary;
    let adversary = debrief.left.clone();
    let adversary = adversary.unwrap_or_else(|| SafeText::one_line(&gone(containment, after, by_adversary)));
    let captured = from.mark(Mark::EvidenceCaptured).is_some();
    Some(IncidentOutcome {
        containment,
        by_adversary,
        contained_after: after,
        adversary,
        data_taken: harmed(from, HarmKind::DataTaken),
        destroyed: harmed(from, HarmKind::Destroyed),
        evidence: SafeText::one_line(&evidence(&lost, captured)),
        evidence_lost: lost,
        evidence_captured: captured,
        customers: SafeText::one_line(&customers(debrief)),
        open_port: open_port(from),
    })
}

fn gone(containment: Containment, after: Option<f64>, by_adversary: bool) -> Shown {
    match (containment, after, by_adversary) {
        (Containment::NotKnown, _, true) => "How the adversary stood at the end is not in the record.".into(),
        (Containment::NotKnown, _, false) => "How the fault stood at the end is not in the record.".into(),
        (_, Some(secs), true) => {
            shown!("At the end the adversary was gone; it was contained {} after the fault.", wording::seconds(secs))
        }
        (_, Some(secs), false) => shown!("The fault was over after {}.", wording::seconds(secs)),
        (_, None, true) => "At the end nothing of an adversary went on, and nothing had to be contained.".into(),
        (_, None, false) => "At the end nothing of the fault went on.".into(),
    }
}

fn harmed(from: &Material<'_>, kind: HarmKind) -> Vec<SafeText> {
    let harms = from.view.truth.harms.iter().filter(|(_, harm)| harm.kind == kind && !harm.refused);
    harms.map(|(_, harm)| harm.what.clone()).collect()
}

fn evidence(lost: &[SafeText], captured: bool) -> Shown {
    match (lost.len(), captured) {
        (0, true) => "Evidence was made safe, and none was lost.".into(),
        (0, false) => "No evidence was lost. No copy of a volume or a memory was made.".into(),
        (_, true) => shown!("Some evidence was made safe. {}", said(lost)),
        (_, false) => shown!("No copy of a volume or a memory was made. {}", said(lost)),
    }
}

fn said(texts: &[SafeText]) -> Shown {
    texts.iter().map(Shown::from).joined(" ")
}

fn customers(debrief: &Debrief) -> Shown {
    let impact = &debrief.impact;
    let signal = match &impact.worst {
        None => shown!("{}: not measured.", impact.signal),
        Some(_) if impact.minutes_outside > 0.0 => {
            let time = wording::seconds((impact.minutes_outside * 60.0).round());
            shown!("{}: outside the bound of {} for {}.", impact.signal, impact.bound, time)
        }
        Some(worst) => {
            shown!("{} kept to the bound of {}; at its worst {}.", impact.signal, impact.bound, worst)
        }
    };
    impact.requests_words().into_iter().chain([signal]).joined(" ")
}

impl IncidentOutcome {
    /// The adversary had not been stopped when the experiment ended.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.containment == Containment::AtWork
    }

    /// How it stood at the end, in a few words.
    #[must_use]
    pub fn label(&self) -> &'static str {
        self.containment.label(self.by_adversary)
    }

    /// What was taken and destroyed, as a sentence.
    #[must_use]
    pub fn harm(&self) -> Shown {
        let some = |what: &'static str, list: &[SafeText]| {
            let list: Vec<Shown> = list.iter().map(|text| Shown::from(text).without_end(&['.'])).collect();
            (!list.is_empty()).then(|| shown!("{}: {}.", what, list.joined("; ")))
        };
        let said: Vec<Shown> = [some("Data was taken", &self.data_taken), some("Destroyed", &self.destroyed)]
            .into_iter()
            .flatten()
            .collect();
        if said.is_empty() { "No data was taken and nothing was destroyed.".into() } else { said.joined(" ") }
    }

    /// Label and sentence of each part, in the order in which they are told.
    #[must_use]
    pub fn rows(&self) -> Vec<(&'static str, Shown)> {
        let open_port = self.open_port.as_ref().map(|open| ("Open port", open.sentence()));
        let always = [
            (if self.by_adversary { "Adversary" } else { "Fault" }, Shown::from(&self.adversary)),
            ("Harm", self.harm()),
            ("Evidence", Shown::from(&self.evidence)),
            ("Customers", Shown::from(&self.customers)),
        ];
        always.into_iter().chain(open_port).collect()
    }

    /// All of it in a few words: `adversary still at work; data taken; evidence lost`.
    #[must_use]
    pub fn brief(&self) -> Shown {
        let contained = match (self.containment, self.contained_after) {
            (Containment::Contained | Containment::Eradicated, Some(secs)) => {
                let word = if self.by_adversary { "contained" } else { "over" };
                shown!("{} ({} at T+{})", self.label(), word, Span::from_secs_f64(secs).clock())
            }
            (..) => Shown::from(self.label()),
        };
        let mut said = vec![contained];
        let flags = [
            (!self.data_taken.is_empty(), "data taken"),
            (!self.destroyed.is_empty(), "data destroyed"),
            (!self.evidence_lost.is_empty(), "evidence lost"),
        ];
        said.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, what)| Shown::from(what)));
        said.joined("; ")
    }
}
