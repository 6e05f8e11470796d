//! What GuardDuty saw: a look-up of a name, a connection, a call of an API, or a scan.

use core::net::IpAddr;

use serde_json::{Value, json};

use super::{Office, Scan, Sight};
use crate::evidence::{Call, Flow};

/// What GuardDuty saw last.
#[derive(Debug, Clone)]
pub(crate) enum Saw<'a> {
    /// An instance asked for a name; whether a firewall refused it.
    Name(String, bool),
    /// A connection, or an attempt at one.
    Flow(Flow<'a>),
    /// Attempts to find an open port.
    Probe(Flow<'a>),
    /// A call of an API.
    Call(Box<Call<'a>>),
    /// Files on a volume.
    Scan(Scan<'a>),
    /// Nothing that the scenario describes.
    Nothing,
}

/// The action of a finding.
pub(super) fn of(office: &Office, sight: &Sight<'_>) -> Option<Value> {
    Some(match &sight.saw {
        Saw::Name(domain, blocked) => json!({
            "actionType": "DNS_REQUEST",
            "dnsRequestAction": {
                "domain": domain, "protocol": "UDP", "blocked": blocked, "domainWithSuffix": parent(domain),
            },
        }),
        Saw::Flow(flow) => connection(office, flow),
        Saw::Probe(flow) => probe(flow),
        Saw::Call(call) => api_call(office, call),
        Saw::Scan(_) | Saw::Nothing => return None,
    })
}

/// The registered domain of a name, near enough: its last two labels.
fn parent(domain: &str) -> &str {
    let end = domain.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at + 1);
    domain.get(end..).unwrap_or(domain)
}

fn connection(office: &Office, flow: &Flow<'_>) -> Value {
    json!({
        "actionType": "NETWORK_CONNECTION",
        "networkConnectionAction": {
            "blocked": flow.rejected,
            "connectionDirection": if flow.outbound { "OUTBOUND" } else { "INBOUND" },
            "protocol": "TCP",
            "localIpDetails": { "ipAddressV4": flow.machine.address.as_str() },
            "localNetworkInterface": office.interface(flow.machine),
            "localPortDetails": port(flow.local_port()),
            "remoteIpDetails": remote(&flow.remote),
            "remotePortDetails": port(flow.remote_port()),
        },
    })
}

fn probe(flow: &Flow<'_>) -> Value {
    json!({
        "actionType": "PORT_PROBE",
        "portProbeAction": {
            "blocked": flow.rejected,
            "portProbeDetails": [{
                "localIpDetails": { "ipAddressV4": flow.machine.address.as_str() },
                "localPortDetails": port(flow.port),
                "remoteIpDetails": remote(&flow.remote),
            }],
        },
    })
}

fn api_call(office: &Office, call: &Call<'_>) -> Value {
    let mut action = json!({
        "api": call.name,
        "serviceName": call.source(),
        "callerType": if call.caller.service().is_some() { "AWS Service" } else { "Remote IP" },
        "userAgent": call.agent,
        "remoteIpDetails": remote(&call.address),
        "remoteAccountDetails": {
            "accountId": call.caller.account(office), "affiliated": !call.caller.is_elsewhere(),
        },
        "affectedResources": {},
    });
    if let (Some(fields), Some(error)) = (action.as_object_mut(), call.error) {
        fields.insert("errorCode".to_owned(), error.into());
    }
    json!({ "actionType": "AWS_API_CALL", "awsApiCallAction": action })
}

fn port(number: u32) -> Value {
    let name = match number {
        22 => "SSH",
        53 => "DNS",
        80 => "HTTP",
        443 => "HTTPS",
        3389 => "RDP",
        _ => "Unknown",
    };
    json!({ "port": number, "portName": name })
}

/// Whose an address is. Our addresses are nobody's: private ones, and those that are kept for documentation.
fn remote(address: &str) -> Value {
    let ours = address.parse().is_ok_and(|address: IpAddr| match address {
        IpAddr::V4(v4) => v4.is_private(),
        IpAddr::V6(v6) => v6.is_unique_local(),
    });
    let (asn, owner) = if ours { ("0", "") } else { ("64496", "Example Networks") };
    let version = if address.contains(':') { "ipAddressV6" } else { "ipAddressV4" };
    json!({
        version: address,
        "organization": { "asn": asn, "asnOrg": owner, "isp": owner, "org": owner },
        "country": { "countryName": if ours { "" } else { "Unknown" } },
        "city": { "cityName": "" },
        "geoLocation": { "lat": 0.0, "lon": 0.0 },
    })
}
