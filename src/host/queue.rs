//! The one bounded queue: keys or lines, signals, a terminal that went away. Time is what passes while it is empty.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// Things that wait in the queue at most; whoever sends more waits.
const DEPTH: usize = 256;

/// Something that happened outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening<I> {
    /// A key, a line, a mouse click.
    Input(I),
    /// There will be no more input.
    InputEnded,
    /// The program is asked to end: the number of the signal.
    Signal(i32),
    /// The program was stopped and goes on now.
    Continued,
    /// The terminal has another size.
    Resized,
    /// The record's writer has something to say.
    Recorded,
}

/// The receiving end.
pub struct Queue<I> {
    sender: mpsc::Sender<Happening<I>>,
    receiver: mpsc::Receiver<Happening<I>>,
    /// Taken out while a signal was looked for. Bounded by [`DEPTH`].
    held: VecDeque<Happening<I>>,
}

/// What a signal tells that asks for nothing.
#[derive(Debug, Clone, Copy)]
enum News {
    Continued,
    Resized,
}

impl<I> From<News> for Happening<I> {
    fn from(news: News) -> Self {
        match news {
            News::Continued => Self::Continued,
            News::Resized => Self::Resized,
        }
    }
}

impl<I: Send + 'static> Queue<I> {
    /// A queue that signals go into from now on. Needs a running tokio runtime.
    ///
    /// # Errors
    /// When the system lets no signal be watched.
    pub fn new() -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(DEPTH);
        for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()] {
            let (mut watched, sender) = (signal(kind)?, sender.clone());
            tokio::spawn(async move {
                while watched.recv().await.is_some() {
                    if sender.send(Happening::Signal(kind.as_raw_value())).await.is_err() {
                        break;
                    }
                }
            });
        }
        for (kind, news) in
            [(SignalKind::from_raw(SIGCONT), News::Continued), (SignalKind::window_change(), News::Resized)]
        {
            let (mut watched, to) = (signal(kind)?, sender.clone());
            tokio::spawn(async move { while watched.recv().await.is_some() && to.send(news.into()).await.is_ok() {} });
        }
        Ok(Self { sender, receiver, held: VecDeque::new() })
    }

    /// Another end to send with.
    #[must_use]
    pub fn sender(&self) -> mpsc::Sender<Happening<I>> {
        self.sender.clone()
    }

    /// Waits for the next thing, at most for `patience`; for ever without one. Nothing: the time is up.
    pub async fn next(&mut self, patience: Option<Duration>) -> Option<Happening<I>> {
        if let Some(held) = self.held.pop_front() {
            return Some(held);
        }
        match patience {
            None => self.receiver.recv().await,
            Some(patience) => tokio::time::timeout(patience, self.receiver.recv()).await.ok().flatten(),
        }
    }

    /// The next thing, if it is there already.
    pub fn waiting(&mut self) -> Option<Happening<I>> {
        self.held.pop_front().or_else(|| self.receiver.try_recv().ok())
    }

    /// A signal that came meanwhile, before whatever else waits: for work that takes long.
    pub async fn signal(&mut self) -> Option<i32> {
        tokio::task::yield_now().await;
        while self.held.len() < DEPTH {
            match self.receiver.try_recv() {
                Ok(Happening::Signal(signal)) => return Some(signal),
                Ok(other) => self.held.push_back(other),
                Err(_) => break,
            }
        }
        None
    }
}

/// SIGCONT on Linux and macOS.
#[cfg(target_os = "macos")]
const SIGCONT: i32 = 19;
/// SIGCONT on Linux and macOS.
#[cfg(not(target_os = "macos"))]
const SIGCONT: i32 = 18;

/// The exit code of a program that a signal ended.
#[must_use]
pub fn exit_code_of(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(130)
}
