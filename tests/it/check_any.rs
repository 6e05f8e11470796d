//! A file from a stranger can neither crash the program nor reach the screen with anything hidden in it.

use firedrill_authoring::{Problem, check, problem};
use firedrill_model::Scenario;
use firedrill_model::Span;
use proptest::prelude::*;

const SCENARIO: &str = include_str!("../good-scenario.toml");
const SCRIPT: &str = include_str!("../good-script.toml");

/// A change to a text, as a slip of the finger or a hostile hand makes it.
#[derive(Debug, Clone)]
enum Slip {
    Delete(usize, usize),
    Insert(usize, String),
    SwapLines(usize, usize),
    DropLine(usize),
    RepeatLine(usize),
    Figure(usize, String),
}

fn slips() -> impl Strategy<Value = Vec<Slip>> {
    let figure = prop::sample::select(vec![
        "0",
        "-1",
        "nan",
        "inf",
        "-inf",
        "1e308",
        "1e999",
        "99999999999999999999",
        "0x7fffffffffffffff",
        "\"\"",
        "\"9d\"",
        "true",
        "[]",
        "{}",
        "[[[[[[]]]]]]",
        "1979-05-27",
    ]);
    let piece = prop_oneof![
        "\\PC{1,6}",
        prop::sample::select(vec![
            "[",
            "]",
            "[[",
            "{",
            "}",
            "\"",
            "'",
            "\"\"\"",
            "=",
            "\n",
            "\\",
            "\u{0}",
            "\u{1b}[31m",
            "\u{202e}",
            "\r"
        ])
        .prop_map(str::to_owned),
    ];
    let slip = prop_oneof![
        (any::<usize>(), 1_usize..40).prop_map(|(at, many)| Slip::Delete(at, many)),
        (any::<usize>(), piece).prop_map(|(at, piece)| Slip::Insert(at, piece)),
        (any::<usize>(), any::<usize>()).prop_map(|(one, other)| Slip::SwapLines(one, other)),
        any::<usize>().prop_map(Slip::DropLine),
        any::<usize>().prop_map(Slip::RepeatLine),
        (any::<usize>(), figure).prop_map(|(at, figure)| Slip::Figure(at, figure.to_owned())),
    ];
    prop::collection::vec(slip, 1..6)
}

fn apply(text: &str, slips: &[Slip]) -> String {
    let mut text = text.to_owned();
    for slip in slips {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let (chars, count) = (text.chars().count().max(1), lines.len().max(1));
        match slip {
            Slip::Delete(at, many) => {
                let from = at % chars;
                text =
                    text.chars().enumerate().filter(|(i, _)| *i < from || *i >= from + many).map(|(_, c)| c).collect();
                continue;
            }
            Slip::Insert(at, piece) => {
                let from = text.char_indices().nth(at % chars).map_or(0, |(i, _)| i);
                text.insert_str(from, piece);
                continue;
            }
            Slip::SwapLines(one, other) if !lines.is_empty() => lines.swap(one % count, other % count),
            Slip::DropLine(at) if !lines.is_empty() => drop(lines.remove(at % count)),
            Slip::RepeatLine(at) if !lines.is_empty() => lines.insert(at % count, lines[at % count].clone()),
            Slip::Figure(at, figure) if !lines.is_empty() => {
                let line = &mut lines[at % count];
                if let Some((key, _)) = line.clone().split_once('=') {
                    *line = format!("{key}= {figure}\n");
                }
            }
            _ => {}
        }
        text = lines.concat();
    }
    text
}

/// What can be shown of a problem is safe, and where it is said to be there is something.
fn is_fit_to_show(problems: &[Problem], text: &str) -> Result<(), TestCaseError> {
    prop_assert!(!problems.is_empty() && problems.len() <= 101);
    for found in problems {
        let line = text.split('\n').nth(found.line - 1);
        prop_assert!(line.is_some(), "there is no line {}", found.line);
        let line = line.unwrap_or_default();
        let length = line.strip_suffix('\r').unwrap_or(line).chars().count();
        prop_assert!((1..=length + 1).contains(&found.column), "column {} of {length}", found.column);
        prop_assert!(found.source_line.as_str().get(found.mark.clone()).is_some());
        prop_assert!(found.source_line.as_str().chars().count() < 2_000);
        for shown in [problem::plain(found), problem::rich(found, false)] {
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
            let reversed = shown.contains('\u{202e}');
            prop_assert!(!reversed);
        }
        let coloured = problem::rich(found, true);
        prop_assert!(!coloured.is_empty());
    }
    prop_assert_eq!(problem::json(problems).as_array().map(Vec::len), Some(problems.len()));
    Ok(())
}

/// Whatever passes can neither hang the world nor fill the memory.
fn is_within_bounds(scenario: &Scenario) -> Result<(), TestCaseError> {
    prop_assert!(scenario.format == 1 && (1..=5).contains(&scenario.difficulty));
    prop_assert!(scenario.length > Span::ZERO && scenario.length <= Span::from_secs(86_400));
    prop_assert!(scenario.steady_state.hold > Span::ZERO && scenario.steady_state.hold <= scenario.length);
    prop_assert!((1..=64).contains(&scenario.services.len()));
    for service in &scenario.services {
        prop_assert!((1..=32).contains(&service.instances.len()));
        prop_assert!((1..=1_000).contains(&service.workers) && service.queue <= 10_000);
        prop_assert!(service.service_time > Span::ZERO && service.timeout > Span::ZERO);
        prop_assert!(service.group.max <= 64 && service.calls.iter().all(|call| call.retries <= 5));
        prop_assert!(service.traffic.iter().all(|step| step.rate.is_finite() && (0.0..=1e6).contains(&step.rate)));
    }
    let leaves = scenario.stages.iter().flat_map(|stage| &stage.leaves);
    for emission in scenario.background.iter().chain(leaves) {
        prop_assert!(emission.every.is_none_or(|every| every >= Span::from_secs(1)));
    }
    prop_assert!(scenario.stages.iter().all(|stage| (0.0..=0.95).contains(&stage.takes_cpu)));
    prop_assert!(
        scenario.detectors.iter().all(|d| (1.0..=10.0).contains(&d.severity) && (0.0..=1.0).contains(&d.misses))
    );
    prop_assert!(scenario.signals.iter().all(|signal| signal.limit.is_none_or(f64::is_finite)));
    prop_assert!(scenario.hypothesis.at.is_finite() && scenario.playbook.steps.len() <= 200);
    Ok(())
}

fn good_scenario() -> Scenario {
    check("good-scenario.toml", SCENARIO).unwrap()
}

proptest! {
    #[test]
    fn a_scenario_with_slips_is_answered(slips in slips()) {
        let text = apply(SCENARIO, &slips);
        match check("it.toml", &text) {
            Ok(scenario) => is_within_bounds(&scenario)?,
            Err(problems) => is_fit_to_show(&problems, &text)?,
        }
    }

    #[test]
    fn a_script_with_slips_is_answered(slips in slips()) {
        let text = apply(SCRIPT, &slips);
        if let Err(problems) = firedrill_authoring::script::check("it.toml", &text, &good_scenario()) {
            is_fit_to_show(&problems, &text)?;
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600), name in any::<String>()) {
        let text = String::from_utf8_lossy(&bytes);
        if let Err(problems) = check(&name, &text) {
            is_fit_to_show(&problems, &text)?;
        }
    }

    #[test]
    fn anything_like_toml_is_answered(text in "([\\[\\]{}=,.\"'#a-c0-9 \n\\\\]|title|service|\\[\\[|\"\"\"){0,120}") {
        if let Err(problems) = check("it.toml", &text) {
            is_fit_to_show(&problems, &text)?;
        }
    }
}

#[test]
fn floods_of_mistakes_are_answered_in_bounds() {
    let many = |text: &str| text.repeat(40_000 / text.len());
    let floods = [
        many("x y\n"),
        many("a = [\n"),
        many("\"\n"),
        many("]\n"),
        many("[service]\n"),
        many("[[service]]\n"),
        many("[service]\n[[service]]\n"),
        many("\"\u{316}\" = 1\n"),
        many("a = \"\"\"\nb = 1\n"),
        format!("a = {}", "[".repeat(40_000)),
        format!("a = {}", "{a=".repeat(10_000)),
        format!("a{} = 1", ".a".repeat(20_000)),
        format!("a = {}", "9".repeat(40_000)),
        many("\0"),
        many("\r"),
        many("\u{feff}"),
        many("\u{1b}]0;x\u{7}\n"),
        many("a = \"\\U00110000\"\n"),
        many("a = 'b\n"),
        many("[[a]]\nb = [1,\n"),
        (1..200).map(|depth| format!("[{}]", vec!["a"; depth].join("."))).collect::<Vec<_>>().join("\n"),
        format!("title = \"{}\"", "\u{202e}\u{200b}".repeat(10_000)),
        (0..4_000).map(|n| format!("a{n} = 1")).collect::<Vec<_>>().join("\n"),
        SCENARIO.replace("[\"isolate\"]", &format!("[{}]", "\"isolat\",".repeat(4_000))),
        SCENARIO.replace("[[order]]", &format!("{}\n[[order]]", many("[[playbook.step]]\nid = \"a\"\n"))),
    ];
    for text in floods {
        let problems = check("it.toml", &text).expect_err("it is broken");
        is_fit_to_show(&problems, &text).unwrap();
    }
    let large = SCENARIO.replace("# ", "") + &"#\n".repeat(600_000);
    let problems = check("it.toml", &large).expect_err("it is too large");
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.as_str().starts_with("the file has"));
}
