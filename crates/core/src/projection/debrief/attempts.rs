//! A port that the fault opened: for how long it let the world in, and how often somebody tried it, as the flow logs have it.

use alloc::collections::BTreeSet;

use serde::Serialize;

use super::material::{Material, tenths};
use crate::projection::wording;
use firedrill_model::scenario::Foothold;
use firedrill_model::{DrillTime, LogSource, SafeText, Shown, Span, shown};

/// The post counts in its first five minutes.
const FIRST: Span = Span::from_secs(300);

/// A port that was open to the world, and who tried it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenPort {
    /// Which port.
    pub port: u16,
    /// The security group, by its name.
    pub group: SafeText,
    /// For how long it was open, in seconds, all times together.
    pub open_seconds: f64,
    /// Attempts to connect from outside in that time, in the flow logs that had arrived by the end.
    pub attempts: u64,
    /// Those of the first five minutes after the fault.
    pub in_first_five_minutes: u64,
    /// Addresses that they came from.
    pub addresses: u64,
}

impl OpenPort {
    /// As a sentence or two.
    #[must_use]
    pub fn sentence(&self) -> Shown {
        let open = wording::seconds(self.open_seconds);
        if self.attempts == 0 {
            return shown!(
                "Port {} of {} was open to the world for {}. The flow logs that arrived have no attempt to connect.",
                self.port,
                self.group,
                open
            );
        }
        let count = |count: u64, one, many| wording::count(usize::try_from(count).unwrap_or(usize::MAX), one, many);
        shown!(
            "Port {} of {} was open to the world for {}. The flow logs that arrived have {} to connect in that time, from {}: {} in the first five minutes.",
            self.port,
            self.group,
            open,
            count(self.attempts, "attempt", "attempts"),
            count(self.addresses, "address", "addresses"),
            self.in_first_five_minutes
        )
    }
}

/// None where the fault opened no port, and before Verify.
pub(super) fn open_port(from: &Material<'_>) -> Option<OpenPort> {
    let whole = from.whole().next()?;
    let opened = whole.fault.opens_port.as_ref()?;
    let fault = from.view.fault()?.at;
    let spells = open_spells(from);
    let open: f64 = spells.iter().map(|(since, until)| until.since(*since).as_secs_f64()).sum();
    let mut known = OpenPort {
        port: opened.port,
        group: SafeText::one_line(&from.view.target_title(&opened.group)),
        open_seconds: tenths(open),
        attempts: 0,
        in_first_five_minutes: 0,
        addresses: 0,
    };
    let mut addresses: BTreeSet<&str> = BTreeSet::new();
    for row in &from.view.board.logs {
        let record = &row.record;
        let there = spells.iter().any(|(since, until)| (*since..=*until).contains(&record.happened));
        if record.source != LogSource::VpcFlow || !there {
            continue;
        }
        // Version 2: source, destination and their ports stand at the fourth to seventh place.
        let mut fields = record.raw().as_str().split(' ').skip(3);
        let (source, _, _, port) = (fields.next(), fields.next(), fields.next(), fields.next());
        let outside =
            source.and_then(|source| source.parse::<core::net::Ipv4Addr>().ok()).is_some_and(|ip| !ip.is_private());
        if !outside || port.and_then(|port| port.parse().ok()) != Some(opened.port) || !accepted(record.raw().as_str())
        {
            continue;
        }
        known.attempts += 1;
        known.in_first_five_minutes += u64::from(record.happened.since(fault) <= FIRST);
        addresses.extend(source);
    }
    known.addresses = addresses.len() as u64;
    Some(known)
}

/// A group that doesn't let the port in refuses the packets.
fn accepted(raw: &str) -> bool {
    raw.contains(" ACCEPT ")
}

/// When the port let the world in: as long as a stage went on that needs it.
fn open_spells(from: &Material<'_>) -> Vec<(DrillTime, DrillTime)> {
    let end = from.end();
    let needs = |id| from.view.stage(id).is_some_and(|stage| stage.needs.contains(&Foothold::OpenPort));
    let mut going: usize = 0;
    let (mut since, mut spells) = (DrillTime::ZERO, Vec::new());
    for (stamp, id, _, active) in &from.view.truth.stages {
        if !needs(id) {
            continue;
        }
        if *active {
            if going == 0 {
                since = stamp.at;
            }
            going += 1;
        } else {
            going = going.saturating_sub(1);
            if going == 0 {
                spells.push((since, stamp.at));
            }
        }
    }
    if going > 0 {
        spells.push((since, end));
    }
    spells
}
