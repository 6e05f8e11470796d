//! `firedrill erase DRILL`: takes names and words out for good. The record still verifies.

use std::io::BufRead;

use super::args::{Args, Erase};
use super::exit::{Exit, Failure};
use super::{output, place};
use firedrill_core::projection::wording;
use firedrill_model::id::DrillId;
use firedrill_model::shown;
use firedrill_model::{Joined, SafeText, Shown};
use firedrill_record::store::{DataDir, Erasable, Erasing};

/// Erases, once the person has typed what is to go; without anything to erase, lists what could be.
///
/// # Errors
/// When there is no such drill, it is being recorded, nothing is called so, or the disk says no.
pub fn run(args: &Args, erase: &Erase) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = place::drill(&data, &erase.drill)?;
    let all = data.erasable(&drill)?;
    let Some(what) = what(erase) else {
        output::result(&list(&drill, &all))?;
        return Ok(Exit::Done);
    };
    if !all.iter().any(|one| takes(&what, one)) {
        return Err(Failure::Usage(shown!(
            "{} holds nothing like that; `firedrill erase {}` lists what can be erased",
            drill,
            drill
        )));
    }
    if !erase.yes && !confirmed(&drill, &what, &all)? {
        output::aside("Nothing was erased.");
        return Ok(Exit::Negative);
    }
    let erased = data.erase(&drill, &what)?;
    output::result(&said(&data, &drill, &what, erased)?)?;
    Ok(Exit::Done)
}

fn what(erase: &Erase) -> Option<Erasing> {
    match (&erase.person, erase.remark) {
        (Some(alias), _) => Some(Erasing::Person(SafeText::one_line(alias.trim()).to_string())),
        (None, Some(number)) => Some(Erasing::Remark(number)),
        (None, None) => erase.all.then_some(Erasing::All),
    }
}

fn takes(what: &Erasing, one: &Erasable) -> bool {
    match what {
        Erasing::Person(alias) => one.text == *alias,
        Erasing::Remark(number) => one.reference == *number,
        Erasing::All => true,
    }
}

fn list(drill: &DrillId, all: &[Erasable]) -> Shown {
    if all.is_empty() {
        return shown!("{} holds no names and no words any more.", drill);
    }
    let line = |one: &Erasable| {
        let kind = if one.is_name { "name  " } else { "remark" };
        shown!("  {} {:>4}: {}", kind, one.reference, SafeText::one_line(&one.text))
    };
    let lines: Vec<Shown> = all.iter().map(line).collect();
    shown!(
        "{} holds:\n{}\nErase a name with --person ALIAS, a remark with --remark N, everything with --all.",
        drill,
        lines.joined("\n")
    )
}

/// Asks for the alias, the number, or the drill's name to be typed.
fn confirmed(drill: &DrillId, what: &Erasing, all: &[Erasable]) -> Result<bool, Failure> {
    let (asked, wanted) = match what {
        Erasing::Person(alias) => ("the alias", alias.clone()),
        Erasing::Remark(number) => {
            for one in all.iter().filter(|one| takes(what, one)) {
                output::aside(&shown!("Remark {}: {}", number, SafeText::one_line(&one.text)));
            }
            ("the number of the remark", number.to_string())
        }
        Erasing::All => ("the name of the drill", drill.to_string()),
    };
    output::aside(&shown!("This can't be undone. To erase it from {} for good, type {} again:", drill, asked));
    let mut typed = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|error| Failure::outside(&"read the answer".into(), &error))?;
    Ok(typed.trim() == wanted)
}

fn said(data: &DataDir, drill: &DrillId, what: &Erasing, erased: usize) -> Result<Shown, Failure> {
    let texts = wording::count(erased, "text is", "texts are");
    let mut lines = vec![shown!(
        "{} erased from {}. Reports show [erased], and the record still verifies: firedrill verify {}",
        texts,
        drill,
        drill
    )];
    if let Erasing::Person(alias) = what {
        let alias = alias.to_lowercase();
        let left = data.erasable(drill)?;
        let left: Vec<Shown> = left
            .iter()
            .filter(|one| one.text.to_lowercase().contains(&alias))
            .map(|one| one.reference.into())
            .collect();
        if !left.is_empty() {
            lines.push(shown!(
                "The alias also stands within other texts, which --remark erases one by one: {}.",
                wording::list(&left)
            ));
        }
    }
    lines.push("Copies that were made before (reports, backups, what the disk has not used again yet) are not reached by this.".into());
    Ok(lines.joined("\n"))
}
