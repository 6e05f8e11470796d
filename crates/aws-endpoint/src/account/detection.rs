//! What the account's detectors see, and how late they say it.

use serde_json::json;

use super::Account;

/// How late detection is, in seconds. Nothing: it never comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delays {
    /// `GuardDuty`, from the act to the finding.
    pub guardduty: Option<f64>,
    /// AWS Config, from the change to the evaluation.
    pub config: Option<f64>,
}

impl Default for Delays {
    fn default() -> Self {
        Self { guardduty: Some(600.0), config: Some(120.0) }
    }
}

/// Something that a detector saw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sight {
    /// A look-up from an instance.
    Lookup { instance: String, name: String, at: f64 },
    /// A block of public access was switched off.
    Unblocked { bucket: String, at: f64 },
    /// A port was opened to the world.
    Opened { group: String, at: f64 },
}

/// An instance ran lines of a shell.
pub(super) fn ran(account: &mut Account, instance: &str, lines: &[String]) {
    let (now, Some(delay)) = (account.now(), account.delays.guardduty) else { return };
    let words = lines.iter().flat_map(|line| line.split_whitespace());
    let names = words.filter(|word| word.contains(".guarddutyc2activityb.com") || *word == "guarddutyc2activityb.com");
    for name in names.map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned()) {
        account.pending.push((now + delay, Sight::Lookup { instance: instance.to_owned(), name, at: now }));
    }
}

/// A rule was added.
pub(super) fn opened(account: &mut Account, group: &str, (cidr, port): (&str, i64)) {
    if let Some(delay) = account.delays.config.filter(|_| cidr == "0.0.0.0/0" && port == 22 && account.config) {
        let now = account.now();
        account.pending.push((now + delay, Sight::Opened { group: group.to_owned(), at: now }));
    }
}

/// A rule was removed: AWS Config looks again.
pub(super) fn closed(account: &mut Account, group: &str) {
    if let Some(delay) = account.delays.config.filter(|_| account.config) {
        let now = account.now();
        account.pending.push((now + delay, Sight::Opened { group: group.to_owned(), at: now }));
    }
}

/// A bucket's block was switched off.
pub(super) fn unblocked(account: &mut Account, bucket: &str) {
    if let Some(delay) = account.delays.guardduty {
        let now = account.now();
        account.pending.push((now + delay, Sight::Unblocked { bucket: bucket.to_owned(), at: now }));
    }
}

pub(super) fn run_due(account: &mut Account) {
    let now = account.now();
    let (due, later) = account.pending.drain(..).partition(|(at, _)| *at <= now);
    account.pending = later;
    let due: Vec<(f64, Sight)> = due;
    for (_, sight) in due {
        match sight {
            Sight::Lookup { instance, name, at } => {
                let kind = match name.split('.').next() {
                    Some("crypto") => "CryptoCurrency:EC2/BitcoinTool.B!DNS",
                    Some("abused-rep") => "Impact:EC2/AbusedDomainRequest.Reputation",
                    _ => "Backdoor:EC2/C&CActivity.B!DNS",
                };
                let resource = json!({ "ResourceType": "Instance", "InstanceDetails": { "InstanceId": instance } });
                super::guardduty::found(account, (kind, 8.0), &resource, at);
            }
            Sight::Unblocked { bucket, at } => {
                let resource = json!({ "ResourceType": "S3Bucket", "S3BucketDetails": [{ "Name": bucket }] });
                super::guardduty::found(account, ("Policy:S3/BucketBlockPublicAccessDisabled", 2.0), &resource, at);
            }
            // Config evaluates what is there when it looks.
            Sight::Opened { group, at } if account.config => super::others::evaluate(account, &group, at),
            Sight::Opened { .. } => {}
        }
    }
}
