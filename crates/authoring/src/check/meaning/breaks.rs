//! What stages break: can it break there, does it end, and whose doing is it?

use super::super::report::Report;
use crate::problem::Code;
use firedrill_model::scenario::{Break, ResourceKind, Scenario, Stage};

pub fn check(scenario: &Scenario, stage: &Stage, path: &str, report: &mut Report<'_>) {
    let on = &stage.on;
    for (nth, what) in stage.breaks.iter().enumerate() {
        let here = format!("{path}/breaks/{nth}");
        if stage.breaks.iter().take(nth).any(|before| core::mem::discriminant(before) == core::mem::discriminant(what))
        {
            report.object(&here, Code::Duplicate, "this stands here for the second time", "add the two up");
        }
        let instance = on.instance.is_some() || on.other_instance_of.is_some();
        let group = on.group.is_some();
        let database = on.resource.as_ref().and_then(|id| scenario.resource(id));
        let database = database.is_some_and(|resource| resource.kind == ResourceKind::Database);
        let (fits, where_) = match what {
            Break::Terminate | Break::Slow(_) | Break::Lose(_) | Break::ExhaustCpu(_) => {
                (instance || group, "an instance or a group")
            }
            Break::Fill(_) | Break::ExhaustMemory(_) | Break::ExhaustConnections(_) => (instance, "an instance"),
            Break::Release(_) => (group, "a group"),
            Break::FailOver => (database, "a database"),
        };
        if !fits && !report.is_spoiled_within(&format!("{path}/on")) && !report.is_spoiled_within("resource") {
            let message = format!("this breaks at {where_}, and the stage is somewhere else");
            report.object(&here, Code::Contradiction, message, format!("let the stage be on {where_}"));
        }
        if share(what).is_some_and(|share| share <= 0.0) {
            report.object(&here, Code::Never, "a share of 0 breaks nothing", "a share above 0, or take it out");
        }
        if *what == Break::FailOver && stage.lasts.is_none() {
            let message = "a failover is over by itself, and it isn't said when";
            report.object(path, Code::MissingKey, message, "add lasts = \"90s\"");
        }
    }
    if !stage.origin.is_adversary() {
        nobodys(stage, path, report);
    }
}

/// A stage of a fault is nobody's: it takes no data, has no technique, and is no red herring.
fn nobodys(stage: &Stage, path: &str, report: &mut Report<'_>) {
    let not = [
        ("technique", stage.technique.is_some(), "a fault has no ATT&CK technique"),
        ("benign", stage.benign.is_some(), "a fault is what the drill is about, and not harmless"),
        ("harm", !stage.harms.is_empty(), "a fault takes no data"),
    ];
    for (key, is_said, message) in not {
        if is_said && !report.is_spoiled_within(&format!("{path}/{key}")) {
            let advice = "take it out, or `origin`";
            report.object(&format!("{path}/{key}"), Code::Contradiction, message, advice);
        }
    }
}

fn share(what: &Break) -> Option<f64> {
    match what {
        Break::Lose(share)
        | Break::Fill(share)
        | Break::ExhaustCpu(share)
        | Break::ExhaustMemory(share)
        | Break::ExhaustConnections(share)
        | Break::Release(share) => Some(*share),
        Break::Terminate | Break::Slow(_) | Break::FailOver => None,
    }
}
