//! Identity and Access Management: as much as decides what a role may do.

use serde_json::{Value, json};

use super::{Account, needed, texts};
use crate::{Answer, ApiError};

/// A role.
#[derive(Debug, Clone, Default)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// Its path.
    pub path: String,
    /// Its permission boundary.
    pub boundary: Option<String>,
    /// Its policies, as JSON.
    pub policies: Vec<Value>,
}

impl Role {
    /// Says whether its policies allow an action. What is denied is denied, wherever it is allowed. Resources and conditions are not looked at.
    #[must_use]
    pub(crate) fn allows(&self, action: &str) -> bool {
        let says = |effect: &str| {
            let statements = self.policies.iter().flat_map(|policy| list(&policy["Statement"]));
            statements.filter(|one| one["Effect"] == effect).any(|one| {
                let actions = list(&one["Action"]);
                actions.iter().filter_map(|pattern| pattern.as_str()).any(|pattern| fits(pattern, action))
            })
        };
        says("Allow") && !says("Deny")
    }

    /// Takes everything from it, as a responder does who quarantines it.
    pub fn quarantine(&mut self) {
        self.policies.push(
            json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Deny", "Action": "*", "Resource": "*" }] }),
        );
    }
}

/// One value or several.
fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn fits(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    match pattern.split_once('*') {
        None => pattern == action,
        Some((start, end)) => {
            action.len() >= start.len() + end.len() && action.starts_with(start) && action.ends_with(end)
        }
    }
}

/// The action that permits an operation. Most have its name.
pub(super) fn action(service: &str, operation: &str) -> String {
    match (service, operation) {
        ("s3", "PutPublicAccessBlock") => "s3:PutBucketPublicAccessBlock".into(),
        ("s3", "GetPublicAccessBlock") => "s3:GetBucketPublicAccessBlock".into(),
        ("s3control", "GetPublicAccessBlock") => "s3:GetAccountPublicAccessBlock".into(),
        _ => format!("{service}:{operation}"),
    }
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "SimulatePrincipalPolicy" => Ok(simulated(account, input)),
        "GetRole" => needed(input, "RoleName").and_then(|name| {
            let role = account.roles.get(name);
            let role = role.ok_or_else(|| ApiError::new("NoSuchEntity", format!("no role {name}")).with_status(404))?;
            let created = account.now;
            Ok(json!({ "Role": { "RoleName": name, "Arn": role.arn, "Path": role.path, "RoleId": "AROAEXAMPLE", "CreateDate": created } }))
        }),
        _ => return None,
    })
}

fn simulated(account: &Account, input: &Value) -> Value {
    let results = texts(&input["ActionNames"]).into_iter().map(|action| {
        let decision = if account.denied.contains(&action) || account.forbidden.contains(&action) {
            "explicitDeny"
        } else {
            "allowed"
        };
        json!({ "EvalActionName": action, "EvalDecision": decision, "EvalResourceName": "*" })
    });
    json!({ "EvaluationResults": results.collect::<Vec<_>>(), "IsTruncated": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_is_denied_wherever_it_is_allowed() {
        let allow = json!({ "Statement": { "Effect": "Allow", "Action": ["ec2:Describe*", "s3:GetObject"] } });
        let mut role = Role { policies: vec![allow], ..Role::default() };
        assert!(role.allows("ec2:DescribeInstances") && role.allows("s3:GetObject"));
        assert!(!role.allows("ec2:RunInstances") && !role.allows("s3:GetObjectAcl"));
        role.quarantine();
        assert!(!role.allows("s3:GetObject"));
    }
}
