//! The desk where drills are handed out: new ones, ones that were cut off, and the debriefs of old ones.

use std::sync::Arc;

use super::as_run::{SEAT, scenario_of, view_with};
use super::clock::WallClock;
use super::resume::{self, ResumeError};
use super::session::{AskError, Session};
use super::settings::Settings;
use super::trust::{Trust, allowed_signers};
use super::{cast, improvements, past};
use crate::library::{self, Card};
use firedrill_authoring::Problem;
use firedrill_core::projection::aliases::Aliases;
use firedrill_core::projection::history::Outline;
use firedrill_core::projection::{Debrief, Fold, debrief};
use firedrill_model::command::{Ask, ClockAsk};
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::phase::Pace;
use firedrill_model::scenario::Scenario;
use firedrill_model::{Role, SafeText, WordBook, shown};
use firedrill_record::journal::{Header, spoken};
use firedrill_record::store::{self, DataDir, Loaded, Record, StoreFault};

/// A scenario on offer.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What one types after `run`.
    pub name: String,
    /// Path of an own scenario, to show.
    pub own: Option<String>,
    /// The TOML text.
    pub text: String,
    offered: Offered,
}

/// What is known of a scenario on offer.
#[derive(Debug, Clone)]
enum Offered {
    /// It comes with the program, whose tests check it: it is read when it is wanted.
    BuiltIn(&'static Card),
    /// It was checked.
    Checked(Result<Arc<Scenario>, Vec<Problem>>),
}

impl Offer {
    /// Checks a scenario's text.
    #[must_use]
    pub fn new(name: &str, own: Option<String>, text: String) -> Self {
        let scenario = firedrill_authoring::check(own.as_deref().unwrap_or(name), &text).map(Arc::new);
        Self { name: name.to_owned(), own, text, offered: Offered::Checked(scenario) }
    }

    /// The built-in scenario of this name, if there is one.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let text = library::find(name)?.to_owned();
        Some(match library::listed(name) {
            Some(card) => Self { name: name.to_owned(), own: None, text, offered: Offered::BuiltIn(card) },
            None => Self::new(name, None, text),
        })
    }

    /// The same with a mistake that the check of its text alone doesn't see.
    #[must_use]
    pub fn with_mistake(self, problem: Problem) -> Self {
        Self { offered: Offered::Checked(Err(vec![problem])), ..self }
    }

    /// What lists say of it.
    ///
    /// # Errors
    /// Its mistakes.
    pub fn card(&self) -> Result<Card, &[Problem]> {
        match &self.offered {
            Offered::BuiltIn(card) => Ok((*card).clone()),
            Offered::Checked(checked) => checked.as_ref().map(|scenario| Card::of(scenario)).map_err(Vec::as_slice),
        }
    }

    /// The scenario, read whole.
    ///
    /// # Errors
    /// Its mistakes.
    pub fn scenario(&self) -> Result<Arc<Scenario>, Vec<Problem>> {
        match &self.offered {
            Offered::BuiltIn(_) => match firedrill_authoring::recorded(&self.text) {
                Ok(scenario) => Ok(Arc::new(scenario)),
                Err(_) => firedrill_authoring::check(&self.name, &self.text).map(Arc::new),
            },
            Offered::Checked(checked) => checked.clone(),
        }
    }

    /// An own scenario that has no text to check.
    #[must_use]
    pub fn broken(name: &str, own: String, problem: Problem) -> Self {
        Self {
            name: name.to_owned(),
            own: Some(own),
            text: String::new(),
            offered: Offered::Checked(Err(vec![problem])),
        }
    }

    /// Says whether it is a scenario of one's own with the name of a built-in one: by that name it is run instead.
    #[must_use]
    pub fn hides_built_in(&self) -> bool {
        self.own.is_some() && library::find(&self.name).is_some()
    }
}

/// Where drills are handed out, and with which settings.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Where drills are kept.
    pub data: DataDir,
    /// What people are called in the record.
    pub alias: String,
    /// The pace to go on with, if one was asked for.
    pub pace: Option<Pace>,
}

pub use super::as_run::view_of;
pub use super::desk_error::DeskError;
pub use super::salts::salts;

impl Desk {
    /// Begins a new drill. Without a seed, chance chooses one.
    ///
    /// # Errors
    /// When the record can't be made or written.
    pub fn begin(
        &self,
        scenario: Arc<Scenario>,
        text: &str,
        seed: Option<u64>,
        clock: &WallClock,
    ) -> Result<Session, DeskError> {
        let utc = clock.utc();
        let chance = getrandom::u64().map_err(DeskError::Chance)?;
        // Seeds that are chosen here are short enough to be typed.
        let seed = match seed {
            Some(seed) => seed,
            None => getrandom::u32().map_err(DeskError::Chance)?.into(),
        };
        let drill = self.data.fresh_name(utc.date_naive(), chance)?;
        let mut header =
            Header::new(drill, scenario.id.clone(), text, seed, ("simulated", firedrill_account::MODEL), utc);
        // A mistake in the settings must not keep anybody from drilling; `history` and the lobby tell it.
        header.team = Settings::of(&self.data).unwrap_or_default().team;
        let record = Record::create(&self.data, header, text, salts()?)?;
        let person = (SeatId::new(SEAT)?, Role::Responder, self.alias.as_str());
        let mut session = Session::begin(scenario, record, person, utc)?;
        self.remind(&mut session);
        self.set_pace(&mut session, clock)?;
        Ok(session)
    }

    /// Takes up a drill where it was cut off.
    ///
    /// # Errors
    /// When it can't be taken up; nothing is lost.
    pub fn resume(&self, drill: &DrillId, clock: &WallClock) -> Result<Session, DeskError> {
        let (record, loaded, recovered) = Record::resume(&self.data, drill, salts()?)?;
        let resumed = resume::resume(record, loaded, recovered, clock.utc());
        let mut session = resumed.map_err(|error| match error {
            ResumeError::Store(fault) => DeskError::Store(fault),
            other => DeskError::Resume(drill.clone(), other),
        })?;
        self.remind(&mut session);
        self.set_pace(&mut session, clock)?;
        Ok(session)
    }

    /// Brings back what earlier drills of the scenario left to change.
    fn remind(&self, session: &mut Session) {
        let header = session.record().header();
        let this = (&header.scenario, header.team.as_ref(), header.epoch);
        let earlier = improvements::earlier(&self.data, this);
        session.remind(earlier);
    }

    fn set_pace(&self, session: &mut Session, clock: &WallClock) -> Result<(), DeskError> {
        let Some(pace) = self.pace else { return Ok(()) };
        match session.ask(Ask::Clock(ClockAsk::Pace(pace)), clock.utc()) {
            Err(AskError::NotRecorded(fault)) => Err(fault.into()),
            // The pace was checked where it was typed; where the clock stands still for good there is none to set.
            Ok(()) | Err(AskError::Refused(_)) => Ok(()),
        }
    }

    /// The debrief of a drill, from its record; with names only if they are asked for.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn debrief(&self, drill: &DrillId, names: bool) -> Result<Debrief, DeskError> {
        Ok(self.told(drill, names)?.debrief)
    }

    /// All that exports are made of, from the record of a drill; with names only if they are asked for.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn told(&self, drill: &DrillId, names: bool) -> Result<Told, DeskError> {
        let mut loaded = store::load(&self.data, drill)?;
        let (scenario, notice) = scenario_of(&loaded)?;
        let scenario = Arc::new(scenario);
        let view = view_with(&mut loaded, Arc::clone(&scenario))?;
        loaded.notices.extend(notice);
        if names {
            let debrief = self.held_against_earlier(&loaded, &view, &loaded.words);
            return Ok(Told { words: loaded.words.clone(), loaded, scenario, view, debrief });
        }
        let mut aliases = Aliases::of(&view, &loaded.words, &self.alias);
        let words = aliases.hide(&view, &loaded.words);
        let mut debrief = self.held_against_earlier(&loaded, &view, &words);
        aliases.hide_in(&mut debrief.earlier);
        aliases.hide_in_lines(&mut debrief.improvements);
        Ok(Told { loaded, scenario, view, words, debrief })
    }

    /// An old drill, to look at.
    ///
    /// # Errors
    /// When the record can't be read.
    pub fn look(&self, drill: &DrillId) -> Result<Old, DeskError> {
        let mut loaded = store::load(&self.data, drill)?;
        let (view, notice) = view_of(&mut loaded)?;
        loaded.notices.extend(notice);
        let debrief = self.held_against_earlier(&loaded, &view, &loaded.words);
        Ok((view, loaded.words, debrief, SeatId::new(SEAT)?))
    }

    fn held_against_earlier(&self, loaded: &Loaded, view: &Fold, words: &WordBook) -> Debrief {
        let header = &loaded.header;
        let mut debrief = debrief::build(view, words, &header.drill, &loaded.notices);
        let this = (&header.scenario, header.team.as_ref(), header.epoch);
        let (earlier, all) = improvements::around(&self.data, this);
        debrief.follow_up(&header.drill, &all);
        debrief.earlier = earlier.against(&debrief.durations);
        debrief.head_words = spoken::head_words(&loaded.head);
        let trust = Trust::of(loaded, allowed_signers(&self.data).as_deref());
        debrief.trust = match trust {
            Ok(trust) => trust.line(),
            Err(fault) => shown!(
                "How far the record can be trusted was not found out: failed to {}",
                SafeText::one_line(&fault.to_string())
            ),
        };
        debrief
    }
}

/// A drill as exports tell it.
pub struct Told {
    loaded: Loaded,
    scenario: Arc<Scenario>,
    /// What may be told of it.
    pub view: Fold,
    /// Names and free text, the names hidden unless they were asked for.
    pub words: WordBook,
    /// Its debrief.
    pub debrief: Debrief,
}

impl Told {
    /// The drill as an asciicast.
    ///
    /// # Errors
    /// When a picture can't be drawn.
    pub fn cast(&self, style: cast::Style) -> Result<String, DeskError> {
        cast::record(&self.loaded, &self.scenario, &self.words, &self.debrief, style)
    }
}

/// An old drill as it is looked at: view, texts, debrief, and whose seat it was.
pub type Old = (Fold, WordBook, Debrief, SeatId);

/// The debrief of a drill that is being run.
#[must_use]
pub fn debrief_of(session: &Session) -> Debrief {
    let mut debrief = debrief::build(session.folded(), session.words(), session.name(), &[]);
    debrief.earlier = session.earlier().against(&debrief.durations);
    debrief.head_words = session.record().head_words();
    debrief
}

/// Keeps an outline of the drill beside its record, so that a list of drills needs no folding. It can always be made anew.
///
/// # Errors
/// When it can't be written.
pub fn keep_summary(session: &mut Session) -> Result<(), StoreFault> {
    let record = session.record();
    let Some(data) = record.folder().parent().filter(|_| session.unstored() == 0).map(DataDir::to_read) else {
        return Ok(());
    };
    let (drill, header) = (session.name(), record.header());
    let outline = Outline::of(
        session.folded(),
        &debrief_of(session),
        drill,
        (header.epoch, header.team.clone(), past::content_of(session.scenario())),
    );
    let stamp = data.glance(drill.clone()).and_then(|listing| listing.stamp());
    match stamp.and_then(|stamp| past::as_kept(stamp, &outline)) {
        Some(text) => session.write_summary(text),
        None => Ok(()),
    }
}
