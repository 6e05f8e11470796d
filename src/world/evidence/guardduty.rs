//! GuardDuty finding about an instance's DNS request, as `EventBridge` carries it.

use serde::Serialize;

use super::{Office, json};
use crate::domain::{DrillTime, Finding};
use crate::world::fleet::Machine;

/// What GuardDuty knows beside the finding itself.
#[derive(Debug, Clone, Copy)]
pub(in crate::world) struct Sight<'a> {
    /// The instance.
    pub machine: Option<&'a Machine>,
    /// The role whose credentials it has.
    pub role: Option<&'a str>,
    /// The name that it asked for.
    pub domain: &'a str,
    /// When the finding was made.
    pub created: DrillTime,
    /// When it was last changed.
    pub updated: DrillTime,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    schema_version: &'a str,
    account_id: &'a str,
    region: &'a str,
    partition: &'a str,
    id: &'a str,
    arn: String,
    #[serde(rename = "type")]
    kind: &'a str,
    resource: Resource<'a>,
    service: Service<'a>,
    severity: f64,
    created_at: String,
    updated_at: String,
    title: &'a str,
    description: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    resource_type: &'a str,
    instance_details: Instance<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Instance<'a> {
    instance_id: &'a str,
    instance_type: &'a str,
    instance_state: &'a str,
    availability_zone: &'a str,
    image_id: String,
    iam_instance_profile: Option<Profile>,
    network_interfaces: Vec<Interface<'a>>,
    tags: Vec<Tag<'a>>,
}

#[derive(Serialize)]
struct Profile {
    arn: String,
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Interface<'a> {
    network_interface_id: String,
    private_ip_address: &'a str,
    vpc_id: String,
    subnet_id: String,
}

#[derive(Serialize)]
struct Tag<'a> {
    key: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    service_name: &'a str,
    detector_id: &'a str,
    action: Action<'a>,
    resource_role: &'a str,
    additional_info: AdditionalInfo<'a>,
    event_first_seen: String,
    event_last_seen: String,
    archived: bool,
    count: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Action<'a> {
    action_type: &'a str,
    dns_request_action: DnsRequest<'a>,
}

#[derive(Serialize)]
struct DnsRequest<'a> {
    domain: &'a str,
    protocol: &'a str,
    blocked: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AdditionalInfo<'a> {
    threat_list_name: &'a str,
}

/// The document of a finding.
pub(in crate::world) fn finding(office: &Office, finding: &Finding, sight: &Sight<'_>) -> String {
    let (account, region) = (office.account.id.as_str(), office.account.region.as_str());
    let detector = office.hex(finding.detector.as_str(), 7, 32);
    let id = office.hex(finding.id.as_str(), 8, 32);
    let detail = Detail {
        schema_version: "2.0",
        account_id: account,
        region,
        partition: "aws",
        id: &id,
        arn: format!("arn:aws:guardduty:{region}:{account}:detector/{detector}/finding/{id}"),
        kind: finding.kind.as_str(),
        resource: Resource { resource_type: "Instance", instance_details: instance(office, finding, sight) },
        service: Service {
            service_name: "guardduty",
            detector_id: &detector,
            action: Action {
                action_type: "DNS_REQUEST",
                dns_request_action: DnsRequest { domain: sight.domain, protocol: "UDP", blocked: false },
            },
            resource_role: "ACTOR",
            additional_info: AdditionalInfo { threat_list_name: "ProofPoint" },
            event_first_seen: office.stamp(finding.first_seen),
            event_last_seen: office.stamp(finding.last_seen),
            archived: false,
            count: finding.count,
        },
        severity: finding.severity,
        created_at: office.fine_stamp(sight.created),
        updated_at: office.fine_stamp(sight.updated),
        title: finding.title.as_str(),
        description: finding.description.as_str(),
    };
    json(&super::Envelope {
        version: "0",
        id: office.uuid(finding.id.as_str(), finding.count.wrapping_add(9)),
        detail_type: "GuardDuty Finding",
        source: "aws.guardduty",
        account,
        time: office.stamp(sight.updated),
        region,
        resources: Vec::new(),
        detail,
    })
}

fn instance<'a>(office: &Office, finding: &'a Finding, sight: &Sight<'a>) -> Instance<'a> {
    let account = office.account.id.as_str();
    let profile = sight.role.map(|role| Profile {
        arn: format!("arn:aws:iam::{account}:instance-profile/{role}"),
        id: format!("AIPA{}", office.hex(role, 3, 16).to_uppercase()),
    });
    let interfaces = sight.machine.map(|machine| Interface {
        network_interface_id: office.interface(machine),
        private_ip_address: machine.address.as_str(),
        vpc_id: office.vpc(),
        subnet_id: format!("subnet-0{}", office.hex(machine.zone.as_str(), 10, 16)),
    });
    Instance {
        instance_id: finding.resource.as_str(),
        instance_type: "c6i.xlarge",
        instance_state: "running",
        availability_zone: sight.machine.map_or("unknown", |machine| machine.zone.as_str()),
        image_id: format!("ami-0{}", office.hex("image", 11, 16)),
        iam_instance_profile: profile,
        network_interfaces: interfaces.into_iter().collect(),
        tags: sight
            .machine
            .map(|machine| Tag { key: "service", value: machine.serves_for.as_str() })
            .into_iter()
            .collect(),
    }
}
