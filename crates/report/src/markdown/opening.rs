//! Title, summary in words, and the verdict.

use super::table::{lines, section, table};
use crate::escape;
use firedrill_core::projection::debrief::{Debrief, PartVerdict, Verdict};
use firedrill_model::{Joined, Shown, shown};

pub(super) fn head(debrief: &Debrief) -> Shown {
    let title = escape::inline(&debrief.title);
    let counts = match debrief.t_counts_from.as_str() {
        "fault" => "Times: T counts from the fault; UTC is the drill's own, as its documents have it",
        "experiment" => "Times count from the beginning of the experiment; UTC is the drill's own",
        _ => "Times count from the beginning of the drill; UTC is the drill's own",
    };
    let facts = [
        shown!("Drill: {}", escape::plain(&debrief.drill)),
        shown!("Scenario: {}", escape::plain(&debrief.scenario)),
        shown!("Seed: {}", debrief.seed),
        shown!("Began: {}", escape::plain(&debrief.began)),
        shown!("State: {}", escape::plain(&debrief.state)),
        counts.into(),
    ];
    let facts = lines(facts.iter().map(|fact| shown!("- {}", fact)));
    let exercise = exercise(debrief);
    shown!("{}\n\n# After-action report: {}\n\n{}\n{}", exercise, title, facts, summary(debrief))
}

/// That all of it is an exercise: at the head and at the foot.
pub(super) fn exercise(debrief: &Debrief) -> Shown {
    shown!("> **{}**", escape::plain(&debrief.exercise))
}

/// What became of the incident, whatever the verdict says.
pub(super) fn outcome(debrief: &Debrief) -> Shown {
    let Some(outcome) = &debrief.outcome else { return Shown::default() };
    let rows = lines(outcome.rows().iter().map(|(label, words)| shown!("- {}: {}", label, escape::plain(words))));
    section("Outcome", &shown!("**{}**\n\n{}", escape::plain(outcome.brief()), rows))
}

/// One paragraph that can be read aloud.
fn summary(debrief: &Debrief) -> Shown {
    let mut said = vec![match debrief.verdict {
        Verdict::Held => Shown::from("The hypothesis held."),
        Verdict::Deviated => deviated(&debrief.parts),
        Verdict::NotMeasured => not_measured(&debrief.parts),
    }];
    if matches!(debrief.state.as_str(), "steady-state" | "hypothesis" | "experiment") {
        said.push(Shown::from("The drill is not over, and what really went on is told from Verify on."));
    }
    said.extend(debrief.parts.iter().map(|part| escape::inline(&part.found)));
    said.extend(told(debrief));
    said.extend(debrief.impact.requests_words().iter().map(escape::plain));
    said.extend(debrief.evidence.losses().map(|loss| escape::plain(&loss)));
    said.extend(debrief.left.iter().map(escape::inline));
    said.dedup();
    said.joined(" ")
}

/// Who found it, and who told the team.
fn told(debrief: &Debrief) -> Vec<Shown> {
    let mark = |name: &str| debrief.marks.iter().find(|mark| mark.mark == name);
    let said = |what: &'static str, name: &str| {
        let mark = mark(name)?;
        let (t, by) = (mark.t.as_ref()?, mark.by.as_ref()?);
        Some(shown!("{} at {}, by {}.", what, t, escape::inline(by)))
    };
    let both = [said("The incident was detected", "detected"), said("The team was told of it", "notified")];
    both.into_iter().flatten().collect()
}

fn not_measured(parts: &[PartVerdict]) -> Shown {
    let number = parts.iter().filter(|part| part.verdict == Verdict::NotMeasured).count();
    if number == parts.len() {
        return Shown::from("The hypothesis was not measured.");
    }
    shown!("What was measured of the hypothesis held; {} of its {} parts could not be measured.", number, parts.len())
}

fn deviated(parts: &[PartVerdict]) -> Shown {
    let number = parts.iter().filter(|part| part.verdict == Verdict::Deviated).count();
    shown!("The hypothesis deviated in {} of its {} parts.", number, parts.len())
}

pub(super) fn verdict(debrief: &Debrief) -> Shown {
    let rows: Vec<Vec<Shown>> = debrief
        .parts
        .iter()
        .map(|part| {
            vec![
                escape::plain(&part.part),
                escape::inline(&part.expected),
                part.verdict.label().into(),
                escape::inline(&part.found),
            ]
        })
        .collect();
    let sentence = escape::inline(&debrief.hypothesis);
    let table = table(&["Part", "Expected", "Verdict", "Found"], &rows);
    let wrong = debrief.wrong_on_purpose.as_ref().map_or_else(Shown::default, |why| {
        shown!("The scenario's hypothesis is wrong on purpose: {}\n\n", escape::inline(why))
    });
    let verdict = debrief.verdict.label();
    section("Hypothesis", &shown!("> {}\n\nVerdict: **{}**\n\n{}{}", sentence, verdict, wrong, table))
}
