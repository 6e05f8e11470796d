//! What the screens over all drills are drawn from: the history and the improvements, by the same folds as `firedrill history` and
//! `firedrill improve`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::desk::{Desk, Offer};
use super::past::Past;
use super::{improvements, retention};
use crate::host::settings::Settings;
use crate::tui::{HistoryView, ImprovementsView};
use firedrill_core::projection::history::{Outline, TechniqueName, history as fold};

/// The techniques that scenarios on offer could drill.
#[must_use]
pub fn techniques(offers: &[Offer]) -> Vec<TechniqueName> {
    offers.iter().filter_map(|offer| offer.card().ok()).flat_map(|card| card.techniques).collect()
}

/// Drills over time. `today` is the day in UTC.
#[must_use]
pub fn history(desk: &Desk, offers: &[Offer], past: &Past, today: NaiveDate) -> HistoryView {
    let mut notices = Vec::new();
    let settings = Settings::of(&desk.data).unwrap_or_else(|fault| {
        notices.push(fault.short());
        Settings::default()
    });
    let outlines: Vec<Outline> = past.outlines().cloned().collect();
    let old = retention::to_erase(&desk.data, &outlines, settings.retention_days, today);
    notices.extend(retention::proposal(&old, settings.retention_days));
    let (mut troubled, mut unreadable) = (BTreeMap::new(), Vec::new());
    for (listing, told) in &past.drills {
        let Some(problem) = told.problem.clone() else { continue };
        if told.outline.is_some() {
            troubled.insert(listing.drill.clone(), problem);
        } else {
            unreadable.push((listing.drill.clone(), problem));
        }
    }
    let history = fold(outlines, &techniques(offers), today, settings.overdue_days);
    HistoryView { history, troubled, unreadable, unread: past.unread(), notices }
}

/// What is to change, over all drills. `today` is the day in UTC.
#[must_use]
pub fn improvements(desk: &Desk, past: &Past, today: NaiveDate) -> ImprovementsView {
    let all = improvements::all(&desk.data, past);
    let worlds = past.outlines().map(|one| one.world).collect();
    ImprovementsView { improvements: all.improvements, today, unread: past.unread(), worlds, notices: all.problems }
}
