//! The way of a finding, stage by stage, from the fault to a person: downwards, so that it is readable on a phone.

use super::svg::{Anchor, Caption, Svg, clipped};
use firedrill_core::projection::debrief::pipeline::{Pipeline, PipelineRow, Reached};
use firedrill_core::projection::moment::t_since;
use firedrill_core::projection::wording;
use firedrill_model::{Joined, Shown, shown};

/// Width of the drawing in pixels.
const WIDTH: f64 = 400.0;
/// Height of a stage.
const STAGE: f64 = 64.0;
/// Where the way runs.
const RAIL: f64 = 82.0;
/// Where the words begin.
const WORDS: f64 = 106.0;
/// Radius of a stage's sign.
const RADIUS: f64 = 9.0;

/// Draws one way; empty where it has no stages.
pub fn draw(index: usize, way: &Pipeline) -> String {
    if way.rows.is_empty() {
        return String::new();
    }
    let height = way.rows.iter().fold(8.0, |y, _| y + STAGE);
    let title = shown!("The way of {}", way.finding);
    let id = shown!("pipeline-{}", index + 1);
    let mut svg = Svg::new(&Caption { id, title, desc: description(way) }, WIDTH, height);
    let mut y = 20.0;
    for (row, next) in way.rows.iter().zip(way.rows.iter().skip(1).map(Some).chain([None])) {
        if let Some(next) = next {
            link(&mut svg, next.reached, y + RADIUS, y + STAGE - RADIUS);
        }
        stage(&mut svg, row, y);
        y += STAGE;
    }
    svg.finish()
}

/// One sentence for who can't see it: how far it came.
fn description(way: &Pipeline) -> Shown {
    let stages: Vec<Shown> = way
        .rows
        .iter()
        .map(|row| {
            let at = row.since_fault.map_or_else(Shown::default, |since| shown!(" at {}", t_since(since)));
            shown!("{} {}{}", row.stage, row.reached.label(), at)
        })
        .collect();
    shown!("{}.", stages.joined(", "))
}

/// The line to the next stage: whole where it came through, dotted where the record doesn't tell, with a gap and two strokes where it broke.
fn link(svg: &mut Svg, next: Reached, from: f64, until: f64) {
    let middle = f64::midpoint(from, until);
    match next {
        Reached::Done => svg.line("rail", (RAIL, from), (RAIL, until)),
        Reached::NotMeasured => svg.line("rail unknown", (RAIL, from), (RAIL, until)),
        Reached::Broken | Reached::Missing => {
            svg.line("rail", (RAIL, from), (RAIL, middle - 7.0));
            for offset in [-4.0, 4.0] {
                svg.line("break", (RAIL - 10.0, middle + offset + 4.0), (RAIL + 10.0, middle + offset - 4.0));
            }
            svg.line("rail unknown", (RAIL, middle + 9.0), (RAIL, until));
        }
    }
}

fn stage(svg: &mut Svg, row: &PipelineRow, y: f64) {
    if let Some(since) = row.since_fault {
        svg.text("clock", Anchor::End, (RAIL - RADIUS - 7.0, y + 5.0), t_since(since));
    }
    sign(svg, row.reached, y);
    let name = row.stage.part(..1).uppercase() + row.stage.part(1..);
    let said = if row.reached == Reached::Done { name } else { shown!("{}: {}", name, row.reached.label()) };
    svg.text("stage", Anchor::Start, (WORDS, y + 1.0), clipped(&said, 14.5, WIDTH - WORDS));
    let what = Some(Shown::from(&row.what)).filter(|what| !what.eq_ignore_ascii_case(&row.stage));
    let took = row.took.map(|took| shown!("took {}", wording::seconds(took)));
    for (line, below) in what.into_iter().chain(took).zip([18.0, 34.0]) {
        svg.text("small", Anchor::Start, (WORDS, y + below), clipped(&line, 12.5, WIDTH - WORDS));
    }
}

/// A full circle for what was done, a cross for what was not, a hollow dotted circle for what the record doesn't tell.
fn sign(svg: &mut Svg, reached: Reached, y: f64) {
    match reached {
        Reached::Done => svg.circle("sign done", (RAIL, y), RADIUS),
        Reached::NotMeasured => svg.circle("sign unknown", (RAIL, y), RADIUS),
        Reached::Broken | Reached::Missing => {
            svg.circle("sign broken", (RAIL, y), RADIUS);
            let arm = 4.5;
            svg.line("cross", (RAIL - arm, y - arm), (RAIL + arm, y + arm));
            svg.line("cross", (RAIL - arm, y + arm), (RAIL + arm, y - arm));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(stage: &'static str, reached: Reached, since_fault: Option<f64>) -> PipelineRow {
        PipelineRow {
            stage: stage.into(),
            what: format!("The {stage}").as_str().into(),
            reached,
            at: since_fault,
            since_fault,
            took: since_fault,
            seq: None,
            words: "Words.".into(),
        }
    }

    fn drawn(reached: Reached) -> String {
        let rows = vec![row("finding", Reached::Done, Some(610.0)), row("channel", reached, None)];
        let way = Pipeline { finding: "Finding".into(), resource: "i-1".into(), of_the_hypothesis: true, rows };
        draw(0, &way)
    }

    #[test]
    fn where_it_broke_there_is_a_gap_and_it_says_so() {
        for (reached, word) in [(Reached::Broken, "Channel: broken"), (Reached::Missing, "Channel: missing")] {
            let svg = drawn(reached);
            assert!(svg.contains("class=\"break\"") && svg.contains("class=\"cross\"") && svg.contains(word), "{svg}");
            assert!(svg.contains("<desc id=\"pipeline-1-desc\">finding done at T+10:10, channel "), "{svg}");
        }
    }

    #[test]
    fn what_came_through_has_no_gap_and_what_is_not_known_is_dotted() {
        assert!(!drawn(Reached::Done).contains("class=\"break\""));
        let unknown = drawn(Reached::NotMeasured);
        assert!(!unknown.contains("class=\"break\"") && unknown.contains("rail unknown"), "{unknown}");
    }
}
