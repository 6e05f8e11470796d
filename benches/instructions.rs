//! How many instructions some fixed work takes, held against the limits in `benches/instructions.toml`: a guard against getting slower
//! that doesn't depend on how busy a machine is.
//!
//! ```text
//! cargo test --bench instructions -- count     counts, compares; exit code 1 if a limit is passed
//! cargo test --bench instructions -- retake    counts, and writes the limits anew
//! ```
//!
//! Cachegrind (of Valgrind) counts; without it this says so and does nothing. What is counted is the program as the tests run it, not
//! optimised: it needs no further build, and sees more work being done, though not worse machine code. What a release takes, the other
//! benches measure. Counts are those of one compiler: with another one only twice as much counts as slower.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints, and one that can't start may stop"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Arc;

use chrono::DateTime;
use firedrill_account::SimWorld;
use firedrill_account::workload_of;
use firedrill_core::projection::search::{Query, Search};
use firedrill_core::projection::view::LogRow;
use firedrill_core::projection::{Rows, Transport, Viewer};
use firedrill_model::event::{Entry, Event};
use firedrill_model::event::{Sample, WorldEvent};
use firedrill_model::id::{ActionId, DrillId, ScenarioId, ServiceId, TargetId};
use firedrill_model::request::Request;
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::{Call, Service};
use firedrill_model::{Audience, Author, DrillTime, LogRecord, LogSource, LogText, RecordId, Role, SafeText, Span};
use firedrill_queueing::{Capacity, Hanging, Workload};
use firedrill_record::journal::{Header, body, chained, scan};
use serde::{Deserialize, Serialize};

/// A piece of work: what it needs is made first, then it is done so many times.
type Work = fn(u32);

const WORKS: [(&str, Work); 6] = [
    ("an-hour-of-a-drill", drill),
    ("an-hour-of-the-model", model),
    ("a-second-of-the-largest-workload", largest),
    ("narrowing-10000-records", narrowing),
    ("seeking-in-10000-entries", seek),
    ("reading-a-journal-of-2000-entries", journal),
];
/// So much more than its limit counts as slower, as a share: counts move a little with the machine's own libraries.
const TOLERANCE: f64 = 0.03;
/// The same with another compiler than the one that the limits were taken with.
const TOLERANCE_ELSEWHERE: f64 = 1.0;

/// The file of limits.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Limits {
    rustc: String,
    instructions: BTreeMap<String, u64>,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match *words {
        ["work", name, times] => {
            let (_, work) = WORKS.iter().find(|(known, _)| *known == name).expect("a known name");
            work(times.parse().expect("a number"));
            ExitCode::SUCCESS
        }
        ["count"] => count(false),
        ["retake"] => count(true),
        _ => ExitCode::SUCCESS,
    }
}

// --- Counting ---

fn count(retake: bool) -> ExitCode {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: Valgrind is not installed, nothing is counted");
        return ExitCode::SUCCESS;
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/instructions.toml");
    let limits: Limits =
        std::fs::read_to_string(&path).ok().and_then(|text| toml::from_str(&text).ok()).unwrap_or_default();
    let rustc = compiler();
    let tolerance = if rustc == limits.rustc { TOLERANCE } else { TOLERANCE_ELSEWHERE };
    if rustc != limits.rustc && !retake {
        println!("the limits are of {}, this is {rustc}: only twice as much counts as slower", limits.rustc);
    }
    let mut counted = BTreeMap::new();
    let mut slower = false;
    for (name, _) in WORKS {
        let count = instructions(name, 1).saturating_sub(instructions(name, 0));
        counted.insert(name.to_owned(), count);
        let Some(limit) = limits.instructions.get(name).copied() else {
            println!("{name:36} {count:>14}   no limit is known");
            slower |= !retake;
            continue;
        };
        let share = figure(count) / figure(limit) - 1.0;
        let verdict = if share > tolerance { "SLOWER" } else { "" };
        println!("{name:36} {count:>14}   {:+.1} % {verdict}", 100.0 * share);
        slower |= share > tolerance;
    }
    if retake {
        let text = toml::to_string(&Limits { rustc, instructions: counted }).expect("plain figures");
        let head = "# Taken by `cargo test --bench instructions -- retake`. What is counted: benches/instructions.rs\n";
        std::fs::write(path, format!("{head}{text}")).expect("the file can be written");
        return ExitCode::SUCCESS;
    }
    if slower { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

#[expect(clippy::cast_precision_loss, reason = "shares of large counts")]
fn figure(count: u64) -> f64 {
    count as f64
}

fn compiler() -> String {
    let told = Command::new("rustc").arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&told).trim().to_owned()
}

/// Instructions of this program with a piece of work done so many times, its preparation included.
fn instructions(name: &str, times: u32) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(program)
        .args(["work", name, &times.to_string()])
        .output()
        .expect("Valgrind runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let line = said.lines().find_map(|line| line.split_once("refs:")).expect("a count");
    line.1.trim().replace(',', "").parse().expect("a number")
}

// --- The work ---

fn after(secs: u64) -> DrillTime {
    DrillTime::ZERO + Span::from_secs(secs)
}

fn shop() -> Arc<Scenario> {
    let text = include_str!("../scenarios/crypto-mining/scenario.toml");
    Arc::new(toml::from_str(text).expect("the scenario is read"))
}

/// An hour of the world, in which an instance is terminated.
fn drill(times: u32) {
    let scenario = shop();
    for _ in 0..times {
        let mut world = SimWorld::new(scenario.clone(), 7, "2026-11-24T09:00:00Z".parse().expect("a moment"));
        black_box(world.advance(after(300)).len());
        black_box(world.perform(&Request::FireFault, after(300)).len());
        let action = ActionId::new("terminate").expect("an id");
        let target = TargetId::new("i-0a1b2c3d4e5f60001").ok();
        black_box(world.perform(&Request::Respond { run: 1, action, target }, after(1_200)).len());
        black_box(world.advance(after(3_600)).len());
    }
}

/// An hour of the shop with one of two instances gone, read every ten seconds as a drill does.
fn model(times: u32) {
    let scenario = shop();
    for _ in 0..times {
        let mut workload = workload_of(&scenario.services);
        for (place, service) in scenario.services.iter().enumerate() {
            workload.set_traffic(place, service.traffic.first().map_or(0.0, |step| step.rate), 0);
            serve(&mut workload, place, if place == 1 { 1 } else { 2 });
        }
        let mut version = 0;
        for tens in 1..=360 {
            workload.advance(after(10 * tens).0);
            if workload.version() != version {
                version = workload.version();
                black_box(workload.sojourns().len());
            }
        }
    }
}

fn serve(workload: &mut Workload, place: usize, instances: u32) {
    workload.set_capacity(place, Capacity { instances, speed: 1.0, fails: 0.0, hanging: Hanging::NONE, held: 0.0 }, 0);
}

/// Two services of many workers that call a third, as large as `firedrill check` lets pass: the second after their traffic has changed.
fn largest(times: u32) {
    let scenario = shop();
    let first = scenario.services.first().expect("a service");
    let service = |id: &str, calls: Vec<Call>| Service {
        id: ServiceId::new(id).expect("an id"),
        workers: 200,
        queue: 50,
        service_time: Span::from_millis(20),
        timeout: Span::from_millis(500),
        calls,
        ..first.clone()
    };
    let calls = || vec![Call { service: ServiceId::new("called").expect("an id"), retries: 2 }];
    let called = Service { workers: 40, queue: 160, ..service("called", Vec::new()) };
    let services = [service("one", calls()), service("other", calls()), called];
    let mut workload = workload_of(&services);
    for place in 0..3 {
        serve(&mut workload, place, 4);
    }
    for second in 0..u64::from(times) {
        for place in 0..2 {
            workload.set_traffic(place, 4_000.0 + figure(second), after(second).0);
        }
        workload.advance(after(second + 1).0);
    }
}

/// One letter more in a search of the log.
fn narrowing(times: u32) {
    let row = |seq: u64| {
        let summary = if seq.is_multiple_of(10) {
            "sts:AssumeRole by deploy-role from 203.0.113.9".to_owned()
        } else {
            format!("ACCEPT 10.0.1.{} -> 10.0.1.21:8080", seq % 250)
        };
        let raw = SafeText::new("2 111122223333 eni-0a1b2c3d 10.0.1.9 10.0.1.21 40000 8080 6 12 3400 ACCEPT OK");
        let happened = DrillTime(seq * 36_000);
        let record = LogRecord::new(
            RecordId::of("bench", seq),
            LogSource::VpcFlow,
            happened,
            LogText::of(SafeText::new(&summary), raw),
        );
        LogRow { seq, delivered: happened, record: record.into() }
    };
    let rows: Rows<LogRow> = (0..10_000).map(row).collect();
    let mut search = Search::default();
    search.look(&rows, 0, Query::new("assum", None));
    for _ in 0..times {
        black_box(search.look(&rows, 0, Query::new("assume", None)).len());
    }
}

fn entry(seq: u64, signals: usize) -> Entry {
    let sample = Sample { values: vec![41.25; signals], requests: 6125.0, failed: 2.0, by_service: Vec::new() };
    Entry {
        seq,
        at: DrillTime(seq * 1_000_000),
        utc: DateTime::UNIX_EPOCH,
        by: Author::World(firedrill_model::id::WorldId::simulated()),
        to: Audience::Everyone,
        source: None,
        event: Event::World(WorldEvent::Sampled(sample)),
    }
}

/// A replay is put together, and looked at in the middle, near the end and near the beginning.
fn seek(times: u32) {
    let scenario = shop();
    let entries: Vec<Entry> = (0..10_000).map(|seq| entry(seq, scenario.signals.len())).collect();
    let seat = Viewer::Seat("seat-1".to_owned().try_into().expect("a seat"), Role::Responder);
    let mut transport = Transport::new(scenario, entries, true, seat);
    for _ in 0..times {
        for place in [5_017, 9_991, 203] {
            transport.seek(after(place));
            black_box(transport.view().next_seq);
        }
    }
}

/// A journal is read: every hash and every entry is checked.
fn journal(times: u32) {
    let ids = (DrillId::new("2026-11-24-brave-otter"), ScenarioId::new("crypto-mining"));
    let header = Header::new(
        ids.0.expect("an id"),
        ids.1.expect("an id"),
        "",
        7,
        ("simulated", firedrill_account::MODEL),
        DateTime::UNIX_EPOCH,
    );
    let (mut bytes, mut head) = chained(None, &header.body());
    for seq in 0..2_000 {
        let (line, hash) = chained(Some(&head), &body(&entry(seq, 5), seq));
        bytes += &line;
        head = hash;
    }
    for _ in 0..times {
        black_box(scan("journal.jsonl", bytes.as_bytes()));
    }
}
