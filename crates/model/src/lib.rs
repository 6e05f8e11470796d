//! The nouns that every other crate speaks: ids, time on the drill clock, safe text, scenarios and scripts as their files say them,
//! what can happen in a drill ([`event`]), what can be asked of it ([`command`]), who may ask what and who may see what, and what a
//! world can be asked ([`request`]).
//!
//! Plain data and tables. Nothing here reads a clock, touches a file, or knows how anything ends.

#![warn(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::alloc_instead_of_core)]

extern crate alloc;

pub mod allowed;
pub mod audience;
pub mod command;
pub mod event;
pub mod finding;
pub mod guess;
pub mod id;
pub mod improvement;
pub mod log_record;
pub mod log_text;
pub mod phase;
pub mod rating;
pub mod refusal;
pub mod request;
pub mod safe_text;
pub mod scenario;
pub mod script;
pub mod seat;
pub mod shown;
pub mod signal;
pub mod time;
pub mod words;
pub mod world;

pub use allowed::Matter;
pub use audience::audience_of;
pub use command::{Command, Intent};
pub use event::{DrillEvent, Entry, Event, PeopleEvent, WorldEvent};
pub use finding::{Finding, Judgement};
pub use guess::{Guess, Outcome};
pub use log_record::{LogRecord, LogSource, RecordId};
pub use log_text::{LogFacts, LogText, WrittenLog};
pub use phase::{Pace, Phase};
pub use rating::Rating;
pub use refusal::Refusal;
pub use request::{Observation, Occurrence, Request, WorldRequest, request_for};
pub use safe_text::SafeText;
pub use scenario::Scenario;
pub use script::Script;
pub use seat::{Audience, Author, Role};
pub use shown::{Joined, Shown};
pub use time::{DrillTime, Span};
pub use words::{Sealed, WordBook};
