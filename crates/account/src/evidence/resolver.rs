//! Route 53 Resolver query log, version 1.1.

use serde::Serialize;

use super::{About, Office, to_json};
use crate::resources::is_among;
use firedrill_model::WrittenLog;
use firedrill_model::scenario::{Emission, QueryType, Rcode};

#[derive(Serialize)]
struct Query<'a> {
    version: &'a str,
    account_id: &'a str,
    region: &'a str,
    vpc_id: String,
    query_timestamp: String,
    query_name: String,
    query_type: &'a str,
    query_class: &'a str,
    rcode: &'a str,
    answers: Vec<Answer>,
    srcaddr: &'a str,
    srcport: String,
    transport: &'a str,
    srcids: SourceIds<'a>,
    #[serde(flatten)]
    firewall: Option<Firewall>,
}

/// What a rule of the resolver's firewall did.
#[derive(Serialize)]
struct Firewall {
    firewall_rule_action: &'static str,
    firewall_rule_group_id: String,
    firewall_domain_list_id: String,
}

#[derive(Serialize)]
struct Answer {
    #[serde(rename = "Rdata")]
    rdata: String,
    #[serde(rename = "Type")]
    kind: &'static str,
    #[serde(rename = "Class")]
    class: &'static str,
}

#[derive(Serialize)]
struct SourceIds<'a> {
    instance: &'a str,
}

/// The name that a record of an emission is about, without its last point.
fn name(office: &Office, emission: &Emission, about: &About<'_>) -> Option<String> {
    Some(labelled(office, emission, about, office.draw(&emission.domains, about, 3)?))
}

/// The name that gives an emission away: the first that the scenario says, labelled as in the record.
pub(crate) fn telling_name(office: &Office, emission: &Emission, about: &About<'_>) -> Option<String> {
    Some(labelled(office, emission, about, emission.domains.first()?.as_str()))
}

fn labelled(office: &Office, emission: &Emission, about: &About<'_>, domain: &str) -> String {
    let label = emission.label_length.map(|length| label(office, about, length));
    label.map_or_else(|| domain.to_owned(), |label| format!("{label}.{domain}"))
}

/// Random letters and digits, as in data that is written in base 32.
fn label(office: &Office, about: &About<'_>, length: u32) -> String {
    let length = usize::try_from(length.min(63)).unwrap_or(0);
    let letter =
        |byte: u8| char::from(*b"abcdefghijklmnopqrstuvwxyz234567".get(usize::from(byte & 31)).unwrap_or(&b'a'));
    let source = format!("{}/label", about.key.0);
    let words = (0..8_u64).map(|part| office.bits(&source, about.key.1.wrapping_mul(8).wrapping_add(part)));
    words.flat_map(u64::to_le_bytes).map(letter).take(length).collect()
}

pub(super) fn write(office: &Office, emission: &Emission, about: &About<'_>) -> Option<WrittenLog> {
    let machine = about.machine?;
    let name = name(office, emission, about)?;
    let kind = kind(emission.query_type.unwrap_or(QueryType::A));
    let rcode = rcode(emission.rcode.unwrap_or(Rcode::NoError));
    let blocked = is_among(about.blocked, &name);
    // A blocked query is answered without data.
    let rcode = if blocked { "NOERROR" } else { rcode };
    let found = (rcode == "NOERROR" && !blocked).then(|| rdata(office, about, kind, &name));
    let query = Query {
        version: "1.100000",
        account_id: office.account_id(),
        region: office.region(),
        vpc_id: office.vpc(),
        query_timestamp: office.stamp(about.at),
        query_name: format!("{name}."),
        query_type: kind,
        query_class: "IN",
        rcode,
        answers: found.map(|rdata| Answer { rdata, kind, class: "IN" }).into_iter().collect(),
        srcaddr: machine.address.as_str(),
        srcport: office.number(about, 5, 32_768, 28_000).to_string(),
        transport: "UDP",
        srcids: SourceIds { instance: machine.id.as_str() },
        firewall: blocked.then(|| Firewall {
            firewall_rule_action: "BLOCK",
            firewall_rule_group_id: format!("rslvr-frg-{}", office.hex("firewall", 84, 16)),
            firewall_domain_list_id: format!("rslvr-fdl-{}", office.hex("firewall", 81, 16)),
        }),
    };
    let refused = if blocked {
        ": blocked".to_owned()
    } else if rcode == "NOERROR" {
        String::new()
    } else {
        format!(": {rcode}")
    };
    let of_kind = if kind == "A" { String::new() } else { format!(" ({kind})") };
    Some(super::lines(&format!("{} asks for {name}{of_kind}{refused}", machine.id), &to_json(&query)))
}

fn kind(kind: QueryType) -> &'static str {
    match kind {
        QueryType::A => "A",
        QueryType::Aaaa => "AAAA",
        QueryType::Cname => "CNAME",
        QueryType::Mx => "MX",
        QueryType::Ns => "NS",
        QueryType::Ptr => "PTR",
        QueryType::Srv => "SRV",
        QueryType::Txt => "TXT",
    }
}

fn rcode(rcode: Rcode) -> &'static str {
    match rcode {
        Rcode::NoError => "NOERROR",
        Rcode::NxDomain => "NXDOMAIN",
        Rcode::ServFail => "SERVFAIL",
        Rcode::Refused => "REFUSED",
    }
}

/// An answer of a kind. Addresses are those that are kept for documentation, or of the network of the workload.
fn rdata(office: &Office, about: &About<'_>, kind: &str, name: &str) -> String {
    let number = |from, count| office.number(about, 4, from, count);
    match kind {
        // A name has the same address for everybody who asks.
        "A" if name.ends_with(".internal") => format!("10.0.3.{}", 10 + office.bits(name, 96) % 20),
        "A" => match office.draw(about.connects, about, 4) {
            Some(address) => address.to_owned(),
            None => format!("192.0.2.{}", 1 + office.bits(name, 96) % 254),
        },
        "AAAA" => format!("2001:db8::{:x}", number(1, 65_000)),
        "TXT" => format!("\"{}\"", label(office, about, 24)),
        "MX" => format!("10 mail.{name}."),
        "SRV" => format!("1 10 443 host-{}.{name}.", number(1, 9)),
        _ => format!("host-{}.{name}.", number(1, 9)),
    }
}
