//! Resources: keys that belong to their kind, and the names in them.

use super::super::report::Report;
use super::names::{Kind, Names, TargetSort};
use crate::problem::Code;
use firedrill_model::scenario::{Resource, ResourceKind, Scenario};

pub fn check(scenario: &Scenario, names: &Names, report: &mut Report<'_>) {
    for (at, resource) in scenario.resources.iter().enumerate() {
        let path = format!("resource/{at}");
        if report.is_spoiled(&format!("{path}/kind")) {
            continue;
        }
        belongs(resource, &path, report);
        if let Some(owner) = &resource.owner {
            names.need(Kind::Target(TargetSort::User), owner.as_str(), &format!("{path}/owner"), report);
        }
        if resource.kind == ResourceKind::NetworkAcl {
            zone(scenario, (at, resource), &path, report);
        }
        fails(scenario, resource, &path, report);
    }
}

/// Keys that mean something with some kinds only.
fn belongs(resource: &Resource, path: &str, report: &mut Report<'_>) {
    let used = [
        ResourceKind::Role,
        ResourceKind::SecurityGroup,
        ResourceKind::AccessKey,
        ResourceKind::Bucket,
        ResourceKind::Database,
    ];
    let keys: [(&str, &[ResourceKind], &str); 5] = [
        ("new-connections", &[ResourceKind::Database], "a database"),
        ("public", &[ResourceKind::Bucket, ResourceKind::Database], "a bucket or database"),
        ("zone", &[ResourceKind::NetworkAcl], "a network ACL"),
        ("owner", &[ResourceKind::AccessKey], "an access key"),
        ("used-by", &used, "a role, security group, access key, bucket or database"),
    ];
    for (key, kinds, of) in keys {
        let here = format!("{path}/{key}");
        if report.is_said(&here) && !kinds.contains(&resource.kind) {
            let noun = Kind::Target(TargetSort::of_resource(resource.kind)).with_article();
            let message = format!("`{key}` belongs to {of}, and `{}` is {noun}", resource.id);
            report.object(&here, Code::Contradiction, message, "take it out, or change `kind`");
        }
    }
}

/// A network ACL stands before the instances of a zone, and each zone has one.
fn zone(scenario: &Scenario, (at, resource): (usize, &Resource), path: &str, report: &mut Report<'_>) {
    let Some(zone) = &resource.zone else {
        let message = format!("`zone` is missing: which instances are behind the network ACL `{}`?", resource.id);
        report.object(path, Code::MissingKey, message, "for example zone = \"us-east-1a\"");
        return;
    };
    let here = format!("{path}/zone");
    let mut instances = scenario.services.iter().flat_map(|service| &service.instances);
    if !instances.any(|instance| instance.zone == *zone) && !report.is_spoiled_within("service") {
        report.object(
            &here,
            Code::Never,
            format!("no instance is in the zone `{zone}`"),
            "name the zone of some instance",
        );
    }
    let mut before = scenario.resources.iter().take(at);
    if let Some(other) = before.find(|other| other.kind == resource.kind && other.zone == resource.zone) {
        let message = format!("the zone `{zone}` has a network ACL already, `{}`", other.id);
        report.object(&here, Code::Duplicate, message, "keep one of the two");
    }
}

/// A share of failing requests needs somebody whose requests they are.
fn fails(scenario: &Scenario, resource: &Resource, path: &str, report: &mut Report<'_>) {
    let here = format!("{path}/fails");
    let used = !resource.used_by.is_empty();
    if !report.is_said(&here) {
        // Every request of a database's users needs it, few need a role.
        if resource.kind == ResourceKind::Role && used && !report.is_spoiled_within(path) {
            let message = format!("it isn't said which share of the requests needs `{}`", resource.id);
            report.object(path, Code::MissingKey, message, "add fails = 0.1, or 1.0 where every request does");
        }
        return;
    }
    let has_role = scenario.services.iter().any(|service| service.role.as_ref() == Some(&resource.id));
    if resource.kind == ResourceKind::SecurityGroup {
        let message = "whoever is behind a security group goes on working when it is shut for others";
        report.object(&here, Code::Contradiction, message, "take `fails` out");
    } else if resource.used_by.is_empty() && !has_role && !report.is_spoiled_within(&format!("{path}/used-by")) {
        let message = format!("nobody uses `{}`, so no requests fail without it", resource.id);
        report.object(&here, Code::Contradiction, message, "say who does: used-by = [\"...\"]");
    }
}
