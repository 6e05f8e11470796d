//! The terminal: taken over only if there is one, given back by one prebuilt sequence whatever happens.
//!
//! Giving back never prints, never panics and can be done any number of times: at the end, by the guard, by the panic hook, by a signal.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal};
use std::mem::ManuallyDrop;
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::ThreadId;

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Hide;
use crossterm::event::{EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::EnterAlternateScreen;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

/// Switches everything off that could be on: mouse in all its forms, focus reports, bracketed paste, attributes; shows the cursor and
/// leaves the alternate screen. Terminals ignore what they don't know.
pub const RESTORE: &[u8] = b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[0m\x1b[?25h\x1b[?1049l\x1b[?25h";

/// One frame is written at once: the largest seen are below 32 KiB.
const FRAME: usize = 64 * 1024;

/// The terminal is taken over: there is something to give back.
static TAKEN: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// A fault in this thread is being caught: the hook keeps quiet, so that the picture stays.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    /// What that fault said, and where it was.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Why the screens can't be shown.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// Input or output is no terminal.
    #[error(
        "the screens need a terminal, and {0} is none; --plain goes line by line, --headless --script FILE needs nobody"
    )]
    NoTerminal(&'static str),
    /// The terminal didn't do as it was told.
    #[error("the terminal could not be set up ({0}); --plain goes line by line")]
    Failed(#[from] io::Error),
}

/// The terminal, taken over. Dropping it gives it back.
pub struct Screen {
    /// Never dropped: on a terminal that is gone its own drop prints, and so panics.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<File>>>>,
    size: Size,
}

/// What a terminal says of its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// So many columns and rows.
    Told(u16, u16),
    /// None, as some serial lines and new pseudo-terminals: it is drawn as [`ASSUMED`], and asked again.
    Unknown,
}

/// Columns and rows of a terminal that has no size: what a terminal had when they were machines.
pub const ASSUMED: (u16, u16) = (80, 24);

impl Size {
    /// Reads what a terminal says; a side of no length is no size.
    #[must_use]
    pub fn of(columns: u16, rows: u16) -> Self {
        if columns == 0 || rows == 0 { Self::Unknown } else { Self::Told(columns, rows) }
    }

    /// The columns and rows that are drawn.
    #[must_use]
    pub fn drawn(self) -> (u16, u16) {
        match self {
            Self::Told(columns, rows) => (columns, rows),
            Self::Unknown => ASSUMED,
        }
    }
}

impl Screen {
    /// Takes the terminal over: alternate screen, raw mode, mouse, bracketed paste, hidden cursor. Installs the panic hook.
    ///
    /// # Errors
    /// When input or output is no terminal, or when it can't be set up; it is as before then.
    pub fn enter() -> Result<Self, EnterError> {
        if !io::stdin().is_terminal() {
            return Err(EnterError::NoTerminal("standard input"));
        }
        if !io::stdout().is_terminal() {
            return Err(EnterError::NoTerminal("standard output"));
        }
        install_hook();
        // A writer of our own: the standard one splits frames into many small writes, and can't be used again while it is being used.
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME, output));
        let size = asked_size(&backend)?;
        let (columns, rows) = size.drawn();
        // A viewport of our own: ratatui would ask the terminal before each frame, and draw nothing on one that has no size.
        let viewport = Viewport::Fixed(Rect::new(0, 0, columns, rows));
        let terminal = Terminal::with_options(backend, TerminalOptions { viewport })?;
        let mut screen = Self { terminal: ManuallyDrop::new(terminal), size };
        screen.take()?;
        Ok(screen)
    }

    fn take(&mut self) -> io::Result<()> {
        TAKEN.store(true, Ordering::SeqCst);
        let begun = crossterm::terminal::enable_raw_mode().and_then(|()| {
            crossterm::execute!(
                self.terminal.backend_mut(),
                EnterAlternateScreen,
                EnableMouseCapture,
                EnableBracketedPaste,
                Hide
            )
        });
        if begun.is_err() {
            restore();
        }
        begun
    }

    /// The size that is drawn.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Asks the terminal for its size, and draws in it from now on. Says whether it is another one than before.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn ask_size(&mut self) -> io::Result<bool> {
        let size = asked_size(self.terminal.backend())?;
        if size == self.size {
            return Ok(false);
        }
        let (columns, rows) = size.drawn();
        self.terminal.resize(Rect::new(0, 0, columns, rows))?;
        self.size = size;
        Ok(true)
    }

    /// Draws a frame with `paint`, in one write.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(paint).map(|_| ())
    }

    /// Hands a text to the terminal's clipboard (OSC 52), in base64, so that nothing in it can be a sequence of its own. Terminals that don't
    /// take it ignore it, and none says so.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        crossterm::execute!(self.terminal.backend_mut(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Forgets what is on the screen, so that the next frame draws all of it.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn redraw(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`: it asks the terminal where the cursor is, and some never answer.
        self.terminal.backend_mut().clear()?;
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Gives the terminal back and stops the program, as Ctrl-Z does; takes it over again when the program goes on.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP)?;
        self.take()?;
        self.redraw()
    }
}

fn asked_size(backend: &CrosstermBackend<BufWriter<File>>) -> io::Result<Size> {
    backend.size().map(|size| Size::of(size.width, size.height))
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back. Does nothing if it is not taken; never prints anything else and never panics.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    write_all(RESTORE);
    let _gone = crossterm::terminal::disable_raw_mode();
}

/// Writes past the standard writer, which may be in use. Gives up when the terminal is gone.
fn write_all(mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match rustix::io::write(io::stdout().as_fd(), bytes) {
            Ok(0) => return,
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}

/// Does something that may panic, and says what went amiss if it did. The panic hook keeps quiet meanwhile.
///
/// # Errors
/// What the panic said, and where.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    done.map_err(|_| SAID.take().unwrap_or_else(|| "no reason is known".into()))
}

/// A panic of the thread that owns the screen gives the terminal back first and then says what happened; one that is caught is only noted; one
/// of another thread leaves the screen alone, since a report would be written across the picture: whoever started the thread sees it end.
fn install_hook() {
    static ONCE: Once = Once::new();
    let owner = std::thread::current().id();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| hook(owner, info, &usual)));
    });
}

/// What a panic says, where it is a text.
fn said<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("a fault in drawing")
}

type Hook = dyn Fn(&PanicHookInfo<'_>) + Sync + Send;

fn hook(owner: ThreadId, info: &PanicHookInfo<'_>, usual: &Hook) {
    if CAUGHT.get() {
        let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line())).unwrap_or_default();
        let what = said(info);
        SAID.set(Some(format!("{what}{place}")));
        return;
    }
    if std::thread::current().id() == owner {
        restore();
    }
    if TAKEN.load(Ordering::SeqCst) {
        return;
    }
    // The usual hook ignores that standard error may be gone, so this can't panic again.
    usual(info);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caught_fault_is_told_and_the_next_work_goes_on() {
        assert_eq!(caught(|| 7), Ok(7));
        assert!(caught(|| -> u8 { panic!("no picture") }).is_err());
        assert_eq!(caught(|| 8), Ok(8));
    }

    #[test]
    fn giving_back_what_was_not_taken_does_nothing() {
        restore();
        restore();
    }

    #[test]
    fn a_terminal_without_a_side_has_no_size() {
        assert_eq!(Size::of(0, 0).drawn(), ASSUMED);
        assert_eq!(Size::of(120, 0), Size::Unknown);
        assert_eq!(Size::of(1, 1).drawn(), (1, 1));
    }

    #[test]
    fn everything_that_is_switched_on_is_switched_off() {
        let mut on = Vec::new();
        crossterm::queue!(on, EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste, Hide).unwrap();
        let on = String::from_utf8(on).unwrap();
        let off = String::from_utf8(RESTORE.to_vec()).unwrap();
        for mode in on.split("\x1b[?").filter_map(|part| part.strip_suffix('h')) {
            assert!(off.contains(&format!("\x1b[?{mode}l")), "mode {mode} stays on");
        }
        assert!(off.contains("\x1b[?25h"), "the cursor stays hidden");
    }
}
