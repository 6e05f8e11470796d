//! Detectors and channels: who sees something, and who is told.

use super::super::report::Report;
use super::latency;
use super::names::{Kind, Names};
use crate::scenario::model::{Detector, FindingFormat, Scenario};
use crate::scenario::problem::Code;

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, detector) in scenario.detectors.iter().enumerate() {
        let path = format!("detector/{at}");
        detector_sees(scenario, names, detector, &path, report);
        latency(&detector.latency, &format!("{path}/latency"), "it finds nothing", scenario, report);
    }
    for (at, channel) in scenario.channels.iter().enumerate() {
        let path = format!("channel/{at}");
        if channel.carries.is_empty() {
            let message = format!("the channel `{}` carries nothing", channel.id);
            report.object(
                &format!("{path}/carries"),
                Code::Never,
                message,
                "name the detectors whose findings it carries",
            );
        }
        for (nth, detector) in channel.carries.iter().enumerate() {
            names.need(Kind::Detector, detector.as_str(), &format!("{path}/carries/{nth}"), report);
        }
        latency(&channel.latency, &format!("{path}/latency"), "it tells nobody", scenario, report);
    }
}

fn detector_sees(scenario: &Scenario, names: &Names, detector: &Detector, path: &str, report: &mut Report<'_>) {
    let sees = format!("{path}/sees");
    if detector.sees.is_empty() && detector.watches.is_none() {
        let message = format!("the detector `{}` sees nothing", detector.id);
        report.object(&sees, Code::Never, message, "name the stages that it can see");
    }
    if detector.misses >= 1.0 {
        let message = format!("the detector `{}` misses everything", detector.id);
        report.object(&format!("{path}/misses"), Code::Never, message, "a chance below 1, or take the detector out");
    }
    for (nth, id) in detector.sees.iter().enumerate() {
        let here = format!("{sees}/{nth}");
        let known = names.need(Kind::Stage, id.as_str(), &here, report);
        let stage = scenario.stages.iter().find(|stage| stage.id == *id);
        let on_group = stage.is_some_and(|stage| stage.on.security_group.is_some());
        if known && on_group && detector.format == FindingFormat::GuarddutyDns {
            let message = format!("the stage `{id}` is on a security group, which asks for no names");
            report.object(
                &here,
                Code::Contradiction,
                message,
                "format `guardduty-dns` is for stages on instances; for this one use `config`",
            );
        }
    }
}
