//! What the values of a file mean together: names, times, and whether what is described can happen at all.
//!
//! Nothing is concluded from a value that couldn't be read: one good message beats three.

mod adversary;
mod aims;
mod automations;
mod beginnings;
mod breaks;
mod conditions;
mod effort;
mod facts;
mod footholds;
mod kind;
mod names;
mod notice;
mod objectives;
mod range;
mod resources;
mod response;
mod script;
mod sight;
mod signals;
mod timing;
mod traces;
mod waiting;
mod workload;

use super::report::Report;
use crate::problem::Code;
use firedrill_model::Span;
use firedrill_model::scenario::{Latency, Scenario, VCPUS_OF_ONE};

pub use script::script;

/// Finds what can't be in a scenario. `lost_section` says that a whole section couldn't be read.
pub fn scenario(scenario: &Scenario, report: &mut Report<'_>, lost_section: bool) {
    let names = names::Names::collect(scenario, report, lost_section);
    account(scenario, report);
    let loads_add_up = workload::check(scenario, &names, report);
    if loads_add_up {
        signals::overload(scenario, report);
    }
    signals::check(scenario, &names, report);
    resources::check(scenario, &names, report);
    adversary::check(scenario, &names, report);
    timing::check(scenario, report);
    traces::check(scenario, &names, report);
    notice::check(scenario, &names, report);
    sight::check(scenario, &names, report);
    automations::check(scenario, &names, report);
    response::check(scenario, &names, report);
    conditions::check(scenario, &names, report);
    objectives::check(scenario, &names, report);
    facts::check(scenario, report);
    effort::check(scenario, report);
}

fn account(scenario: &Scenario, report: &mut Report<'_>) {
    let own: usize = scenario.services.iter().map(|service| service.instances.len()).sum();
    let own = u32::try_from(own).unwrap_or(u32::MAX).saturating_mul(VCPUS_OF_ONE);
    let quota = scenario.account.standard_vcpus.filter(|_| !report.is_spoiled_within("service"));
    if let Some(quota) = quota.filter(|quota| *quota < own) {
        let message = format!("the quota is {quota}, and the instances at the start have {own} virtual CPUs");
        let advice = "let it have room for these at least";
        report.object("account/standard-vcpus", Code::Contradiction, message, advice);
    }
    let id = scenario.account.id.as_str();
    if id.len() != 12 || !id.bytes().all(|b| b.is_ascii_digit()) {
        let message = format!("`{id}` can't be an account");
        report.object(
            "account/id",
            Code::BadValue,
            message,
            "an account has twelve digits, for example \"111122223333\"",
        );
    }
    for (at, technique) in scenario.techniques.iter().enumerate() {
        if !is_technique(technique.id.as_str()) {
            let message = format!("`{}` can't be an ATT&CK technique", technique.id);
            report.object(
                &format!("technique/{at}/id"),
                Code::BadValue,
                message,
                "a technique is T and four digits, and perhaps a point and three more: \"T1552.005\"",
            );
        }
    }
}

fn is_technique(id: &str) -> bool {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    let Some(rest) = id.strip_prefix('T') else { return false };
    match rest.split_once('.') {
        Some((number, sub)) => digits(number, 4) && digits(sub, 3),
        None => digits(rest, 4),
    }
}

/// A latency must not be negative at the lower end of its spread, and what takes longer than the drill never happens in it.
fn latency(latency: &Latency, path: &str, what_never: &str, scenario: &Scenario, report: &mut Report<'_>) {
    if latency.spread > latency.typical && !report.is_spoiled(&format!("{path}/typical")) {
        let message = format!("a spread of {} is longer than the time itself, {}", latency.spread, latency.typical);
        report.object(
            &format!("{path}/spread"),
            Code::OutOfRange,
            message,
            "the time is drawn between typical - spread and typical + spread",
        );
    }
    let earliest = latency.typical - latency.spread;
    if earliest > scenario.length && !report.is_spoiled("length") {
        let message = format!("after {} {what_never}: the drill lasts {}", latency.typical, scenario.length);
        report.object(&format!("{path}/typical"), Code::Never, message, "make it shorter, or the drill longer");
    }
}

/// As [`latency`], for what can't happen in no time.
fn latency_not_zero(path: &str, latency: &Latency, report: &mut Report<'_>) {
    let here = format!("{path}/typical");
    let shortest = latency.typical - latency.spread;
    if latency.typical == Span::ZERO {
        report.object(&here, Code::OutOfRange, "this time is zero", "even a fast one takes some seconds: \"30s\"");
    } else if shortest < Span::from_secs(1) && latency.spread <= latency.typical {
        let message = format!("this takes {shortest} at the shortest");
        report.object(&here, Code::OutOfRange, message, "even a fast one takes a second or more");
    }
}

/// Time left for the adversary: from the moment at which the fault is active to the end of the drill.
fn after_fault_at_most(scenario: &Scenario) -> Span {
    scenario.length - scenario.fault.after
}

/// What stands in braces in a text and would be filled in: `{resource}`, in small letters.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('{').filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let inside = rest.get(1..rest.find('}')?)?;
        let is_word = !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_'));
        is_word.then(|| rest.get(..inside.len() + 2)).flatten()
    })
}

/// Names joined by arrows, for a message; of a long row the beginning and the end.
fn in_a_row<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 7;
    let names: Vec<&str> = names.collect();
    match (names.get(..MOST), names.last()) {
        (Some(firsts), Some(last)) if names.len() > MOST + 1 => format!("{} -> ... -> {last}", firsts.join(" -> ")),
        _ => names.join(" -> "),
    }
}
