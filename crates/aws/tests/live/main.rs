//! The live world against an AWS endpoint of the project's own, over real HTTP.
// Lets clippy know that helpers among tests may unwrap as tests do.
#![cfg(test)]

mod crash;
mod fixture;
mod refused;
mod whole;
