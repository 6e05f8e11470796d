//! Pictures one after the other, each as the bytes that turn the one before into it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use serde_json::json;

use super::{MOST_MARKERS, Style};
use crate::host::desk_error::DeskError;
use crate::tui::{App, Input, Scene};

/// Clears the screen: whatever was on it before is gone.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Where the terminal writes: memory.
#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A recording in the making.
pub(super) struct Film {
    terminal: Terminal<CrosstermBackend<Sink>>,
    sink: Sink,
    app: App,
    size: (u16, u16),
    lines: String,
    markers: usize,
    /// What is written for a picture like the one before; known once there was one.
    nothing: Option<String>,
}

impl Film {
    pub fn new(style: Style) -> io::Result<Self> {
        let sink = Sink::default();
        let (columns, rows) = style.size;
        let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
        let terminal = Terminal::with_options(CrosstermBackend::new(sink.clone()), TerminalOptions { viewport })?;
        let app = App::new(style.theme);
        Ok(Self { terminal, sink, app, size: style.size, lines: String::new(), markers: 0, nothing: None })
    }

    /// A picture at this moment of the recording, in microseconds. Nothing is written where nothing changed.
    pub fn picture(&mut self, at: u64, scene: &Scene<'_>) -> Result<(), DeskError> {
        if let Some(nothing) = self.nothing.take() {
            let drawn = self.drawn(scene)?;
            if drawn != nothing {
                self.line(at, "o", &drawn);
            }
            self.nothing = Some(nothing);
            return Ok(());
        }
        self.app.handle(Input::Resize(self.size.0, self.size.1), scene);
        let drawn = self.drawn(scene)?;
        self.line(at, "o", &format!("{CLEAR}{drawn}"));
        self.nothing = Some(self.drawn(scene)?);
        Ok(())
    }

    /// The bytes that turn the picture before into this one.
    fn drawn(&mut self, scene: &Scene<'_>) -> Result<String, DeskError> {
        let Self { terminal, app, .. } = self;
        terminal.draw(|frame| app.draw(frame, scene)).map_err(DeskError::Picture)?;
        let bytes = std::mem::take(&mut *self.sink.0.borrow_mut());
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A picture, and a marker to jump to it.
    pub fn marker(&mut self, at: u64, label: &str, scene: &Scene<'_>) -> Result<(), DeskError> {
        if self.markers < MOST_MARKERS {
            self.markers += 1;
            self.last(at, label, scene)?;
        }
        Ok(())
    }

    /// The last marker, however many there are.
    pub fn last(&mut self, at: u64, label: &str, scene: &Scene<'_>) -> Result<(), DeskError> {
        self.line(at, "m", label);
        self.picture(at, scene)
    }

    /// Lets the last picture stay until then.
    pub fn hold(&mut self, until: u64) {
        self.line(until, "o", "");
    }

    #[expect(clippy::cast_precision_loss, reason = "exact below 285 years")]
    fn line(&mut self, at: u64, kind: &str, data: &str) {
        let line = json!([at as f64 / 1e6, kind, data]).to_string();
        self.lines.push_str(&line);
        self.lines.push('\n');
    }

    pub fn into_lines(self) -> String {
        self.lines
    }
}
