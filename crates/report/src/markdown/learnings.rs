//! What can be learned: effects, orders, predictions, the seven questions, improvements, and the record itself.

use super::table::{NOTHING, bullets, lines, maybe_yes, section, table};
use crate::{escape, improvements};
use firedrill_core::projection::debrief::doors::DoorRow;
use firedrill_core::projection::debrief::{Debrief, QuestionRow};
use firedrill_core::projection::improvements::EarlierRow;
use firedrill_model::{Joined, Shown, shown};

pub(super) fn second_order(debrief: &Debrief) -> Shown {
    section("Second-order effects", bullets(&debrief.second_order))
}

pub(super) fn orders(debrief: &Debrief) -> Shown {
    if debrief.orders.is_empty() {
        return Shown::default();
    }
    let rows: Vec<Vec<Shown>> = debrief
        .orders
        .iter()
        .map(|row| {
            let kept = if row.kept.is_none() { Shown::from("did not arise") } else { maybe_yes(row.kept) };
            let came: Vec<Shown> = row.early.iter().chain(&row.came_of_it).map(escape::inline).collect();
            let came = if came.is_empty() { NOTHING.into() } else { came.joined(" ") };
            vec![escape::inline(&row.order), kept, escape::inline(&row.why), came]
        })
        .collect();
    section("Order of responses", table(&["Order", "Kept", "Why it matters", "What was done, and came after"], &rows))
}

/// The doors: what each response was done to.
pub(super) fn doors(debrief: &Debrief) -> Shown {
    if debrief.doors.is_empty() {
        return Shown::default();
    }
    let row = |row: &DoorRow| {
        let cost: Vec<Shown> = row.cost.iter().map(escape::inline).collect();
        let cost = if cost.is_empty() { NOTHING.into() } else { cost.joined(" ") };
        vec![
            escape::plain(&row.t),
            escape::inline(&row.response),
            row.door.label().into(),
            escape::inline(&row.why),
            cost,
        ]
    };
    let rows: Vec<Vec<Shown>> = debrief.doors.iter().map(row).collect();
    let heads = ["T", "Response", "Door", "Why", "What came after it"];
    section("What responses were done to", table(&heads, &rows))
}

pub(super) fn predictions(debrief: &Debrief) -> Shown {
    if debrief.predictions.is_empty() {
        return Shown::default();
    }
    let rows: Vec<Vec<Shown>> = debrief
        .predictions
        .iter()
        .map(|row| {
            let (who, about) = (escape::inline(&row.who), escape::plain(&row.about));
            vec![who, about, escape::inline(&row.expected), escape::inline(&row.happened)]
        })
        .collect();
    section("Predictions", table(&["Who", "About", "Expected", "Happened"], &rows))
}

pub(super) fn questions(debrief: &Debrief) -> Shown {
    let all: Vec<Shown> = debrief.questions.iter().map(question).collect();
    section("Seven questions", all.joined("\n"))
}

fn question(row: &QuestionRow) -> Shown {
    let answers = if row.answers.is_empty() {
        Shown::from("- No answer of the team is in the record.\n")
    } else {
        lines(row.answers.iter().map(|answer| shown!("- {}", escape::lines(answer))))
    };
    shown!(
        "### {}. {}\n\nFrom the record:\n\n{}\nThe team:\n\n{}",
        row.number,
        escape::plain(row.question),
        bullets(&row.from_the_record),
        answers
    )
}

/// What earlier drills left to change, and whether it showed.
pub(super) fn earlier(debrief: &Debrief) -> Shown {
    if debrief.earlier.is_empty() {
        return Shown::default();
    }
    let rows: Vec<Vec<Shown>> = debrief.earlier.iter().map(earlier_row).collect();
    let head = ["Improvement", "What", "From", "State", "Then -> in this drill"];
    let note = "One value of each drill: it shows what was measured, not why.";
    section("Improvements from earlier drills", &shown!("{}\n\n{}", note, table(&head, &rows)))
}

fn earlier_row(row: &EarlierRow) -> Vec<Shown> {
    let one = &row.improvement;
    let state = match (&one.closed, &one.due) {
        (Some(closed), _) => shown!("closed on {}: {}", closed.on, escape::inline(&closed.how)),
        (None, Some(due)) => shown!("open, due {}", escape::inline(due)),
        (None, None) => Shown::from("open"),
    };
    let from = one.drill.as_ref().map_or_else(Shown::default, escape::plain);
    vec![escape::plain(&one.id), escape::inline(&one.what), from, state, escape::plain(improvements::showed(row))]
}

pub(super) fn notes(debrief: &Debrief) -> Shown {
    let notes = debrief.notes.iter();
    let notes = notes.map(|note| {
        shown!("- {} {}: {}", escape::plain(&note.t), escape::inline(&note.who), escape::lines(&note.text))
    });
    section("Notes", lines(notes))
}

/// What was noted once the drill was over, and where bookmarks are.
pub(super) fn later_notes(debrief: &Debrief) -> Shown {
    let notes = debrief.later_notes.iter();
    let notes = lines(notes.map(|note| {
        let (day, time) = (escape::plain(note.written.part(..10)), time_of_day(&note.written));
        shown!("- {} {} (written {} {})", escape::plain(&note.t), escape::lines(&note.text), day, escape::plain(time))
    }));
    let marks: Vec<Shown> = debrief.bookmark_ts.iter().map(escape::plain).collect();
    let marks =
        if marks.is_empty() { Shown::default() } else { shown!("\nBookmarks in the replay: {}\n", marks.joined(", ")) };
    section("Notes added later", &shown!("{}{}", notes, marks))
}

pub(super) fn happened(debrief: &Debrief) -> Shown {
    let first_day = debrief.happened.first().map(|row| row.readings.utc.part(..10)).unwrap_or_default();
    let first_day = &first_day;
    let rows: Vec<Vec<Shown>> = debrief
        .happened
        .iter()
        .map(|row| {
            vec![
                escape::plain(&row.readings.t),
                escape::plain(of_day(&row.readings.utc, first_day)),
                escape::plain(&row.lane),
                escape::cell(&row.text),
            ]
        })
        .collect();
    section("What happened, in order", table(&["T", "UTC of the drill", "Lane", "What"], &rows))
}

/// `09:18:20` of an RFC 3339 moment; the whole text if it is none.
fn time_of_day(utc: &Shown) -> Shown {
    if utc.get(11..19).is_some() { utc.part(11..19) } else { utc.clone() }
}

/// The same with its date where that is another than the first.
fn of_day(utc: &Shown, first_day: &Shown) -> Shown {
    let day = utc.part(..10.min(utc.len()));
    if day == *first_day { time_of_day(utc) } else { shown!("{} {}", day, time_of_day(utc)) }
}

pub(super) fn truth(debrief: &Debrief) -> Shown {
    let mut content = Shown::default();
    for text in [&debrief.truth, &debrief.lesson].into_iter().filter(|text| !text.is_blank()) {
        content.push(shown!("{}\n\n", escape::plain(Shown::from(text).trimmed())));
    }
    if !debrief.claims.is_empty() {
        let ids: Vec<Shown> = debrief.claims.iter().map(|id| shown!("`{}`", id)).collect();
        content.push(shown!("It rests on these claims about AWS (`scenarios/claims.toml`): {}.\n\n", ids.joined(", ")));
    }
    if !debrief.ideal_path.is_empty() {
        let path = debrief.ideal_path.iter().zip(1..);
        let path = lines(path.map(|(step, number)| shown!("{}. {}", number, escape::inline(step))));
        content.push(shown!("A path that keeps the hypothesis:\n\n{}\n", path));
    }
    if !debrief.techniques.is_empty() {
        content.push(shown!("ATT&CK techniques:\n\n{}", bullets(&debrief.techniques)));
    }
    section("What really went on", &content)
}

pub(super) fn record(debrief: &Debrief) -> Shown {
    let notices = if debrief.notices.is_empty() {
        Shown::from("Nothing odd about the record is known.\n")
    } else {
        bullets(&debrief.notices)
    };
    let head = if debrief.head_words.is_empty() {
        Shown::default()
    } else {
        shown!("\nIts record ends with these words: **{}**\n", escape::plain(&debrief.head_words))
    };
    let clock = lines(debrief.interruptions.iter().map(|row| shown!("- {}", escape::plain(&row.words))));
    let clock = if clock.is_empty() {
        Shown::from("\nThe drill clock was never paused or skipped, and no time was lost.\n")
    } else {
        shown!("\nThe clock:\n\n{}", clock)
    };
    let trust =
        if debrief.trust.is_empty() { Shown::default() } else { shown!("\n{}.\n", escape::plain(&debrief.trust)) };
    let record = section("About the record", &shown!("{}{}{}{}", notices, clock, head, trust));
    let sources = section("Sources", bullets(&debrief.sources));
    shown!("{}\n{}", record, sources)
}
