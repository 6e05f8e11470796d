//! Route 53 Resolver query log, version 1.1.

use serde::Serialize;

use super::{About, Office, json};
use crate::scenario::model::Emission;

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
    answers: Vec<Answer<'a>>,
    srcaddr: &'a str,
    srcport: String,
    transport: &'a str,
    srcids: SourceIds<'a>,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(rename = "Rdata")]
    rdata: String,
    #[serde(rename = "Type")]
    kind: &'a str,
    #[serde(rename = "Class")]
    class: &'a str,
}

#[derive(Serialize)]
struct SourceIds<'a> {
    instance: &'a str,
}

pub(super) fn write(office: &Office, emission: &Emission, about: &About<'_>) -> Option<(String, String)> {
    let machine = about.machine?;
    let name = office.draw(&emission.domains, about, 3)?;
    let internal = name.ends_with(".internal");
    let rdata = if internal {
        format!("10.0.3.{}", office.number(about, 4, 10, 20))
    } else {
        format!("192.0.2.{}", office.number(about, 4, 1, 254))
    };
    let query = Query {
        version: "1.100000",
        account_id: office.account.id.as_str(),
        region: office.account.region.as_str(),
        vpc_id: office.vpc(),
        query_timestamp: office.stamp(about.at),
        query_name: format!("{name}."),
        query_type: "A",
        query_class: "IN",
        rcode: "NOERROR",
        answers: vec![Answer { rdata, kind: "A", class: "IN" }],
        srcaddr: machine.address.as_str(),
        srcport: office.number(about, 5, 32_768, 28_000).to_string(),
        transport: "UDP",
        srcids: SourceIds { instance: machine.id.as_str() },
    };
    Some((format!("{} asks for {name}", machine.id), json(&query)))
}
