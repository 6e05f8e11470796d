//! The seven questions of the post, each with what the record can say to it. What isn't in the record isn't answered here.
//!
//! The questions are quoted from "How to use chaos engineering in incident response" (AWS Security Blog, Kevin Low), in the
//! section "Learn and verify".

mod figures;
mod halved;
mod notification;
mod process;

use super::QuestionRow;
use super::material::Material;
use super::pipeline::Pipeline;
use firedrill_model::{SafeText, Shown};

/// The seven questions.
pub const QUESTIONS: [&str; 7] = [
    "What happened?",
    "What was the impact on our customers?",
    "What did we learn? Did we have enough information in the notification to investigate?",
    "What could have reduced our time to detect or time to remediate by 50 percent?",
    "Can we apply this to other similar systems?",
    "How can we improve our incident response processes?",
    "What human steps in the process can we automate?",
];

/// Most sentences to one question.
const MAX_SAID: usize = 20;

pub(super) fn questions(from: &Material<'_>, pipelines: &[Pipeline]) -> Vec<QuestionRow> {
    let said = [
        figures::happened(from),
        figures::impact(from),
        notification::information(from),
        halved::halved(from, pipelines),
        super::similar::similar(from),
        process::improve(from),
        process::automate(from),
    ];
    let rows = (1..).zip(QUESTIONS).zip(said);
    rows.map(|((number, question), said)| row(from, number, question, said)).collect()
}

fn row(from: &Material<'_>, number: u8, question: &'static str, mut said: Vec<Shown>) -> QuestionRow {
    said.truncate(MAX_SAID);
    if said.is_empty() {
        said.push(Shown::from("Not in the record."));
    }
    let answers = from.view.people.reviews.iter().filter(|(asked, _, _, _)| *asked == number);
    QuestionRow {
        number,
        question,
        from_the_record: said.iter().map(|text| SafeText::one_line(text)).collect(),
        answers: answers.map(|(_, _, _, words)| from.lines(words)).collect(),
    }
}
