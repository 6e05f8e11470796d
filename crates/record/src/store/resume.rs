//! Taking up a drill where it was cut off. A torn tail is saved aside before it is cut; a damaged record is left alone.

use std::path::PathBuf;

use super::create::take_lock;
use super::data_dir::DataDir;
use super::disk::{Disk, Os};
use super::elsewhere::{bring_home, fallback};
use super::fault::StoreFault;
use super::files::{MOST_READ, Segment, journal_number, write_new};
use super::keeper::Home;
use super::load::{Loaded, load_from};
use super::pending::Tip;
use super::record::Record;
use super::sealing;
use super::summary::says_closed;
use crate::journal::words::Salts;
use crate::journal::{DRAFT, Digest, FORMAT, SegmentUse, Verdict};
use firedrill_model::SafeText;
use firedrill_model::event::Recovered;
use firedrill_model::id::DrillId;

impl Record {
    /// Takes up a drill: gives the record to write on, what it holds, and what had to be cut from its end.
    ///
    /// # Errors
    /// When there is no such drill, another program writes to it, it is damaged (nothing is changed then), its scenario was changed, or
    /// the disk says no.
    pub fn resume(
        data: &DataDir,
        drill: &DrillId,
        salts: Salts,
    ) -> Result<(Self, Loaded, Option<Recovered>), StoreFault> {
        Self::resume_on(Box::new(Os), fallback(), data, drill, salts)
    }

    pub(super) fn resume_on(
        disk: Box<dyn Disk>,
        fallback: PathBuf,
        data: &DataDir,
        drill: &DrillId,
        salts: Salts,
    ) -> Result<(Self, Loaded, Option<Recovered>), StoreFault> {
        // Without this look first, asking for a drill that isn't there would speak of its lock.
        load_from(disk.as_ref(), &fallback, data, drill)?;
        let lock = take_lock(disk.as_ref(), &data.folder(drill), drill)?;
        bring_home(disk.as_ref(), &fallback, drill, &data.folder(drill))?;
        let mut loaded = load_from(disk.as_ref(), &fallback, data, drill)?;
        if let Verdict::Corrupt { file, line, why } = loaded.verdict {
            return Err(StoreFault::Corrupt { drill: drill.clone(), file, line, why });
        }
        if let Verdict::LineEnds { file } = loaded.verdict {
            let why = "its line ends were changed on the way; put them back first, `firedrill verify` says how".into();
            return Err(StoreFault::Corrupt { drill: drill.clone(), file, line: 1, why });
        }
        check_end(disk.as_ref(), &loaded, drill)?;
        if !loaded.scenario_matches {
            return Err(StoreFault::ScenarioChanged { drill: drill.clone() });
        }
        let other_draft = |last: &SegmentUse| last.format == FORMAT && last.draft != Some(DRAFT);
        if loaded.segments.last().is_some_and(other_draft) {
            return Err(StoreFault::OtherDraft { drill: drill.clone(), program: loaded.header.program.clone() });
        }
        let last = loaded.segments.last().map_or_else(|| "journal.jsonl".to_owned(), |segment| segment.file.clone());
        let number = journal_number(&last).unwrap_or(1);
        let path = loaded.folder.join(&last);
        let recovered = save_torn(disk.as_ref(), &loaded, &path)?;
        let mut segment = Segment::reopen(disk.as_ref(), &loaded.folder, number)?;
        if recovered.is_some() {
            segment.journal.cut(loaded.valid)?;
            loaded.verdict = Verdict::Whole;
        }
        // What was read is shown next, so it must be as durable as what is written from now on.
        segment.journal.sync()?;
        disk.sync_folder(&loaded.folder).map_err(StoreFault::io("sync", &loaded.folder))?;
        let tip = Tip { path, head: loaded.head, next: loaded.next, bytes: loaded.valid };
        let home = Home { disk, _lock: lock, folder: loaded.folder.clone(), fallback, elsewhere: None };
        // A file is in one format: a record that an older program began goes on in a new file.
        let same_format = loaded.segments.last().is_some_and(|last| last.format == FORMAT);
        // And so does one that a later file was begun for: what that repeats was not confirmed where it stood first.
        let segment = (same_format && loaded.left_out.is_empty()).then_some(segment);
        let record = Self::after(tip, home, loaded.header.clone(), segment, loaded.highest, salts);
        let record = record.with_words(loaded.words.clone(), loaded.next_reference);
        Ok((record, loaded, recovered))
    }
}

/// Says whether the end of a record that was read allows to write on it, and if not, why.
///
/// # Errors
/// When entries are gone from its end, something stands behind it, or its seal can't be read.
pub fn may_go_on(loaded: &Loaded, drill: &DrillId) -> Result<(), StoreFault> {
    check_end(&Os, loaded, drill)
}

/// What was closed or sealed stays so: where the end is gone, or something was put behind it, nothing is written.
fn check_end(disk: &dyn Disk, loaded: &Loaded, drill: &DrillId) -> Result<(), StoreFault> {
    let drill = || drill.clone();
    if !loaded.added.is_empty() {
        return Err(StoreFault::AddedTo { drill: drill() });
    }
    let is_open = loaded.closed_with.is_none();
    if let Some(statement) = sealing::statement_in(disk, &loaded.folder)? {
        match sealing::entries_of(&statement) {
            // How much of the record somebody vouched for is not known.
            None => return Err(StoreFault::SealUnreadable { drill: drill() }),
            Some(entries) if is_open || entries > loaded.next => {
                return Err(StoreFault::EndGone { drill: drill(), witness: "seal" });
            }
            Some(_) => {}
        }
    }
    if is_open && says_closed(disk, &loaded.folder, &loaded.header.drill) {
        return Err(StoreFault::EndGone { drill: drill(), witness: "summary" });
    }
    Ok(())
}

/// Copies a torn tail to a file of its own and makes that durable, before anything is cut.
fn save_torn(disk: &dyn Disk, loaded: &Loaded, path: &std::path::Path) -> Result<Option<Recovered>, StoreFault> {
    if !matches!(loaded.verdict, Verdict::Torn { .. }) {
        return Ok(None);
    }
    let bytes = disk.read(path, MOST_READ).map_err(StoreFault::io("read", path))?;
    let start = usize::try_from(loaded.valid).unwrap_or(usize::MAX);
    let tail = bytes.get(start..).unwrap_or_default();
    let names = disk.names(&loaded.folder).map_err(StoreFault::io("read", &loaded.folder))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let free = (1..u32::MAX).map(|n| format!("{stem}.torn-{n}")).find(|name| !names.contains(name));
    let kept_in = free.unwrap_or_else(|| format!("{stem}.torn"));
    write_new(disk, loaded.folder.join(&kept_in), tail)?;
    disk.sync_folder(&loaded.folder).map_err(StoreFault::io("sync", &loaded.folder))?;
    let sha256 = Digest::of(tail).hex();
    Ok(Some(Recovered { bytes: tail.len() as u64, sha256, kept_in: SafeText::one_line(&kept_in) }))
}
