//! `CloudWatch`: data points and alarms.

use serde_json::{Value, json};

use super::{Account, text, texts};
use crate::Answer;

/// An alarm over one metric that is missing data counts as breaching.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// Of which namespace.
    pub namespace: String,
    /// Which metric.
    pub metric: String,
    /// Seconds without a data point after which it is in alarm.
    pub patience: f64,
    /// A state that somebody set by hand, which stays.
    pub forced: Option<String>,
    /// When it was made.
    pub made: f64,
}

impl Alarm {
    /// When it goes into alarm if nothing more arrives.
    fn breach(&self, account: &Account) -> f64 {
        let points =
            account.metrics.iter().filter(|(space, name, ..)| *space == self.namespace && *name == self.metric);
        let last = points.map(|(_, _, at, _)| *at).max_by(f64::total_cmp);
        last.unwrap_or(self.made) + self.patience
    }

    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    #[must_use]
    pub fn state(&self, account: &Account) -> String {
        if let Some(forced) = &self.forced {
            return forced.clone();
        }
        let known = account.metrics.iter().any(|(space, name, ..)| *space == self.namespace && *name == self.metric);
        let breached = self.breach(account) <= account.now();
        match (known, breached) {
            (_, true) => "ALARM".into(),
            (true, false) => "OK".into(),
            (false, false) => "INSUFFICIENT_DATA".into(),
        }
    }
}

/// When the alarm with this ARN is in alarm: now at the latest if it is so already.
pub(super) fn breach(account: &Account, arn: &str) -> Option<f64> {
    let alarm = account.alarms.get(arn.rsplit(':').next()?)?;
    match alarm.forced.as_deref() {
        Some("ALARM") => Some(account.now()),
        Some(_) => None,
        None => Some(alarm.breach(account)),
    }
}

pub(super) fn call(account: &mut Account, operation: &str, input: &Value) -> Option<Answer> {
    Some(match operation {
        "PutMetricData" => {
            let now = account.now();
            for datum in input["MetricData"].as_array().into_iter().flatten() {
                let at = datum["Timestamp"].as_f64().unwrap_or(now);
                let value = datum["Value"].as_f64().unwrap_or_default();
                account.metrics.push((
                    text(input, "Namespace").to_owned(),
                    text(datum, "MetricName").to_owned(),
                    at.min(now),
                    value,
                ));
            }
            Ok(json!({}))
        }
        "DescribeAlarms" => Ok(alarms(account, input)),
        "GetMetricData" => Ok(data(account, input)),
        _ => return None,
    })
}

fn alarms(account: &Account, input: &Value) -> Value {
    let names = texts(&input["AlarmNames"]);
    let known = account.alarms.iter().filter(|(name, _)| names.is_empty() || names.contains(name));
    let described = known.map(|(name, alarm)| {
        json!({ "AlarmName": name, "AlarmArn": account.arn("cloudwatch", &format!("alarm:{name}")), "StateValue": alarm.state(account),
            "StateUpdatedTimestamp": account.now(), "Namespace": alarm.namespace, "MetricName": alarm.metric })
    });
    json!({ "MetricAlarms": described.collect::<Vec<_>>() })
}

fn data(account: &Account, input: &Value) -> Value {
    let results = input["MetricDataQueries"].as_array().into_iter().flatten().map(|query| {
        let metric = &query["MetricStat"]["Metric"];
        let (from, to) =
            (input["StartTime"].as_f64().unwrap_or_default(), input["EndTime"].as_f64().unwrap_or(f64::MAX));
        let points = account.metrics.iter().filter(|(space, name, at, _)| {
            *space == text(metric, "Namespace") && *name == text(metric, "MetricName") && *at >= from && *at < to
        });
        let (times, values): (Vec<f64>, Vec<f64>) = points.map(|(_, _, at, value)| (*at, *value)).unzip();
        json!({ "Id": query["Id"], "StatusCode": "Complete", "Timestamps": times, "Values": values })
    });
    json!({ "MetricDataResults": results.collect::<Vec<_>>() })
}
