//! Sight that can be lost: what stops it, who turns it on again, and what is left all the same.

use super::super::report::Report;
use super::names::{Kind, Names};
use crate::problem::Code;
use firedrill_model::LogSource;
use firedrill_model::scenario::{Effect, FindingFormat, Scenario, Sight, Stage};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, stage) in scenario.stages.iter().enumerate() {
        for (nth, what) in stage.stops.iter().enumerate() {
            let here = format!("stage/{at}/stops/{nth}");
            if stage.stops.iter().take(nth).any(|before| before == what) {
                report.object(&here, Code::Duplicate, "this stands here for the second time", "name each once");
            }
            named(scenario, names, what, &here, report);
            left_by(scenario, stage, what, &here, report);
        }
    }
    for (at, action) in scenario.actions.iter().enumerate() {
        for (nth, effect) in action.effects.iter().enumerate() {
            effects(scenario, names, effect, &format!("action/{at}/effects/{nth}"), report);
        }
    }
    for (at, automation) in scenario.automations.iter().enumerate() {
        for (nth, effect) in automation.effects.iter().enumerate() {
            effects(scenario, names, effect, &format!("automation/{at}/effects/{nth}"), report);
        }
    }
    for (at, detector) in scenario.detectors.iter().enumerate() {
        let own =
            matches!(detector.needs_log, Some(LogSource::Cloudtrail | LogSource::VpcFlow | LogSource::ResolverQuery));
        if own && is_guardduty(detector.format) {
            let message = "GuardDuty reads streams of its own: it sees what this log doesn't record";
            report.object(&format!("detector/{at}/needs-log"), Code::Contradiction, message, "take it out");
        }
    }
}

fn effects(scenario: &Scenario, names: &Names, effect: &Effect, here: &str, report: &mut Report<'_>) {
    match effect {
        Effect::TurnOff { what } => {
            let here = format!("{here}/what");
            named(scenario, names, what, &here, report);
            nobody_can(scenario, what, &here, report);
        }
        Effect::LookAtStatus { of } => named(scenario, names, of, &format!("{here}/of"), report),
        Effect::TurnOnDetector { detector } => {
            let here = format!("{here}/detector");
            if names.need(Kind::Detector, detector.as_str(), &here, report)
                && !can_stop(scenario, &Sight::Detector(detector.clone()))
                && !report.is_spoiled_within("stage")
            {
                let message = format!("nothing stops `{detector}`");
                let advice = "let a stage stop it: stops = [{ detector = \"...\" }], or take this effect out";
                report.object(&here, Code::Never, message, advice);
            }
        }
        _ => {}
    }
}

fn named(scenario: &Scenario, names: &Names, what: &Sight, here: &str, report: &mut Report<'_>) {
    match what {
        Sight::Log(log) => {
            let is_there = scenario.logs.iter().any(|other| other.source == *log)
                || scenario.background.iter().any(|one| one.source == *log)
                || scenario.stages.iter().flat_map(|stage| &stage.leaves).any(|one| one.source == *log);
            if !is_there && !["log", "background", "stage"].iter().any(|section| report.is_spoiled_within(section)) {
                let message = format!("nothing in this scenario writes to {}", log.label());
                report.object(here, Code::Never, message, "name a log that has records");
            }
        }
        Sight::Detector(id) => {
            names.need(Kind::Detector, id.as_str(), &format!("{here}/detector"), report);
        }
        Sight::Channel(id) => {
            names.need(Kind::CHANNEL, id.as_str(), &format!("{here}/channel"), report);
        }
    }
}

/// AWS Health is AWS's own.
fn nobody_can(scenario: &Scenario, what: &Sight, here: &str, report: &mut Report<'_>) -> bool {
    let Sight::Detector(id) = what else { return false };
    let health = |format: FindingFormat| format == FindingFormat::Health;
    let nobody = scenario.detectors.iter().any(|detector| detector.id == *id && health(detector.format));
    if nobody {
        let message = format!("nobody can stop `{id}`: AWS Health belongs to AWS");
        report.object(here, Code::Contradiction, message, "name a detector of another format");
    }
    nobody
}

/// Whoever stops something calls for it, and the call is recorded.
fn left_by(scenario: &Scenario, stage: &Stage, what: &Sight, here: &str, report: &mut Report<'_>) {
    if nobody_can(scenario, what, here, report) || report.is_spoiled_within("stage") {
        return;
    }
    let calls = stopped_by(what, scenario);
    let by = |call: &str| calls.contains(&call);
    let mut left = stage.leaves.iter().filter(|leaf| leaf.source == LogSource::Cloudtrail && leaf.error.is_none());
    let there = left.any(|leaf| leaf.call.as_ref().is_some_and(|call| by(call.as_str())));
    if let (false, Some(usual)) = (there, calls.first()) {
        let message = format!("the stage `{}` stops this, and leaves no record of the call that does it", stage.id);
        let advice = format!("add to its `leaves`: {{ source = \"cloudtrail\", call = \"{usual}\", user = \"...\" }}");
        report.object(here, Code::Contradiction, message, advice);
    }
}

/// Says whether a stage or a response can stop this, by itself or with what belongs to the same service.
pub fn can_stop(scenario: &Scenario, what: &Sight) -> bool {
    let detector = |sight: &Sight| match sight {
        Sight::Detector(id) => scenario.detectors.iter().find(|detector| detector.id == *id),
        Sight::Log(_) | Sight::Channel(_) => None,
    };
    let trail =
        |sight: &Sight| *what == Sight::Log(LogSource::CloudtrailData) && *sight == Sight::Log(LogSource::Cloudtrail);
    let same = |sight: &Sight| {
        sight == what || trail(sight) || detector(sight).zip(detector(what)).is_some_and(|(a, b)| a.stops_with(b))
    };
    let by_effect = |effect: &Effect| matches!(effect, Effect::TurnOff { what: off } if same(off));
    let actions = scenario.actions.iter().flat_map(|action| &action.effects);
    let automations = scenario.automations.iter().flat_map(|automation| &automation.effects);
    let stages = scenario.stages.iter().flat_map(|stage| &stage.stops);
    stages.clone().any(same) || actions.chain(automations).any(by_effect)
}

fn is_guardduty(format: FindingFormat) -> bool {
    match format {
        FindingFormat::GuarddutyDns
        | FindingFormat::GuarddutyNetwork
        | FindingFormat::GuarddutyApi
        | FindingFormat::GuarddutyMalware => true,
        FindingFormat::Config | FindingFormat::Health | FindingFormat::Alarm => false,
    }
}

/// The calls that stop something, as CloudTrail names them; none where nobody can.
fn stopped_by(what: &Sight, scenario: &Scenario) -> &'static [&'static str] {
    match what {
        Sight::Log(LogSource::Cloudtrail) => &["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
        Sight::Log(LogSource::CloudtrailData) => &["cloudtrail:PutEventSelectors", "cloudtrail:StopLogging"],
        Sight::Log(LogSource::VpcFlow) => &["ec2:DeleteFlowLogs"],
        Sight::Log(LogSource::ResolverQuery) => &["route53resolver:DisassociateResolverQueryLogConfig"],
        Sight::Log(LogSource::ConfigCompliance) => &["config:StopConfigurationRecorder"],
        Sight::Channel(_) => &["events:DisableRule", "events:DeleteRule", "events:RemoveTargets"],
        Sight::Detector(id) => {
            let found = scenario.detectors.iter().find(|detector| detector.id == *id);
            found.map_or(&[], |detector| stopped_by_format(detector.format))
        }
    }
}

fn stopped_by_format(format: FindingFormat) -> &'static [&'static str] {
    match format {
        FindingFormat::GuarddutyDns
        | FindingFormat::GuarddutyNetwork
        | FindingFormat::GuarddutyApi
        | FindingFormat::GuarddutyMalware => &["guardduty:UpdateDetector", "guardduty:DeleteDetector"],
        FindingFormat::Config => &["config:StopConfigurationRecorder"],
        FindingFormat::Alarm => &["cloudwatch:DisableAlarmActions", "cloudwatch:DeleteAlarms"],
        FindingFormat::Health => &[],
    }
}
