//! What a drill and the workload model cost beside peers, in CPU time of the same run.
//!
//! `FIREDRILL_PYTHON=venv/bin/python cargo bench --bench peers`, where `venv` has `SimPy` (`benches/peers/drill_simpy.py` says how). Without
//! it, the drill's twin is left out and said so. Prints three tables (`-- drill`, `-- model` or `-- rates` for one):
//!
//! 1. An hour of `crypto-mining` in which an instance is terminated: the program's world against its twin in `SimPy`, which plays every
//!    request, in turn. Goal: 500 times cheaper. The ratio is against a model that costs a request at a time in Python; so the table also
//!    has the twin without requests, and the floor: a bare event loop in Rust with as many events as the twin has requests.
//!    What both say of the time to detect and to notify is held against each other by a Kolmogorov-Smirnov test.
//! 2. An hour of the shop in the workload model, read every second, against the tests' simulation of every request. Goal: 100 times cheaper.
//! 3. An hour in the model at several request rates: it does not grow with them.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints, and one that can't start may stop"
)]

#[path = "../tests/it/world/oracle.rs"]
#[expect(dead_code, reason = "the tests look at more of it")]
mod oracle;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;

use firedrill_account::SimWorld;
use firedrill_account::workload_of;
use firedrill_model::event::WorldEvent;
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::request::Request;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Span};
use firedrill_queueing::{Capacity, Hanging, Workload};
use rustix::time::{ClockId, clock_gettime};

const SCENARIO: &str = "scenarios/crypto-mining/scenario.toml";
const HOUR: u64 = 3_600;
/// Drills whose times to detect and to notify are compared.
const DRILLS: u64 = 300;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wanted = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    // `cargo test --benches` only asks whether this starts.
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    let scenario: Arc<Scenario> = Arc::new(
        toml::from_str(include_str!("../scenarios/crypto-mining/scenario.toml")).expect("the scenario is read"),
    );
    if wanted("drill") {
        drill_beside_its_twin(&scenario);
    }
    if wanted("model") {
        model_beside_every_request(&scenario);
    }
    if wanted("rates") {
        rates();
    }
}

/// CPU seconds of this process so far.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Span::from_secs(time.tv_sec.unsigned_abs()).as_secs_f64() + seconds_of(time.tv_nsec)
}

#[expect(clippy::cast_precision_loss, reason = "below a second")]
fn seconds_of(nanoseconds: i64) -> f64 {
    nanoseconds as f64 / 1e9
}

/// CPU seconds of one call, as the mean of so many.
fn cost<T>(times: u32, mut call: impl FnMut() -> T) -> f64 {
    let before = cpu();
    for _ in 0..times {
        black_box(call());
    }
    (cpu() - before) / f64::from(times)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn after(secs: u64) -> DrillTime {
    DrillTime::ZERO + Span::from_secs(secs)
}

// --- A drill ---

/// An hour of the world: the fault after five minutes, an instance terminated after twenty.
fn drill(scenario: &Arc<Scenario>, seed: u64) -> Vec<firedrill_model::Occurrence> {
    let mut sim = SimWorld::new(scenario.clone(), seed, "2026-11-24T09:00:00Z".parse().expect("a moment"));
    let mut said = sim.advance(after(300));
    said.extend(sim.perform(&Request::FireFault, after(300)));
    let action = ActionId::new("terminate").expect("an id");
    let target = TargetId::new("i-0a1b2c3d4e5f60001").ok();
    said.extend(sim.perform(&Request::Respond { run: 1, action, target }, after(1_200)));
    said.extend(sim.advance(after(HOUR)));
    said
}

/// Seconds from the fault to the first finding of the first detector, and from there to the team.
fn told(scenario: &Scenario, seen: &[firedrill_model::Occurrence]) -> Option<(f64, f64)> {
    let first = &scenario.detectors.first()?.id;
    let at = |wanted: &dyn Fn(&WorldEvent) -> bool| seen.iter().find(|one| wanted(&one.event)).map(|one| one.at);
    let fault = at(&|event| matches!(event, WorldEvent::FaultActive))?;
    let found = at(&|event| matches!(event, WorldEvent::FindingCreated { finding } if finding.detector == *first))?;
    let told = at(&|event| matches!(event, WorldEvent::Notified { finding, .. } if finding.detector == *first))?;
    Some((found.since(fault).as_secs_f64(), told.since(found).as_secs_f64()))
}

/// What a drill of the twin said.
#[derive(serde::Deserialize)]
struct Twin {
    cpu: f64,
    found: Option<f64>,
    told: Option<f64>,
    requests: u64,
}

fn twin(seed: u64, drills: u64, part: &str) -> Option<Vec<Twin>> {
    let python = std::env::var("FIREDRILL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let words = ["benches/peers/drill_simpy.py", SCENARIO, &seed.to_string(), &drills.to_string(), part];
    let output = Command::new(python).args(words).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let twins: Vec<Twin> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    (!twins.is_empty()).then_some(twins)
}

/// A bare event loop: one key in a heap, one exponential number for each event.
fn floor(events: u64) -> u64 {
    let mut heap: BinaryHeap<Reverse<u128>> = (0..16_u128).map(|slot| Reverse(slot << 64)).collect();
    let mut state = 1_u64;
    for _ in 0..events {
        let Some(Reverse(key)) = heap.pop() else { break };
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let unit = f64::from(u32::try_from(state >> 33).unwrap_or(u32::MAX)) / f64::from(u32::MAX) + 1e-9;
        heap.push(Reverse(key + u128::from(Span::from_secs_f64(1.0 - libm::log(unit)).0)));
    }
    heap.len() as u64
}

fn drill_beside_its_twin(scenario: &Arc<Scenario>) {
    println!("1. an hour of crypto-mining, CPU seconds");
    let (mut ours, mut theirs, mut without, mut requests) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for round in 0..3 {
        ours.push(cost(20, || drill(scenario, round)));
        let (Some(whole), Some(findings)) = (twin(round, 1, "whole"), twin(round, 1, "findings")) else {
            println!("   the world alone: {:.5}", median(ours));
            println!("   no SimPy here: set FIREDRILL_PYTHON to a Python that has it; the twin is left out");
            return;
        };
        requests = whole.iter().map(|one| one.requests).sum();
        theirs.extend(whole.iter().map(|one| one.cpu));
        without.extend(findings.iter().map(|one| one.cpu));
    }
    let (ours, theirs, without) = (median(ours), median(theirs), median(without));
    let least = cost(1, || floor(2 * requests));
    println!("   the world                          {ours:.5}");
    println!("   its twin in SimPy, each request    {theirs:.3}   {:.0} times the world (goal 500)", theirs / ours);
    println!("   the twin without requests          {without:.4}   {:.1} times the world", without / ours);
    println!("   floor: {} bare events in a heap {least:.3}   {:.1} times the world", 2 * requests, least / ours);
    let twins = twin(1_000, DRILLS, "findings").unwrap_or_default();
    let pairs: Vec<(f64, f64)> = (0..DRILLS).filter_map(|seed| told(scenario, &drill(scenario, seed))).collect();
    let other: Vec<(f64, f64)> = twins.iter().filter_map(|one| one.found.zip(one.told)).collect();
    for (name, pick) in [("detect", 0), ("notify", 1)] {
        let of = |pairs: &[(f64, f64)]| pairs.iter().map(|pair| if pick == 0 { pair.0 } else { pair.1 }).collect();
        let (distance, p) = kolmogorov_smirnov(of(&pairs), of(&other));
        println!(
            "   time to {name}: {} drills each, largest distance {distance:.3}, p = {p:.3} (goal over 0.01)",
            other.len()
        );
    }
}

/// The largest distance of two empirical distributions and the chance of one as large if they were the same (asymptotic form).
fn kolmogorov_smirnov(mut left: Vec<f64>, mut right: Vec<f64>) -> (f64, f64) {
    left.sort_by(f64::total_cmp);
    right.sort_by(f64::total_cmp);
    let share = |values: &[f64], at: f64| count(values.partition_point(|value| *value <= at)) / count(values.len());
    let all = left.iter().chain(&right);
    let distance = all.map(|at| (share(&left, *at) - share(&right, *at)).abs()).fold(0.0, f64::max);
    let size = count(left.len()) * count(right.len()) / (count(left.len()) + count(right.len()));
    let scaled = libm::sqrt(size) * distance;
    let term =
        |n: i32| f64::from(if n % 2 == 1 { 2 } else { -2 }) * libm::exp(-2.0 * f64::from(n * n) * scaled * scaled);
    (distance, (1..100).map(term).sum::<f64>().clamp(0.0, 1.0))
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn count(of: usize) -> f64 {
    of as f64
}

// --- The workload ---

/// The services of a scenario, one instance of the second gone.
fn shop(scenario: &Scenario) -> Workload {
    let mut workload = workload_of(&scenario.services);
    for (place, service) in scenario.services.iter().enumerate() {
        workload.set_traffic(place, service.traffic.first().map_or(0.0, |step| step.rate), 0);
        let capacity = Capacity {
            instances: if place == 1 { 1 } else { 2 },
            speed: 1.0,
            fails: 0.0,
            hanging: Hanging::NONE,
            held: 0.0,
        };
        workload.set_capacity(place, capacity, 0);
    }
    workload
}

/// An hour with a tick every second, at which times are read where something has changed.
fn ticked(mut workload: Workload) -> f64 {
    let (mut version, mut sum) = (u64::MAX, 0.0);
    for second in 1..=HOUR {
        workload.advance(after(second).0);
        if workload.version() != version {
            version = workload.version();
            sum += workload.sojourns().iter().map(|sojourn| sojourn.quantile(0.99)).sum::<f64>();
        }
    }
    sum
}

fn nodes(scenario: &Scenario) -> Vec<oracle::Node> {
    let place = |id: &str| scenario.services.iter().position(|service| service.id.as_str() == id).expect("a service");
    let node = |(at, service): (usize, &firedrill_model::scenario::Service)| {
        let instances = if at == 1 { 1 } else { 2 };
        let size = |count: u32| usize::try_from(count * instances).expect("small");
        oracle::Node {
            workers: size(service.workers),
            room: size(service.workers + service.queue),
            own: service.service_time.as_secs_f64(),
            timeout: service.timeout.as_secs_f64(),
            traffic: service.traffic.first().map_or(0.0, |step| step.rate),
            calls: service.calls.iter().map(|call| (place(call.service.as_str()), call.retries)).collect(),
        }
    };
    scenario.services.iter().enumerate().map(node).collect()
}

fn model_beside_every_request(scenario: &Scenario) {
    println!("2. an hour of the shop, one of two instances gone, CPU seconds");
    let (mut model, mut requests) = (Vec::new(), Vec::new());
    for round in 0..5 {
        model.push(cost(10, || ticked(shop(scenario))));
        requests.push(cost(1, || oracle::Run::new(nodes(scenario), round).go(0.0, 3_600.0).len()));
    }
    let ratios = requests.iter().zip(&model).map(|(theirs, ours)| theirs / ours).collect();
    let (model, requests) = (median(model), median(requests));
    println!("   the model, read every second       {model:.5}");
    println!("   each request, in Rust              {requests:.3}   {:.0} times the model (goal 100)", median(ratios));
}

fn rates() {
    println!("3. an hour of one service at 80 % of its capacity, CPU seconds");
    let text = include_str!("../scenarios/crypto-mining/scenario.toml");
    let scenario: Scenario = toml::from_str(text).expect("the scenario is read");
    for rate in [10.0, 100.0, 1_000.0, 10_000.0] {
        let service = firedrill_model::scenario::Service {
            workers: 8,
            queue: 100,
            // The same load: ten times the requests, each a tenth of the work.
            service_time: Span::from_secs_f64(0.8 * 16.0 / rate),
            calls: Vec::new(),
            ..scenario.services.first().expect("a service").clone()
        };
        let hour = || {
            let mut workload = workload_of(std::slice::from_ref(&service));
            workload.set_traffic(0, rate, 0);
            workload.set_capacity(
                0,
                Capacity { instances: 2, speed: 1.0, fails: 0.0, hanging: Hanging::NONE, held: 0.0 },
                0,
            );
            ticked(workload)
        };
        println!("   {rate:>6} requests a second           {:.6}", cost(10, hour));
    }
}
