//! Detectors and channels: who sees something, when, and who is told.

mod looks;

use super::super::report::Report;
use super::latency;
use super::names::{Kind, Names};
use crate::problem::Code;
use firedrill_model::scenario::{Channel, Scenario};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, detector) in scenario.detectors.iter().enumerate() {
        let path = format!("detector/{at}");
        looks::check(scenario, names, detector, &path, report);
        latency(&detector.latency, &format!("{path}/latency"), "it finds nothing", scenario, report);
    }
    if !report.is_spoiled_within("detector") {
        looks::rings(scenario, report);
    }
    for (at, channel) in scenario.channels.iter().enumerate() {
        let path = format!("channel/{at}");
        carries(scenario, names, channel, &path, report);
        latency(&channel.latency, &format!("{path}/latency"), "it tells nobody", scenario, report);
    }
}

fn carries(scenario: &Scenario, names: &Names, channel: &Channel, path: &str, report: &mut Report<'_>) {
    if channel.carries.is_empty() {
        let message = format!("the channel `{}` carries nothing", channel.id);
        report.object(&format!("{path}/carries"), Code::Never, message, "name the detectors whose findings it carries");
    }
    for (nth, detector) in channel.carries.iter().enumerate() {
        names.need(Kind::Detector, detector.as_str(), &format!("{path}/carries/{nth}"), report);
    }
    let carried = scenario.detectors.iter().filter(|detector| channel.carries.contains(&detector.id));
    let highest = carried.map(|detector| detector.severity).fold(0.0, f64::max);
    if let Some(least) = channel.at_least
        && highest > 0.0
        && highest < least
        && !report.is_spoiled_within("detector")
    {
        let message =
            format!("the channel `{}` carries nothing: no finding that it could carry is so severe", channel.id);
        let advice = format!("the most severe one has {highest:.1}");
        report.object(&format!("{path}/at-least"), Code::Never, message, advice);
    }
}
