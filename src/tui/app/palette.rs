//! Everything that can be done, for the palette: the lines of the key table and the responses of the scenario.

use super::App;
use super::dialogue::Popup;
use crate::tui::keymap::{Binding, Do, Open, TABLE, Where};
use crate::tui::scene::Scene;
use firedrill_model::id::ActionId;
use firedrill_model::{Shown, shown};

/// What an entry does.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// What a key does.
    Key(&'static Binding),
    /// Opens this response.
    Action(ActionId),
}

/// An entry of the palette.
#[derive(Debug, Clone)]
pub(crate) struct PaletteEntry {
    pub what: Entry,
    pub text: Shown,
    pub keys: Shown,
    /// Why it can't be done now.
    pub why_not: Option<Shown>,
}

/// The entries that the filter lets through: what can be done first, what can't be done now behind it.
pub(crate) fn entries(app: &App, scene: &Scene<'_>) -> Vec<PaletteEntry> {
    let filter = match &app.popup {
        Some(Popup::Palette { filter, .. }) => filter.text().to_lowercase(),
        _ => String::new(),
    };
    let words: Vec<&str> = filter.split_whitespace().collect();
    let mut found: Vec<PaletteEntry> = keys(app, scene)
        .into_iter()
        .chain(responses(app, scene))
        .filter(|entry| {
            let text = entry.text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
        .collect();
    found.sort_by_key(|entry| entry.why_not.is_some());
    found
}

fn keys(app: &App, scene: &Scene<'_>) -> Vec<PaletteEntry> {
    let in_drill = scene.drill().is_some();
    let base = app.base_places(scene);
    let mut seen: Vec<Do> = Vec::new();
    let mut found = Vec::new();
    // What works anywhere stands last: it is known from everywhere else.
    let here = TABLE.iter().filter(|line| line.at != Where::Always);
    let anywhere = TABLE.iter().filter(|line| line.at == Where::Always);
    for line in here.chain(anywhere) {
        let fits = match line.at {
            Where::Lobby | Where::History | Where::Improving => base.contains(&line.at),
            Where::Dialogue(_) | Where::Form => false,
            Where::Always => true,
            _ => in_drill,
        };
        let about_the_screen =
            matches!(line.act, Do::Move(_) | Do::Dialogue(_) | Do::Open(Open::Palette | Open::Selected));
        if !fits || about_the_screen || seen.contains(&line.act) {
            continue;
        }
        seen.push(line.act);
        let elsewhere = !base.contains(&line.at) && matches!(line.at, Where::Pane(_));
        let place = if elsewhere { shown!("{} in {}", line.key(), line.at.label()) } else { line.key() };
        found.push(PaletteEntry {
            what: Entry::Key(line),
            text: line.long.into(),
            keys: place,
            why_not: app.why_not(line.act, scene),
        });
    }
    found
}

fn responses(app: &App, scene: &Scene<'_>) -> Vec<PaletteEntry> {
    let Some(drill) = scene.drill() else { return Vec::new() };
    let why_not = app.why_not(Do::Open(Open::Respond), scene);
    let actions = drill.view.scenario.actions.iter();
    actions
        .map(|action| PaletteEntry {
            what: Entry::Action(action.id.clone()),
            text: shown!("Respond: {}", action.title),
            keys: "r".into(),
            why_not: why_not.clone(),
        })
        .collect()
}
