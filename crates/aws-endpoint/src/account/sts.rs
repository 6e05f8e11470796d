//! Security Token Service.

use serde_json::json;

use super::{Account, Principal};
use crate::Answer;

pub(super) fn call(account: &Account, by: &Principal, operation: &str) -> Option<Answer> {
    let arn = match by {
        Principal::Operator => format!("arn:aws:sts::{}:assumed-role/operator/drill", account.id),
        Principal::Role(arn) => arn.clone(),
    };
    (operation == "GetCallerIdentity")
        .then(|| Ok(json!({ "UserId": "AROAEXAMPLE:drill", "Account": account.id, "Arn": arn })))
}
