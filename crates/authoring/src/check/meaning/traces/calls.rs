//! What a record of CloudTrail is made of: the call, who made it, what was asked and answered.

use serde_json::Value;

use super::super::placeholders;
use super::Setting;
use crate::check::report::Report;
use crate::problem::Code;
use firedrill_model::scenario::{Emission, Identity};
use firedrill_model::{LogSource, SafeText};

/// Longest `request` or `answer`, in characters: the whole record has to fit into a line of a log.
const LONGEST: usize = 2_000;
/// What is filled in, and what must be known for it.
const FILLED: [&str; 3] = ["{resource}", "{instance}", "{address}"];

pub(super) fn check(emission: &Emission, setting: Setting, path: &str, report: &mut Report<'_>) {
    call(emission, path, report);
    caller(emission, path, report);
    for (key, text) in [("request", &emission.request), ("answer", &emission.answer)] {
        if let Some(text) = text {
            object(text, &format!("{path}/{key}"), report);
        }
    }
    let texts = [
        ("request", &emission.request),
        ("answer", &emission.answer),
        ("user", &emission.user),
        ("agent", &emission.agent),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            filled(text, setting, &format!("{path}/{key}"), report);
        }
    }
    if emission.error.is_some() && emission.answer.is_some() {
        let message = "a call that was refused has no answer";
        report.object(&format!("{path}/answer"), Code::Contradiction, message, "take out `answer`, or `error`");
    }
}

fn call(emission: &Emission, path: &str, report: &mut Report<'_>) {
    let Some(call) = &emission.call else { return };
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !call.as_str().split_once(':').is_some_and(|(service, name)| part(service) && part(name)) {
        let message = format!("`{call}` is no call of an API");
        let advice = "the service, a colon, and the event's name, for example \"ec2:DescribeInstances\"";
        report.object(&format!("{path}/call"), Code::BadValue, message, advice);
    }
    let objects = call.as_str().starts_with("s3:");
    if emission.source == LogSource::CloudtrailData && !objects {
        let message = "data events are about objects in buckets";
        let advice = "a call of S3, for example \"s3:GetObject\"; for other calls use source = \"cloudtrail\"";
        report.object(&format!("{path}/call"), Code::Contradiction, message, advice);
    }
}

fn caller(emission: &Emission, path: &str, report: &mut Report<'_>) {
    if let Some(account) = &emission.from_account
        && (account.as_str().len() != 12 || !account.as_str().bytes().all(|b| b.is_ascii_digit()))
    {
        let message = format!("`{account}` can't be an account");
        let advice = "an account has twelve digits, for example \"444455556666\"";
        report.object(&format!("{path}/from-account"), Code::BadValue, message, advice);
    }
    let here = format!("{path}/identity");
    match emission.identity {
        Some(Identity::Account) if emission.from_account.is_none() => {
            let message = "another account is one that has a number";
            report.object(&here, Code::MissingKey, message, "add from-account = \"444455556666\"");
        }
        Some(Identity::Service) if emission.user.is_none() => {
            let message = "it isn't said which service called";
            report.object(&here, Code::MissingKey, message, "add user = \"config.amazonaws.com\"");
        }
        Some(Identity::Role) if emission.user.as_ref().is_some_and(|user| !user.as_str().contains('/')) => {
            let message = "a session of a role has a name of its own";
            report.object(&format!("{path}/user"), Code::BadValue, message, "write user = \"role/session\"");
        }
        Some(Identity::Anonymous) if emission.key.is_some() => {
            let message = "who uses a key has a name";
            report.object(&format!("{path}/key"), Code::Contradiction, message, "take out `key`, or `identity`");
        }
        _ => {}
    }
}

/// `requestParameters` and `responseElements` are objects.
fn object(text: &SafeText, path: &str, report: &mut Report<'_>) {
    let advice = "a JSON object in single quotes: '{\"bucketName\":\"{resource}\"}'";
    if text.as_str().chars().count() > LONGEST {
        let message = format!("this has more than {LONGEST} characters");
        report.object(path, Code::OutOfRange, message, "keep what the team should see, and leave out the rest");
        return;
    }
    match serde_json::from_str::<Value>(text.as_str()) {
        Ok(value) if value.is_object() => {}
        Ok(_) => report.object(path, Code::BadValue, "this is JSON, but no object", advice),
        Err(why) => report.object(path, Code::BadValue, format!("this is no JSON: {why}"), advice),
    }
}

/// What is filled in must be known.
fn filled(text: &SafeText, setting: Setting, path: &str, report: &mut Report<'_>) {
    for name in FILLED {
        let known = match name {
            "{resource}" => setting.stage,
            "{instance}" => setting.instances,
            _ => true,
        };
        if !known && text.as_str().contains(name) {
            let message = format!("`{name}` can't be filled in: nothing says what it is here");
            let advice = if name == "{instance}" {
                "say of which service: service = \"...\""
            } else {
                "[[background]] is nowhere in particular: write the name itself"
            };
            report.object(path, Code::Contradiction, message, advice);
        }
    }
    if let Some(unknown) = placeholders(text.as_str()).find(|name| !FILLED.contains(name)) {
        let message = format!("nothing is filled in for `{unknown}`");
        report.object(path, Code::BadValue, message, format!("what is filled in: {}", FILLED.join(", ")));
    }
}
