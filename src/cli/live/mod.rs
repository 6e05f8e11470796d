//! The live verbs: `plan`, `setup`, `teardown`, `run --live`, `recover`, `ours`. In a program that was built without the live world they
//! say so.

#[cfg(feature = "aws")]
mod account;
#[cfg(feature = "aws")]
mod guard;
#[cfg(feature = "aws")]
mod ours;
#[cfg(feature = "aws")]
mod plan;
#[cfg(feature = "aws")]
mod recover;
#[cfg(feature = "aws")]
mod run;
#[cfg(feature = "aws")]
mod say;
#[cfg(feature = "aws")]
mod setup;

#[cfg(feature = "aws")]
pub use {guard::guard, ours::ours, plan::plan, recover::recover, run::run, setup::setup, setup::teardown};

#[cfg(not(feature = "aws"))]
mod absent {
    use crate::cli::args::{Args, Ours, Plan, Recover, Run, Setup};
    use crate::cli::exit::{Exit, Failure};

    fn absent() -> Result<Exit, Failure> {
        let advice =
            "this program was built without the live world; build it with `cargo build --release --features aws`";
        Err(Failure::Usage(advice.into()))
    }

    pub fn plan(_: &Args, _: &Plan) -> Result<Exit, Failure> {
        absent()
    }

    pub fn setup(_: &Setup) -> Result<Exit, Failure> {
        absent()
    }

    pub fn teardown(_: &Setup) -> Result<Exit, Failure> {
        absent()
    }

    pub fn run(_: &Args, _: &Run) -> Result<Exit, Failure> {
        absent()
    }

    pub fn recover(_: &Args, _: &Recover) -> Result<Exit, Failure> {
        absent()
    }

    pub fn guard(_: &Args, _: &Recover) -> Result<Exit, Failure> {
        absent()
    }

    pub fn ours(_: &Ours) -> Result<Exit, Failure> {
        absent()
    }
}

#[cfg(not(feature = "aws"))]
pub use absent::{guard, ours, plan, recover, run, setup, teardown};
