//! Files on disk: one folder a drill, with its journal, its words, its people and the scenario as it was run.
//!
//! ```text
//! 2026-11-24-brave-otter/        0700, its files 0600
//!   journal.jsonl                the record (format: `journal`); after a failed write it goes on in journal-2.jsonl
//!   words.jsonl  people.toml     free text and names, erasable
//!   scenario.toml                as it was run
//!   summary.json                 a cache, can always be rebuilt
//!   journal.torn-1               what was cut from the journal's end, if anything ever was
//!   lock                         held while a program writes; says which one
//! ```

mod create;
mod data_dir;
mod disk;
mod elsewhere;
mod erase;
mod fault;
mod files;
mod keeper;
mod ledger;
mod listing;
mod load;
mod pending;
mod reading;
mod record;
mod recorder;
mod resume;
mod sealer;
mod sealing;
mod summary;
mod survey;
mod traces;
mod verify;
mod writer;

pub use data_dir::DataDir;
pub use disk::{Disk, DiskFile, Identity, Lock, Locking, OpenBy};
pub use erase::{Erasable, Erased, Erasing, ErasureOrder};
pub use fault::StoreFault;
pub use files::STATEMENT;
pub use keeper::RecordState;
pub use ledger::{Ledger, LedgerText};
pub use listing::{DrillListing, JournalStamp};
pub use load::{Loaded, line_ends, load};
pub use reading::Reading;
pub use record::Record;
pub use recorder::{RecordNews, Recorder};
pub use resume::may_go_on;
pub use sealing::Seal;
pub use verify::{Proof, Standing, verify};

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
