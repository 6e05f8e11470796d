//! The live world: what a drill creates and changes in an AWS account, and how all of it is undone.
//!
//! Everything that changes the account is a document of Systems Manager in `assets/aws/`, which its owner can read. A [`Kit`] is what one
//! scenario needs; [`template`] makes a stack of it, [`access`] its policies, [`plan`] says beforehand what a run would do, and
//! [`ledger`] keeps on disk how far it is from being undone. With the feature `sdk` there are the calls as well.
//!
//! What has to hold:
//!
//! - no change is asked for before its undo is on disk and armed in the account (`tests/crash.rs`);
//! - a state of the ledger is written before the call that it announces, and *ended* only from what was read in the account;
//! - the role that changes is not the role that restores, and neither can do what the scenario doesn't need (`tests/access.rs`);
//! - only what carries this drill's tag is undone; what somebody else changed is left and named;
//! - no credential is ever read here, and no error of the SDK is kept whole: code and message only.
#![cfg_attr(
    all(not(feature = "sdk"), not(test)),
    expect(dead_code, reason = "without the calls there is nobody who needs all of it")
)]

pub mod access;
pub mod consent;
pub mod kit;
pub mod ledger;
pub mod names;
pub mod plan;
pub mod runbook;
#[cfg(feature = "sdk")]
pub mod sdk;
pub mod template;

pub use kit::Kit;

/// What stands wherever a live drill is planned or run, until a record of a real account says otherwise.
pub const NEVER_RUN: &str = "This release has never run on AWS: it was tested against an emulated account only.";
