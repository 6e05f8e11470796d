//! Which other services share a set-up with the ones that were hit, as far as the scenario tells.

use std::collections::BTreeSet;

use super::build::Material;
use crate::domain::SafeText;
use crate::domain::id::{ServiceId, TargetId};
use crate::projection::wording;
use crate::scenario::model::Service;

pub(super) fn similar(from: &Material<'_>) -> Vec<String> {
    let hit = hit(from);
    let (own, others): (Vec<&Service>, Vec<&Service>) =
        from.view.scenario.services.iter().partition(|service| hit.contains(&service.id));
    let mut said = Vec::new();
    for service in own {
        said.push(set_up(service));
        said.extend(same_size(service, &others));
        said.extend(same_pattern(service, &others));
    }
    said.extend(shared_resources(from, &hit));
    said
}

/// Services on whose instances, or through whose security groups, something happened.
fn hit(from: &Material<'_>) -> BTreeSet<ServiceId> {
    let stages = from.view.truth.stages.iter().filter(|(_, _, _, active)| *active && from.open).map(|(_, _, on, _)| on);
    let found = from.view.board.findings.iter().map(|row| &row.finding.resource);
    stages.chain(found).flat_map(|target| services_of(from, target)).collect()
}

fn services_of(from: &Material<'_>, target: &TargetId) -> Vec<ServiceId> {
    let by_instance = from.view.board.instances.get(target).map(|row| row.service.clone());
    let resource = from.view.scenario.resources.iter().find(|resource| resource.id == *target);
    let by_resource = resource.map(|resource| resource.used_by.clone()).unwrap_or_default();
    let planned = from.view.scenario.services.iter();
    let planned = planned.filter(|service| service.instances.iter().any(|instance| instance.id == *target));
    by_instance.into_iter().chain(by_resource).chain(planned.map(|service| service.id.clone())).collect()
}

fn set_up(service: &Service) -> String {
    let number = wording::count(service.instances.len(), "instance", "instances");
    let role = if service.role.is_some() { ", with an instance role that all of them share" } else { "" };
    let zones: BTreeSet<&SafeText> = service.instances.iter().map(|instance| &instance.zone).collect();
    let zones = wording::count(zones.len(), "zone", "zones");
    format!("{} was hit: {number} in {zones} in one group{role}.", service.title)
}

fn same_size(service: &Service, others: &[&Service]) -> Option<String> {
    let same = others.iter().filter(|other| other.instances.len() == service.instances.len());
    let names: Vec<String> = same.map(|other| other.title.to_string()).collect();
    let number = wording::count(service.instances.len(), "instance", "instances");
    let part = match service.instances.len() {
        0 => return None,
        1 => "all of its capacity",
        2 => "half of its capacity",
        _ => "a share of its capacity",
    };
    (!names.is_empty()).then(|| {
        let names = wording::list(&names);
        format!("Groups of the same size, {number} each: {names}. Taking one away takes {part}.")
    })
}

fn same_pattern(service: &Service, others: &[&Service]) -> Option<String> {
    service.role.as_ref()?;
    let same = others.iter().filter(|other| other.role.is_some());
    let names: Vec<String> = same.map(|other| other.title.to_string()).collect();
    (!names.is_empty()).then(|| format!("Instance roles in the same pattern: {}.", wording::list(&names)))
}

fn shared_resources(from: &Material<'_>, hit: &BTreeSet<ServiceId>) -> Vec<String> {
    let resources = from.view.scenario.resources.iter();
    resources
        .filter(|resource| resource.used_by.iter().any(|id| hit.contains(id)))
        .filter_map(|resource| {
            let others = resource.used_by.iter().filter(|id| !hit.contains(*id));
            let names: Vec<String> = others.map(|id| from.view.service_title(id).to_owned()).collect();
            (!names.is_empty()).then(|| format!("{} is used by {} as well.", resource.title, wording::list(&names)))
        })
        .collect()
}
