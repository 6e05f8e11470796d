//! Puts the debrief together from a view that was folded with everything.

use chrono::SecondsFormat;

use super::signs::Signs;
use super::{Debrief, HappenedRow, ImprovementLine, LaterNoteRow, MarkRow, NoteRow};
use crate::projection::View;
use crate::projection::view::{LaterNote, Mark, Stamp, TimelineLine};
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::phase::Phase;
use firedrill_model::{DrillTime, SafeText, Sealed, WordBook};

/// What the parts of a debrief are read from.
pub(super) struct Material<'a> {
    pub view: &'a View,
    pub words: &'a WordBook,
    /// From Verify on the ground truth is open.
    pub open: bool,
}

/// Builds the debrief of a drill. `view` must have been folded with everything; `notices` say what is odd about the record.
#[must_use]
pub fn build(view: &View, words: &WordBook, drill: &DrillId, notices: &[SafeText]) -> Debrief {
    let open = view.course.phase >= Phase::Verify;
    let from = Material { view, words, open };
    let signs = if open { Signs::of(&from) } else { Signs::default() };
    let effects = super::second_order::second_order(&from);
    let (parts, marks) = (super::verdict::parts(&from), from.marks());
    let (steps, confidence) = (super::steps::steps(&from), super::course::confidence(&from));
    let pipelines = super::pipeline::pipelines(&from, &signs);
    let scenario = &view.scenario;
    let told = |text: &SafeText| if open { text.clone() } else { SafeText::default() };
    let mut debrief = Debrief {
        v: 2,
        drill: drill.to_string(),
        scenario: scenario.id.to_string(),
        title: scenario.title.clone(),
        seed: view.seed,
        state: state(view.course.phase).to_owned(),
        began: view.moments.first().map_or_else(String::new, |stamp| rfc3339(*stamp)),
        hypothesis: view.hypothesis_sentence(),
        verdict: super::verdict::overall(&parts),
        surprises: super::surprises::surprises(&from, drill, &confidence, &effects),
        objectives: super::objectives::objectives(&from, &parts, &steps),
        strengths: Vec::new(),
        areas: Vec::new(),
        people: super::people::people(&from, &steps),
        parts,
        durations: super::durations::durations(&from),
        marks,
        impact: super::impact::impact(&from),
        left: super::left::left(&from),
        steps,
        guesses: super::guesses::guesses(&from),
        predictions: super::predictions::predictions(&from),
        orders: super::orders::orders(&from, &effects),
        second_order: effects.iter().map(|effect| effect.text.clone()).collect(),
        evidence: super::evidence::evidence(&from, &signs),
        questions: super::questions::questions(&from, &pipelines),
        pipelines,
        side_by_side: super::side_by_side::side_by_side(&from),
        confidence,
        signals: super::course::signals(&from),
        bars: super::course::bars(&from),
        notes: from.notes(),
        later_notes: from.later_notes(),
        bookmarks: view.people.bookmarks.iter().map(|at| drill_seconds(*at)).collect(),
        improvements: from.improvements(),
        earlier: Vec::new(),
        truth: told(&scenario.debrief.truth),
        lesson: told(&scenario.debrief.lesson),
        ideal_path: from.ideal_path(),
        techniques: from.techniques(),
        sources: if open { scenario.debrief.sources.clone() } else { Vec::new() },
        happened: from.happened(),
        notices: from.notices(notices),
        head_words: String::new(),
    };
    if open {
        debrief.strengths = super::objectives::strengths(&debrief);
        debrief.areas = super::objectives::areas(&debrief, &effects);
    }
    debrief
}

fn state(phase: Phase) -> &'static str {
    match phase {
        Phase::SteadyState => "steady-state",
        Phase::Hypothesis => "hypothesis",
        Phase::Experiment => "experiment",
        Phase::Verify => "verify",
        Phase::Improve => "improve",
        Phase::Closed => "complete",
    }
}

/// The moment on the wall, RFC 3339 in UTC.
pub(super) fn rfc3339(stamp: Stamp) -> String {
    stamp.utc.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Seconds to a tenth: no mark is known better than that.
pub(super) fn tenths(secs: f64) -> f64 {
    (secs * 10.0).round() / 10.0
}

/// Seconds of drill time since the drill began.
pub(super) fn drill_seconds(at: DrillTime) -> f64 {
    tenths(at.since(DrillTime::ZERO).as_secs_f64())
}

/// All marks in their canonical order, with name and label.
pub(super) const MARKS: [(Mark, &str, &str); 10] = [
    (Mark::FaultActive, "fault_active", "Fault active"),
    (Mark::FirstSignal, "first_signal", "First signal"),
    (Mark::FindingCreated, "finding_created", "Finding created"),
    (Mark::Notified, "notified", "Team notified"),
    (Mark::Acknowledged, "acknowledged", "Acknowledged"),
    (Mark::Escalated, "escalated", "Escalated"),
    (Mark::EvidenceCaptured, "evidence_captured", "Evidence captured"),
    (Mark::ContainmentEffective, "containment_effective", "Containment effective"),
    (Mark::Eradicated, "eradicated", "Eradicated"),
    (Mark::SteadyStateRestored, "steady_state_restored", "Steady state restored"),
];

impl Material<'_> {
    /// A mark, unless it would tell the ground truth before Verify.
    pub fn mark(&self, mark: Mark) -> Option<Stamp> {
        let told = self.open
            || !matches!(
                mark,
                Mark::FirstSignal | Mark::FindingCreated | Mark::ContainmentEffective | Mark::Eradicated
            );
        self.view.marks.get(&mark).copied().filter(|_| told)
    }

    /// Fault and end of the experiment, once it is over.
    pub fn experiment(&self) -> Option<(DrillTime, DrillTime)> {
        let end = self.view.experiment_ended()?;
        self.view.fault().map(|fault| (fault.at, end.at))
    }

    /// Until when the experiment is known: its end, or the newest entry.
    pub fn end(&self) -> DrillTime {
        self.view.experiment_ended().map_or(self.view.now, |end| end.at)
    }

    /// Seconds since the fault; nothing for what came before it.
    pub fn since_fault(&self, at: DrillTime) -> Option<f64> {
        let fault = self.view.fault()?;
        (at >= fault.at).then(|| tenths(at.since(fault.at).as_secs_f64()))
    }

    pub fn text(&self, sealed: &Sealed) -> SafeText {
        SafeText::one_line(self.words.read(sealed))
    }

    /// The alias of a seat, or the seat's own name.
    pub fn alias(&self, seat: &SeatId) -> SafeText {
        let sealed = self.view.people.seats.get(seat).map(|(_, name)| name);
        sealed.map_or_else(|| seat.as_str().into(), |name| self.text(name))
    }

    fn marks(&self) -> Vec<MarkRow> {
        let row = |(mark, name, label): &(Mark, &str, &str)| {
            let stamp = self.mark(*mark);
            MarkRow {
                mark: (*name).to_owned(),
                label: (*label).to_owned(),
                at: stamp.map(|stamp| drill_seconds(stamp.at)),
                since_fault: stamp.and_then(|stamp| self.since_fault(stamp.at)),
                utc: stamp.map(rfc3339),
            }
        };
        MARKS.iter().map(row).collect()
    }

    fn notes(&self) -> Vec<NoteRow> {
        let notes = self.view.people.notes.iter();
        let row = |(stamp, seat, words): &(Stamp, SeatId, Sealed)| NoteRow {
            at: drill_seconds(stamp.at),
            who: self.alias(seat),
            text: self.text(words),
        };
        notes.map(row).collect()
    }

    fn later_notes(&self) -> Vec<LaterNoteRow> {
        let row = |note: &LaterNote| LaterNoteRow {
            at: drill_seconds(note.stamp.at),
            seq: note.stamp.seq,
            written: rfc3339(note.stamp),
            text: self.text(&note.words),
        };
        self.view.people.later.iter().map(row).collect()
    }

    fn improvements(&self) -> Vec<ImprovementLine> {
        let rows = self.view.people.improvements.iter();
        let line = rows.map(|row| ImprovementLine {
            entry: Some(row.stamp.seq),
            what: self.text(&row.what),
            owner: row.owner.as_ref().map(|owner| self.text(owner)),
            due: row.due.clone(),
            measure: None,
            closed: None,
        });
        line.collect()
    }

    fn ideal_path(&self) -> Vec<SafeText> {
        let path = self.view.scenario.debrief.ideal_path.iter().filter(|_| self.open);
        path.map(|id| SafeText::one_line(self.view.action_title(id))).collect()
    }

    fn techniques(&self) -> Vec<SafeText> {
        let all = self.view.scenario.techniques.iter().filter(|_| self.open);
        all.map(|technique| SafeText::one_line(&format!("{} {}", technique.id, technique.name))).collect()
    }

    fn happened(&self) -> Vec<HappenedRow> {
        let shown = self.view.timeline.iter().filter(|line| self.open || !line.hidden);
        shown.map(|line| self.happened_row(line)).collect()
    }

    fn happened_row(&self, line: &TimelineLine) -> HappenedRow {
        let text = line.words.as_ref().map_or_else(
            || line.text.clone(),
            |words| SafeText::one_line(&format!("{}: {}", line.text, self.words.read(words))),
        );
        HappenedRow {
            at: drill_seconds(line.stamp.at),
            seq: line.stamp.seq,
            utc: rfc3339(line.stamp),
            lane: line.lane.label().to_owned(),
            text,
        }
    }

    fn notices(&self, given: &[SafeText]) -> Vec<SafeText> {
        let mut notices = given.to_vec();
        let mut say = |text: String| notices.push(SafeText::one_line(&text));
        match self.view.course.resumed {
            0 => {}
            1 => say("The record was taken up again once.".to_owned()),
            times => say(format!("The record was taken up again {times} times.")),
        }
        for (kind, number) in &self.view.unknown {
            say(format!("Entries of a kind that this program doesn't know: {kind}, {number} of them."));
        }
        let dropped = self.view.dropped;
        if dropped.samples + dropped.lines + dropped.other > 0 {
            say(format!(
                "More was recorded than a debrief holds: {} samples, {} lines and {} other things are left out here.",
                dropped.samples, dropped.lines, dropped.other
            ));
        }
        notices
    }
}
