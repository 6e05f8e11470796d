//! Things in a script that wait for one another.

use std::collections::BTreeSet;

use super::super::report::Report;
use crate::problem::Code;
use firedrill_model::id::ActionId;
use firedrill_model::scenario::Trigger;
use firedrill_model::script::{Deed, Happened, Script};

/// Finds what waits for something that nobody in this script does.
pub fn check(script: &Script, report: &mut Report<'_>) {
    if report.is_spoiled_within("do") {
        return;
    }
    let waiting = waiting(&script.deeds);
    for (at, deed) in waiting.iter().copied() {
        let Some(wanted) = Wanted::of(deed) else { continue };
        let first_of_circle = waiting.first().is_some_and(|(first, _)| *first == at);
        if is_unheard(script, at) || (first_of_circle && !waiting.iter().any(|(at, _)| is_unheard(script, *at))) {
            let (what, advice) = wanted.words();
            let here = format!("do/{at}/after");
            report.object(&here, Code::Never, format!("this never happens: {what}"), advice);
        }
    }
}

/// What a deed waits for that only another deed can bring.
enum Wanted<'d> {
    Done(&'d ActionId),
    Acknowledged,
}

impl<'d> Wanted<'d> {
    fn of(deed: &'d Deed) -> Option<Self> {
        let after = deed.after.as_ref()?;
        let acknowledged = after.happened == Some(Happened::Acknowledged);
        let triggered = match &after.trigger {
            Some(Trigger::Given(action) | Trigger::Done(action) | Trigger::Refused(action)) => Some(Self::Done(action)),
            Some(Trigger::Acknowledged) => Some(Self::Acknowledged),
            _ => None,
        };
        let wanted = after.done.as_ref().map(Self::Done).or(triggered);
        wanted.or(acknowledged.then_some(Self::Acknowledged))
    }

    fn is_met_by(&self, deed: &Deed) -> bool {
        match self {
            Self::Done(action) => deed.act.as_ref() == Some(action),
            Self::Acknowledged => deed.acknowledge,
        }
    }

    fn words(&self) -> (String, String) {
        match self {
            Self::Done(action) => (
                format!("nothing that comes before it gives the response `{action}`"),
                format!("add act = \"{action}\", or wait for something else"),
            ),
            Self::Acknowledged => (
                "nothing that comes before it acknowledges anything".to_owned(),
                "add acknowledge = true, or wait for something else".to_owned(),
            ),
        }
    }
}

/// Says whether no deed at all brings what the one at this place waits for.
fn is_unheard(script: &Script, at: usize) -> bool {
    let mut others = script.deeds.iter().enumerate().filter(|(other, _)| *other != at);
    let wanted = script.deeds.get(at).and_then(Wanted::of);
    wanted.is_some_and(|wanted| !others.any(|(_, other)| wanted.is_met_by(other)))
}

/// The deeds that wait for ever, with their numbers.
fn waiting(deeds: &[Deed]) -> Vec<(usize, &Deed)> {
    let mut waiting: Vec<(usize, &Deed)> = deeds.iter().enumerate().collect();
    let (mut given, mut acknowledged) = (BTreeSet::new(), false);
    loop {
        let before = waiting.len();
        waiting.retain(|(_, deed)| {
            let comes = match Wanted::of(deed) {
                None => true,
                Some(Wanted::Done(action)) => given.contains(action),
                Some(Wanted::Acknowledged) => acknowledged,
            };
            if comes {
                given.extend(deed.act.as_ref());
                acknowledged |= deed.acknowledge;
            }
            !comes
        });
        if waiting.len() == before {
            return waiting;
        }
    }
}
