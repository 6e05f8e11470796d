pub mod domain;
pub mod drill;
pub mod journal;
pub mod projection;
pub mod scenario;
pub mod store;
pub mod world;
