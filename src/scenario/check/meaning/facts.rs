//! Facts that can't be facts: addresses, zones, names and calls that nothing has, figures without a source, things said twice.

use std::net::{IpAddr, Ipv4Addr};

use super::super::report::Report;
use crate::domain::{LogSource, SafeText};
use crate::scenario::model::{Basis, Detector, Emission, FindingFormat, Latency, Scenario};
use crate::scenario::problem::{Code, shorten};

/// Characters of a text that a message repeats.
const TEXT_CHARS: usize = 60;

pub fn check(scenario: &Scenario, report: &mut Report<'_>) {
    sources(scenario, report);
    places(scenario, report);
    for (at, emission) in scenario.background.iter().enumerate() {
        record(emission, &format!("background/{at}"), report);
    }
    for (at, stage) in scenario.stages.iter().enumerate() {
        for (nth, emission) in stage.leaves.iter().enumerate() {
            record(emission, &format!("stage/{at}/leaves/{nth}"), report);
        }
    }
    for (at, detector) in scenario.detectors.iter().enumerate() {
        finding(detector, &format!("detector/{at}/finding"), report);
    }
    twice(scenario, report);
}

/// Every figure says where it is from.
fn sources(scenario: &Scenario, report: &mut Report<'_>) {
    for (path, latency) in latencies(scenario) {
        let here = format!("{path}/source");
        let source = latency.source.as_str();
        if is_placeholder(source) {
            no_source(source, &here, report);
        } else if latency.basis != Basis::Assumed && is_judgement(source) {
            let message = "a judgement is no documentation, and no measurement";
            let advice = "write basis = \"assumed\", or name the page or the measurement";
            report.object(&here, Code::Contradiction, message, advice);
        }
    }
    for (at, technique) in scenario.techniques.iter().enumerate() {
        if is_placeholder(technique.source.as_str()) {
            no_source(technique.source.as_str(), &format!("technique/{at}/source"), report);
        }
    }
    if scenario.debrief.sources.is_empty() && report.is_said("debrief/sources") {
        let advice = "name the pages and measurements that the figures are from, or leave the key out";
        report.object("debrief/sources", Code::BadValue, "there is no source in this list", advice);
    }
    for (at, source) in scenario.debrief.sources.iter().enumerate() {
        if is_placeholder(source.as_str()) {
            no_source(source.as_str(), &format!("debrief/sources/{at}"), report);
        }
    }
}

fn no_source(said: &str, path: &str, report: &mut Report<'_>) {
    let message = format!("`{}` says nothing of where this is from", shorten(said, TEXT_CHARS));
    report.object(path, Code::BadValue, message, "name the page, the measurement, or whose judgement it is");
}

fn is_placeholder(source: &str) -> bool {
    let bare = source.trim().trim_matches(|c: char| c.is_ascii_punctuation()).to_lowercase();
    let empty = ["", "todo", "tbd", "fixme", "xxx", "n/a", "na", "none", "unknown", "source", "unread source"];
    empty.contains(&bare.as_str())
}

/// Says whether a source is nothing but somebody's opinion. One that only adds what is assumed is more than that.
fn is_judgement(source: &str) -> bool {
    let words = ["judgement", "judgment", "author's judgement", "author's judgment", "assumed", "assumption", "guess"];
    words.contains(&source.trim().trim_end_matches('.').to_lowercase().as_str())
}

/// All latencies of a scenario, with their paths.
fn latencies(scenario: &Scenario) -> Vec<(String, &Latency)> {
    let services = scenario.services.iter().enumerate().flat_map(|(at, service)| {
        let group = format!("service/{at}/group");
        [
            (format!("{group}/boot"), &service.group.boot),
            (format!("{group}/unhealthy-after"), &service.group.unhealthy_after),
        ]
    });
    let logs = scenario.logs.iter().enumerate().map(|(at, log)| (format!("log/{at}/delay"), &log.delay));
    let detectors = scenario.detectors.iter().enumerate();
    let detectors = detectors.map(|(at, detector)| (format!("detector/{at}/latency"), &detector.latency));
    let channels = scenario.channels.iter().enumerate();
    let channels = channels.map(|(at, channel)| (format!("channel/{at}/latency"), &channel.latency));
    let actions = scenario.actions.iter().enumerate().map(|(at, action)| (format!("action/{at}/takes"), &action.takes));
    let automations = scenario.automations.iter().enumerate();
    let automations = automations.map(|(at, automation)| (format!("automation/{at}/takes"), &automation.takes));
    services.chain(logs).chain(detectors).chain(channels).chain(actions).chain(automations).collect()
}

/// Region, zones and addresses of the workload.
fn places(scenario: &Scenario, report: &mut Report<'_>) {
    let region = scenario.account.region.as_str();
    let fits = is_region(region);
    if !fits {
        let message = format!("`{}` can't be a region", shorten(region, TEXT_CHARS));
        report.object("account/region", Code::BadValue, message, "for example \"us-east-1\" or \"eu-central-1\"");
    }
    let mut known: Vec<(&str, String)> = Vec::new();
    for (at, service) in scenario.services.iter().enumerate() {
        for (nth, instance) in service.instances.iter().enumerate() {
            let path = format!("service/{at}/instance/{nth}");
            let zone = instance.zone.as_str();
            if fits && !zone.starts_with(region) && !report.is_spoiled("account") {
                let message = format!("`{}` is no zone of the region `{region}`", shorten(zone, TEXT_CHARS));
                report.object(
                    &format!("{path}/zone"),
                    Code::Contradiction,
                    message,
                    format!("for example \"{region}a\""),
                );
            }
            let (here, address) = (format!("{path}/address"), instance.address.as_str());
            if !is_host(address) {
                report.object(&here, Code::BadValue, no_address(address), "an instance has one like \"10.0.1.10\"");
            } else if let Some((_, first)) = known.iter().find(|(other, _)| *other == address) {
                let message = format!("another instance has the address {address} already");
                let advice = format!("it is in line {}; give this one another", report.line(first));
                report.object(&here, Code::Duplicate, message, advice);
            }
            known.push((address, here));
        }
    }
}

fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    match parts.as_slice() {
        [area @ .., number] if area.len() >= 2 => {
            area.iter().all(letters) && number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit())
        }
        _ => false,
    }
}

/// An address that a machine of the workload can have.
fn is_host(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|address| {
        let [first, ..] = address.octets();
        !(first == 0 || address.is_multicast() || address.is_broadcast() || address.is_loopback())
    })
}

fn no_address(text: &str) -> String {
    format!("`{}` can't be an IPv4 address", shorten(text, TEXT_CHARS))
}

/// Addresses, names and calls in a record.
fn record(emission: &Emission, path: &str, report: &mut Report<'_>) {
    if report.is_spoiled(&format!("{path}/source")) {
        return;
    }
    let is_trail = matches!(emission.source, LogSource::Cloudtrail | LogSource::CloudtrailData);
    for (nth, address) in emission.addresses.iter().enumerate() {
        let (here, said) = (format!("{path}/addresses/{nth}"), address.as_str());
        if is_trail && !is_caller(said) {
            let message = format!("`{}` is neither an address nor the name of a service", shorten(said, TEXT_CHARS));
            report.object(&here, Code::BadValue, message, "for example \"198.51.100.7\" or \"ec2.amazonaws.com\"");
        } else if !is_trail && !said.parse::<Ipv4Addr>().is_ok_and(|address| !address.is_unspecified()) {
            report.object(&here, Code::BadValue, no_address(said), "for example \"198.51.100.7\"");
        }
    }
    names(&emission.domains, &format!("{path}/domains"), report);
    if let Some(call) = emission.call.as_ref().filter(|call| is_trail && !is_call(call.as_str())) {
        let message = format!("`{}` can't be a call of an API", shorten(call.as_str(), TEXT_CHARS));
        let advice = "write service and call: \"ec2:DescribeInstances\"";
        report.object(&format!("{path}/call"), Code::BadValue, message, advice);
    }
}

/// What CloudTrail calls `sourceIPAddress`.
fn is_caller(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
        || text == "AWS Internal"
        || (text.contains(|c: char| c.is_ascii_alphabetic()) && is_name(text))
}

fn is_call(text: &str) -> bool {
    let Some((service, call)) = text.split_once(':') else { return false };
    let service_fits = service.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    !service.is_empty() && service_fits && !call.is_empty() && call.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Names that are looked up.
fn names(domains: &[SafeText], path: &str, report: &mut Report<'_>) {
    for (nth, domain) in domains.iter().enumerate() {
        if !is_name(domain.as_str()) {
            let message = format!("`{}` can't be a name in the DNS", shorten(domain.as_str(), TEXT_CHARS));
            let advice = "parts of 1 to 63 letters, digits, `-` or `_`, with points between them: \"pool.example\"";
            report.object(&format!("{path}/{nth}"), Code::BadValue, message, advice);
        }
    }
}

fn is_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let fits = |label: &str| {
        let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        (1..=63).contains(&label.len()) && plain
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(fits)
}

/// GuardDuty's types of findings have a shape: `Purpose:Resource/Family`.
fn finding(detector: &Detector, path: &str, report: &mut Report<'_>) {
    let kind = detector.finding.as_str();
    let is_theirs = match detector.format {
        FindingFormat::GuarddutyDns
        | FindingFormat::GuarddutyNetwork
        | FindingFormat::GuarddutyApi
        | FindingFormat::GuarddutyMalware => true,
        FindingFormat::Config | FindingFormat::Health | FindingFormat::Alarm => false,
    };
    let has_shape = kind.split_once(':').is_some_and(|(purpose, rest)| !purpose.is_empty() && rest.contains('/'));
    if is_theirs && !has_shape && !report.is_spoiled(&path.replace("finding", "format")) {
        let message = format!("`{}` can't be a type of a GuardDuty finding", shorten(kind, TEXT_CHARS));
        let advice = "its types look like \"CryptoCurrency:EC2/BitcoinTool.B!DNS\": purpose, resource, what was found";
        report.object(path, Code::BadValue, message, advice);
    }
}

/// Names that stand twice in one list.
fn twice(scenario: &Scenario, report: &mut Report<'_>) {
    for (at, resource) in scenario.resources.iter().enumerate() {
        once(&resource.used_by, &format!("resource/{at}/used-by"), report);
    }
    for (at, detector) in scenario.detectors.iter().enumerate() {
        once(&detector.sees, &format!("detector/{at}/sees"), report);
    }
    for (at, channel) in scenario.channels.iter().enumerate() {
        once(&channel.carries, &format!("channel/{at}/carries"), report);
    }
    for (at, order) in scenario.orders.iter().enumerate() {
        once(&order.first, &format!("order/{at}/first"), report);
        once(&order.then, &format!("order/{at}/then"), report);
    }
    for (at, step) in scenario.playbook.steps.iter().enumerate() {
        once(&step.done_when.action_done, &format!("playbook/step/{at}/done-when/action-done"), report);
    }
    for (at, inject) in scenario.injects.iter().enumerate() {
        once(&inject.when.action_done, &format!("inject/{at}/when/action-done"), report);
    }
}

fn once<T: PartialEq + std::fmt::Display>(ids: &[T], path: &str, report: &mut Report<'_>) {
    for (nth, id) in ids.iter().enumerate() {
        if ids.iter().take(nth).any(|before| before == id) {
            let here = format!("{path}/{nth}");
            report.object(&here, Code::Duplicate, format!("`{id}` stands here twice"), "once is enough");
        }
    }
}
