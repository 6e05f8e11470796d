//! AWS's wire protocols. Each turns a request into a call, and an answer into a response, by shapes alone.
//!
//! Values are JSON inside: timestamps are seconds since 1970 as numbers, blobs are texts.

mod cbor;
mod json;
mod query;
mod rest;
mod scalar;
mod time;
mod xml;

use serde_json::Value;

pub(crate) use time::{http as date, iso};

use crate::ApiError;
use crate::http::{Request, Response};
use crate::shapes::{MODELS, Model};

/// How a call came, and so how it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// awsJson 1.0 or 1.1.
    Json,
    /// restJson1.
    RestJson,
    /// restXml.
    RestXml,
    /// RPC v2 CBOR.
    Cbor,
    /// AWS query.
    Query,
    /// EC2's own query.
    Ec2,
}

/// What is asked of the account.
#[derive(Debug)]
pub(crate) struct Call {
    pub model: &'static Model,
    pub operation: &'static str,
    pub input: Value,
    pub wire: Wire,
}

/// Reads what a request asks for.
pub(crate) fn read(request: &Request) -> Result<Call, ApiError> {
    if let Some(call) = json::read(request)? {
        return Ok(call);
    }
    if let Some(call) = cbor::read(request)? {
        return Ok(call);
    }
    if let Some(call) = query::read(request)? {
        return Ok(call);
    }
    if let Some(call) = rest::read(request)? {
        return Ok(call);
    }
    let message = format!("{} {} is not answered here", request.method, request.path);
    Err(ApiError::new("UnknownOperationException", message).with_status(404))
}

/// Writes an answer the way its call came.
pub(crate) fn write(call: &Call, answer: &Result<Value, ApiError>) -> Response {
    match (call.wire, answer) {
        (Wire::Json, Ok(output)) => json::written(call, output),
        (Wire::RestJson | Wire::RestXml, Ok(output)) => rest::written(call, output),
        (Wire::Cbor, Ok(output)) => cbor::written(call, output),
        (Wire::Query | Wire::Ec2, Ok(output)) => query::written(call, output),
        (wire, Err(error)) => refused(wire, error),
    }
}

/// Writes an error.
pub(crate) fn refused(wire: Wire, error: &ApiError) -> Response {
    match wire {
        Wire::Json | Wire::RestJson => json::refused(error),
        Wire::Cbor => cbor::refused(error),
        Wire::Query | Wire::Ec2 | Wire::RestXml => query::refused(wire, error),
    }
}

/// How a request seems to have come, for answers to what can't be read.
pub(crate) fn guess(request: &Request) -> Wire {
    if request.header("smithy-protocol").is_some() {
        return Wire::Cbor;
    }
    match request.header("content-type") {
        Some(kind) if kind.starts_with("application/x-www-form-urlencoded") => Wire::Query,
        _ => Wire::Json,
    }
}

/// The model by a predicate, with the operation's own name.
fn find(by: impl Fn(&Model) -> bool, operation: &str) -> Option<(&'static Model, &'static str)> {
    let model = MODELS.values().find(|model| by(model) && model.operations.contains_key(operation))?;
    let (name, _) = model.operations.get_key_value(operation)?;
    Some((model, name.as_str()))
}
