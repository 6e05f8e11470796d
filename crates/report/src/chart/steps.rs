//! The steps of the playbook against their goals.

use super::svg::{Anchor, Caption, Svg, clipped};
use firedrill_core::projection::debrief::StepRow;
use firedrill_model::{Shown, Span, shown};

/// Width of the drawing in pixels.
const WIDTH: f64 = 400.0;
/// Height of a step.
const STEP: f64 = 46.0;
/// Where bars end; right of it stand the figures.
const RIGHT: f64 = 250.0;
/// Most steps that are drawn; the page lists all.
const MAX_STEPS: usize = 60;

/// Draws them; empty where there are none.
pub fn draw(steps: &[StepRow]) -> String {
    let steps = steps.get(..MAX_STEPS).unwrap_or(steps);
    let longest = steps.iter().map(|step| step.goal.max(step.seconds.unwrap_or(0.0))).fold(0.0_f64, f64::max);
    if steps.is_empty() || longest <= 0.0 {
        return String::new();
    }
    let height = steps.iter().fold(4.0, |y, _| y + STEP);
    let title = "How long the steps took, and their goals";
    let over = steps.iter().filter(|step| is_over(step)).count();
    let done = steps.iter().filter(|step| step.seconds.is_some()).count();
    let desc = shown!(
        "A bar for each step, from when it was asked for until it was done, and a mark at its goal. {} were timed, {} of them took \
         longer than their goal. The same figures are in the table beside it.",
        done,
        over
    );
    let mut svg = Svg::new(&Caption { id: "steps".into(), title: title.into(), desc }, WIDTH, height);
    let mut y = 4.0;
    for step in steps {
        draw_step(&mut svg, step, longest, y);
        y += STEP;
    }
    svg.finish()
}

fn is_over(step: &StepRow) -> bool {
    step.seconds.is_some_and(|seconds| seconds > step.goal)
}

fn draw_step(svg: &mut Svg, step: &StepRow, longest: f64, top: f64) {
    let x = |seconds: f64| seconds.max(0.0) / longest * RIGHT;
    let (bar, height) = (top + 20.0, 12.0);
    svg.text("stage", Anchor::Start, (0.0, top + 13.0), clipped(&step.title, 14.0, WIDTH));
    svg.rect("track", (0.0, bar), (x(step.goal), height));
    if let Some(seconds) = step.seconds {
        svg.rect("step", (0.0, bar), (x(seconds.min(step.goal)), height));
        if is_over(step) {
            svg.hatched("over", (x(step.goal), bar), (x(seconds) - x(step.goal), height));
        }
    }
    let goal = x(step.goal);
    svg.line("goal", (goal, bar - 4.0), (goal, bar + height + 4.0));
    svg.text("small", Anchor::End, (WIDTH, bar + 11.0), figures(step));
}

/// `02:10 of 05:00`, or why there is no figure.
fn figures(step: &StepRow) -> Shown {
    let clock = |seconds: f64| Span::from_secs_f64(seconds).clock();
    let goal = clock(step.goal);
    match (step.seconds, step.state.as_str()) {
        (Some(seconds), _) if is_over(step) => shown!("{} of {}, over", clock(seconds), goal),
        (Some(seconds), _) => shown!("{} of {}", clock(seconds), goal),
        (None, "done") => Shown::from("done before it was asked"),
        (None, "skipped") => shown!("left out (goal {})", goal),
        (None, _) => shown!("{} (goal {})", step.state, goal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(seconds: Option<f64>, state: &'static str) -> StepRow {
        StepRow {
            id: "s".into(),
            title: "Isolate".into(),
            phase: "containment".into(),
            csf: "RS".into(),
            state: state.into(),
            asked_at: None,
            counts_from: None,
            ended_at: None,
            seq: None,
            seconds,
            hurried: None,
            goal: 300.0,
            by: None,
            why_skipped: None,
            confidence: None,
            knew_where: None,
            knew_whom: None,
            words: None,
        }
    }

    #[test]
    fn what_took_longer_than_its_goal_is_hatched_and_says_so() {
        let over = draw(&[step(Some(400.0), "done")]);
        assert!(over.contains("06:40 of 05:00, over") && over.contains("class=\"over\""), "{over}");
        let within = draw(&[step(Some(300.0), "done")]);
        assert!(within.contains("05:00 of 05:00<") && !within.contains("class=\"over\""), "the goal itself is kept");
    }

    #[test]
    fn a_step_without_a_figure_says_why() {
        let said = |state| figures(&step(None, state));
        assert_eq!(said("done"), "done before it was asked");
        assert_eq!(said("skipped"), "left out (goal 05:00)");
        assert_eq!(said("open"), "open (goal 05:00)");
        assert_eq!(draw(&[]), "");
    }
}
