//! Questions 1, 2 and 4: what the marks, the samples and the durations say.

use alloc::collections::BTreeSet;

use super::super::impact;
use super::super::material::{MARKS, Material};
use crate::projection::view::Mark;
use crate::projection::wording;
use firedrill_model::{DrillTime, Joined, LogSource, Shown, shown};

/// Question 1: the marks in the order in which they came, and how much was done.
pub(super) fn happened(from: &Material<'_>) -> Vec<Shown> {
    let Some(fault) = from.view.fault() else { return Vec::new() };
    let into = wording::length(fault.at.since(DrillTime::ZERO));
    let mut said = vec![shown!("The fault became active {} into the drill.", into)];
    let stamps = MARKS.iter().filter(|(mark, _, _)| *mark != Mark::FaultActive);
    let mut later: Vec<_> = stamps.filter_map(|(mark, _, label)| from.mark(*mark).map(|at| (at, *label))).collect();
    later.sort_by_key(|(stamp, _)| (stamp.at, stamp.seq));
    let timed =
        later.iter().map(|(stamp, label)| shown!("{} after {}", label, wording::length(stamp.at.since(fault.at))));
    let timed: Vec<Shown> = timed.collect();
    if !timed.is_empty() {
        said.push(shown!("{}.", timed.joined("; ")));
    }
    let missing = MARKS.iter().filter(|(mark, _, _)| from.open && from.mark(*mark).is_none());
    let missing: Vec<Shown> = missing.map(|(_, _, label)| shown!("'{}'", label)).collect();
    if !missing.is_empty() {
        said.push(shown!("Not in the record: {}.", wording::list(&missing)));
    }
    let (responses, messages) = (from.view.responses.len(), from.view.board.messages.len());
    let responses = wording::count(responses, "response was given", "responses were given");
    let messages = wording::count(messages, "message arrived", "messages arrived");
    said.push(shown!("{}, {}.", responses, messages));
    said.extend(attempts(from));
    said
}

/// How often an address from outside came to the port that the fault opened, by the flow logs that had arrived.
fn attempts(from: &Material<'_>) -> Option<Shown> {
    let port = from.whole().next()?.fault.opens_port.as_ref()?.port;
    let (began, end) = from.experiment()?;
    let flows = from.view.board.logs.iter().filter(|row| row.record.source == LogSource::VpcFlow);
    let during = flows.filter(|row| (began..=end).contains(&row.record.happened));
    let sources: Vec<&str> = during.filter_map(|row| stranger(row.record.raw().as_str(), port)).collect();
    let unknown: BTreeSet<&str> = sources.iter().copied().collect();
    let times = wording::count(sources.len(), "attempt was let through", "attempts were let through");
    let addresses = wording::count(unknown.len(), "unknown address", "unknown addresses");
    Some(shown!("{} to port {}, from {}, by the flow logs that had arrived at the end.", times, port, addresses))
}

/// The source of a flow to `port` that was let through, if it is no private address (RFC 1918). Fields of a VPC Flow Log,
/// version 2: version, account, interface, source, destination, source port, destination port, ..., action, log status.
fn stranger(raw: &str, port: u16) -> Option<&str> {
    let fields: Vec<&str> = raw.split(' ').collect();
    let [_, _, _, source, _, _, to, .., action, _] = fields.as_slice() else { return None };
    let address: core::net::Ipv4Addr = source.parse().ok()?;
    (to.parse() == Ok(port) && *action == "ACCEPT" && !address.is_private()).then_some(*source)
}

/// Question 2: what customers got.
pub(super) fn impact(from: &Material<'_>) -> Vec<Shown> {
    if from.view.fault().is_none() {
        return Vec::new();
    }
    let felt = impact::impact(from);
    let requests: Vec<Shown> = felt.requests_words().into_iter().chain(felt.others_words()).collect();
    let time = wording::minutes(felt.minutes_outside);
    let signal = match &felt.worst {
        None => shown!("{}: not measured.", felt.signal),
        Some(worst) if felt.minutes_outside > 0.0 => {
            shown!("{}: outside the bound of {} for {}; at its worst {}.", felt.signal, felt.bound, time, worst)
        }
        Some(worst) => shown!("{} kept to the bound of {}; at its worst {}.", felt.signal, felt.bound, worst),
    };
    let harm = super::super::evidence::harms(from).into_iter().filter(|row| from.open && !row.refused);
    let harm = harm.map(|row| shown!("Harm, {}: {} ({}).", row.kind, row.what, row.resource));
    requests.into_iter().chain([signal]).chain(harm).collect()
}
