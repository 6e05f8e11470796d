//! Templates of a team's own, with the real program: named, in the settings, mistaken, hostile.

use std::fs;

use crate::cli::{assert_code, root, run, text};
use crate::fixture;
use crate::report::debrief_of;

fn with_a_drill() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let script = root("scenarios/open-ssh-port/holds.toml");
    assert_code(&run(data.path(), &["run", "open-ssh-port", "--script", &script, "--headless"]), 0);
    data
}

#[test]
fn the_printed_template_makes_the_built_in_page() {
    let data = with_a_drill();
    let printed = run(data.path(), &["debrief", "--print-template"]);
    assert_code(&printed, 0);
    let file = data.path().join("ours.html.jinja");
    fs::write(&file, &printed.stdout).unwrap();
    let built_in = run(data.path(), &["debrief", "--format", "html"]);
    assert_code(&built_in, 0);
    assert!(text(&built_in.stdout).starts_with("<!DOCTYPE html>"));
    let ours = run(data.path(), &["debrief", "--template", file.to_str().unwrap()]);
    assert_code(&ours, 0);
    assert_eq!(text(&ours.stdout), text(&built_in.stdout));
}

#[test]
fn a_template_in_the_settings_counts_where_what_it_makes_is_asked_for() {
    let data = with_a_drill();
    fs::write(data.path().join("settings.toml"), "report-template = \"ours.md\"\n").unwrap();
    fs::write(data.path().join("ours.md"), "# Ours: {{ debrief.verdict }}\n").unwrap();
    let markdown = run(data.path(), &["debrief"]);
    let exercise = "> **EXERCISE: simulated account. Nothing in this happened to real systems, customers or data.**";
    let expected = format!("{exercise}\n\n# Ours: held\n\n{exercise}\n");
    assert_eq!(text(&markdown.stdout), expected, "what it is stands there, whatever the template left out");
    let html = run(data.path(), &["debrief", "--format", "html"]);
    assert!(text(&html.stdout).starts_with("<!DOCTYPE html>"), "it makes Markdown, and that was not asked for");
    let json = run(data.path(), &["debrief", "--format", "json"]);
    assert!(text(&json.stdout).starts_with('{'));
    fs::write(data.path().join("other.html"), "<p>{{ debrief.drill|length }}</p>").unwrap();
    let other = data.path().join("other.html");
    let named = run(data.path(), &["debrief", "--template", other.to_str().unwrap()]);
    assert!(text(&named.stdout).contains("</p>\n<p>"), "the one that is named goes first: {}", text(&named.stderr));
}

#[test]
fn a_mistake_is_drawn_with_its_place_and_what_to_do() {
    let data = with_a_drill();
    let file = data.path().join("ours.html");
    fs::write(&file, "<h1>\n  {{ debrief.titel }}\n</h1>").unwrap();
    let output = run(data.path(), &["debrief", "--template", file.to_str().unwrap()]);
    assert_code(&output, 2);
    let said = text(&output.stderr);
    assert!(said.contains("ours.html:2:6"), "{said}");
    assert!(said.contains("there is no `debrief.titel` here") && said.contains("--format json"), "{said}");
    assert_eq!(text(&output.stdout), "");
}

/// A few steps of a template can set off a work without an end: it is bounded in time and memory, and told like any other mistake.
#[test]
fn a_template_that_takes_too_much_is_told_and_ends() {
    let data = with_a_drill();
    let grows = |start: &str, how: &str, told: &str| {
        format!(
            "{{% set ns = namespace(x={start}) %}}{{% for i in range(60) %}}{{% set ns.x = {how} %}}{{% endfor %}}{{{{ {told} }}}}"
        )
    };
    for bomb in [grows("[1, 2]", "ns.x + ns.x", "ns.x|length"), grows("{'a': 1}", "{'a': ns.x, 'b': ns.x}", "ns.x")] {
        let file = data.path().join("ours.html.jinja");
        fs::write(&file, &bomb).unwrap();
        let told = run(data.path(), &["debrief", "--template", file.to_str().unwrap()]);
        assert_code(&told, 2);
        assert!(text(&told.stderr).contains("goes on for too long, or makes too much"), "{}", text(&told.stderr));
        assert_eq!(text(&told.stdout), "");
    }
}

/// What nests without end, in the text of a template or in a value that it makes, ends in a mistake or in a report, never by a signal.
#[test]
fn a_template_that_nests_deeply_never_ends_the_program_without_a_word() {
    let data = with_a_drill();
    let many = |before: &str, inner: &str, after: &str| {
        format!("{{{{ {}{inner}{} }}}}", before.repeat(200_000), after.repeat(200_000))
    };
    let nested =
        "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}";
    for bomb in [
        many("-", "1", ""),
        many("", "1", "+1"),
        many("", "a", ".a"),
        many("f(", "1", ")"),
        many("[", "", "]"),
        nested.to_owned(),
        "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}".to_owned(),
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}".to_owned(),
    ] {
        let file = data.path().join("ours.html.jinja");
        fs::write(&file, &bomb).unwrap();
        let told = run(data.path(), &["debrief", "--template", file.to_str().unwrap()]);
        let begins = bomb.get(..60).unwrap_or(&bomb);
        assert!(matches!(told.status.code(), Some(0 | 2)), "{begins}: {} {}", told.status, text(&told.stderr));
        assert_eq!(told.status.code() == Some(0), text(&told.stderr).is_empty(), "{begins}: {}", text(&told.stderr));
    }
}

#[test]
fn what_is_no_template_is_said() {
    let data = with_a_drill();
    let folder = data.path().to_str().unwrap();
    for (file, code) in [(folder, 3), ("/dev/null/nothing", 3), ("/dev/zero", 3)] {
        let output = run(data.path(), &["debrief", "--template", file]);
        assert_code(&output, code);
        assert!(text(&output.stderr).starts_with("firedrill: failed to read"), "{}", text(&output.stderr));
    }
    let json = run(data.path(), &["debrief", "--format", "json", "--template", folder]);
    assert_code(&json, 2);
    assert!(text(&json.stderr).contains("HTML or Markdown"));
}

#[test]
fn the_guide_names_everything_that_a_template_is_handed() {
    let guide = fs::read_to_string(root("assets/report/README.md")).unwrap();
    let named = |name: &str| guide.contains(&format!("`{name}`"));
    let debrief = serde_json::to_value(debrief_of(&fixture::drill())).unwrap();
    for key in debrief.as_object().unwrap().keys() {
        assert!(named(key), "debrief.{key} is not in the guide");
    }
    let charts = firedrill_report::chart::charts(&debrief_of(&fixture::drill()));
    for key in serde_json::to_value(charts).unwrap().as_object().unwrap().keys() {
        assert!(named(key), "charts.{key} is not in the guide");
    }
    let page = firedrill_report::template::built_in();
    for block in page.split("{% block ").skip(1).filter_map(|rest| rest.split(' ').next()) {
        assert!(named(block), "the block {block} is not in the guide");
    }
    let filters = fs::read_to_string(root("crates/report/src/template/filters.rs")).unwrap();
    for filter in filters.split("add_filter(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(named(filter), "the filter {filter} is not in the guide");
    }
}
