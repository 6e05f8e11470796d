//! Facts that can't be facts: addresses and zones that no instance has, figures without a source, things said twice.

use std::net::Ipv4Addr;

use super::super::report::Report;
use crate::problem::{Code, shorten};
use firedrill_model::scenario::{Basis, Latency, Scenario};

/// Characters of a text that a message repeats.
const TEXT_CHARS: usize = 60;

pub fn check(scenario: &Scenario, report: &mut Report<'_>) {
    sources(scenario, report);
    claims(scenario, report);
    places(scenario, report);
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
        } else if latency.basis == Basis::Measured && !has_a_date(source) {
            undated(&here, report);
        }
    }
    for (path, basis, source) in settings(scenario) {
        if is_placeholder(source) {
            no_source(source, &format!("{path}/source"), report);
        } else if basis != Basis::Assumed && is_judgement(source) {
            let message = "a judgement is no documentation, and no measurement";
            let advice = "write basis = \"assumed\", or name the page or the measurement";
            report.object(&format!("{path}/source"), Code::Contradiction, message, advice);
        } else if basis == Basis::Measured && !has_a_date(source) {
            undated(&format!("{path}/source"), report);
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

/// Claims are named by ids, each once.
fn claims(scenario: &Scenario, report: &mut Report<'_>) {
    let claims = &scenario.debrief.claims;
    for (at, claim) in claims.iter().enumerate() {
        let here = format!("debrief/claims/{at}");
        let is_id = |text: &str| {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(fits)
        };
        if !is_id(claim.as_str()) {
            let message = format!("`{}` is no id of a claim", shorten(claim.as_str(), TEXT_CHARS));
            report.object(&here, Code::BadValue, message, "write it as claims.toml does, for example `group-elb`");
        } else if claims.iter().take(at).any(|before| before == claim) {
            let message = format!("`{claim}` stands here for the second time");
            report.object(&here, Code::Duplicate, message, "name each once");
        }
    }
}

fn undated(path: &str, report: &mut Report<'_>) {
    let message = "what is measured says who measured it, and when";
    let advice = "for example source = \"our drill of 2026-11-30, eu-central-1\", or write basis = \"assumed\"";
    report.object(path, Code::BadValue, message, advice);
}

/// Says whether a source says when: a year is in it.
fn has_a_date(source: &str) -> bool {
    let mut words = source.split(|c: char| !c.is_ascii_digit());
    words.any(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")))
}

fn no_source(said: &str, path: &str, report: &mut Report<'_>) {
    let message = format!("`{}` says nothing of where this is from", shorten(said, TEXT_CHARS));
    report.object(path, Code::BadValue, message, "name the page, the measurement, or whose judgement it is");
}

/// Says whether a source names nothing: no words, or such as stand for words that are still to come.
fn is_placeholder(source: &str) -> bool {
    const EMPTY: [&str; 26] = [
        "todo",
        "to do",
        "tbd",
        "tba",
        "fixme",
        "xxx",
        "n/a",
        "none",
        "no source",
        "unknown",
        "source",
        "sources",
        "unread source",
        "see above",
        "as above",
        "ditto",
        "same",
        "idk",
        "somewhere",
        "internet",
        "the internet",
        "web",
        "google",
        "documented",
        "measured",
        "lorem ipsum",
    ];
    let bare = source.trim().trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    bare.chars().filter(|c| c.is_alphabetic()).count() < 3 || EMPTY.contains(&bare.as_str())
}

/// Says whether a source is nothing but somebody's opinion. One that only adds what is assumed is more than that.
fn is_judgement(source: &str) -> bool {
    let words = ["judgement", "judgment", "author's judgement", "author's judgment", "assumed", "assumption", "guess"];
    words.contains(&source.trim().trim_end_matches('.').to_lowercase().as_str())
}

/// Sections of settings that say together where they are from.
fn settings(scenario: &Scenario) -> impl Iterator<Item = (String, Basis, &str)> {
    let services = scenario.services.iter().enumerate().map(|(at, service)| {
        let balancer = &service.balancer;
        (format!("service/{at}/balancer"), balancer.basis, balancer.source.as_str())
    });
    let credentials = &scenario.credentials;
    services.chain([("credentials".to_owned(), credentials.basis, credentials.source.as_str())])
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
    let deny = [("credentials/deny-takes".to_owned(), &scenario.credentials.deny_takes)];
    services.chain(deny).chain(logs).chain(detectors).chain(channels).chain(actions).chain(automations).collect()
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
