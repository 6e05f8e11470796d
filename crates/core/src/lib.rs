//! The core: the rules of a drill ([`rules`]) and the folds over its entries ([`projection`]). Pure: no file, clock, thread or socket.

extern crate alloc;

pub mod engine;
pub mod projection;
pub mod rules;
