//! What every part of a debrief is read from, and the figures and rows that come straight from it.

use super::{HappenedRow, ImprovementLine, LaterNoteRow, MarkRow, NoteRow};
use crate::projection::Fold;
use crate::projection::moment::{Zero, rfc3339};
use crate::projection::view::{LaterNote, Mark, Stamp, TimelineLine};
use crate::projection::wording;
use firedrill_model::id::{SeatId, TargetId};
use firedrill_model::{
    DrillTime, SafeText, Sealed, Shown, WordBook,
    scenario::{Aim, Aimed, Scenario, Stage},
    shown,
};

/// Most rows of each kind.
pub(super) const MAX_EACH: usize = 100;

/// What the parts of a debrief are read from.
pub(super) struct Material<'a> {
    pub view: &'a Fold,
    pub words: &'a WordBook,
    /// From Verify on the ground truth is open.
    pub open: bool,
}

/// Stages that took place, in the order in which they began.
pub(super) fn happened<'a>(from: &'a Material<'_>) -> Vec<(&'a Stage, &'a TargetId, DrillTime)> {
    let begun = from.view.truth.stages.iter().filter(|(_, _, _, active)| *active);
    begun.filter_map(|(stamp, id, on, _)| Some((from.view.stage(id)?, on, stamp.at))).collect()
}

/// Seconds to a tenth: no mark is known better than that. Cut and not rounded, so that a length in words and a moment on a clock agree.
pub(super) fn tenths(secs: f64) -> f64 {
    // Microseconds as a fraction can come out a trifle below what they are.
    (secs * 10.0 + 1e-5).floor() / 10.0
}

/// Seconds of drill time since the drill began.
pub(super) fn drill_seconds(at: DrillTime) -> f64 {
    tenths(at.since(DrillTime::ZERO).as_secs_f64())
}

/// All marks in their canonical order, with name and label.
pub(super) const MARKS: [(Mark, &str, &str); 12] = [
    (Mark::FaultActive, "fault_active", "Fault active"),
    (Mark::FirstSignal, "first_signal", "First signal"),
    (Mark::FindingCreated, "finding_created", "Finding created"),
    (Mark::Detected, "detected", "Detected"),
    (Mark::Notified, "notified", "Team notified"),
    (Mark::Acknowledged, "acknowledged", "Acknowledged"),
    (Mark::Escalated, "escalated", "Escalated"),
    (Mark::EvidenceCaptured, "evidence_captured", "Evidence captured"),
    (Mark::ContainmentEffective, "containment_effective", "Containment effective"),
    (Mark::Eradicated, "eradicated", "Eradicated"),
    (Mark::SteadyStateRestored, "steady_state_restored", "Steady state restored"),
    (Mark::SteadyStateConfirmed, "steady_state_confirmed", "Steady state confirmed"),
];

impl<'a> Material<'a> {
    /// The whole scenario, once it is open.
    pub fn whole(&self) -> impl Iterator<Item = &'a Scenario> + use<'a> {
        self.view.whole().filter(|_| self.open).into_iter()
    }

    /// A mark, unless it would tell the ground truth before Verify.
    pub fn mark(&self, mark: Mark) -> Option<Stamp> {
        let told = self.open
            || !matches!(
                mark,
                Mark::FirstSignal
                    | Mark::FindingCreated
                    | Mark::Detected
                    | Mark::ContainmentEffective
                    | Mark::Eradicated
                    | Mark::SteadyStateRestored
                    | Mark::SteadyStateConfirmed
            );
        let told = told && (mark != Mark::FaultActive || self.tells_fault());
        self.view.marks.get(&mark).copied().filter(|_| told)
    }

    /// When the fault was may be told.
    fn tells_fault(&self) -> bool {
        match self.view.zero() {
            Zero::Fault(..) => true,
            Zero::Experiment(..) | Zero::Drill => false,
        }
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

    /// Seconds since the fault, negative before it; nothing while it isn't known.
    pub fn since_fault(&self, at: DrillTime) -> Option<f64> {
        let fault = self.view.fault().filter(|_| self.tells_fault())?;
        let after = tenths(at.since(fault.at).as_secs_f64());
        // Before it up, as T is: no moment before the fault looks like one at it.
        let before = tenths(firedrill_model::Span(fault.at.since(at).0.next_multiple_of(100_000)).as_secs_f64());
        Some(if at >= fault.at { after } else { -before })
    }

    /// A remark on one line: a name, an owner, what stands in a table.
    pub fn text(&self, sealed: &Sealed) -> SafeText {
        SafeText::one_line(&self.words.read(sealed))
    }

    /// A remark in the lines in which it was written.
    pub fn lines(&self, sealed: &Sealed) -> SafeText {
        SafeText::new(&self.words.read(sealed))
    }

    /// The alias of a seat, or the seat's own name.
    pub fn alias(&self, seat: &SeatId) -> SafeText {
        let sealed = self.view.people.seats.get(seat).map(|(_, name)| name);
        sealed.map_or_else(|| seat.as_str().into(), |name| self.text(name))
    }

    pub(super) fn marks(&self) -> Vec<MarkRow> {
        let row = |(mark, name, label): &(Mark, &'static str, &'static str)| {
            let stamp = self.mark(*mark);
            let readings = stamp.map(|stamp| self.view.readings(stamp));
            MarkRow {
                mark: (*name).into(),
                label: (*label).into(),
                at: stamp.map(|stamp| drill_seconds(stamp.at)),
                since_fault: stamp.and_then(|stamp| self.since_fault(stamp.at)),
                t: readings.as_ref().map(|at| at.t.clone()),
                utc: readings.as_ref().map(|at| at.utc.clone()),
                recorded_at: readings.map(|at| at.recorded_at),
                by: stamp.and_then(|stamp| self.told_by(*mark, stamp)).map(|by| SafeText::one_line(&by)),
            }
        };
        MARKS.iter().map(row).collect()
    }

    pub(super) fn notes(&self) -> Vec<NoteRow> {
        let notes = self.view.people.notes.iter();
        let row = |(stamp, seat, words): &(Stamp, SeatId, Sealed)| NoteRow {
            at: drill_seconds(stamp.at),
            t: self.view.t(stamp.at),
            who: self.alias(seat),
            text: self.lines(words),
        };
        notes.map(row).collect()
    }

    pub(super) fn later_notes(&self) -> Vec<LaterNoteRow> {
        let row = |note: &LaterNote| LaterNoteRow {
            at: drill_seconds(note.stamp.at),
            t: self.view.t(note.stamp.at),
            seq: note.stamp.seq,
            written: rfc3339(note.stamp.utc),
            text: self.lines(&note.words),
        };
        self.view.people.later.iter().map(row).collect()
    }

    pub(super) fn improvements(&self) -> Vec<ImprovementLine> {
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

    pub(super) fn ideal_path(&self) -> Vec<SafeText> {
        let path = self.whole().flat_map(|whole| &whole.debrief.ideal_path);
        path.map(|aimed| SafeText::one_line(&self.aimed(aimed))).collect()
    }

    /// A response with what it is to be aimed at, in words.
    pub(super) fn aimed(&self, aimed: &Aimed) -> Shown {
        let title = self.view.action_title(&aimed.act);
        let ids = |ids: &[TargetId]| -> Vec<Shown> { ids.iter().map(|id| self.view.target_title(id)).collect() };
        match &aimed.at {
            Aim::Anything => title,
            Aim::FromFinding => shown!("{} (what the finding is about)", title),
            Aim::WhereStage(stage) => {
                let known =
                    self.view.stage(stage).map_or_else(|| Shown::from(stage), |stage| Shown::from(&stage.title));
                shown!("{} (where this is: {})", title, known)
            }
            Aim::AnyOf(targets) => shown!("{} ({})", title, wording::either(&ids(targets))),
            Aim::AllOf(targets) => shown!("{} ({})", title, wording::list(&ids(targets))),
        }
    }

    pub(super) fn techniques(&self) -> Vec<SafeText> {
        let all = self.whole().flat_map(|whole| &whole.techniques);
        all.map(|technique| SafeText::one_line(&shown!("{} {}", technique.id, technique.name))).collect()
    }

    pub(super) fn happened(&self) -> Vec<HappenedRow> {
        let shown = self.view.timeline.iter().filter(|line| self.open || !line.hidden);
        shown.map(|line| self.happened_row(line)).collect()
    }

    fn happened_row(&self, line: &TimelineLine) -> HappenedRow {
        // A remark keeps the lines in which it was written.
        let text = line.words.as_ref().map_or_else(
            || line.text(self.view),
            |words| SafeText::new(&shown!("{}: {}", line.text(self.view), self.words.read(words))),
        );
        HappenedRow {
            at: drill_seconds(line.stamp.at),
            seq: line.stamp.seq,
            readings: self.view.readings(line.stamp),
            lane: line.lane.label().into(),
            text,
        }
    }

    pub(super) fn notices(&self, given: &[SafeText]) -> Vec<SafeText> {
        let mut notices = given.to_vec();
        let mut say = |text: Shown| notices.push(SafeText::one_line(&text));
        match self.view.course.resumed {
            0 => {}
            1 => say(Shown::from("The record was taken up again once.")),
            times => say(shown!("The record was taken up again {} times.", times)),
        }
        for (kind, number) in &self.view.unknown {
            say(shown!(
                "Entries of a kind that this program doesn't know: {}, {} of them.",
                SafeText::one_line(kind),
                number
            ));
        }
        let dropped = self.view.dropped;
        if dropped.samples + dropped.lines + dropped.other > 0 {
            say(shown!(
                "More was recorded than a debrief holds: {} samples, {} lines and {} other things are left out here.",
                dropped.samples,
                dropped.lines,
                dropped.other
            ));
        }
        notices
    }
}
