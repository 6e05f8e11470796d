//! `firedrill list`: scenarios, built in and own.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{Args, List};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::host::desk::Offer;
use crate::library;
use firedrill_authoring::problem;
use firedrill_model::{Joined, SafeText, Shown, id, shown};

/// All scenarios, built in first.
#[must_use]
pub fn all(args: &Args) -> Vec<Offer> {
    let built_in = library::built_in().iter().filter_map(|(id, _)| Offer::built_in(id));
    built_in.chain(place::own_scenarios(args).into_iter().map(own)).collect()
}

/// A scenario of one's own. One that can't be read is offered with what is the matter with it.
fn own((name, path): (String, PathBuf)) -> Offer {
    let shown = place::shown(&path);
    if !id::is_valid(&name) {
        let why = "the folder's name can't be the name of a scenario: letters, digits, `-`, `_` and `.` only";
        return Offer::broken(&name, shown.to_string(), problem::unreadable(shown.as_str(), why));
    }
    match place::read(&path, true) {
        Ok(text) => place::called_as_its_folder(&path, Offer::new(&name, Some(shown.to_string()), text)),
        Err(unread) => Offer::broken(&name, shown.to_string(), unread.into_problem(&path)),
    }
}

/// Prints the list.
///
/// # Errors
/// When it can't be printed.
pub fn run(args: &Args, list: &List) -> Result<Exit, Failure> {
    let all = all(args);
    if list.json {
        let rows: Vec<Value> = all.iter().map(as_json).collect();
        output::json(&json!({ "v": 1, "scenarios": rows }))?;
    } else {
        output::result(&all.iter().map(as_text).joined("\n\n"))?;
    }
    Ok(Exit::Done)
}

fn as_text(offer: &Offer) -> Shown {
    let origin = offer.own.as_deref().map_or_else(|| SafeText::one_line("built in"), SafeText::one_line);
    let hides = if offer.hides_built_in() { "; run instead of the built-in one of this name" } else { "" };
    let name = SafeText::one_line(&offer.name);
    match offer.card() {
        Ok(card) => shown!(
            "{}: {}\n  {}\n  Difficulty {} of 5, up to {}, {}{}",
            name,
            card.title,
            card.summary,
            card.difficulty,
            card.length,
            origin,
            hides
        ),
        Err(problems) => shown!(
            "{}: {}{}\n  firedrill check {}",
            name,
            SafeText::new(&problem::in_short(problems)),
            hides,
            place::quoted(&origin)
        ),
    }
}

fn as_json(offer: &Offer) -> Value {
    let origin = offer.own.as_deref().unwrap_or("built in");
    match offer.card() {
        Ok(card) => json!({
            "id": offer.name, "title": card.title, "summary": card.summary, "difficulty": card.difficulty,
            "length_seconds": card.length.as_secs_f64(), "origin": origin, "hides_built_in": offer.hides_built_in(), "mistakes": 0,
            "techniques": card.techniques.iter().map(|technique| &technique.id).collect::<Vec<_>>(),
        }),
        Err(problems) => json!({
            "id": SafeText::one_line(&offer.name), "origin": origin, "hides_built_in": offer.hides_built_in(), "mistakes": problems.len(),
            "why": problem::in_short(problems),
        }),
    }
}
