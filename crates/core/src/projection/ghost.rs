//! The ghost: an earlier drill of the same scenario beside this one, moment for moment since the fault.
//!
//! It says when something came earlier or later than then, and no more: two drills differ in seed, people and purpose, so it ranks
//! nothing. What is compared is what anybody in a drill could see; the ground truth only where it is open in both. While a drill is
//! under way, no moment of the ghost is told before as much time has passed since the fault here ([`Sight::Live`]).

mod words;

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use super::audience::{Viewer, may_see, opens_everything};
use super::view::{Mark, Stamp};
use super::{Fold, View};
use firedrill_model::event::Entry;
use firedrill_model::id::{ActionId, DrillId, SeatId, StepId};
use firedrill_model::phase::Phase;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Role, SafeText, Shown, Span, shown};

/// Marks that everybody in a drill can see.
const TOLD: [Mark; 4] = [Mark::Notified, Mark::Acknowledged, Mark::Escalated, Mark::EvidenceCaptured];
/// Marks that are ground truth before Verify.
const HIDDEN: [Mark; 5] =
    [Mark::FindingCreated, Mark::Detected, Mark::ContainmentEffective, Mark::Eradicated, Mark::SteadyStateRestored];

/// Something that happens once in a drill, so that two drills can be held against each other by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Milestone {
    /// A mark of the incident.
    Mark(Mark),
    /// A step of the playbook was done (true) or left out.
    Step(StepId, bool),
    /// A response was given for the first time, at whatever target: the target may be another one with another seed.
    Response(ActionId),
}

/// How much of a ghost may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// While a drill is under way: what everybody could see then, and nothing that lies ahead.
    Live,
    /// A seat's own view in a replay: what everybody could see then, also ahead.
    Seat,
    /// From Verify on, or where everything is looked at: the ground truth as well.
    Open,
}

/// When milestones were reached, since the fault.
type Reached = BTreeMap<Milestone, Span>;

/// An earlier drill, as far as another one is held against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ghost {
    drill: DrillId,
    /// `last time`, or `in` and its name.
    then: SafeText,
    /// What there is to know about the comparison.
    notes: Vec<SafeText>,
    /// What everybody could see.
    told: Reached,
    /// The same with the ground truth, if the drill is over.
    open: Reached,
    /// Whether its fault became active at all.
    began: bool,
}

/// A milestone in both drills. Times since the fault; nothing: not reached, or not to be told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What.
    pub what: Milestone,
    /// What it is called.
    pub label: SafeText,
    /// When in this drill.
    pub here: Option<Span>,
    /// When in the earlier one.
    pub then: Option<Span>,
    /// It is not told yet whether the earlier drill got there.
    pub untold: bool,
}

impl Ghost {
    /// Makes a ghost of the entries of an earlier drill, folded with the `scenario` that is run now: what it doesn't know isn't compared.
    /// `is_last`: the drill is the latest one before.
    #[must_use]
    pub fn new(scenario: &Arc<Scenario>, entries: &[Entry], drill: DrillId, is_last: bool) -> Self {
        let mut told = Fold::of_seat(Arc::new(scenario.brief()));
        let before = entries.iter().take_while(|entry| !opens_everything(entry));
        for entry in before.filter(|entry| everybody(entry)) {
            told.apply(entry);
        }
        let mut all = told.clone();
        if entries.iter().any(opens_everything) {
            all = Fold::open(Arc::clone(scenario));
            for entry in entries {
                all.apply(entry);
            }
        }
        let then = if is_last { Shown::from("last time") } else { shown!("in {}", drill) };
        Self {
            drill,
            then: SafeText::one_line(&then),
            notes: Vec::new(),
            began: told.fault().is_some(),
            told: reached(&told, false),
            open: reached(&all, true),
        }
    }

    /// Adds something to know about the comparison.
    #[must_use]
    pub fn with_note(mut self, note: &str) -> Self {
        self.notes.push(SafeText::one_line(note));
        self
    }

    /// Which drill it is of.
    #[must_use]
    pub fn drill(&self) -> &DrillId {
        &self.drill
    }

    /// What there is to know about the comparison, a sentence each.
    #[must_use]
    pub fn notes(&self) -> &[SafeText] {
        &self.notes
    }

    /// Its moments, since the fault, in order, as far as `sight` allows: nothing of them while the fault isn't known here.
    #[must_use]
    pub fn moments(&self, view: &View, now: DrillTime, sight: Sight) -> Vec<(Span, &Milestone)> {
        let Some(elapsed) = view.since_fault(now) else { return Vec::new() };
        let known = self.known(sight).iter().filter(|(_, at)| sight != Sight::Live || **at <= elapsed);
        let mut moments: Vec<_> = known.map(|(what, at)| (*at, what)).collect();
        moments.sort();
        moments
    }

    /// All its moments, in no order: for a replay, which shows the whole drill.
    pub fn all_moments(&self, sight: Sight) -> impl Iterator<Item = (Span, &Milestone)> {
        self.known(sight).iter().filter(move |_| sight != Sight::Live).map(|(what, at)| (*at, what))
    }

    /// Both drills side by side, by when a milestone was first reached in either.
    #[must_use]
    pub fn rows(&self, view: &View, now: DrillTime, sight: Sight) -> Vec<Row> {
        let here = reached(view, sight == Sight::Open);
        let then: Reached = self.moments(view, now, sight).into_iter().map(|(at, what)| (what.clone(), at)).collect();
        let ahead = sight == Sight::Live && view.fault().is_some();
        let mut rows: Vec<Row> = here
            .keys()
            .chain(then.keys().filter(|what| !here.contains_key(*what)))
            .map(|what| Row {
                what: what.clone(),
                label: words::label(what, view),
                here: here.get(what).copied(),
                then: then.get(what).copied(),
                untold: ahead && !then.contains_key(what),
            })
            .collect();
        rows.sort_by_key(Row::first);
        rows
    }

    fn known(&self, sight: Sight) -> &Reached {
        if sight == Sight::Open { &self.open } else { &self.told }
    }
}

impl Row {
    /// When it was first reached in either drill.
    fn first(&self) -> Span {
        self.here.into_iter().chain(self.then).min().unwrap_or_default()
    }

    /// The newest moment of it that lies no later than `elapsed`.
    #[must_use]
    pub fn news(&self, elapsed: Span) -> Option<Span> {
        self.here.into_iter().chain(self.then).filter(|at| *at <= elapsed).max()
    }
}

/// The row that has news last: what there is to say now.
#[must_use]
pub fn newest(rows: &[Row], elapsed: Span) -> Option<&Row> {
    rows.iter().filter(|row| row.news(elapsed).is_some()).max_by_key(|row| row.news(elapsed))
}

/// Addressed to a responder whom nothing is told alone.
fn everybody(entry: &Entry) -> bool {
    SeatId::new("nobody").is_ok_and(|nobody| may_see(&Viewer::Seat(nobody, Role::Responder), entry))
}

/// What was reached between the fault and the end of the experiment.
fn reached(view: &View, open: bool) -> Reached {
    let Some(fault) = view.fault() else { return Reached::new() };
    let end = view.experiment_ended();
    let counts = |stamp: &Stamp| stamp.at >= fault.at && end.is_none_or(|end| stamp.seq < end.seq);
    let marks = TOLD.iter().chain(HIDDEN.iter().filter(|_| open));
    let marks = marks.filter_map(|mark| Some((Milestone::Mark(*mark), *view.marks.get(mark)?)));
    let steps = view.playbook.steps.iter().filter_map(|step| {
        let end = step.end.as_ref()?;
        let done = matches!(end.how, super::view::StepHow::Done(_));
        Some((Milestone::Step(step.id.clone(), done), end.stamp))
    });
    let responses = view.responses.values().map(|one| (Milestone::Response(one.action.clone()), one.given));
    let mut found = Reached::new();
    for (what, stamp) in marks.chain(steps).chain(responses).filter(|(_, stamp)| counts(stamp)) {
        let at = stamp.at.since(fault.at);
        found.entry(what).and_modify(|known| *known = at.min(*known)).or_insert(at);
    }
    found
}

impl Sight {
    /// What may be seen beside `view`: `replayed_as` is the viewer of a replay, nobody while the drill is under way.
    #[must_use]
    pub fn beside(view: &View, replayed_as: Option<&Viewer>) -> Self {
        match replayed_as {
            _ if view.course.phase >= Phase::Verify => Self::Open,
            None => Self::Live,
            Some(Viewer::Everything | Viewer::Seat(_, Role::Facilitator)) => Self::Open,
            Some(Viewer::Seat(_, Role::Responder | Role::Observer)) => Self::Seat,
        }
    }
}
