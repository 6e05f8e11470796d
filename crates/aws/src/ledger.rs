//! The undo ledger: how far a change is from being undone. Each step is on disk before the call that it announces.
//!
//! A file of one JSON object a line beside the drill's record. The file is a help, not the truth: what is running is asked of the account,
//! and everything in it can be found again from the drill's id alone.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Step {
    /// What is to be done, and how it will be undone, is written down.
    Planned {
        /// Where, and with what.
        plan: Box<Written>,
    },
    /// The schedule that restores is to be set.
    Arming,
    /// It is there.
    Armed,
    /// The experiment is to be started.
    Firing,
    /// The change was seen in the account, or in the automation's own steps.
    Active {
        /// The experiment.
        experiment: String,
        /// The automation that it started, where FIS says so.
        automation: Option<String>,
    },
    /// It is to be undone.
    Reverting {
        /// How often it was tried before.
        tried: u32,
    },
    /// A look has shown that it is undone.
    Reverted,
    /// A look has shown that somebody else changed it: it is left.
    Left {
        /// What was found.
        found: Vec<String>,
    },
    /// Undoing failed.
    RevertFailed {
        /// Why, without anything secret.
        why: String,
    },
    /// Nobody knows how it stands.
    Orphaned {
        /// Why.
        why: String,
    },
}

/// What is written down before anything is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The drill.
    pub drill: String,
    /// The scenario.
    pub scenario: String,
    /// Account.
    pub account: String,
    /// Region.
    pub region: String,
    /// Stack.
    pub stack: String,
    /// Digest of the plan that was read.
    pub plan: String,
    /// When the schedule restores, whatever happens.
    pub expires: DateTime<Utc>,
    /// Who approved the plan, beside whoever runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    at: DateTime<Utc>,
    #[serde(flatten)]
    step: Step,
}

/// Why the ledger can't be kept.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFault {
    /// It can't be opened, read or written.
    #[error("keep the undo ledger {0}: {1}")]
    Io(PathBuf, io::Error),
    /// Another program has it.
    #[error("keep the undo ledger {0}: another program runs this drill")]
    Held(PathBuf),
    /// A line in it is no step.
    #[error("read the undo ledger {0}: line {1} is not a step")]
    Broken(PathBuf, usize),
}

/// The ledger of one drill, held by this program alone.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: File,
    steps: Vec<Step>,
}

/// Name of the file in a drill's folder.
const FILE: &str = "undo.jsonl";

impl Ledger {
    /// Opens the ledger in a folder, or makes it.
    ///
    /// # Errors
    /// When another program holds it, it can't be opened, or a line of it that isn't the last is no step.
    pub fn open(folder: &Path) -> Result<Self, LedgerFault> {
        let path = folder.join(FILE);
        let io = |error| LedgerFault::Io(path.clone(), error);
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).mode(0o600).open(&path).map_err(io)?;
        match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(error) if error == rustix::io::Errno::WOULDBLOCK => return Err(LedgerFault::Held(path)),
            Err(error) => return Err(io(error.into())),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(io)?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            // A line that was cut off by a crash announces a call that was never made.
            file.set_len(whole as u64).map_err(io)?;
        }
        let lines = text.get(..whole).unwrap_or_default().lines().enumerate();
        let read = |(index, line): (usize, &str)| {
            let line: Result<Line, _> = serde_json::from_str(line);
            line.map(|line| line.step).map_err(|_| LedgerFault::Broken(path.clone(), index + 1))
        };
        let steps = lines.map(read).collect::<Result<Vec<_>, _>>()?;
        file.sync_all().map_err(io)?;
        if let Ok(folder) = File::open(folder) {
            // A name that is not on disk loses the file with it.
            folder.sync_all().map_err(io)?;
        }
        Ok(Self { path, file, steps })
    }

    /// Puts a step on disk. Only when this returns may the call be made that it announces.
    ///
    /// # Errors
    /// When it can't be written: the call must not be made then, unless it takes something back.
    pub fn put(&mut self, step: Step, at: DateTime<Utc>) -> Result<(), LedgerFault> {
        let io = |error| LedgerFault::Io(self.path.clone(), error);
        let line = Line { at, step };
        let mut text = serde_json::to_string(&line).map_err(|error| io(error.into()))?;
        text.push('\n');
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data()).map_err(io)?;
        self.steps.push(line.step);
        Ok(())
    }

    /// What was written down first.
    #[must_use]
    pub fn written(&self) -> Option<&Written> {
        self.steps.iter().find_map(|step| match step {
            Step::Planned { plan } => Some(plan.as_ref()),
            _ => None,
        })
    }

    /// The newest step.
    #[must_use]
    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// All steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The experiment, where one is known to have been started.
    #[must_use]
    pub fn experiment(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Active { experiment, .. } => Some(experiment.as_str()),
            _ => None,
        })
    }

    /// How often undoing was begun.
    #[must_use]
    pub fn tries(&self) -> u32 {
        let begun = self.steps.iter().filter(|step| matches!(step, Step::Reverting { .. }));
        u32::try_from(begun.count()).unwrap_or(u32::MAX)
    }

    /// Says whether something may be left to undo.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.last() {
            None | Some(Step::Reverted | Step::Left { .. }) => false,
            Some(
                Step::Planned { .. }
                | Step::Arming
                | Step::Armed
                | Step::Firing
                | Step::Active { .. }
                | Step::Reverting { .. }
                | Step::RevertFailed { .. }
                | Step::Orphaned { .. },
            ) => true,
        }
    }
}

/// Reads the steps of a ledger without holding it.
///
/// # Errors
/// When it can't be read.
pub fn look(folder: &Path) -> io::Result<Vec<Step>> {
    let text = match std::fs::read_to_string(folder.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    Ok(text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()).map(|line| line.step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    #[test]
    fn what_was_put_is_there_after_a_crash_and_a_torn_line_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path()).unwrap();
        ledger.put(Step::Arming, now()).unwrap();
        ledger.put(Step::Armed, now()).unwrap();
        drop(ledger);
        let path = folder.path().join(FILE);
        let mut torn = OpenOptions::new().append(true).open(&path).unwrap();
        torn.write_all(b"{\"at\":\"1970-01-01T00:00:00Z\",\"sta").unwrap();
        let mut ledger = Ledger::open(folder.path()).unwrap();
        assert_eq!(ledger.steps(), [Step::Arming, Step::Armed]);
        ledger.put(Step::Firing, now()).unwrap();
        drop(ledger);
        assert_eq!(Ledger::open(folder.path()).unwrap().last(), Some(&Step::Firing));
    }

    #[test]
    fn two_programs_do_not_hold_it_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let _held = Ledger::open(folder.path()).unwrap();
        assert!(matches!(Ledger::open(folder.path()), Err(LedgerFault::Held(_))));
    }

    #[test]
    fn a_broken_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{}\n").unwrap();
        assert!(matches!(Ledger::open(folder.path()), Err(LedgerFault::Broken(_, 1))));
    }

    #[test]
    fn it_is_over_only_where_a_look_has_shown_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(folder.path()).unwrap();
        assert!(!ledger.is_open());
        for step in [Step::Armed, Step::Reverting { tried: 0 }, Step::RevertFailed { why: "denied".into() }] {
            ledger.put(step, now()).unwrap();
            assert!(ledger.is_open());
        }
        assert_eq!(ledger.tries(), 1);
        ledger.put(Step::Reverted, now()).unwrap();
        assert!(!ledger.is_open());
    }
}
