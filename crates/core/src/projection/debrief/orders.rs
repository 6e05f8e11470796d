//! Orders of responses that matter: kept or not, by the moments at which the responses were done.

use super::OrderRow;
use super::doors::fits;
use super::material::Material;
use super::second_order::SideEffect;
use crate::projection::view::{Response, Stamp};
use crate::projection::wording;
use firedrill_model::id::ActionId;
use firedrill_model::scenario::{Aim, Aimed, Order, TargetKind};
use firedrill_model::{DrillTime, SafeText, Shown, shown};

pub(super) fn orders(from: &Material<'_>, effects: &[SideEffect]) -> Vec<OrderRow> {
    // Which order matters is part of the lesson.
    let orders = from.whole().flat_map(|whole| &whole.orders);
    let row = |order: &Order| OrderRow {
        kept: kept(from, order),
        early: told_early(from, order),
        came_of_it: came_of_it(from, order, effects),
        order: SafeText::one_line(&shown!(
            "{} before {}{}",
            wording::list(&titles(from, &order.first)),
            wording::either(&titles(from, &order.then)),
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

fn titles<'a>(from: &Material<'_>, ids: impl IntoIterator<Item = &'a Aimed>) -> Vec<Shown> {
    ids.into_iter().map(|aimed| shown!("'{}'", from.aimed(aimed))).collect()
}

/// What came after the responses that were given too early, as far as it can be told: never that it was because of the order.
fn came_of_it(from: &Material<'_>, order: &Order, effects: &[SideEffect]) -> Vec<SafeText> {
    let early = early(from, order);
    let is_early = |run| early.iter().any(|row| row.run == run);
    let of_them = effects.iter().filter(|effect| effect.run.is_some_and(is_early));
    of_them.map(|effect| effect.text.clone()).collect()
}

/// Nothing if none of the later responses was done at something that the incident concerns, while the order counted. Else whether all of the earlier ones were done before each of them: on the
/// same target, where both are aimed at the same kind of thing.
fn kept(from: &Material<'_>, order: &Order) -> Option<bool> {
    let all = later(from, order);
    (!all.is_empty()).then(|| all.iter().all(|row| is_prepared(from, order, row)))
}

/// The later responses that were done before all of the earlier ones were.
fn early<'a>(from: &Material<'a>, order: &Order) -> Vec<Done<'a>> {
    later(from, order).into_iter().filter(|row| !is_prepared(from, order, row)).collect()
}

/// The first response that was done too early, what it came before, and what was not done at all.
fn told_early(from: &Material<'_>, order: &Order) -> Option<SafeText> {
    let all = early(from, order);
    let first = all.iter().min_by_key(|row| (row.at, row.run))?;
    let open = order.first.iter().filter(|action| !prepares(from, action, first, Some(first.at)));
    let (later, never): (Vec<&Aimed>, Vec<&Aimed>) = open.partition(|action| prepares(from, action, first, None));
    let titled = |ids: Vec<&Aimed>| wording::list(&titles(from, ids));
    let how = match (later.is_empty(), never.is_empty()) {
        (false, false) => shown!("before {} and without {}", titled(later), titled(never)),
        (false, true) => shown!("before {}", titled(later)),
        (true, _) => shown!("without {}", titled(never)),
    };
    let others = match all.len() - 1 {
        0 => Shown::default(),
        others => shown!(" So did {}.", wording::count(others, "later response", "later responses")),
    };
    Some(SafeText::one_line(&shown!(
        "'{}' came {}.{}",
        from.view.response_words(&first.response.action, first.response.target.as_ref()),
        how,
        others
    )))
}

/// The later responses that were done while the order counted.
fn later<'a>(from: &Material<'a>, order: &Order) -> Vec<Done<'a>> {
    let counts = |row: &Done<'_>| {
        let destroying = is_destroying(from, row.response.given);
        !(order.unless_destroying && destroying) && (destroying || !order.only_destroying)
    };
    let named = |row: &Done<'_>| order.then.iter().any(|aimed| is(from, aimed, row.response));
    done(from).filter(|row| named(row) && counts(row)).collect()
}

fn is_prepared(from: &Material<'_>, order: &Order, then: &Done<'_>) -> bool {
    order.first.iter().all(|first| prepares(from, first, then, Some(then.at)))
}

/// Says whether `first` was done, by a moment if one is given, for what `then` was aimed at; or where it is to be done.
fn prepares(from: &Material<'_>, first: &Aimed, then: &Done<'_>, by: Option<DrillTime>) -> bool {
    let same_kind = kind(from, &first.act).is_some_and(|known| kind(from, &then.response.action) == Some(known));
    let by_then = || done(from).filter(|row| by.is_none_or(|by| row.at <= by) && row.response.action == first.act);
    match &first.at {
        Aim::Anything => by_then().any(|row| !same_kind || row.response.target == then.response.target),
        Aim::AllOf(ids) => ids.iter().all(|id| by_then().any(|row| row.response.target.as_ref() == Some(id))),
        Aim::FromFinding | Aim::WhereStage(_) | Aim::AnyOf(_) => by_then().any(|row| fits(from, first, row.response)),
    }
}

/// Says whether a response is the one that is named, done to what it is to be aimed at.
fn is(from: &Material<'_>, aimed: &Aimed, row: &Response) -> bool {
    aimed.act == row.action && fits(from, aimed, row)
}

/// A response that was done.
struct Done<'a> {
    run: u32,
    response: &'a Response,
    at: DrillTime,
}

/// Says whether destruction was under way at a moment.
fn is_destroying(from: &Material<'_>, at: Stamp) -> bool {
    let turns = &from.view.truth.destroying;
    turns.iter().rev().find(|(stamp, _)| stamp.seq <= at.seq).is_some_and(|(_, active)| *active)
}

fn done<'a>(from: &Material<'a>) -> impl Iterator<Item = Done<'a>> {
    let concerned = |response: &Response| {
        let aimed = kind(from, &response.action);
        let narrow = matches!(aimed, Some(TargetKind::Instance | TargetKind::Group));
        !narrow || response.target.as_ref().is_some_and(|target| from.view.is_concerned(target))
    };
    let all = from.view.responses.iter().filter(move |(_, row)| row.succeeded() && concerned(row));
    all.filter_map(|(run, response)| {
        let (stamp, _) = response.done.as_ref()?;
        Some(Done { run: *run, response, at: stamp.at })
    })
}

fn kind(from: &Material<'_>, action: &ActionId) -> Option<TargetKind> {
    from.view.action(action).map(|action| action.target).filter(|kind| *kind != TargetKind::None)
}
