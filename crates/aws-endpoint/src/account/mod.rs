//! The emulated account: what is in it, who may do what, and its time.

mod automation;
mod cloudformation;
mod cloudwatch;
mod detection;
mod document;
mod ec2;
mod fis;
mod guardduty;
mod iam;
mod others;
mod resources;
mod s3;
mod scheduler;
mod ssm;
mod sts;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Answer, ApiError};

pub use automation::{Automation, StepRun};
pub use cloudformation::Stack;
pub use cloudwatch::Alarm;
pub use detection::Delays;
pub use ec2::{Group, Instance, Rule, Snapshot};
pub use fis::Experiment;
pub use iam::Role;
pub use s3::Bucket;
pub use scheduler::Schedule;

/// In whose name something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Whoever calls from outside.
    Operator,
    /// A role, by its ARN.
    Role(String),
}

/// An account in one region.
#[derive(Debug, Default)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// Region.
    pub region: String,
    /// Seconds since 1970.
    now: f64,
    ids: u64,
    /// Security groups by id.
    pub groups: BTreeMap<String, Group>,
    /// Buckets by name.
    pub buckets: BTreeMap<String, Bucket>,
    /// The account's own block of public access is on.
    pub account_block: bool,
    /// Instances by id.
    pub instances: BTreeMap<String, Instance>,
    /// Snapshots by id.
    pub snapshots: BTreeMap<String, Snapshot>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Documents of Systems Manager by name.
    pub documents: BTreeMap<String, Value>,
    /// Parameters of Systems Manager by name.
    pub parameters: BTreeMap<String, String>,
    /// Automations by id.
    pub automations: BTreeMap<String, Automation>,
    /// Commands that ran on instances: id, instance, lines, when.
    pub commands: Vec<(String, String, Vec<String>, f64)>,
    /// Experiment templates of FIS by id.
    pub templates: BTreeMap<String, Value>,
    /// Experiments of FIS by id.
    pub experiments: BTreeMap<String, Experiment>,
    /// The safety lever, with a reason where it is engaged.
    pub lever: Option<String>,
    /// Alarms by name.
    pub alarms: BTreeMap<String, Alarm>,
    /// Data points: namespace, metric, when, value.
    pub metrics: Vec<(String, String, f64, f64)>,
    /// The detector of `GuardDuty`, where it is on.
    pub detector: Option<String>,
    /// Findings by id.
    pub findings: BTreeMap<String, Value>,
    /// How late detection is.
    pub delays: Delays,
    /// Evaluations of AWS Config by resource.
    evaluations: BTreeMap<String, Value>,
    /// AWS Config records.
    pub config: bool,
    /// Rules of `EventBridge`: name, event pattern, targets.
    pub rules: Vec<(String, String, Vec<String>)>,
    /// Remediations of AWS Config: rule and document.
    pub remediations: Vec<(String, String)>,
    /// The account that manages the organization, if there is one.
    pub manager: Option<String>,
    /// Schedules by name.
    pub schedules: BTreeMap<String, Schedule>,
    /// Stacks by name.
    pub stacks: BTreeMap<String, Stack>,
    /// Change sets by stack.
    changes: BTreeMap<String, cloudformation::Changes>,
    /// Actions that the caller from outside may not do.
    pub denied: BTreeSet<String>,
    /// Actions that a policy of the organization denies everybody.
    pub forbidden: BTreeSet<String>,
    /// Things that were seen and lead to findings when they are due.
    pending: Vec<(f64, detection::Sight)>,
}

impl Account {
    /// An account with `GuardDuty` and AWS Config on, and nothing in it.
    #[must_use]
    pub fn new(id: &str, region: &str, now: f64) -> Self {
        let (id, region, detector) =
            (id.to_owned(), region.to_owned(), Some("12abc34d567e8fa901bc2d34e56789f0".to_owned()));
        Self { id, region, now, detector, config: true, account_block: true, ..Self::default() }
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn now(&self) -> f64 {
        self.now
    }

    /// Carries out an operation in somebody's name.
    ///
    /// # Errors
    /// As the service answers.
    pub fn call(&mut self, by: &Principal, (service, operation): (&str, &str), input: &Value) -> Answer {
        self.authorize(by, &iam::action(service, operation))?;
        let known = match service {
            "sts" => sts::call(self, by, operation),
            "ssm" => ssm::call(self, operation, input),
            "fis" => fis::call(self, operation, input),
            "cloudwatch" => cloudwatch::call(self, operation, input),
            "guardduty" => guardduty::call(self, operation, input),
            "cloudformation" => cloudformation::call(self, operation, input),
            "ec2" => ec2::call(self, operation, input),
            "s3" => s3::call(self, operation, input),
            "s3control" => s3::of_account(self, operation),
            "iam" => iam::call(self, operation, input),
            "scheduler" => scheduler::call(self, operation, input),
            _ => others::call(self, (service, operation), input),
        };
        known.unwrap_or_else(|| {
            Err(ApiError::new("UnknownOperationException", format!("{service}:{operation}")).with_status(404))
        })
    }

    /// Lets time go on to `to`, and everything happen that is due by then, in order.
    pub fn advance(&mut self, to: f64) {
        while let Some(due) = self.next_due().filter(|due| *due <= to) {
            self.now = self.now.max(due);
            automation::run_due(self);
            fis::run_due(self);
            scheduler::run_due(self);
            detection::run_due(self);
        }
        self.now = self.now.max(to);
    }

    /// When something happens next by itself. Always later than now, or now at the latest.
    fn next_due(&self) -> Option<f64> {
        let automations = self.automations.values().filter_map(Automation::due);
        let experiments = self.experiments.values().filter_map(|one| one.due(self));
        let schedules = self.schedules.values().filter_map(Schedule::due);
        let sights = self.pending.iter().map(|(due, _)| *due);
        automations.chain(experiments).chain(schedules).chain(sights).min_by(f64::total_cmp)
    }

    fn authorize(&self, by: &Principal, action: &str) -> Result<(), ApiError> {
        let allowed = !self.forbidden.contains(action)
            && match by {
                Principal::Operator => !self.denied.contains(action),
                Principal::Role(arn) => self.roles.values().any(|role| role.arn == *arn && role.allows(action)),
            };
        if allowed { Ok(()) } else { Err(ApiError::denied(action)) }
    }

    /// The next id of a kind: `prefix` and hexadecimal digits.
    fn fresh(&mut self, prefix: &str) -> String {
        self.ids += 1;
        format!("{prefix}{:017x}", 0x0a1b_2c3d_0000_0000_u64 + self.ids)
    }

    /// The next id in the form of a UUID.
    fn uuid(&mut self) -> String {
        self.ids += 1;
        format!("00000000-0000-4000-8000-{:012x}", self.ids)
    }

    fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{rest}", self.region, self.id)
    }
}

/// A text of an input.
fn text<'v>(input: &'v Value, key: &str) -> &'v str {
    input[key].as_str().unwrap_or_default()
}

/// A text that must be there.
fn needed<'v>(input: &'v Value, key: &str) -> Result<&'v str, ApiError> {
    input[key].as_str().ok_or_else(|| ApiError::new("ValidationException", format!("{key} is missing")))
}

/// The texts of a list.
fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
