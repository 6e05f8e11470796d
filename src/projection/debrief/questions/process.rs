//! Questions 6 and 7: where the process asked more of people than planned, and what only waited, looked or told.

use std::collections::BTreeMap;

use super::super::build::Material;
use super::super::{OrderRow, StepRow, orders, steps};
use crate::domain::Span;
use crate::domain::id::ActionId;
use crate::projection::view::Response;
use crate::projection::wording;
use crate::scenario::model::Effect;

/// From this confidence down a step is named.
const LOW: u8 = 2;

/// Question 6: steps over their goal or left out, low confidence, unknown places and people, orders.
pub(super) fn improve(from: &Material<'_>) -> Vec<String> {
    let steps = steps::steps(from);
    let mut said: Vec<String> = steps.iter().filter_map(over_goal).collect();
    said.extend(named(&steps, "Left out", |step| step.state == "skipped"));
    said.extend(named(&steps, "Asked for and still open at the end", |step| step.state == "open"));
    said.extend(named(&steps, "Confidence of 1 or 2", |step| step.confidence.is_some_and(|figure| figure <= LOW)));
    said.extend(named(&steps, "Where to look was not known", |step| step.knew_where == Some(false)));
    said.extend(named(&steps, "Whom to escalate to was not known", |step| step.knew_whom == Some(false)));
    said.extend(orders::orders(from).iter().filter(|order| order.kept == Some(false)).map(not_kept));
    said
}

fn over_goal(step: &StepRow) -> Option<String> {
    let over = step.seconds? - step.goal;
    (over > 0.0).then(|| {
        let (time, goal) = (wording::seconds(step.seconds.unwrap_or_default()), wording::seconds(step.goal));
        format!("'{}' took {time}, with a goal of {goal}.", step.title)
    })
}

fn named(steps: &[StepRow], what: &str, fits: impl Fn(&StepRow) -> bool) -> Option<String> {
    let names: Vec<String> = steps.iter().filter(|step| fits(step)).map(|step| format!("'{}'", step.title)).collect();
    (!names.is_empty()).then(|| format!("{what}: {}.", wording::list(&names)))
}

fn not_kept(order: &OrderRow) -> String {
    format!("This order was not kept: {}. {}", order.order, order.why)
}

/// Question 7: responses that only looked, told or confirmed.
pub(super) fn automate(from: &Material<'_>) -> Vec<String> {
    let mut times: BTreeMap<&ActionId, (usize, Span)> = BTreeMap::new();
    for response in from.view.responses.values().filter(|row| only_looks(from, row)) {
        let took = response.done.as_ref().map_or(Span::ZERO, |(done, _)| done.at.since(response.given.at));
        let (number, total) = times.entry(&response.action).or_default();
        (*number, *total) = (*number + 1, *total + took);
    }
    let said = times.iter().map(|(action, (number, total))| {
        let (title, total) = (from.view.action_title(action), wording::length(*total));
        let number = wording::count(*number, "time", "times");
        format!("'{title}' changed nothing in the workload: given {number}, {total} in all.")
    });
    let failed = super::super::evidence::automations(from).into_iter().filter(|row| !row.worked);
    let failed =
        failed.map(|row| format!("'{}' failed at {} and told nobody: {}.", row.automation, row.resource, row.brought));
    said.chain(failed).collect()
}

fn only_looks(from: &Material<'_>, response: &Response) -> bool {
    let looks = |effect: &Effect| effect.only_looks() || matches!(effect, Effect::Tell { .. });
    from.view.action(&response.action).is_some_and(|action| action.effects.iter().all(looks))
}
