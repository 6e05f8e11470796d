//! What is in a data folder, at a glance: the first line and the end of each drill's journal. A damaged drill hides no other.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::data_dir::DataDir;
use super::disk::{Disk, OpenBy, Os, guarded, held_by};
use super::fault::StoreFault;
use super::files::{MOST_READ, journal_name, journal_number, segment_kind};
use super::summary::read_summary;
use super::traces;
use crate::journal::{Digest, Header, LastLine, Verdict, last_line, scan, words};
use firedrill_model::SafeText;
use firedrill_model::id::{DrillId, ScenarioId};

/// Bytes that are read from each end of a journal: few at first, more where a line is longer.
const GLANCES: [u64; 2] = [4 * 1024, 64 * 1024];

/// A drill in a list. Only its ends were looked at: [`load`](super::load()) tells the whole truth.
#[derive(Debug, Clone, PartialEq)]
pub struct DrillListing {
    /// Its name.
    pub drill: DrillId,
    /// Its folder.
    pub folder: PathBuf,
    /// The record's first line, unless it is damaged.
    pub header: Option<Header>,
    /// Entries in it, as its last line counts them.
    pub entries: u64,
    /// When its last entry was written.
    pub last: Option<DateTime<Utc>>,
    /// Hash that its last line carries.
    pub head: Option<Digest>,
    /// Bytes of all its journals.
    pub bytes: u64,
    /// `summary.json`, if there is one whose checksum is right. A cache: it may be stale.
    pub summary: Option<String>,
    /// What is the matter with it, in words.
    pub problem: Option<SafeText>,
    /// The program that writes to it now, if one does.
    pub open_by: Option<OpenBy>,
}

/// By what a record is known to have stayed as it was: the size of its journals, and the hash of its last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalStamp {
    /// Bytes of all its journals.
    pub bytes: u64,
    /// Hash of its last line.
    pub head: Digest,
}

impl DrillListing {
    /// When the drill began: by its record, else by its name.
    #[must_use]
    pub fn began(&self) -> Option<DateTime<Utc>> {
        self.header.as_ref().map(|header| header.epoch).or_else(|| Some(self.dated()?.and_hms_opt(0, 0, 0)?.and_utc()))
    }

    /// What a summary must have been made for to be true of the record. Nothing for a record whose end can't be read.
    #[must_use]
    pub fn stamp(&self) -> Option<JournalStamp> {
        self.head.map(|head| JournalStamp { bytes: self.bytes, head })
    }

    /// Which scenario was run, if that can be read.
    #[must_use]
    pub fn scenario(&self) -> Option<&ScenarioId> {
        self.header.as_ref().map(|header| &header.scenario)
    }
}

impl DataDir {
    /// All drills, the newest first. Damaged ones are among them, each with its problem; what is no drill is left out.
    ///
    /// # Errors
    /// When the data folder itself can't be read. A missing one holds no drills.
    pub fn drills(&self) -> Result<Vec<DrillListing>, StoreFault> {
        let folders = match fs::read_dir(self.path()) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            folders => folders.map_err(StoreFault::io("read", self.path()))?,
        };
        let names = folders.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut drills: Vec<DrillListing> =
            names.filter_map(|name| DrillId::new(&name).ok()).filter_map(|drill| self.glance(drill)).collect();
        drills.sort_by(|a, b| b.began().cmp(&a.began()).then_with(|| a.drill.cmp(&b.drill)));
        Ok(drills)
    }

    /// The drill that is called so: by its whole name, else by the end of it, as people say it (`brave-otter`).
    ///
    /// # Errors
    /// When there is none, or several end so.
    pub fn named(&self, said: &DrillId) -> Result<DrillId, StoreFault> {
        /// Names that a message tells.
        const MOST_TOLD: usize = 5;
        if self.folder(said).is_dir() {
            return Ok(said.clone());
        }
        let end = format!("-{said}");
        let names = fs::read_dir(self.path()).into_iter().flatten();
        let names = names.filter_map(|entry| DrillId::new(entry.ok()?.file_name().to_str()?).ok());
        let mut drills: Vec<DrillId> = names.filter(|name| name.as_str().ends_with(&end)).collect();
        drills.sort();
        match &drills[..] {
            [] => Err(StoreFault::NoSuchDrill { drill: said.clone(), data: self.path().to_owned() }),
            [drill] => Ok(drill.clone()),
            _ => {
                drills.truncate(MOST_TOLD);
                Err(StoreFault::SeveralDrills { drill: said.clone(), drills })
            }
        }
    }

    /// Says whether a drill's folder still holds names or remarks of people.
    #[must_use]
    pub fn holds_words(&self, drill: &DrillId) -> bool {
        let folder = self.folder(drill);
        let read = |name: &String| Os.read(&folder.join(name), MOST_READ).unwrap_or_default();
        Os.names(&folder).unwrap_or_default().iter().any(|name| match segment_kind(name) {
            Some("words") => read(name).iter().any(|byte| !byte.is_ascii_whitespace()),
            Some("people") => !words::read_people(&read(name)).is_empty(),
            _ => false,
        })
    }

    /// The newest drill that can be read.
    ///
    /// # Errors
    /// When the data folder can't be read.
    pub fn latest(&self) -> Result<Option<DrillId>, StoreFault> {
        Ok(self.drills()?.into_iter().find(|listing| listing.header.is_some()).map(|listing| listing.drill))
    }

    /// Looks at the ends of one drill's record. Nothing for a folder without a journal, which is no drill.
    #[must_use]
    pub fn glance(&self, drill: DrillId) -> Option<DrillListing> {
        let folder = self.folder(&drill);
        let mut listing = DrillListing::unread(drill, folder.clone());
        let names = match Os.names(&folder) {
            Ok(names) => names,
            Err(fault) => return listing.is_strange(&fault).then(|| listing.troubled(fault)),
        };
        let Some(number) = names.iter().filter_map(|name| journal_number(name)).max() else {
            let traces = traces::in_folder(&Os, &folder);
            let dated = listing.dated().is_some();
            listing.problem = Some(if traces.is_empty() {
                "there is no journal in it".into()
            } else {
                SafeText::one_line(&format!("its journal is missing; {} there", traces::are(&traces)))
            });
            return (dated || !traces.is_empty()).then_some(listing);
        };
        listing.summary = read_summary(&Os, &folder);
        listing.open_by = held_by(&folder);
        match read_ends(&folder, number) {
            Ok(ends) => {
                listing.bytes = bytes(&folder, &names);
                listing.take(&ends.0, &ends.1);
            }
            Err(fault) => return Some(listing.troubled(fault)),
        }
        Some(listing)
    }
}

impl DrillListing {
    fn unread(drill: DrillId, folder: PathBuf) -> Self {
        let (header, last, head, summary, problem) = (None, None, None, None, None);
        Self { drill, folder, header, entries: 0, last, head, bytes: 0, summary, problem, open_by: None }
    }

    /// Says whether what can't be looked into stands where a drill would: it has a drill's name, or is a folder.
    fn is_strange(&self, fault: &io::Error) -> bool {
        match fault.kind() {
            io::ErrorKind::NotFound => false,
            io::ErrorKind::NotADirectory => self.dated().is_some(),
            _ => true,
        }
    }

    fn troubled(mut self, fault: io::Error) -> Self {
        self.problem = Some(match fault.kind() {
            io::ErrorKind::NotADirectory => "it is a file or a link, and a drill is a folder".into(),
            _ => StoreFault::io("read", &self.folder)(fault).short(),
        });
        self
    }

    /// The day in its name, if its name begins with one.
    fn dated(&self) -> Option<NaiveDate> {
        let (day, _) = self.drill.as_str().split_at_checked(10).filter(|(_, rest)| rest.starts_with('-'))?;
        NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()
    }

    fn take(&mut self, first: &[u8], end: &[u8]) {
        let line = first.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let scan = scan(&journal_name(1), line);
        self.problem = match scan.verdict {
            Verdict::Whole => None,
            Verdict::Torn { .. } => {
                let traces = traces::in_folder(&Os, &self.folder);
                Some(if traces.is_empty() {
                    "it never began: its journal has no whole first line".into()
                } else {
                    SafeText::one_line(&format!("the beginning of its journal is gone; {} there", traces::are(&traces)))
                })
            }
            Verdict::LineEnds { .. } => {
                Some("its line ends were changed on the way; `firedrill verify` says more".into())
            }
            Verdict::Corrupt { why, .. } => Some(SafeText::one_line(&format!("its first line is damaged: {why}"))),
            Verdict::Newer { program, .. } => {
                Some(SafeText::one_line(&format!("it was written by {program}, which is newer than this program")))
            }
        };
        self.header = scan.header;
        if self.header.is_none() || self.problem.is_some() {
            return;
        }
        match last_line(end) {
            LastLine::Entry { seq, utc, hash } => {
                self.entries = seq.saturating_add(1);
                self.last = Some(utc);
                self.head = Some(hash);
            }
            LastLine::Header { next, hash } => {
                self.entries = next;
                self.head = Some(hash);
            }
            LastLine::Long => {}
            LastLine::Torn => self.problem = Some("its last write didn't finish; taking it up mends that".into()),
            LastLine::Damaged => self.problem = Some("the end of its journal is damaged".into()),
        }
    }
}

/// Bytes of the journals among `names`.
fn bytes(folder: &Path, names: &[String]) -> u64 {
    let journals = names.iter().filter(|name| journal_number(name).is_some());
    journals.filter_map(|name| Some(fs::symlink_metadata(folder.join(name)).ok()?.len())).sum()
}

/// The beginning of a drill's first journal, and the end of its last.
fn read_ends(folder: &Path, number: u32) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let open = |number| OpenOptions::new().read(true).custom_flags(guarded()).open(folder.join(journal_name(number)));
    let (mut first, mut last) = (open(1)?, open(number)?);
    let length = last.metadata()?.len();
    let mut ends = (Vec::new(), Vec::new());
    for glance in GLANCES {
        first.seek(SeekFrom::Start(0))?;
        last.seek(SeekFrom::Start(length.saturating_sub(glance)))?;
        ends = (Vec::new(), Vec::new());
        (&first).take(glance).read_to_end(&mut ends.0)?;
        (&last).take(glance).read_to_end(&mut ends.1)?;
        if ends.0.contains(&b'\n') && reaches_the_line_before(&ends.1) {
            break;
        }
    }
    Ok(ends)
}

/// Says whether the end of a journal holds the last line and as much of the one before as ends in its hash.
fn reaches_the_line_before(end: &[u8]) -> bool {
    const HASH: usize = 128;
    let last = end.strip_suffix(b"\n").unwrap_or(end);
    last.iter().rposition(|byte| *byte == b'\n').is_some_and(|before| before > HASH)
}
