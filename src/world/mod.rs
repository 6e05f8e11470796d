//! The simulated workload and everyone in it: traffic, services, adversary, detectors, channels, logs, effects of a response.
//!
//! Deterministic and synchronous: the same scenario, seed and requests bring the same observations, in the same order.

mod request;

pub use request::{Observation, Request, request_for};
