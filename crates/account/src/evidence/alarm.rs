//! `CloudWatch` alarm that changes its state, as `EventBridge` carries it.
//!
//! Fields as in the `CloudWatch` user guide (alarm events and `EventBridge`) and in received events.

use serde_json::json;

use super::{Envelope, Office, to_json};
use firedrill_model::scenario::{Detector, Signal};
use firedrill_model::signal::{Measure, Side};
use firedrill_model::{DrillTime, Finding, Span};

/// What an alarm saw when it changed its state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Crossing<'a> {
    /// The alarm.
    pub detector: &'a Detector,
    /// What it watches.
    pub signal: &'a Signal,
    /// For how long the signal has to be out of its limit.
    pub lasting: Span,
    /// In alarm now, or all right again.
    pub alarm: bool,
    /// When the datapoints begin that decided it.
    pub from: DrillTime,
    /// When the state changed.
    pub at: DrillTime,
    /// The figure that decided it, and the one before.
    pub values: (f64, f64),
    /// When the state before began.
    pub before: DrillTime,
}

/// The document of a finding.
pub(crate) fn finding(office: &Office, finding: &Finding, crossing: &Crossing<'_>) -> String {
    let (account, region) = (office.account_id(), office.region());
    let name = crossing.detector.finding.as_str();
    let number = |part: u64| finding.count.wrapping_mul(4).wrapping_add(part).wrapping_add(40);
    let detail = json!({
        "alarmName": name,
        "state": state(office, crossing, crossing.alarm, crossing.values.0, crossing.at),
        "previousState": state(office, crossing, !crossing.alarm, crossing.values.1, crossing.before),
        "configuration": {
            "description": finding.description.as_str(),
            "metrics": [{
                "id": office.uuid(finding.detector.as_str(), 50),
                "metricStat": {
                    "metric": {
                        "namespace": namespace(crossing.signal.measure),
                        "name": metric(crossing.signal.measure),
                        "dimensions": dimensions(crossing.signal),
                    },
                    "period": 60,
                    "stat": statistic(crossing.signal.measure),
                },
                "returnData": true,
            }],
        },
    });
    to_json(&Envelope {
        version: "0",
        id: office.uuid(finding.id.as_str(), number(u64::from(crossing.alarm))),
        detail_type: "CloudWatch Alarm State Change",
        source: "aws.cloudwatch",
        account,
        time: office.stamp(crossing.at),
        region,
        resources: vec![format!("arn:aws:cloudwatch:{region}:{account}:alarm:{name}")],
        detail,
    })
}

fn state(office: &Office, crossing: &Crossing<'_>, alarm: bool, value: f64, at: DrillTime) -> serde_json::Value {
    let limit = crossing.signal.limit.unwrap_or_default();
    let when = office.utc(crossing.from).format("%d/%m/%y %H:%M:00");
    let side = match (crossing.signal.side, alarm) {
        (Side::Below, true) => "was greater than",
        (Side::Below, false) => "was not greater than",
        (Side::Above, true) => "was less than",
        (Side::Above, false) => "was not less than",
    };
    let data = json!({
        "version": "1.0",
        "queryDate": office.zone_stamp(at),
        "startDate": office.zone_stamp(crossing.from),
        "statistic": statistic(crossing.signal.measure),
        "period": 60,
        "recentDatapoints": [value],
        "threshold": limit,
    });
    json!({
        "value": if alarm { "ALARM" } else { "OK" },
        "reason": format!(
            "Threshold Crossed: {} out of the last {} datapoints [{value:?} ({when})] {side} the threshold ({limit:?}).",
            minutes(crossing.lasting), minutes(crossing.lasting),
        ),
        "reasonData": data.to_string(),
        "timestamp": office.zone_stamp(at),
    })
}

/// Datapoints of a minute.
fn minutes(lasting: Span) -> u64 {
    lasting.0.div_ceil(60_000_000).max(1)
}

fn namespace(measure: Measure) -> &'static str {
    match measure {
        Measure::Cpu => "AWS/EC2",
        Measure::InService => "AWS/AutoScaling",
        Measure::Waiting => "Workload",
        _ => "AWS/ApplicationELB",
    }
}

fn metric(measure: Measure) -> &'static str {
    match measure {
        Measure::LatencyP99 | Measure::LatencyMean => "TargetResponseTime",
        Measure::ErrorRate => "ErrorRate",
        Measure::Throughput => "RequestCount",
        Measure::Cpu => "CPUUtilization",
        Measure::InService => "GroupInServiceInstances",
        Measure::Waiting => "RequestsWaiting",
    }
}

fn statistic(measure: Measure) -> &'static str {
    match measure {
        Measure::LatencyP99 => "p99",
        Measure::Throughput => "Sum",
        _ => "Average",
    }
}

fn dimensions(signal: &Signal) -> serde_json::Value {
    match &signal.instance {
        Some(instance) => json!({ "InstanceId": instance.as_str() }),
        None => json!({ "Service": signal.service.as_str() }),
    }
}
