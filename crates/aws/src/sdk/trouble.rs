//! What goes wrong with a call, without anything secret in it: the operation, a code, a message.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// What went wrong. Reads after "failed to ...".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No region is set.
    #[error("find a region: set AWS_REGION, or `region` in the profile")]
    NoRegion,
    /// There are no credentials.
    #[error("find AWS credentials: log in (for example `aws sso login`), or set AWS_PROFILE")]
    NoCredentials,
    /// They have expired.
    #[error("call {0}: the credentials have expired; log in again")]
    Expired(String),
    /// The caller may not do that.
    #[error("call {0}: not allowed ({1})")]
    Denied(String, String),
    /// Too many calls.
    #[error("call {0}: AWS asks to call less often")]
    Throttled(String),
    /// No answer.
    #[error("call {0}: no answer from AWS")]
    Unreachable(String),
    /// The service says no.
    #[error("call {call}: {code}: {message}")]
    Service {
        /// The operation.
        call: String,
        /// The error's code.
        code: String,
        /// In the service's words.
        message: String,
    },
    /// An answer without what it should have.
    #[error("call {0}: the answer lacks what is needed")]
    Unexpected(String),
}

impl Trouble {
    /// Says whether trying again can help.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::Throttled(_) | Self::Unreachable(_) => true,
            Self::Service { code, .. } => code.starts_with("Internal") || code == "ServiceUnavailable",
            Self::NoRegion | Self::NoCredentials | Self::Expired(_) | Self::Denied(..) | Self::Unexpected(_) => false,
        }
    }

    /// Says whether what was asked for isn't there, or is over: for something that is being undone that is as good as done.
    #[must_use]
    pub(crate) fn is_gone(&self) -> bool {
        match self {
            Self::Service { code, .. } => {
                code.contains("NotFound")
                    || code == "ValidationException"
                    || code.contains("InvalidAutomationStatusUpdate")
            }
            Self::NoRegion
            | Self::NoCredentials
            | Self::Expired(_)
            | Self::Denied(..)
            | Self::Throttled(_)
            | Self::Unreachable(_)
            | Self::Unexpected(_) => false,
        }
    }
}

/// Longest message that is kept.
const LONGEST: usize = 300;

/// What an error of the SDK comes to.
pub(super) fn of<E: ProvideErrorMetadata, R>(call: &str, error: &SdkError<E, R>) -> Trouble {
    let SdkError::ServiceError(context) = error else {
        // Neither the request nor what the connection said is kept: headers of a request hold a token.
        return Trouble::Unreachable(call.to_owned());
    };
    let meta = context.err().meta();
    coded(call, meta.code().unwrap_or("without a code"), meta.message().unwrap_or_default())
}

/// What a code comes to.
pub(super) fn coded(call: &str, code: &str, message: &str) -> Trouble {
    let message: String = message.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect();
    let call = call.to_owned();
    if code.starts_with("ExpiredToken") || code == "RequestExpired" {
        return Trouble::Expired(call);
    }
    if code.starts_with("AccessDenied") || code == "UnauthorizedOperation" || code == "NotAuthorized" {
        return Trouble::Denied(call, message);
    }
    if code.contains("Throttl") || code == "TooManyRequestsException" || code == "RequestLimitExceeded" {
        return Trouble::Throttled(call);
    }
    Trouble::Service { call, code: code.to_owned(), message }
}
