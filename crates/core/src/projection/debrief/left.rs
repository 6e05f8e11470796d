//! What was left of the adversary, or of the fault where nobody was behind it, when the experiment ended. A hypothesis can hold while it goes on.

use super::material::Material;
use firedrill_model::event::AdversaryState;
use firedrill_model::id::{StageId, TargetId};
use firedrill_model::{Joined, SafeText, Shown, shown};

/// Most stages that the sentence names.
const MOST_NAMED: usize = 4;

/// A sentence, if the adversary was not gone. None before Verify, and while it is not known.
pub(super) fn left(from: &Material<'_>) -> Option<SafeText> {
    if !from.open {
        return None;
    }
    let text = match from.view.board.adversary? {
        AdversaryState::Eradicated => return None,
        AdversaryState::Contained if !from.view.scenario.adversary => {
            "At the end the fault was over, and more could still have followed.".into()
        }
        AdversaryState::Contained => {
            "At the end the adversary was contained and not eradicated: what it needs to go on was still there.".into()
        }
        AdversaryState::Active => {
            let going_on = going_on(from);
            let named: Vec<Shown> =
                going_on.iter().take(MOST_NAMED).map(|(stage, on)| named(from, stage, on)).collect();
            let more = match going_on.len().saturating_sub(MOST_NAMED) {
                0 => Shown::default(),
                more => shown!(", and {} more", more),
            };
            let what = if from.view.scenario.adversary { "adversary was still active" } else { "fault still went on" };
            shown!("At the end the {}: {}{}.", what, named.joined("; "), more)
        }
    };
    Some(SafeText::one_line(&text))
}

/// The adversary's stages that had begun and not ended, by the last that was said of each.
fn going_on<'a>(from: &'a Material<'_>) -> Vec<(&'a StageId, &'a TargetId)> {
    let mut going_on: Vec<(&StageId, &TargetId)> = Vec::new();
    for (_, stage, on, active) in from.view.truth.stages.iter().filter(|(_, stage, ..)| !from.view.is_benign(stage)) {
        going_on.retain(|(known, _)| *known != stage);
        if *active {
            going_on.push((stage, on));
        }
    }
    going_on
}

fn named(from: &Material<'_>, stage: &StageId, on: &TargetId) -> Shown {
    let title = from.view.stage(stage).map_or_else(|| stage.into(), |stage| Shown::from(&stage.title));
    shown!("{} ({})", title.without_end(&['.']), from.view.target_title(on))
}
