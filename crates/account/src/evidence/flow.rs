//! VPC Flow Log, version 2: fourteen fields, separated by spaces.

use super::{About, Office};
use crate::machine::Machine;
use firedrill_model::scenario::Emission;
use firedrill_model::{Span, WrittenLog};

/// TCP, as IANA numbers it.
const TCP: u8 = 6;
/// A record covers at most a minute on Nitro instances.
const WINDOW: Span = Span::from_secs(60);

/// A connection, or an attempt at one, between an instance and somebody else.
#[derive(Debug, Clone)]
pub(crate) struct Flow<'a> {
    /// Ours.
    pub machine: &'a Machine,
    /// Address of the other side.
    pub remote: String,
    /// The port that is asked for.
    pub port: u32,
    /// The port that asks.
    pub any_port: u32,
    /// It goes out from our side.
    pub outbound: bool,
    /// A security group or network ACL turned it away.
    pub rejected: bool,
}

impl<'a> Flow<'a> {
    /// The connection that a record of an emission is about; none where no instance is concerned.
    pub(crate) fn of(office: &Office, emission: &Emission, about: &About<'a>) -> Option<Self> {
        Some(Self {
            machine: about.machine?,
            remote: office.address(emission, about),
            port: u32::from(emission.port.unwrap_or(443)),
            any_port: office.number(about, 3, 32_768, 28_000),
            outbound: emission.outbound,
            rejected: emission.rejected,
        })
    }

    /// The port on our side.
    pub(crate) fn local_port(&self) -> u32 {
        if self.outbound { self.any_port } else { self.port }
    }

    /// The port on the other side.
    pub(crate) fn remote_port(&self) -> u32 {
        if self.outbound { self.port } else { self.any_port }
    }
}

pub(super) fn write(office: &Office, emission: &Emission, about: &About<'_>) -> Option<WrittenLog> {
    let flow = Flow::of(office, emission, about)?;
    let (ours, theirs) = (flow.machine.address.as_str(), flow.remote.as_str());
    let (from, to) = if flow.outbound { (ours, theirs) } else { (theirs, ours) };
    // Who is refused sends the first packet of a connection, one to three times.
    let (packets, size, action) = if flow.rejected {
        (office.number(about, 4, 1, 3), office.number(about, 5, 40, 21), "REJECT")
    } else {
        (office.number(about, 4, 4, 40), office.number(about, 5, 60, 400), "ACCEPT")
    };
    let packets = emission.packets.unwrap_or(u64::from(packets));
    let bytes = emission.bytes.unwrap_or(packets.saturating_mul(u64::from(size)));
    let start = office.utc(about.at).timestamp();
    let end = start + i64::try_from(WINDOW.0 / 1_000_000).unwrap_or(60);
    let (any_port, port) = (flow.any_port, flow.port);
    let raw = format!(
        "2 {} {} {from} {to} {any_port} {port} {TCP} {packets} {bytes} {start} {end} {action} OK",
        office.account_id(),
        office.interface(flow.machine),
    );
    let summary = format!("{from} -> {to}:{port} {action} ({}, {bytes} bytes)", flow.machine.id);
    Some(super::lines(&summary, &raw))
}
