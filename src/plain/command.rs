//! Reads what a person types in plain mode.

use firedrill_model::{Joined, SafeText, Shown, Span, shown};

/// A typed line, understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Nothing was typed.
    Nothing,
    /// A number alone: the answer to what was just asked.
    Number(usize),
    /// A word of the table with what follows it.
    Verb(Verb, String),
    /// Something else.
    Unknown(String),
}

/// The words that plain mode knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Abort,
    Ack,
    Act,
    Answer,
    Debrief,
    Done,
    Evidence,
    Expect,
    Findings,
    Ghost,
    Go,
    Help,
    Hypothesis,
    Improve,
    Inject,
    Judge,
    Logs,
    Mark,
    Next,
    Note,
    Open,
    Pace,
    Pass,
    Pause,
    Quit,
    Rate,
    Review,
    Services,
    Signals,
    Skip,
    Status,
    Steps,
    Timeline,
    Unmark,
    Wait,
}

/// Every word, how it is used, and what it does. Help and dispatch read this table.
pub const HELP: &[(&str, Verb, &str, &str)] = &[
    ("status", Verb::Status, "", "where the drill is, and what is asked now"),
    ("next", Verb::Next, "", "go on to the next phase"),
    ("wait", Verb::Wait, "[TIME]", "let drill time go by: `wait 5m`, or `wait` until something happens"),
    ("findings", Verb::Findings, "", "the findings that the team has seen"),
    ("open", Verb::Open, "N", "read finding N with its fields"),
    ("ack", Verb::Ack, "[N]", "acknowledge finding N, the newest one, or the matter itself"),
    ("judge", Verb::Judge, "N ours|noise", "say whether finding N belongs to the incident, or is noise beside it"),
    ("act", Verb::Act, "[NAME [TARGET]]", "give a response; alone it lists them"),
    (
        "inject",
        Verb::Inject,
        "[N]",
        "let message N of the scenario arrive now; alone it lists those that have not come, which tells what is ahead",
    ),
    ("steps", Verb::Steps, "", "the playbook and its timers"),
    ("done", Verb::Done, "[STEP]", "say that a step is done"),
    ("skip", Verb::Skip, "[WHY]", "leave the current step out"),
    ("answer", Verb::Answer, "1-5 y|n y|n [TEXT]", "how confident, knew where to look, knew whom to escalate to"),
    ("pass", Verb::Pass, "", "leave the questions unanswered; `answer` brings them back"),
    ("note", Verb::Note, "TEXT", "write a note"),
    ("signals", Verb::Signals, "", "the signals in words"),
    ("services", Verb::Services, "", "services and their instances"),
    (
        "logs",
        Verb::Logs,
        "[WORDS]",
        "log records that hold all the words, and none with - before it; `logs open N` shows one",
    ),
    ("mark", Verb::Mark, "N [WHAT IT SHOWS]", "mark record N as evidence; again, to say anew what it shows"),
    ("unmark", Verb::Unmark, "N", "take the mark off record N"),
    ("evidence", Verb::Evidence, "", "the records that are marked as evidence"),
    ("timeline", Verb::Timeline, "", "what has happened so far"),
    ("ghost", Verb::Ghost, "", "the earlier drill beside this one, as far as it had come by now"),
    ("hypothesis", Verb::Hypothesis, "[within TIME] [at VALUE]", "read the hypothesis, or change its blanks"),
    (
        "expect",
        Verb::Expect,
        "[notified TIME] [contained TIME] [signal stays|brief|long|no-idea] [confidence 1-5]",
        "say what you expect",
    ),
    ("pause", Verb::Pause, "", "stop the drill clock"),
    ("go", Verb::Go, "", "let the drill clock run again"),
    ("pace", Verb::Pace, "brisk|real|N", "how fast the drill clock runs"),
    ("review", Verb::Review, "N TEXT", "answer question N of the seven; `review` lists them"),
    (
        "rate",
        Verb::Rate,
        "N P|S|M|U [TEXT]",
        "rate objective N, with what was observed; `rate` lists objectives and letters",
    ),
    ("improve", Verb::Improve, "WHAT [; WHO [; YYYY-MM-DD]]", "write down an improvement"),
    ("debrief", Verb::Debrief, "", "the debrief so far, from Verify on"),
    ("abort", Verb::Abort, "", "live: undo at once everything that the drill changed"),
    ("help", Verb::Help, "", "this list"),
    ("quit", Verb::Quit, "", "leave; the drill is kept and can be taken up again"),
];

/// Understands one typed line.
#[must_use]
pub fn parse(line: &str) -> Line {
    let line = line.trim();
    if line.is_empty() {
        return Line::Nothing;
    }
    if let Ok(number) = line.parse() {
        return Line::Number(number);
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let word = word.to_lowercase();
    let verb = HELP.iter().find(|(name, ..)| *name == word).or_else(|| unique_prefix(&word));
    match verb {
        Some((_, verb, ..)) => Line::Verb(*verb, rest.trim().to_owned()),
        None => Line::Unknown(word),
    }
}

/// The one word that begins with what was typed, if there is exactly one.
fn unique_prefix(word: &str) -> Option<&'static (&'static str, Verb, &'static str, &'static str)> {
    let mut fitting = HELP.iter().filter(|(name, ..)| name.starts_with(word));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// The known word nearest to what was typed, if one is near.
#[must_use]
pub fn nearest(word: &str) -> Option<&'static str> {
    let near = |name: &&'static str| strsim::damerau_levenshtein(name, word);
    HELP.iter().map(|(name, ..)| *name).filter(|name| near(name) <= 2).min_by_key(near)
}

/// Reads `key value key value ...`.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn pairs<'a>(rest: &'a str, keys: &[&'static str]) -> Result<Vec<(&'a str, &'a str)>, Shown> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let mut pairs = Vec::new();
    for pair in words.chunks(2) {
        let &[key, value] = pair else {
            return Err(shown!("a value is missing at the end; the words are {}", keys.iter().copied().joined(", ")));
        };
        if !keys.contains(&key) {
            return Err(shown!("one of these words is expected: {}", keys.iter().copied().joined(", ")));
        }
        pairs.push((key, value));
    }
    Ok(pairs)
}

/// Reads a span.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn span(text: &str) -> Result<Span, Shown> {
    text.parse().map_err(|error: firedrill_model::time::SpanError| SafeText::one_line(&error.to_string()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_words_numbers_and_beginnings() {
        assert_eq!(parse("  3 "), Line::Number(3));
        assert_eq!(parse("note  it began at nine"), Line::Verb(Verb::Note, "it began at nine".into()));
        assert_eq!(parse("find"), Line::Verb(Verb::Findings, String::new()));
        assert_eq!(parse("s"), Line::Unknown("s".into()), "several words begin so");
        assert_eq!(nearest("stpes"), Some("steps"));
    }

    #[test]
    fn pairs_name_what_they_expect() {
        assert_eq!(pairs("within 5m at 40", &["within", "at"]), Ok(vec![("within", "5m"), ("at", "40")]));
        assert!(pairs("within", &["within", "at"]).is_err());
        assert!(pairs("wihtin 5m", &["within", "at"]).is_err());
    }
}
