//! Systems Manager: documents, parameters, and the surface of Automation.

use serde_json::{Value, json};

use super::automation::Automation;
use super::{Account, needed, text};
use crate::{Answer, ApiError};

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "GetParameter" => parameter(account, input),
        "GetDocument" => document(account, input).map(|(name, content)| {
            json!({ "Name": name, "DocumentVersion": "1", "Status": "Active", "Content": content.to_string(), "DocumentType": "Automation", "DocumentFormat": "JSON" })
        }),
        "DescribeDocument" => document(account, input).map(|(name, _)| {
            json!({ "Document": { "Name": name, "DocumentVersion": "1", "Status": "Active", "DocumentType": "Automation" } })
        }),
        "StartAutomationExecution" => start(account, input),
        "GetAutomationExecution" => automation(account, input)
            .map(|(id, one)| json!({ "AutomationExecution": one.described(id) })),
        "StopAutomationExecution" => stop(account, input),
        "DescribeAutomationExecutions" => Ok(executions(account, input)),
        "SendCommand" => Ok(send(account, input)),
        "GetCommandInvocation" => Ok(json!({ "CommandId": input["CommandId"], "InstanceId": input["InstanceId"], "Status": "Success", "StatusDetails": "Success" })),
        "ListCommandInvocations" => Ok(json!({ "CommandInvocations": [] })),
        _ => return None,
    })
}

fn parameter(account: &Account, input: &Value) -> Answer {
    let name = needed(input, "Name")?;
    let value = account.parameters.get(name).ok_or_else(|| ApiError::new("ParameterNotFound", ""))?;
    Ok(
        json!({ "Parameter": { "Name": name, "Type": "String", "Value": value, "Version": 1, "ARN": account.arn("ssm", &format!("parameter{name}")) } }),
    )
}

fn document<'a>(account: &'a Account, input: &'a Value) -> Result<(&'a str, &'a Value), ApiError> {
    let name = needed(input, "Name")?;
    let missing = || ApiError::new("InvalidDocument", "Document with name does not exist.");
    Ok((name, account.documents.get(name).ok_or_else(missing)?))
}

/// Starts an automation.
pub(super) fn start(account: &mut Account, input: &Value) -> Answer {
    let name = needed(input, "DocumentName")?.rsplit('/').next().unwrap_or_default().to_owned();
    let token = text(input, "ClientToken");
    if let Some((id, _)) = account.automations.iter().find(|(_, one)| !token.is_empty() && one.token == token) {
        return Ok(json!({ "AutomationExecutionId": id }));
    }
    let missing = || ApiError::new("AutomationDefinitionNotFoundException", format!("no document {name}"));
    let content = account.documents.get(&name).cloned().ok_or_else(missing)?;
    let id = account.uuid();
    let mut automation = Automation::new(&name, content, &input["Parameters"], account.now())?;
    token.clone_into(&mut automation.token);
    automation.tags = super::ec2::tags(&input["Tags"]);
    account.automations.insert(id.clone(), automation);
    Ok(json!({ "AutomationExecutionId": id }))
}

fn automation<'a>(account: &'a Account, input: &'a Value) -> Result<(&'a str, &'a Automation), ApiError> {
    let id = needed(input, "AutomationExecutionId")?;
    let missing = || ApiError::new("AutomationExecutionNotFoundException", format!("no execution {id}"));
    Ok((id, account.automations.get(id).ok_or_else(missing)?))
}

fn stop(account: &mut Account, input: &Value) -> Answer {
    let (id, automation) = automation(account, input)?;
    if automation.is_over() {
        return Err(ApiError::new("InvalidAutomationStatusUpdateException", "it is over"));
    }
    let (id, now) = (id.to_owned(), account.now());
    if let Some(automation) = account.automations.get_mut(&id) {
        automation.cancel(now);
    }
    Ok(json!({}))
}

fn executions(account: &Account, input: &Value) -> Value {
    let filters = || input["Filters"].as_array().into_iter().flatten();
    let of = |key: &str| filters().find(|one| text(one, "Key") == key).map(|one| super::texts(&one["Values"]));
    let prefixes = of("DocumentNamePrefix");
    let known = account.automations.iter().filter(|(_, one)| {
        prefixes.as_ref().is_none_or(|prefixes| prefixes.iter().any(|prefix| one.document.starts_with(prefix.as_str())))
    });
    let described = known.map(|(id, one)| {
        json!({ "AutomationExecutionId": id, "DocumentName": one.document, "AutomationExecutionStatus": one.status, "ExecutionStartTime": one.started })
    });
    json!({ "AutomationExecutionMetadataList": described.collect::<Vec<_>>() })
}

/// Runs a command on instances: only what is looked up matters here.
fn send(account: &mut Account, input: &Value) -> Value {
    let lines = super::texts(&input["Parameters"]["commands"]);
    let id = account.uuid();
    for instance in super::texts(&input["InstanceIds"]) {
        let now = account.now();
        account.commands.push((id.clone(), instance.clone(), lines.clone(), now));
        super::detection::ran(account, &instance, &lines);
    }
    json!({ "Command": { "CommandId": id, "Status": "Pending" } })
}
