//! Drills over time: side by side by team and scenario, and what was drilled of ATT&CK, when last, with what result.
//!
//! Pure: today is an argument. A screen, the text table, CSV and JSON are views of [`History`].

mod outline;

use alloc::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::debrief::Verdict;
use super::debrief::outcome::Containment;
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::world::WorldKind;
use firedrill_model::{SafeText, Shown, shown};

pub use outline::{MEASURES, Measure, Outline, TechniqueName, Took, WrittenDown};

/// Drills over time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct History {
    /// By team and scenario; the one that was drilled last comes first.
    pub groups: Vec<Group>,
    /// What was drilled of ATT&CK, the overdue first.
    pub techniques: Vec<TechniqueRow>,
    /// After how many days a technique is overdue.
    pub overdue_days: u32,
}

/// The drills of one scenario by one team.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The team, where drills have one.
    pub team: Option<SafeText>,
    /// The scenario.
    pub scenario: ScenarioId,
    /// Which of several contents the scenario had, where drills of one name differ in it.
    pub content: Option<SafeText>,
    /// Its title, as the newest drill has it.
    pub title: SafeText,
    /// Its drills, oldest first.
    pub drills: Vec<Outline>,
    /// How its figures went, for the drills that are over.
    pub trends: Vec<Trend>,
}

/// The course of one figure over drills.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// For example `TTD`.
    pub name: Shown,
    /// For example `time to detect`.
    pub label: Shown,
    /// What it came to, oldest first; nothing where that isn't known, or is no measure of people because the clock was hurried.
    pub values: Vec<Option<Took>>,
}

/// A technique.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TechniqueRow {
    /// For example `T1496`.
    pub id: SafeText,
    /// Its name.
    pub name: SafeText,
    /// In how many drills.
    pub drills: usize,
    /// The last of them.
    pub last: Option<LastDrill>,
    /// It was not drilled for too long, or never.
    pub overdue: bool,
}

/// When something was drilled last.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LastDrill {
    /// In which drill.
    pub drill: DrillId,
    /// On which day, UTC.
    pub day: NaiveDate,
    /// How many days ago.
    pub days_ago: i64,
    /// With what result.
    pub verdict: Verdict,
    /// How the adversary stood at the end.
    pub containment: Option<Containment>,
}

/// Puts drills side by side. `offered` are the techniques that scenarios on offer could drill; `today` is the day in UTC.
#[must_use]
pub fn history(mut drills: Vec<Outline>, offered: &[TechniqueName], today: NaiveDate, overdue_days: u32) -> History {
    drills.sort_by(|a, b| a.began.cmp(&b.began).then_with(|| a.drill.cmp(&b.drill)));
    let techniques = techniques(&drills, offered, today, overdue_days);
    let mut groups: BTreeMap<(Option<SafeText>, ScenarioId, SafeText), Vec<Outline>> = BTreeMap::new();
    for drill in drills {
        groups.entry((drill.team.clone(), drill.scenario.clone(), drill.content.clone())).or_default().push(drill);
    }
    let contents: Vec<(ScenarioId, SafeText)> =
        groups.keys().map(|(_, scenario, content)| (scenario.clone(), content.clone())).collect();
    let differs = |id: &ScenarioId, content: &SafeText| contents.iter().any(|(of, other)| of == id && other != content);
    let mut groups: Vec<Group> = groups
        .into_iter()
        .map(|((team, scenario, content), drills)| {
            let content = Some(content).filter(|content| differs(&scenario, content));
            Group { content, ..group(team, scenario, drills) }
        })
        .collect();
    let newest = |group: &Group| group.drills.last().map(|drill| drill.began);
    groups.sort_by(|a, b| a.team.cmp(&b.team).then_with(|| newest(b).cmp(&newest(a))));
    History { groups, techniques, overdue_days }
}

impl History {
    /// In what kinds of worlds its drills were.
    #[must_use]
    pub fn worlds(&self) -> BTreeSet<WorldKind> {
        self.groups.iter().flat_map(|group| &group.drills).map(|drill| drill.world).collect()
    }
}

fn group(team: Option<SafeText>, scenario: ScenarioId, drills: Vec<Outline>) -> Group {
    let title = drills.last().map(|drill| drill.title.clone()).unwrap_or_default();
    let over: Vec<&Outline> = drills.iter().filter(|drill| drill.is_over()).collect();
    let trend = |(name, label): &(&'static str, &'static str)| Trend {
        name: (*name).into(),
        label: (*label).into(),
        values: over.iter().map(|drill| drill.measure(name).and_then(Measure::compared)).collect(),
    };
    let trends = MEASURES.iter().map(trend).filter(|trend| trend.ends().is_some()).collect();
    Group { team, scenario, content: None, title, drills, trends }
}

fn techniques(drills: &[Outline], offered: &[TechniqueName], today: NaiveDate, overdue_days: u32) -> Vec<TechniqueRow> {
    let mut rows: BTreeMap<SafeText, TechniqueRow> = BTreeMap::new();
    let row = |one: &TechniqueName| {
        let (id, name) = (one.id.clone(), one.name.clone());
        TechniqueRow { id, name, drills: 0, last: None, overdue: true }
    };
    for one in offered {
        rows.entry(one.id.clone()).or_insert_with(|| row(one));
    }
    for drill in drills.iter().filter(|drill| drill.is_over()) {
        let day = drill.began.date_naive();
        let days_ago = today.signed_duration_since(day).num_days();
        for one in &drill.techniques {
            let row = rows.entry(one.id.clone()).or_insert_with(|| row(one));
            row.drills += 1;
            row.last = Some(LastDrill {
                drill: drill.drill.clone(),
                day,
                days_ago,
                verdict: drill.verdict,
                containment: drill.containment,
            });
            row.overdue = days_ago > i64::from(overdue_days);
        }
    }
    let mut rows: Vec<TechniqueRow> = rows.into_values().collect();
    rows.sort_by_key(|row| (!row.overdue, row.last.as_ref().map(|last| last.day)));
    rows
}

impl TechniqueRow {
    /// When it was drilled last, with what result, how often, and whether it is overdue.
    #[must_use]
    pub fn state(&self) -> Shown {
        let last = |last: &LastDrill| {
            // Techniques are an adversary's.
            let outcome = last.containment.map_or_else(Shown::default, |kind| shown!(", {}", kind.label(true)));
            let verdict = shown!("hypothesis {}", last.verdict.label());
            shown!("{} {} in {}, {}{}", last.day, last.ago(), last.drill, verdict, outcome)
        };
        let state = self.last.as_ref().map_or_else(|| Shown::from("never drilled"), last);
        let times = if self.drills > 1 { shown!(", {} drills", self.drills) } else { Shown::default() };
        let overdue = if self.overdue { ", overdue" } else { "" };
        shown!("{}{}{}", state, times, overdue)
    }
}

impl LastDrill {
    /// How long ago, in words.
    #[must_use]
    pub fn ago(&self) -> Shown {
        match self.days_ago {
            ..=0 => Shown::from("today"),
            1 => Shown::from("yesterday"),
            days => shown!("{} days ago", days),
        }
    }
}

impl Trend {
    /// The first and the last value, where there are two at least: of one drill there is no course.
    #[must_use]
    pub fn ends(&self) -> Option<(Took, Took)> {
        let mut known = self.values.iter().flatten();
        let first = known.next()?;
        known.next_back().map(|last| (*first, *last))
    }

    /// One sign for each drill, from low to high, from zero to the largest value; a cross where it never came to it, a middle dot where
    /// nothing is known.
    #[must_use]
    pub fn sparkline(&self) -> Shown {
        // The full block is left out: it would run into the line above.
        const SIGNS: [&str; 7] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇"];
        let most = self.values.iter().flatten().fold(0.0_f64, |most, value| match value {
            Took::Seconds(value) => most.max(*value),
            Took::Never => most,
        });
        let sign = |value: &Option<Took>| match value {
            None => "·",
            Some(Took::Never) => "×",
            Some(Took::Seconds(value)) => {
                let step = SIGNS.iter().zip(1_u8..).find(|(_, step)| *value * 7.0 <= most * f64::from(*step));
                step.map_or("▇", |(sign, _)| *sign)
            }
        };
        self.values.iter().map(sign).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firedrill_model::{DrillTime, Phase};

    fn drill(name: &str, day: &str, ttn: Option<f64>, verdict: Verdict) -> Outline {
        Outline {
            drill: DrillId::new(name).unwrap(),
            scenario: ScenarioId::new("x").unwrap(),
            content: "1".into(),
            title: "X".into(),
            team: None,
            began: format!("{day}T09:00:00Z").parse().unwrap(),
            world: WorldKind::Simulated,
            phase: Phase::Closed,
            reached: DrillTime(0),
            verdict,
            outcome: None,
            containment: None,
            measures: vec![Measure { name: "TTN".into(), seconds: ttn, never: false, hurried: false }],
            confidence: vec![3],
            techniques: vec![technique("T1496")],
            improvements: Vec::new(),
        }
    }

    #[test]
    fn drills_of_another_content_are_other_drills() {
        let mut changed = drill("b", "2026-02-01", None, Verdict::Held);
        changed.content = "2".into();
        let history = history(vec![drill("a", "2026-01-01", None, Verdict::Held), changed], &[], day("2026-05-01"), 90);
        let contents: Vec<_> = history.groups.iter().map(|group| group.content.clone()).collect();
        assert_eq!(contents, [Some("2".into()), Some("1".into())], "the one that was drilled last comes first");
    }

    fn technique(id: &str) -> TechniqueName {
        TechniqueName { id: id.into(), name: "Resource Hijacking".into() }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn drills_are_told_apart_by_team_and_scenario() {
        let mut red = drill("c", "2026-03-01", None, Verdict::Held);
        red.team = Some("Red".into());
        let mut other = drill("d", "2026-04-01", None, Verdict::Held);
        other.scenario = ScenarioId::new("y").unwrap();
        let all = vec![
            drill("b", "2026-02-01", None, Verdict::Held),
            other,
            red,
            drill("a", "2026-01-01", None, Verdict::Held),
        ];
        let history = history(all, &[], day("2026-05-01"), 90);
        let groups: Vec<(Option<&str>, &str, Vec<&str>)> = history
            .groups
            .iter()
            .map(|group| {
                let drills = group.drills.iter().map(|drill| drill.drill.as_str()).collect();
                (group.team.as_ref().map(SafeText::as_str), group.scenario.as_str(), drills)
            })
            .collect();
        assert_eq!(groups, [(None, "y", vec!["d"]), (None, "x", vec!["a", "b"]), (Some("Red"), "x", vec!["c"])]);
    }

    #[test]
    fn one_drill_has_no_course_and_two_have() {
        let one = vec![drill("a", "2026-01-01", Some(660.0), Verdict::Held)];
        assert_eq!(history(one.clone(), &[], day("2026-01-02"), 90).groups[0].trends, []);
        let more = [
            one,
            vec![drill("b", "2026-01-02", None, Verdict::Held), drill("c", "2026-01-03", Some(150.0), Verdict::Held)],
        ];
        let history = history(more.concat(), &[], day("2026-01-04"), 90);
        let trend = &history.groups[0].trends[0];
        assert_eq!(
            (trend.ends(), trend.sparkline()),
            (Some((Took::Seconds(660.0), Took::Seconds(150.0))), "▇·▂".into())
        );
    }

    #[test]
    fn a_hurried_figure_is_in_no_trend_and_never_is_a_value() {
        let mut hurried = drill("b", "2026-01-02", Some(20.0), Verdict::Held);
        hurried.measures[0].hurried = true;
        let mut never = drill("a", "2026-01-01", None, Verdict::Deviated);
        never.measures[0].never = true;
        let all = vec![never, hurried, drill("c", "2026-01-03", Some(17.0), Verdict::Held)];
        let history = history(all, &[], day("2026-01-04"), 90);
        let trend = &history.groups[0].trends[0];
        assert_eq!((trend.ends(), trend.sparkline()), (Some((Took::Never, Took::Seconds(17.0))), "×·▇".into()));
        let told: Vec<_> = history.groups[0].drills.iter().map(|one| one.measures[0].words().unwrap()).collect();
        assert_eq!(told, ["never", "00:20*", "00:17"]);
    }

    #[test]
    fn a_technique_is_overdue_when_it_was_not_drilled_for_too_long_or_never() {
        let mut running = drill("c", "2026-04-30", None, Verdict::NotMeasured);
        running.phase = Phase::Experiment;
        let all = vec![
            drill("a", "2026-01-01", None, Verdict::Held),
            drill("b", "2026-02-01", None, Verdict::Deviated),
            running,
        ];
        let offered = [technique("T1496"), technique("T1021")];
        let rows = history(all.clone(), &offered, day("2026-05-02"), 90).techniques;
        let told: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.drills, row.overdue)).collect();
        assert_eq!(told, [("T1021", 0, true), ("T1496", 2, false)]);
        let last = rows[1].last.as_ref().unwrap();
        assert_eq!((last.drill.as_str(), last.days_ago, last.verdict), ("b", 90, Verdict::Deviated));
        assert!(history(all, &offered, day("2026-05-03"), 90).techniques[1].overdue);
    }
}
