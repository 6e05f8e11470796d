//! A drill without a terminal: a script plays the people, as fast as the machine can.

use std::path::Path;

use serde_json::{Value, json};

use super::{cache_summary, desk, offer, say_elsewhere};
use crate::cli::args::{Args, Run};
use crate::cli::exit::{Exit, Failure, worded};
use crate::cli::{output, place};
use crate::host::clock::WallClock;
use crate::host::desk::debrief_of;
use crate::host::player::{self, PlayOnError, Played};
use firedrill_core::projection::debrief::Verdict;
use firedrill_core::projection::{Debrief, wording};
use firedrill_model::DrillTime;
use firedrill_model::scenario::Scenario;
use firedrill_model::{Joined, SafeText, Shown, shown};

/// Plays a script to the end of the drill, and says how it went.
///
/// # Errors
/// When scenario or script can't be read, or the record not be written.
pub fn run(args: &Args, run: &Run, script_file: &Path, clock: &WallClock) -> Result<Exit, Failure> {
    let script_text = place::read(script_file, false).map_err(|unread| unread.into_failure(args))?;
    let script_for = |scenario: &Scenario| {
        firedrill_authoring::script::check(place::shown(script_file).as_str(), &script_text, scenario)
            .map_err(|problems| Failure::Mistakes(output::rendered(args, &problems)))
    };
    let utc = || clock.utc();
    let (mut session, played) = if let Some(drill) = &run.resume {
        let desk = desk(args, run)?;
        let mut session = desk.resume(&place::drill(&desk.data, drill)?, clock)?.unattended();
        let script = script_for(session.scenario())?;
        let played = player::play_on(&mut session, &script, &utc).map_err(|error| match error {
            PlayOnError::Store(fault) => Failure::from(fault),
            other @ PlayOnError::OtherScript { .. } => Failure::Usage(shown!("failed to {}", worded(&other))),
        })?;
        (session, played)
    } else {
        let (scenario, text) = offer(args, run)?;
        let script = script_for(&scenario)?;
        let mut session = desk(args, run)?.begin(scenario, &text, run.seed.or(script.seed), clock)?.unattended();
        let played = player::play(&mut session, &script, &utc)?;
        (session, played)
    };
    cache_summary(&mut session);
    say_elsewhere(&session);
    let debrief = debrief_of(&session);
    if run.json {
        output::json(&as_json(&debrief, &played))?;
    } else {
        output::result(&as_text(&debrief, &played))?;
    }
    Ok(if debrief.verdict == Verdict::Held && !played.never_steady && !played.full {
        Exit::Done
    } else {
        Exit::Negative
    })
}

fn as_json(debrief: &Debrief, played: &Played) -> Value {
    let mut result = firedrill_report::summary(debrief);
    let refused = played
        .refused
        .iter()
        .map(|no| json!({ "at": no.at.since(DrillTime::ZERO).as_secs_f64(), "do": no.deed, "asked": no.asked, "refused": no.why }));
    result["head_words"] = debrief.head_words.as_str().into();
    result["script"] = json!({ "refused": refused.collect::<Vec<_>>(), "not_reached": played.not_reached, "never_steady": played.never_steady, "full": played.full });
    result
}

fn as_text(debrief: &Debrief, played: &Played) -> Shown {
    let mut lines = vec![
        debrief.exercise.clone(),
        shown!("{}: hypothesis {} ({})", debrief.drill, debrief.verdict.label(), debrief.title),
    ];
    lines.extend(debrief.parts.iter().map(|part| shown!("  {}: {}. {}", part.part, part.verdict.label(), part.found)));
    if let Some(why) = &debrief.wrong_on_purpose {
        lines.push(shown!("  The hypothesis is wrong on purpose: {}", why));
    }
    if let Some(outcome) = &debrief.outcome {
        lines.push(shown!("Outcome: {}", outcome.brief()));
        lines.extend(outcome.rows().into_iter().map(|(label, words)| shown!("  {}: {}", label, words)));
    }
    for row in &debrief.durations {
        let value = match (row.seconds, row.never) {
            (Some(seconds), _) => wording::seconds(seconds),
            (None, true) => "never".into(),
            (None, false) => row.missing.clone().map_or_else(|| "not in the record".into(), Shown::from),
        };
        let hurried = if row.hurried.is_some() { ", while the clock was hurried" } else { "" };
        lines.push(shown!("  {}: {}{} ({})", row.name, value, hurried, row.definition));
    }
    if played.never_steady {
        lines.push("  The steady state never held, so the experiment did not start.".into());
    }
    lines.extend(played.refused.iter().map(|no| {
        shown!("  Refused at {}: {}: {}", debrief.zero.t(no.at), SafeText::new(&no.asked), SafeText::new(&no.why))
    }));
    if !played.not_reached.is_empty() {
        let numbers = played.not_reached.iter().map(|number| shown!("{}", *number)).joined(", ");
        lines.push(shown!("  Not reached in the script: [[do]] number {}", numbers));
    }
    if let Some(outcome) = debrief.outcome.as_ref().filter(|outcome| outcome.is_at_work()) {
        let verdict = if debrief.verdict == Verdict::Held { "held, and the" } else { "is judged, but the" };
        let what = if outcome.by_adversary { "adversary was still at work" } else { "fault still went on" };
        lines.push(shown!("The hypothesis {} {} when the experiment ended.", verdict, what));
    }
    lines.push(shown!("Its record ends with: {}", debrief.head_words));
    lines.push(shown!("The whole report: firedrill debrief {}", debrief.drill));
    lines.push(debrief.exercise.clone());
    lines.joined("\n")
}
