//! A view while it is folded, with the scenario behind it where that is open to whoever looks.

use alloc::sync::Arc;
use core::ops::{Deref, DerefMut};

use super::View;
use super::view::ToldStage;
use firedrill_model::event::{DrillEvent, Entry, Event};
use firedrill_model::id::StageId;
use firedrill_model::scenario::{Brief, Detector, Scenario, Stage};

/// A view that is being folded. Where the ground truth is open to whoever looks (a facilitator, or anybody from Verify on), it has the
/// whole scenario, and tells with it what happened behind the scenes. A seat's has the brief, and no way to the rest.
///
/// Screens draw the [`View`] in it; debriefs and exports are made of all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    view: View,
    whole: Option<Arc<Scenario>>,
}

impl Fold {
    /// What a seat sees, before the first entry.
    #[must_use]
    pub fn of_seat(brief: Arc<Brief>) -> Self {
        Self { view: View::new(brief), whole: None }
    }

    /// The same for somebody to whom everything is open.
    #[must_use]
    pub fn open(whole: Arc<Scenario>) -> Self {
        let mut view = View::new(Arc::new(whole.brief()));
        view.truth.open = true;
        Self { view, whole: Some(whole) }
    }

    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        self.view.apply_knowing(entry, self.whole.as_deref());
    }

    /// What is seen.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The whole scenario, if it is open to whoever looks.
    #[must_use]
    pub fn whole(&self) -> Option<&Scenario> {
        self.whole.as_deref()
    }
}

impl Deref for Fold {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

impl DerefMut for Fold {
    fn deref_mut(&mut self) -> &mut View {
        &mut self.view
    }
}

impl ToldStage {
    pub(super) fn of(scenario: &Scenario, id: &StageId) -> Option<Self> {
        let stage: &Stage = scenario.stages.iter().find(|stage| stage.id == *id)?;
        let sees = |detector: &&Detector| detector.sees.contains(id);
        let seen_by = scenario.detectors.iter().filter(sees).map(|detector| detector.id.clone()).collect();
        Some(Self { stage: Arc::new(stage.clone()), seen_by })
    }
}

/// Fills in the messages that arrived: records of format 1 only name them.
pub fn with_messages(entries: &mut [Entry], scenario: &Scenario) {
    for entry in entries {
        if let Event::Drill(DrillEvent::InjectDelivered { inject, message: message @ None }) = &mut entry.event {
            *message = scenario
                .injects
                .iter()
                .find(|known| known.id == *inject)
                .map(firedrill_model::scenario::Inject::message);
        }
    }
}
