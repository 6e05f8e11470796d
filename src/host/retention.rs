//! What the settings propose to erase. Nothing is erased here, or anywhere, without being asked for.

use chrono::NaiveDate;

use firedrill_core::projection::history::Outline;
use firedrill_core::projection::wording;
use firedrill_model::SafeText;
use firedrill_model::id::DrillId;
use firedrill_record::store::DataDir;

/// Drills that are older than `days` and still hold names or remarks, oldest first.
#[must_use]
pub fn to_erase(data: &DataDir, drills: &[Outline], days: Option<u32>, today: NaiveDate) -> Vec<DrillId> {
    let Some(days) = days else { return Vec::new() };
    let old = |drill: &&Outline| today.signed_duration_since(drill.began.date_naive()).num_days() > i64::from(days);
    let mut found: Vec<&Outline> = drills.iter().filter(old).filter(|drill| data.holds_words(&drill.drill)).collect();
    found.sort_by_key(|drill| drill.began);
    found.into_iter().map(|drill| drill.drill.clone()).collect()
}

/// The proposal in one line, if there is one to make.
#[must_use]
pub fn proposal(drills: &[DrillId], days: Option<u32>) -> Option<SafeText> {
    let (first, days) = (drills.first()?, days?);
    let number = wording::count(drills.len(), "drill is", "drills are");
    let hold = if drills.len() == 1 { "holds" } else { "hold" };
    Some(SafeText::one_line(&format!(
        "{number} older than {days} days and still {hold} names or remarks: `firedrill erase {first} --all` erases the oldest one's"
    )))
}
