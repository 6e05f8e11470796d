//! `CloudFormation`: change sets that create a stack, and its deletion.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::ec2::{Tags, tags};
use super::{Account, needed, resources, text};
use crate::{Answer, ApiError};

/// A stack.
#[derive(Debug, Clone, Default)]
pub struct Stack {
    /// Its ARN.
    pub id: String,
    /// `CREATE_COMPLETE`, `ROLLBACK_COMPLETE`, `DELETE_FAILED`, ...
    pub status: String,
    /// Why it failed.
    pub reason: String,
    /// Its resources: logical name, type and physical id, in the order of their creation.
    pub resources: Vec<(String, String, String)>,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
    /// Its parameters.
    pub parameters: Tags,
    /// Its tags.
    pub tags: Tags,
    template: String,
    created: f64,
}

/// A change set that is ready.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    name: String,
    template: Value,
    text: String,
    parameters: Tags,
    tags: Tags,
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "CreateChangeSet" => prepare(account, input),
        "DescribeChangeSet" => changes(account, input).map(|(stack, changes)| described_changes(account, &stack, &changes)),
        "DeleteChangeSet" => {
            account.changes.remove(text(input, "StackName"));
            Ok(json!({}))
        }
        "ExecuteChangeSet" => changes(account, input).map(|(stack, changes)| {
            account.changes.remove(&stack);
            create(account, &stack, changes);
            json!({})
        }),
        "DescribeStacks" => stacks(account, input),
        "DescribeStackResources" => stack(account, input).map(|(name, stack)| {
            let rows = stack.resources.iter().map(|(logical, kind, id)| {
                json!({ "StackName": name, "LogicalResourceId": logical, "ResourceType": kind, "PhysicalResourceId": id,
                    "ResourceStatus": "CREATE_COMPLETE", "Timestamp": stack.created })
            });
            json!({ "StackResources": rows.collect::<Vec<_>>() })
        }),
        "DescribeStackEvents" => stack(account, input).map(|(name, stack)| {
            json!({ "StackEvents": [{ "StackId": stack.id, "EventId": "1", "StackName": name, "Timestamp": stack.created,
                "ResourceStatus": stack.status, "ResourceStatusReason": stack.reason }] })
        }),
        "GetTemplate" => stack(account, input).map(|(_, stack)| json!({ "TemplateBody": stack.template })),
        "DeleteStack" => {
            delete(account, text(input, "StackName"));
            Ok(json!({}))
        }
        _ => return None,
    })
}

fn missing(name: &str) -> ApiError {
    ApiError::new("ValidationError", format!("Stack with id {name} does not exist"))
}

fn stack<'a>(account: &'a Account, input: &Value) -> Result<(&'a String, &'a Stack), ApiError> {
    let name = needed(input, "StackName")?;
    account.stacks.iter().find(|(known, stack)| *known == name || stack.id == name).ok_or_else(|| missing(name))
}

fn prepare(account: &mut Account, input: &Value) -> Answer {
    let (stack, name) = (needed(input, "StackName")?.to_owned(), needed(input, "ChangeSetName")?.to_owned());
    if account.stacks.contains_key(&stack) && text(input, "ChangeSetType") == "CREATE" {
        return Err(ApiError::new("AlreadyExistsException", format!("Stack [{stack}] already exists")));
    }
    let body = needed(input, "TemplateBody")?.to_owned();
    let template: Value = serde_json::from_str(&body)
        .map_err(|error| ApiError::new("ValidationError", format!("Template format error: {error}")))?;
    let capable = input["Capabilities"].to_string().contains("CAPABILITY_NAMED_IAM");
    let named = resources_of(&template)
        .any(|(_, resource)| resource["Type"] == "AWS::IAM::Role" && resource["Properties"]["RoleName"] != Value::Null);
    if named && !capable {
        return Err(ApiError::new(
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_NAMED_IAM]",
        ));
    }
    let given = input["Parameters"].as_array().into_iter().flatten();
    let mut parameters: Tags =
        given.map(|one| (text(one, "ParameterKey").to_owned(), text(one, "ParameterValue").to_owned())).collect();
    for (key, declared) in template["Parameters"].as_object().into_iter().flatten() {
        if parameters.contains_key(key) {
            continue;
        }
        let default = declared["Default"]
            .as_str()
            .ok_or_else(|| ApiError::new("ValidationError", format!("Parameters: [{key}] must have values")))?;
        parameters.insert(key.clone(), default.to_owned());
    }
    let id = account.arn("cloudformation", &format!("changeSet/{name}/1"));
    let stack_id = account.arn("cloudformation", &format!("stack/{stack}/1"));
    account.changes.insert(stack, Changes { name, template, text: body, parameters, tags: tags(&input["Tags"]) });
    Ok(json!({ "Id": id, "StackId": stack_id }))
}

fn changes(account: &Account, input: &Value) -> Result<(String, Changes), ApiError> {
    let stack = needed(input, "StackName")?;
    let known = account.changes.get(stack).filter(|changes| text(input, "ChangeSetName").contains(&changes.name));
    let absent = || ApiError::new("ChangeSetNotFound", "ChangeSet does not exist").with_status(404);
    known.cloned().map(|changes| (stack.to_owned(), changes)).ok_or_else(absent)
}

fn described_changes(account: &Account, stack: &str, changes: &Changes) -> Value {
    let rows = resources_of(&changes.template).map(|(name, resource)| {
        json!({ "Type": "Resource", "ResourceChange": { "Action": "Add", "LogicalResourceId": name, "ResourceType": resource["Type"] } })
    });
    json!({ "ChangeSetName": changes.name, "StackName": stack, "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE",
        "CreationTime": account.now(), "Changes": rows.collect::<Vec<_>>() })
}

fn resources_of(template: &Value) -> impl Iterator<Item = (&String, &Value)> {
    template["Resources"].as_object().into_iter().flatten()
}

/// What references name while a stack is made.
struct Known<'a> {
    parameters: &'a Tags,
    conditions: &'a Value,
    /// Physical ids by logical name.
    ids: BTreeMap<String, String>,
    /// Attributes by `Name.Attribute`.
    attributes: BTreeMap<String, String>,
}

fn create(account: &mut Account, name: &str, changes: Changes) {
    let id = account.arn("cloudformation", &format!("stack/{name}/1"));
    let created = account.now();
    let mut stack = Stack {
        id,
        status: "CREATE_COMPLETE".into(),
        tags: changes.tags,
        template: changes.text,
        created,
        ..Stack::default()
    };
    let mut known = Known {
        parameters: &changes.parameters,
        conditions: &changes.template["Conditions"],
        ids: BTreeMap::new(),
        attributes: BTreeMap::new(),
    };
    for (key, value) in [
        ("Region", account.region.clone()),
        ("AccountId", account.id.clone()),
        ("Partition", "aws".into()),
        ("StackName", name.to_owned()),
    ] {
        known.ids.insert(format!("AWS::{key}"), value);
    }
    let mut waiting: Vec<(&String, &Value)> =
        resources_of(&changes.template).filter(|(_, one)| holds(&one["Condition"], &known)).collect();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|(_, resource)| resolved(&resource["Properties"], &known).is_ok());
        let Some(index) = ready else {
            fail(account, &mut stack, "Unresolved resource dependencies");
            break;
        };
        let (logical, resource) = waiting.remove(index);
        let properties = resolved(&resource["Properties"], &known).unwrap_or_default();
        match resources::create(account, (name, logical), (text(resource, "Type"), &properties), &stack.tags) {
            Ok((id, attributes)) => {
                known.attributes.extend(attributes.into_iter().map(|(key, value)| (format!("{logical}.{key}"), value)));
                known.ids.insert(logical.clone(), id.clone());
                stack.resources.push((logical.clone(), text(resource, "Type").to_owned(), id));
            }
            Err(why) => {
                fail(account, &mut stack, &format!("{logical}: {why}"));
                break;
            }
        }
    }
    for (key, output) in changes.template["Outputs"].as_object().into_iter().flatten() {
        if let Ok(Value::String(value)) = resolved(&output["Value"], &known) {
            stack.outputs.insert(key.clone(), value);
        }
    }
    stack.parameters = changes.parameters;
    account.stacks.insert(name.to_owned(), stack);
}

fn fail(account: &mut Account, stack: &mut Stack, why: &str) {
    for (_, kind, id) in stack.resources.drain(..).rev() {
        // What can't be removed while a stack is rolled back stays, as it does at AWS.
        let _ = resources::delete(account, &kind, &id);
    }
    (stack.status, stack.reason) = ("ROLLBACK_COMPLETE".into(), why.to_owned());
}

fn delete(account: &mut Account, name: &str) {
    let Some(mut stack) = account.stacks.remove(name) else { return };
    let mut left = Vec::new();
    for (logical, kind, id) in stack.resources.drain(..).rev() {
        if let Err(why) = resources::delete(account, &kind, &id) {
            stack.reason = format!("{logical}: {why}");
            left.push((logical, kind, id));
        }
    }
    if !left.is_empty() {
        left.reverse();
        (stack.status, stack.resources) = ("DELETE_FAILED".into(), left);
        account.stacks.insert(name.to_owned(), stack);
    }
}

fn stacks(account: &Account, input: &Value) -> Answer {
    let named = input["StackName"].as_str();
    let known: Vec<Value> = account
        .stacks
        .iter()
        .filter(|(name, stack)| named.is_none_or(|wanted| *name == wanted || stack.id == wanted))
        .map(|(name, stack)| {
            let outputs = stack.outputs.iter().map(|(key, value)| json!({ "OutputKey": key, "OutputValue": value }));
            let parameters = stack.parameters.iter().map(|(key, value)| json!({ "ParameterKey": key, "ParameterValue": value }));
            json!({ "StackId": stack.id, "StackName": name, "StackStatus": stack.status, "StackStatusReason": stack.reason, "CreationTime": stack.created,
                "Outputs": outputs.collect::<Vec<_>>(), "Parameters": parameters.collect::<Vec<_>>(), "Tags": super::ec2::listed(&stack.tags) })
        })
        .collect();
    match named.filter(|_| known.is_empty()) {
        Some(name) => Err(missing(name)),
        None => Ok(json!({ "Stacks": known })),
    }
}

fn holds(condition: &Value, known: &Known<'_>) -> bool {
    condition.as_str().is_none_or(|name| truth(&known.conditions[name], known))
}

fn truth(condition: &Value, known: &Known<'_>) -> bool {
    if let Some(inner) = condition["Fn::Not"].as_array() {
        return !inner.iter().all(|one| truth(one, known));
    }
    if let Some([one, other]) = condition["Fn::Equals"].as_array().map(Vec::as_slice) {
        return resolved(one, known) == resolved(other, known);
    }
    condition["Condition"].as_str().is_some_and(|name| truth(&known.conditions[name], known))
}

/// A value with its intrinsic functions carried out; an error names what isn't there yet.
fn resolved(value: &Value, known: &Known<'_>) -> Result<Value, String> {
    match value {
        Value::Array(items) => {
            let items = items.iter().map(|item| resolved(item, known));
            Ok(items.collect::<Result<Vec<_>, _>>()?.into_iter().filter(|item| !item.is_null()).collect())
        }
        Value::Object(fields) => match fields.iter().next().filter(|_| fields.len() == 1) {
            Some((key, inner)) if key == "Ref" => named(inner.as_str().unwrap_or_default(), known),
            Some((key, Value::Array(parts))) if key == "Fn::GetAtt" => {
                let name = parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(".");
                known.attributes.get(&name).map(|value| json!(value)).ok_or(name)
            }
            Some((key, Value::String(text))) if key == "Fn::Sub" => substituted(text, known),
            Some((key, Value::Array(parts))) if key == "Fn::If" => {
                let [condition, yes, no] = parts.as_slice() else { return Err("Fn::If".into()) };
                resolved(if holds(condition, known) { yes } else { no }, known)
            }
            _ => {
                let fields = fields.iter().map(|(key, value)| Ok((key.clone(), resolved(value, known)?)));
                let fields = fields.collect::<Result<Map<_, _>, String>>()?;
                Ok(fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>().into())
            }
        },
        other => Ok(other.clone()),
    }
}

fn named(name: &str, known: &Known<'_>) -> Result<Value, String> {
    if name == "AWS::NoValue" {
        return Ok(Value::Null);
    }
    let value = known.parameters.get(name).or_else(|| known.ids.get(name));
    value.map(|value| json!(value)).ok_or_else(|| name.to_owned())
}

fn substituted(text: &str, known: &Known<'_>) -> Result<Value, String> {
    let (mut done, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').ok_or("Fn::Sub")?;
        done.push_str(before);
        match known.attributes.get(name) {
            Some(value) => done.push_str(value),
            None => done.push_str(named(name, known)?.as_str().unwrap_or_default()),
        }
        rest = after;
    }
    done.push_str(rest);
    Ok(done.into())
}
