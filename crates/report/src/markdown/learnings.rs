//! What can be learned: effects, orders, predictions, the seven questions, improvements, and the record itself.

use super::table::{NOTHING, bullets, clock, lines, maybe_yes, section, table};
use crate::{escape, improvements};
use firedrill_core::projection::debrief::{Debrief, QuestionRow};
use firedrill_core::projection::improvements::EarlierRow;

pub(super) fn second_order(debrief: &Debrief) -> String {
    section("Second-order effects", &bullets(&debrief.second_order))
}

pub(super) fn orders(debrief: &Debrief) -> String {
    if debrief.orders.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = debrief
        .orders
        .iter()
        .map(|row| {
            let kept = if row.kept.is_none() { "did not arise".to_owned() } else { maybe_yes(row.kept) };
            let came: Vec<String> = row.early.iter().chain(&row.came_of_it).map(escape::inline).collect();
            let came = if came.is_empty() { NOTHING.to_owned() } else { came.join(" ") };
            vec![escape::inline(&row.order), kept, escape::inline(&row.why), came]
        })
        .collect();
    section("Order of responses", &table(&["Order", "Kept", "Why it matters", "What was done, and came after"], &rows))
}

pub(super) fn predictions(debrief: &Debrief) -> String {
    if debrief.predictions.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = debrief
        .predictions
        .iter()
        .map(|row| {
            let (who, about) = (escape::inline(&row.who), escape::plain(&row.about));
            vec![who, about, escape::inline(&row.expected), escape::inline(&row.happened)]
        })
        .collect();
    section("Predictions", &table(&["Who", "About", "Expected", "Happened"], &rows))
}

pub(super) fn questions(debrief: &Debrief) -> String {
    let all: Vec<String> = debrief.questions.iter().map(question).collect();
    section("Seven questions", &all.join("\n"))
}

fn question(row: &QuestionRow) -> String {
    let answers = if row.answers.is_empty() {
        "- No answer of the team is in the record.\n".to_owned()
    } else {
        bullets(&row.answers)
    };
    format!(
        "### {}. {}\n\nFrom the record:\n\n{}\nThe team:\n\n{answers}",
        row.number,
        escape::plain(row.question),
        bullets(&row.from_the_record),
    )
}

/// What earlier drills left to change, and whether it showed.
pub(super) fn earlier(debrief: &Debrief) -> String {
    if debrief.earlier.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = debrief.earlier.iter().map(earlier_row).collect();
    let head = ["Improvement", "What", "From", "State", "Then -> in this drill"];
    let note = "One value of each drill: it shows what was measured, not why.";
    section("Improvements from earlier drills", &format!("{note}\n\n{}", table(&head, &rows)))
}

fn earlier_row(row: &EarlierRow) -> Vec<String> {
    let one = &row.improvement;
    let state = match (&one.closed, &one.due) {
        (Some(closed), _) => format!("closed on {}: {}", closed.on, escape::inline(&closed.how)),
        (None, Some(due)) => format!("open, due {}", escape::inline(due)),
        (None, None) => "open".to_owned(),
    };
    let from = one.drill.as_ref().map_or_else(String::new, |drill| escape::plain(drill.as_str()));
    vec![escape::plain(&one.id), escape::inline(&one.what), from, state, escape::plain(&improvements::showed(row))]
}

pub(super) fn notes(debrief: &Debrief) -> String {
    let notes = debrief.notes.iter();
    let notes =
        notes.map(|note| format!("- {} {}: {}", clock(note.at), escape::inline(&note.who), escape::inline(&note.text)));
    section("Notes", &lines(notes))
}

/// What was noted once the drill was over, and where bookmarks are.
pub(super) fn later_notes(debrief: &Debrief) -> String {
    let notes = debrief.later_notes.iter();
    let notes = lines(notes.map(|note| {
        let (day, time) = (escape::plain(note.written.get(..10).unwrap_or_default()), time_of_day(&note.written));
        format!("- {} {} (written {day} {})", clock(note.at), escape::inline(&note.text), escape::plain(time))
    }));
    let marks: Vec<String> = debrief.bookmarks.iter().map(|at| clock(*at)).collect();
    let marks =
        if marks.is_empty() { String::new() } else { format!("\nBookmarks in the replay: {}\n", marks.join(", ")) };
    section("Notes added later", &format!("{notes}{marks}"))
}

pub(super) fn happened(debrief: &Debrief) -> String {
    let rows: Vec<Vec<String>> = debrief
        .happened
        .iter()
        .map(|row| {
            vec![
                clock(row.at),
                escape::plain(time_of_day(&row.utc)),
                escape::plain(&row.lane),
                escape::inline(&row.text),
            ]
        })
        .collect();
    section("What happened, in order", &table(&["Drill time", "UTC", "Lane", "What"], &rows))
}

/// `09:18:20` of an RFC 3339 moment; the whole text if it is none.
fn time_of_day(utc: &str) -> &str {
    utc.get(11..19).unwrap_or(utc)
}

pub(super) fn truth(debrief: &Debrief) -> String {
    let mut content = String::new();
    for text in [&debrief.truth, &debrief.lesson].into_iter().filter(|text| !text.is_blank()) {
        content.push_str(&format!("{}\n\n", escape::plain(text.as_str().trim())));
    }
    if !debrief.ideal_path.is_empty() {
        let path = debrief.ideal_path.iter().zip(1..);
        let path = lines(path.map(|(step, number)| format!("{number}. {}", escape::inline(step))));
        content.push_str(&format!("A path that keeps the hypothesis:\n\n{path}\n"));
    }
    if !debrief.techniques.is_empty() {
        content.push_str(&format!("ATT&CK techniques:\n\n{}", bullets(&debrief.techniques)));
    }
    section("What really went on", &content)
}

pub(super) fn record(debrief: &Debrief) -> String {
    let notices = if debrief.notices.is_empty() {
        "Nothing odd about the record is known.\n".to_owned()
    } else {
        bullets(&debrief.notices)
    };
    let head = if debrief.head_words.is_empty() {
        String::new()
    } else {
        format!("\nIts record ends with these words: **{}**\n", escape::plain(&debrief.head_words))
    };
    let record = section("About the record", &format!("{notices}{head}"));
    let sources = section("Sources", &bullets(&debrief.sources));
    format!("{record}\n{sources}")
}
