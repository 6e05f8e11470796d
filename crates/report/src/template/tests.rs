use super::*;
use firedrill_core::projection::{Fold, debrief};
use firedrill_model::WordBook;
use firedrill_model::id::DrillId;
use std::sync::Arc;

fn empty() -> Debrief {
    let text = include_str!("../../../../scenarios/crypto-mining/scenario.toml");
    let scenario = Arc::new(firedrill_authoring::check("crypto-mining", text).unwrap());
    debrief::build(&Fold::open(scenario), &WordBook::default(), &DrillId::new("2026-11-24-brave-otter").unwrap(), &[])
}

fn own(file: &str, text: &str) -> Result<String, Box<Problem>> {
    let template = Template { file: file.to_owned(), text: text.to_owned(), kind: Kind::of(file) };
    render(&empty(), Some(&template))
}

fn mistake(text: &str) -> (usize, usize, String, String) {
    let problem = own("ours.html", text).unwrap_err();
    assert_eq!(problem.file.as_str(), "ours.html");
    (problem.line, problem.column, problem.message.to_string(), problem.advice.unwrap().to_string())
}

#[test]
fn an_own_template_is_rendered_and_its_texts_are_escaped() {
    let html = own(
        "ours.html",
        "<h1>{{ debrief.drill }}</h1>{{ \"<b>\" }}{{ 340.4|clock }} {{ 72|duration }} {{ none|clock }}",
    );
    assert!(html.unwrap().contains("\n<h1>2026-11-24-brave-otter</h1>&lt;b&gt;05:40 1 min 12 s –<"));
    let markdown = own("ours.md.jinja", "# {{ debrief.drill }} {{ \"*b* <i>\" }} {{ none }} {{ [1, 2]|length }}");
    assert!(markdown.unwrap().contains("\n# 2026-11-24-brave-otter \\*b\\* \\<i\\> – 2\n"));
}

#[test]
fn an_own_template_can_change_one_part_of_the_built_in_page() {
    let text = "{% extends \"built-in/debrief.html\" %}{% block footer %}<p>Blue team only</p>{% endblock %}\
                {% block style %}{{ super() }}\nbody { color: red }{% endblock %}";
    let page = own("ours.html", text).unwrap();
    assert!(page.contains("<p>Blue team only</p>") && page.contains("body { color: red }"));
    assert!(page.contains("<main"), "the rest is the built-in page");
}

#[test]
fn mistakes_say_where_they_are_and_what_to_do() {
    let (line, column, message, advice) = mistake("a\n  {{ debrief.nothing_like_it }}");
    assert_eq!((line, column), (2, 6), "{message}");
    assert_eq!(message, "there is no `debrief.nothing_like_it` here");
    assert!(advice.contains("--format json"));

    let (line, _, message, _) = mistake("a\n{% for x in %}");
    assert_eq!(line, 2, "{message}");
    assert!(message.starts_with("syntax error"), "{message}");

    let (line, column, message, _) = mistake("\n\n{{ 1|shout }}");
    assert_eq!((line, column), (3, 6), "{message}");
    assert!(message.contains("unknown filter") && message.contains("shout"), "{message}");
}

#[test]
fn an_own_template_can_reach_no_file() {
    for name in ["/etc/passwd", "../../Cargo.toml", "Cargo.toml", "file:///etc/passwd"] {
        for text in [format!("{{% include \"{name}\" %}}"), format!("{{% extends \"{name}\" %}}")] {
            let (line, _, message, advice) = mistake(&text);
            assert_eq!(line, 1);
            assert!(message.contains("no such template"), "{message}");
            assert!(advice.contains("built-in/debrief.html"), "{advice}");
        }
    }
}

#[test]
fn an_own_template_ends_and_stays_small() {
    let bombs = [
        "{% for a in range(100000) %}{% for b in range(100000) %}{{ b }}{% endfor %}{% endfor %}",
        "{% set x = \"x\" * 1000000000 %}{{ x }}",
        "{% macro f(x) %}{{ f(x ~ x) }}{% endmacro %}{{ f(\"x\") }}",
        "{% set ns = namespace(x=\"xxxxxxxx\") %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% include \"built-in/debrief.html\" %}{% for i in range(100000) %}{% include \"built-in/debrief.html\" %}{% endfor %}",
    ];
    for bomb in bombs {
        let problem = own("ours.html", bomb).unwrap_err();
        let said = problem.message.as_str();
        assert!(said.contains("too long") || said.contains("recursion"), "{bomb}: {said}");
    }
}

#[test]
fn the_kind_is_read_off_the_name() {
    assert_eq!(Kind::of("report.md"), Kind::Markdown);
    assert_eq!(Kind::of("a/report.MD.jinja"), Kind::Markdown);
    assert_eq!(Kind::of("report.html.jinja"), Kind::Html);
    assert_eq!(Kind::of("report"), Kind::Html);
}
