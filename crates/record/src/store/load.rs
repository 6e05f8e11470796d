//! Reading a drill back. Nothing is changed, and it works while another program writes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::data_dir::DataDir;
use super::disk::{Disk, Os};
use super::elsewhere::{Elsewhere, fallback};
use super::fault::StoreFault;
use super::files::{MOST_READ, SCENARIO, journal_name, journal_number, people_name, segment_number, words_name};
use super::traces;
use crate::journal::words::{self, Word, WordsProof};
use crate::journal::{
    Added, Content, Digest, Ending, Header, Joined, LeftOut, Line, Part, SegmentUse, Verdict, join, scan,
    with_line_feeds,
};
use firedrill_model::event::{DrillEvent, Entry, Event};
use firedrill_model::id::DrillId;
use firedrill_model::{SafeText, Sealed, WordBook};

/// A drill as its folder holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The first line of the record.
    pub header: Header,
    /// The valid entries of all segments, in order. Those of unknown kinds are left out.
    pub entries: Vec<Entry>,
    /// Entries of kinds that this program doesn't know, by kind.
    pub unknown: BTreeMap<String, u64>,
    /// Free text and names.
    pub words: WordBook,
    /// The scenario as it was run; nothing if it is not there any more.
    pub scenario_toml: Option<String>,
    /// Hash of the last valid line.
    pub head: Digest,
    /// What is odd about the record, in words for people.
    pub notices: Vec<SafeText>,
    /// Whole, torn or corrupt. If it isn't whole, `entries` is the valid prefix.
    pub verdict: Verdict,
    /// The drill's folder.
    pub folder: PathBuf,
    /// Whether `scenario_toml` is what the header names.
    pub scenario_matches: bool,
    /// The files that the record is made of.
    pub segments: Vec<SegmentUse>,
    /// Files of the folder that look like parts of the record and aren't.
    pub left_out: Vec<LeftOut>,
    /// How many entries there were when the drill was closed, if it was.
    pub closed_with: Option<u64>,
    /// Entries behind the end that have no place there. They are part of the chain, and of nothing that is told of the drill.
    pub added: Vec<Added>,
    /// How the texts stand to their seals.
    pub words_proof: WordsProof,
    /// Number of the next entry.
    pub next: u64,
    pub(super) next_reference: u64,
    /// Length of the valid prefix of the last segment.
    pub(super) valid: u64,
    /// Highest number of any segment's file in the folder.
    pub(super) highest: u32,
}

/// Reads a drill.
///
/// # Errors
/// When there is no such drill, it never began, it is in a newer format, or the disk says no. Damage is no error: it stands in
/// the verdict and among the notices.
pub fn load(data: &DataDir, drill: &DrillId) -> Result<Loaded, StoreFault> {
    load_from(&Os, &fallback(), data, drill)
}

pub(super) fn load_from(
    disk: &dyn Disk,
    fallback: &Path,
    data: &DataDir,
    drill: &DrillId,
) -> Result<Loaded, StoreFault> {
    let folder = data.folder(drill);
    let found = Found::of(disk, &Elsewhere::below(disk, fallback), data, drill)?;
    let (mut parts, mut has_a_line) = (Vec::new(), false);
    for (number, place) in &found.journals {
        let file = journal_name(*number);
        let bytes = read(disk, &place.join(&file))?;
        has_a_line |= memchr::memchr(b'\n', &bytes).is_some();
        parts.push(Part { scan: scan(&file, &bytes), file });
    }
    let joined = join(parts);
    let (Some(header), Some(head)) = (joined.header.clone(), joined.head) else {
        let traces = traces::in_folder(disk, &folder);
        return Err(unreadable(joined.verdict, has_a_line, &traces, drill, folder));
    };
    if let Verdict::Newer { format, program } = joined.verdict {
        return Err(StoreFault::Newer { drill: drill.clone(), program, format });
    }
    let scenario = AsRun::of(disk, &folder, &header)?;
    let gathered = Gathered::of(joined, header, head);
    gathered.loaded(disk, drill, folder, scenario, &found)
}

/// The scenario as it was run, as far as its file still has it.
#[derive(Debug)]
pub(super) struct AsRun {
    pub text: Option<String>,
    /// It is what the header names.
    pub matches: bool,
    /// Its line ends were changed on the way, and nothing else.
    ends_changed: bool,
}

impl AsRun {
    pub fn of(disk: &dyn Disk, folder: &Path, header: &Header) -> Result<Self, StoreFault> {
        let found = read_if_there(disk, &folder.join(SCENARIO))?;
        let is_it = |bytes: &Vec<u8>| Digest::of(bytes) == header.scenario_sha256;
        let restored = found.as_ref().and_then(|bytes| with_line_feeds(bytes)).filter(is_it);
        let ends_changed = restored.is_some();
        let bytes = restored.or(found);
        let matches = bytes.as_ref().is_some_and(is_it);
        Ok(Self { text: bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()), matches, ends_changed })
    }
}

impl DataDir {
    /// The texts behind some seals of each of these drills, without their journals being read. Of one whose texts can't be read, why.
    #[must_use]
    pub fn words_of(&self, wanted: &[(DrillId, Vec<Sealed>)]) -> Vec<Result<WordBook, StoreFault>> {
        let elsewhere = Elsewhere::below(&Os, &fallback());
        let read = |(drill, seals): &(DrillId, Vec<Sealed>)| {
            let found = Found::of(&Os, &elsewhere, self, drill)?;
            let (texts, _) = read_texts(&Os, &found.journals)?;
            let seals: Vec<(u64, Sealed)> = seals.iter().map(|sealed| (0, sealed.clone())).collect();
            // Which were erased, the journal says; here it is not read.
            Ok(words::open(&seals, &texts, |_, text| texts.iter().all(|word| word.reference != text)).0)
        };
        wanted.iter().map(read).collect()
    }
}

/// Where the files of a drill are.
#[derive(Debug)]
pub(super) struct Found {
    /// Numbers of the journals in order, each with its folder.
    pub journals: Vec<(u32, PathBuf)>,
    /// Highest number of any segment's file.
    highest: u32,
    /// Private folders that hold some of them.
    elsewhere: Vec<PathBuf>,
}

impl Found {
    pub fn of(disk: &dyn Disk, elsewhere: &Elsewhere, data: &DataDir, drill: &DrillId) -> Result<Self, StoreFault> {
        let home = data.folder(drill);
        let missing = || StoreFault::NoSuchDrill { drill: drill.clone(), data: data.path().to_owned() };
        let names = disk.names(&home).map_err(|fault| match fault.kind() {
            io::ErrorKind::NotFound => missing(),
            _ => StoreFault::io("read", &home)(fault),
        })?;
        let mut found = Self { journals: Vec::new(), highest: 1, elsewhere: Vec::new() };
        found.take(&names, &home);
        if found.journals.is_empty() {
            let traces = traces::in_folder(disk, &home);
            let file = journal_name(1).as_str().into();
            let beheaded = || StoreFault::Beheaded {
                drill: drill.clone(),
                file,
                beside: SafeText::one_line(&traces::are(&traces)),
            };
            return Err(if traces.is_empty() { missing() } else { beheaded() });
        }
        for folder in elsewhere.folders(disk, drill) {
            if found.take(&disk.names(&folder).unwrap_or_default(), &folder) {
                found.elsewhere.push(folder);
            }
        }
        found.journals.sort();
        Ok(found)
    }

    /// Adds the journals of a folder, but none twice: one that is being brought home counts at home.
    fn take(&mut self, names: &[String], folder: &Path) -> bool {
        self.highest = names.iter().filter_map(|name| segment_number(name)).fold(self.highest, u32::max);
        let before = self.journals.len();
        for number in names.iter().filter_map(|name| journal_number(name)) {
            if self.journals.iter().all(|(other, _)| *other != number) {
                self.journals.push((number, folder.to_owned()));
            }
        }
        self.journals.len() > before
    }

    fn notices(&self) -> Vec<SafeText> {
        let say = |folder: &PathBuf| {
            let folder = folder.to_string_lossy();
            format!(
                "A part of this drill is in {folder}, because its own folder took no more. Taking it up brings that home."
            )
        };
        self.elsewhere.iter().map(|folder| SafeText::one_line(&say(folder))).collect()
    }
}

/// Without a whole header there is nothing to show. A header is synced alone, so that one which was never finished has no line behind it,
/// and nothing beside it.
fn unreadable(verdict: Verdict, has_a_line: bool, traces: &[String], drill: &DrillId, folder: PathBuf) -> StoreFault {
    let drill = drill.clone();
    match verdict {
        Verdict::Newer { format, program } => StoreFault::Newer { drill, program, format },
        Verdict::Corrupt { file, line, why } => StoreFault::Unreadable { drill, file, line, why },
        Verdict::Torn { file, line, .. } if has_a_line => {
            StoreFault::Unreadable { drill, file, line, why: "it is no line of a record".into() }
        }
        Verdict::Torn { file, .. } if !traces.is_empty() => {
            StoreFault::Beheaded { drill, file, beside: SafeText::one_line(&traces::are(traces)) }
        }
        Verdict::Torn { .. } | Verdict::Whole | Verdict::LineEnds { .. } => StoreFault::NeverBegan { drill, folder },
    }
}

fn read(disk: &dyn Disk, path: &Path) -> Result<Vec<u8>, StoreFault> {
    disk.read(path, MOST_READ).map_err(StoreFault::io("read", path))
}

fn read_if_there(disk: &dyn Disk, path: &Path) -> Result<Option<Vec<u8>>, StoreFault> {
    match disk.read(path, MOST_READ) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        bytes => bytes.map(Some).map_err(StoreFault::io("read", path)),
    }
}

/// Texts and names of all segments. A file that was removed holds none.
fn read_texts(disk: &dyn Disk, journals: &[(u32, PathBuf)]) -> Result<(Vec<Word>, u64), StoreFault> {
    let optional = |path: PathBuf| read_if_there(disk, &path).map(Option::unwrap_or_default);
    let (mut texts, mut unreadable) = (Vec::new(), 0);
    for (number, folder) in journals {
        let (words, strange) = words::read_words(&optional(folder.join(words_name(*number)))?);
        texts.extend(words);
        unreadable += strange;
        texts.extend(words::read_people(&optional(folder.join(people_name(*number)))?));
    }
    Ok((texts, unreadable))
}

/// What the chain of a record says, before its texts are held against it.
pub(super) struct Gathered {
    pub header: Header,
    /// Hash of the last valid line.
    pub head: Digest,
    pub verdict: Verdict,
    pub segments: Vec<SegmentUse>,
    pub left_out: Vec<LeftOut>,
    /// Number of the next entry.
    pub next: u64,
    /// Length of the valid prefix of the last segment.
    pub valid: u64,
    /// Highest number of a text.
    pub reference: u64,
    /// Numbers of the texts that were erased.
    pub erased: BTreeSet<u64>,
    pub sorted: Sorted,
}

impl Gathered {
    fn of(joined: Joined, header: Header, head: Digest) -> Self {
        let next = joined.next();
        let used = joined.lines.iter().flat_map(|line| &line.seals).map(|sealed| sealed.reference);
        let reference = used.max().unwrap_or(0);
        let sorted = Sorted::of(joined.lines);
        let erased = sorted.entries.iter().flat_map(texts_erased_by).copied().collect();
        let (verdict, segments, left_out) = (joined.verdict, joined.used, joined.left_out);
        Self { header, head, verdict, segments, left_out, next, valid: joined.valid as u64, reference, erased, sorted }
    }

    /// The drill as its folder holds it. Words are synced before the entry that needs them, so reading them after the entries finds them all.
    pub fn loaded(
        self,
        disk: &dyn Disk,
        drill: &DrillId,
        folder: PathBuf,
        scenario: AsRun,
        found: &Found,
    ) -> Result<Loaded, StoreFault> {
        let (texts, unreadable) = read_texts(disk, &found.journals)?;
        let mut loaded = self.with_words(&texts);
        loaded.words_proof.unreadable = unreadable;
        loaded.scenario_toml = scenario.text;
        loaded.notices.extend(own_notices(&loaded, drill, scenario.matches));
        let ends_changed = "The line ends of scenario.toml were changed on the way; nothing else was.";
        loaded.notices.extend(scenario.ends_changed.then(|| ends_changed.into()));
        loaded.notices.extend(found.notices());
        Ok(Loaded { folder, scenario_matches: scenario.matches, highest: found.highest, ..loaded })
    }

    fn with_words(self, texts: &[Word]) -> Loaded {
        let next_reference = texts.iter().map(|word| word.reference).fold(self.reference, u64::max).saturating_add(1);
        let silent = without_word_of_erasing(&self.segments);
        let Sorted { seals, entries, unknown, closed_with, added } = self.sorted;
        let there: BTreeSet<u64> = texts.iter().map(|word| word.reference).collect();
        let is_erased = |seq, text: u64| self.erased.contains(&text) || (seq < silent && !there.contains(&text));
        let (words, words_proof) = words::open(&seals, texts, is_erased);
        Loaded {
            header: self.header,
            entries,
            unknown,
            words,
            scenario_toml: None,
            head: self.head,
            notices: Vec::new(),
            verdict: self.verdict,
            folder: PathBuf::new(),
            scenario_matches: false,
            segments: self.segments,
            left_out: self.left_out,
            closed_with,
            added,
            words_proof,
            next: self.next,
            next_reference,
            valid: self.valid,
            highest: 1,
        }
    }
}

/// How many entries are from programs that left no word of what was erased: a text of theirs that isn't there counts as erased.
fn without_word_of_erasing(segments: &[SegmentUse]) -> u64 {
    segments.iter().take_while(|segment| segment.format < 2).map(|segment| segment.entries).sum()
}

pub(super) fn texts_erased_by(entry: &Entry) -> &[u64] {
    match &entry.event {
        Event::Drill(DrillEvent::Erased(erasure)) => &erasure.texts,
        Event::Drill(_) | Event::People(_) | Event::World(_) => &[],
    }
}

/// The lines of a record, by what is to become of them.
#[derive(Default)]
pub(super) struct Sorted {
    /// Each with the number of its entry.
    pub seals: Vec<(u64, Sealed)>,
    entries: Vec<Entry>,
    unknown: BTreeMap<String, u64>,
    pub closed_with: Option<u64>,
    added: Vec<Added>,
}

impl Sorted {
    fn of(lines: Vec<Line>) -> Self {
        let mut sorted = Self { entries: Vec::with_capacity(lines.len()), ..Self::default() };
        let mut end: Option<Ending> = None;
        for line in lines {
            if end.is_some_and(|end| !end.admits(&line.content)) {
                sorted.added.push(Added { seq: line.seq, kind: line.content.kind() });
                continue;
            }
            if let Some(close) = Ending::of(&line.content) {
                sorted.closed_with = Some(line.seq.saturating_add(1));
                end = Some(close);
            }
            sorted.seals.extend(line.seals.into_iter().map(|sealed| (line.seq, sealed)));
            match line.content {
                Content::Entry(entry) => sorted.entries.push(*entry),
                Content::Unknown(kind) => {
                    *sorted.unknown.entry(SafeText::one_line(&kind).as_str().to_owned()).or_default() += 1;
                }
            }
        }
        sorted
    }
}

/// What is said of a journal whose line ends were changed.
#[must_use]
pub fn line_ends(file: &SafeText) -> String {
    format!(
        "The line ends of {file} were changed on the way (to CR LF), as git and mail programs do, and nothing else: with \
         line feeds again every line verifies. Take the original, or put them back with sed -i 's/\\r$//' {file}; \
         for git, `*.jsonl -text` in .gitattributes keeps them."
    )
}

fn own_notices(loaded: &Loaded, drill: &DrillId, scenario_matches: bool) -> Vec<SafeText> {
    let mut said = Vec::new();
    match &loaded.verdict {
        Verdict::Torn { file, line, bytes, ends_whole } => {
            said.push(format!("The last write to {file} (line {line}) didn't finish; its {bytes} bytes are left out."));
            if *ends_whole {
                said.push(format!(
                    "Line {line} of {file} ends whole and doesn't verify: an entry that was shown may be missing."
                ));
            }
        }
        Verdict::Corrupt { file, line, why } => {
            said.push(format!("Line {line} of {file} is damaged ({why}); only the entries before it are read."));
        }
        Verdict::LineEnds { file } => said.push(line_ends(file)),
        Verdict::Whole | Verdict::Newer { .. } => {}
    }
    for (kind, count) in &loaded.unknown {
        said.push(format!("{count} of the entries are of the newer kind '{kind}' and are left out."));
    }
    for segment in loaded.segments.iter().filter(|segment| segment.superseded > 0) {
        let SegmentUse { file, superseded, .. } = segment;
        said.push(format!(
            "{superseded} entries at the end of {file} were never confirmed as stored; a later file holds the same ones."
        ));
    }
    said.extend(loaded.left_out.iter().map(left_out));
    said.extend(added(&loaded.added));
    if loaded.header.drill != *drill {
        said.push(format!("The folder was renamed; the record calls itself '{}'.", loaded.header.drill));
    }
    if loaded.scenario_toml.is_none() {
        said.push("scenario.toml is missing from the drill's folder.".into());
    } else if !scenario_matches {
        said.push(
            "scenario.toml was changed since the drill began; titles and limits may not be those of the drill.".into(),
        );
    }
    let unreadable = loaded.words_proof.unreadable;
    // A line that was cut short by a failed write was never needed; it only matters where a text is missing.
    let missing = loaded.words_proof.missing.len();
    if missing > 0 {
        said.push(format!(
            "{missing} texts or names are gone, and no entry says that they were erased; each is marked [missing]."
        ));
    }
    if unreadable > 0 && missing > 0 {
        said.push(format!("Lines in the file of words that can't be read: {unreadable}. Texts that are missing may be missing because of them."));
    }
    if loaded.words_proof.half_erased > 0 {
        let half = loaded.words_proof.half_erased;
        said.push(format!("{half} texts were to be erased and are still there: firedrill erase {drill} --finish"));
    }
    let altered = loaded.words_proof.altered.len();
    if altered > 0 {
        said.push(format!("{altered} texts were changed since they were written; each is marked [altered]."));
    }
    said.iter().map(|line| SafeText::one_line(line)).collect()
}

fn left_out(LeftOut { file, entries, says_nothing_new }: &LeftOut) -> String {
    match (says_nothing_new, entries) {
        (true, 0) => format!("{file} was begun and holds nothing; it is left out."),
        (true, _) => format!("{file} repeats {entries} entries that are there already; it is left out."),
        (false, _) => format!(
            "{file} goes on from an entry that others follow already: its {entries} entries are no part of this record and are left out."
        ),
    }
}

/// What was added behind the end, by kind.
fn added(added: &[Added]) -> Option<String> {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for one in added {
        *kinds.entry(one.kind.as_str()).or_default() += 1;
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
    (!added.is_empty()).then(|| {
        format!(
            "After the drill was closed, {} entries were added that have no place there, and are left out: {}.",
            added.len(),
            kinds.join(", ")
        )
    })
}
