//! The screens: what a person sees and presses.
//!
//! [`App`] knows the state of the screen only (what has the focus, what is selected, which dialogue is open, what is being typed),
//! never the truth: that is in the [`Scene`], which drawing reads and never changes. [`App::handle`] turns a key or a click into
//! [`Request`]s; the runner answers them. Keys are named in one table ([`keymap::TABLE`]), colours in another ([`theme::Theme`]).
//!
//! Where a new thing goes: a new pane is a variant of [`pane::Pane`] and a file under `screen/`; a new key is a line of the table.

pub mod app;
pub mod burst;
mod canvas;
pub mod input;
mod keyboard;
pub mod keymap;
mod line;
pub mod pane;
pub mod scene;
mod screen;
pub mod terminal;
pub mod theme;
mod widget;

pub use app::{App, Request};
pub use burst::Burst;
pub use input::Input;
pub use keyboard::Keyboard;
pub use scene::{DrillScene, HistoryView, ImprovementsView, LobbyView, Message, RecordingView, Scene};
pub use theme::Theme;

impl App {
    /// A screen with nothing open. The runner tells it the terminal's size with [`Input::Resize`] before anything else.
    #[must_use]
    pub fn new(theme: Theme) -> Self {
        Self::drawn_by(screen::draw, theme)
    }
}
