//! Takes the words out of what a person asks: the state machine and the chain see seals only.

use firedrill_model::Sealed;
use firedrill_model::command::{Ask, LaterAsk, StepAsk};
use firedrill_model::command::{Command, Intent};

/// Turns an intent into a command. `seal` keeps one text and returns its seal.
pub fn seal_words(intent: Intent, seal: &mut impl FnMut(&str) -> Sealed) -> Command {
    let mut some = |words: Option<String>| words.filter(|text| !text.trim().is_empty()).map(|text| seal(&text));
    match intent {
        Ask::NextPhase => Ask::NextPhase,
        Ask::Abort => Ask::Abort,
        Ask::SetHypothesis(hypothesis) => Ask::SetHypothesis(hypothesis),
        Ask::Predict(prediction) => Ask::Predict(prediction),
        Ask::Acknowledge(finding) => Ask::Acknowledge(finding),
        Ask::Judge(finding, judgement) => Ask::Judge(finding, judgement),
        Ask::Mark { record, note } => Ask::Mark { record, note: some(note) },
        Ask::Unmark(record) => Ask::Unmark(record),
        Ask::Inject(inject) => Ask::Inject(inject),
        Ask::Act { action, target, guess, why } => Ask::Act { action, target, guess, why: some(why) },
        Ask::Step(step, ask) => Ask::Step(
            step,
            match ask {
                StepAsk::Done => StepAsk::Done,
                StepAsk::Skip(why) => StepAsk::Skip(some(why)),
                StepAsk::Answer { confidence, knew_where, knew_whom, words } => {
                    StepAsk::Answer { confidence, knew_where, knew_whom, words: some(words) }
                }
            },
        ),
        Ask::Note(text) => Ask::Note(seal(&text)),
        Ask::Attend(on) => Ask::Attend(on),
        Ask::Clock(ask) => Ask::Clock(ask),
        Ask::Review(question, text) => Ask::Review(question, seal(&text)),
        Ask::Rate { objective, rating, words } => Ask::Rate { objective, rating, words: some(words) },
        Ask::Later(about, LaterAsk::Note(text)) => Ask::Later(about, LaterAsk::Note(seal(&text))),
        Ask::Later(about, LaterAsk::Bookmark(on)) => Ask::Later(about, LaterAsk::Bookmark(on)),
        Ask::Improve { what, owner, due } => {
            Ask::Improve { owner: some(owner), due: due.filter(|due| !due.is_blank()), what: seal(&what) }
        }
    }
}

/// The texts of an intent.
#[must_use]
pub fn words_of(intent: &Intent) -> Vec<&str> {
    match intent {
        Ask::Act { why: Some(text), .. }
        | Ask::Mark { note: Some(text), .. }
        | Ask::Note(text)
        | Ask::Later(_, LaterAsk::Note(text))
        | Ask::Review(_, text)
        | Ask::Rate { words: Some(text), .. }
        | Ask::Step(_, StepAsk::Skip(Some(text)) | StepAsk::Answer { words: Some(text), .. }) => vec![text],
        Ask::Improve { what, owner, .. } => std::iter::once(what).chain(owner).map(String::as_str).collect(),
        _ => Vec::new(),
    }
}
