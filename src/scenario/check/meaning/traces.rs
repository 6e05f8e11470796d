//! Log records that stages and the background leave, and how late they arrive.

use super::super::report::Report;
use super::latency;
use super::names::{Kind, Names};
use crate::domain::LogSource;
use crate::scenario::model::{Emission, Scenario};
use crate::scenario::problem::Code;

/// Sources of log records in one scenario.
const MOST_EMISSIONS: usize = 500;
/// Log records of one drill that the world writes down; what comes later is left out there, and so is refused here.
const MOST_RECORDS: f64 = 5_000.0;

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, emission) in scenario.background.iter().enumerate() {
        let path = format!("background/{at}");
        if let Some(service) = &emission.service {
            names.need(Kind::Service, service.as_str(), &format!("{path}/service"), report);
        }
        if emission.every.is_none() {
            let message = "`every` is missing in `background`";
            report.object(&path, Code::MissingKey, message, "say how far apart the records are: every = \"30s\"");
        }
        fields(emission, &path, report);
    }
    for (at, stage) in scenario.stages.iter().enumerate() {
        for (nth, emission) in stage.leaves.iter().enumerate() {
            let path = format!("stage/{at}/leaves/{nth}");
            if emission.service.is_some() {
                let message = "`service` belongs to [[background]]; a stage leaves its records where it is";
                report.object(&format!("{path}/service"), Code::Contradiction, message, "take it out");
            }
            fields(emission, &path, report);
        }
    }
    deliveries(scenario, report);
    how_many(scenario, report);
}

/// What a record of each source is made of.
fn fields(emission: &Emission, path: &str, report: &mut Report<'_>) {
    if report.is_spoiled(&format!("{path}/source")) {
        return;
    }
    if emission.random && emission.every.is_none() {
        let message = "`random` needs `every`: the mean of the gaps";
        report.object(
            &format!("{path}/random"),
            Code::Contradiction,
            message,
            "add every = \"30s\", or take `random` out",
        );
    }
    let source = emission.source;
    let needed = match source {
        LogSource::ResolverQuery if emission.domains.is_empty() => Some(("domains", "domains = [\"example.com\"]")),
        LogSource::Cloudtrail if emission.call.is_none() => Some(("call", "call = \"ec2:DescribeInstances\"")),
        _ => None,
    };
    if let Some((key, example)) = needed
        && !report.is_spoiled(&format!("{path}/{key}"))
    {
        let message = format!("a record of {} needs `{key}`", source.label());
        report.object(path, Code::MissingKey, message, format!("for example {example}"));
    }
    let belongs: [(&str, &[LogSource]); 7] = [
        ("domains", &[LogSource::ResolverQuery]),
        ("addresses", &[LogSource::VpcFlow, LogSource::Cloudtrail]),
        ("port", &[LogSource::VpcFlow]),
        ("outbound", &[LogSource::VpcFlow]),
        ("rejected", &[LogSource::VpcFlow]),
        ("call", &[LogSource::Cloudtrail]),
        ("user", &[LogSource::Cloudtrail]),
    ];
    for (key, sources) in belongs {
        let here = format!("{path}/{key}");
        if report.is_said(&here) && !sources.contains(&source) {
            let of: Vec<&str> = sources.iter().map(|source| source.label()).collect();
            let message =
                format!("`{key}` belongs to records of {}, and this is one of {}", of.join(" and "), source.label());
            report.object(&here, Code::Contradiction, message, "take it out, or change `source`");
        }
    }
}

fn deliveries(scenario: &Scenario, report: &mut Report<'_>) {
    for (at, log) in scenario.logs.iter().enumerate() {
        let path = format!("log/{at}");
        if scenario.logs.iter().take(at).any(|before| before.source == log.source) {
            let message = format!("{} stands here for the second time", log.source.label());
            report.object(&format!("{path}/source"), Code::Duplicate, message, "keep one of the two");
        }
        latency(&log.delay, &format!("{path}/delay"), "no record arrives", scenario, report);
    }
}

/// A drill's record is bounded, and so is what a scenario writes into it.
fn how_many(scenario: &Scenario, report: &mut Report<'_>) {
    let count = scenario.background.len() + scenario.stages.iter().map(|stage| stage.leaves.len()).sum::<usize>();
    if count > MOST_EMISSIONS {
        let message = format!("the scenario has {count} sources of log records");
        let advice = format!("{MOST_EMISSIONS} is the most that the program takes, stages and background together");
        report.object("background", Code::OutOfRange, message, advice);
    }
    let lasts = (scenario.length + scenario.steady_state.hold).as_secs_f64();
    let records = |emission: &Emission| emission.every.map_or(1.0, |every| lasts / every.as_secs_f64().max(1.0));
    let stages = scenario.stages.iter().flat_map(|stage| &stage.leaves);
    let sum: f64 = scenario.background.iter().chain(stages).map(records).sum();
    if sum > MOST_RECORDS && !report.is_spoiled("length") {
        let message = format!("about {sum:.0} log records would be written in one drill");
        let advice = format!("{MOST_RECORDS:.0} is the most; let them be further apart, or the drill shorter");
        let path = if scenario.background.is_empty() { "stage" } else { "background" };
        report.object(path, Code::OutOfRange, message, advice);
    }
}
