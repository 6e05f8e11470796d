//! What a record of each source is made of.

use std::net::IpAddr;

use super::{Setting, calls};
use crate::check::report::Report;
use crate::problem::Code;
use firedrill_model::scenario::Emission;
use firedrill_model::{LogSource, SafeText};

const FLOW: &[LogSource] = &[LogSource::VpcFlow];
const RESOLVER: &[LogSource] = &[LogSource::ResolverQuery];
const TRAIL: &[LogSource] = &[LogSource::Cloudtrail, LogSource::CloudtrailData];
const PEERS: &[LogSource] = &[LogSource::VpcFlow, LogSource::Cloudtrail, LogSource::CloudtrailData];

/// Longest name that can be looked up, in characters (RFC 1035).
const LONGEST_NAME: usize = 253;

/// How a name is written.
pub const NAME_ADVICE: &str = "letters, digits, `-` and `_`, with points between them: \"files.example.com\"";

/// Which key belongs to records of which sources.
const BELONGS: [(&str, &[LogSource]); 19] = [
    ("domains", RESOLVER),
    ("query-type", RESOLVER),
    ("rcode", RESOLVER),
    ("label-length", RESOLVER),
    ("addresses", PEERS),
    ("port", FLOW),
    ("outbound", FLOW),
    ("rejected", FLOW),
    ("bytes", FLOW),
    ("packets", FLOW),
    ("call", TRAIL),
    ("user", TRAIL),
    ("request", TRAIL),
    ("answer", TRAIL),
    ("error", TRAIL),
    ("agent", TRAIL),
    ("identity", TRAIL),
    ("key", TRAIL),
    ("from-account", TRAIL),
];

pub(super) fn check(emission: &Emission, setting: Setting, path: &str, report: &mut Report<'_>) {
    if report.is_spoiled(&format!("{path}/source")) {
        return;
    }
    if emission.random && emission.every.is_none() {
        let message = "`random` needs `every`: the mean of the gaps";
        report.object(
            &format!("{path}/random"),
            Code::Contradiction,
            message,
            "add every = \"30s\", or take `random` out",
        );
    }
    parts(emission, path, report);
    belongings(emission, path, report);
    names(emission, path, report);
    addresses(emission, path, report);
    if TRAIL.contains(&emission.source) {
        calls::check(emission, setting, path, report);
    } else if !setting.instances {
        let message = format!("a record of {} is about an instance", emission.source.label());
        report.object(path, Code::MissingKey, message, "say of which service: service = \"...\"");
    }
}

/// What must be there.
fn parts(emission: &Emission, path: &str, report: &mut Report<'_>) {
    let source = emission.source;
    if source == LogSource::ConfigCompliance {
        let message = "records of AWS Config are left by detectors of format `config`, not by anything else";
        report.object(&format!("{path}/source"), Code::Contradiction, message, "take this one out");
    }
    let needed = match source {
        LogSource::ResolverQuery if emission.domains.is_empty() => Some(("domains", "domains = [\"example.com\"]")),
        LogSource::Cloudtrail if emission.call.is_none() => Some(("call", "call = \"ec2:DescribeInstances\"")),
        LogSource::CloudtrailData if emission.call.is_none() => Some(("call", "call = \"s3:GetObject\"")),
        _ => None,
    };
    if let Some((key, example)) = needed
        && !report.is_spoiled(&format!("{path}/{key}"))
    {
        let message = format!("a record of {} needs `{key}`", source.label());
        report.object(path, Code::MissingKey, message, format!("for example {example}"));
    }
}

/// What must not be there.
fn belongings(emission: &Emission, path: &str, report: &mut Report<'_>) {
    for (key, sources) in BELONGS {
        let here = format!("{path}/{key}");
        if report.is_said(&here) && !sources.contains(&emission.source) {
            let of: Vec<&str> = sources.iter().map(|source| source.label()).collect();
            let message = format!(
                "`{key}` belongs to records of {}, and this is one of {}",
                of.join(" and "),
                emission.source.label()
            );
            report.object(&here, Code::Contradiction, message, "take it out, or change `source`");
        }
    }
}

fn names(emission: &Emission, path: &str, report: &mut Report<'_>) {
    let label = emission.label_length.map_or(0, |length| usize::try_from(length).unwrap_or(0) + 1);
    for (nth, domain) in emission.domains.iter().enumerate() {
        let here = format!("{path}/domains/{nth}");
        if !is_name(domain.as_str()) {
            let message =
                format!("`{}` is no name that can be looked up", crate::problem::shorten(domain.as_str(), 60));
            report.object(&here, Code::BadValue, message, NAME_ADVICE);
        } else if domain.as_str().parse::<IpAddr>().is_ok() {
            let message = format!("`{domain}` is an address; what is looked up is a name");
            let advice = "connections to addresses stand in records of `vpc-flow`, as `addresses`";
            report.object(&here, Code::BadValue, message, advice);
        } else if domain.as_str().len() + label > LONGEST_NAME {
            let message = "with its label this name is longer than a name can be";
            report.object(&here, Code::OutOfRange, message, format!("{LONGEST_NAME} characters are the most"));
        }
    }
}

/// Says whether a text is a name that a resolver can be asked for.
pub fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    name.len() <= LONGEST_NAME && name.split('.').all(label)
}

fn addresses(emission: &Emission, path: &str, report: &mut Report<'_>) {
    let is_address = |text: &SafeText| text.as_str().parse::<IpAddr>().is_ok();
    // A service calls by its own name.
    let is_service = |text: &SafeText| {
        TRAIL.contains(&emission.source) && (is_name(text.as_str()) || text.as_str() == "AWS Internal")
    };
    for (nth, address) in emission.addresses.iter().enumerate() {
        if !is_address(address) && !is_service(address) {
            let message = format!("`{}` is no address", crate::problem::shorten(address.as_str(), 60));
            report.object(&format!("{path}/addresses/{nth}"), Code::BadValue, message, "for example \"198.51.100.7\"");
        }
    }
}
