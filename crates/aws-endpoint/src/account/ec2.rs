//! EC2: security groups with their rules, instances, snapshots.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Account, detection, needed, text, texts};
use crate::{Answer, ApiError};

/// Tags.
pub type Tags = BTreeMap<String, String>;

/// A security group.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Tags.
    pub tags: Tags,
    /// Rules for what comes in.
    pub rules: Vec<Rule>,
}

/// A rule of a security group for what comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `sgr-...`
    pub id: String,
    /// Protocol.
    pub protocol: String,
    /// First port.
    pub from: i64,
    /// Last port.
    pub to: i64,
    /// Source.
    pub cidr: String,
    /// Description.
    pub description: String,
    /// Tags.
    pub tags: Tags,
}

/// An instance.
#[derive(Debug, Clone, Default)]
pub struct Instance {
    /// `running`, `stopped`, `terminated`.
    pub state: String,
    /// Tags.
    pub tags: Tags,
}

/// A snapshot of a volume.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Accounts that it is shared with.
    pub shared: BTreeSet<String>,
    /// Tags.
    pub tags: Tags,
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "DescribeSecurityGroups" => Ok(groups(account, input)),
        "DescribeSecurityGroupRules" => Ok(rules(account, input)),
        "AuthorizeSecurityGroupIngress" => authorize(account, input),
        "RevokeSecurityGroupIngress" => revoke(account, input),
        "DescribeInstances" => Ok(instances(account, input)),
        "TerminateInstances" => terminate(account, input),
        "DescribeSnapshotAttribute" => snapshot(account, input).map(|snapshot| {
            let shared = snapshot.shared.iter().map(|account| json!({ "UserId": account }));
            json!({ "SnapshotId": input["SnapshotId"], "CreateVolumePermissions": shared.collect::<Vec<_>>() })
        }),
        "ModifySnapshotAttribute" => share(account, input),
        _ => return None,
    })
}

/// The tags of an input, a list of keys and values.
pub(super) fn tags(value: &Value) -> Tags {
    let pairs = value.as_array().into_iter().flatten();
    pairs.map(|pair| (text(pair, "Key").to_owned(), text(pair, "Value").to_owned())).collect()
}

pub(super) fn listed(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

/// Says whether filters let something through. Each is asked what its values are.
fn passes(input: &Value, of: impl Fn(&str) -> Vec<String>) -> bool {
    let filters = input["Filters"].as_array().into_iter().flatten();
    filters.into_iter().all(|filter| {
        let wanted = texts(&filter["Values"]);
        of(text(filter, "Name")).iter().any(|have| wanted.contains(have))
    })
}

fn tagged(tags: &Tags, filter: &str) -> Vec<String> {
    filter.strip_prefix("tag:").and_then(|key| tags.get(key)).cloned().into_iter().collect()
}

fn groups(account: &Account, input: &Value) -> Value {
    let ids = texts(&input["GroupIds"]);
    let known = account.groups.iter().filter(|(id, _)| ids.is_empty() || ids.contains(id));
    let known = known.filter(|(id, group)| {
        passes(input, |filter| {
            let of_rules = |get: fn(&Rule) -> String| group.rules.iter().map(get).collect();
            match filter {
                "group-id" => vec![(*id).clone()],
                "group-name" => vec![group.name.clone()],
                "ip-permission.cidr" => of_rules(|rule| rule.cidr.clone()),
                "ip-permission.from-port" => of_rules(|rule| rule.from.to_string()),
                "ip-permission.to-port" => of_rules(|rule| rule.to.to_string()),
                "ip-permission.protocol" => of_rules(|rule| rule.protocol.clone()),
                tag => tagged(&group.tags, tag),
            }
        })
    });
    let described = known.map(|(id, group)| {
        let permissions = group.rules.iter().map(|rule| {
            json!({ "IpProtocol": rule.protocol, "FromPort": rule.from, "ToPort": rule.to, "IpRanges": [{ "CidrIp": rule.cidr }] })
        });
        json!({ "GroupId": id, "GroupName": group.name, "OwnerId": account.id, "Tags": listed(&group.tags),
            "IpPermissions": permissions.collect::<Vec<_>>() })
    });
    json!({ "SecurityGroups": described.collect::<Vec<_>>() })
}

fn described(group: &str, rule: &Rule) -> Value {
    json!({ "SecurityGroupRuleId": rule.id, "GroupId": group, "IsEgress": false, "IpProtocol": rule.protocol,
        "FromPort": rule.from, "ToPort": rule.to, "CidrIpv4": rule.cidr, "Description": rule.description, "Tags": listed(&rule.tags) })
}

fn rules(account: &Account, input: &Value) -> Value {
    let all = account.groups.iter().flat_map(|(id, group)| group.rules.iter().map(move |rule| (id, rule)));
    let known = all.filter(|(id, rule)| {
        passes(input, |filter| match filter {
            "group-id" => vec![(*id).clone()],
            "security-group-rule-id" => vec![rule.id.clone()],
            tag => tagged(&rule.tags, tag),
        })
    });
    json!({ "SecurityGroupRules": known.map(|(id, rule)| described(id, rule)).collect::<Vec<_>>() })
}

fn group<'a>(account: &'a mut Account, input: &Value) -> Result<&'a mut Group, ApiError> {
    let id = needed(input, "GroupId")?;
    let missing = || ApiError::new("InvalidGroup.NotFound", format!("The security group '{id}' does not exist"));
    account.groups.get_mut(id).ok_or_else(missing)
}

fn authorize(account: &mut Account, input: &Value) -> Answer {
    let specified = input["TagSpecifications"].as_array().into_iter().flatten();
    let tags: Tags = specified.flat_map(|one| tags(&one["Tags"])).collect();
    let mut added = Vec::new();
    for permission in input["IpPermissions"].as_array().into_iter().flatten() {
        for range in permission["IpRanges"].as_array().into_iter().flatten() {
            added.push(Rule {
                id: account.fresh("sgr-"),
                protocol: text(permission, "IpProtocol").to_owned(),
                from: number(&permission["FromPort"]),
                to: number(&permission["ToPort"]),
                cidr: text(range, "CidrIp").to_owned(),
                description: text(range, "Description").to_owned(),
                tags: tags.clone(),
            });
        }
    }
    let id = text(input, "GroupId").to_owned();
    let group = group(account, input)?;
    let same = |one: &Rule, other: &Rule| {
        (&one.protocol, one.from, one.to, &one.cidr) == (&other.protocol, other.from, other.to, &other.cidr)
    };
    if added.iter().any(|new| group.rules.iter().any(|old| same(new, old))) {
        return Err(ApiError::new("InvalidPermission.Duplicate", "the specified rule already exists"));
    }
    group.rules.extend(added.iter().cloned());
    for rule in &added {
        detection::opened(account, &id, (&rule.cidr, rule.from));
    }
    Ok(
        json!({ "Return": true, "SecurityGroupRules": added.iter().map(|rule| described(&id, rule)).collect::<Vec<_>>() }),
    )
}

/// A number, also as the text that an Automation parameter is.
fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok())).unwrap_or(-1)
}

fn revoke(account: &mut Account, input: &Value) -> Answer {
    let ids = texts(&input["SecurityGroupRuleIds"]);
    let group = group(account, input)?;
    if ids.is_empty() && input["IpPermissions"].as_array().is_none_or(Vec::is_empty) {
        return Err(ApiError::new(
            "MissingParameter",
            "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
        ));
    }
    let asked = input["IpPermissions"].as_array().cloned().unwrap_or_default();
    let goes = |rule: &Rule| {
        ids.contains(&rule.id)
            || asked.iter().any(|one| {
                (text(one, "IpProtocol"), number(&one["FromPort"]), number(&one["ToPort"]))
                    == (&rule.protocol, rule.from, rule.to)
                    && one["IpRanges"].as_array().into_iter().flatten().any(|range| text(range, "CidrIp") == rule.cidr)
            })
    };
    let before = group.rules.len();
    group.rules.retain(|rule| !goes(rule));
    if group.rules.len() == before {
        let code = if ids.is_empty() { "InvalidPermission.NotFound" } else { "InvalidSecurityGroupRuleId.NotFound" };
        return Err(ApiError::new(code, "the specified rule does not exist in this security group"));
    }
    detection::closed(account, text(input, "GroupId"));
    Ok(json!({ "Return": true }))
}

fn instances(account: &Account, input: &Value) -> Value {
    let ids = texts(&input["InstanceIds"]);
    let known = account.instances.iter().filter(|(id, instance)| {
        (ids.is_empty() || ids.contains(id))
            && passes(input, |filter| match filter {
                "instance-state-name" => vec![instance.state.clone()],
                "instance-id" => vec![(*id).clone()],
                tag => tagged(&instance.tags, tag),
            })
    });
    let described = known.map(|(id, instance)| {
        json!({ "Instances": [{ "InstanceId": id, "State": { "Name": instance.state }, "Tags": listed(&instance.tags) }] })
    });
    json!({ "Reservations": described.collect::<Vec<_>>() })
}

fn terminate(account: &mut Account, input: &Value) -> Answer {
    let ids = texts(&input["InstanceIds"]);
    if ids.is_empty() {
        return Err(ApiError::new("MissingParameter", "The request must contain the parameter InstanceId"));
    }
    for id in ids {
        let missing = || ApiError::new("InvalidInstanceID.NotFound", format!("The instance ID '{id}' does not exist"));
        "shutting-down".clone_into(&mut account.instances.get_mut(&id).ok_or_else(missing)?.state);
    }
    Ok(json!({}))
}

fn snapshot<'a>(account: &'a mut Account, input: &Value) -> Result<&'a mut Snapshot, ApiError> {
    let id = needed(input, "SnapshotId")?;
    let missing = || ApiError::new("InvalidSnapshot.NotFound", format!("The snapshot '{id}' does not exist."));
    account.snapshots.get_mut(id).ok_or_else(missing)
}

fn share(account: &mut Account, input: &Value) -> Answer {
    let ids = texts(&input["UserIds"]);
    let (operation, snapshot) = (text(input, "OperationType").to_owned(), snapshot(account, input)?);
    for id in ids {
        if operation == "add" {
            snapshot.shared.insert(id);
        } else {
            snapshot.shared.remove(&id);
        }
    }
    Ok(json!({}))
}
