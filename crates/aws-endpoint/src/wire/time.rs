//! Timestamps as the protocols write them.

use chrono::{DateTime, SecondsFormat, Utc};

/// Seconds since 1970 as a moment.
pub(crate) fn moment(seconds: f64) -> DateTime<Utc> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of any year that a drill can be in fit")]
    let millis = (seconds * 1000.0).round() as i64;
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// As ISO 8601.
pub(crate) fn iso(seconds: f64) -> String {
    moment(seconds).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Of an HTTP header.
pub(crate) fn http(seconds: f64) -> String {
    moment(seconds).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads ISO 8601.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in an f64 for some 285,000 years")]
pub(crate) fn read(text: &str) -> Option<f64> {
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    Some(moment.timestamp_millis() as f64 / 1000.0)
}
