//! S3: buckets and their block of public access.

use serde_json::{Value, json};

use super::{Account, detection, needed};
use crate::{Answer, ApiError};

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Block of public access: new ACLs, existing ACLs, new policies, existing policies.
    pub block: [bool; 4],
    /// Objects in it.
    pub objects: usize,
    /// Tags.
    pub tags: super::ec2::Tags,
}

/// The block's four values by name.
pub(super) const BLOCK: [&str; 4] =
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

pub(super) fn block_of(value: &Value) -> [bool; 4] {
    BLOCK.map(|key| {
        value[key]
            .as_bool()
            .unwrap_or_else(|| value[key].as_str().is_some_and(|text| text.eq_ignore_ascii_case("true")))
    })
}

fn block_as(block: [bool; 4]) -> Value {
    BLOCK
        .iter()
        .zip(block)
        .map(|(key, on)| ((*key).to_owned(), Value::Bool(on)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    if !["GetPublicAccessBlock", "PutPublicAccessBlock", "GetBucketTagging"].contains(&operation) {
        return None;
    }
    let name = match needed(input, "Bucket") {
        Ok(name) => name.to_owned(),
        Err(error) => return Some(Err(error)),
    };
    let Some(bucket) = account.buckets.get_mut(&name) else {
        return Some(Err(ApiError::new("NoSuchBucket", "The specified bucket does not exist").with_status(404)));
    };
    Some(match operation {
        "GetPublicAccessBlock" => Ok(json!({ "PublicAccessBlockConfiguration": block_as(bucket.block) })),
        "GetBucketTagging" => Ok(json!({ "TagSet": super::ec2::listed(&bucket.tags) })),
        _ => {
            bucket.block = block_of(&input["PublicAccessBlockConfiguration"]);
            let open = bucket.block.contains(&false);
            if open {
                detection::unblocked(account, &name);
            }
            Ok(json!({}))
        }
    })
}

pub(super) fn of_account(account: &Account, operation: &str) -> Option<Answer> {
    (operation == "GetPublicAccessBlock")
        .then(|| Ok(json!({ "PublicAccessBlockConfiguration": block_as([account.account_block; 4]) })))
}
