//! What the values of a script mean together, and for the scenario that it plays.

use chrono::NaiveDate;

use super::super::report::Report;
use super::super::suggest;
use super::names::{Kind, Names};
use super::{aims, waiting};
use crate::problem::Code;
use firedrill_model::Span;
use firedrill_model::phase::Phase;
use firedrill_model::scenario::{Place, Scenario};
use firedrill_model::script::{After, Deed, Script, ScriptTarget};

/// Finds what can't be in a script for `scenario`.
pub fn script(script: &Script, scenario: &Scenario, report: &mut Report<'_>) {
    let names = Names::of_scenario(scenario);
    if script.scenario != scenario.id {
        let message = format!("this script plays `{}`, and the scenario is `{}`", script.scenario, scenario.id);
        report.object(
            "scenario",
            Code::Contradiction,
            message,
            format!("write \"{}\", or use the other scenario", scenario.id),
        );
        return;
    }
    blanks(script, scenario, report);
    for (at, deed) in script.deeds.iter().enumerate() {
        let path = format!("do/{at}");
        trigger(deed, &names, &path, report);
        what(deed, &path, report);
        if let Some(inject) = &deed.inject {
            names.need(Kind::Inject, inject.as_str(), &format!("{path}/inject"), report);
        }
        phases(deed, &path, report);
        response(deed, scenario, &names, &path, report);
        steps(deed, &names, &path, report);
        rating(deed, &names, &path, report);
        due(deed, &path, report);
    }
    waiting::check(script, report);
}

fn blanks(script: &Script, scenario: &Scenario, report: &mut Report<'_>) {
    let prediction = script.prediction.as_ref();
    let times = [
        ("hypothesis/within", script.hypothesis.as_ref().and_then(|blanks| blanks.within)),
        ("prediction/notified-within", prediction.and_then(|prediction| prediction.notified_within)),
        ("prediction/contained-within", prediction.and_then(|prediction| prediction.contained_within)),
    ];
    for (path, time) in times {
        if let Some(time) = time.filter(|time| *time > scenario.length) {
            let message = format!("{time} is longer than the experiment, which lasts {}", scenario.length);
            report.object(path, Code::OutOfRange, message, "make it shorter");
        }
    }
}

fn trigger(deed: &Deed, names: &Names, path: &str, report: &mut Report<'_>) {
    if let Some(after) = &deed.after {
        after_what(after, names, path, report);
    }
    if deed.at.is_some() && deed.after.is_some() {
        let message = "both `at` and `after` say when this is done";
        let advice = "use one of the two; `plus` adds a time to either";
        report.object(&format!("{path}/after"), Code::Contradiction, message, advice);
    } else if deed.at.is_none() && deed.after.is_none() && !report.is_spoiled_within(path) {
        let message = "nothing says when this is done";
        let advice = "add at = \"5m\", or after = { happened = \"notified\" }";
        report.object(path, Code::MissingKey, message, advice);
    }
}

fn after_what(after: &After, names: &Names, path: &str, report: &mut Report<'_>) {
    let here = format!("{path}/after");
    let said = [
        after.phase.is_some(),
        after.happened.is_some(),
        after.done.is_some(),
        after.prompted.is_some(),
        after.message.is_some(),
        after.trigger.is_some(),
    ];
    if said.iter().filter(|said| **said).count() != 1 && !report.is_spoiled_within(&here) {
        let message = "exactly one of `phase`, `happened`, `done`, `prompted`, `message` and `trigger` belongs here";
        report.object(&here, Code::BadValue, message, "for example { happened = \"notified\" }");
    }
    if after.phase == Some(Phase::Closed) {
        report.object(
            &format!("{here}/phase"),
            Code::Never,
            "nothing is done any more once the drill is closed",
            "the last phase in which something is done is `improve`",
        );
    }
    if let Some(trigger) = &after.trigger {
        aims::trigger(names, trigger, &format!("{here}/trigger"), report);
    }
    if let Some(action) = &after.done {
        names.need(Kind::Action, action.as_str(), &format!("{here}/done"), report);
    }
    if let Some(step) = &after.prompted {
        names.need(Kind::Step, step.as_str(), &format!("{here}/prompted"), report);
    }
    if let Some(message) = &after.message {
        names.need(Kind::Inject, message.as_str(), &format!("{here}/message"), report);
    }
}

/// Something must be done.
fn what(deed: &Deed, path: &str, report: &mut Report<'_>) {
    let does = deed.next
        || deed.acknowledge
        || deed.act.is_some()
        || deed.judge.is_some()
        || deed.mark.is_some()
        || deed.unmark.is_some()
        || deed.inject.is_some()
        || deed.done.is_some()
        || deed.skip.is_some()
        || deed.answer.is_some()
        || deed.note.is_some()
        || deed.review.is_some()
        || deed.improve.is_some()
        || deed.rate.is_some();
    if !does && !report.is_spoiled_within(path) {
        let message = "nothing is done here";
        report.object(
            path,
            Code::MissingKey,
            message,
            "add for example act = \"...\", acknowledge = true or note = \"...\"",
        );
    }
}

/// What a person does belongs to certain phases; in others the drill refuses it.
fn phases(deed: &Deed, path: &str, report: &mut Report<'_>) {
    let phase = deed.after.as_ref().and_then(|after| after.phase);
    let in_phase = |phases: &[Phase]| phase.is_some_and(|phase| phases.contains(&phase));
    let at_once = deed.plus == Span::ZERO;
    let afterwards = in_phase(&[Phase::Verify, Phase::Improve]);
    // The clock stands still while the hypothesis is set, so that nothing waits there.
    let too_early = in_phase(&[Phase::Hypothesis]) || (at_once && in_phase(&[Phase::SteadyState]));
    let of_experiment = [
        ("acknowledge", deed.acknowledge),
        ("judge", deed.judge.is_some()),
        ("mark", deed.mark.is_some()),
        ("unmark", deed.unmark.is_some()),
        ("inject", deed.inject.is_some()),
        ("done", deed.done.is_some()),
        ("skip", deed.skip.is_some()),
        ("answer", deed.answer.is_some()),
    ];
    for (key, there) in of_experiment.into_iter().chain([("act", deed.act.is_some())]) {
        if there && (afterwards || (too_early && key != "act")) {
            let message = format!("`{key}` belongs to the experiment");
            let advice = "wait for something that happens in it, for example after = { happened = \"notified\" }";
            report.object(&format!("{path}/{key}"), Code::Never, message, advice);
        }
    }
    let of_after =
        [("review", deed.review.is_some()), ("improve", deed.improve.is_some()), ("rate", deed.rate.is_some())];
    for (key, there) in of_after {
        if there && !afterwards && !in_phase(&[Phase::Closed]) && !report.is_spoiled_within(&format!("{path}/after")) {
            let message = format!("`{key}` belongs to what comes after the experiment");
            let advice =
                format!("write after = {{ phase = \"{}\" }}", if key == "improve" { "improve" } else { "verify" });
            report.object(&format!("{path}/{key}"), Code::Never, message, advice);
        }
    }
}

fn rating(deed: &Deed, names: &Names, path: &str, report: &mut Report<'_>) {
    let Some(given) = &deed.rate else { return };
    names.need(Kind::Objective, given.objective.as_str(), &format!("{path}/rate/objective"), report);
    if given.rating.is_none() && given.words.is_none() && !report.is_spoiled_within(path) {
        let message = "neither a rating nor words are given";
        report.object(&format!("{path}/rate"), Code::MissingKey, message, "add rating = \"some-challenges\"");
    }
}

/// What only says more of something else that is done.
fn lonely(deed: &Deed, path: &str, report: &mut Report<'_>) {
    let (act, skip) = (deed.act.is_some(), deed.skip.is_some());
    let of_act = "say which response: act = \"...\"";
    let more = [
        ("target", deed.target.is_some() && !act, "`act`", "act", of_act),
        ("guess", deed.guess.is_some() && !act, "`act`", "act", of_act),
        ("why", deed.why.is_some() && !act && !skip, "`act` or `skip`", "act", of_act),
        (
            "finding",
            deed.finding.is_some() && !deed.acknowledge,
            "`acknowledge`",
            "acknowledge",
            "add acknowledge = true, or say what it is held for: judge = { finding = \"...\", as = \"noise\" }",
        ),
    ];
    for (key, _, with, owner, advice) in more.into_iter().filter(|(_, alone, ..)| *alone) {
        if !report.is_spoiled_within(&format!("{path}/{owner}")) {
            let message = format!("`{key}` goes with {with}");
            report.object(&format!("{path}/{key}"), Code::Contradiction, message, advice);
        }
    }
}

fn response(deed: &Deed, scenario: &Scenario, names: &Names, path: &str, report: &mut Report<'_>) {
    lonely(deed, path, report);
    let Some(id) = &deed.act else { return };
    if !names.need(Kind::Action, id.as_str(), &format!("{path}/act"), report) {
        return;
    }
    let Some(action) = scenario.actions.iter().find(|action| action.id == *id) else { return };
    let here = format!("{path}/target");
    match (&deed.target, Kind::of_target(action.target)) {
        (Some(ScriptTarget::This(target)), Some(kind)) => {
            let launched = kind == Kind::INSTANCE && names.may_be_launched(target.as_str());
            if !launched {
                names.need(kind, target.as_str(), &here, report);
            }
        }
        (Some(ScriptTarget::FromFinding), Some(kind)) if !can_be_found(scenario, names, kind) => {
            let message = format!("`{id}` is aimed at {}, and a finding is about something else", kind.with_article());
            report.object(&here, Code::Contradiction, message, format!("use {}", suggest::list(&names.all(kind))));
        }
        (Some(_), None) => {
            report.object(&here, Code::Contradiction, format!("`{id}` is aimed at nothing"), "take `target` out");
        }
        (None, Some(kind)) if !report.is_spoiled(&here) => {
            let or_finding = if can_be_found(scenario, names, kind) { ", or \"from-finding\"" } else { "" };
            let message = format!("`{id}` is aimed at {}, and `target` is missing", kind.with_article());
            let advice = format!("use {}{or_finding}", suggest::list(&names.all(kind)));
            report.object(&format!("{path}/act"), Code::MissingKey, message, advice);
        }
        _ => {}
    }
}

/// Says whether a finding can be about something of this kind: an instance, a security group, or where a stage is.
fn can_be_found(scenario: &Scenario, names: &Names, kind: Kind) -> bool {
    let of_kind = names.all(kind);
    let fault = &scenario.fault;
    let is_found = |on: &Place| {
        let exposed = fault.exposes.iter().chain(&fault.exposes_one_of).filter(|_| on.exposed);
        on.resource.iter().chain(exposed).any(|id| of_kind.iter().any(|one| one == id.as_str()))
    };
    kind == Kind::INSTANCE || kind == Kind::SECURITY_GROUP || scenario.stages.iter().any(|stage| is_found(&stage.on))
}

fn steps(deed: &Deed, names: &Names, path: &str, report: &mut Report<'_>) {
    let answer = deed.answer.as_ref();
    let used = [
        ("done", deed.done.as_ref()),
        ("skip", deed.skip.as_ref()),
        ("answer/step", answer.map(|answer| &answer.step)),
    ];
    for (key, step) in used {
        if let Some(step) = step {
            names.need(Kind::Step, step.as_str(), &format!("{path}/{key}"), report);
        }
    }
    let empty = answer.is_some_and(|answer| {
        answer.confidence.is_none()
            && answer.knew_where.is_none()
            && answer.knew_whom.is_none()
            && answer.words.is_none()
    });
    if empty && !report.is_spoiled_within(&format!("{path}/answer")) {
        let advice = "add confidence = 3, knew-where = true, knew-whom = true or words = \"...\"";
        report.object(&format!("{path}/answer"), Code::MissingKey, "nothing is answered here", advice);
    }
}

fn due(deed: &Deed, path: &str, report: &mut Report<'_>) {
    let due = deed.improve.as_ref().and_then(|improve| improve.due.as_ref());
    if let Some(due) = due.filter(|due| NaiveDate::parse_from_str(due.as_str(), "%Y-%m-%d").is_err()) {
        let message = format!("`{due}` is not a day");
        report.object(
            &format!("{path}/improve/due"),
            Code::BadValue,
            message,
            "write year, month and day: \"2026-12-05\"",
        );
    }
}
