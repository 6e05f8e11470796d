//! The core: the rules of a drill ([`rules`]) and the folds over its entries ([`projection`]). Pure: no file, clock, thread or socket.

#![warn(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::alloc_instead_of_core)]

extern crate alloc;

pub mod engine;
pub mod projection;
pub mod rules;
