//! What the screens over all drills are drawn from: the history and the improvements, by the same folds as `firedrill history` and
//! `firedrill improve`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::desk::{Desk, Offer};
use super::past::{self, Past};
use super::{improvements, retention};
use crate::domain::SafeText;
use crate::projection::history::{Outline, TechniqueName, history};
use crate::store::Settings;
use crate::tui::{HistoryView, ImprovementsView};

/// The techniques that scenarios on offer could drill.
#[must_use]
pub fn techniques(offers: &[Offer]) -> Vec<TechniqueName> {
    let scenarios = offers.iter().filter_map(|offer| offer.scenario.as_ref().ok());
    scenarios.flat_map(|scenario| scenario.techniques.iter().map(TechniqueName::of)).collect()
}

/// Drills over time. `today` is the day in UTC.
#[must_use]
pub fn look_at_history(desk: &Desk, offers: &[Offer], today: NaiveDate) -> HistoryView {
    let mut notices = Vec::new();
    let past = look_back(desk, &mut notices);
    let settings = desk.data.settings().unwrap_or_else(|fault| {
        notices.push(fault.short());
        Settings::default()
    });
    let outlines: Vec<Outline> = past.outlines().cloned().collect();
    let old = retention::to_erase(&desk.data, &outlines, settings.retention_days, today);
    notices.extend(retention::proposal(&old, settings.retention_days));
    let (mut troubled, mut unreadable) = (BTreeMap::new(), Vec::new());
    for (listing, told) in past.drills {
        let Some(problem) = told.problem else { continue };
        if told.outline.is_some() {
            troubled.insert(listing.drill, problem);
        } else {
            unreadable.push((listing.drill, problem));
        }
    }
    HistoryView {
        history: history(outlines, &techniques(offers), today, settings.overdue_days),
        troubled,
        unreadable,
        notices,
    }
}

/// What is to change, over all drills. `today` is the day in UTC.
#[must_use]
pub fn look_at_improvements(desk: &Desk, today: NaiveDate) -> ImprovementsView {
    let mut notices = Vec::new();
    let past = look_back(desk, &mut notices);
    let all = improvements::all(&desk.data, &past);
    notices.extend(all.problems);
    ImprovementsView { improvements: all.improvements, today, notices }
}

fn look_back(desk: &Desk, notices: &mut Vec<SafeText>) -> Past {
    past::look_back(&desk.data, usize::MAX).unwrap_or_else(|fault| {
        notices.push(SafeText::one_line(&format!("Failed to {fault}")));
        Past::default()
    })
}
