pub mod domain;
pub mod drill;
pub mod plain;
pub mod projection;
pub mod report;
pub mod scenario;
pub mod world;
