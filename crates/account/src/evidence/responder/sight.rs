//! Calls that stop logs, detectors and channels, turn detectors on, or ask how one of them stands.

use serde_json::{Value, json};

use super::{ApiCall, Known};
use firedrill_model::LogSource;
use firedrill_model::scenario::{FindingFormat, Sight};

/// What a detector is part of: of what kind of service, by the format of its findings.
enum Part {
    GuardDuty,
    Config,
    Alarm,
    Health,
}

fn part(format: FindingFormat) -> Part {
    match format {
        FindingFormat::GuarddutyDns
        | FindingFormat::GuarddutyNetwork
        | FindingFormat::GuarddutyApi
        | FindingFormat::GuarddutyMalware => Part::GuardDuty,
        FindingFormat::Config => Part::Config,
        FindingFormat::Alarm => Part::Alarm,
        FindingFormat::Health => Part::Health,
    }
}

fn detector_id(known: &Known<'_>) -> String {
    known.office.hex("guardduty", 7, 32)
}

fn query_log(known: &Known<'_>) -> Value {
    let config = format!("rqlc-{}", known.office.hex("rqlc", 82, 16));
    json!({ "resolverQueryLogConfigId": config, "resourceId": known.office.vpc() })
}

const RECORDER: &str = "default";
const TRAIL: &str = "team-trail";

/// The call that stops something; none where nobody can.
pub(super) fn stop(known: &Known<'_>, what: &Sight) -> Option<ApiCall> {
    let recorder =
        || ApiCall::new("config", "StopConfigurationRecorder", json!({ "configurationRecorderName": RECORDER }));
    Some(match what {
        Sight::Log(LogSource::Cloudtrail) => ApiCall::new("cloudtrail", "StopLogging", json!({ "name": TRAIL })),
        Sight::Log(LogSource::CloudtrailData) => ApiCall::new(
            "cloudtrail",
            "PutEventSelectors",
            json!({ "trailName": TRAIL, "eventSelectors": [{
                "readWriteType": "All",
                "includeManagementEvents": true,
                "dataResources": [],
                "excludeManagementEventSources": [],
            }] }),
        ),
        Sight::Log(LogSource::VpcFlow) => {
            let log = format!("fl-0{}", known.office.hex("flow-log", 85, 16));
            ApiCall::new(
                "ec2",
                "DeleteFlowLogs",
                json!({ "DeleteFlowLogsRequest": { "FlowLogId": { "content": log, "tag": 1 } } }),
            )
        }
        Sight::Log(LogSource::ResolverQuery) => {
            ApiCall::new("route53resolver", "DisassociateResolverQueryLogConfig", query_log(known))
        }
        Sight::Log(LogSource::ConfigCompliance) => recorder(),
        Sight::Channel(id) => ApiCall::new("events", "DisableRule", json!({ "name": id.as_str() })),
        Sight::Detector(_) => match part(known.format?) {
            Part::GuardDuty => ApiCall::new(
                "guardduty",
                "UpdateDetector",
                json!({ "detectorId": detector_id(known), "enable": false }),
            ),
            Part::Config => recorder(),
            Part::Alarm => ApiCall::new("cloudwatch", "DisableAlarmActions", json!({ "alarmNames": [known.rule] })),
            Part::Health => return None,
        },
    })
}

/// The call that turns a detector on.
pub(super) fn turn_on(known: &Known<'_>) -> Option<ApiCall> {
    Some(match part(known.format?) {
        Part::GuardDuty => {
            ApiCall::new("guardduty", "UpdateDetector", json!({ "detectorId": detector_id(known), "enable": true }))
        }
        Part::Config => {
            ApiCall::new("config", "StartConfigurationRecorder", json!({ "configurationRecorderName": RECORDER }))
        }
        Part::Alarm => ApiCall::new("cloudwatch", "EnableAlarmActions", json!({ "alarmNames": [known.rule] })),
        Part::Health => return None,
    })
}

/// The call that asks how something stands; none where it has no status.
pub(super) fn status(known: &Known<'_>, of: &Sight) -> Option<ApiCall> {
    let recorder = || {
        ApiCall::new(
            "config",
            "DescribeConfigurationRecorderStatus",
            json!({ "configurationRecorderNames": [RECORDER] }),
        )
    };
    Some(match of {
        Sight::Log(LogSource::Cloudtrail) => ApiCall::new("cloudtrail", "GetTrailStatus", json!({ "name": TRAIL })),
        Sight::Log(LogSource::CloudtrailData) => {
            ApiCall::new("cloudtrail", "GetEventSelectors", json!({ "trailName": TRAIL }))
        }
        Sight::Log(LogSource::VpcFlow) => {
            ApiCall::new("ec2", "DescribeFlowLogs", json!({ "DescribeFlowLogsRequest": { "MaxResults": 100 } }))
        }
        Sight::Log(LogSource::ResolverQuery) => {
            ApiCall::new("route53resolver", "ListResolverQueryLogConfigAssociations", json!({ "maxResults": 100 }))
        }
        Sight::Log(LogSource::ConfigCompliance) => recorder(),
        Sight::Channel(id) => ApiCall::new("events", "DescribeRule", json!({ "name": id.as_str() })),
        Sight::Detector(_) => match part(known.format?) {
            Part::GuardDuty => ApiCall::new("guardduty", "GetDetector", json!({ "detectorId": detector_id(known) })),
            Part::Config => recorder(),
            Part::Alarm => ApiCall::new("cloudwatch", "DescribeAlarms", json!({ "alarmNames": [known.rule] })),
            Part::Health => return None,
        },
    })
}
