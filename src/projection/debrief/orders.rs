//! Orders of responses that matter: kept or not, by the moments at which the responses were done.

use super::OrderRow;
use super::build::Material;
use crate::domain::id::ActionId;
use crate::domain::{DrillTime, SafeText};
use crate::projection::view::{Response, Stamp};
use crate::projection::wording;
use crate::scenario::model::{Order, TargetKind};

pub(super) fn orders(from: &Material<'_>) -> Vec<OrderRow> {
    // Which order matters is part of the lesson.
    let orders = from.view.scenario.orders.iter().filter(|_| from.open);
    let row = |order: &Order| OrderRow {
        kept: kept(from, order),
        order: SafeText::one_line(&format!(
            "{} before {}{}",
            wording::list(&titles(from, &order.first)),
            either(&titles(from, &order.then)),
            condition(order)
        )),
        why: order.why.clone(),
    };
    orders.map(row).collect()
}

fn condition(order: &Order) -> &'static str {
    match (order.unless_destroying, order.only_destroying) {
        (true, _) => ", unless destruction is under way",
        (_, true) => ", while destruction is under way",
        _ => "",
    }
}

fn titles(from: &Material<'_>, ids: &[ActionId]) -> Vec<String> {
    ids.iter().map(|id| format!("'{}'", from.view.action_title(id))).collect()
}

/// `a`, `a or b`, `a, b or c`.
fn either(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Nothing if none of the later responses was done at something that the incident concerns, while the order counted. Else whether all of the earlier ones were done before each of them: on the
/// same target, where both are aimed at the same kind of thing.
fn kept(from: &Material<'_>, order: &Order) -> Option<bool> {
    let counts = |response: &Response| {
        let destroying = is_destroying(from, response.given);
        !(order.unless_destroying && destroying) && (destroying || !order.only_destroying)
    };
    let later = done(from).filter(|(response, _)| order.then.contains(&response.action) && counts(response));
    let later: Vec<_> = later.collect();
    let prepared = |(then, at): &(&Response, DrillTime)| {
        order.first.iter().all(|first| {
            let same_kind = kind(from, first).is_some_and(|known| kind(from, &then.action) == Some(known));
            done(from).any(|(response, before)| {
                response.action == *first && before <= *at && (!same_kind || response.target == then.target)
            })
        })
    };
    (!later.is_empty()).then(|| later.iter().all(prepared))
}

/// Says whether destruction was under way at a moment.
fn is_destroying(from: &Material<'_>, at: Stamp) -> bool {
    let turns = &from.view.truth.destroying;
    turns.iter().rev().find(|(stamp, _)| stamp.seq <= at.seq).is_some_and(|(_, active)| *active)
}

fn done<'a>(from: &Material<'a>) -> impl Iterator<Item = (&'a Response, DrillTime)> {
    let concerned = |response: &Response| {
        let aimed = kind(from, &response.action);
        let narrow = matches!(aimed, Some(TargetKind::Instance | TargetKind::Group));
        !narrow || response.target.as_ref().is_some_and(|target| from.view.is_concerned(target))
    };
    let all = from.view.responses.values().filter(move |row| row.succeeded() && concerned(row));
    all.filter_map(|response| response.done.as_ref().map(|(stamp, _)| (response, stamp.at)))
}

fn kind(from: &Material<'_>, action: &ActionId) -> Option<TargetKind> {
    from.view.action(action).map(|action| action.target).filter(|kind| *kind != TargetKind::None)
}
