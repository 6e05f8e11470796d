//! How long a drill's hour takes, and what the workload model saves against simulating every request.
//!
//! `cargo bench --bench world`. The per-request simulation is the one that the tests hold the model against.

#![expect(clippy::expect_used, reason = "a measurement that can not start may stop")]

use std::sync::Arc;

use firedrill_account::SimWorld;
use firedrill_account::workload_of;
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::request::Request;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, Span};
use firedrill_queueing::{Capacity, Hanging};

#[path = "../tests/it/world/oracle.rs"]
#[expect(dead_code, reason = "the tests look at more of it")]
mod oracle;

fn main() {
    divan::main();
}

fn scenario(text: &str) -> Arc<Scenario> {
    Arc::new(toml::from_str(text).expect("the scenario can be read"))
}

fn crypto_mining() -> Arc<Scenario> {
    scenario(include_str!("../scenarios/crypto-mining/scenario.toml"))
}

fn open_ssh_port() -> Arc<Scenario> {
    scenario(include_str!("../scenarios/open-ssh-port/scenario.toml"))
}

fn after(secs: u64) -> DrillTime {
    DrillTime::ZERO + Span::from_secs(secs)
}

/// An hour of a drill; `responses` are seconds, action and target.
fn hour(scenario: &Arc<Scenario>, responses: &[(u64, &str, &str)]) -> usize {
    let mut world = SimWorld::new(scenario.clone(), 7, "2026-11-24T09:00:00Z".parse().expect("a moment"));
    let mut said = world.advance(after(300)).len();
    said += world.perform(&Request::FireFault, after(300)).len();
    for ((secs, action, target), run) in responses.iter().zip(1..) {
        let request =
            Request::Respond { run, action: ActionId::new(action).expect("an id"), target: TargetId::new(target).ok() };
        said += world.advance(after(*secs)).len() + world.perform(&request, after(*secs)).len();
    }
    said + world.advance(after(3_600)).len()
}

/// Nothing is done: the workload rests nearly all the time.
#[divan::bench]
fn hour_of_open_ssh_port(bencher: divan::Bencher<'_, '_>) {
    let scenario = open_ssh_port();
    bencher.bench(|| hour(&scenario, &[]));
}

/// An instance is terminated at once and the miner comes back: several changes of load and capacity.
#[divan::bench]
fn hour_of_crypto_mining(bencher: divan::Bencher<'_, '_>) {
    let scenario = crypto_mining();
    let responses = [
        (1_200, "terminate", "i-0a1b2c3d4e5f60001"),
        (1_800, "rotate-credentials", "personalization-role"),
        (2_400, "scale-out", "asg-personalization"),
    ];
    bencher.bench(|| hour(&scenario, &responses));
}

/// The shop for an hour with one of two instances of the service in the middle.
const HOUR: u64 = 3_600;

#[divan::bench]
fn workload_hour_as_fluid(bencher: divan::Bencher<'_, '_>) {
    let scenario = crypto_mining();
    bencher.bench(|| {
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
        workload.advance(after(HOUR).0);
        workload.sojourns().iter().map(|sojourn| sojourn.quantile(0.99)).sum::<f64>()
    });
}

#[divan::bench(sample_count = 5)]
fn workload_hour_request_by_request(bencher: divan::Bencher<'_, '_>) {
    let scenario = crypto_mining();
    let place = |id: &str| scenario.services.iter().position(|service| service.id.as_str() == id).expect("a service");
    let nodes: Vec<oracle::Node> = scenario
        .services
        .iter()
        .enumerate()
        .map(|(at, service)| {
            let instances = if at == 1 { 1 } else { 2 };
            oracle::Node {
                workers: usize::try_from(service.workers * instances).expect("small"),
                room: usize::try_from((service.workers + service.queue) * instances).expect("small"),
                own: service.service_time.as_secs_f64(),
                timeout: service.timeout.as_secs_f64(),
                traffic: service.traffic.first().map_or(0.0, |step| step.rate),
                calls: service.calls.iter().map(|call| (place(call.service.as_str()), call.retries)).collect(),
            }
        })
        .collect();
    bencher.bench(|| oracle::Run::new(nodes.clone(), 7).go(0.0, 3_600.0).iter().map(oracle::Seen::p99).sum::<f64>());
}
