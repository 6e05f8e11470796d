//! Questions 6 and 7: where the process asked more of people than planned, and where they only waited, copied, told or confirmed.

use alloc::collections::BTreeMap;

use super::super::material::Material;
use super::super::{OrderRow, StepRow, orders, steps};
use crate::projection::view::{Response, StepHow, StepView};
use crate::projection::wording;
use firedrill_model::id::ActionId;
use firedrill_model::scenario::Effect;
use firedrill_model::{Shown, Span, shown};

/// From this confidence down a step is named.
const LOW: u8 = 2;

/// Question 6: steps over their goal or left out, low confidence, unknown places and people, orders.
pub(super) fn improve(from: &Material<'_>) -> Vec<Shown> {
    let steps = steps::steps(from);
    let mut said: Vec<Shown> = steps.iter().filter_map(over_goal).collect();
    said.extend(named(&steps, "Left out", |step| step.state == "skipped"));
    said.extend(named(&steps, "Asked for and still open at the end", |step| step.state == "open"));
    said.extend(named(&steps, "Confidence of 1 or 2", |step| step.confidence.is_some_and(|figure| figure <= LOW)));
    said.extend(named(&steps, "Where to look was not known", |step| step.knew_where == Some(false)));
    said.extend(named(&steps, "Whom to escalate to was not known", |step| step.knew_whom == Some(false)));
    said.extend(orders::orders(from, &[]).iter().filter(|order| order.kept == Some(false)).map(not_kept));
    said
}

fn over_goal(step: &StepRow) -> Option<Shown> {
    let over = step.seconds? - step.goal;
    (over > 0.0).then(|| {
        let (time, goal) = (wording::seconds(step.seconds.unwrap_or_default()), wording::seconds(step.goal));
        shown!("'{}' took {}, with a goal of {}.", step.title, time, goal)
    })
}

fn named(steps: &[StepRow], what: &'static str, fits: impl Fn(&StepRow) -> bool) -> Option<Shown> {
    let names: Vec<Shown> = steps.iter().filter(|step| fits(step)).map(|step| shown!("'{}'", step.title)).collect();
    (!names.is_empty()).then(|| shown!("{}: {}.", what, wording::list(&names)))
}

fn not_kept(order: &OrderRow) -> Shown {
    if let Some(early) = &order.early {
        shown!("{} {}", early, order.why)
    } else {
        shown!("This order was not kept: {}. {}", order.order, order.why)
    }
}

/// Question 7: steps in which people only waited, copied, passed something on or confirmed; what was given again and again; automations that failed.
pub(super) fn automate(from: &Material<'_>) -> Vec<Shown> {
    let mut said: Vec<Shown> = from.view.playbook.steps.iter().filter_map(|row| step(from, row)).collect();
    said.extend(again(from));
    let failed = super::super::evidence::automations(from).into_iter().filter(|row| !row.worked);
    said.extend(failed.map(|row| {
        let (title, at, brought) = (row.automation, row.resource, wording::sentence(&row.brought));
        shown!("'{}' failed at {} and told nobody: {} Somebody had to do it by hand.", title, at, brought)
    }));
    said
}

/// What a step asked of people, if that was no decision.
fn step(from: &Material<'_>, row: &StepView) -> Option<Shown> {
    let StepHow::Done(Some(run)) = row.end.as_ref()?.how else { return None };
    let response = from.view.responses.get(&run)?;
    let action = from.view.action(&response.action)?;
    let title = from.view.step_title(&row.id);
    let given = from.view.response_words(&response.action, response.target.as_ref());
    let waited = waited(from, row, response);
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
        return Some(shown!("In the step '{}' people waited for {} of {} while '{}' ran.", title, wait, whole, given));
    };
    let wait = waited.map_or_else(Shown::default, |(wait, whole)| {
        shown!("; {} of {} were waiting for it", wording::length(wait), wording::length(whole))
    });
    Some(shown!("In the step '{}' people {}, by the response '{}'{}.", title, what, given, wait))
}

fn copies(effect: &Effect) -> bool {
    matches!(effect, Effect::SnapshotVolume | Effect::CaptureMemory | Effect::CopySnapshot)
}

/// How much of a step's time its response was under way; nothing for a step that was done before its time counted.
fn waited(from: &Material<'_>, row: &StepView, response: &Response) -> Option<(Span, Span)> {
    let (asked, ended) = (from.view.step_clock(row)?.at, row.end.as_ref()?.stamp.at);
    let (done, _) = response.done.as_ref()?;
    let wait = done.at.min(ended).since(response.given.at.max(asked));
    let whole = ended.since(asked);
    (whole > Span::ZERO).then_some((wait, whole))
}

/// Looking and telling that was done more than once.
fn again(from: &Material<'_>) -> Vec<Shown> {
    let mut times: BTreeMap<&ActionId, (usize, Span)> = BTreeMap::new();
    for response in from.view.responses.values().filter(|row| only_looks(from, row)) {
        let took = response.done.as_ref().map_or(Span::ZERO, |(done, _)| done.at.since(response.given.at));
        let (number, total) = times.entry(&response.action).or_default();
        (*number, *total) = (*number + 1, *total + took);
    }
    let often = times.iter().filter(|(_, (number, _))| *number > 1);
    let said = often.map(|(action, (number, total))| {
        let (title, total) = (from.view.action_title(action), wording::length(*total));
        shown!(
            "The response '{}' changed nothing in the workload and was given {} times, {} in all.",
            title,
            number,
            total
        )
    });
    said.collect()
}

fn only_looks(from: &Material<'_>, response: &Response) -> bool {
    let looks = |effect: &Effect| effect.only_looks() || matches!(effect, Effect::Tell { .. });
    from.view.action(&response.action).is_some_and(|action| action.effects.iter().all(looks))
}
