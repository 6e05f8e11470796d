//! Fault Injection Service: experiments that start automations, with stop conditions and the safety lever.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::document::seconds;
use super::ec2::Tags;
use super::{Account, Principal, needed, ssm, text};
use crate::{Answer, ApiError};

/// Seconds from the start to running.
const INITIATING: f64 = 2.0;

/// An experiment.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// Of which template.
    pub template: String,
    /// `pending`, `initiating`, `running`, `completed`, `stopping`, `stopped`, `failed`, `cancelled`.
    pub status: String,
    /// In words.
    pub reason: String,
    /// Tags.
    pub tags: Tags,
    /// When it was asked for.
    pub created: f64,
    /// When it ended.
    pub ended: Option<f64>,
    token: String,
    content: Value,
    /// Automations by action.
    automations: BTreeMap<String, String>,
    running: Option<f64>,
}

impl Experiment {
    /// Says whether it has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    pub(super) fn due(&self, account: &Account) -> Option<f64> {
        if self.is_over() {
            return None;
        }
        let Some(running) = self.running else { return Some(self.created + INITIATING) };
        let ended = self.automations.values().filter_map(|id| account.automations.get(id)?.ended);
        let all_over =
            self.automations.values().all(|id| account.automations.get(id).is_none_or(super::Automation::is_over));
        if all_over {
            return ended.max_by(f64::total_cmp).or(Some(running));
        }
        if self.status == "stopping" {
            return None;
        }
        if let Some(at) =
            alarms(&self.content).filter_map(|arn| super::cloudwatch::breach(account, arn)).min_by(f64::total_cmp)
        {
            return Some(at);
        }
        let longest =
            actions(&self.content).filter_map(|(_, action)| seconds(text(&action["parameters"], "maxDuration")));
        longest.max_by(f64::total_cmp).map(|longest| running + longest)
    }
}

fn actions(content: &Value) -> impl Iterator<Item = (&String, &Value)> {
    content["actions"].as_object().into_iter().flatten()
}

fn alarms(content: &Value) -> impl Iterator<Item = &str> {
    let conditions = content["stopConditions"].as_array().into_iter().flatten();
    conditions.filter(|one| one["source"] == "aws:cloudwatch:alarm").filter_map(|one| one["value"].as_str())
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "GetExperimentTemplate" => {
            template(account, text(input, "id")).map(|template| json!({ "experimentTemplate": template }))
        }
        "ListExperimentTemplates" => {
            let known = account
                .templates
                .values()
                .map(|one| json!({ "id": one["id"], "description": one["description"], "tags": one["tags"] }));
            Ok(json!({ "experimentTemplates": known.collect::<Vec<_>>() }))
        }
        "StartExperiment" => start(account, input),
        "GetExperiment" => experiment(account, text(input, "id"))
            .map(|one| json!({ "experiment": described(account, text(input, "id"), &one) })),
        "ListExperiments" => {
            let known = account.experiments.iter().map(|(id, one)| {
                json!({ "id": id, "experimentTemplateId": one.template, "state": { "status": one.status, "reason": one.reason }, "creationTime": one.created, "tags": one.tags })
            });
            Ok(json!({ "experiments": known.collect::<Vec<_>>() }))
        }
        "StopExperiment" => stop(account, input),
        "GetSafetyLever" => {
            let (status, reason) =
                account.lever.as_ref().map_or(("disengaged", ""), |reason| ("engaged", reason.as_str()));
            Ok(
                json!({ "safetyLever": { "id": "default", "arn": account.arn("fis", "safety-lever/default"), "state": { "status": status, "reason": reason } } }),
            )
        }
        _ => return None,
    })
}

fn template(account: &Account, id: &str) -> Answer {
    let missing =
        || ApiError::new("ResourceNotFoundException", format!("no experiment template {id}")).with_status(404);
    account.templates.get(id).cloned().ok_or_else(missing)
}

fn experiment(account: &Account, id: &str) -> Result<Experiment, ApiError> {
    let missing = || ApiError::new("ResourceNotFoundException", format!("no experiment {id}")).with_status(404);
    account.experiments.get(id).cloned().ok_or_else(missing)
}

fn start(account: &mut Account, input: &Value) -> Answer {
    let (id, token) = (needed(input, "experimentTemplateId")?.to_owned(), needed(input, "clientToken")?.to_owned());
    if let Some((known, one)) = account.experiments.iter().find(|(_, one)| one.token == token) {
        return Ok(json!({ "experiment": described(account, known, one) }));
    }
    let content = template(account, &id)?;
    let tags = input["tags"].as_object().into_iter().flatten();
    let tags: Tags = tags.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
    let created = account.now();
    let (status, reason, ended) = if account.lever.is_some() {
        ("cancelled", "The safety lever is engaged.", Some(created))
    } else {
        ("initiating", "", None)
    };
    let (status, reason) = (status.to_owned(), reason.to_owned());
    let one = Experiment {
        template: id,
        status,
        reason,
        tags,
        created,
        ended,
        token,
        content,
        automations: BTreeMap::new(),
        running: None,
    };
    let id = account.fresh("EXP");
    let answer = json!({ "experiment": described(account, &id, &one) });
    account.experiments.insert(id, one);
    Ok(answer)
}

fn described(account: &Account, id: &str, one: &Experiment) -> Value {
    let actions = actions(&one.content).map(|(name, action)| {
        let run = one.automations.get(name);
        let automation = run.and_then(|run| account.automations.get(run));
        let status = automation.map_or("pending", |automation| match automation.status.as_str() {
            "Success" => "completed",
            "Failed" | "TimedOut" => "failed",
            "Cancelling" => "stopping",
            "Cancelled" => "stopped",
            _ => "running",
        });
        let reason = run.map(|run| format!("Started SSM automation execution {run}"));
        let (start, end) = (automation.map(|one| one.started), automation.and_then(|one| one.ended));
        let described = json!({ "actionId": action["actionId"], "parameters": action["parameters"],
            "state": { "status": status, "reason": reason }, "startTime": start, "endTime": end });
        (name.clone(), described)
    });
    json!({ "id": id, "arn": account.arn("fis", &format!("experiment/{id}")), "experimentTemplateId": one.template, "roleArn": one.content["roleArn"],
        "state": { "status": one.status, "reason": one.reason }, "actions": actions.collect::<serde_json::Map<_, _>>(),
        "creationTime": one.created, "startTime": one.running, "endTime": one.ended, "tags": one.tags })
}

fn stop(account: &mut Account, input: &Value) -> Answer {
    let id = needed(input, "id")?.to_owned();
    let mut one = experiment(account, &id)?;
    if one.is_over() {
        return Err(ApiError::new("ValidationException", "the experiment has already ended"));
    }
    halt(account, &mut one, "Experiment stopped by user.");
    let answer = json!({ "experiment": described(account, &id, &one) });
    account.experiments.insert(id, one);
    Ok(answer)
}

/// Begins to end an experiment: its automations are cancelled, if its role may do that.
fn halt(account: &mut Account, one: &mut Experiment, reason: &str) {
    (one.status, one.reason) = ("stopping".into(), reason.to_owned());
    let (now, role) = (account.now(), Principal::Role(text(&one.content, "roleArn").to_owned()));
    if account.authorize(&role, "ssm:StopAutomationExecution").is_err() {
        (one.status, one.ended) = ("failed".into(), Some(now));
        "Unable to stop the automation: access denied.".clone_into(&mut one.reason);
        return;
    }
    for id in one.automations.values() {
        if let Some(automation) = account.automations.get_mut(id) {
            automation.cancel(now);
        }
    }
    if one.running.is_none() {
        (one.status, one.ended) = ("stopped".into(), Some(now));
    }
}

pub(super) fn run_due(account: &mut Account) {
    let now = account.now();
    let due = account.experiments.iter().filter(|(_, one)| one.due(account).is_some_and(|due| due <= now));
    let due: Vec<String> = due.map(|(id, _)| id.clone()).collect();
    for id in due {
        let Some(mut one) = account.experiments.remove(&id) else { continue };
        go_on(account, &mut one);
        account.experiments.insert(id, one);
    }
}

fn go_on(account: &mut Account, one: &mut Experiment) {
    let now = account.now();
    if one.running.is_none() {
        return begin(account, one);
    }
    let over: Vec<bool> =
        one.automations.values().map(|id| account.automations.get(id).is_none_or(super::Automation::is_over)).collect();
    if over.iter().all(|over| *over) {
        let failed =
            one.automations.values().any(|id| account.automations.get(id).is_some_and(|one| one.status == "Failed"));
        let status = match (one.status.as_str(), failed) {
            ("stopping", _) => "stopped",
            (_, true) => "failed",
            (_, false) => "completed",
        };
        (one.status, one.ended) = (status.to_owned(), Some(now));
        if status == "failed" {
            "Action failed.".clone_into(&mut one.reason);
        }
        return;
    }
    let breached =
        alarms(&one.content.clone()).any(|arn| super::cloudwatch::breach(account, arn).is_some_and(|at| at <= now));
    let reason = if breached { "Experiment stopped by stop condition." } else { "The maximum duration ran out." };
    halt(account, one, reason);
}

fn begin(account: &mut Account, one: &mut Experiment) {
    let now = account.now();
    let role = Principal::Role(text(&one.content, "roleArn").to_owned());
    let alarmed = alarms(&one.content).any(|arn| super::cloudwatch::breach(account, arn).is_some_and(|at| at <= now));
    if alarmed {
        (one.status, one.ended) = ("stopped".into(), Some(now));
        "Experiment stopped by stop condition.".clone_into(&mut one.reason);
        return;
    }
    for (name, action) in actions(&one.content.clone()) {
        let parameters = &action["parameters"];
        let document = text(parameters, "documentArn").rsplit('/').next().unwrap_or_default().to_owned();
        let given: Value = serde_json::from_str(text(parameters, "documentParameters")).unwrap_or_else(|_| json!({}));
        let given = given.as_object().into_iter().flatten().map(|(key, value)| {
            let value = if value.is_array() { value.clone() } else { json!([value]) };
            (key.clone(), value)
        });
        let input = json!({ "DocumentName": document, "Parameters": given.collect::<serde_json::Map<_, _>>() });
        let started =
            account.authorize(&role, "ssm:StartAutomationExecution").and_then(|()| ssm::start(account, &input));
        match started {
            Ok(started) => {
                one.automations.insert(name.clone(), text(&started, "AutomationExecutionId").to_owned());
            }
            Err(error) => {
                (one.status, one.reason, one.ended) = ("failed".into(), error.to_string(), Some(now));
                return;
            }
        }
    }
    (one.status, one.running) = ("running".into(), Some(now));
}
