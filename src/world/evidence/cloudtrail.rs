//! AWS CloudTrail management event.

use serde::Serialize;

use super::{About, Office, json};
use crate::domain::SafeText;
use crate::scenario::model::Emission;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    event_version: &'a str,
    user_identity: Identity,
    event_time: String,
    event_source: String,
    event_name: &'a str,
    aws_region: &'a str,
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: String,
    user_agent: &'a str,
    request_parameters: Option<Rule>,
    response_elements: Option<RuleAnswer>,
    #[serde(rename = "requestID")]
    request_id: String,
    #[serde(rename = "eventID")]
    event_id: String,
    read_only: bool,
    event_type: &'a str,
    management_event: bool,
    recipient_account_id: &'a str,
    event_category: &'a str,
    tls_details: Tls,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    #[serde(rename = "type")]
    kind: &'static str,
    principal_id: String,
    arn: String,
    account_id: String,
    access_key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_context: Option<Session>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    session_issuer: Issuer,
    attributes: SessionAttributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    ec2_role_delivery: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issuer {
    #[serde(rename = "type")]
    kind: &'static str,
    principal_id: String,
    arn: String,
    account_id: String,
    user_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionAttributes {
    creation_date: String,
    mfa_authenticated: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    group_id: String,
    ip_protocol: &'static str,
    from_port: u16,
    to_port: u16,
    cidr_ip: &'static str,
    ip_permissions: Nothing,
}

/// An empty object, as the API writes what was not given.
#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleAnswer {
    request_id: String,
    #[serde(rename = "_return")]
    done: bool,
    security_group_rule_set: Items<RuleMade>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleMade {
    group_owner_id: String,
    group_id: String,
    security_group_rule_id: String,
    is_egress: bool,
    ip_protocol: &'static str,
    from_port: u16,
    to_port: u16,
    cidr_ipv4: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tls {
    tls_version: &'static str,
    cipher_suite: &'static str,
    client_provided_host_header: String,
}

pub(super) fn write(office: &Office, emission: &Emission, about: &About<'_>) -> (String, String) {
    let call = emission.call.as_ref().map_or("sts:GetCallerIdentity", SafeText::as_str);
    let (service, name) = call.split_once(':').unwrap_or(("ec2", call));
    let user = emission.user.as_ref().map_or("unknown", SafeText::as_str);
    let region = office.account.region.as_str();
    let address = office.address(emission, about);
    let request_id = office.uuid(about.key.0, part(about, 0));
    let (parameters, answer) = rule(office, name, about, &request_id).unzip();
    let record = Record {
        event_version: "1.09",
        user_identity: identity(office, user, about),
        event_time: office.stamp(about.at),
        event_source: format!("{service}.amazonaws.com"),
        event_name: name,
        aws_region: region,
        source_ip_address: address.clone(),
        user_agent: "aws-cli/2.17.0 md/awscrt#0.20.11",
        request_parameters: parameters,
        response_elements: answer,
        request_id,
        event_id: office.uuid(about.key.0, part(about, 1)),
        read_only: ["Describe", "Get", "List", "Lookup"].iter().any(|verb| name.starts_with(verb)),
        event_type: "AwsApiCall",
        management_event: true,
        recipient_account_id: office.account.id.as_str(),
        event_category: "Management",
        tls_details: Tls {
            tls_version: "TLSv1.3",
            cipher_suite: "TLS_AES_128_GCM_SHA256",
            client_provided_host_header: format!("{service}.{region}.amazonaws.com"),
        },
    };
    (format!("{user} calls {name} from {address}"), json(&record))
}

fn part(about: &About<'_>, at: u64) -> u64 {
    about.key.1.wrapping_mul(4).wrapping_add(at)
}

/// `role/session` is a session of a role, anything else a user.
fn identity(office: &Office, user: &str, about: &About<'_>) -> Identity {
    let account = office.account.id.as_str();
    let key = office.hex(user, 2, 16).to_uppercase();
    let Some((role, session)) = user.split_once('/') else {
        return Identity {
            kind: "IAMUser",
            principal_id: format!("AIDA{key}"),
            arn: format!("arn:aws:iam::{account}:user/{user}"),
            account_id: account.to_owned(),
            access_key_id: format!("AKIA{key}"),
            user_name: Some(user.to_owned()),
            session_context: None,
        };
    };
    let issuer = format!("AROA{}", office.hex(role, 3, 16).to_uppercase());
    Identity {
        kind: "AssumedRole",
        principal_id: format!("{issuer}:{session}"),
        arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
        account_id: account.to_owned(),
        access_key_id: format!("ASIA{key}"),
        user_name: None,
        session_context: Some(Session {
            session_issuer: Issuer {
                kind: "Role",
                principal_id: issuer,
                arn: format!("arn:aws:iam::{account}:role/{role}"),
                account_id: account.to_owned(),
                user_name: role.to_owned(),
            },
            attributes: SessionAttributes { creation_date: office.stamp(about.at), mfa_authenticated: "false" },
            ec2_role_delivery: session.starts_with("i-").then_some("2.0"),
        }),
    }
}

/// The rule that lets the world in, for the calls that make or remove one.
fn rule(office: &Office, call: &str, about: &About<'_>, request_id: &str) -> Option<(Rule, RuleAnswer)> {
    let (group, port) = about.opening?;
    if !matches!(call, "AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupIngress") {
        return None;
    }
    let made = RuleMade {
        group_owner_id: office.account.id.to_string(),
        group_id: group.to_owned(),
        security_group_rule_id: format!("sgr-0{}", office.hex(group, 4, 16)),
        is_egress: false,
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
        cidr_ipv4: "0.0.0.0/0",
    };
    let asked = Rule {
        group_id: group.to_owned(),
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
        cidr_ip: "0.0.0.0/0",
        ip_permissions: Nothing {},
    };
    let answer = RuleAnswer {
        request_id: request_id.to_owned(),
        done: true,
        security_group_rule_set: Items { items: vec![made] },
    };
    Some((asked, answer))
}
