//! The hypothesis as `JUnit` XML, so that a pipeline can show a drill among its tests: a case for each part, failed where it deviated,
//! skipped where nothing could be measured. What became of the incident stands beside it, as properties and in words: a hypothesis can hold
//! while the adversary is still at work.
//!
//! The form is the one that Jenkins, GitLab and GitHub actions read: `testsuites`, `testsuite`, `testcase` with `failure` or `skipped`
//! (github.com/testmoapp/junitxml describes it).

use firedrill_core::projection::Debrief;
use firedrill_core::projection::debrief::{PartVerdict, Verdict};
use firedrill_model::Shown;

/// The result of a drill as `JUnit` XML.
#[must_use]
pub fn render(debrief: &Debrief) -> String {
    let count = |verdict| debrief.parts.iter().filter(|part| part.verdict == verdict).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"",
        debrief.parts.len(),
        count(Verdict::Deviated),
        count(Verdict::NotMeasured),
    );
    let properties = [
        ("drill", debrief.drill.clone()),
        ("title", Shown::from(&debrief.title)),
        ("state", debrief.state.clone()),
        ("hypothesis", Shown::from(&debrief.hypothesis)),
        ("head_words", debrief.head_words.clone()),
        ("exercise", debrief.exercise.clone()),
        ("trust", debrief.trust.clone()),
    ];
    let outcome = debrief.outcome.iter().flat_map(|outcome| {
        let rows = outcome.rows().into_iter();
        core::iter::once(("Outcome", outcome.brief())).chain(rows)
    });
    let outcome: Vec<(&str, Shown)> = outcome.collect();
    let out = outcome.iter().fold(String::new(), |out, (label, words)| out + label + ": " + &escape(words) + "\n");
    let properties = properties.into_iter().chain(outcome.iter().map(|(label, words)| (*label, words.clone())));
    let property =
        |(name, value): &(&str, Shown)| format!("      <property name=\"{name}\" value=\"{}\"/>\n", escape(value));
    let cases: String = debrief.parts.iter().map(|part| case(part, &debrief.scenario)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"firedrill\" {counts}>\n  \
         <testsuite name=\"{}\" timestamp=\"{}\" {counts}>\n    <properties>\n{}      \
         <property name=\"seed\" value=\"{}\"/>\n    </properties>\n{cases}    <system-out>{}\n{out}</system-out>\n  \
         </testsuite>\n</testsuites>\n",
        escape(&debrief.scenario),
        escape(&debrief.began),
        properties.map(|one| property(&one)).collect::<String>(),
        debrief.seed,
        escape(&debrief.exercise),
    )
}

fn case(part: &PartVerdict, scenario: &Shown) -> String {
    let head = format!(
        "    <testcase classname=\"{}\" name=\"{}: {}\"",
        escape(scenario),
        escape(&part.part),
        escape(&part.expected)
    );
    let found = escape(&part.found);
    match part.verdict {
        Verdict::Held => format!("{head}/>\n"),
        Verdict::Deviated => {
            format!("{head}>\n      <failure type=\"deviated\" message=\"{found}\"/>\n    </testcase>\n")
        }
        Verdict::NotMeasured => format!("{head}>\n      <skipped message=\"{found}\"/>\n    </testcase>\n"),
    }
}

/// Text for an attribute. Characters that XML 1.0 can't hold don't occur in safe text, but for two that are no characters at all.
fn escape(text: impl Into<Shown>) -> String {
    let text = text.into();
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
        out
    })
}
