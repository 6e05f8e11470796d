//! The record of a drill: its format ([`journal`]) and its files ([`store`]).

pub mod journal;
pub mod store;
