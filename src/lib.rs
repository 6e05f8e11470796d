pub mod domain;
pub mod drill;
pub mod projection;
pub mod scenario;
pub mod tui;
pub mod world;
