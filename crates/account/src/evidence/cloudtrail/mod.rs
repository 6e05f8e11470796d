//! AWS CloudTrail record, version 1.11: one call of an API, as a management event or as a data event.
//!
//! Fields and their forms as in the CloudTrail user guide (record contents, `userIdentity` element) and in recorded calls (Stratus
//! Red Team, `docs/detonation-logs`; public records of S3 data events).

mod identity;
mod request;
mod shapes;

use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use identity::Caller;
use identity::Identity;
pub(super) use request::ingress;
pub(crate) use shapes::{Made, complete, launched_id, launches};

use super::{About, Office, to_json};
use firedrill_model::scenario::Emission;
use firedrill_model::{DrillTime, LogSource, LogText, SafeText, WrittenLog};

/// What a command line of AWS calls itself.
pub(super) const CLI: &str = "aws-cli/2.17.0 md/awscrt#0.20.11";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    event_version: &'static str,
    user_identity: Identity,
    event_time: String,
    event_source: String,
    event_name: &'a str,
    aws_region: &'a str,
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: &'a str,
    user_agent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    request_parameters: Option<&'a Value>,
    response_elements: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_event_data: Option<Value>,
    #[serde(rename = "requestID")]
    request_id: String,
    #[serde(rename = "eventID")]
    event_id: String,
    read_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Value>,
    event_type: &'static str,
    management_event: bool,
    recipient_account_id: &'a str,
    event_category: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_endpoint_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_endpoint_account_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_details: Option<Tls>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tls {
    tls_version: &'static str,
    cipher_suite: &'static str,
    client_provided_host_header: String,
}

/// A call of an API.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    /// As in an action of a policy: `ec2`.
    pub service: &'a str,
    /// For example `DescribeInstances`.
    pub name: &'a str,
    /// Who called.
    pub caller: Caller<'a>,
    /// From where.
    pub address: String,
    /// With what.
    pub agent: String,
    /// `requestParameters`, an object.
    pub request: Option<Value>,
    /// `responseElements`, an object.
    pub answer: Option<Value>,
    /// `errorCode`, if it was refused.
    pub error: Option<&'a str>,
    /// It was refused because a policy denies it.
    pub denied: bool,
    /// A data event: somebody did something to an object in a bucket.
    pub data: bool,
    /// When.
    pub at: DrillTime,
    /// Name of the source of calls, and number of the call in it.
    pub key: (&'a str, u64),
}

impl<'a> Call<'a> {
    /// The call that a record of an emission is about.
    pub(crate) fn of(office: &Office, emission: &'a Emission, about: &About<'a>) -> Self {
        let call = emission.call.as_ref().map_or("sts:GetCallerIdentity", SafeText::as_str);
        let (service, name) = call.split_once(':').unwrap_or(("ec2", call));
        let address = office.address(emission, about);
        let fill = |text: &SafeText| request::fill(text.as_str(), about, &address);
        let caller = Caller::of(emission, &fill);
        let (request, answer) = request::of(office, emission, (service, name), about, &address);
        Self {
            service,
            name,
            agent: match (&emission.agent, caller.service()) {
                (Some(agent), _) => fill(agent),
                (None, Some(service)) => service.to_owned(),
                (None, None) => CLI.to_owned(),
            },
            address: match caller.service() {
                Some(service) if emission.addresses.is_empty() => service.to_owned(),
                _ => address,
            },
            caller,
            request,
            answer: answer.filter(|_| emission.error.is_none() && !about.denied),
            error: emission.error.as_ref().map(SafeText::as_str).or(about.denied.then_some(if service == "ec2" {
                "Client.UnauthorizedOperation"
            } else {
                "AccessDenied"
            })),
            denied: about.denied,
            data: emission.source == LogSource::CloudtrailData,
            at: about.at,
            key: about.key,
        }
    }

    /// The service's name in records and certificates.
    pub(crate) fn source(&self) -> String {
        let host = match self.service {
            "cloudwatch" => "monitoring",
            other => other,
        };
        format!("{host}.amazonaws.com")
    }

    fn bucket(&self) -> Option<&str> {
        self.request.as_ref()?.get("bucketName")?.as_str()
    }

    fn part(&self, at: u64) -> (&'a str, u64) {
        (self.key.0, self.key.1.wrapping_mul(4).wrapping_add(at))
    }
}

/// The record that an emission leaves: a line for a list, and the record.
pub(super) fn write(office: &Office, emission: &Emission, about: &About<'_>) -> WrittenLog {
    record(office, &Call::of(office, emission, about))
}

/// The text of the record of a call.
pub(crate) fn text(office: &Office, call: &Call<'_>) -> LogText {
    let WrittenLog { summary, raw } = record(office, call);
    LogText::of(summary, raw)
}

/// The record of a call: a line for a list, and the record.
fn record(office: &Office, call: &Call<'_>) -> WrittenLog {
    let refused = call.error.map_or_else(String::new, |error| format!(": {error}"));
    let seen = Seen::of(office, call);
    let summary = format!("{} calls {} from {}{refused}", call.caller.name(), call.name, seen.address);
    let raw = written(office, call, &seen, call.request.as_ref(), call.answer.as_ref());
    if raw.len() <= firedrill_model::safe_text::MAX_CHARS {
        return super::lines(&summary, &raw);
    }
    // CloudTrail leaves out what is too long, too.
    super::lines(&summary, &written(office, call, &seen, None, None))
}

/// From where a call comes, as AWS sees it.
struct Seen {
    address: String,
    /// The endpoint in the network through which it came.
    endpoint: Option<String>,
}

impl Seen {
    /// Services to which the network has an endpoint (assumed): what instances call there keeps its private address.
    const ENDPOINTS: [&str; 4] = ["kms", "secretsmanager", "ssm", "logs"];

    /// A private address is that of a caller behind an endpoint. Whoever else has one calls through the network's own gateway, or from
    /// the company's desks. A service calls from inside of AWS.
    fn of(office: &Office, call: &Call<'_>) -> Self {
        if let Some(service) = call.caller.service_of_role() {
            return Self { address: service.to_owned(), endpoint: None };
        }
        let private = call.address.parse().is_ok_and(|address: core::net::Ipv4Addr| address.is_private());
        if !private {
            return Self { address: call.address.clone(), endpoint: None };
        }
        if !call.caller.is_on_instance() && !call.agent.contains("AWS_Lambda") {
            return Self { address: office.desk(), endpoint: None };
        }
        if Self::ENDPOINTS.contains(&call.service) {
            let endpoint = format!("vpce-0{}", office.hex(call.service, 95, 16));
            return Self { address: call.address.clone(), endpoint: Some(endpoint) };
        }
        Self { address: office.egress(), endpoint: None }
    }
}

fn written(office: &Office, call: &Call<'_>, seen: &Seen, request: Option<&Value>, answer: Option<&Value>) -> String {
    let global = matches!(call.service, "iam" | "organizations" | "health");
    let region = if global { "us-east-1" } else { office.region() };
    let identity = call.caller.identity(office, call.at);
    let (name, number) = call.part(0);
    let uuid = office.uuid(name, number);
    let s3 = call.service == "s3";
    to_json(&Record {
        event_version: "1.11",
        event_time: office.stamp(call.at),
        event_source: call.source(),
        event_name: call.name,
        aws_region: region,
        source_ip_address: &seen.address,
        user_agent: call.caller.service_of_role().unwrap_or(&call.agent),
        error_code: call.error,
        error_message: call.error.and_then(|error| request::message(office, error, call, identity.arn.as_deref())),
        user_identity: identity,
        request_parameters: request,
        response_elements: answer,
        additional_event_data: s3.then(|| request::transfer(office, call)),
        request_id: if s3 { office.hex(name, number, 16).to_uppercase() } else { uuid },
        event_id: office.uuid(name, call.part(1).1),
        read_only: is_read_only(call.name),
        resources: touched(office, call),
        vpc_endpoint_id: seen.endpoint.clone(),
        vpc_endpoint_account_id: seen.endpoint.as_ref().map(|_| office.account_id()),
        event_type: if call.name == "ConsoleLogin" { "AwsConsoleSignIn" } else { "AwsApiCall" },
        management_event: !call.data,
        recipient_account_id: call.caller.account_of_session(office),
        event_category: if call.data { "Data" } else { "Management" },
        tls_details: (call.caller.service().is_none() && call.caller.service_of_role().is_none()).then(|| Tls {
            tls_version: "TLSv1.3",
            cipher_suite: "TLS_AES_128_GCM_SHA256",
            client_provided_host_header: host(call, region, global),
        }),
    })
}

fn host(call: &Call<'_>, region: &str, global: bool) -> String {
    match call.bucket() {
        Some(bucket) if call.service == "s3" => format!("{bucket}.s3.{region}.amazonaws.com"),
        _ if global => format!("{}.amazonaws.com", call.service),
        _ => format!("{}.{region}.amazonaws.com", call.service),
    }
}

/// What a call touched, for the services that say so: a key, or a bucket with its object.
fn touched(office: &Office, call: &Call<'_>) -> Option<Value> {
    match call.service {
        "kms" => Some(json!([{
            "accountId": office.account_id(), "type": "AWS::KMS::Key", "ARN": shapes::kms_key(office),
        }])),
        "s3" => call.bucket().map(|bucket| resources(office, call, bucket)),
        _ => None,
    }
}

/// What an S3 call touched: the object and its bucket, or the bucket alone.
fn resources(office: &Office, call: &Call<'_>, bucket: &str) -> Value {
    let of_bucket = json!({
        "accountId": office.account_id(), "type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::{bucket}"),
    });
    let key = call.request.as_ref().and_then(|request| request.get("key")).and_then(Value::as_str);
    match key {
        Some(key) => json!([{ "type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{key}") }, of_bucket]),
        None if call.data => {
            json!([{ "type": "AWS::S3::Object", "ARNPrefix": format!("arn:aws:s3:::{bucket}/") }, of_bucket])
        }
        None => json!([of_bucket]),
    }
}

fn is_read_only(name: &str) -> bool {
    const VERBS: [&str; 10] =
        ["Describe", "Get", "List", "Lookup", "Head", "BatchGet", "Search", "Select", "AssumeRole", "StartQuery"];
    // KMS counts what changes no key as read (its guide, `ct-decrypt`).
    VERBS.iter().any(|verb| name.starts_with(verb)) || ["Decrypt", "Encrypt", "GenerateDataKey"].contains(&name)
}
