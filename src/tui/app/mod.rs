//! The state of the screen: focus, selection, the open dialogue, what is being typed. Never the truth.

mod asks;
mod dialogue;
mod evidence;
mod form;
mod improving;
mod input;
mod lists;
mod moves;
mod opens;
mod palette;
mod question;
mod rows;
mod settle;
mod why_not;
mod within;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::canvas::{Findings, Line};
use super::input::Chord;
use super::keymap::Where;
use super::pane::{Pane, panes};
use super::scene::{DrillScene, Message, Scene};
use super::terminal;
use super::theme::Theme;
use super::widget::field::Field;
use super::widget::text;
use firedrill_core::projection::search::Search;
use firedrill_core::projection::signals::Crossing;
use firedrill_core::projection::transport::Cue;
use firedrill_model::id::{DrillId, FindingId, InjectId, StepId};
use firedrill_model::improvement::Turn;
use firedrill_model::{DrillTime, LogSource, SafeText, Shown, Span, shown};
use firedrill_model::{command::Intent, phase::Phase};

pub(super) use dialogue::{Confirm, Detail, Editor, Filtered, Improvement, Popup, Purpose, Respond, Stage};
pub(super) use form::{Form, FormField};
pub(super) use lists::{DrillRow, Half, Lists, Standing};
pub(super) use opens::SOURCES;
pub(super) use palette::entries;
pub(super) use question::Asked;
pub(super) use rows::{BEHIND, Chosen, Item, Listing, due_step, instances, items, line, timeline};

/// What the screen asks of the program.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Asked of the drill, in the name of this seat.
    Ask(Intent),
    /// Let the clock run on to the next thing that asks something of somebody.
    SkipAhead,
    /// Start a drill of the scenario at this place in the lobby.
    Start(usize),
    /// Take up this drill again.
    Resume(DrillId),
    /// Show the debrief of this drill.
    OpenDebrief(DrillId),
    /// Replay this drill, from this moment on.
    Replay {
        /// Which drill.
        drill: DrillId,
        /// Where the cursor stands at first.
        at: DrillTime,
    },
    /// Asked of the replay.
    Cue(Cue),
    /// Search these words in the replay's timeline.
    Find(String),
    /// The next earlier drill of the same scenario beside this one, or none.
    Beside,
    /// Show the drills over time.
    OpenHistory,
    /// Show what is to change, over all drills.
    OpenImprovements,
    /// Write down an improvement outside of any drill.
    AddImprovement {
        /// What is to change.
        what: String,
        /// Who sees to it.
        owner: Option<String>,
        /// Until when.
        due: Option<SafeText>,
    },
    /// Write down what becomes of an improvement.
    WriteDown(Turn<String>),
    /// Back from a list over all drills.
    Back,
    /// Hand this text to the terminal's clipboard.
    Copy(Shown),
    /// Try to record again.
    Retry,
    /// Give the terminal back for a while.
    Suspend,
    /// Draw the whole screen anew.
    Redraw,
    /// Leave. The screen has asked already where that is due.
    Quit,
}

/// How the screen is drawn: reads the state and what there is to see, and says what lies where.
///
/// The state is handed it, since clicks and scrolling go by the picture while the picture is drawn from the state.
pub(super) type Picture = fn(&mut Buffer, &App, &Scene<'_>) -> Findings;

/// The state of the screen.
#[derive(Debug, Clone)]
pub struct App {
    picture: Picture,
    theme: Theme,
    size: (u16, u16),
    /// The phase that was seen last: what belongs to an earlier one is put away.
    phase: Option<Phase>,
    pub(super) popup: Option<Popup>,
    /// What comes back when the popup is closed.
    beneath: Option<Popup>,
    /// The key that said something of the chosen thing just now: held down, it must not say it of the next one.
    said: Option<Chord>,
    /// What was sent off last, in case it is refused.
    sent: Option<Popup>,
    pub(super) message: Option<Message>,
    focus: BTreeMap<Phase, Pane>,
    pub(super) zoom: bool,
    pub(super) chosen: Chosen,
    scroll: BTreeMap<Pane, u16>,
    pub(super) form: Option<Form>,
    drafts: BTreeMap<Purpose, Field>,
    improvement_draft: Option<Improvement>,
    respond_draft: Option<Box<Respond>>,
    pub(super) finding_filter: Field,
    pub(super) listing: Listing,
    /// Found before for this drill: a cache, so that a picture doesn't search anew.
    search: RefCell<(Option<DrillId>, Search)>,
    pub(super) log_filter: Field,
    pub(super) log_source: Option<LogSource>,
    pub(super) lists: Lists,
    /// Findings and messages that were opened.
    read: (BTreeSet<FindingId>, BTreeSet<InjectId>),
    /// The line about something new is hidden up to this entry.
    hidden_before: u64,
    /// The row of the scrub bar that the mouse holds.
    grabbed: Option<u16>,
    /// The drill that all of this is about: nothing of it is left when another one is opened.
    drill: Option<DrillId>,
    /// The question that was passed just now, until the record says so.
    passed: Option<StepId>,
    /// A question that was passed before and is answered after all.
    reopened: Option<StepId>,
    /// How far back one went in a question.
    back_to: Option<(StepId, Asked)>,
}

impl App {
    /// A screen with nothing open, drawn by `picture`.
    pub(super) fn drawn_by(picture: Picture, theme: Theme) -> Self {
        Self {
            picture,
            theme,
            size: (80, 24),
            phase: None,
            popup: None,
            beneath: None,
            said: None,
            sent: None,
            message: None,
            focus: BTreeMap::new(),
            zoom: false,
            chosen: Chosen::default(),
            scroll: BTreeMap::new(),
            form: None,
            drafts: BTreeMap::new(),
            improvement_draft: None,
            respond_draft: None,
            finding_filter: Field::line(80),
            listing: Listing::default(),
            search: RefCell::default(),
            log_filter: Field::line(80),
            log_source: None,
            lists: Lists::default(),
            read: Default::default(),
            hidden_before: 0,
            grabbed: None,
            drill: None,
            passed: None,
            reopened: None,
            back_to: None,
        }
    }

    /// Puts a line at the foot of the screen until the next key.
    pub fn say(&mut self, message: Message) {
        self.message = Some(message);
    }

    /// The rules said no to what was asked last: says why, and opens again what had been typed.
    pub fn refused(&mut self, why: SafeText) {
        self.bring_back(Message::Refusal(why));
    }

    /// What was asked last could not be written down: says why, and opens again what had been typed.
    pub fn failed(&mut self, why: SafeText) {
        self.bring_back(Message::Notice(why));
    }

    fn bring_back(&mut self, message: Message) {
        if let Some(sent) = self.sent.take() {
            self.beneath = self.popup.replace(sent).filter(Popup::comes_back);
        }
        self.message = Some(message);
    }

    /// Draws. Reads only. A fault in drawing shows a plain page instead of ending the drill.
    pub fn draw(&self, frame: &mut Frame<'_>, scene: &Scene<'_>) {
        let area = frame.area();
        match terminal::caught(|| {
            let mut buffer = Buffer::empty(area);
            let found = self.render(&mut buffer, scene);
            (buffer, found)
        }) {
            Ok((buffer, found)) => {
                *frame.buffer_mut() = buffer;
                if let Some(place) = found.cursor {
                    frame.set_cursor_position(place);
                }
            }
            Err(what) => fault_page(frame.buffer_mut(), &what),
        }
    }

    fn render(&self, buffer: &mut Buffer, scene: &Scene<'_>) -> Findings {
        (self.picture)(buffer, self, scene)
    }

    /// What lies where at the size that the screen has now.
    fn survey(&self, scene: &Scene<'_>) -> Findings {
        let (columns, rows) = self.size;
        let drawn = terminal::caught(|| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, columns.min(1000), rows.min(500)));
            self.render(&mut buffer, scene)
        });
        drawn.unwrap_or_default()
    }

    /// The moment on the drill clock at which the picture changes by itself: the next whole second since the fault (or the start), while the
    /// clock runs. Without one, nothing changes until the next key or entry. The runner divides by the rate, and draws at most ten times a second.
    #[must_use]
    pub fn next_redraw(&self, scene: &Scene<'_>) -> Option<DrillTime> {
        let drill = scene.drill()?;
        let course = &drill.view.course;
        if course.rate == 0 || !course.phase.clock_runs() {
            return None;
        }
        let zero = drill.zero().at();
        let second = Span::from_secs(1).0;
        let gone = drill.now.since(zero).0;
        Some(DrillTime(zero.0.saturating_add((gone / second + 1).saturating_mul(second))))
    }

    /// The look of meanings.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.theme
    }

    /// The pane that has the focus.
    pub(super) fn focused(&self, phase: Phase) -> Option<Pane> {
        let all = panes(phase);
        self.focus.get(&phase).copied().filter(|pane| all.contains(pane)).or_else(|| all.first().copied())
    }

    /// How far a document is scrolled.
    pub(super) fn scrolled(&self, pane: Pane) -> u16 {
        self.scroll.get(&pane).copied().unwrap_or(0)
    }

    /// Where keys go now, the innermost place first.
    pub(super) fn places(&self, scene: &Scene<'_>) -> Vec<Where> {
        match &self.popup {
            Some(popup) => vec![Where::Dialogue(popup.dialogue()), Where::Always],
            None => self.base_places(scene),
        }
    }

    /// Where keys would go without a dialogue.
    pub(super) fn base_places(&self, scene: &Scene<'_>) -> Vec<Where> {
        let Some(drill) = scene.drill() else { return vec![lists::place(scene), Where::Always] };
        let phase = drill.view.course.phase;
        if drill.replay.is_some() {
            let pane = self.focused(phase).map(Where::Pane);
            return std::iter::once(Where::Replay).chain(pane).chain([Where::Drill, Where::Always]).collect();
        }
        let mut places = Vec::new();
        match self.asked(drill) {
            Some((_, Asked::Confidence)) => places.extend([Where::Confidence, Where::Question]),
            Some(_) => places.push(Where::Question),
            None => {}
        }
        if phase == Phase::Hypothesis {
            places.push(Where::Form);
        }
        places.extend(self.focused(phase).map(Where::Pane));
        if phase.clock_runs() {
            places.push(Where::Clock);
        }
        places.extend([Where::Drill, Where::Always]);
        places
    }

    /// Says whether the person is busy with a dialogue, so that the clock should not run ahead.
    fn attending(&self) -> bool {
        self.reopened.is_some() || [&self.popup, &self.beneath].into_iter().flatten().any(Popup::takes_time)
    }

    /// Findings and messages that nobody has opened here, while the experiment runs.
    pub(super) fn unread(&self, drill: &DrillScene<'_>) -> Vec<Item> {
        if drill.view.course.phase != Phase::Experiment {
            return Vec::new();
        }
        items(drill.view).into_iter().filter(|item| !self.has_read(drill, item)).collect()
    }

    pub(super) fn has_read(&self, drill: &DrillScene<'_>, item: &Item) -> bool {
        match item {
            Item::Finding(id) => {
                self.read.0.contains(id)
                    || drill.view.board.finding(id).is_none_or(|row| row.acknowledged.is_some() || row.judged.is_some())
            }
            Item::Message(id) => self.read.1.contains(id),
        }
    }

    /// What signals did last, unless its line was hidden or something newer is unread.
    pub(super) fn crossing(&self, drill: &DrillScene<'_>) -> Option<Crossing> {
        let in_play = drill.replay.is_none() && drill.view.course.phase == Phase::Experiment;
        let turn = drill.view.newest_crossing().filter(|turn| in_play && turn.stamp.seq >= self.hidden_before)?;
        let newer = self.news(drill).and_then(|item| rows::seq(drill.view, &item));
        newer.is_none_or(|seq| seq < turn.stamp.seq).then_some(turn)
    }

    /// The newest unread thing, unless its line was hidden.
    pub(super) fn news(&self, drill: &DrillScene<'_>) -> Option<Item> {
        let newest = self.unread(drill).into_iter().next()?;
        (rows::seq(drill.view, &newest)? >= self.hidden_before).then_some(newest)
    }
}

/// A plain page for a fault in drawing: the drill goes on below it.
fn fault_page(buffer: &mut Buffer, what: &str) {
    let area = buffer.area;
    buffer.reset();
    let safe = SafeText::one_line(what);
    let page = shown!(
        "The picture could not be drawn. The drill goes on, and its record is whole.\n\n{}\n\nPress Esc to go one step \
         back, or make the window larger or smaller. `firedrill run --plain` shows the same drill line by line.",
        safe
    );
    for (row, line) in area.rows().zip(text::wrap(&page, area.width)) {
        Line::from(line).write(buffer, row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_for_a_fault_fits_everywhere_and_shows_no_control_characters() {
        for size in [(1, 1), (5, 2), (80, 24), (200, 60)] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            fault_page(&mut buffer, "index out of bounds\x1b[2J (src/x.rs:1)");
            assert!(buffer.content().iter().all(|cell| !cell.symbol().chars().any(char::is_control)));
        }
    }
}
