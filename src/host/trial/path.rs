//! What only playing the responses shows: whether the ideal path holds, whether anything on offer ends the adversary, and whether the orders
//! can be broken at all.

use std::sync::Arc;

use firedrill_authoring::check;
use firedrill_authoring::problem::{Code, Problem};
use firedrill_core::projection::debrief::Verdict;
use firedrill_model::scenario::{Aimed, Scenario};

use super::SEEDS;
use super::team::{self, End, Outcome};

/// Problems of the responses of a scenario that is otherwise without mistakes.
pub fn of_responses(file: &str, text: &str, scenario: &Arc<Scenario>) -> Vec<Problem> {
    let say = |path: &str, message: String, advice: &str| check::remark(file, text, path, Code::Run, &message, advice);
    let path = &scenario.debrief.ideal_path;
    let mut problems = Vec::new();
    let mut ends = false;
    if !path.is_empty() {
        match SEEDS
            .iter()
            .find_map(|seed| Some((*seed, fault(scenario, &team::play(scenario, path, *seed, End::Whole)?)?)))
        {
            Some((seed, (at, message))) => {
                let advice = format!(
                    "with seed {seed}, by a team that begins when it is told and waits for what it asked for: change the path, or say what its \
                     responses are aimed at"
                );
                problems.push(say(&format!("debrief/ideal-path/{at}"), message, &advice));
            }
            None => ends = true,
        }
    }
    if !ends && let Some(stage) = SEEDS.first().and_then(|seed| team::everything(scenario, *seed)?.into_iter().next()) {
        let at = scenario.stages.iter().position(|known| known.id == stage).unwrap_or(0);
        let message = format!("nothing on offer ends the stage `{stage}`: all responses were tried where it is");
        problems.push(say(
            &format!("stage/{at}/needs"),
            message,
            "offer a response that takes one of its footholds away",
        ));
    }
    let kept = (0..scenario.orders.len()).filter(|at| !can_be_broken(scenario, *at));
    problems.extend(kept.map(|at| {
        let message = "this order can't be broken: what is to come later brings nothing before what is to come first";
        say(&format!("order/{at}"), message.into(), "take it out: an order that keeps itself teaches nothing")
    }));
    problems
}

/// What is wrong with a path that was played: the place of the response, and why.
fn fault(scenario: &Scenario, outcome: &Outcome) -> Option<(usize, String)> {
    let path = &scenario.debrief.ideal_path;
    if let Some(at) = outcome.in_vain.first() {
        let act = &path.get(*at)?.act;
        return Some((
            *at,
            format!("played, the ideal path doesn't hold: `{act}` never brings anything where it is given"),
        ));
    }
    if let Some(stage) = outcome.left.first() {
        return Some((
            0,
            format!("played, the ideal path doesn't end {}: `{stage}` still goes on at the end", who(scenario)),
        ));
    }
    if outcome.verdict == Verdict::Deviated && !scenario.is_wrong_on_purpose() {
        let found = outcome
            .found
            .first()
            .map_or_else(String::new, |found| format!(": {}", found.as_str().trim_end_matches('.')));
        return Some((0, format!("played, the ideal path doesn't keep the hypothesis{found}")));
    }
    None
}

fn who(scenario: &Scenario) -> &'static str {
    if scenario.has_adversary() { "the adversary" } else { "the fault" }
}

/// Says whether an order can come out broken. One that counts only at certain times isn't tried.
fn can_be_broken(scenario: &Arc<Scenario>, at: usize) -> bool {
    let Some(order) = scenario.orders.get(at).filter(|order| !order.unless_destroying && !order.only_destroying) else {
        return true;
    };
    let broken = |then: &Aimed| {
        let path: Vec<Aimed> = std::iter::once(then).chain(&order.first).cloned().collect();
        let outcome = SEEDS.first().and_then(|seed| team::play(scenario, &path, *seed, End::Now));
        // What can't be played says nothing against the order.
        outcome.is_none_or(|outcome| outcome.kept.get(at) != Some(&Some(true)) && outcome.kept.get(at) != Some(&None))
    };
    order.then.iter().any(broken)
}
