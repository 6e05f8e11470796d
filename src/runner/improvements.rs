//! Improvements over all drills: the summaries, the words of the drills that have some, and the ledger.

use chrono::{DateTime, Utc};

use super::desk::{DeskError, salts};
use super::past::{self, Past};
use crate::domain::id::ScenarioId;
use crate::domain::improvement::{Turn, Which};
use crate::domain::{SafeText, WordBook};
use crate::journal::Verdict;
use crate::projection::history::Outline;
use crate::projection::improvements::{Earlier, Improvement, improvements};
use crate::store::{DataDir, StoreFault};

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
    let mut problems = Vec::new();
    let mut failed = |fault: StoreFault| problems.push(SafeText::one_line(&format!("Failed to {fault}")));
    let mut drills: Vec<(&Outline, WordBook)> = Vec::new();
    for outline in past.outlines().filter(|outline| !outline.improvements.is_empty()) {
        let rows = outline.improvements.iter();
        let seals: Vec<_> = rows.flat_map(|row| std::iter::once(&row.what).chain(&row.owner)).cloned().collect();
        let words = data.words_of(&outline.drill, &seals).unwrap_or_else(|fault| {
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
        Verdict::Whole => return None,
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

/// The same, and the improvements of all drills.
#[must_use]
pub fn around(data: &DataDir, this: This<'_>) -> (Earlier, Vec<Improvement>) {
    let past = past::look_back(data, MOST_READ).unwrap_or_default();
    let all = all(data, &past);
    let outlines: Vec<&Outline> = past.outlines().collect();
    (Earlier::than(this, &outlines, &all.improvements), all.improvements)
}
