//! What happens in the drills that come with the program, without its words: the oracle for a change that must change nothing.
//!
//! `tests/courses/courses.txt` has a digest of the course of every shipped script with three seeds. A sentence may change as it likes;
//! a moment, a number, an order may not. A course that differs is written to a file, and the failure says where. To see what became
//! different, run the test with `WRITE_COURSES=1` at the commit before: it writes all courses (and `courses.txt`), for `diff`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use chrono::DateTime;
use firedrill::host::desk::{Offer, debrief_of};
use firedrill::host::player::{self, Played};
use firedrill::host::session::Session;
use firedrill::library;
use firedrill_core::projection::Debrief;
use firedrill_model::Role;
use firedrill_model::event::Entry;
use firedrill_model::id::{DrillId, SeatId};
use firedrill_record::journal::Header;
use firedrill_record::store::Record;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

const SCRIPTS: [&str; 3] = ["holds", "deviates", "nothing"];
const SEEDS: [u64; 3] = [1, 2, 3];

/// The kinds of 0.1.0. Lines are numbered among them, so that a kind that joins them later shifts nothing.
static KINDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "
    drill.opened drill.seat-taken drill.phase drill.gate-opened drill.gate-closed drill.steady-again drill.pace drill.hypothesis
    drill.inject drill.step-prompted drill.resumed
    people.predicted people.acknowledged people.acted people.step-done people.step-skipped people.answered people.noted
    people.attending people.reviewed people.improvement people.marked people.unmarked people.judged people.objective-rated
    people.noted-later people.bookmarked
    world.sampled world.fault-active world.stage world.adversary world.logged world.finding world.notified
    world.notification-lost world.instance world.action world.role world.resource world.automation world.harm world.destroying"
    .split_whitespace()
    .collect()
});

/// Kinds of which only the fact counts that they happened: the drill's own data is the scenario's title and what a version wishes to
/// say of itself.
const BARE: [&str; 1] = ["drill.opened"];

/// What is kept of the data: ids, numbers, times, states. Names of fields and of variants alike.
static KEPT: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "
    seat role phase because since signal value pace rate hypothesis detector within stays at inject step
    notified_within contained_within confidence finding run action target guess knew_where knew_whom on question due judgement
    objective rating about values requests failed stage active state source happened id kind severity resource first_seen last_seen
    count channel instance service zone evidence_lost response started until done results captured evidence of changed change
    tracked_alive findings log records capacity desired sessions-revoked services resource-changed out names-blocked domains log-on
    scan-begun implant-removed found automation-tested works channel-tested arrives steady yes usable automation outcome ran harm
    refused group-changed group contained-within status log detector-on turned-off"
    .split_whitespace()
    .collect()
});

/// Text that people or scripts wrote, which is kept outside the chain: that there is one counts, not how it is referred to.
static WRITTEN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| "why words what owner note".split_whitespace().collect());

/// What the rebuild of the record may tell in another way, or which is a sentence.
const LEFT_OUT: [(&str, &str); 9] = [
    ("message", "a message's text is the scenario's"),
    ("name", "a seat's alias is a text outside the chain, and every seat has one"),
    ("when", "a sentence of the hypothesis"),
    ("team", "a sentence of the hypothesis"),
    ("title", "a sentence of a finding"),
    ("description", "a sentence of a finding"),
    ("document", "a finding's body is made from what is kept of it"),
    ("summary", "a sentence of a log record"),
    ("raw", "a log record's body is made from facts"),
];

/// A played script, as text.
#[derive(Debug)]
struct Course {
    /// Scenario, script and seed.
    name: String,
    /// Entries of the kinds of 0.1.0.
    entries: usize,
    /// Drill time of the last one in microseconds.
    last: u64,
    /// Line by line.
    text: String,
}

impl Course {
    fn of(name: String, entries: &[Entry], debrief: &Debrief, played: &Played) -> Self {
        let known = entries.iter().filter_map(line);
        let (mut text, mut count, mut last) = (String::new(), 0, 0);
        for (number, (at, line)) in known.enumerate() {
            writeln!(text, "{number} {line}").unwrap();
            (count, last) = (number + 1, at);
        }
        for line in figures(debrief).into_iter().chain(told_to_the_script(played)) {
            writeln!(text, "{line}").unwrap();
        }
        Self { name, entries: count, last, text }
    }

    /// The line that is kept of it.
    fn digest(&self) -> String {
        let mut line = format!("{} {} {} ", self.name, self.entries, self.last);
        for byte in Sha256::digest(&self.text) {
            write!(line, "{byte:02x}").unwrap();
        }
        line
    }

    fn write_to(&self, folder: &Path) -> PathBuf {
        let path = folder.join(self.name.replace(' ', "-")).with_extension("txt");
        fs::create_dir_all(folder).unwrap();
        fs::write(&path, &self.text).unwrap();
        path
    }
}

/// An entry's drill time, and what is kept of the entry.
fn line(entry: &Entry) -> Option<(u64, String)> {
    let event = json(&entry.event);
    let kind = event["kind"].as_str().unwrap();
    KINDS.contains(kind).then(|| {
        let data = if BARE.contains(&kind) { Value::Null } else { facts(kind, &event["data"]) };
        (entry.at.0, format!("{} {} {kind} {data}", entry.at.0, author(entry)))
    })
}

/// `drill`, `world` or `seat`: which world or seat it was, is told by nobody but the record.
fn author(entry: &Entry) -> String {
    match json(&entry.by) {
        Value::String(class) => class,
        Value::Object(which) => which.keys().next().unwrap().clone(),
        other => panic!("no author: {other}"),
    }
}

/// The facts of an event's data, by name. What is empty is left out, so that it doesn't matter whether it is written down.
fn facts(kind: &str, data: &Value) -> Value {
    match data {
        Value::Object(fields) => {
            let kept = fields.iter().filter_map(|(key, value)| Some((key.clone(), fact(kind, key, value)?)));
            Value::Object(kept.collect::<BTreeMap<_, _>>().into_iter().collect())
        }
        Value::Array(items) => items.iter().map(|item| facts(kind, item)).collect(),
        other => other.clone(),
    }
}

fn fact(kind: &str, key: &str, value: &Value) -> Option<Value> {
    let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match (kind, key) {
        // Why it was impossible is a sentence, or a code for one.
        (_, "impossible") => Some(true.into()),
        // The number of an entry, or the id of the log record.
        ("people.marked" | "people.unmarked", "record") => Some("marked".into()),
        // Harm is told by its stage and its place there, a log record by its place in the course.
        // Requests by service are those that are kept of all services together.
        ("world.harm", "what") | ("world.logged", "id") | ("world.sampled", "by_service") => None,
        ("world.logged", "record") => Some(facts(kind, value)),
        (_, key) if is_empty || LEFT_OUT.iter().any(|(left_out, _)| *left_out == key) => None,
        _ if kind.starts_with("people.") && WRITTEN.contains(key) => Some("written".into()),
        _ if KEPT.contains(key) => Some(facts(kind, value)),
        _ => panic!("`{key}` of {kind} is new: say in this file whether a course keeps it or leaves it out"),
    }
}

/// What a debrief says in numbers and states.
fn figures(debrief: &Debrief) -> Vec<String> {
    let mut lines = vec![format!("verdict {}", json(&debrief.verdict))];
    lines.extend(debrief.parts.iter().map(|row| format!("part {} {}", row.part, json(&row.verdict))));
    lines.extend(debrief.marks.iter().map(|row| format!("mark {} {:?} {:?}", row.mark, row.at, row.since_fault)));
    lines.extend(debrief.durations.iter().map(|row| format!("duration {} {:?}", row.name, row.seconds)));
    let impact = &debrief.impact;
    lines.push(format!("impact {} {} {}", impact.requests, impact.failed, impact.minutes_outside));
    lines.extend(debrief.steps.iter().map(|row| {
        let state = row.state.replace(' ', "-");
        format!("step {} {state} {:?} {:?} {:?}", row.id, row.asked_at, row.ended_at, row.seconds)
    }));
    lines.extend(debrief.guesses.iter().map(|row| {
        let (guess, outcome) = (json(&row.guess), json(&row.outcome));
        format!("guess {guess} {outcome} {} {} {:?}", row.window, row.seconds_outside, row.agrees)
    }));
    lines.extend(debrief.orders.iter().map(|row| format!("order {:?}", row.kept)));
    let evidence = &debrief.evidence;
    lines.extend(evidence.marked.iter().map(|row| {
        format!("marked {} {} {:?} {:?}", row.source.replace(' ', "-"), row.happened, row.since_fault, row.benign)
    }));
    lines.extend(evidence.traces.iter().map(|row| format!("trace {} {}", row.records, row.marked)));
    lines
}

fn told_to_the_script(played: &Played) -> Vec<String> {
    let refused = |no: &player::Refused| format!("refused {:?} {} {}", no.deed, no.at.0, no.asked);
    let mut lines: Vec<String> = played.refused.iter().map(refused).collect();
    lines.extend(played.not_reached.iter().map(|deed| format!("not-reached {deed}")));
    lines.push(format!("given-up {} {}", played.never_steady, played.full));
    lines
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn play(scenario: &str, script: &str, seed: u64) -> Course {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
    let offer = Offer::built_in(scenario).unwrap();
    let checked = offer.scenario().unwrap();
    let text = fs::read_to_string(folder.join(script).with_extension("toml")).unwrap();
    let script_file = firedrill_authoring::script::check("script.toml", &text, &checked).unwrap();
    let (drill, seat) = (DrillId::new("course").unwrap(), SeatId::new("seat-1").unwrap());
    let epoch = DateTime::UNIX_EPOCH;
    let header = Header::new(drill, checked.id.clone(), "", seed, ("simulated", firedrill_account::MODEL), epoch);
    let person = (seat, Role::Responder, "otter");
    let session = Session::begin(Arc::clone(&checked), Record::in_memory(header), person, epoch).unwrap();
    let mut session = session.unattended();
    let played = player::play(&mut session, &script_file, &|| epoch).unwrap();
    let name = format!("{scenario} {script} {seed}");
    Course::of(name, session.entries(), &debrief_of(&session), &played)
}

/// The courses of all shipped scripts, by name. Drills share nothing, so that each processor plays some of them.
fn all() -> Vec<Course> {
    let mut jobs = Vec::new();
    for (scenario, _) in library::built_in() {
        jobs.extend(SCRIPTS.iter().flat_map(|script| SEEDS.map(|seed| (*scenario, *script, seed))));
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some((scenario, script, seed)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let course = play(scenario, script, *seed);
            done.lock().unwrap().push(course);
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let mut courses = done.into_inner().unwrap();
    courses.sort_by(|one, other| one.name.cmp(&other.name));
    courses
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/courses/courses.txt")
}

/// A folder that outlives the test, so that what is in it can be compared.
fn outlives(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn the_shipped_scripts_take_the_course_that_they_always_took() {
    let courses = all();
    assert_eq!(courses.len(), 10 * SCRIPTS.len() * SEEDS.len());
    let text: String = courses.iter().map(|course| course.digest() + "\n").collect();
    if std::env::var_os("WRITE_COURSES").is_some() {
        fs::write(kept(), &text).unwrap();
        let folder = outlives("courses-then");
        for course in &courses {
            course.write_to(&folder);
        }
        println!("the courses are in {}", folder.display());
        return;
    }
    let before = fs::read_to_string(kept()).unwrap();
    let before: BTreeSet<&str> = before.lines().collect();
    let mut told = String::new();
    for course in courses.iter().filter(|course| !before.contains(course.digest().as_str())) {
        let was = before.iter().find(|line| line.starts_with(&format!("{} ", course.name)));
        let path = course.write_to(&outlives("courses-now"));
        writeln!(told, "was {}\nis  {}\n    {}", was.unwrap_or(&"not there"), course.digest(), path.display()).unwrap();
    }
    assert!(told.is_empty(), "drills take another course than before:\n{told}");
    assert_eq!(before.len(), courses.len(), "a line of courses.txt belongs to no drill");
}

/// What the digests are of: facts that tell drills apart, and no sentence.
#[test]
fn a_course_holds_facts_and_no_sentence() {
    let courses = ["deviates", "holds"].map(|script| play("leaked-credentials", script, 1));
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for line in courses.iter().flat_map(|course| course.text.lines().take(course.entries)) {
        let [_, _, _, kind, data] = line.splitn(5, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        *kinds.entry(kind.to_owned()).or_default() += 1;
        assert!(!data.contains(' '), "words in a course: {line}");
        assert!(BARE.contains(&kind) || kind == "world.fault-active" || data.len() > 2, "nothing is kept of {line}");
    }
    assert!(kinds.len() > 20, "{kinds:?}");
}
