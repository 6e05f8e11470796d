//! Brings the parts together: the session that decides, records, shows and asks the world; the clock; the one queue; and the
//! loops that feed a session from a keyboard, from typed lines or from a script.

pub mod afterwards;
mod as_run;
mod asked;
mod behind;
pub mod beside;
pub mod cast;
pub mod clock;
pub mod desk;
mod desk_error;
mod earlier_life;
pub mod improvements;
pub mod lines;
#[cfg(feature = "aws")]
pub mod live;
pub mod lobby;
mod log;
mod opened;
pub mod openssh;
pub mod overview;
mod pass;
pub mod past;
pub mod player;
pub mod queue;
pub mod replay;
pub mod replay_lines;
pub mod resume;
pub mod retention;
mod salts;
pub mod screens;
pub mod seal;
pub mod session;
pub mod settings;
pub mod shift;
pub mod trial;
pub mod trust;
mod views;
pub mod worlds;

/// How a drill was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The drill is closed.
    Closed,
    /// Somebody left it; it can be taken up again.
    Left,
    /// A signal ended the program; the drill can be taken up again.
    Signal(i32),
}

/// Why a loop can't go on. The drill is on disk and can be taken up again.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Signals can't be watched.
    #[error("watch for signals: {0}")]
    Signals(std::io::Error),
    /// The output is gone.
    #[error("write to the output: {0}")]
    Output(std::io::Error),
    /// The screens can't be shown.
    #[error("show the screens: {0}")]
    Screens(String),
}
