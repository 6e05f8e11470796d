//! Reading a record that is whole, entry by entry, without holding it: for those who look at a long one.
//!
//! One thread reads, others check and parse, and the caller is told the entries in order while that goes on. It is for what is written as
//! this program writes it, in one file, without a fault. Of anything else nothing is told here, and [`load`](super::load()) says what is
//! the matter; what is told here, that would have told as well.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::data_dir::DataDir;
use super::disk::{Os, guarded, regular};
use super::elsewhere::{Elsewhere, fallback};
use super::files::{MOST_READ, journal_name};
use super::load::{AsRun, Found, Gathered, Loaded, Sorted, texts_erased_by};
use crate::journal::{
    DRAFT, Digest, Ending, FORMAT, Framed, Header, Names, Packed, Quick, SegmentUse, Split, Verdict, quick_read, scan,
    seals,
};
use firedrill_model::event::{DrillEvent, Entry, Event};
use firedrill_model::id::DrillId;
use firedrill_model::{DrillTime, Sealed};

/// Bytes that are checked and parsed in one go, about.
const PIECE: usize = 128 * 1024;
/// Threads that check and parse.
const WORKERS: usize = 2;

/// A record that is about to be read.
#[derive(Debug)]
pub struct Reading {
    drill: DrillId,
    folder: PathBuf,
    found: Found,
    file: File,
    header: Header,
    start: Digest,
    scenario: AsRun,
    /// Bytes of the first line.
    first: usize,
    /// What was read of the file and comes after the first line.
    rest: Vec<u8>,
}

impl Reading {
    /// Begins to read a drill. Nothing where its record isn't in one whole file of today's format.
    #[must_use]
    pub fn begin(data: &DataDir, drill: &DrillId) -> Option<Self> {
        let folder = data.folder(drill);
        let found = Found::of(&Os, &Elsewhere::below(&Os, &fallback()), data, drill).ok()?;
        if found.journals != [(1, folder.clone())] {
            return None;
        }
        let path = folder.join(journal_name(1));
        let mut file = OpenOptions::new().read(true).custom_flags(guarded()).open(path).ok()?;
        regular(&file).ok()?;
        if file.metadata().ok()?.len() > MOST_READ {
            return None;
        }
        let mut rest = piece(&mut file, Vec::new())?;
        let first = memchr::memchr(b'\n', &rest)? + 1;
        let top = scan(&journal_name(1), rest.get(..first)?);
        let (header, start) = (top.header?, top.start?);
        let is_todays = header.format == FORMAT && header.draft == Some(DRAFT) && header.continues.is_none();
        let scenario = AsRun::of(&Os, &folder, &header).ok()?;
        rest.drain(..first);
        (is_todays && top.verdict == Verdict::Whole).then_some(Self {
            drill: drill.clone(),
            folder,
            found,
            file,
            header,
            start,
            scenario,
            first,
            rest,
        })
    }

    /// The record's first line.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The scenario as it was run; nothing if it is not there any more.
    #[must_use]
    pub fn scenario_toml(&self) -> Option<&str> {
        self.scenario.text.as_deref()
    }

    /// The file of the scenario.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Reads it to its end, and tells each entry with what it will cost to read and fold it again. Gives the drill without its entries, and these packed; nothing, whatever was told by then,
    /// where the record isn't whole.
    #[must_use]
    pub fn through(self, tell: &mut dyn FnMut(&Entry, u32)) -> Option<(Loaded, Packed)> {
        let Self { drill, folder, found, file, header, start, scenario, first, rest } = self;
        let mut taken = Taken {
            next: 0,
            at: DrillTime::ZERO,
            end: None,
            erased: Vec::new(),
            sorted: Sorted::default(),
            packed: Packed::default(),
        };
        let read = thread::scope(|scope| {
            let (mut pieces, mut parsed) = (Vec::new(), Vec::new());
            for _ in 0..WORKERS {
                let (to_worker, from_reader) = sync_channel(1);
                let (to_caller, from_worker) = sync_channel(1);
                scope.spawn(move || work(&from_reader, &to_caller));
                pieces.push(to_worker);
                parsed.push(from_worker);
            }
            let reader = scope.spawn(move || split(file, rest, start, &pieces));
            let told = parsed
                .iter()
                .cycle()
                .map_while(|worker| worker.recv().ok())
                .try_for_each(|part| taken.take(part?, tell));
            drop(parsed);
            told.and(reader.join().ok()?)
        })?;
        let Taken { next, erased, sorted, packed, .. } = taken;
        let reference = sorted.seals.iter().map(|(_, sealed)| sealed.reference).max().unwrap_or(0);
        let segment =
            SegmentUse { file: journal_name(1), format: FORMAT, draft: header.draft, entries: next, superseded: 0 };
        let gathered = Gathered {
            header,
            head: read.head,
            verdict: Verdict::Whole,
            segments: vec![segment],
            left_out: Vec::new(),
            next,
            valid: (first + read.bytes) as u64,
            reference,
            erased: erased.into_iter().collect(),
            sorted,
        };
        Some((gathered.loaded(&Os, &drill, folder, scenario, &found).ok()?, packed))
    }
}

/// What was read to the end of the file.
struct End {
    head: Digest,
    bytes: usize,
}

/// More of a file behind what is left of it, so that there is a piece, or all that there is.
fn piece(file: &mut File, mut left: Vec<u8>) -> Option<Vec<u8>> {
    let wanted = PIECE.saturating_sub(left.len()).max(PIECE / 2);
    left.reserve_exact(wanted);
    file.take(wanted as u64).read_to_end(&mut left).ok()?;
    Some(left)
}

/// Splits a file into pieces of whole lines, each for the next worker, with the hash that its first line follows from. Nothing where the
/// last line has no end.
fn split(mut file: File, mut rest: Vec<u8>, start: Digest, workers: &[SyncSender<(Vec<u8>, Digest)>]) -> Option<End> {
    let mut read = End { head: start, bytes: 0 };
    let mut workers = workers.iter().cycle();
    loop {
        let before = rest.len();
        rest = piece(&mut file, rest)?;
        if rest.is_empty() {
            return Some(read);
        }
        let Some(end) = memchr::memrchr(b'\n', &rest).map(|at| at + 1) else {
            // A line that is longer than a piece; or the last one, and it was cut off.
            (rest.len() > before).then_some(())?;
            continue;
        };
        let left = rest.split_off(end);
        let last = rest.strip_suffix(b"\n")?;
        let last = last.get(memchr::memrchr(b'\n', last).map_or(0, |at| at + 1)..)?;
        let (previous, head) = (read.head, Framed::of(last)?.stored);
        read = End { head, bytes: read.bytes + rest.len() };
        workers.next()?.send((rest, previous)).ok()?;
        rest = left;
    }
}

/// A piece, checked and parsed.
struct Parsed {
    bytes: Vec<u8>,
    /// Each entry with where its event's JSON stands in the bytes.
    entries: Vec<(Entry, std::ops::Range<usize>)>,
    seals: Vec<(u64, Sealed)>,
}

/// Checks and parses piece after piece, until there is none or nobody wants them.
fn work(pieces: &Receiver<(Vec<u8>, Digest)>, parsed: &SyncSender<Option<Parsed>>) {
    let mut names = Names::default();
    for (bytes, previous) in pieces {
        if parsed.send(parse(bytes, previous, &mut names)).is_err() {
            return;
        }
    }
}

fn parse(bytes: Vec<u8>, previous: Digest, names: &mut Names) -> Option<Parsed> {
    const REFERENCE: &[u8] = b"\"ref\":";
    let mut parsed = Parsed { bytes: Vec::new(), entries: Vec::with_capacity(bytes.len() / 128), seals: Vec::new() };
    let (mut from, mut previous) = (0, &previous.digits());
    while from < bytes.len() {
        let end = from + memchr::memchr(b'\n', bytes.get(from..)?)?;
        let line = bytes.get(from..end)?;
        let split = Split::of(line)?;
        if !split.follows(previous) {
            return None;
        }
        previous = split.hash;
        let Quick { entry, event, .. } = quick_read(split.body, names)?;
        if memchr::memmem::find(event, REFERENCE).is_some() {
            parsed.seals.extend(seals(line).into_iter().map(|sealed| (entry.seq, sealed)));
        }
        let until = from + split.body.len();
        parsed.entries.push((entry, until - event.len()..until));
        from = end + 1;
    }
    Some(Parsed { bytes, ..parsed })
}

/// What has been told.
struct Taken {
    next: u64,
    /// Moment of the last entry.
    at: DrillTime,
    end: Option<Ending>,
    erased: Vec<u64>,
    sorted: Sorted,
    packed: Packed,
}

impl Taken {
    /// Takes the next piece. Nothing where it doesn't count on, or something in it has to be looked at by somebody who holds all of it.
    fn take(&mut self, parsed: Parsed, tell: &mut dyn FnMut(&Entry, u32)) -> Option<()> {
        self.sorted.seals.extend(parsed.seals);
        for (entry, event) in parsed.entries {
            let counts_on = entry.seq == self.next && entry.at >= self.at && entry.at <= DrillTime::LATEST;
            let has_its_place = self.end.is_none_or(|end| end.admits_entry(&entry));
            if !counts_on || !has_its_place || names_a_message_only(&entry) {
                return None;
            }
            (self.next, self.at) = (self.next + 1, entry.at);
            if let Some(end) = Ending::of_entry(&entry) {
                self.sorted.closed_with = Some(self.next);
                self.end = Some(end);
            }
            self.erased.extend(texts_erased_by(&entry));
            tell(&entry, Packed::cost_of(&entry.event, event.len()));
            self.packed.push(entry, parsed.bytes.get(event)?)?;
        }
        Some(())
    }
}

/// A message whose text stands in the scenario only, as format 1 had it.
fn names_a_message_only(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Drill(DrillEvent::InjectDelivered { message: None, .. }))
}
