//! The owner's consent: a parameter of Systems Manager in the account itself, with an end, tiers, regions and hours.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// What the owner allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    /// Until when.
    pub(crate) expires: DateTime<Utc>,
    /// Which tiers.
    pub(crate) tiers: Vec<u8>,
    /// In which regions.
    pub(crate) regions: Vec<String>,
    /// Between which times of day in UTC, for example `08:00-16:00`.
    pub(crate) hours_utc: String,
    /// Who gives it, for the record.
    pub(crate) owner: String,
}

/// Why there is no consent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoConsent {
    /// The parameter isn't there.
    #[error("the account's owner has not consented: there is no parameter {0}. The owner creates it: {1}")]
    Missing(String, String),
    /// It can't be read.
    #[error("the owner's consent {0} can't be read: {1}. It should look like: {2}")]
    Unreadable(String, String, String),
    /// It has expired.
    #[error("the owner's consent expired at {0}; ask for a new one")]
    Expired(DateTime<Utc>),
    /// It ends before the drill would.
    #[error("the owner's consent ends at {0}, before this drill would be over; ask for a longer one")]
    TooShort(DateTime<Utc>),
    /// It doesn't cover the tier.
    #[error("the owner's consent covers tiers {0:?}, not tier {1}")]
    Tier(Vec<u8>, u8),
    /// It doesn't cover the region.
    #[error("the owner's consent covers {0}, not {1}")]
    Region(String, String),
    /// It is too early or too late in the day.
    #[error("the owner's consent covers {0} UTC, and it is {1}")]
    Hours(String, String),
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Which tier.
    pub tier: u8,
    /// Where.
    pub region: &'a str,
    /// When.
    pub now: DateTime<Utc>,
    /// For how many minutes.
    pub minutes: u32,
}

/// Name of the parameter.
#[must_use]
pub fn parameter(prefix: &str) -> String {
    format!("/{prefix}/consent")
}

/// What the parameter should hold.
#[must_use]
pub fn example(asked: Asked<'_>) -> String {
    let expires = (asked.now + chrono::Duration::days(7)).format("%Y-%m-%dT00:00:00Z");
    format!(
        r#"{{"owner":"NAME","expires":"{expires}","tiers":[{}],"regions":["{}"],"hours_utc":"08:00-16:00"}}"#,
        asked.tier, asked.region
    )
}

impl Consent {
    /// Reads the parameter, and holds what is asked for against it.
    ///
    /// # Errors
    /// See [`NoConsent`].
    pub(crate) fn check(prefix: &str, text: Option<&str>, asked: Asked<'_>) -> Result<Self, NoConsent> {
        let name = parameter(prefix);
        let text = text.ok_or_else(|| {
            let command = format!("aws ssm put-parameter --name {name} --type String --value '{}'", example(asked));
            NoConsent::Missing(name.clone(), command)
        })?;
        let consent: Self = serde_json::from_str(text)
            .map_err(|error| NoConsent::Unreadable(name.clone(), error.to_string(), example(asked)))?;
        let (from, to) = consent
            .hours()
            .ok_or_else(|| NoConsent::Unreadable(name, "hours_utc is no stretch of a day".into(), example(asked)))?;
        if consent.expires <= asked.now {
            return Err(NoConsent::Expired(consent.expires));
        }
        if consent.expires < asked.now + chrono::Duration::minutes(asked.minutes.into()) {
            return Err(NoConsent::TooShort(consent.expires));
        }
        if !consent.tiers.contains(&asked.tier) {
            return Err(NoConsent::Tier(consent.tiers, asked.tier));
        }
        if !consent.regions.iter().any(|region| region == asked.region) {
            return Err(NoConsent::Region(consent.regions.join(", "), asked.region.to_owned()));
        }
        let time = asked.now.time();
        let within = if from <= to { from <= time && time <= to } else { time >= from || time <= to };
        if !within {
            return Err(NoConsent::Hours(consent.hours_utc, time.format("%H:%M").to_string()));
        }
        Ok(consent)
    }

    fn hours(&self) -> Option<(NaiveTime, NaiveTime)> {
        let (from, to) = self.hours_utc.split_once('-')?;
        let read = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        Some((read(from)?, read(to)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(tier: u8) -> Asked<'static> {
        let now = DateTime::from_timestamp(1_796_032_800, 0).unwrap_or_default(); // 2026-11-30 10:00 UTC
        Asked { tier, region: "eu-central-1", now, minutes: 40 }
    }

    fn check(text: &str, tier: u8) -> Result<Consent, NoConsent> {
        Consent::check("ops-check", Some(text), asked(tier))
    }

    fn text(expires: &str, hours: &str) -> String {
        format!(r#"{{"owner":"a","expires":"{expires}","tiers":[1],"regions":["eu-central-1"],"hours_utc":"{hours}"}}"#)
    }

    #[test]
    fn the_example_is_a_consent() {
        assert!(check(&example(asked(1)), 1).is_ok());
    }

    #[test]
    fn everything_that_is_missing_is_refused_by_name() {
        assert!(
            matches!(Consent::check("p", None, asked(1)), Err(NoConsent::Missing(name, _)) if name == "/p/consent")
        );
        assert!(matches!(check("{", 1), Err(NoConsent::Unreadable(..))));
        assert!(matches!(check(&text("2026-11-30T09:00:00Z", "08:00-16:00"), 1), Err(NoConsent::Expired(_))));
        assert!(matches!(check(&text("2026-11-30T10:30:00Z", "08:00-16:00"), 1), Err(NoConsent::TooShort(_))));
        assert!(matches!(check(&text("2026-12-30T09:00:00Z", "08:00-16:00"), 0), Err(NoConsent::Tier(..))));
        assert!(matches!(check(&text("2026-12-30T09:00:00Z", "11:00-16:00"), 1), Err(NoConsent::Hours(..))));
        assert!(matches!(check(&text("2026-12-30T09:00:00Z", "around noon"), 1), Err(NoConsent::Unreadable(..))));
        assert!(check(&text("2026-12-30T09:00:00Z", "22:00-11:00"), 1).is_ok());
        let elsewhere = Asked { region: "us-east-1", ..asked(1) };
        let given = Consent::check("p", Some(&text("2026-12-30T09:00:00Z", "08:00-16:00")), elsewhere);
        assert!(matches!(given, Err(NoConsent::Region(..))));
    }
}
