//! A scenario from a stranger that passes every check, and still means no good: its texts, its circles and its sheer size.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use firedrill_authoring::check;

const GOOD: &str = include_str!("../good-scenario.toml");
const NOBODY: &str = "format = 1\nscenario = \"small\"\ntitle = \"t\"\nexpect = \"held\"\nseed = 1\n";

/// The good scenario with the same hostile words at the end of every free text.
fn with_hostile_texts() -> String {
    let hostile = r"\u001b]0;owned\u0007\u001b[2J\u202Egpj.exe\u200b\u0000\u009b31m\u0316 `x` | <b> \\n";
    let is_free =
        |key: &str| ["title", "summary", "brief", "detail", "text", "from", "via", "expected", "why"].contains(&key);
    let is_told = |key: &str| ["truth", "lesson", "when", "team", "description", "title-of-finding"].contains(&key);
    let line = |line: &str| match line.split_once(" = \"") {
        Some((key, rest)) if (is_free(key) || is_told(key)) && rest.ends_with('"') => {
            format!("{key} = \"{}{hostile}\"\n", rest.trim_end_matches('"'))
        }
        _ => format!("{line}\n"),
    };
    GOOD.lines().map(line).collect()
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firedrill"));
    let output = command.arg("--data-dir").arg(folder.join("data")).args(args).stdin(Stdio::null()).output().unwrap();
    let all = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(all).unwrap())
}

#[test]
fn no_text_of_a_scenario_puts_anything_hidden_on_a_screen_or_into_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, script) = (folder.path().join("scenario.toml"), folder.path().join("nobody.toml"));
    let text = with_hostile_texts();
    assert!(text.matches("owned").count() > 25, "it is in every text");
    fs::write(&scenario, text).unwrap();
    fs::write(&script, NOBODY).unwrap();
    let (scenario, script) = (scenario.to_str().unwrap(), script.to_str().unwrap());
    let own = folder.path().join("data/scenarios/mine");
    fs::create_dir_all(&own).unwrap();
    fs::copy(scenario, own.join("scenario.toml")).unwrap();
    let mut said = String::new();
    for args in [
        vec!["check", folder.path().to_str().unwrap()],
        vec!["list"],
        vec!["run", scenario, "--script", script, "--headless"],
        vec!["run", scenario, "--script", script, "--headless", "--json"],
        vec!["debrief"],
        vec!["debrief", "--format", "json"],
    ] {
        let (code, all) = run(folder.path(), &args);
        assert!(code.is_some_and(|code| code < 3), "{args:?}: {code:?} {all}");
        said.push_str(&all);
    }
    assert!(said.contains("owned"), "the texts are shown");
    let hidden = said.chars().find(|c| c.is_control() && *c != '\n' || ('\u{200b}'..='\u{202e}').contains(c));
    assert_eq!(hidden, None);
}

/// The good scenario with something put in place of something else.
fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(GOOD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

#[track_caller]
fn is_refused(text: &str, words: &str) {
    let problems = check("it.toml", text).expect_err("it asks too much");
    let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(said.iter().any(|message| message.contains(words)), "{said:?}");
    assert!(problems.len() <= 101);
}

#[test]
fn what_would_keep_the_program_busy_for_ever_is_refused() {
    // A chain of services whose long queues never come to rest.
    let service = |n: u32| {
        let calls =
            if n < 8 { format!("calls = [{{ service = \"s{}\", retries = 5 }}]", n + 1) } else { String::new() };
        format!(
            "[[service]]\nid = \"s{n}\"\ntitle = \"S\"\nworkers = 4\nservice-time = \"10ms\"\nqueue = 10000\ntimeout = \"1h\"\n{calls}\n\
             [[service.instance]]\nid = \"i-x{n}\"\nzone = \"us-east-1a\"\naddress = \"10.9.0.{n}\"\n[service.group]\nid = \"g{n}\"\nmax = 4\n\
             boot = {{ typical = \"3m\", basis = \"assumed\", source = \"judgement\" }}\nunhealthy-after = {{ typical = \"90s\", basis = \"assumed\", source = \"judgement\" }}\n\n"
        )
    };
    let chain: String = (1..=8).map(service).collect();
    is_refused(&changed(&[("[[resource]]", &format!("{chain}[[resource]]"))]), "hold up to 40016 requests");
    let short = chain.replace("queue = 10000", "queue = 1000");
    is_refused(&changed(&[("[[resource]]", &format!("{short}[[resource]]"))]), "the workload is too large");
    // A small workload for a whole day is fine, one that changes every minute is not.
    let day = ("length = \"30m\"", "length = \"1d\"");
    assert!(check("it.toml", &changed(&[day])).is_ok());
    let minutes: Vec<String> = (0..1_000).map(|at| format!("{{ from = \"{at}m\", rate = 1.0 }}")).collect();
    let minutes = format!("traffic = [{}]", minutes.join(", "));
    is_refused(&changed(&[day, ("traffic = [{ from = \"0s\", rate = 200.0 }]", &minutes)]), "changes 1000 times");
    // Records, detectors and channels without number.
    let many = "[[background]]\nsource = \"vpc-flow\"\nevery = \"1s\"\n".repeat(400);
    is_refused(&changed(&[("[[log]]", &format!("{many}[[log]]"))]), "log records would be written");
    let million = "[[background]]\nsource = \"vpc-flow\"\nevery = \"1s\"\n".repeat(9_000);
    is_refused(&changed(&[("[[log]]", &format!("{million}[[log]]"))]), "has 9001 entries");
    is_refused(&changed(&[("rate = 200.0", "rate = 1e9")]), "out of range");
    is_refused(&changed(&[("workers = 8", "workers = 1000000")]), "out of range");
    let steps: Vec<String> = (0..2_000).map(|at| format!("{{ from = \"{at}s\", rate = 1.0 }}")).collect();
    is_refused(
        &changed(&[("traffic = [{ from = \"0s\", rate = 200.0 }]", &format!("traffic = [{}]", steps.join(", ")))]),
        "2000 entries",
    );
}

#[test]
fn circles_of_stages_and_calls_are_found_however_long() {
    let stage = |n: u32, after: u32| {
        format!(
            "[[stage]]\nid = \"c{n}\"\ntitle = \"C\"\nbegins = {{ after-loss-of = \"c{after}\" }}\non = {{ instance = \"i-0001\" }}\nneeds = [\"instance\"]\n"
        )
    };
    let circle: String = (0..40).map(|n| stage(n, (n + 1) % 40)).collect();
    is_refused(&changed(&[("[[background]]", &format!("{circle}[[background]]"))]), "wait for one another");
    let problems = check("it.toml", &changed(&[("[[background]]", &format!("{circle}[[background]]"))])).unwrap_err();
    assert_eq!(problems.len(), 1, "a circle is told once: {problems:#?}");
}
