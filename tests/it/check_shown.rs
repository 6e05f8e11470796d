//! How mistakes look: in the style of compilers, in plain sentences, and for programs.

use firedrill_authoring::{Problem, check, problem};

const MANY: &str = include_str!("../bad-scenarios/many-at-once.toml");
const SCRIPT: &str = include_str!("../bad-scripts/wrong-types.toml");

fn mistakes(name: &str, text: &str) -> Vec<Problem> {
    check(name, text).expect_err("it is broken")
}

fn all(problems: &[Problem], show: impl Fn(&Problem) -> String) -> String {
    problems.iter().map(show).collect::<Vec<_>>().join("\n")
}

#[test]
fn many_mistakes_in_the_style_of_compilers() {
    insta::assert_snapshot!(all(&mistakes("scenarios/mine.toml", MANY), |problem| problem::rich(problem, false)));
}

#[test]
fn many_mistakes_in_plain_sentences() {
    insta::assert_snapshot!(all(&mistakes("scenarios/mine.toml", MANY), problem::plain));
}

#[test]
fn mistakes_of_a_script() {
    let scenario = check("good-scenario.toml", include_str!("../good-scenario.toml")).unwrap();
    let problems = firedrill_authoring::script::check("mine.toml", SCRIPT, &scenario).expect_err("it is broken");
    insta::assert_snapshot!(all(&problems, |problem| problem::rich(problem, false)));
}

#[test]
fn a_mistake_for_programs() {
    let problems = mistakes("mine.toml", MANY);
    insta::assert_snapshot!(serde_json::to_string_pretty(&problem::json(&problems[..1])).unwrap());
}

#[test]
fn hidden_characters_are_shown_and_the_mark_stays_under_the_mistake() {
    let hostile = "\t\"a\u{1b}[2J\u{202e}\" = 1\ntitle = \"\u{7}\u{200b}\"  junk\n";
    let problems = mistakes("\u{1b}]0;owned\u{7}.toml", hostile);
    insta::assert_snapshot!(all(&problems, |problem| problem::rich(problem, false)));
}

#[test]
fn a_long_line_is_cut_around_the_mistake() {
    let text = format!(
        "format = 1\naccount = {{ region = \"{}\", idd = \"1\", x = \"{}\" }}\n",
        "r".repeat(150),
        "y".repeat(500)
    );
    let problems = mistakes("mine.toml", &text);
    insta::assert_snapshot!(all(&problems, |problem| problem::rich(problem, false)));
}

#[test]
fn colour_adds_colours_and_nothing_else() {
    for found in mistakes("mine.toml", MANY) {
        let coloured = problem::rich(&found, true);
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some(at) = rest.find('\u{1b}') {
            plain.push_str(&rest[..at]);
            rest = rest[at..].split_once('m').map_or("", |(_, rest)| rest);
        }
        plain.push_str(rest);
        assert_ne!(coloured, plain);
        assert_eq!(plain, problem::rich(&found, false));
    }
}
