//! A scenario's services as the queueing model takes them.

use firedrill_model::scenario::{MOST_ROOM, MOST_WORKERS, Service};
use firedrill_queueing::{Build, Callee, Workload};

// What a scenario may ask for is what the method looks at.
const _: () = assert!(MOST_WORKERS == firedrill_queueing::MOST_WORKERS && MOST_ROOM == firedrill_queueing::MOST_ROOM);

/// The services of a scenario, idle. Calls to services that don't exist are left out.
#[must_use]
pub fn workload_of(services: &[Service]) -> Workload {
    Workload::new(services.iter().map(|service| build(service, services)).collect())
}

fn build(service: &Service, services: &[Service]) -> Build {
    let calls = service.calls.iter().filter_map(|call| {
        let station = services.iter().position(|other| other.id == call.service)?;
        Some(Callee { station, retries: call.retries })
    });
    Build {
        workers: service.workers,
        queue: service.queue,
        own: service.service_time.as_secs_f64(),
        timeout: service.timeout.as_secs_f64(),
        calls: calls.collect(),
    }
}
