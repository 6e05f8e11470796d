//! `firedrill improve`: what is to change, over all drills.

use serde_json::{Value, json};

use super::args::{Args, Improve, ImproveVerb};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::host::clock::WallClock;
use crate::host::desk::salts;
use crate::host::improvements::{self, All};
use crate::host::past::{self, Past};
use firedrill_core::projection::history::Outline;
use firedrill_core::projection::improvements::{Improvement, find, read_measure};
use firedrill_core::projection::wording;
use firedrill_model::SafeText;
use firedrill_model::command::MAX_WORDS;
use firedrill_model::id::DrillId;
use firedrill_model::improvement::{Turn, Which};
use firedrill_model::{Shown, shown};
use firedrill_record::store::DataDir;
use firedrill_report::improvements as report;

/// Lists improvements, or writes down what becomes of one.
///
/// # Errors
/// When the data folder can't be read or written, or nothing is called so.
pub fn run(args: &Args, improve: &Improve) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    // What is printed is what the records say; to write one line down, what was read before is enough.
    let past = if improve.verb.is_none() { past::look_into(&data)? } else { past::look_back(&data, usize::MAX)? };
    let all = improvements::all(&data, &past);
    for (drill, why) in past.troubled() {
        output::aside(&shown!("{}: {}", drill, why));
    }
    all.problems.iter().for_each(output::aside);
    let Some(verb) = &improve.verb else { return list(improve, &all, &past) };
    let drill = match verb {
        ImproveVerb::Add { drill: Some(name), .. } => Some(place::drill(&data, name)?),
        _ => None,
    };
    let turn = turn(verb, drill.as_ref(), &past, &all.improvements).map_err(Failure::Usage)?;
    let clock = WallClock::machine();
    // The data folder is made if somebody writes something down before the first drill.
    let number = place::data_dir(args)?.write_down(turn, clock.utc(), salts()?)?;
    let said = said(&data, &past, verb, number);
    output::result(&said)?;
    Ok(Exit::Done)
}

fn list(improve: &Improve, all: &All, past: &Past) -> Result<Exit, Failure> {
    let exercise = wording::exercises(&past.outlines().map(|one| one.world).collect());
    let today = WallClock::machine().utc().date_naive();
    let shown: Vec<&Improvement> = all.improvements.iter().filter(|one| improve.all || one.closed.is_none()).collect();
    if improve.json {
        let rows = shown.iter().map(|one| {
            let mut row = serde_json::to_value(one).unwrap_or_default();
            row["overdue"] = one.is_overdue(today).into();
            row
        });
        output::json(&json!({ "v": 1, "exercise": exercise, "improvements": rows.collect::<Vec<Value>>() }))?;
        return Ok(Exit::Done);
    }
    let text = if shown.is_empty() {
        "Nothing is open. `firedrill improve add WHAT` writes down what is to change; so does a drill, in Improve."
            .into()
    } else {
        let count = report::count(&all.improvements, today).unwrap_or_else(|| "None is open".into());
        shown!("{}\n\n{}.\n{}\n\n{}", exercise, count, report::text(&shown, today), exercise)
    };
    output::result(&text)?;
    Ok(Exit::Done)
}

/// What is to be written down; `drill` showed it.
fn turn(verb: &ImproveVerb, drill: Option<&DrillId>, past: &Past, all: &[Improvement]) -> Result<Turn<String>, Shown> {
    let on = |id: &str| find(all, id).map(|one| one.which.clone());
    Ok(match verb {
        ImproveVerb::Add { what, .. } => {
            let from = drill.map(|drill| from(past, drill)).transpose()?;
            Turn::Added {
                drill: from.map(|outline| outline.drill.clone()),
                scenario: from.map(|outline| outline.scenario.clone()),
                what: words(what)?,
            }
        }
        ImproveVerb::Assign { id, owner } => Turn::Assigned { on: on(id)?, owner: words(owner)? },
        ImproveVerb::Due { id, date } => Turn::Due { on: on(id)?, date: SafeText::one_line(&date.to_string()) },
        ImproveVerb::Measure { id, measure } => Turn::Measured { on: on(id)?, measure: read_measure(measure)? },
        ImproveVerb::Close { id, how } => match find(all, id)? {
            Improvement { closed: Some(closed), id, .. } => {
                return Err(shown!(
                    "{} was closed on {}; `firedrill improve reopen {}` opens it again",
                    id,
                    closed.on,
                    id
                ));
            }
            open => Turn::Closed { on: open.which.clone(), how: words(how)? },
        },
        ImproveVerb::Reopen { id } => match find(all, id)? {
            Improvement { closed: None, id, .. } => return Err(shown!("{} is open", id)),
            closed => Turn::Reopened { on: closed.which.clone() },
        },
    })
}

fn from<'a>(past: &'a Past, drill: &DrillId) -> Result<&'a Outline, Shown> {
    past.outlines().find(|outline| outline.drill == *drill).ok_or_else(|| shown!("{} can't be read", drill))
}

fn words(parts: &[String]) -> Result<String, Shown> {
    let text = parts.join(" ").trim().to_owned();
    match text.chars().count() {
        0 => Err("the text is missing".into()),
        count if count > MAX_WORDS => Err(shown!("a text can have up to {} characters", MAX_WORDS)),
        _ => Ok(SafeText::new(&text).to_string()),
    }
}

/// How the improvement stands now, in the words of the list.
fn said(data: &DataDir, past: &Past, verb: &ImproveVerb, number: u64) -> Shown {
    let all = improvements::all(data, past).improvements;
    let one = match verb {
        ImproveVerb::Add { .. } => all.iter().find(|one| one.which == Which::Added(number)),
        ImproveVerb::Assign { id, .. }
        | ImproveVerb::Due { id, .. }
        | ImproveVerb::Measure { id, .. }
        | ImproveVerb::Close { id, .. }
        | ImproveVerb::Reopen { id } => find(&all, id).ok(),
    };
    let today = WallClock::machine().utc().date_naive();
    one.map_or_else(|| "Written down.".into(), |one| report::text(&[one], today))
}
