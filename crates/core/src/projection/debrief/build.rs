//! Puts the debrief together from a view that was folded with everything.

use super::Debrief;
use super::material::{Material, drill_seconds};
use crate::projection::moment::rfc3339;
use crate::projection::traces::Traces;
use crate::projection::{Fold, wording};
use firedrill_model::id::DrillId;
use firedrill_model::phase::Phase;
use firedrill_model::{SafeText, Shown, WordBook};

/// Builds the debrief of a drill. `view` must have been folded with everything; `notices` say what is odd about the record.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one debrief, field by field")]
pub fn build(view: &Fold, words: &WordBook, drill: &DrillId, notices: &[SafeText]) -> Debrief {
    let from = Material { view, words, open: view.course.phase >= Phase::Verify };
    let open = from.open;
    let left = from.whole().next().map_or_else(Traces::default, |whole| Traces::of(view, whole));
    let (effects, pipelines) = (super::second_order::second_order(&from), super::pipeline::pipelines(&from, &left));
    let lost: Vec<SafeText> = effects.iter().filter(|effect| effect.lost).map(|effect| effect.text.clone()).collect();
    let (parts, marks) = (super::verdict::parts(&from, &lost), from.marks());
    let (steps, confidence) = (super::steps::steps(&from), super::course::confidence(&from));
    let notes = view.whole().map(|whole| &whole.debrief).filter(|_| open);
    let mut debrief = Debrief {
        v: 3,
        exercise: wording::exercise(view.world_kind()).into(),
        exercise_label: wording::exercise_label(view.world_kind()).into(),
        drill: drill.into(),
        scenario: Shown::from(&view.scenario.id),
        title: view.scenario.title.clone(),
        seed: view.seed,
        state: state(view.course.phase).into(),
        began: view.moments.first().map_or_else(Shown::default, |stamp| rfc3339(stamp.utc)),
        t_counts_from: view.zero().label().into(),
        zero: view.zero(),
        hypothesis: view.hypothesis_sentence(),
        verdict: super::verdict::overall(&parts),
        surprises: super::surprises::surprises(&from, drill, &confidence, &effects),
        objectives: super::objectives::objectives(&from, &parts, &steps),
        strengths: Vec::new(),
        areas: Vec::new(),
        people: super::people::people(&from, &steps),
        parts,
        wrong_on_purpose: notes.and_then(|notes| notes.wrong_hypothesis.clone()),
        outcome: None,
        detections: super::detection::detections(&from),
        durations: super::durations::durations(&from),
        marks,
        impact: super::impact::impact(&from),
        left: super::left::left(&from),
        steps,
        guesses: super::guesses::guesses(&from),
        predictions: super::predictions::predictions(&from),
        orders: super::orders::orders(&from, &effects),
        doors: super::doors::doors(&from, &effects),
        second_order: effects.iter().map(|effect| effect.text.clone()).collect(),
        evidence: super::evidence::evidence(&from, &left),
        questions: super::questions::questions(&from, &pipelines),
        pipelines,
        side_by_side: super::side_by_side::side_by_side(&from),
        confidence,
        signals: super::course::signals(&from),
        bars: super::course::bars(&from),
        notes: from.notes(),
        later_notes: from.later_notes(),
        bookmarks: view.people.bookmarks.iter().map(|at| drill_seconds(*at)).collect(),
        bookmark_ts: view.people.bookmarks.iter().map(|at| view.t(*at)).collect(),
        improvements: from.improvements(),
        earlier: Vec::new(),
        truth: notes.map(|notes| notes.truth.clone()).unwrap_or_default(),
        claims: notes.map(|notes| notes.claims.clone()).unwrap_or_default(),
        lesson: notes.map(|notes| notes.lesson.clone()).unwrap_or_default(),
        ideal_path: from.ideal_path(),
        techniques: from.techniques(),
        sources: notes.map(|notes| notes.sources.clone()).unwrap_or_default(),
        happened: from.happened(),
        interruptions: super::clock::interruptions(view),
        notices: from.notices(notices),
        head_words: Shown::default(),
        trust: Shown::default(),
    };
    debrief.outcome = super::outcome::outcome(&from, &debrief, lost);
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
