//! `EventBridge` Scheduler: one-time schedules that start an Automation.

use serde_json::{Value, json};

use super::{Account, Principal, needed, ssm, text};
use crate::{Answer, ApiError};

/// A one-time schedule.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// When, in seconds since 1970.
    pub at: f64,
    /// The target as it was given.
    pub target: Value,
    /// It is gone once it has run.
    pub delete_after: bool,
    /// It has run.
    pub done: bool,
}

impl Schedule {
    pub(super) fn due(&self) -> Option<f64> {
        (!self.done).then_some(self.at)
    }
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "CreateSchedule" => create(account, input),
        "GetSchedule" => needed(input, "Name").and_then(|name| {
            let schedule = account.schedules.get(name).ok_or_else(missing)?;
            Ok(json!({ "Name": name, "State": "ENABLED", "ScheduleExpression": format!("at({})", crate::wire::iso(schedule.at).trim_end_matches(".000Z")) }))
        }),
        "DeleteSchedule" => needed(input, "Name")
            .and_then(|name| account.schedules.remove(name).map(|_| json!({})).ok_or_else(missing)),
        _ => return None,
    })
}

fn missing() -> ApiError {
    ApiError::new("ResourceNotFoundException", "Schedule does not exist.").with_status(404)
}

fn create(account: &mut Account, input: &Value) -> Answer {
    let name = needed(input, "Name")?.to_owned();
    if account.schedules.contains_key(&name) {
        return Err(ApiError::new("ConflictException", format!("Schedule {name} already exists.")).with_status(409));
    }
    let expression = needed(input, "ScheduleExpression")?;
    let at = expression.strip_prefix("at(").and_then(|rest| rest.strip_suffix(')')).map(|at| format!("{at}Z"));
    let at = at.and_then(|at| chrono::DateTime::parse_from_rfc3339(&at).ok());
    let at =
        at.ok_or_else(|| ApiError::new("ValidationException", format!("Invalid Schedule Expression {expression}.")))?;
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970")]
    let at = at.timestamp() as f64;
    let (target, delete_after) = (input["Target"].clone(), text(input, "ActionAfterCompletion") == "DELETE");
    account.schedules.insert(name.clone(), Schedule { at, target, delete_after, done: false });
    Ok(json!({ "ScheduleArn": account.arn("scheduler", &format!("schedule/default/{name}")) }))
}

pub(super) fn run_due(account: &mut Account) {
    let now = account.now();
    let due: Vec<String> = account
        .schedules
        .iter()
        .filter(|(_, one)| one.due().is_some_and(|at| at <= now))
        .map(|(name, _)| name.clone())
        .collect();
    for name in due {
        let Some(schedule) = account.schedules.get_mut(&name) else { continue };
        schedule.done = true;
        let (target, gone) = (schedule.target.clone(), schedule.delete_after);
        let input = serde_json::from_str(text(&target, "Input")).unwrap_or_default();
        let role = Principal::Role(text(&target, "RoleArn").to_owned());
        // A target that can't be called is tried again by Scheduler; whether it is allowed is what counts here.
        if account.authorize(&role, "ssm:StartAutomationExecution").is_ok() {
            let _ = ssm::start(account, &input);
        }
        if gone {
            account.schedules.remove(&name);
        }
    }
}
