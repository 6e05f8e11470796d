//! What the lobby lists: scenarios on offer, and drills to take up again or to read.

use chrono::NaiveDate;

use super::desk::{Desk, Offer};
use super::past::{self, Past, Told};
use super::{improvements, retention};
use crate::host::settings::Settings;
use crate::library::Card;
use crate::tui::LobbyView;
use crate::tui::scene::{DrillCard, ScenarioCard};
use firedrill_authoring::problem;
use firedrill_core::projection::history::{Outline, TechniqueName};
use firedrill_core::projection::wording;
use firedrill_model::world::WorldKind;
use firedrill_model::{DrillTime, SafeText};
use firedrill_record::store::DrillListing;

/// Drills that the lobby shows, the newest ones.
const SHOWN: usize = 30;

/// Looks at the data folder and the scenarios. `today` is the day in UTC.
#[must_use]
pub fn look(desk: &Desk, offers: &[Offer], today: NaiveDate) -> LobbyView {
    let mut notices = Vec::new();
    let past = past::look_back(&desk.data, SHOWN).unwrap_or_else(|fault| {
        notices.push(SafeText::one_line(&format!("Failed to {fault}")));
        Past::default()
    });
    notices.extend(reminders(desk, &past, today));
    LobbyView {
        scenarios: offers.iter().map(scenario_card).collect(),
        drills: past.drills.iter().take(SHOWN).map(|(listing, told)| drill_card(listing, told, offers)).collect(),
        // What is begun here is simulated.
        worlds: past.outlines().map(|one| one.world).chain([WorldKind::Simulated]).collect(),
        folder: SafeText::one_line(&desk.data.path().to_string_lossy()),
        notices,
    }
}

/// What is worth a line: what is still to improve, mistakes in the settings, and what is proposed to be erased.
fn reminders(desk: &Desk, past: &Past, today: NaiveDate) -> Vec<SafeText> {
    let (settings, mistakes) = match Settings::of(&desk.data) {
        Ok(settings) => (settings, None),
        Err(fault) => (Settings::default(), Some(fault.short())),
    };
    let days = settings.retention_days;
    let outlines: Vec<Outline> = past.outlines().cloned().collect();
    let old = retention::to_erase(&desk.data, &outlines, days, today);
    let all = improvements::without_words(&desk.data, past);
    let beyond = past.drills.iter().skip(SHOWN).filter(|(_, told)| told.problem.is_some()).count();
    let more = (beyond > 0).then(|| {
        let number = wording::count(
            beyond,
            "more drill has a record that isn't whole",
            "more drills have records that aren't whole",
        );
        SafeText::one_line(&format!("{number}: h tells which"))
    });
    let open = firedrill_report::improvements::count(&all.improvements, today);
    let open = open.map(|open| SafeText::one_line(&format!("{open}: i lists them")));
    all.problems.into_iter().chain(more).chain(open).chain(mistakes).chain(retention::proposal(&old, days)).collect()
}

fn scenario_card(offer: &Offer) -> ScenarioCard {
    let own = offer.own.as_deref().map(SafeText::one_line);
    let name = SafeText::one_line(&offer.name);
    match offer.card() {
        Ok(Card { title, summary, length, difficulty, techniques, .. }) => ScenarioCard {
            name,
            title,
            summary,
            length,
            difficulty,
            techniques: techniques.iter().map(technique).collect(),
            own,
            hides_built_in: offer.hides_built_in(),
            mistakes: None,
        },
        Err(problems) => ScenarioCard {
            title: name.clone(),
            name,
            own,
            hides_built_in: offer.hides_built_in(),
            mistakes: Some(SafeText::one_line(&problem::in_short(problems))),
            ..ScenarioCard::default()
        },
    }
}

fn technique(one: &TechniqueName) -> SafeText {
    SafeText::one_line(&format!("{} {}", one.id, one.name))
}

fn drill_card(listing: &DrillListing, told: &Told, offers: &[Offer]) -> DrillCard {
    let (phase, reached) = told.stands;
    let scenario = listing.scenario();
    let titled = offers.iter().find(|offer| scenario.is_some_and(|id| id.as_str() == offer.name));
    let title = titled.and_then(|offer| Some(offer.card().ok()?.title));
    let named = || scenario.map_or_else(|| "unknown scenario".into(), |id| SafeText::one_line(id.as_str()));
    let began = listing.began().map_or_else(String::new, |began| began.format("%Y-%m-%d %H:%M UTC").to_string());
    DrillCard {
        id: listing.drill.clone(),
        title: title.unwrap_or_else(named),
        began: SafeText::one_line(&began),
        phase,
        reached: reached.since(DrillTime::ZERO),
        problem: told.problem.clone(),
        open_elsewhere: open_elsewhere(listing),
    }
}

/// Who else records a drill now.
fn open_elsewhere(listing: &DrillListing) -> Option<SafeText> {
    match listing.open_by?.process {
        Some(process) if process == std::process::id() => None,
        Some(process) => Some(SafeText::one_line(&format!("process {process}"))),
        None => Some("another program".into()),
    }
}
