//! Improvements over all drills: the summaries, the words of the drills that have some, and the ledger.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::desk_error::DeskError;
use super::past::{self, Past};
use super::salts::salts;
use firedrill_core::projection::history::Outline;
use firedrill_core::projection::improvements::{Earlier, Improvement, MOST_EARLIER, improvements};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::improvement::{Turn, Which};
use firedrill_model::{SafeText, Sealed, WordBook};
use firedrill_record::journal::Verdict;
use firedrill_record::store::{DataDir, StoreFault};

/// Records that are read in full at most for what earlier drills left, where they have no summary.
const MOST_READ: usize = 30;

/// All improvements, oldest first, and what is the matter with some.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct All {
    /// The improvements.
    pub improvements: Vec<Improvement>,
    /// Words that can't be read, or a ledger that is damaged.
    pub problems: Vec<SafeText>,
}

/// Puts together the improvements of the drills in `past`. What can't be read is told, and hides nothing else.
#[must_use]
pub fn all(data: &DataDir, past: &Past) -> All {
    gather(data, past, |_| true)
}

/// The same, without the words of drills: enough to count what is open, and cheap.
#[must_use]
pub fn without_words(data: &DataDir, past: &Past) -> All {
    gather(data, past, |_| false)
}

/// Puts together all improvements, with the words of those drills of which they are wanted.
fn gather(data: &DataDir, past: &Past, wanted: impl Fn(&Outline) -> bool) -> All {
    let mut problems = Vec::new();
    let mut failed = |fault: StoreFault| problems.push(SafeText::one_line(&format!("Failed to {fault}")));
    let with_some = past.outlines().filter(|outline| !outline.improvements.is_empty());
    let (read, rest): (Vec<&Outline>, Vec<&Outline>) = with_some.partition(|outline| wanted(outline));
    let seals: Vec<(DrillId, Vec<Sealed>)> =
        read.iter().map(|outline| (outline.drill.clone(), seals(outline))).collect();
    let mut drills: Vec<(&Outline, WordBook)> =
        rest.into_iter().map(|outline| (outline, WordBook::default())).collect();
    for (outline, words) in read.into_iter().zip(data.words_of(&seals)) {
        let words = words.unwrap_or_else(|fault| {
            failed(fault);
            WordBook::default()
        });
        drills.push((outline, words));
    }
    let (lines, words, verdict) = match data.ledger() {
        Ok(ledger) => (ledger.lines, ledger.words, ledger.verdict),
        Err(fault) => {
            failed(fault);
            (Vec::new(), WordBook::default(), Verdict::Whole)
        }
    };
    problems.extend(said_of(&verdict));
    All { improvements: improvements(&drills, &lines, &words), problems }
}

fn seals(outline: &Outline) -> Vec<Sealed> {
    outline.improvements.iter().flat_map(|row| std::iter::once(&row.what).chain(&row.owner)).cloned().collect()
}

/// Writes down an improvement outside of any drill, with who sees to it and until when. Gives its number in the ledger.
///
/// # Errors
/// When the ledger can't be written, or the system gives no random numbers.
pub fn add(
    data: &DataDir,
    utc: DateTime<Utc>,
    (what, owner, due): (String, Option<String>, Option<SafeText>),
) -> Result<u64, DeskError> {
    let added = data.write_down(Turn::Added { drill: None, scenario: None, what }, utc, salts()?)?;
    let on = || Which::Added(added);
    let assigned = owner.map(|owner| Turn::Assigned { on: on(), owner });
    let dated = due.map(|date| Turn::Due { on: on(), date });
    for turn in assigned.into_iter().chain(dated) {
        data.write_down(turn, utc, salts()?)?;
    }
    Ok(added)
}

fn said_of(verdict: &Verdict) -> Option<SafeText> {
    let said = match verdict {
        Verdict::Whole | Verdict::LineEnds { .. } => return None,
        Verdict::Torn { file, .. } => {
            format!("The last write to {file} didn't finish; everything before it counts, and the next one mends that")
        }
        Verdict::Corrupt { file, line, why } => {
            format!("Line {line} of {file} is damaged ({why}); what stands before it counts")
        }
        Verdict::Newer { program, .. } => {
            format!("The ledger of improvements was written by {program}, which is newer")
        }
    };
    Some(SafeText::one_line(&said))
}

/// Whose drill of what began when.
pub type This<'a> = (&'a ScenarioId, Option<&'a SafeText>, DateTime<Utc>);

/// What earlier drills of a scenario left behind. What can't be read is left out: it must not keep anybody from drilling.
#[must_use]
pub fn earlier(data: &DataDir, this: This<'_>) -> Earlier {
    around(data, this).0
}

/// The same, and the improvements of all drills: with their words where they are of this drill or shortly before it.
#[must_use]
pub fn around(data: &DataDir, this: This<'_>) -> (Earlier, Vec<Improvement>) {
    let mut past = past::look_back(data, MOST_READ).unwrap_or_default();
    let (scenario, team, began) = this;
    let upto = |drill: &&Outline| drill.scenario == *scenario && drill.team.as_ref() == team && drill.began <= began;
    // Their figures stand beside those of this drill, in a report that leaves the machine.
    past.read_again(data, |drill| upto(&drill) && !drill.improvements.is_empty());
    // The newest come first. Each has one improvement at least, so that no more than these are told.
    let near = past.outlines().filter(upto).filter(|drill| !drill.improvements.is_empty()).take(MOST_EARLIER + 1);
    let near: BTreeSet<&DrillId> = near.map(|drill| &drill.drill).collect();
    let all = gather(data, &past, |outline| near.contains(&outline.drill));
    let outlines: Vec<&Outline> = past.outlines().collect();
    (Earlier::than(this, &outlines, &all.improvements), all.improvements)
}
