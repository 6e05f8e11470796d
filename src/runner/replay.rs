//! An old drill, opened to be replayed: read from its record, folded at a cursor. Nothing of it is changed, and no world is asked.

use std::sync::Arc;

use super::beside::This;
use super::desk::DeskError;
use crate::domain::id::{DrillId, SeatId};
use crate::domain::{DrillTime, Role, SafeText, WordBook};
use crate::journal::Verdict;
use crate::projection::audience::{Viewer, opens_everything};
use crate::projection::transport::Cue;
use crate::projection::{Transport, View};
use crate::scenario::{self, Scenario, library};
use crate::store::{self, DataDir, Loaded};

/// The seat that is looked from where the record names none.
const SEAT: &str = "seat-1";

/// An old drill at a cursor.
#[derive(Debug)]
pub struct Replay {
    drill: DrillId,
    seat: SeatId,
    words: WordBook,
    /// How the record stands, in a few words.
    standing: SafeText,
    notices: Vec<SafeText>,
    transport: Transport,
    this: This,
}

impl Replay {
    /// Reads a drill, also one that is damaged (then what is whole of it) or still under way (then without the ground truth, which
    /// nobody who takes part may see yet).
    ///
    /// # Errors
    /// When there is no such drill, nothing of it can be read, or its scenario isn't valid for this program.
    pub fn open(data: &DataDir, drill: &DrillId, at: DrillTime) -> Result<Self, DeskError> {
        let loaded = store::load(data, drill)?;
        let (scenario, notice) = scenario_of(&loaded)?;
        let standing = standing(&loaded);
        let over = loaded.entries.iter().any(opens_everything) || matches!(loaded.verdict, Verdict::Corrupt { .. });
        let fallback = Viewer::Seat(SeatId::new(SEAT)?, Role::Responder);
        let scenario = Arc::new(scenario);
        let this = This::of(&loaded.header, &scenario);
        let mut transport = Transport::new(scenario, loaded.entries, over, fallback);
        transport.cue(Cue::Seek(at));
        if at == DrillTime::ZERO {
            transport.cue(Cue::Start);
        }
        let (drill, words) = (drill.clone(), loaded.words);
        let notices = notice.into_iter().chain(loaded.notices).collect();
        let mut replay = Self { drill, seat: SeatId::new(SEAT)?, words, standing, notices, transport, this };
        replay.follow_seat();
        Ok(replay)
    }

    /// The drill.
    #[must_use]
    pub fn drill(&self) -> &DrillId {
        &self.drill
    }

    /// The seat that is looked from.
    #[must_use]
    pub fn seat(&self) -> &SeatId {
        &self.seat
    }

    /// Texts and names of the drill.
    #[must_use]
    pub fn words(&self) -> &WordBook {
        &self.words
    }

    /// How the record stands: verified, or what is the matter with it.
    #[must_use]
    pub fn standing(&self) -> &SafeText {
        &self.standing
    }

    /// What is odd about the record.
    #[must_use]
    pub fn notices(&self) -> &[SafeText] {
        &self.notices
    }

    /// What an earlier drill has to be of, to be beside it.
    #[must_use]
    pub fn this(&self) -> &This {
        &self.this
    }

    /// The cursor, to read.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The cursor, to move.
    pub fn transport_mut(&mut self) -> &mut Transport {
        &mut self.transport
    }

    /// What is seen at the cursor.
    #[must_use]
    pub fn view(&self) -> &View {
        self.transport.view()
    }

    /// Does what was asked; something: that is to be said.
    pub fn cue(&mut self, cue: Cue) -> Option<SafeText> {
        let said = self.transport.cue(cue);
        self.follow_seat();
        said
    }

    /// Looks from the seat with this name, or at `everything`.
    ///
    /// # Errors
    /// A sentence that names those whose view there is.
    pub fn look_as(&mut self, name: &str) -> Result<(), SafeText> {
        let all = self.transport.viewers();
        let found = all.iter().find(|viewer| Transport::name_of(viewer).as_str() == name.trim());
        let Some(viewer) = found.cloned() else {
            let names: Vec<String> = all.iter().map(|viewer| Transport::name_of(viewer).to_string()).collect();
            return Err(SafeText::one_line(&format!("The views are: {}.", names.join(", "))));
        };
        self.transport.look_as(viewer);
        self.follow_seat();
        Ok(())
    }

    fn follow_seat(&mut self) {
        if let Viewer::Seat(seat, _) = self.transport.viewer() {
            self.seat = seat.clone();
        }
    }
}

/// The scenario as it was run; where that isn't valid for this program, the one of that name that comes with it, which is said.
fn scenario_of(loaded: &Loaded) -> Result<(Scenario, Option<SafeText>), DeskError> {
    let problems = match scenario::check("scenario.toml", &loaded.scenario_toml) {
        Ok(scenario) => return Ok((scenario, None)),
        Err(problems) => problems,
    };
    let name = loaded.header.scenario.as_str();
    if let Some(scenario) = library::find(name).and_then(|text| scenario::check(name, text).ok()) {
        let said = "scenario.toml can't be read here: titles and limits are those of the scenario that comes with this program.";
        return Ok((scenario, Some(said.into())));
    }
    let file = loaded.folder.join("scenario.toml");
    Err(DeskError::Scenario { count: problems.len(), file: SafeText::one_line(&file.to_string_lossy()) })
}

fn standing(loaded: &Loaded) -> SafeText {
    let said = match &loaded.verdict {
        Verdict::Corrupt { file, line, .. } => format!("damaged at line {line} of {file}: what is whole is shown"),
        Verdict::Torn { .. } => "its last write didn't finish: what is whole is shown".to_owned(),
        Verdict::Newer { program, .. } => format!("written by {program}, which is newer"),
        Verdict::Whole if !loaded.scenario_matches => "the record verifies, its scenario was changed since".to_owned(),
        Verdict::Whole if !loaded.words_proof.altered.is_empty() => {
            "the record verifies, some texts were altered since".to_owned()
        }
        Verdict::Whole => "a replay; the record verifies".to_owned(),
    };
    SafeText::one_line(&said)
}
