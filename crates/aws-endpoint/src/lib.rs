//! An AWS endpoint of the project's own: AWS's wire protocols over plain HTTP on loopback, and behind them an account that is emulated in
//! memory.
//!
//! ```text
//! HTTP --> wire (JSON, REST, CBOR, query; over shapes of botocore's models) --> Account::call(service, operation, input) --> wire --> HTTP
//! ```
//!
//! An operation is a small function from the account and its input to its output or an [`ApiError`]; wire protocols know no operation, and
//! operations know no protocol. Systems Manager's Automation and FIS call the same operations in the name of a role, whose policies decide.
//! Time is the account's own: a host may let it run faster than the wall's ([`Endpoint::advance`]).
//!
//! What it is for: the tests of the live world. What it does not claim: AWS's timing, most of IAM, and any operation that isn't listed in
//! `shapes/`.

pub mod account;
pub mod faults;
mod http;
mod server;
mod shapes;
mod wire;

pub use account::{Account, Principal};
pub use faults::{Fault, When};
pub use server::{Endpoint, Seen};

use serde_json::Value;

/// An operation's answer.
pub type Answer = Result<Value, ApiError>;

/// An error as AWS's services give it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// Its code, for example `ValidationException`.
    pub code: String,
    /// In words.
    pub message: String,
    /// HTTP status.
    pub status: u16,
}

impl ApiError {
    /// An error that the caller made.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status: 400 }
    }

    /// The same with another HTTP status.
    #[must_use]
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Not allowed.
    #[must_use]
    pub fn denied(action: &str) -> Self {
        Self::new("AccessDeniedException", format!("not authorized to perform: {action}")).with_status(403)
    }
}
