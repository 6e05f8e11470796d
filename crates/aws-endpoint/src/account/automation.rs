//! Automation: documents of schema 0.3, run step by step in the name of their role.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::document::{Names, filled, seconds, selected};
use super::ec2::Tags;
use super::{Account, Principal, text, texts};
use crate::ApiError;

/// A step that needs no waiting takes so long, in seconds.
const STEP: f64 = 1.0;
/// The way to the end after a cancellation takes so long at most.
const CANCEL: f64 = 120.0;

/// An execution.
#[derive(Debug, Clone)]
pub struct Automation {
    /// Name of the document.
    pub document: String,
    /// As Systems Manager says: `InProgress`, `Success`, `Failed`, `Cancelling`, `Cancelled`, `TimedOut`.
    pub status: String,
    /// When it began.
    pub started: f64,
    /// When it ended.
    pub ended: Option<f64>,
    /// The steps that were begun.
    pub steps: Vec<StepRun>,
    /// Why it failed.
    pub failure: String,
    pub(super) token: String,
    pub(super) tags: Tags,
    content: Value,
    names: Names,
    /// The next step, and when it is run.
    next: Option<(String, f64)>,
    /// A step that was critical failed.
    failed: bool,
    /// When a cancellation began.
    cancelled: Option<f64>,
}

/// A step that was begun.
#[derive(Debug, Clone, PartialEq)]
pub struct StepRun {
    /// Its name.
    pub name: String,
    /// `aws:...`
    pub action: String,
    /// How it stands.
    pub status: String,
    /// When it began.
    pub started: f64,
    /// When it ended.
    pub ended: Option<f64>,
    /// What it gave.
    pub outputs: BTreeMap<String, Vec<String>>,
    /// Why it failed.
    pub failure: String,
}

impl Automation {
    pub(super) fn new(document: &str, content: Value, given: &Value, now: f64) -> Result<Self, ApiError> {
        let wrong = |message: String| ApiError::new("InvalidAutomationExecutionParametersException", message);
        let mut names = Names::new();
        let declared = content["parameters"].as_object().cloned().unwrap_or_default();
        for key in given.as_object().into_iter().flat_map(Map::keys) {
            if !declared.contains_key(key) {
                return Err(wrong(format!("the document has no parameter {key}")));
            }
        }
        for (name, parameter) in &declared {
            let values = texts(&given[name.as_str()]);
            let value = match (parameter["type"].as_str(), values.first()) {
                (Some("StringList"), Some(_)) => json!(values),
                (_, Some(first)) => json!(first),
                (_, None) => parameter.get("default").cloned().ok_or_else(|| wrong(format!("{name} is missing")))?,
            };
            names.insert(name.clone(), value);
        }
        let first = content["mainSteps"][0]["name"].as_str().map(|name| (name.to_owned(), now + STEP));
        let document = document.to_owned();
        Ok(Self {
            document,
            status: "InProgress".into(),
            started: now,
            ended: None,
            steps: Vec::new(),
            failure: String::new(),
            token: String::new(),
            tags: Tags::new(),
            content,
            names,
            next: first,
            failed: false,
            cancelled: None,
        })
    }

    /// Says whether it has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    pub(super) fn due(&self) -> Option<f64> {
        if self.is_over() {
            return None;
        }
        let limit = self.cancelled.map(|at| at + CANCEL);
        let next = self.next.as_ref().map_or(self.started, |(_, due)| *due);
        Some(limit.map_or(next, |limit| limit.min(next)))
    }

    /// Goes over to what the step under way says for a cancellation.
    pub(super) fn cancel(&mut self, now: f64) {
        if self.is_over() || self.cancelled.is_some() {
            return;
        }
        self.cancelled = Some(now);
        self.status = "Cancelling".into();
        let at = self.steps.last().filter(|step| step.ended.is_none()).map(|step| step.name.clone());
        if let Some(step) = self.steps.last_mut().filter(|step| step.ended.is_none()) {
            (step.status, step.ended) = ("Cancelled".into(), Some(now));
        }
        let at = at.or_else(|| self.steps.last().map(|step| step.name.clone()));
        let to = at.and_then(|name| jump(self.step(&name)?, "onCancel"));
        self.next = to.map(|to| (to, now + STEP));
        if self.next.is_none() {
            self.end(now);
        }
    }

    fn step(&self, name: &str) -> Option<&Value> {
        let steps = self.content["mainSteps"].as_array()?;
        steps.iter().find(|step| step["name"] == name)
    }

    fn after(&self, name: &str) -> Option<String> {
        let steps = self.content["mainSteps"].as_array()?;
        let index = steps.iter().position(|step| step["name"] == name)?;
        let step = steps.get(index)?;
        if step["isEnd"].as_bool() == Some(true) {
            return None;
        }
        let next = step["nextStep"].as_str().or_else(|| steps.get(index + 1)?["name"].as_str());
        next.map(str::to_owned)
    }

    /// Ends a sleep that is over.
    fn wake(&mut self, now: f64) {
        if let Some(run) = self.steps.last_mut().filter(|run| run.ended.is_none()) {
            (run.status, run.ended) = ("Success".into(), Some(now));
            let name = run.name.clone();
            self.next = self.after(&name).map(|next| (next, now));
        }
    }

    fn end(&mut self, now: f64) {
        (self.next, self.ended) = (None, Some(now));
        let status = match (self.cancelled, self.failed) {
            (Some(_), _) => "Cancelled",
            (None, true) => "Failed",
            (None, false) => "Success",
        };
        status.clone_into(&mut self.status);
    }

    /// As `GetAutomationExecution` gives it.
    pub(super) fn described(&self, id: &str) -> Value {
        let steps = self.steps.iter().map(|step| {
            json!({ "StepName": step.name, "Action": step.action, "StepStatus": step.status, "ExecutionStartTime": step.started,
                "ExecutionEndTime": step.ended, "Outputs": step.outputs, "FailureMessage": step.failure,
                "StepExecutionId": format!("{id}-{}", step.name) })
        });
        let outputs = self.content["outputs"].as_array().into_iter().flatten().filter_map(|name| {
            let name = name.as_str()?;
            let value = self.names.get(name)?;
            Some((name.to_owned(), json!(as_texts(value))))
        });
        json!({ "AutomationExecutionId": id, "DocumentName": self.document, "DocumentVersion": "1", "AutomationExecutionStatus": self.status,
            "ExecutionStartTime": self.started, "ExecutionEndTime": self.ended, "FailureMessage": self.failure,
            "StepExecutions": steps.collect::<Vec<_>>(), "StepExecutionsTruncated": false,
            "Outputs": outputs.collect::<Map<_, _>>(),
            "CurrentStepName": self.steps.iter().rev().find(|step| step.ended.is_none()).map(|step| &step.name) })
    }
}

fn as_texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(as_texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// Where a step says to go: nothing for `Abort`.
fn jump(step: &Value, key: &str) -> Option<String> {
    step[key].as_str()?.strip_prefix("step:").map(str::to_owned)
}

/// Runs the steps that are due.
pub(super) fn run_due(account: &mut Account) {
    let now = account.now();
    let due: Vec<String> = account
        .automations
        .iter()
        .filter(|(_, one)| one.due().is_some_and(|due| due <= now))
        .map(|(id, _)| id.clone())
        .collect();
    for id in due {
        let Some(mut automation) = account.automations.remove(&id) else { continue };
        step(account, &id, &mut automation);
        account.automations.insert(id, automation);
    }
}

fn step(account: &mut Account, id: &str, automation: &mut Automation) {
    let now = account.now();
    let late = automation.cancelled.is_some_and(|at| now >= at + CANCEL);
    automation.wake(now);
    let Some((name, _)) = automation.next.take().filter(|_| !late) else { return automation.end(now) };
    let Some(described) = automation.step(&name).cloned() else {
        automation.failed = true;
        return automation.end(now);
    };
    name_globals(account, id, automation);
    let (action, started) = (text(&described, "action"), now);
    let mut run = StepRun {
        name: name.clone(),
        action: action.to_owned(),
        status: "InProgress".into(),
        started,
        ended: None,
        outputs: BTreeMap::new(),
        failure: String::new(),
    };
    if action == "aws:sleep" {
        let inputs = filled(&described["inputs"], &automation.names).unwrap_or_default();
        let length = seconds(text(&inputs, "Duration")).unwrap_or(0.0);
        automation.steps.push(run);
        automation.next = Some((name, now + length.max(STEP)));
        return;
    }
    let done = carried_out(account, automation, &described);
    run.ended = Some(now);
    let next = match done {
        Ok((outputs, chosen)) => {
            run.status = "Success".into();
            for (key, value) in outputs {
                run.outputs.insert(key.clone(), as_texts(&value));
                automation.names.insert(format!("{name}.{key}"), value);
            }
            chosen.or_else(|| automation.after(&name))
        }
        Err(why) => {
            run.status = "Failed".into();
            run.failure.clone_from(&why);
            let to = described["onFailure"].as_str().unwrap_or("Abort");
            if described["isCritical"].as_bool() != Some(false) {
                automation.failed = true;
                automation.failure = format!("{name}: {why}");
            }
            match to {
                "Continue" => automation.after(&name),
                "Abort" => None,
                _ => jump(&described, "onFailure"),
            }
        }
    };
    automation.steps.push(run);
    match next {
        Some(next) => automation.next = Some((next, now + STEP)),
        None => automation.end(now),
    }
}

/// What every document may refer to.
fn name_globals(account: &Account, id: &str, automation: &mut Automation) {
    for (key, value) in [("ACCOUNT_ID", account.id.clone()), ("REGION", account.region.clone())] {
        automation.names.insert(format!("global:{key}"), value.into());
    }
    automation.names.insert("automation:EXECUTION_ID".into(), id.into());
}

type Done = Result<(Vec<(String, Value)>, Option<String>), String>;

fn carried_out(account: &mut Account, automation: &Automation, step: &Value) -> Done {
    let inputs = filled(&step["inputs"], &automation.names)?;
    let role = filled(&automation.content["assumeRole"], &automation.names)?;
    let by = match role.as_str() {
        Some(role) if !role.is_empty() => Principal::Role(role.to_owned()),
        _ => Principal::Operator,
    };
    match text(step, "action") {
        "aws:executeAwsApi" => {
            let answer = called(account, &by, &inputs)?;
            let outputs = step["outputs"].as_array().into_iter().flatten();
            let outputs = outputs.map(|output| Ok((text(output, "Name").to_owned(), output_of(output, &answer)?)));
            Ok((outputs.collect::<Result<_, String>>()?, None))
        }
        "aws:assertAwsResourceProperty" | "aws:waitForAwsResourceProperty" => {
            let answer = called(account, &by, &inputs)?;
            let found = selected(text(&inputs, "PropertySelector"), &answer);
            let wanted = texts(&inputs["DesiredValues"]);
            let have: Vec<String> = found.iter().flat_map(as_texts).collect();
            if have.iter().any(|one| wanted.contains(one)) {
                return Ok((Vec::new(), None));
            }
            Err(format!("expected one of {wanted:?}, found {have:?}"))
        }
        "aws:runCommand" => {
            let asked = json!({ "InstanceIds": inputs["InstanceIds"], "Parameters": inputs["Parameters"], "DocumentName": inputs["DocumentName"] });
            let answer = account.call(&by, ("ssm", "SendCommand"), &asked).map_err(|error| error.to_string())?;
            Ok((vec![("CommandId".into(), answer["Command"]["CommandId"].clone())], None))
        }
        "aws:branch" => {
            let choices = inputs["Choices"].as_array().into_iter().flatten();
            let mut chosen = choices.filter(|choice| {
                let variable = as_texts(&choice["Variable"]).join(",");
                choice["StringEquals"].as_str().is_some_and(|wanted| wanted == variable)
            });
            let chosen = chosen.next().map_or(&inputs["Default"], |choice| &choice["NextStep"]);
            Ok((Vec::new(), chosen.as_str().map(str::to_owned)))
        }
        other => Err(format!("{other} is not run here")),
    }
}

fn called(account: &mut Account, by: &Principal, inputs: &Value) -> Result<Value, String> {
    let mut input = inputs.clone();
    if let Some(fields) = input.as_object_mut() {
        for key in ["Service", "Api", "PropertySelector", "DesiredValues"] {
            fields.remove(key);
        }
    }
    let answer = account.call(by, (text(inputs, "Service"), text(inputs, "Api")), &input);
    answer.map_err(|error| format!("{} {}", error.code, error.message))
}

fn output_of(output: &Value, answer: &Value) -> Result<Value, String> {
    let found = selected(text(output, "Selector"), answer);
    match output["Type"].as_str() {
        Some("StringList") => Ok(json!(found.iter().flat_map(as_texts).collect::<Vec<_>>())),
        _ => found.first().cloned().ok_or_else(|| format!("nothing at {}", text(output, "Selector"))),
    }
}
