//! What the lobby lists: scenarios on offer, and drills to take up again or to read.

use super::desk::{Desk, Offer};
use crate::domain::{DrillTime, SafeText, Span};
use crate::drill::{DrillEvent, Entry, Event, Phase};
use crate::scenario::model::Technique;
use crate::scenario::problem;
use crate::store::{self, DrillListing};
use crate::tui::LobbyView;
use crate::tui::scene::{DrillCard, ScenarioCard};

/// Drills that the lobby shows, the newest ones.
const SHOWN: usize = 30;

/// Looks at the data folder and the scenarios.
#[must_use]
pub fn look(desk: &Desk, offers: &[Offer]) -> LobbyView {
    let mut notices = Vec::new();
    let drills = desk.data.drills().unwrap_or_else(|fault| {
        notices.push(SafeText::one_line(&format!("Failed to {fault}")));
        Vec::new()
    });
    LobbyView {
        scenarios: offers.iter().map(scenario_card).collect(),
        drills: drills.iter().take(SHOWN).map(|listing| drill_card(desk, listing, offers)).collect(),
        folder: SafeText::one_line(&desk.data.path().to_string_lossy()),
        notices,
    }
}

fn scenario_card(offer: &Offer) -> ScenarioCard {
    let own = offer.own.as_deref().map(SafeText::one_line);
    let name = SafeText::one_line(&offer.name);
    match &offer.scenario {
        Ok(scenario) => ScenarioCard {
            name,
            title: scenario.title.clone(),
            summary: scenario.summary.clone(),
            length: scenario.length,
            difficulty: scenario.difficulty,
            techniques: scenario.techniques.iter().map(technique).collect(),
            own,
            mistakes: None,
        },
        Err(problems) => ScenarioCard {
            title: name.clone(),
            name,
            own,
            mistakes: Some(SafeText::one_line(&problem::in_short(problems))),
            ..ScenarioCard::default()
        },
    }
}

fn technique(one: &Technique) -> SafeText {
    SafeText::one_line(&format!("{} {}", one.id, one.name))
}

fn drill_card(desk: &Desk, listing: &DrillListing, offers: &[Offer]) -> DrillCard {
    let (phase, reached, fault) = where_it_stands(desk, listing);
    let scenario = listing.scenario();
    let titled = offers.iter().find(|offer| scenario.is_some_and(|id| id.as_str() == offer.name));
    let title = titled.and_then(|offer| Some(offer.scenario.as_ref().ok()?.title.clone()));
    let named = || scenario.map_or_else(|| "unknown scenario".into(), |id| SafeText::one_line(id.as_str()));
    let began = listing.began().map_or_else(String::new, |began| began.format("%Y-%m-%d %H:%M UTC").to_string());
    DrillCard {
        id: listing.drill.clone(),
        title: title.unwrap_or_else(named),
        began: SafeText::one_line(&began),
        phase,
        reached,
        problem: listing.problem.clone().or(fault),
    }
}

/// The phase that a drill is in, and its drill time: from the entries themselves, without folding them into a view. Or why that
/// can't be said.
fn where_it_stands(desk: &Desk, listing: &DrillListing) -> (Phase, Span, Option<SafeText>) {
    let loaded = match store::load(&desk.data, &listing.drill) {
        Ok(loaded) => loaded,
        Err(fault) => return (Phase::SteadyState, Span::ZERO, Some(fault.short())),
    };
    let phase = |entry: &Entry| match &entry.event {
        Event::Drill(DrillEvent::PhaseEntered { phase, .. }) => Some(*phase),
        _ => None,
    };
    let at = loaded.entries.last().map_or(DrillTime::ZERO, |entry| entry.at);
    let now = loaded.entries.iter().rev().find_map(phase).unwrap_or(Phase::SteadyState);
    (now, at.since(DrillTime::ZERO), None)
}
