//! `firedrill erase`: takes names and words out for good. The record says which went, when and why, and still verifies.

use std::io::BufRead;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{Args, Erase, Reason};
use super::exit::{Exit, Failure, worded};
use super::{output, place};
use crate::host::clock::WallClock;
use crate::host::desk::salts;
use crate::host::{improvements, past};
use firedrill_core::projection::improvements::find;
use firedrill_core::projection::wording;
use firedrill_model::event::ErasureReason;
use firedrill_model::id::DrillId;
use firedrill_model::improvement::Which;
use firedrill_model::{Joined, SafeText, Shown, shown};
use firedrill_record::store::{DataDir, Erasable, Erased, Erasing, ErasureOrder, LedgerText};

/// Erases, once the person has typed what is to go; without anything to erase, lists what could be.
///
/// # Errors
/// When there is no such drill, it is being recorded, nothing is called so, or the disk says no.
pub fn run(args: &Args, erase: &Erase) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let asked = asked(&data, erase)?;
    let Some((mut plan, typed)) = asked else { return Ok(Exit::Done) };
    plan.look(&data)?;
    if plan.is_empty() {
        return Err(Failure::Usage(nothing_like_that(&plan)));
    }
    output::aside(&shown!("This goes for good:\n{}", plan.lines()));
    if !erase.yes && !confirmed(&typed)? {
        output::aside("Nothing was erased.");
        return Ok(Exit::Negative);
    }
    let order = ErasureOrder { utc: WallClock::machine().utc(), reason: reason(erase.reason), salts: salts()? };
    let receipt = plan.carry_out(&data, &order);
    if let Some(path) = &erase.receipt {
        keep(path, &receipt.as_json(&order))?;
    }
    output::result(&receipt.said(&data, &plan))?;
    match Failure::all(receipt.failures) {
        Some(failure) => Err(failure),
        None => Ok(Exit::Done),
    }
}

fn reason(reason: Reason) -> ErasureReason {
    match reason {
        Reason::Request => ErasureReason::Request,
        Reason::Retention => ErasureReason::Retention,
        Reason::Mistake => ErasureReason::Mistake,
        Reason::NotGiven => ErasureReason::NotGiven,
    }
}

/// What has to be typed to confirm it: its name in a sentence, and the text.
type Typed = (Shown, String);

/// What was asked for, and what has to be typed. Nothing where only a list was asked for, which is printed.
fn asked(data: &DataDir, erase: &Erase) -> Result<Option<(Plan, Typed)>, Failure> {
    if let Some(id) = &erase.improvement {
        let plan = Plan::of_improvement(data, id)?;
        return Ok(Some((plan, (shown!("`{}`", SafeText::one_line(id)), id.clone()))));
    }
    let drill = erase.drill.as_ref().map(|name| place::drill(data, name)).transpose()?;
    if let Some(alias) = &erase.person {
        let alias = SafeText::one_line(alias.trim()).to_string();
        let what = Erasing::Person(alias.clone());
        let plan = match drill {
            Some(drill) => Plan::of_drill(drill, what),
            None => Plan::of_all_drills(data, &what)?,
        };
        return Ok(Some((plan, ("the alias".into(), alias))));
    }
    let Some(drill) = drill else { return Err(Failure::Usage("name a drill, or a person with --person ALIAS".into())) };
    let name = ("the name of the drill".into(), drill.to_string());
    let asked = match erase.remark {
        Some(number) => {
            (Plan::of_drill(drill, Erasing::Remark(number)), ("the number of the remark".into(), number.to_string()))
        }
        None if erase.all => (Plan::of_drill(drill, Erasing::All), name),
        None if erase.finish => (Plan::of_drill(drill, Erasing::Unfinished), name),
        None => {
            output::result(&list(data, &drill)?)?;
            return Ok(None);
        }
    };
    Ok(Some(asked))
}

/// What is to go.
struct Plan {
    /// Which drills, and what of each.
    drills: Vec<(DrillId, Erasing)>,
    /// Texts of them that go, once they were looked up.
    texts: Vec<(DrillId, Erasable)>,
    /// Texts of the ledger that go with a drill's.
    with_drills: Vec<LedgerText>,
    /// Texts of the ledger that go by themselves.
    alone: Vec<LedgerText>,
}

impl Plan {
    fn of_drill(drill: DrillId, what: Erasing) -> Self {
        Self { drills: vec![(drill, what)], texts: Vec::new(), with_drills: Vec::new(), alone: Vec::new() }
    }

    /// Every drill that can be read, and what in the ledger is of none of them.
    fn of_all_drills(data: &DataDir, what: &Erasing) -> Result<Self, Failure> {
        let drills: Vec<DrillId> = data.drills()?.into_iter().map(|listing| listing.drill).collect();
        let mut alone = data.ledger_texts()?;
        let is_of = |one: &LedgerText| one.drill.as_ref().is_some_and(|drill| drills.contains(drill));
        alone.retain(|one| !is_of(one) && matches!(what, Erasing::Person(alias) if one.text == *alias));
        let drills = drills.into_iter().map(|drill| (drill, what.clone())).collect();
        Ok(Self { drills, texts: Vec::new(), with_drills: Vec::new(), alone })
    }

    /// All that was said of an improvement: in the drill that it was written down in, and in the ledger.
    fn of_improvement(data: &DataDir, id: &str) -> Result<Self, Failure> {
        let past = past::look_back(data, usize::MAX)?;
        let all = improvements::all(data, &past).improvements;
        let one = find(&all, id).map_err(Failure::Usage)?;
        let mut drills = Vec::new();
        if let Which::InDrill { drill, entry } = &one.which {
            let outline = past.outlines().find(|outline| outline.drill == *drill);
            let row = outline.and_then(|outline| outline.improvements.iter().find(|row| row.entry == *entry));
            let texts = row.into_iter().flat_map(|row| std::iter::once(&row.what).chain(&row.owner));
            drills.extend(texts.map(|sealed| (drill.clone(), Erasing::Remark(sealed.reference))));
        }
        let mut alone = data.ledger_texts()?;
        alone.retain(|text| text.on == one.which);
        Ok(Self { drills, texts: Vec::new(), with_drills: Vec::new(), alone })
    }

    /// Looks up which texts those are. A drill that can't be read is told when its turn comes.
    fn look(&mut self, data: &DataDir) -> Result<(), Failure> {
        let single = self.drills.len() == 1;
        let mut looked = Vec::new();
        for (drill, what) in std::mem::take(&mut self.drills) {
            match data.would_erase(&drill, &what) {
                Ok((texts, of_ledger)) if texts.is_empty() && of_ledger.is_empty() => {}
                Ok((texts, of_ledger)) => {
                    self.texts.extend(texts.into_iter().map(|one| (drill.clone(), one)));
                    self.with_drills.extend(of_ledger);
                    looked.push((drill, what));
                }
                Err(fault) if single => return Err(fault.into()),
                Err(fault) => output::aside(&shown!("{} is left out: failed to {}", drill, worded(&fault))),
            }
        }
        self.drills = looked;
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.with_drills.is_empty() && self.alone.is_empty()
    }

    fn lines(&self) -> Shown {
        let drills = self.texts.iter().map(|(drill, one)| shown!("  {}: {}", drill, line(one)));
        let ledger = self.with_drills.iter().chain(&self.alone);
        let ledger = ledger.map(|one| shown!("  list of improvements: {}", SafeText::one_line(&one.text)));
        drills.chain(ledger).collect::<Vec<Shown>>().joined("\n")
    }

    fn carry_out(&self, data: &DataDir, order: &ErasureOrder) -> Receipt {
        let mut receipt = Receipt { drills: Vec::new(), alone: 0, failures: Vec::new() };
        for (drill, what) in &self.drills {
            match data.erase(drill, what, order) {
                Ok(erased) => receipt.drills.push((drill.clone(), erased)),
                Err(fault) => receipt.failures.push(fault.into()),
            }
        }
        match data.erase_in_ledger(&self.alone, order.reason, order.utc) {
            Ok(()) => receipt.alone = self.alone.len(),
            Err(fault) => receipt.failures.push(fault.into()),
        }
        receipt
    }
}

/// What went.
struct Receipt {
    drills: Vec<(DrillId, Erased)>,
    /// Texts of the ledger that are of no drill.
    alone: usize,
    failures: Vec<Failure>,
}

impl Receipt {
    fn count(&self) -> usize {
        let of_drills = self.drills.iter().map(|(_, erased)| erased.texts.len() + erased.of_ledger.len());
        of_drills.sum::<usize>() + self.alone
    }

    /// Without the texts: a receipt that repeats them would be one more place to erase.
    fn as_json(&self, order: &ErasureOrder) -> Value {
        let row = |(drill, erased): &(DrillId, Erased)| {
            json!({
                "drill": drill, "entry": erased.entry,
                "texts": erased.texts.iter().map(|one| one.reference).collect::<Vec<u64>>(),
                "texts_of_improvements": erased.of_ledger.iter().map(|one| one.reference).collect::<Vec<u64>>(),
                "not_in_the_record_because": erased.unsaid.as_ref().map(ToString::to_string),
            })
        };
        json!({
            "v": 1, "utc": order.utc, "reason": order.reason, "erased": self.count(), "failures": self.failures.len(),
            "drills": self.drills.iter().map(row).collect::<Vec<Value>>(), "texts_of_no_drill": self.alone,
        })
    }

    fn said(&self, data: &DataDir, plan: &Plan) -> Shown {
        let mut lines = vec![shown!("{} erased.", wording::count(self.count(), "text is", "texts are"))];
        for (drill, erased) in &self.drills {
            let where_said = match (erased.entry, &erased.unsaid) {
                (Some(entry), _) => shown!("entry {} of its record says so", entry),
                (None, Some(why)) => {
                    shown!("no entry says so, because the record is not written on: failed to {}", worded(why))
                }
                (None, None) => "its record says so already".into(),
            };
            let count = wording::count(erased.texts.len(), "text", "texts");
            let ledger = wording::count(erased.of_ledger.len(), "text", "texts");
            lines.push(shown!(
                "  {}: {} of the drill, {} about it in the list of improvements; {}. It still verifies: firedrill verify {}",
                drill, count, ledger, where_said, drill
            ));
        }
        if self.alone > 0 {
            let count = wording::count(self.alone, "text", "texts");
            lines.push(shown!("  List of improvements: {}, and a line there says so.", count));
        }
        lines.extend(plan.drills.iter().filter_map(|(drill, what)| still_within(data, drill, what)));
        lines.push("Reports show [erased]. Copies that were made before (reports, backups, what the disk has not used again yet) are not reached by this.".into());
        lines.joined("\n")
    }
}

/// Other texts of a drill that a person's alias stands in.
fn still_within(data: &DataDir, drill: &DrillId, what: &Erasing) -> Option<Shown> {
    let Erasing::Person(alias) = what else { return None };
    let alias = alias.to_lowercase();
    let left = data.erasable(drill).ok()?;
    let left = left.iter().filter(|one| one.text.to_lowercase().contains(&alias));
    let left: Vec<Shown> = left.map(|one| one.reference.into()).collect();
    (!left.is_empty()).then(|| {
        shown!(
            "The alias also stands within other texts of {}, which --remark erases one by one: {}.",
            drill,
            wording::list(&left)
        )
    })
}

fn nothing_like_that(plan: &Plan) -> Shown {
    match plan.drills.as_slice() {
        [(drill, _)] => {
            shown!("{} holds nothing like that; `firedrill erase {}` lists what can be erased", drill, drill)
        }
        _ => "nothing like that is in any drill, or in the list of improvements".into(),
    }
}

fn line(one: &Erasable) -> Shown {
    let kind = if one.is_name { "name  " } else { "remark" };
    shown!("{} {:>4}: {}", kind, one.reference, SafeText::one_line(&one.text))
}

fn list(data: &DataDir, drill: &DrillId) -> Result<Shown, Failure> {
    let all = data.erasable(drill)?;
    let of_ledger = data.ledger_texts()?;
    let of_ledger: Vec<&LedgerText> = of_ledger.iter().filter(|one| one.drill.as_ref() == Some(drill)).collect();
    if all.is_empty() && of_ledger.is_empty() {
        return Ok(shown!("{} holds no names and no words any more.", drill));
    }
    let ledger = of_ledger.iter().map(|one| shown!("  in the list of improvements: {}", SafeText::one_line(&one.text)));
    let lines: Vec<Shown> = all.iter().map(|one| shown!("  {}", line(one))).chain(ledger).collect();
    Ok(shown!(
        "{} holds:\n{}\nErase a name with --person ALIAS, a remark with --remark N, everything with --all; what the list of improvements \
         says of one of them with --improvement ID.",
        drill,
        lines.joined("\n")
    ))
}

/// Asks for the alias, the number, or the name to be typed.
fn confirmed((asked, wanted): &Typed) -> Result<bool, Failure> {
    output::aside(&shown!("This can't be undone. To erase it for good, type {} again:", asked));
    let mut typed = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|error| Failure::outside(&"read the answer".into(), &error))?;
    Ok(typed.trim() == wanted)
}

fn keep(path: &Path, receipt: &Value) -> Result<(), Failure> {
    let text = format!("{receipt:#}\n");
    std::fs::write(path, text).map_err(|error| Failure::outside(&shown!("write {}", place::shown(path)), &error))
}
