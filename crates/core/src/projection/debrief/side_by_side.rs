//! A path that keeps the hypothesis beside what was done, in the order in which it was done.

use serde::Serialize;

use super::doors::lands;
use super::material::{Material, drill_seconds};
use crate::projection::view::Response;
use firedrill_model::scenario::Aimed;
use firedrill_model::{SafeText, Shown, shown};

/// Most responses that are put beside the path.
const MAX_DONE: usize = 200;

/// A row: what the path has, what was done, or both where they are the same response.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SideRow {
    /// The response of the path.
    pub expected: Option<SafeText>,
    /// The response that was given.
    pub done: Option<SafeText>,
    /// When it was given, in seconds since the drill began.
    pub at: Option<f64>,
    /// As people see it: `T+12:25`.
    pub t: Option<Shown>,
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Number of its entry.
    pub seq: Option<u64>,
    /// `as on the path`, `not given`, `given in another order`, `in another order, or again`, `on the path, and done to something else` or
    /// `beside the path`; before that perhaps
    /// `not possible;`, `not so yet;` or `not done at the end;`.
    pub how: Shown,
}

pub(super) fn side_by_side(from: &Material<'_>) -> Vec<SideRow> {
    let path = from.whole().next().map(|whole| &whole.debrief.ideal_path).filter(|path| !path.is_empty());
    let Some(path) = path else { return Vec::new() };
    let given: Vec<&Response> = from.view.responses.values().take(MAX_DONE).collect();
    let mut rows = Vec::new();
    let (mut at, mut nth) = (0, 0);
    for (on_path, done) in common(from, path, &given).into_iter().chain([(path.len(), given.len())]) {
        for id in path.iter().take(on_path).skip(at) {
            let elsewhere = given.iter().any(|row| is(from, id, row));
            rows.push(only_expected(from, id, elsewhere));
        }
        for row in given.iter().take(done).skip(nth) {
            rows.push(only_done(from, row, path));
        }
        if let (Some(id), Some(row)) = (path.get(on_path), given.get(done)) {
            rows.push(both(from, id, row));
        }
        (at, nth) = (on_path + 1, done + 1);
    }
    rows
}

/// The longest part of the path that was given in its order: pairs of places in both.
fn common(from: &Material<'_>, path: &[Aimed], given: &[&Response]) -> Vec<(usize, usize)> {
    let same = |a: usize, b: usize| path.get(a).zip(given.get(b)).is_some_and(|(aimed, row)| is(from, aimed, row));
    let mut longest = vec![vec![0_usize; given.len() + 1]; path.len() + 1];
    let read = |table: &[Vec<usize>], a: usize, b: usize| table.get(a).and_then(|row| row.get(b)).copied().unwrap_or(0);
    for a in (0..path.len()).rev() {
        for b in (0..given.len()).rev() {
            let without = read(&longest, a + 1, b).max(read(&longest, a, b + 1));
            let best = if same(a, b) { read(&longest, a + 1, b + 1) + 1 } else { without };
            if let Some(cell) = longest.get_mut(a).and_then(|row| row.get_mut(b)) {
                *cell = best.max(without);
            }
        }
    }
    let (mut pairs, mut a, mut b) = (Vec::new(), 0, 0);
    while a < path.len() && b < given.len() {
        if same(a, b) && read(&longest, a, b) == read(&longest, a + 1, b + 1) + 1 {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if read(&longest, a + 1, b) >= read(&longest, a, b + 1) {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

fn title(from: &Material<'_>, aimed: &Aimed) -> SafeText {
    SafeText::one_line(&from.aimed(aimed))
}

/// Says whether a response is the one of the path: it brought something, where it is to be aimed at something: there.
fn is(from: &Material<'_>, aimed: &Aimed, row: &Response) -> bool {
    row.action == aimed.act && row.succeeded() && lands(from, aimed, row)
}

fn only_expected(from: &Material<'_>, id: &Aimed, elsewhere: bool) -> SideRow {
    let how = if elsewhere { "given in another order" } else { "not given" };
    SideRow {
        expected: Some(title(from, id)),
        done: None,
        at: None,
        t: None,
        since_fault: None,
        seq: None,
        how: how.into(),
    }
}

fn only_done(from: &Material<'_>, row: &Response, path: &[Aimed]) -> SideRow {
    let of_path = || path.iter().filter(|aimed| aimed.act == row.action);
    let how = match (of_path().next().is_some(), of_path().any(|aimed| lands(from, aimed, row))) {
        (false, _) => "beside the path",
        (true, false) => "on the path, and done to something else",
        (true, true) => "in another order, or again",
    };
    done(from, row, None, how)
}

fn both(from: &Material<'_>, id: &Aimed, row: &Response) -> SideRow {
    done(from, row, Some(title(from, id)), "as on the path")
}

fn done(from: &Material<'_>, row: &Response, expected: Option<SafeText>, how: &'static str) -> SideRow {
    let how = match (&row.done, row.in_vain()) {
        (None, _) => shown!("not done at the end; {}", how),
        (_, Some(vain)) => shown!("{}; {}", vain, how),
        _ => how.into(),
    };
    SideRow {
        expected,
        done: Some(SafeText::one_line(&from.view.response_words(&row.action, row.target.as_ref()))),
        at: Some(drill_seconds(row.given.at)),
        t: Some(from.view.t(row.given.at)),
        since_fault: from.since_fault(row.given.at),
        seq: Some(row.given.seq),
        how,
    }
}
