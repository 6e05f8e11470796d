//! The workload model against simulators that nobody here wrote: Ciw, and `SimPy` on random workloads. `tests/peers/ciw_queue.py` and
//! `tests/peers/simpy_queues.py` made the figures.
//!
//! A simulation is never exact: two standard errors of its figures are allowed on top of each tolerance.

use std::collections::BTreeMap;

use firedrill_account::workload_of;
use firedrill_model::id::ServiceId;
use firedrill_model::scenario::{Call, Service};
use firedrill_model::{DrillTime, Span};
use firedrill_queueing::{Capacity, Hanging, Workload};

/// One instance at full speed.
const ONE: Capacity = Capacity { instances: 1, speed: 1.0, fails: 0.0, hanging: Hanging::NONE, held: 0.0 };

fn service(workers: u32, queue: u32, own: f64, timeout: f64) -> Service {
    let mut service = super::scenario("crypto-mining").services[1].clone();
    service.workers = workers;
    service.queue = queue;
    service.service_time = Span::from_secs_f64(own);
    service.timeout = Span::from_secs_f64(timeout);
    service.calls = Vec::new();
    service
}

#[test]
fn one_queue_agrees_with_ciw() {
    let figures = include_str!("../../peers/ciw_queue.csv");
    let mut compared = 0;
    for line in figures.lines().skip(1) {
        let row: Vec<f64> = line.split(',').map(|figure| figure.parse().expect("a figure")).collect();
        let [workers, waiting, load, mean, p99, refused] = row[..] else { panic!("six figures: {line}") };
        let mut workload = workload_of(&[service(workers as u32, waiting as u32, 0.01, 60.0)]);
        workload.set_traffic(0, load * workers * 100.0, 0);
        workload.set_capacity(0, ONE, 0);
        workload.settle();
        let sojourn = &workload.sojourns()[0];
        let (ours, tail) = (1e3 * sojourn.mean_up_to(60.0), 1e3 * sojourn.quantile(0.99));
        assert!((ours / mean - 1.0).abs() < 0.03, "{line}: mean {ours}");
        assert!((tail / p99 - 1.0).abs() < 0.05, "{line}: 99th percentile {tail}");
        let lost = 100.0 * workload.stations()[0].shown_failing();
        assert!((lost - refused).abs() < 1.0, "{line}: lost {lost}");
        compared += 1;
    }
    assert_eq!(compared, 7);
}

/// A service of a random workload, and what `SimPy` saw of it: each a mean of some runs with its standard error.
struct Row {
    line: &'static str,
    workers: u32,
    queue: u32,
    own: f64,
    timeout: f64,
    traffic: f64,
    calls: Vec<(usize, u32)>,
    mean: (f64, f64),
    p99: (f64, f64),
    lost: (f64, f64),
    cpu: (f64, f64),
}

impl Row {
    fn read(line: &'static str) -> ((&'static str, u32), Self) {
        let cells: Vec<&str> = line.split(',').collect();
        let figure = |at: usize| -> f64 { cells[at].parse().expect("a figure") };
        let call = |call: &str| {
            let (callee, retries) = call.split_once(':').expect("service:retries");
            (callee.parse().expect("a place"), retries.parse().expect("a number"))
        };
        let row = Self {
            line,
            workers: figure(3) as u32,
            queue: figure(4) as u32,
            own: figure(5),
            timeout: figure(6),
            traffic: figure(7),
            calls: cells[8].split_whitespace().map(call).collect(),
            mean: (figure(9), figure(10)),
            p99: (figure(11), figure(12)),
            lost: (figure(13), figure(14)),
            cpu: (figure(15), figure(16)),
        };
        ((cells[0], figure(1) as u32), row)
    }
}

fn workloads(figures: &'static str) -> BTreeMap<(&'static str, u32), Vec<Row>> {
    let mut workloads: BTreeMap<_, Vec<Row>> = BTreeMap::new();
    for line in figures.lines().skip(1) {
        let (name, row) = Row::read(line);
        workloads.entry(name).or_default().push(row);
    }
    workloads
}

fn at_rest(rows: &[Row]) -> Workload {
    let mut services: Vec<Service> =
        rows.iter().map(|row| service(row.workers, row.queue, row.own, row.timeout)).collect();
    for (place, service) in services.iter_mut().enumerate() {
        service.id = ServiceId::new(&format!("service-{place}")).expect("an id");
    }
    let ids: Vec<_> = services.iter().map(|service| service.id.clone()).collect();
    for (service, row) in services.iter_mut().zip(rows) {
        service.calls = row
            .calls
            .iter()
            .map(|(callee, retries)| Call { service: ids[*callee].clone(), retries: *retries })
            .collect();
    }
    let mut workload = workload_of(&services);
    for (place, row) in rows.iter().enumerate() {
        workload.set_traffic(place, row.traffic, 0);
        workload.set_capacity(place, ONE, 0);
    }
    workload.settle();
    workload
}

/// How far the model is off, beyond two standard errors: mean and 99th percentile as shares, loss and CPU in percentage points.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Off {
    mean: f64,
    p99: f64,
    lost: f64,
    cpu: f64,
}

/// One of these.
type Figure = fn(&Off) -> f64;

fn beyond(ours: f64, (theirs, error): (f64, f64)) -> f64 {
    ((ours - theirs).abs() - 2.0 * error).max(0.0)
}

fn compare(rows: &[Row]) -> Vec<(&'static str, Off)> {
    let workload = at_rest(rows);
    let sojourns = workload.sojourns();
    let each = rows.iter().zip(&sojourns).zip(workload.stations());
    each.map(|((row, sojourn), station)| {
        let ours = 1e3 * sojourn.mean_up_to(row.timeout);
        let p99 = 1e3 * sojourn.quantile(0.99).min(row.timeout);
        let lost = 100.0 * station.shown_failing();
        let cpu = 100.0 * station.outcome.served * station.own_work() / f64::from(row.workers);
        let off = Off {
            mean: beyond(ours, row.mean) / row.mean.0,
            p99: beyond(p99, row.p99) / row.p99.0,
            lost: beyond(lost, row.lost),
            cpu: beyond(cpu, row.cpu),
        };
        (row.line, off)
    })
    .collect()
}

/// What a family of workloads may be off by: nine in ten figures, and each.
struct Tolerance {
    mean: (f64, f64),
    p99: (f64, f64),
    lost: (f64, f64),
    cpu: (f64, f64),
}

/// One queue is exact but for time-outs on a grid. What services do to each other is worked out one call at a time (`ARCHITECTURE.md`, "The
/// world", says what that leaves out), and is least sure where several callers with few workers share a service, and where callers
/// give up and try again: there a small difference in load decides whether it collapses.
fn tolerance(family: &str) -> Tolerance {
    match family {
        "single" | "single-timeout" => {
            Tolerance { mean: (0.03, 0.03), p99: (0.05, 0.05), lost: (1.0, 1.0), cpu: (1.0, 1.0) }
        }
        "retry-timeout" => Tolerance { mean: (0.08, 0.20), p99: (0.08, 0.12), lost: (4.0, 6.0), cpu: (2.0, 4.0) },
        _ => Tolerance { mean: (0.05, 0.05), p99: (0.08, 0.10), lost: (1.0, 2.0), cpu: (2.0, 4.0) },
    }
}

fn nine_in_ten(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() * 9).div_ceil(10) - 1]
}

#[test]
fn random_workloads_agree_with_simpy() {
    let mut families: BTreeMap<&str, Vec<(&str, Off)>> = BTreeMap::new();
    for ((family, _), rows) in workloads(include_str!("../../peers/simpy_queues.csv")) {
        families.entry(family).or_default().extend(compare(&rows));
    }
    let mut wrong = Vec::new();
    for (family, offs) in &families {
        let Tolerance { mean, p99, lost, cpu } = tolerance(family);
        let figures: [(&str, Figure, (f64, f64)); 4] = [
            ("mean", |off| off.mean, mean),
            ("99th percentile", |off| off.p99, p99),
            ("lost", |off| off.lost, lost),
            ("cpu", |off| off.cpu, cpu),
        ];
        for (name, figure, (most, each)) in figures {
            let off: Vec<f64> = offs.iter().map(|(_, off)| figure(off)).collect();
            let typical = nine_in_ten(off.clone());
            if typical > most {
                wrong.push(format!("{family}: {name}: nine in ten within {typical:.3}, not {most}"));
            }
            let far = offs.iter().filter(|(_, off)| figure(off) > each);
            wrong.extend(far.map(|(line, off)| format!("{name} off by {:.3}: {line}", figure(off))));
        }
    }
    assert_eq!(families.values().map(Vec::len).sum::<usize>(), 206);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A service loses or gets instances: times and losses of the requests that come in the ten seconds after it.
#[test]
fn steps_of_capacity_agree_with_simpy() {
    let mut steps: BTreeMap<u32, Vec<Vec<f64>>> = BTreeMap::new();
    for line in include_str!("../../peers/simpy_steps.csv").lines().skip(1) {
        let row: Vec<f64> = line.split(',').map(|figure| figure.parse().expect("a figure")).collect();
        steps.entry(row[0] as u32).or_default().push(row);
    }
    assert_eq!(steps.len(), 12);
    for rows in steps.values() {
        let [_, before, after, workers, queue, own, traffic, ..] = rows[0][..] else { panic!("a row") };
        let mut workload = workload_of(&[service(workers as u32, queue as u32, own, 60.0)]);
        workload.set_traffic(0, traffic, 0);
        workload.set_capacity(0, Capacity { instances: before as u32, ..ONE }, 0);
        workload.settle();
        let step = DrillTime::ZERO + Span::from_secs(10);
        workload.set_capacity(0, Capacity { instances: after as u32, ..ONE }, step.0);
        let (mut ours, mut theirs, mut error) = ((0.0, 0.0), (0.0, 0.0), 0.0);
        for row in rows {
            let (mean, lost) = second_of(&mut workload, step + Span::from_secs_f64(row[7]), 60.0);
            assert!(beyond(mean, (row[8], row[9])) < 0.2 * row[8], "{row:?}: mean {mean}");
            assert!(beyond(lost, (row[10], row[11])) < 4.0, "{row:?}: lost {lost}");
            (ours, theirs) = ((ours.0 + mean, ours.1 + lost), (theirs.0 + row[8], theirs.1 + row[10]));
            error += row[9];
        }
        // The mean of the ten seconds.
        assert!(beyond(ours.0, (theirs.0, error)) < 0.1 * theirs.0, "mean {ours:?} against {theirs:?}: {:?}", rows[0]);
        assert!((ours.1 - theirs.1).abs() < 10.0 * 1.5, "lost {ours:?} against {theirs:?}: {:?}", rows[0]);
    }
}

/// Means over the four quarters of the second from `from` on: time in milliseconds, loss in percent.
fn second_of(workload: &mut Workload, from: DrillTime, timeout: f64) -> (f64, f64) {
    let (mut mean, mut lost) = (0.0, 0.0);
    for part in [0.125, 0.375, 0.625, 0.875] {
        workload.advance((from + Span::from_secs_f64(part)).0);
        mean += 0.25 * 1e3 * workload.sojourns()[0].mean_up_to(timeout);
        lost += 0.25 * 100.0 * workload.stations()[0].shown_failing();
    }
    (mean, lost)
}

/// Traffic goes up to as much as 1.2 of what a service can do, and back after ten seconds, with bounded queues and time-outs: times and
/// losses of the requests that come in each of twenty seconds. One queue is followed by its own equations, in steps that are short against
/// what it takes to fill, so that it is hardly less near than at rest.
#[test]
fn surges_of_traffic_agree_with_simpy() {
    let mut surges: BTreeMap<u32, Vec<Vec<f64>>> = BTreeMap::new();
    for line in include_str!("../../peers/simpy_surges.csv").lines().skip(1) {
        let row: Vec<f64> = line.split(',').map(|figure| figure.parse().expect("a figure")).collect();
        surges.entry(row[0] as u32).or_default().push(row);
    }
    assert_eq!(surges.values().map(Vec::len).collect::<Vec<_>>(), [20; 12]);
    for rows in surges.values() {
        let [_, workers, queue, own, timeout, calm, surge, ..] = rows[0][..] else { panic!("a row") };
        let mut workload = workload_of(&[service(workers as u32, queue as u32, own, timeout)]);
        workload.set_traffic(0, calm, 0);
        workload.set_capacity(0, ONE, 0);
        workload.settle();
        let begin = DrillTime::ZERO + Span::from_secs(10);
        for (row, second) in rows.iter().zip(0_u64..) {
            let from = begin + Span::from_secs(second);
            match second {
                0 => workload.set_traffic(0, surge, from.0),
                10 => workload.set_traffic(0, calm, from.0),
                _ => {}
            }
            let (mean, lost) = second_of(&mut workload, from, timeout);
            assert!(beyond(mean, (row[8], row[9])) < 0.05 * row[8], "{row:?}: mean {mean}");
            assert!(beyond(lost, (row[10], row[11])) < 3.0, "{row:?}: lost {lost}");
        }
    }
}
