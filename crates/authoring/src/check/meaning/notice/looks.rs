//! What a detector goes by: stages, a signal, an earlier finding, somebody's wish.

use super::super::names::{Kind, Names};
use super::super::{placeholders, range};
use crate::check::report::Report;
use crate::problem::Code;
use firedrill_model::LogSource;
use firedrill_model::id::DetectorId;
use firedrill_model::scenario::{Detector, Effect, FindingFormat, ResourceKind, Scenario, Stage};

pub(super) fn check(scenario: &Scenario, names: &Names, detector: &Detector, path: &str, report: &mut Report<'_>) {
    if report.is_spoiled(&format!("{path}/format")) {
        return;
    }
    sees(scenario, names, detector, path, report);
    watches(scenario, names, detector, path, report);
    reasons(scenario, names, detector, path, report);
    keys(detector, path, report);
    wording(detector, path, report);
}

fn sees(scenario: &Scenario, names: &Names, detector: &Detector, path: &str, report: &mut Report<'_>) {
    let here = format!("{path}/sees");
    let alarm = detector.format == FindingFormat::Alarm;
    if detector.sees.is_empty() && !alarm && !report.is_spoiled(&here) {
        let message = format!("the detector `{}` sees nothing", detector.id);
        report.object(&here, Code::Never, message, "name the stages that it can see");
    }
    if !detector.sees.is_empty() && alarm {
        let message = "an alarm watches a signal and sees no stages";
        report.object(&here, Code::Contradiction, message, "take it out, and say what it `watches`");
    }
    for (nth, id) in detector.sees.iter().enumerate() {
        let here = format!("{here}/{nth}");
        if names.need(Kind::Stage, id.as_str(), &here, report)
            && let Some(stage) = scenario.stages.iter().find(|stage| stage.id == *id)
            && let Some((message, advice)) = unfit(scenario, detector.format, stage)
            && !report.is_spoiled_within("stage")
        {
            report.object(&here, Code::Contradiction, format!("the stage `{id}` {message}"), advice);
        }
    }
}

/// Why findings of a format can't be about a stage: they would have nothing to show.
fn unfit(scenario: &Scenario, format: FindingFormat, stage: &Stage) -> Option<(&'static str, &'static str)> {
    // A stage that leaves nothing at all is seen all the same; the finding shows less then.
    let leaves =
        |wanted: &[LogSource]| stage.leaves.is_empty() || stage.leaves.iter().any(|leaf| wanted.contains(&leaf.source));
    let place = stage.on.resource.as_ref().or(stage.on.security_group.as_ref());
    let kind = place.and_then(|id| scenario.resources.iter().find(|other| other.id == *id)).map(|other| other.kind);
    let on_instance = stage.on.instance.is_some() || stage.on.other_instance_of.is_some();
    if !on_instance && !stage.on.exposed && place.is_none() {
        return None;
    }
    match format {
        FindingFormat::GuarddutyDns if kind == Some(ResourceKind::SecurityGroup) => Some((
            "is on a security group, which asks for no names",
            "format `guardduty-dns` is for stages on instances; for this one use `config`",
        )),
        FindingFormat::GuarddutyDns if !on_instance || !leaves(&[LogSource::ResolverQuery]) => Some((
            "asks for no names",
            "format `guardduty-dns` is for stages on instances that leave records of `resolver-query`",
        )),
        FindingFormat::GuarddutyNetwork if !leaves(&[LogSource::VpcFlow]) => {
            Some(("makes no connection", "format `guardduty-network` is for stages that leave records of `vpc-flow`"))
        }
        FindingFormat::GuarddutyApi if !leaves(&[LogSource::Cloudtrail, LogSource::CloudtrailData]) => Some((
            "calls nothing",
            "format `guardduty-api` is for stages that leave records of `cloudtrail` or `cloudtrail-data`",
        )),
        FindingFormat::GuarddutyMalware if !on_instance => {
            Some(("is not on an instance", "format `guardduty-malware` is for files on the volumes of instances"))
        }
        FindingFormat::Health if kind.is_some_and(|kind| kind != ResourceKind::AccessKey) => {
            Some(("is not on an access key", "format `health` is for access keys that were found in public"))
        }
        _ => None,
    }
}

fn watches(scenario: &Scenario, names: &Names, detector: &Detector, path: &str, report: &mut Report<'_>) {
    let here = format!("{path}/watches");
    let alarm = detector.format == FindingFormat::Alarm;
    let Some(watch) = &detector.watches else {
        if alarm && !report.is_spoiled_within(&here) {
            let message = "an alarm watches a signal, and it isn't said which";
            report.object(path, Code::MissingKey, message, "add watches = { signal = \"latency\", for = \"2m\" }");
        }
        return;
    };
    if !alarm {
        let message = "`watches` belongs to detectors of format `alarm`";
        report.object(&here, Code::Contradiction, message, "take it out, or change `format`");
    }
    let signal = format!("{here}/signal");
    let known = names.need(Kind::Signal, watch.signal.as_str(), &signal, report);
    let watched = scenario.signals.iter().find(|signal| signal.id == watch.signal);
    if known
        && let Some((why, advice)) = watched.and_then(|signal| range::never_out(scenario, signal))
        && !["signal", "service"].iter().any(|section| report.is_spoiled_within(section))
    {
        let message = format!("the alarm never goes off: the signal `{}` {why}", watch.signal);
        report.object(&signal, Code::Never, message, advice);
    }
}

/// Detectors that wait for one another's findings never look. What is wrong with one by itself is told of elsewhere.
pub(super) fn rings(scenario: &Scenario, report: &mut Report<'_>) {
    let mut waiting: Vec<(usize, &Detector)> = scenario.detectors.iter().enumerate().collect();
    loop {
        let before = waiting.clone();
        let comes = |id: &DetectorId| !before.iter().any(|(_, other)| other.id == *id);
        waiting.retain(|(_, one)| !one.after_finding_of.is_empty() && !one.after_finding_of.iter().any(comes));
        if waiting.len() == before.len() {
            break;
        }
    }
    for (at, one) in waiting.into_iter().filter(|(_, one)| !one.after_finding_of.contains(&one.id)) {
        let message = format!("the detector `{}` never looks: what it waits for waits for it, too", one.id);
        let advice = "let one of them look without waiting for another one's finding";
        report.object(&format!("detector/{at}/after-finding-of"), Code::Never, message, advice);
    }
}

/// Looks that need a reason: another detector's finding, or somebody's wish.
fn reasons(scenario: &Scenario, names: &Names, detector: &Detector, path: &str, report: &mut Report<'_>) {
    for (nth, other) in detector.after_finding_of.iter().enumerate() {
        let here = format!("{path}/after-finding-of/{nth}");
        if names.need(Kind::Detector, other.as_str(), &here, report) && *other == detector.id {
            let message = "a detector can't wait for its own finding";
            report.object(&here, Code::Never, message, "name another one");
        }
    }
    if detector.on_demand && !detector.after_finding_of.is_empty() {
        let message = "who looks only when asked doesn't wait for a finding";
        let advice = "take this out, or `on-demand`";
        report.object(&format!("{path}/after-finding-of"), Code::Contradiction, message, advice);
    }
    let scans = |effect: &Effect| matches!(effect, Effect::Scan { detector: asked } if *asked == detector.id);
    let asked = scenario.actions.iter().flat_map(|action| &action.effects).any(scans);
    if detector.on_demand && !asked && !report.is_spoiled_within("action") {
        let message = format!("no response on offer asks `{}` to look", detector.id);
        let advice = "offer an [[action]] with effects = [{ do = \"scan\", detector = \"...\" }]";
        report.object(&format!("{path}/on-demand"), Code::Never, message, advice);
    }
}

/// Keys that belong to some formats only.
fn keys(detector: &Detector, path: &str, report: &mut Report<'_>) {
    use FindingFormat::{GuarddutyApi, GuarddutyDns, GuarddutyMalware, GuarddutyNetwork};
    let aggregated: &[FindingFormat] = &[GuarddutyDns, GuarddutyNetwork, GuarddutyApi];
    let guardduty: &[FindingFormat] = &[GuarddutyDns, GuarddutyNetwork, GuarddutyApi, GuarddutyMalware];
    let belongs = [
        ("role", guardduty, "GuardDuty's formats"),
        ("repeats", aggregated, "formats `guardduty-dns`, `guardduty-network` and `guardduty-api`, which count up"),
        ("threats", &[GuarddutyMalware], "format `guardduty-malware`"),
    ];
    for (key, formats, whose) in belongs {
        let here = format!("{path}/{key}");
        if report.is_said(&here) && !formats.contains(&detector.format) {
            report.object(&here, Code::Contradiction, format!("`{key}` belongs to {whose}"), "take it out");
        }
    }
    let alarm = detector.format == FindingFormat::Alarm;
    for key in ["after-finding-of", "on-demand", "needs-log"] {
        let here = format!("{path}/{key}");
        if alarm && report.is_said(&here) {
            report.object(
                &here,
                Code::Contradiction,
                format!("an alarm goes by its signal, not by `{key}`"),
                "take it out",
            );
        }
    }
    if detector.format == GuarddutyMalware
        && detector.threats.is_empty()
        && !report.is_spoiled(&format!("{path}/threats"))
    {
        let message = "it isn't said what the scan finds";
        let advice = "add threats = [{ name = \"...\", path = \"/tmp/x\", sha256 = \"...\" }]";
        report.object(path, Code::MissingKey, message, advice);
    }
}

/// Texts that documents show in a form of their own.
fn wording(detector: &Detector, path: &str, report: &mut Report<'_>) {
    use FindingFormat::{GuarddutyApi, GuarddutyDns, GuarddutyMalware, GuarddutyNetwork};
    let guardduty = matches!(detector.format, GuarddutyDns | GuarddutyNetwork | GuarddutyApi | GuarddutyMalware);
    if guardduty && !is_finding_type(detector.finding.as_str()) {
        let message = format!("`{}` is no type of finding", detector.finding);
        let advice = "purpose, resource and family, for example \"CryptoCurrency:EC2/BitcoinTool.B!DNS\"";
        report.object(&format!("{path}/finding"), Code::BadValue, message, advice);
    } else if let Some((other, advice)) = unfit_family(detector) {
        let message = format!("findings about {other} have a form of their own, and not this one");
        report.object(&format!("{path}/finding"), Code::BadValue, message, advice);
    }
    if let Some(unknown) = placeholders(detector.description.as_str()).find(|name| *name != "{resource}") {
        let message = format!("nothing is filled in for `{unknown}`");
        let advice = "`{resource}` stands for what the finding is about; write anything else as it is";
        report.object(&format!("{path}/description"), Code::BadValue, message, advice);
    }
    for (nth, threat) in detector.threats.iter().enumerate() {
        let digits = threat.sha256.as_str();
        if digits.len() != 64 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            let message = "a SHA-256 has 64 hexadecimal digits";
            let advice = "for example that of an empty file, which begins with e3b0c442";
            report.object(&format!("{path}/threats/{nth}/sha256"), Code::BadValue, message, advice);
        }
    }
}

/// The kind of resource that a type of finding is about, where documents of its format can't be about one, and what to do. A finding
/// about a cluster, for example, has no EC2 instance in it.
fn unfit_family(detector: &Detector) -> Option<(&str, &'static str)> {
    let (fitting, advice): (&[&str], _) = match detector.format {
        FindingFormat::GuarddutyDns | FindingFormat::GuarddutyNetwork | FindingFormat::GuarddutyMalware => {
            (&["EC2"], "this format is about instances: name a type with EC2 in it")
        }
        FindingFormat::GuarddutyApi => {
            (&["IAMUser", "S3"], "this format is about calls: name a type with IAMUser or S3 in it")
        }
        FindingFormat::Config | FindingFormat::Health | FindingFormat::Alarm => return None,
    };
    let (_, rest) = detector.finding.as_str().split_once(':')?;
    let (about, _) = rest.split_once('/')?;
    (!fitting.contains(&about)).then_some((about, advice))
}

/// `ThreatPurpose:ResourceTypeAffected/ThreatFamilyName.DetectionMechanism!Artifact` (GuardDuty user guide, finding format).
fn is_finding_type(kind: &str) -> bool {
    let word = |text: &str, more: &[u8]| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
    };
    kind.split_once(':').is_some_and(|(purpose, rest)| {
        rest.split_once('/')
            .is_some_and(|(resource, family)| word(purpose, b"") && word(resource, b"") && word(family, b".!&-:"))
    })
}
