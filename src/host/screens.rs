//! The loop at the screens: keys, signals and time go into the shift, pictures come out.

use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::StreamExt;
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

use super::queue::{Happening, Queue, exit_code_of};
use super::shift::{Flow, Shift};
use super::{Ended, RunError};
use crate::tui::terminal::{self, Screen};
use crate::tui::{App, Input, Request};

/// SIGHUP: the terminal was closed.
const HANGUP: i32 = 1;
/// How long the program may take to end by itself once its terminal is gone.
const GRACE: Duration = Duration::from_secs(2);

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
    let (columns, rows) = screen.size().map_err(RunError::Output)?;
    app.handle(Input::Resize(columns, rows), &shift.scene());
    screen.draw(|frame| app.draw(frame, &shift.scene())).map_err(RunError::Output)?;
    loop {
        let first = queue.next(shift.patience(&app)).await;
        let mut changed = shift.pass_time();
        // Everything that waits is done before the next picture: held keys don't pile up.
        let mut next = first;
        while let Some(happening) = next {
            changed = true;
            match happening {
                Happening::Signal(signal) => return Ok(Ended::Signal(signal)),
                Happening::InputEnded => return Ok(Ended::Signal(HANGUP)),
                Happening::Continued => screen.redraw().map_err(RunError::Output)?,
                // What it says was taken in when time was let pass.
                Happening::Recorded => {}
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
            screen.draw(|frame| app.draw(frame, &shift.scene())).map_err(RunError::Output)?;
        }
    }
}

fn read_keys(to: mpsc::Sender<Happening<Input>>) {
    tokio::spawn(async move {
        let mut events = EventStream::new();
        while let Some(Ok(event)) = events.next().await {
            if let Some(input) = Input::from_event(event)
                && to.send(Happening::Input(input)).await.is_err()
            {
                return;
            }
        }
        // Nobody waits any more if this can't be sent.
        let _ = to.send(Happening::InputEnded).await;
    });
}

/// Watches whether the terminal is still there. The key reader can't tell: on a terminal that went away it reads without end
/// (crossterm issue 793), and keeps the runtime busy while it does. So the program ends itself if it doesn't end in time.
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
