//! After-action report and improvement plan in the shape of HSEEP: objectives with what the record shows, what people said of each, strengths,
//! areas for improvement. A rating is said by people; the record gives none.

use serde::Serialize;

use super::doors::{Door, DoorRow};
use super::evidence::Evidence;
use super::material::{Material, drill_seconds};
use super::second_order::SideEffect;
use super::{Debrief, GuessRow, OrderRow, PartVerdict, StepRow, Verdict};
use crate::projection::wording;
use firedrill_model::scenario::Objective;
use firedrill_model::{Rating, SafeText, Shown, shown};

/// Most sentences of each kind.
const MAX_SAID: usize = 20;

/// An objective of the exercise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectiveRow {
    /// Its short name.
    pub id: Shown,
    /// What was to be shown.
    pub title: SafeText,
    /// The capability that it exercises.
    pub capability: SafeText,
    /// What the record shows of it. That is no rating.
    pub from_the_record: Vec<SafeText>,
    /// How it was met, as people said last.
    pub rating: Option<Rating>,
    /// What was said of it, oldest first.
    pub observations: Vec<ObservationRow>,
}

/// Something said of an objective.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObservationRow {
    /// Seconds since the drill began.
    pub at: f64,
    /// As people see it: `T+12:25`.
    pub t: Shown,
    /// Number of the entry.
    pub seq: u64,
    /// The seat's alias.
    pub who: SafeText,
    /// How it was met.
    pub rating: Option<Rating>,
    /// What was observed.
    pub words: Option<SafeText>,
}

pub(super) fn objectives(from: &Material<'_>, parts: &[PartVerdict], steps: &[StepRow]) -> Vec<ObjectiveRow> {
    if !from.open {
        return Vec::new();
    }
    let all = from.view.scenario.all_objectives();
    all.iter().map(|objective| row(from, objective, parts, steps)).collect()
}

fn row(from: &Material<'_>, objective: &Objective, parts: &[PartVerdict], steps: &[StepRow]) -> ObjectiveRow {
    let said = from.view.people.ratings.iter().filter(|row| row.objective == objective.id);
    let observations: Vec<ObservationRow> = said
        .map(|row| ObservationRow {
            at: drill_seconds(row.stamp.at),
            t: from.view.t(row.stamp.at),
            seq: row.stamp.seq,
            who: from.alias(&row.seat),
            rating: row.rating,
            words: row.words.as_ref().map(|words| from.lines(words)),
        })
        .collect();
    let of_parts = objective.parts.iter().flat_map(|part| parts.iter().filter(move |row| row.kind() == part.name()));
    let of_parts = of_parts.map(|part| shown!("{}, {}: {}", part.part, part.verdict.label(), part.found));
    let of_steps = objective.steps.iter().filter_map(|id| steps.iter().find(|row| row.id == id.as_str()));
    let of_steps = of_steps.map(step_words);
    ObjectiveRow {
        id: Shown::from(&objective.id),
        title: objective.title.clone(),
        capability: objective.capability.clone(),
        from_the_record: of_parts.chain(of_steps).map(|text| SafeText::one_line(&text)).collect(),
        rating: observations.iter().rev().find_map(|row| row.rating),
        observations,
    }
}

fn step_words(step: &StepRow) -> Shown {
    let goal = wording::seconds(step.goal);
    let how = match (step.state.as_str(), step.seconds) {
        ("done", Some(seconds)) if seconds > step.goal => {
            shown!("done in {}, over its goal of {}", wording::seconds(seconds), goal)
        }
        ("done", Some(seconds)) => shown!("done in {}, within its goal of {}", wording::seconds(seconds), goal),
        ("done", None) if step.asked_at.is_some_and(|asked| step.ended_at.is_some_and(|ended| ended > asked)) => {
            Shown::from("done before a sign of the incident had reached the team")
        }
        ("done", None) => Shown::from("done before it was asked for"),
        ("skipped", _) => Shown::from("left out"),
        (..) => step.state.clone(),
    };
    shown!("'{}': {}.", step.title, how)
}

/// Strengths that the record shows.
pub(super) fn strengths(debrief: &Debrief) -> Vec<SafeText> {
    let mut said: Vec<Shown> = with_verdict(&debrief.parts, Verdict::Held).collect();
    said.extend(named(&debrief.steps, "Done within the goal", |step| {
        step.state == "done" && step.seconds.is_some_and(|seconds| seconds <= step.goal)
    }));
    said.extend(debrief.orders.iter().filter(|row| row.kept == Some(true)).map(|row| shown!("Kept: {}.", row.order)));
    said.extend(judged(&debrief.evidence, true));
    said.extend(guessed(&debrief.guesses, true));
    let marked: u64 = debrief.evidence.traces.iter().map(|row| row.marked).sum();
    if marked > 0 {
        let number = wording::count(usize::try_from(marked).unwrap_or(usize::MAX), "record", "records");
        said.push(shown!("Marked as evidence, and left by {}: {}.", debrief.evidence.left_by(), number));
    }
    bounded(said)
}

/// Areas for improvement that the record shows.
pub(super) fn areas(debrief: &Debrief, effects: &[SideEffect]) -> Vec<SafeText> {
    let mut said: Vec<Shown> = with_verdict(&debrief.parts, Verdict::Deviated).collect();
    said.extend(debrief.left.iter().map(Shown::from));
    said.extend(broken(debrief));
    said.extend(named(&debrief.steps, "Took longer than the goal", |step| {
        step.seconds.is_some_and(|seconds| seconds > step.goal)
    }));
    said.extend(named(&debrief.steps, "Left out", |step| step.state == "skipped"));
    said.extend(named(&debrief.steps, "Still open at the end", |step| step.state == "open"));
    said.extend(named(&debrief.steps, "Never came to be asked for", |step| step.state == "not asked"));
    said.extend(named(&debrief.steps, "Where to look was not known", |step| step.knew_where == Some(false)));
    said.extend(named(&debrief.steps, "Whom to escalate to was not known", |step| step.knew_whom == Some(false)));
    said.extend(wrong_doors(debrief));
    said.extend(debrief.orders.iter().filter(|row| row.kept == Some(false)).map(not_kept));
    said.extend(effects.iter().filter(|effect| effect.lost).map(|effect| Shown::from(&effect.text)));
    said.extend(judged(&debrief.evidence, false));
    said.extend(guessed(&debrief.guesses, false));
    said.extend(debrief.evidence.losses());
    bounded(said)
}

fn bounded(said: Vec<Shown>) -> Vec<SafeText> {
    said.into_iter().take(MAX_SAID).map(|text| SafeText::one_line(&text)).collect()
}

fn with_verdict(parts: &[PartVerdict], verdict: Verdict) -> impl Iterator<Item = Shown> {
    parts.iter().filter(move |part| part.verdict == verdict).map(|part| Shown::from(&part.found))
}

fn named(steps: &[StepRow], what: &'static str, fits: impl Fn(&StepRow) -> bool) -> Option<Shown> {
    let names: Vec<Shown> = steps.iter().filter(|step| fits(step)).map(|step| shown!("'{}'", step.title)).collect();
    (!names.is_empty()).then(|| shown!("{}: {}.", what, wording::list(&names)))
}

/// Responses that were done to something else than the incident, and what the first of them cost.
fn wrong_doors(debrief: &Debrief) -> Vec<Shown> {
    let wrong = debrief.doors.iter().filter(|row| row.door == Door::Wrong);
    let words = |row: &DoorRow| {
        let cost = row.cost.first().map_or_else(Shown::default, |cost| shown!(" {}", cost));
        shown!("Done to the wrong thing: '{}'. {}{}", row.response, row.why, cost)
    };
    wrong.map(words).collect()
}

fn not_kept(row: &OrderRow) -> Shown {
    row.early.as_ref().map_or_else(|| shown!("Not in this order: {}.", row.order), Shown::from)
}

/// How many findings were held for what they were, or for something else.
fn judged(evidence: &Evidence, rightly: bool) -> Option<Shown> {
    let both = evidence.findings.iter().filter_map(|row| row.judged.zip(row.was));
    let number = both.filter(|(judged, was)| (judged == was) == rightly).count();
    let how = if rightly { "Held for what they were" } else { "Held for something else than they were" };
    (number > 0).then(|| shown!("{}: {}.", how, wording::count(number, "finding", "findings")))
}

fn guessed(guesses: &[GuessRow], rightly: bool) -> Option<Shown> {
    let number = guesses.iter().filter(|row| row.agrees == Some(rightly)).count();
    let all = guesses.iter().filter(|row| row.agrees.is_some()).count();
    let how = if rightly { "as guessed" } else { "otherwise than guessed" };
    (number > 0).then(|| {
        shown!("After {} of {} the signals did {}.", number, wording::count(all, "response", "responses"), how)
    })
}

/// Channels and automations that were broken.
fn broken(debrief: &Debrief) -> Vec<Shown> {
    use super::pipeline::Reached;
    let rows = debrief.pipelines.iter().flat_map(|one| &one.rows).filter(|row| row.reached == Reached::Broken);
    let mut said: Vec<Shown> = rows.map(|row| shown!("{}: {}", row.what, row.words)).collect();
    let failed = debrief.evidence.automations.iter().filter(|row| !row.worked);
    said.extend(
        failed.map(|row| shown!("{} failed and told nobody: {}", row.automation, wording::sentence(&row.brought))),
    );
    said.dedup();
    said
}
