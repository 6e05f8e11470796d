//! What can go wrong with files. Every message reads after "failed to", says what and where, and what to do next.

use std::io;
use std::path::{Path, PathBuf};

use firedrill_model::SafeText;
use firedrill_model::id::DrillId;

/// A fault of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// The disk or the system said no.
    #[error("{doing} {}: {}; {}", shown(.path), reason(.source), advice(.source))]
    Io {
        /// What was tried, as a verb: `write`.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What came back.
        #[source]
        source: io::Error,
    },
    /// No such drill.
    #[error("find a drill '{drill}' in {}; the lobby (firedrill without a verb) lists the ones that are there", shown(.data))]
    NoSuchDrill {
        /// Which.
        drill: DrillId,
        /// The data folder.
        data: PathBuf,
    },
    /// Several drills are called so.
    #[error("find one drill '{drill}': there are {}; write the whole name", .drills.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", "))]
    SeveralDrills {
        /// What was asked for.
        drill: DrillId,
        /// Some of them, sorted.
        drills: Vec<DrillId>,
    },
    /// The name is in use.
    #[error("begin a drill '{drill}': a drill of that name is there already; choose another name")]
    NameTaken {
        /// Which.
        drill: DrillId,
    },
    /// Another program writes to the drill.
    #[error("take up '{drill}': {} is recording it now; end that one first, or only look at the drill", holder(*.pid))]
    Locked {
        /// Which.
        drill: DrillId,
        /// Process id of the other program, if it left one.
        pid: Option<u32>,
    },
    /// The record was changed after it was written.
    #[error(
        "take up '{drill}': line {line} of {file} is damaged ({why}). Nothing was changed. \
         The entries before it can still be read: firedrill debrief {drill}"
    )]
    Corrupt {
        /// Which drill.
        drill: DrillId,
        /// Which file.
        file: SafeText,
        /// Which line, from 1.
        line: u64,
        /// What is odd about it.
        why: SafeText,
    },
    /// The beginning of the record was changed, so that nothing of it can be read.
    #[error(
        "read '{drill}': line {line} of {file} is damaged ({why}), and nothing stands before it. Nothing was changed; put back a copy"
    )]
    Unreadable {
        /// Which drill.
        drill: DrillId,
        /// Which file.
        file: SafeText,
        /// Which line, from 1.
        line: u64,
        /// What is odd about it.
        why: SafeText,
    },
    /// The beginning of the record is gone, and with it what the rest hangs on.
    #[error(
        "read '{drill}': the beginning of {file} is gone; {beside} still there. Nothing was changed; put back a copy of {file}"
    )]
    Beheaded {
        /// Which drill.
        drill: DrillId,
        /// Its first journal.
        file: SafeText,
        /// What is beside it, for a sentence: `words.jsonl is`.
        beside: SafeText,
    },
    /// The drill was closed or sealed, and entries of its record are gone.
    #[error(
        "write to '{drill}': it was closed, as its {witness} says, and entries of its record are gone. Nothing was changed; put back a \
         copy of the journal. What is left can be read: firedrill debrief {drill}"
    )]
    EndGone {
        /// Which drill.
        drill: DrillId,
        /// What says so: `seal` or `summary`.
        witness: &'static str,
    },
    /// The record has a seal that doesn't say what it covers.
    #[error(
        "write to '{drill}': its seal.txt was changed and no longer says how many entries it covers. Nothing was changed now; put back a \
         copy of seal.txt"
    )]
    SealUnreadable {
        /// Which drill.
        drill: DrillId,
    },
    /// Something stands behind the end of the record that has no place there.
    #[error(
        "write to '{drill}': its record was added to after it was closed. Nothing was changed; firedrill verify {drill} says by what"
    )]
    AddedTo {
        /// Which drill.
        drill: DrillId,
    },
    /// The program ended before the drill's first line was written.
    #[error("read '{drill}': it never began, its journal has no whole first line; nothing of a drill is in it, and {} can be removed", shown(.folder))]
    NeverBegan {
        /// Which drill.
        drill: DrillId,
        /// Its folder.
        folder: PathBuf,
    },
    /// Written in a format that this program doesn't know.
    #[error(
        "read '{drill}': it was written by {program} in format {format}, which is newer than this program; use that program, or a later one"
    )]
    Newer {
        /// Which drill.
        drill: DrillId,
        /// Who wrote it.
        program: SafeText,
        /// In which format.
        format: u32,
    },
    /// Written in a draft of the format that this program doesn't write.
    #[error(
        "write to '{drill}': {program} wrote it while the format was still a draft, and this is another one; `firedrill debrief` reads it"
    )]
    OtherDraft {
        /// Which drill.
        drill: DrillId,
        /// Who wrote it.
        program: SafeText,
    },
    /// The scenario in the drill's folder isn't the one that was run.
    #[error(
        "take up '{drill}': its scenario.toml is not the one that was run; put that one back, or start a new drill"
    )]
    ScenarioChanged {
        /// Which drill.
        drill: DrillId,
    },
    /// The record is as large as it may become.
    #[error("record more of this drill: its journal has reached {most} bytes, the most that is kept; end the drill")]
    Full {
        /// The bound.
        most: u64,
    },
    /// A file that is being written to was moved or deleted.
    #[error(
        "record in {}: it was moved or deleted, or its folder was; put it back where it was, and recording goes on", shown(.path)
    )]
    Moved {
        /// Where it was.
        path: PathBuf,
    },
    /// The thread that writes has ended before its time. What it had not stored is gone.
    #[error(
        "record more of this drill: the part of the program that writes has ended by a mistake of its own; what was stored before \
         that is whole: end the program, and resume the drill"
    )]
    WriterEnded,
    /// Another program writes to the ledger of improvements.
    #[error("write down an improvement: {} is doing so now; try again in a moment", holder(*.pid))]
    LedgerLocked {
        /// Process id of the other program, if it left one.
        pid: Option<u32>,
    },
    /// The ledger of improvements was changed after it was written.
    #[error(
        "write to {}: line {line} is damaged ({why}). Nothing was changed; put back a copy, or move the file away: \
         what was written down in drills is not in it, and stays", shown(.path)
    )]
    LedgerDamaged {
        /// The ledger.
        path: PathBuf,
        /// Which line, from 1.
        line: u64,
        /// What is odd about it.
        why: SafeText,
    },
    /// The ledger is in a format that this program doesn't know.
    #[error("write to {}: {program} wrote it, which is newer than this program; use that program, or a later one", shown(.path))]
    LedgerNewer {
        /// The ledger.
        path: PathBuf,
        /// Who wrote it.
        program: SafeText,
    },
}

impl StoreFault {
    /// Makes a fault of what the system said.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }

    /// The reason alone, short, for a status line.
    #[must_use]
    pub fn short(&self) -> SafeText {
        match self {
            Self::Io { path, source, .. } => {
                let name = path.file_name().map_or_else(|| shown(path), |name| name.to_string_lossy().into_owned());
                SafeText::one_line(&format!("{} ({name})", reason(source)))
            }
            Self::Moved { .. } => "its folder was moved or deleted".into(),
            Self::WriterEnded => "the program's own writer has ended".into(),
            other => SafeText::one_line(&other.to_string()),
        }
    }
}

fn shown(path: &Path) -> String {
    SafeText::one_line(&path.to_string_lossy()).as_str().to_owned()
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another program".to_owned(), |pid| format!("another program (process {pid})"))
}

fn reason(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "the disk quota is used up".to_owned(),
        io::ErrorKind::FileTooLarge => "the file is too large".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::NotFound => "it isn't there".to_owned(),
        io::ErrorKind::NotADirectory => "it isn't a folder".to_owned(),
        _ if source.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            "it is a link, and links are not followed here".to_owned()
        }
        _ => source.to_string(),
    }
}

fn advice(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free some room and try again, or choose another folder with --data-dir"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotADirectory => {
            "choose a folder that you can write to with --data-dir"
        }
        io::ErrorKind::FileTooLarge => "raise the limit on file sizes (ulimit -f)",
        io::ErrorKind::NotFound => "check the name, or choose another folder with --data-dir",
        _ => "check the disk, or choose another folder with --data-dir",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drill() -> DrillId {
        DrillId::new("brave-otter").unwrap()
    }

    fn io(kind: io::ErrorKind) -> String {
        StoreFault::io("write", Path::new("/data/x\u{1b}/journal.jsonl"))(kind.into()).to_string()
    }

    #[test]
    fn each_message_says_what_where_and_what_next() {
        assert_eq!(
            io(io::ErrorKind::StorageFull),
            "write /data/x\u{241b}/journal.jsonl: the disk is full; free some room and try again, or choose another folder with --data-dir"
        );
        assert!(
            io(io::ErrorKind::PermissionDenied).contains("permission denied; choose a folder that you can write to")
        );
        assert!(io(io::ErrorKind::FileTooLarge).contains("ulimit -f"));
        let locked = StoreFault::Locked { drill: drill(), pid: None }.to_string();
        assert!(locked.starts_with("take up 'brave-otter': another program is recording it now; end that one first"));
        let (file, why) = ("journal.jsonl".into(), "it is cut off".into());
        let corrupt = StoreFault::Corrupt { drill: drill(), file, line: 3, why }.to_string();
        assert!(
            corrupt.contains("line 3 of journal.jsonl is damaged (it is cut off). Nothing was changed."),
            "{corrupt}"
        );
        assert!(corrupt.ends_with("firedrill debrief brave-otter"), "{corrupt}");
        let newer = StoreFault::Newer { drill: drill(), program: "firedrill 9.0.0".into(), format: 2 }.to_string();
        assert!(newer.contains("written by firedrill 9.0.0 in format 2"), "{newer}");
    }

    #[test]
    fn the_short_reason_names_the_file() {
        let fault = StoreFault::io("sync", Path::new("/data/x/journal.jsonl"))(io::ErrorKind::StorageFull.into());
        assert_eq!(fault.short().as_str(), "the disk is full (journal.jsonl)");
    }
}
