//! The ledger of improvements on disk: lines are only ever added to it, and its words are beside it, so that they can be erased.
//!
//! Each file is small, and put in place as a whole for each line that is added: a power cut leaves the old one or the new one, and an
//! error of a write or sync leaves nothing behind that a later sync could take for stored.
//!
//! ```text
//! improvements.jsonl           the ledger (format: `journal::ledger`)
//! improvements-words.jsonl     what people wrote in it
//! improvements.torn-1          what was cut from its end, if anything ever was
//! lock                         held while a program writes to it
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::create::holder_of;
use super::data_dir::DataDir;
use super::disk::{Disk, Lock, Locking, Os};
use super::fault::StoreFault;
use super::files::{replace, write_new};
use crate::journal::words::{self, Salts, Word};
use crate::journal::{Digest, LedgerScan, Verdict, ledger_header, ledger_line, scan_ledger};
use firedrill_model::event::ErasureReason;
use firedrill_model::id::DrillId;
use firedrill_model::improvement::{LedgerLine, Turn, Which};
use firedrill_model::{Sealed, WordBook};

pub(super) const LEDGER: &str = "improvements.jsonl";
pub(super) const LEDGER_WORDS: &str = "improvements-words.jsonl";
/// Most bytes of either file.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// The ledger as it is on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Ledger {
    /// What became of improvements, in order.
    pub lines: Vec<LedgerLine>,
    /// What people wrote.
    pub words: WordBook,
    /// Whole, torn or corrupt. If it isn't whole, `lines` is what can be relied on.
    pub verdict: Verdict,
}

impl DataDir {
    /// Reads the ledger of improvements. Without one, nothing became of any.
    ///
    /// # Errors
    /// When the disk says no. Damage is no error: it stands in the verdict.
    pub fn ledger(&self) -> Result<Ledger, StoreFault> {
        let (scan, texts, _) = read(&Os, self)?;
        Ok(put_together(scan, &texts))
    }

    /// Adds a line to the ledger, durable before this returns. Gives its number.
    ///
    /// # Errors
    /// When another program writes to it, it is damaged (nothing is changed then), or the disk says no.
    pub fn write_down(&self, turn: Turn<String>, utc: DateTime<Utc>, salts: Salts) -> Result<u64, StoreFault> {
        write_down_on(&Os, self, turn, utc, salts)
    }
}

fn put_together(scan: LedgerScan, texts: &[Word]) -> Ledger {
    let seals: Vec<(u64, Sealed)> =
        scan.lines.iter().filter_map(|line| Some((line.n, line.turn.text()?.clone()))).collect();
    let erased: BTreeSet<u64> = scan.lines.iter().flat_map(|line| erased_by(&line.turn)).copied().collect();
    let (words, _) = words::open(&seals, texts, |_, text| erased.contains(&text));
    Ledger { lines: scan.lines, words, verdict: scan.verdict }
}

fn erased_by(turn: &Turn<Sealed>) -> &[u64] {
    match turn {
        Turn::Erased { texts, .. } => texts,
        _ => &[],
    }
}

/// The bytes of both files.
struct Files {
    ledger: Vec<u8>,
    beside: Vec<u8>,
}

/// The ledger, its words, and the bytes of each.
fn read(disk: &dyn Disk, data: &DataDir) -> Result<(LedgerScan, Vec<Word>, Files), StoreFault> {
    let optional = |name: &str| {
        let path = data.path().join(name);
        match disk.read(&path, MOST_BYTES) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            bytes => bytes.map_err(StoreFault::io("read", &path)),
        }
    };
    // Words are synced before the line that needs them, so reading them after it finds them all.
    let ledger = optional(LEDGER)?;
    let beside = optional(LEDGER_WORDS)?;
    Ok((scan_ledger(LEDGER, &ledger), words::read_words(&beside).0, Files { ledger, beside }))
}

/// A text of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerText {
    /// Its number in the ledger.
    pub reference: u64,
    /// The improvement that it is about.
    pub on: Which,
    /// The drill that the improvement is from, if it is from one.
    pub drill: Option<DrillId>,
    /// The text.
    pub text: String,
    /// The ledger says that it was erased, and it is still there.
    pub is_erased: bool,
}

impl DataDir {
    /// The texts of the ledger that are there, in order.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn ledger_texts(&self) -> Result<Vec<LedgerText>, StoreFault> {
        texts_of_ledger(&Os, self)
    }

    /// Erases texts of the ledger for good: a line says which and why, then they go.
    ///
    /// # Errors
    /// When another program writes to it, it is damaged, or the disk says no.
    pub fn erase_in_ledger(
        &self,
        texts: &[LedgerText],
        reason: ErasureReason,
        utc: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        erase_texts(&Os, self, texts, (reason, utc))
    }
}

pub(super) fn texts_of_ledger(disk: &dyn Disk, data: &DataDir) -> Result<Vec<LedgerText>, StoreFault> {
    let (scan, words, _) = read(disk, data)?;
    let erased: BTreeSet<u64> = scan.lines.iter().flat_map(|line| erased_by(&line.turn)).copied().collect();
    let mut drills: BTreeMap<u64, &DrillId> = BTreeMap::new();
    let mut texts = Vec::new();
    for line in &scan.lines {
        if let Turn::Added { drill: Some(drill), .. } = &line.turn {
            drills.insert(line.n, drill);
        }
        let on = line.turn.on().cloned().unwrap_or(Which::Added(line.n));
        let drill = match &on {
            Which::InDrill { drill, .. } => Some(drill),
            Which::Added(number) => drills.get(number).copied(),
        };
        let Some(sealed) = line.turn.text() else { continue };
        let there = words.iter().find(|word| word.seal() == *sealed);
        let is_erased = erased.contains(&sealed.reference);
        texts.extend(there.map(|word| LedgerText {
            reference: word.reference,
            on: on.clone(),
            drill: drill.cloned(),
            text: word.text.clone(),
            is_erased,
        }));
    }
    Ok(texts)
}

/// Writes down that these texts go, a line for each improvement, and then lets them go.
pub(super) fn erase_texts(
    disk: &dyn Disk,
    data: &DataDir,
    gone: &[LedgerText],
    (reason, utc): (ErasureReason, DateTime<Utc>),
) -> Result<(), StoreFault> {
    if gone.is_empty() {
        return Ok(());
    }
    let _lock = lock(disk, data)?;
    let (scan, _, Files { ledger: bytes, beside }) = read(disk, data)?;
    keep_torn_end(disk, data, &scan, &bytes)?;
    let mut of: BTreeMap<Which, BTreeSet<u64>> = BTreeMap::new();
    for one in gone.iter().filter(|one| !one.is_erased) {
        of.entry(one.on.clone()).or_default().insert(one.reference);
    }
    let mut ledger = Growing::after(&scan, &bytes);
    for (on, texts) in of {
        ledger.add(utc, Turn::Erased { on, texts: texts.into_iter().collect(), reason });
    }
    replace(disk, data.path(), LEDGER, &ledger.bytes)?;
    let is_gone = |reference: u64, _: &str| gone.iter().any(|one| one.reference == reference);
    replace(disk, data.path(), LEDGER_WORDS, &words::words_without(&beside, is_gone))
}

/// The ledger with lines that are to be added.
struct Growing {
    bytes: Vec<u8>,
    head: Digest,
    last: u64,
}

impl Growing {
    fn after(scan: &LedgerScan, bytes: &[u8]) -> Self {
        let mut whole = bytes.get(..scan.valid).unwrap_or_default().to_vec();
        let head = scan.head.unwrap_or_else(|| {
            let (header, head) = ledger_header();
            whole.extend(header.into_bytes());
            head
        });
        Self { bytes: whole, head, last: scan.last }
    }

    fn add(&mut self, utc: DateTime<Utc>, turn: Turn<Sealed>) -> u64 {
        self.last = self.last.saturating_add(1);
        let (line, head) = ledger_line(&self.head, &LedgerLine { n: self.last, utc, turn });
        self.bytes.extend(line.into_bytes());
        self.head = head;
        self.last
    }
}

/// How often, and how long in between, somebody waits for another program that writes to the ledger: a second in all.
const TRIES: u32 = 50;
const BETWEEN: Duration = Duration::from_millis(20);

/// The ledger's lock. Who holds it has it for some milliseconds.
fn lock(disk: &dyn Disk, data: &DataDir) -> Result<Lock, StoreFault> {
    for _ in 1..TRIES {
        if let Locking::Held(lock) = disk.lock(data.path()).map_err(StoreFault::io("lock", data.path()))? {
            return Ok(lock);
        }
        std::thread::sleep(BETWEEN);
    }
    holder_of(disk, data.path(), |pid| StoreFault::LedgerLocked { pid })
}

pub(super) fn write_down_on(
    disk: &dyn Disk,
    data: &DataDir,
    turn: Turn<String>,
    utc: DateTime<Utc>,
    mut salts: Salts,
) -> Result<u64, StoreFault> {
    let _lock = lock(disk, data)?;
    let (scan, texts, Files { ledger: bytes, mut beside }) = read(disk, data)?;
    keep_torn_end(disk, data, &scan, &bytes)?;
    let used = scan.lines.iter().filter_map(|line| line.turn.text()).map(|sealed| sealed.reference);
    let used = used.chain(texts.iter().map(|word| word.reference)).max().unwrap_or(0);
    if !beside.is_empty() && !beside.ends_with(b"\n") {
        // A torn last line must not swallow the next one.
        beside.push(b'\n');
    }
    let before = beside.len();
    let turn = turn.map(|text| {
        let word = Word { reference: used.saturating_add(1), salt: salts.draw(), text };
        beside.extend(word.line().into_bytes());
        word.seal()
    });
    if beside.len() > before {
        replace(disk, data.path(), LEDGER_WORDS, &beside)?;
    }
    let mut ledger = Growing::after(&scan, &bytes);
    let number = ledger.add(utc, turn);
    replace(disk, data.path(), LEDGER, &ledger.bytes)?;
    Ok(number)
}

/// Keeps a torn end aside before it is cut. A damaged ledger is left alone.
fn keep_torn_end(disk: &dyn Disk, data: &DataDir, scan: &LedgerScan, bytes: &[u8]) -> Result<(), StoreFault> {
    let path = data.path().join(LEDGER);
    match &scan.verdict {
        Verdict::Corrupt { line, why, .. } => {
            return Err(StoreFault::LedgerDamaged { path, line: *line, why: why.clone() });
        }
        Verdict::Newer { program, .. } => return Err(StoreFault::LedgerNewer { path, program: program.clone() }),
        // The ledger's own scan reads no other line ends than its own.
        Verdict::Whole | Verdict::LineEnds { .. } => return Ok(()),
        Verdict::Torn { .. } => {}
    }
    let names = disk.names(data.path()).map_err(StoreFault::io("read", data.path()))?;
    let free = (1..u32::MAX).map(|n| format!("improvements.torn-{n}")).find(|name| !names.contains(name));
    let aside = data.path().join(free.unwrap_or_else(|| "improvements.torn".to_owned()));
    write_new(disk, aside, bytes.get(scan.valid..).unwrap_or_default())?;
    disk.sync_folder(data.path()).map_err(StoreFault::io("sync", data.path()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::fake::{Chance, FakeDisk, Plan, Trouble};
    use super::*;

    fn data() -> DataDir {
        DataDir::to_read(Path::new("/tmp"))
    }

    fn turn(number: usize) -> Turn<String> {
        Turn::Added { drill: None, scenario: None, what: format!("improvement {number}") }
    }

    fn write(disk: &FakeDisk, number: usize) -> Result<u64, StoreFault> {
        let seed = [u8::try_from(number).unwrap(); 32];
        write_down_on(disk, &data(), turn(number), DateTime::UNIX_EPOCH, Salts::new(seed))
    }

    /// Every acknowledged line is there with its text, and nothing that was never attempted.
    fn check(disk: &FakeDisk, acknowledged: &[usize], attempted: usize, what: &str) -> u64 {
        let (scan, texts, _) = read(disk, &data()).unwrap();
        let ledger = put_together(scan, &texts);
        assert!(!matches!(ledger.verdict, Verdict::Corrupt { .. }), "{what}: {:?}", ledger.verdict);
        let texts: Vec<_> = ledger.lines.iter().map(|line| ledger.words.read(line.turn.text().unwrap())).collect();
        for number in acknowledged {
            assert!(
                texts.iter().any(|text| **text == *format!("improvement {number}")),
                "{what}: {number} of {texts:?}"
            );
        }
        let known =
            |text: &firedrill_model::Shown| (0..attempted).any(|number| **text == *format!("improvement {number}"));
        assert!(texts.iter().all(known), "{what}: {texts:?}");
        texts.len() as u64
    }

    fn suffer(plan: Plan, seed: u64) {
        let what = format!("{plan:?}, seed {seed}");
        let disk = FakeDisk::with(plan);
        let acknowledged: Vec<usize> = (0..4).filter(|number| write(&disk, *number).is_ok()).collect();
        if plan.trouble != Trouble::Off {
            check(&disk, &acknowledged, 4, &what);
        }
        let after = disk.after_power_cut(&mut Chance(seed));
        let before = check(&after, &acknowledged, 4, &what);
        assert_eq!(write(&after, 4).unwrap(), before + 1, "{what}: it goes on");
        check(&after, &[acknowledged, vec![4]].concat(), 5, &what);
    }

    #[test]
    fn nothing_acknowledged_is_lost_whatever_call_fails() {
        let disk = FakeDisk::default();
        (0..4).for_each(|number| assert_eq!(write(&disk, number).unwrap(), number as u64 + 1));
        let calls = disk.calls();
        assert!(calls > 20, "{calls}");
        for from in 0..=calls {
            for trouble in [Trouble::Eio, Trouble::Enospc, Trouble::Short] {
                for calls in [1, 2, usize::MAX] {
                    suffer(Plan { trouble, from, calls }, from as u64);
                }
            }
            for seed in 0..40 {
                suffer(Plan { trouble: Trouble::Off, from, calls: usize::MAX }, seed);
            }
        }
    }

    #[test]
    fn a_torn_end_is_kept_aside_and_the_ledger_goes_on() {
        let disk = FakeDisk::default();
        (0..3).for_each(|number| assert!(write(&disk, number).is_ok()));
        let path = data().path().join(LEDGER);
        let bytes = disk.read(&path, 10_000).unwrap();
        disk.remove(&path).unwrap();
        write_new(&disk, path, &bytes[..bytes.len() - 9]).unwrap();
        assert_eq!(write(&disk, 3).unwrap(), 3);
        check(&disk, &[0, 1, 3], 4, "cut");
        let kept = disk.read(&data().path().join("improvements.torn-1"), 10_000).unwrap();
        assert!(bytes[..bytes.len() - 9].ends_with(&kept));
    }

    #[test]
    fn a_damaged_ledger_is_named_and_left_alone() {
        let disk = FakeDisk::default();
        (0..3).for_each(|number| assert!(write(&disk, number).is_ok()));
        let path = data().path().join(LEDGER);
        let mut bytes = disk.read(&path, 10_000).unwrap();
        let second = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 10;
        bytes[second] ^= 1;
        disk.remove(&path).unwrap();
        write_new(&disk, path.clone(), &bytes).unwrap();
        let fault = write(&disk, 3).unwrap_err().to_string();
        assert!(fault.contains("line 2 is damaged") && fault.contains("Nothing was changed"), "{fault}");
        assert_eq!(disk.read(&path, 10_000).unwrap(), bytes);
    }
}
