//! The calls that a response makes: whoever changes an account leaves records there, too.
//!
//! Names and parameters as CloudTrail records those calls. EC2 writes lists as `items`, and newer calls of it with the name of the
//! request around them; the other services write their parameters with a small first letter.

mod account;
mod compute;
mod data;
mod group;
mod sight;

pub(crate) use compute::deleted_snapshot;
pub(crate) use group::{issue, launch, refused as refused_launch, termination};

use serde_json::Value;

use super::Office;
use firedrill_model::event::EffectResult;
use firedrill_model::scenario::{Effect, FindingFormat, ResourceKind};
use firedrill_model::{DrillTime, SafeText};

/// A call of an API.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiCall {
    /// As in an action of a policy.
    pub service: &'static str,
    /// For example `StopInstances`.
    pub name: &'static str,
    /// `requestParameters`.
    pub request: Value,
    /// `responseElements`.
    pub answer: Option<Value>,
    /// `errorCode`, if it is refused.
    pub error: Option<&'static str>,
}

impl ApiCall {
    fn new(service: &'static str, name: &'static str, request: Value) -> Self {
        Self { service, name, request, answer: None, error: None }
    }

    fn answered(self, answer: Value) -> Self {
        Self { answer: Some(answer), ..self }
    }
}

/// What is known of what a response is aimed at.
#[derive(Debug, Clone)]
pub(crate) struct Known<'a> {
    /// Instances that were launched with it, if it is a role or user with which somebody did.
    pub launched: Vec<String>,
    /// What documents need.
    pub office: &'a Office,
    /// The target's id, or nothing.
    pub target: &'a str,
    /// What kind of resource it is, if it is one.
    pub kind: Option<ResourceKind>,
    /// The auto scaling group that it is or belongs to.
    pub group: &'a str,
    /// The role that its instance profile holds, if it is an instance.
    pub role: &'a str,
    /// It is the role of instances.
    pub is_instance_role: bool,
    /// Other accounts with which it is shared.
    pub shared_with: &'a [SafeText],
    /// It is an automation that runs at even intervals.
    pub is_pipeline: bool,
    /// When this is.
    pub at: DrillTime,
    /// The security group that it is behind otherwise.
    pub security_group: &'a str,
    /// The user whose key it is.
    pub owner: &'a str,
    /// The port that the fault opened.
    pub port: u16,
    /// In whose format the findings are written that are looked at.
    pub format: Option<FindingFormat>,
    /// The name of the rule or alarm that is looked at.
    pub rule: &'a str,
}

/// The calls of an effect that happened, in order. What is done by talking, or outside of the account, makes none.
pub(crate) fn calls(effect: &Effect, result: &EffectResult, known: &Known<'_>) -> Vec<ApiCall> {
    match effect {
        Effect::SnapshotVolume => vec![compute::snapshot(known)],
        Effect::CopyEvidence => vec![compute::share_snapshot(known)],
        Effect::CaptureMemory | Effect::RemoveImplant => vec![compute::command(known)],
        Effect::Instance { change } => compute::change_of(*change, known),
        Effect::ChangeCapacity { .. } => compute::capacity(result, known).into_iter().collect(),
        Effect::OpenPort => vec![compute::open(known)],
        Effect::EndLaunched => vec![compute::end_launched(known)],
        Effect::ClosePort => vec![compute::close(known)],
        Effect::RestrictPort => vec![compute::close(known), compute::open_to_trusted(known)],
        Effect::DenySubnet => [false, true].map(|egress| compute::deny(known, egress)).into(),
        Effect::AllowSubnet => [false, true].map(|egress| compute::allow(known, egress)).into(),
        Effect::BlockPublicAccess => vec![data::public_access(known, true)],
        Effect::AllowPublicAccess => vec![data::public_access(known, false)],
        Effect::RemoveShare => vec![data::unshare(known)],
        Effect::CopySnapshot => vec![data::share_for_copy(known)],
        Effect::IsolateDatabase => vec![data::isolate(known)],
        Effect::ReleaseDatabase => vec![data::release(known)],
        Effect::MakePrivate => vec![data::make_private(known)],
        Effect::RestoreDatabase { from } => vec![data::restore(known, from)],
        Effect::Protect => vec![data::protect(known)],
        Effect::SuspendReplacement => vec![compute::processes(known, "SuspendProcesses", "ReplaceUnhealthy")],
        Effect::ResumeReplacement => vec![compute::processes(known, "ResumeProcesses", "ReplaceUnhealthy")],
        Effect::SuspendRebalancing => vec![compute::processes(known, "SuspendProcesses", "AZRebalance")],
        Effect::ResumeRebalancing => vec![compute::processes(known, "ResumeProcesses", "AZRebalance")],
        Effect::ReplaceFleet => vec![compute::refresh(known)],
        Effect::RollBack => vec![compute::roll_back(known)],
        Effect::RevokeSessions => vec![account::revoke(known)],
        Effect::DenyOutside => vec![account::deny_outside(known)],
        Effect::ChangeTrust => vec![account::trust_nobody(known)],
        Effect::DeactivateKey => vec![account::key_status(known, "Inactive")],
        Effect::ActivateKey => vec![account::key_status(known, "Active")],
        Effect::DeleteKey => vec![account::delete_key(known)],
        Effect::ReplaceKey => vec![account::new_key(known)],
        Effect::BlockNames { domains } => vec![account::block(known, domains)],
        Effect::TurnOnLog { log } => vec![account::turn_on(known, *log)],
        Effect::TurnOnDetector { .. } => sight::turn_on(known).into_iter().collect(),
        Effect::TurnOff { what } => sight::stop(known, what).into_iter().collect(),
        Effect::LookAtStatus { of } => sight::status(known, of).into_iter().collect(),
        Effect::Scan { .. } => vec![account::scan(known)],
        Effect::LookAtFindings { .. } => account::look(known).into_iter().collect(),
        Effect::LookAtLog { log } => vec![account::read(*log)],
        // A template is no thing of the account.
        Effect::RepairAutomation => (!known.is_pipeline).then(|| account::repair_function(known)).into_iter().collect(),
        Effect::RepairChannel => vec![account::enable_rule(known)],
        Effect::TestAutomation | Effect::TestChannel | Effect::Tell { .. } | Effect::ConfirmSteadyState => Vec::new(),
    }
}
