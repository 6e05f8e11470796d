//! The loop at the screens: keys, signals and time go into the shift, pictures come out.

use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

use super::clock::WATCH;
use super::queue::{Happening, Queue, exit_code_of};
use super::shift::{Flow, Shift};
use super::{Ended, RunError};
use crate::tui::terminal::{self, Screen, Size};
use crate::tui::{App, Burst, Input, Keyboard, Message, Request};
use firedrill_model::SafeText;

/// SIGHUP: the terminal was closed.
const HANGUP: i32 = 1;
/// How long the program may take to end by itself once its terminal is gone.
const GRACE: Duration = Duration::from_secs(2);
/// How often a terminal without a size is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Shows a shift on the terminal until it is left or ended by a signal. The terminal is as it was afterwards.
///
/// # Errors
/// When there is no terminal, or it can't be written to.
pub async fn run(shift: &mut Shift, app: App) -> Result<Ended, RunError> {
    match sit(shift, app).await {
        // A picture for a terminal that was closed comes back before the news of it.
        Err(RunError::Output(error)) if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
            Ok(Ended::Signal(HANGUP))
        }
        ended => ended,
    }
}

async fn sit(shift: &mut Shift, mut app: App) -> Result<Ended, RunError> {
    let mut queue = Queue::new().map_err(RunError::Signals)?;
    let mut screen = Screen::enter().map_err(|error| RunError::Screens(error.to_string()))?;
    let to = queue.sender();
    // A full queue holds something that wakes the loop as well.
    shift.record_beside(Arc::new(move || drop(to.try_send(Happening::Recorded))));
    read_keys(queue.sender());
    watch_terminal(queue.sender());
    tell_size(&screen, shift, &mut app);
    screen.draw(|frame| app.draw(frame, &shift.scene())).map_err(RunError::Output)?;
    loop {
        let first = queue.next(patience(&screen, shift, &app)).await;
        let mut changed = shift.pass_time();
        if screen.size() == Size::Unknown && screen.ask_size().map_err(RunError::Output)? {
            tell_size(&screen, shift, &mut app);
            changed = true;
        }
        // Everything that waits is done before the next picture: held keys don't pile up.
        let mut next = first;
        while let Some(happening) = next {
            changed = true;
            if matches!(happening, Happening::Input(_)) {
                shift.touch();
            }
            match happening {
                Happening::Signal(signal) => return Ok(Ended::Signal(signal)),
                Happening::InputEnded => return Ok(Ended::Signal(HANGUP)),
                Happening::Continued => screen.redraw().map_err(RunError::Output)?,
                // What it says was taken in when time was let pass.
                Happening::Recorded => {}
                Happening::Resized => {
                    if screen.ask_size().map_err(RunError::Output)? {
                        tell_size(&screen, shift, &mut app);
                    }
                }
                Happening::Input(input) => {
                    for request in app.handle(input, &shift.scene()) {
                        if let Request::Copy(text) = &request {
                            screen.copy(text).map_err(RunError::Output)?;
                        }
                        match shift.request(request, &mut app) {
                            Flow::Stay => {}
                            Flow::Leave(ended) => return Ok(ended),
                            Flow::Suspend => screen.suspend().map_err(RunError::Output)?,
                            Flow::Redraw => screen.redraw().map_err(RunError::Output)?,
                        }
                    }
                }
            }
            next = queue.waiting();
        }
        if changed {
            app.catch_up(&shift.scene());
            screen.draw(|frame| app.draw(frame, &shift.scene())).map_err(RunError::Output)?;
        }
    }
}

/// Tells the app how large the screen is, and the person if the terminal doesn't say.
fn tell_size(screen: &Screen, shift: &Shift, app: &mut App) {
    let (columns, rows) = screen.size().drawn();
    app.handle(Input::Resize(columns, rows), &shift.scene());
    if screen.size() == Size::Unknown {
        let words = format!(
            "The terminal says that it has no size (0 x 0), so {columns} x {rows} is drawn. `stty cols {columns} rows {rows}` sets one."
        );
        app.say(Message::Notice(SafeText::one_line(&words)));
    }
}

/// How long nothing will change by itself. A terminal without a size is asked again each second: not all say when they get one.
fn patience(screen: &Screen, shift: &Shift, app: &App) -> Option<Duration> {
    let patience = shift.patience(app);
    // Whatever happens in the drill, somebody may move or delete its folder.
    let watch = shift.session().map(|_| WATCH);
    let patience = patience.into_iter().chain(watch).min();
    match screen.size() {
        Size::Told(..) => patience,
        Size::Unknown => Some(patience.map_or(ASK_AGAIN, |patience| patience.min(ASK_AGAIN))),
    }
}

/// Bytes that are read at once.
const READ: usize = 4 * 1024;
/// A sequence that a key sends comes in one piece, or nearly so.
const HELD: Duration = Duration::from_millis(8);

/// Reads keys in a thread of its own: how close together they come is told from when they came, not from when somebody had time for them.
fn read_keys(to: mpsc::Sender<Happening<Input>>) {
    std::thread::spawn(move || {
        let (mut keyboard, mut burst) = (Keyboard::default(), Burst::default());
        while let Ok(came) = next_keys(&mut keyboard, &mut burst) {
            for input in came {
                if to.blocking_send(Happening::Input(input)).is_err() {
                    return;
                }
            }
        }
        // Nobody waits any more if this can't be sent.
        let _ = to.blocking_send(Happening::InputEnded);
    });
}

/// What comes next: keys, or the end of a burst.
fn next_keys(keyboard: &mut Keyboard, burst: &mut Burst) -> std::io::Result<Vec<Input>> {
    let patience = if keyboard.waits() { Some(HELD) } else { burst.patience() };
    let stdin = std::io::stdin();
    if !comes(&stdin, patience)? {
        let last = keyboard.end();
        return Ok(if last.is_empty() {
            burst.end()
        } else {
            last.into_iter().flat_map(|key| burst.take(key)).collect()
        });
    }
    let mut bytes = [0; READ];
    let read = loop {
        match rustix::io::read(&stdin, &mut bytes) {
            Ok(0) => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => break read,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    };
    let read = bytes.get(..read).unwrap_or_default();
    Ok(keyboard.take(read).into_iter().flat_map(|input| burst.take(input)).collect())
}

/// Waits until there is something to read, for so long; for ever without an end.
fn comes(input: &impl AsFd, patience: Option<Duration>) -> std::io::Result<bool> {
    let until = patience.map(rustix::event::Timespec::try_from).transpose();
    let until = until.map_err(|_| std::io::ErrorKind::InvalidInput)?;
    loop {
        let mut watched = [PollFd::new(input, PollFlags::IN)];
        match poll(&mut watched, until.as_ref()) {
            Ok(ready) => return Ok(ready > 0),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Watches whether the terminal is still there: a picture that is being written to one that went away can take for ever. So the program ends
/// itself if it doesn't end in time.
fn watch_terminal(to: mpsc::Sender<Happening<Input>>) {
    std::thread::spawn(move || {
        let Ok(terminal) = std::io::stdin().as_fd().try_clone_to_owned() else { return };
        loop {
            let mut watched = [PollFd::new(&terminal, PollFlags::empty())];
            let polled = poll(&mut watched, None);
            let gone =
                watched.iter().any(|one| one.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL));
            match polled {
                Ok(_) if gone => break,
                Ok(_) | Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
                // A terminal that can't be watched is not a terminal that went away.
                Err(_) => return,
            }
        }
        let _ = to.blocking_send(Happening::Signal(HANGUP));
        std::thread::park_timeout(GRACE);
        terminal::restore();
        std::process::exit(exit_code_of(HANGUP).into());
    });
}
