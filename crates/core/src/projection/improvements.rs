//! What is to change, over all drills: what was written down in them, and what the ledger says became of it. And for one drill: what
//! earlier drills of its scenario left to change, and whether it showed.

use alloc::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::debrief::DurationRow;
use super::history::{MEASURES, Measure, Outline};
pub use super::improvement::{ClosedBy, EarlierRow, Improvement, Showed};
use firedrill_model::id::{DrillId, ScenarioId};
use firedrill_model::improvement::{LedgerLine, Turn, Which};
use firedrill_model::{Joined, SafeText, Shown, WordBook, shown};

/// Puts all improvements together, oldest first: those of drills (each with the words of its drill), then what the ledger says.
#[must_use]
pub fn improvements(drills: &[(&Outline, WordBook)], ledger: &[LedgerLine], words: &WordBook) -> Vec<Improvement> {
    let mut all: BTreeMap<Which, Improvement> = BTreeMap::new();
    for (outline, words) in drills {
        for (row, number) in outline.improvements.iter().zip(1_u32..) {
            let which = Which::InDrill { drill: outline.drill.clone(), entry: row.entry };
            let text = |sealed| SafeText::one_line(&words.read(sealed));
            let improvement = Improvement {
                id: shown!("{}-{}", outline.drill, number),
                which: which.clone(),
                what: text(&row.what),
                owner: row.owner.as_ref().map(text),
                due: row.due.clone(),
                measure: None,
                drill: Some(outline.drill.clone()),
                scenario: Some(outline.scenario.clone()),
                since: outline.began,
                closed: row.erased.map(by_erasure),
            };
            all.insert(which, improvement);
        }
    }
    let mut added = 0_u32;
    for line in ledger {
        if let Turn::Added { .. } = line.turn {
            added += 1;
        }
        if is_of_what_was_to_change(ledger, line)
            && let Some(improvement) = line.turn.on().and_then(|on| all.get_mut(on))
        {
            improvement.closed = Some(by_erasure(line.utc.date_naive()));
        }
        take(&mut all, line, words, added);
    }
    let mut all: Vec<Improvement> = all.into_values().collect();
    all.sort_by(|a, b| a.since.cmp(&b.since).then_with(|| a.which.cmp(&b.which)));
    shorten_ids(&mut all);
    all
}

/// What can't be read any more can't be done.
fn by_erasure(on: NaiveDate) -> ClosedBy {
    ClosedBy { on, how: "what was to change was erased".into() }
}

/// Says whether the line erases what was to change, and not only who was to see to it or how it was closed.
fn is_of_what_was_to_change(ledger: &[LedgerLine], line: &LedgerLine) -> bool {
    let Turn::Erased { on: Which::Added(number), texts, .. } = &line.turn else { return false };
    ledger.iter().filter(|added| added.n == *number).any(|added| match &added.turn {
        Turn::Added { what, .. } => texts.contains(&what.reference),
        _ => false,
    })
}

/// One more line of the ledger. What it says of an improvement whose drill is gone is passed over.
fn take(all: &mut BTreeMap<Which, Improvement>, line: &LedgerLine, words: &WordBook, added: u32) {
    let text = |sealed| SafeText::one_line(&words.read(sealed));
    if let Turn::Added { drill, scenario, what } = &line.turn {
        let which = Which::Added(line.n);
        let improvement = Improvement {
            id: shown!("own-{}", added),
            which: which.clone(),
            what: text(what),
            owner: None,
            due: None,
            measure: None,
            drill: drill.clone(),
            scenario: scenario.clone(),
            since: line.utc,
            closed: None,
        };
        all.insert(which, improvement);
        return;
    }
    let Some(improvement) = line.turn.on().and_then(|on| all.get_mut(on)) else { return };
    match &line.turn {
        Turn::Assigned { owner, .. } => improvement.owner = Some(text(owner)),
        Turn::Due { date, .. } => improvement.due = Some(date.clone()),
        Turn::Measured { measure, .. } => improvement.measure = Some(measure.clone()),
        Turn::Closed { how, .. } => {
            improvement.closed = Some(ClosedBy { on: line.utc.date_naive(), how: text(how) });
        }
        Turn::Reopened { .. } => improvement.closed = None,
        Turn::Added { .. } | Turn::Erased { .. } => {}
    }
}

/// Leaves the date out of an id, unless another improvement would have the same.
fn shorten_ids(all: &mut [Improvement]) {
    let mut shared: BTreeMap<String, usize> = BTreeMap::new();
    for one in all.iter() {
        *shared.entry(without_date(&one.id).to_owned()).or_default() += 1;
    }
    for one in all {
        let short = without_date(&one.id);
        if shared.get(short) == Some(&1) {
            one.id = one.id.part(one.id.len() - short.len()..);
        }
    }
}

fn without_date(id: &str) -> &str {
    match id.split_at_checked(11) {
        Some((date, rest))
            if date.ends_with('-') && date.get(..10).is_some_and(|day| day.parse::<NaiveDate>().is_ok()) =>
        {
            rest
        }
        _ => id,
    }
}

/// Finds the improvement that somebody typed: its id, with or without the date of its drill, or the beginning of it.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn find<'a>(all: &'a [Improvement], typed: &str) -> Result<&'a Improvement, Shown> {
    if let Some(one) = all.iter().find(|one| one.id == typed || one.id == without_date(typed)) {
        return Ok(one);
    }
    let mut fitting = all.iter().filter(|one| !typed.is_empty() && one.id.starts_with(typed));
    let shown = SafeText::one_line(typed);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => Err(shown!("`{}` could be {} or {}; type the whole name", shown, one.id, other.id)),
        (None, _) => Err(shown!("there is no improvement `{}`; `firedrill improve --all` lists them", shown)),
    }
}

/// Reads the duration by which an improvement is to be seen.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn read_measure(typed: &str) -> Result<SafeText, Shown> {
    let known = MEASURES.iter().find(|(name, _)| name.eq_ignore_ascii_case(typed.trim()));
    let all: Vec<&str> = MEASURES.iter().map(|(name, _)| *name).collect();
    known.map(|(name, _)| SafeText::from(*name)).ok_or_else(|| shown!("a measure is one of {}", all.joined(", ")))
}

/// What earlier drills of a scenario left behind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Earlier {
    /// Their improvements, oldest first.
    pub improvements: Vec<Improvement>,
    /// Their durations.
    pub measures: BTreeMap<DrillId, Vec<Measure>>,
}

/// Most improvements of earlier drills that one drill is held against, the newest ones.
pub const MOST_EARLIER: usize = 30;

impl Earlier {
    /// What is of drills of this scenario by this team that began before `began`.
    #[must_use]
    pub fn than(
        (scenario, team, began): (&ScenarioId, Option<&SafeText>, DateTime<Utc>),
        drills: &[&Outline],
        all: &[Improvement],
    ) -> Self {
        let before: Vec<&&Outline> = drills
            .iter()
            .filter(|drill| drill.scenario == *scenario && drill.team.as_ref() == team && drill.began < began)
            .collect();
        let from = |one: &&Improvement| before.iter().any(|drill| one.drill.as_ref() == Some(&drill.drill));
        let mut improvements: Vec<Improvement> = all.iter().filter(from).cloned().collect();
        improvements.drain(..improvements.len().saturating_sub(MOST_EARLIER));
        let measures = before.iter().map(|drill| (drill.drill.clone(), drill.measures.clone())).collect();
        Self { improvements, measures }
    }

    /// Those that are open.
    pub fn open(&self) -> impl Iterator<Item = &Improvement> {
        self.improvements.iter().filter(|one| one.closed.is_none())
    }

    /// Holds them against what a later drill brought.
    #[must_use]
    pub fn against(&self, durations: &[DurationRow]) -> Vec<EarlierRow> {
        let row = |one: &Improvement| EarlierRow {
            improvement: one.clone(),
            showed: one.drill.as_ref().map_or_else(Vec::new, |drill| self.showed(one, drill, durations)),
        };
        self.improvements.iter().map(row).collect()
    }

    fn showed(&self, one: &Improvement, drill: &DrillId, durations: &[DurationRow]) -> Vec<Showed> {
        let Some(before) = self.measures.get(drill) else { return Vec::new() };
        let wanted = |name: &str| one.measure.as_ref().is_none_or(|measure| measure.as_str() == name);
        let figures = MEASURES.iter().filter(|(name, _)| wanted(name)).filter_map(|(name, label)| {
            let then = before.iter().find(|measure| measure.name.as_str() == *name)?.compared()?;
            let now = Measure::of(name, durations).compared()?;
            Some(Showed { name: (*name).into(), label: (*label).into(), then, now })
        });
        figures.collect()
    }
}
