//! VPC Flow Log, version 2: fourteen fields, separated by spaces.

use super::{About, Office};
use crate::domain::Span;
use crate::scenario::model::Emission;

/// TCP, as IANA numbers it.
const TCP: u8 = 6;
/// A record covers at most a minute on Nitro instances.
const WINDOW: Span = Span::from_secs(60);

pub(super) fn write(office: &Office, emission: &Emission, about: &About<'_>) -> Option<(String, String)> {
    let machine = about.machine?;
    let ours = machine.address.as_str();
    let theirs = office.address(emission, about);
    let port = u32::from(emission.port.unwrap_or(443));
    let any_port = office.number(about, 3, 32_768, 28_000);
    let (from, to) = if emission.outbound { (ours, theirs.as_str()) } else { (theirs.as_str(), ours) };
    // Who is refused sends the first packet of a connection, one to three times.
    let (packets, size, action) = if emission.rejected {
        (office.number(about, 4, 1, 3), office.number(about, 5, 40, 21), "REJECT")
    } else {
        (office.number(about, 4, 4, 40), office.number(about, 5, 60, 400), "ACCEPT")
    };
    let bytes = packets * size;
    let start = office.utc(about.at).timestamp();
    let end = start + i64::try_from(WINDOW.0 / 1_000_000).unwrap_or(60);
    let raw = format!(
        "2 {} {} {from} {to} {any_port} {port} {TCP} {packets} {bytes} {start} {end} {action} OK",
        office.account.id,
        office.interface(machine),
    );
    let summary = format!("{from} -> {to}:{port} {action} ({}, {bytes} bytes)", machine.id);
    Some((summary, raw))
}
