//! The second face of a drill: line by line, for screen readers, simple terminals, transcripts and pipes.
//!
//! The same session and the same projections as the screens; no escape sequence, no box, no braille. One event a line, the
//! kind of event first.

mod beside;
mod command;
mod face;
mod replay;
mod say;
mod text;

pub use beside::{Beside, table as beside_table};
pub use command::HELP;
pub use face::{Effect, Plain, Reply, Seen};
pub use replay::{
    ReplayLine, greeting as replay_greeting, help as replay_help, news as replay_news, parse as replay_line,
    status as replay_status,
};
pub use say::greeting;
pub use text::plain_text;
