//! What responders and automations leave in CloudTrail themselves.

use super::SimWorld;
use super::evidence::{
    ApiCall, Call, Caller, Known, Made, cloudtrail_text, complete, deleted_snapshot, group_launch, group_termination,
    issue, opening, refused_launch, responder_calls,
};
use firedrill_model::event::EffectResult;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::{Detector, Effect, ResourceKind, Sight, Stage};
use firedrill_model::{DrillTime, LogRecord, LogSource, RecordId, SafeText};

/// The role that the team works with, and its session.
const TEAM: &str = "incident-response/responder";
/// From where the team works: an address of the company's own network, which AWS sees as that of its gateway.
const DESK: &str = "10.0.250.4";
/// What the team works with.
const TOOL: &str = "aws-cli/2.17.0 md/awscrt#0.20.11 ua/2.0";
/// From where an automation calls, and with what.
const FUNCTION: (&str, &str) = ("10.0.251.8", "Boto3/1.35.0 md/Botocore#1.35.0 exec-env/AWS_Lambda_python3.12");

/// The role with which auto scaling groups call, and its session.
const GROUPS: &str = "AWSServiceRoleForAutoScaling/AutoScaling";

/// Who does something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Actor<'a> {
    /// The team, with the response of this number.
    Response(u32),
    /// An automation, and how often it has run.
    Automation(&'a TargetId, u64),
}

/// Who makes a call, from where and with what.
struct By<'a> {
    caller: Caller<'a>,
    address: String,
    agent: String,
}

impl SimWorld {
    /// An effect has happened, at its place in what was to be done: the calls that it made go to CloudTrail.
    pub(super) fn log_calls(
        &mut self,
        (place, effect): (usize, &Effect),
        (target, result): (Option<&TargetId>, &EffectResult),
        by: Actor<'_>,
        at: DrillTime,
    ) {
        let (source, user, address, agent) = match by {
            Actor::Response(run) => (format!("response/{run}/{}", effect.word()), TEAM.to_owned(), DESK, TOOL),
            Actor::Automation(id, run) => {
                let source = format!("automation/{id}/{run}/{}", effect.word());
                (source, format!("{id}/run-{run}"), FUNCTION.0, FUNCTION.1)
            }
        };
        // The effect's place tells two of a kind apart.
        let left_by = match by {
            Actor::Response(run) => format!("response/{run}/{place}"),
            Actor::Automation(id, run) => format!("automation/{id}/{run}/{place}"),
        };
        let calls = responder_calls(effect, result, &self.aimed_at(effect, target, at));
        for (number, call) in (0_u64..).zip(calls) {
            let by = By { caller: Caller::named(&user), address: address.to_owned(), agent: agent.to_owned() };
            self.send_call(call, by, RecordId::of(&left_by, number), (&source, number), at);
        }
    }

    /// A group has launched or terminated an instance itself.
    pub(super) fn log_group_call(&mut self, id: &TargetId, launched: bool, at: DrillTime) {
        let Some(machine) = self.fleet.machine(id) else { return };
        let Some(service) = self.scenario.services.get(machine.service) else { return };
        let (group, role) = (service.group.id.clone(), service.role.clone());
        let call = if launched {
            group_launch(&self.office, machine, group.as_str())
        } else {
            group_termination(&self.office, id.as_str())
        };
        let part = if launched { "launch" } else { "termination" };
        self.log_call(Caller::named(GROUPS), (&format!("group/{id}/{part}"), 0), call, at);
        if let Some(role) = role.filter(|_| launched) {
            self.log_issue(id, &role, at);
        }
    }

    /// A group was refused a launch: the quota is used up.
    pub(super) fn log_refused_launch(&mut self, service: usize, at: DrillTime) {
        let Some(plan) = self.scenario.services.get(service) else { return };
        let refused = self.fleet.keepers.get(service).map_or(0, |keeper| keeper.refused);
        let name = format!("group/{}/refused", plan.group.id);
        let call = refused_launch(&self.office, plan.group.id.as_str(), refused);
        self.log_call(Caller::named(GROUPS), (&name, refused), call, at);
    }

    /// The adversary deletes the snapshot of an instance's volume, as the caller of what else its stage leaves in the trail.
    pub(super) fn log_deleted_snapshot(&mut self, plan: &Stage, id: &TargetId, at: DrillTime) {
        let Some(leaf) = plan.leaves.iter().find(|leaf| leaf.source == LogSource::Cloudtrail) else { return };
        let (Some(user), Some(address)) = (&leaf.user, leaf.addresses.first()) else { return };
        let (name, call) = (format!("deleted/{}/{id}", plan.id), deleted_snapshot(&self.office, id.as_str()));
        let agent = leaf.agent.as_ref().map_or(TOOL, SafeText::as_str).to_owned();
        let by = By { caller: Caller::named(user.as_str()), address: address.as_str().to_owned(), agent };
        self.send_call(call, by, RecordId::of(&name, 0), (&name, 0), at);
    }

    /// The metadata service of an instance has got credentials of its role: EC2 has assumed it.
    pub(super) fn log_issue(&mut self, id: &TargetId, role: &TargetId, at: DrillTime) {
        let call = issue(&self.office, id.as_str(), role.as_str());
        let name = format!("metadata/{id}/{}", at.0);
        self.log_call(Caller::service_named("ec2.amazonaws.com"), (&name, 0), call, at);
    }

    /// Sends the record of a call that a service of AWS made.
    fn log_call(&mut self, caller: Caller<'_>, key: (&str, u64), call: ApiCall, at: DrillTime) {
        let address = caller.service().unwrap_or(GROUPS).to_owned();
        let by = By { caller, agent: address.clone(), address };
        self.send_call(call, by, RecordId::of(key.0, key.1), key, at);
    }

    /// Sends the record of a call to CloudTrail.
    fn send_call(&mut self, call: ApiCall, by: By<'_>, id: RecordId, key: (&str, u64), at: DrillTime) {
        let made = Made { service: call.service, name: call.name, refused: call.error.is_some(), at, key };
        let (request, answer) = complete(&self.office, &made, Some(call.request), call.answer);
        let call = Call {
            service: call.service,
            name: call.name,
            caller: by.caller,
            address: by.address,
            agent: by.agent,
            request,
            answer,
            error: call.error,
            denied: false,
            data: false,
            at,
            key,
        };
        let text = cloudtrail_text(&self.office, &call);
        self.send_record(LogRecord::new(id, LogSource::Cloudtrail, at, text), key, at);
    }

    fn aimed_at<'a>(&'a self, effect: &Effect, target: Option<&'a TargetId>, at: DrillTime) -> Known<'a> {
        let resource = target.and_then(|id| self.scenario.resources.iter().find(|resource| resource.id == *id));
        let machine = target.and_then(|id| self.fleet.machine(id));
        let service = machine.and_then(|machine| self.scenario.services.get(machine.service));
        let used_by = |kind: ResourceKind| {
            let uses = resource.map(|resource| resource.used_by.as_slice()).unwrap_or_default();
            let behind = self
                .scenario
                .resources
                .iter()
                .find(|other| other.kind == kind && other.used_by.iter().any(|service| uses.contains(service)));
            behind.map_or("sg-0default", |group| group.id.as_str())
        };
        let detector = self.looked_at(effect);
        let launched = target.map(|id| self.launched_ids(id)).unwrap_or_default();
        Known {
            launched,
            office: &self.office,
            target: target.map_or("", TargetId::as_str),
            kind: resource.map(|resource| resource.kind),
            group: service.map_or("", |service| service.group.id.as_str()),
            security_group: used_by(ResourceKind::SecurityGroup),
            owner: resource.and_then(|resource| resource.owner.as_ref()).map_or("", TargetId::as_str),
            role: service.and_then(|service| service.role.as_ref()).map_or("", TargetId::as_str),
            is_instance_role: target
                .is_some_and(|id| self.scenario.services.iter().any(|service| service.role.as_ref() == Some(id))),
            is_pipeline: self.scenario.automations.iter().any(|one| Some(&one.id) == target && one.every.is_some()),
            shared_with: resource.map(|resource| resource.shared_with.as_slice()).unwrap_or_default(),
            at,
            port: opening(&self.scenario).map_or(443, |(_, port)| port),
            format: detector.map(|detector| detector.format),
            rule: detector.map_or("", |detector| detector.finding.as_str()),
        }
    }

    /// The detector whose findings an effect looks at.
    fn looked_at(&self, effect: &Effect) -> Option<&Detector> {
        let (Effect::LookAtFindings { detector }
        | Effect::TurnOnDetector { detector }
        | Effect::TurnOff { what: Sight::Detector(detector) }
        | Effect::LookAtStatus { of: Sight::Detector(detector) }) = effect
        else {
            return None;
        };
        self.scenario.detectors.iter().find(|other| other.id == *detector)
    }
}
