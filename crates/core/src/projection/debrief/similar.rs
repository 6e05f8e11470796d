//! Which other services share a set-up with the ones that were hit, as far as the scenario tells.

use alloc::collections::BTreeSet;

use super::material::Material;
use crate::projection::wording;
use firedrill_model::id::{ChannelId, ServiceId, TargetId};
use firedrill_model::scenario::{Resource, Service};
use firedrill_model::{SafeText, Shown, shown};

pub(super) fn similar(from: &Material<'_>) -> Vec<Shown> {
    let hit = hit(from);
    let (own, others): (Vec<&Service>, Vec<&Service>) =
        from.view.scenario.services.iter().partition(|service| hit.contains(&service.id));
    let mut said = Vec::new();
    for service in own {
        said.push(set_up(service));
        if instance_hit(from, service) {
            said.extend(same_size(service, &others));
        }
        said.extend(same_pattern(service, &others));
    }
    said.extend(shared_resources(from, &hit));
    said.extend(same_kind(from));
    said.extend(same_channel(from));
    said
}

/// Resources of the same kind as one that was hit: an open port on one security group can be open on another.
fn same_kind(from: &Material<'_>) -> Vec<Shown> {
    let hit: BTreeSet<&TargetId> = targets(from).collect();
    let (own, others): (Vec<&Resource>, Vec<&Resource>) =
        from.view.scenario.resources.iter().partition(|resource| hit.contains(&resource.id));
    own.iter()
        .filter_map(|resource| {
            let same = others.iter().filter(|other| other.kind == resource.kind);
            let names: Vec<Shown> = same.map(|other| Shown::from(&other.title)).collect();
            (!names.is_empty()).then(|| shown!("Of the same kind as {}: {}.", resource.title, wording::list(&names)))
        })
        .collect()
}

/// Detectors that tell over a channel that delivered nothing.
fn same_channel(from: &Material<'_>) -> Vec<Shown> {
    let lost: BTreeSet<&ChannelId> = from.view.truth.lost.iter().filter(|_| from.open).map(|(_, id, _)| id).collect();
    let channels = from.whole().flat_map(|whole| &whole.channels).filter(|channel| lost.contains(&channel.id));
    channels
        .map(|channel| {
            let names = channel.carries.iter().map(|id| from.view.detector_title(id).clone());
            let names: Vec<Shown> = names.collect();
            shown!("{} delivered nothing. It is the way to people for: {}.", channel.title, wording::list(&names))
        })
        .collect()
}

/// Services on whose instances, or through whose security groups, something happened.
fn hit(from: &Material<'_>) -> BTreeSet<ServiceId> {
    targets(from).flat_map(|target| services_of(from, target)).collect()
}

/// What the adversary was on, and what findings name that are no false alarms.
fn targets<'a>(from: &Material<'a>) -> impl Iterator<Item = &'a TargetId> {
    let (open, view) = (from.open, from.view);
    let stages =
        view.truth.stages.iter().filter(move |(_, stage, _, active)| *active && open && !view.is_benign(stage));
    let findings = view.board.findings.iter().map(|row| &row.finding).filter(move |finding| !view.is_noise(finding));
    stages.map(|(_, _, on, _)| on).chain(findings.map(|finding| &finding.resource))
}

/// Says whether it was an instance of the service that was hit, and so its capacity is in question.
fn instance_hit(from: &Material<'_>, service: &Service) -> bool {
    let planned = |target: &TargetId| service.instances.iter().any(|instance| instance.id == *target);
    let running =
        |target: &TargetId| from.view.board.instances.get(target).is_some_and(|row| row.service == service.id);
    targets(from).any(|target| planned(target) || running(target))
}

fn services_of(from: &Material<'_>, target: &TargetId) -> Vec<ServiceId> {
    let by_instance = from.view.board.instances.get(target).map(|row| row.service.clone());
    let resource = from.view.scenario.resources.iter().find(|resource| resource.id == *target);
    let by_resource = resource.map(|resource| resource.used_by.clone()).unwrap_or_default();
    let planned = from.view.scenario.services.iter();
    let planned = planned.filter(|service| service.instances.iter().any(|instance| instance.id == *target));
    by_instance.into_iter().chain(by_resource).chain(planned.map(|service| service.id.clone())).collect()
}

fn set_up(service: &Service) -> Shown {
    let number = wording::count(service.instances.len(), "instance", "instances");
    let role = if service.role.is_some() { ", with an instance role that all of them share" } else { "" };
    let zones: BTreeSet<&SafeText> = service.instances.iter().map(|instance| &instance.zone).collect();
    let zones = wording::count(zones.len(), "zone", "zones");
    shown!("{} was hit: {} in {} in one group{}.", service.title, number, zones, role)
}

fn same_size(service: &Service, others: &[&Service]) -> Option<Shown> {
    let same = others.iter().filter(|other| other.instances.len() == service.instances.len());
    let names: Vec<Shown> = same.map(|other| Shown::from(&other.title)).collect();
    let number = wording::count(service.instances.len(), "instance", "instances");
    let part = match service.instances.len() {
        0 => return None,
        1 => "all of its capacity",
        2 => "half of its capacity",
        _ => "a share of its capacity",
    };
    (!names.is_empty()).then(|| {
        let names = wording::list(&names);
        shown!("Groups of the same size, {} each: {}. Taking one away takes {}.", number, names, part)
    })
}

fn same_pattern(service: &Service, others: &[&Service]) -> Option<Shown> {
    service.role.as_ref()?;
    let same = others.iter().filter(|other| other.role.is_some());
    let names: Vec<Shown> = same.map(|other| Shown::from(&other.title)).collect();
    (!names.is_empty()).then(|| shown!("Instance roles in the same pattern: {}.", wording::list(&names)))
}

fn shared_resources(from: &Material<'_>, hit: &BTreeSet<ServiceId>) -> Vec<Shown> {
    let resources = from.view.scenario.resources.iter();
    resources
        .filter(|resource| resource.used_by.iter().any(|id| hit.contains(id)))
        .filter_map(|resource| {
            let others = resource.used_by.iter().filter(|id| !hit.contains(*id));
            let names: Vec<Shown> = others.map(|id| from.view.service_title(id)).collect();
            (!names.is_empty()).then(|| shown!("{} is used by {} as well.", resource.title, wording::list(&names)))
        })
        .collect()
}
