//! The nouns: ids, time on the drill clock, safe text, and the things a drill is about.
//!
//! Plain data. Nothing here decides anything, reads a clock or touches a file.

pub mod finding;
pub mod guess;
pub mod id;
pub mod improvement;
pub mod log_record;
pub mod phase;
pub mod rating;
pub mod safe_text;
pub mod seat;
pub mod signal;
pub mod time;
pub mod words;

pub use finding::{Finding, Judgement};
pub use guess::{Guess, Outcome};
pub use log_record::{LogRecord, LogSource};
pub use phase::{Pace, Phase};
pub use rating::Rating;
pub use safe_text::SafeText;
pub use seat::{Audience, Author, Role};
pub use time::{DrillTime, Span};
pub use words::{Sealed, WordBook};
