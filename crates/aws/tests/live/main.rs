//! The live world against an AWS endpoint of the project's own, over real HTTP.

mod crash;
mod fixture;
mod refused;
mod whole;
