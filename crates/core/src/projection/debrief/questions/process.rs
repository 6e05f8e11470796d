//! Questions 6 and 7: where the process asked more of people than planned, and where they only waited, copied, told or confirmed.

use alloc::collections::BTreeMap;

use super::super::material::Material;
use super::super::{OrderRow, StepRow, orders, steps};
use crate::projection::view::{Response, StepHow, StepView};
use crate::projection::wording;
use firedrill_model::Span;
use firedrill_model::id::ActionId;
use firedrill_model::scenario::Effect;

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
    said.extend(orders::orders(from, &[]).iter().filter(|order| order.kept == Some(false)).map(not_kept));
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
    match &order.early {
        Some(early) => format!("{early} {}", order.why),
        None => format!("This order was not kept: {}. {}", order.order, order.why),
    }
}

/// Question 7: steps in which people only waited, copied, passed something on or confirmed; what was given again and again; automations that failed.
pub(super) fn automate(from: &Material<'_>) -> Vec<String> {
    let mut said: Vec<String> = from.view.playbook.steps.iter().filter_map(|row| step(from, row)).collect();
    said.extend(again(from));
    let failed = super::super::evidence::automations(from).into_iter().filter(|row| !row.worked);
    said.extend(failed.map(|row| {
        let (title, at, brought) = (row.automation, row.resource, wording::sentence(row.brought.as_str()));
        format!("'{title}' failed at {at} and told nobody: {brought} Somebody had to do it by hand.")
    }));
    said
}

/// What a step asked of people, if that was no decision.
fn step(from: &Material<'_>, row: &StepView) -> Option<String> {
    let StepHow::Done(Some(run)) = row.end.as_ref()?.how else { return None };
    let response = from.view.responses.get(&run)?;
    let action = from.view.action(&response.action)?;
    let title = from.view.step_title(&row.id);
    let given = from.view.response_words(&response.action, response.target.as_ref());
    let waited = waited(row, response);
    let what = if action.effects.iter().all(|effect| matches!(effect, Effect::ConfirmSteadyState)) {
        "only confirmed what the signals say"
    } else if action.effects.iter().all(Effect::only_looks) {
        "only looked and confirmed"
    } else if action.effects.iter().all(|effect| matches!(effect, Effect::Tell { .. })) {
        "only passed on what was known"
    } else if action.effects.iter().all(copies) {
        "only had something copied"
    } else {
        let (wait, whole) = waited.filter(|(wait, whole)| wait.0.saturating_mul(10) >= whole.0.saturating_mul(8))?;
        let (wait, whole) = (wording::length(wait), wording::length(whole));
        return Some(format!("In the step '{title}' people waited for {wait} of {whole} while '{given}' ran."));
    };
    let wait = waited.map_or_else(String::new, |(wait, whole)| {
        format!("; {} of {} were waiting for it", wording::length(wait), wording::length(whole))
    });
    Some(format!("In the step '{title}' people {what}, by the response '{given}'{wait}."))
}

fn copies(effect: &Effect) -> bool {
    matches!(effect, Effect::SnapshotVolume | Effect::CaptureMemory | Effect::CopySnapshot)
}

/// How much of a step's time its response was under way; nothing for a step that was done before it was asked for.
fn waited(row: &StepView, response: &Response) -> Option<(Span, Span)> {
    let (asked, ended) = (row.prompted?.at, row.end.as_ref()?.stamp.at);
    let (done, _) = response.done.as_ref()?;
    let wait = done.at.min(ended).since(response.given.at.max(asked));
    let whole = ended.since(asked);
    (whole > Span::ZERO).then_some((wait, whole))
}

/// Looking and telling that was done more than once.
fn again(from: &Material<'_>) -> Vec<String> {
    let mut times: BTreeMap<&ActionId, (usize, Span)> = BTreeMap::new();
    for response in from.view.responses.values().filter(|row| only_looks(from, row)) {
        let took = response.done.as_ref().map_or(Span::ZERO, |(done, _)| done.at.since(response.given.at));
        let (number, total) = times.entry(&response.action).or_default();
        (*number, *total) = (*number + 1, *total + took);
    }
    let often = times.iter().filter(|(_, (number, _))| *number > 1);
    let said = often.map(|(action, (number, total))| {
        let (title, total) = (from.view.action_title(action), wording::length(*total));
        format!("The response '{title}' changed nothing in the workload and was given {number} times, {total} in all.")
    });
    said.collect()
}

fn only_looks(from: &Material<'_>, response: &Response) -> bool {
    let looks = |effect: &Effect| effect.only_looks() || matches!(effect, Effect::Tell { .. });
    from.view.action(&response.action).is_some_and(|action| action.effects.iter().all(looks))
}
