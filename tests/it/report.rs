//! The debrief and its reports, from hand-made entries.

use firedrill::domain::id::SeatId;
use firedrill::domain::{Guess, Outcome, Role, SafeText};
use firedrill::drill::Entry;
use firedrill::projection::debrief::{self, Debrief, Verdict};
use firedrill::projection::{View, Viewer, may_see};
use firedrill::report;

use crate::fixture::{self, Tape};

fn debrief_of(tape: &Tape) -> Debrief {
    debrief::build(&tape.view(), &tape.words, &fixture::drill_id(), &[])
}

#[test]
fn the_whole_report_as_markdown() {
    insta::assert_snapshot!(report::markdown::render(&debrief_of(&fixture::drill())));
}

#[test]
fn the_whole_report_as_json() {
    insta::assert_snapshot!(report::json::render(&debrief_of(&fixture::drill())));
}
