//! The report as a page, read by a parser that browsers use: well-formed, readable by ear and by keyboard, no network, no script, and
//! nothing that a stranger wrote is ever markup.

use std::collections::BTreeSet;

use base64::Engine as _;
use firedrill_core::projection::debrief::{self, Debrief, HappenedRow};
use firedrill_core::projection::moment::Readings;
use firedrill_model::{SafeText, WordBook};
use firedrill_report::chart;
use proptest::prelude::*;
use scraper::{ElementRef, Html, Node, Selector};
use sha2::{Digest, Sha256};

use crate::fixture::{self, Tape};
use crate::report::debrief_of;
use crate::report_hostile::{HOSTILE, debrief_with};

fn page(debrief: &Debrief) -> Html {
    let text = firedrill_report::html::render(debrief).unwrap_or_else(|mistake| panic!("{mistake:?}"));
    let page = Html::parse_document(&text);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    page
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect()
}

/// Debriefs of several kinds: a whole drill, nothing at all, a drill under way.
fn several() -> Vec<Debrief> {
    let whole = fixture::drill();
    let mut half = Tape::new();
    half.entries = whole.entries.get(..whole.entries.len() / 3).unwrap().to_vec();
    half.words = whole.words.clone();
    vec![debrief_of(&whole), debrief_of(&Tape::new()), debrief_of(&half), debrief_with("a <b> & \"c\"")]
}

#[test]
fn every_name_is_there_once_and_whatever_is_named_is_there() {
    for debrief in several() {
        let page = page(&debrief);
        let ids: Vec<&str> = all(&page, "[id]").iter().map(|element| element.attr("id").unwrap()).collect();
        let known: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(known.len(), ids.len(), "an id stands there twice: {ids:?}");
        for element in all(&page, "[aria-labelledby]") {
            for id in element.attr("aria-labelledby").unwrap().split(' ') {
                assert!(known.contains(id), "#{id} is not there");
            }
        }
        for link in all(&page, "a[href]") {
            let target = link.attr("href").unwrap().strip_prefix('#');
            assert!(target.is_some_and(|id| known.contains(id)), "{}", link.html());
        }
    }
}

#[test]
fn headings_are_in_order_and_landmarks_are_there() {
    for debrief in several() {
        let page = page(&debrief);
        let mut before = 0;
        for heading in all(&page, "h1, h2, h3, h4, h5, h6") {
            let level: u32 = heading.value().name()[1..].parse().unwrap();
            assert!(level <= before + 1, "h{level} after h{before}: {}", text_of(heading));
            assert!(!text_of(heading).trim().is_empty());
            before = level;
        }
        for landmark in ["h1", "header", "nav[aria-label]", "main", "footer", "title"] {
            assert_eq!(all(&page, &format!("{landmark}:not(svg *)")).len(), 1, "{landmark}");
        }
        assert_eq!(all(&page, "html[lang]").len(), 1);
        let first = all(&page, "body a").first().copied().unwrap();
        assert_eq!((first.attr("class"), first.attr("href")), (Some("skip"), Some("#learn")));
    }
}

#[test]
fn tables_have_names_and_their_heads_say_what_they_are_for() {
    for debrief in several() {
        let page = page(&debrief);
        assert!(!all(&page, "table").is_empty());
        for table in all(&page, "table") {
            let caption = table.select(&Selector::parse("caption").unwrap()).next();
            let named = table.attr("aria-labelledby").or(table.attr("aria-label"));
            assert!(caption.is_some() || named.is_some(), "{}", table.html());
            let columns = table.select(&Selector::parse("thead th").unwrap()).count();
            for row in table.select(&Selector::parse("tbody tr").unwrap()) {
                assert_eq!(row.child_elements().count(), columns, "{}", row.html());
            }
        }
        for head in all(&page, "th") {
            assert!(matches!(head.attr("scope"), Some("col" | "row")), "{}", head.html());
        }
        for region in all(&page, ".scroll") {
            assert_eq!(region.attr("tabindex"), Some("0"), "what scrolls can be reached by keyboard");
            assert!(region.attr("aria-labelledby").or(region.attr("aria-label")).is_some());
        }
    }
}

#[test]
fn charts_say_in_words_what_they_show() {
    let page = page(&debrief_of(&fixture::drill()));
    let charts = all(&page, "svg");
    assert!(charts.len() >= 4, "timeline, way of a finding, steps, confidence: {}", charts.len());
    for chart in charts {
        assert_eq!(chart.attr("role"), Some("img"));
        let names: Vec<&str> = chart.child_elements().take(2).map(|child| child.value().name()).collect();
        assert_eq!(names, ["title", "desc"]);
        assert!(chart.child_elements().take(2).all(|child| !text_of(child).trim().is_empty()));
    }
}

#[test]
fn what_charts_show_stands_in_lists_too() {
    let debrief = debrief_of(&fixture::drill());
    let page = page(&debrief);
    let cells: Vec<String> = all(&page, "td, th, li").into_iter().map(text_of).collect();
    let stands = |text: &str| cells.iter().any(|cell| cell.contains(text));
    for bar in &debrief.bars {
        assert!(stands(bar.what.as_str()), "{}", bar.what);
    }
    for course in &debrief.signals {
        assert!(stands(course.title.as_str()), "{}", course.title);
    }
    for step in &debrief.steps {
        assert!(stands(step.title.as_str()), "{}", step.title);
    }
    for row in debrief.pipelines.iter().flat_map(|way| &way.rows) {
        assert!(stands(row.words.as_str()), "{}", row.words);
    }
}

#[test]
fn the_page_asks_the_network_for_nothing_and_runs_nothing() {
    for debrief in several() {
        let page = page(&debrief);
        assert!(all(&page, "script, link, img, iframe, object, embed, form, base, audio, video, foreignObject, use, image, animate, set").is_empty());
        for element in page.tree.nodes().filter_map(ElementRef::wrap) {
            for (name, value) in element.value().attrs() {
                let runs = name.starts_with("on")
                    || name == "style"
                    || name == "src"
                    || name == "srcset"
                    || name == "xlink:href";
                assert!(!runs, "{name}={value}");
                let points = name != "xmlns" && (value.contains("://") || value.contains("javascript:"));
                assert!(!points || element.value().name() == "meta", "{name}={value}");
            }
        }
        let style = text_of(all(&page, "style")[0]);
        assert!(!style.contains("url(") && !style.contains("@import"), "a style asks for nothing either");
    }
}

#[test]
fn the_policy_allows_the_style_that_stands_there_and_nothing_else() {
    let page = page(&debrief_of(&fixture::drill()));
    let styles = all(&page, "style");
    assert_eq!(styles.len(), 1);
    let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text_of(styles[0])));
    let policy = all(&page, "meta[http-equiv]")[0].attr("content").unwrap();
    assert_eq!(policy, format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"));
}

#[test]
fn the_page_opens_on_what_can_be_learned_and_not_on_a_score() {
    let page = page(&debrief_of(&fixture::drill()));
    let headings: Vec<String> = all(&page, "h2, h3").into_iter().map(text_of).collect();
    let place = |what: &str| headings.iter().position(|heading| heading.starts_with(what));
    let order =
        ["What can be learned", "What was expected", "Guesses", "What surprised us", "The verdict", "How it went"];
    let places: Vec<usize> =
        order.iter().map(|what| place(what).unwrap_or_else(|| panic!("{what}: {headings:?}"))).collect();
    assert!(places.is_sorted(), "{headings:?}");
}

#[test]
fn a_surprise_leads_to_its_line() {
    let debrief = debrief_of(&fixture::drill());
    let page = page(&debrief);
    let links = all(&page, ".surprises a");
    assert!(!links.is_empty(), "{:?}", debrief.surprises);
    for link in links {
        let line = all(&page, &format!("tr[id=\"{}\"]", link.attr("href").unwrap().trim_start_matches('#')));
        let time = text_of(line[0].child_elements().next().unwrap());
        assert!(text_of(link).contains(&time), "{} is not at {time}", text_of(link));
    }
}

#[test]
fn the_ground_truth_waits_for_verify() {
    let tape = fixture::drill();
    let mut half = Tape::new();
    half.entries = tape.entries.get(..tape.entries.len() / 3).unwrap().to_vec();
    let debrief = debrief_of(&half);
    assert!(debrief.truth.is_blank());
    let page = page(&debrief);
    assert!(text_of(all(&page, "#learn")[0]).contains("The drill is not over"));
    assert!(!text_of(all(&page, "main")[0]).contains("What really went on\n"));
    assert!(all(&page, "svg .adversary").is_empty(), "nor is it drawn");
}

#[test]
fn confidence_is_drawn_by_how_the_step_went_and_the_timeline_as_long_as_the_drill() {
    let debrief = debrief_of(&fixture::drill());
    let page = page(&debrief);
    let went = |title: &SafeText| {
        debrief.steps.iter().find(|step| step.title == *title).and_then(|step| Some(step.seconds? > step.goal))
    };
    let expected = |outcome| debrief.confidence.iter().filter(|point| went(&point.step) == outcome).count();
    for (class, outcome) in [("longer", Some(true)), ("within", Some(false)), ("untimed", None)] {
        let drawn = all(&page, &format!("#confidence-title ~ .point.{class}")).len();
        assert_eq!(drawn, expected(outcome) + 1, "{class}: each answer, and one in the legend");
    }
    let marks = all(&page, "#timeline-title ~ polygon.marks").len();
    assert_eq!(marks, debrief.marks.iter().filter(|mark| mark.at.is_some()).count());
    let signals = all(&page, "#timeline-title ~ polyline.signal").len();
    assert_eq!(signals, debrief.signals.iter().filter(|course| !course.points.is_empty()).count());
}

#[test]
fn no_figure_breaks_a_chart() {
    let mut debrief = debrief_of(&fixture::drill());
    for figure in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 0.0] {
        debrief.signals.iter_mut().for_each(|course| {
            course.bound = Some(figure);
            course.points.extend([(figure, figure), (100.0, figure), (figure, 1.0)]);
        });
        debrief.bars.iter_mut().for_each(|bar| (bar.from, bar.until) = (figure, Some(figure)));
        debrief.marks.iter_mut().for_each(|mark| mark.at = Some(figure));
        debrief.steps.iter_mut().for_each(|step| (step.goal, step.seconds) = (figure, Some(figure)));
        debrief.confidence.iter_mut().for_each(|point| (point.at, point.confidence) = (figure, 200));
        let page = page(&debrief);
        for element in all(&page, "svg, svg *") {
            for (name, value) in
                element.value().attrs().filter(|(name, _)| !["class", "id", "aria-labelledby"].contains(name))
            {
                assert!(!value.contains("NaN") && !value.contains("inf"), "{figure}: {name}={value}");
            }
        }
    }
}

/// The page without its texts, titles of charts and places in them: what a text could change if it were markup.
fn structure(page: &Html) -> Vec<String> {
    let drawn = ["text", "rect", "polygon", "polyline", "line", "circle", "path"];
    let elements = page.tree.nodes().filter_map(ElementRef::wrap);
    let outside_of_charts = elements.filter(|element| !drawn.contains(&element.value().name()));
    outside_of_charts
        .map(|element| {
            let attributes = element
                .value()
                .attrs()
                .filter(|(name, _)| !["content", "height", "viewbox"].contains(&name.to_lowercase().as_str()));
            format!("{} {:?}", element.value().name(), attributes.collect::<Vec<_>>())
        })
        .collect()
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let (hostile, plain) = (page(&debrief_with(text)), page(&debrief_with("plain")));
    let (shown, expected) = (structure(&hostile), structure(&plain));
    let differs = shown.iter().zip(&expected).find(|(one, other)| one != other);
    prop_assert_eq!(differs, None, "{:?} changes the structure", text);
    prop_assert_eq!(shown.len(), expected.len(), "{:?} changes the structure", text);
    let comments = hostile.tree.nodes().filter(|node| matches!(node.value(), Node::Comment(_))).count();
    prop_assert_eq!(comments, 0, "{:?} became a comment", text);
    let said = text_of(all(&hostile, "main")[0]);
    let wanted = SafeText::one_line(SafeText::new(text).as_str());
    prop_assert!(said.contains(wanted.as_str().trim()), "{:?} is not shown as it is", text);
    Ok(())
}

#[test]
fn hostile_text_is_shown_and_means_nothing() {
    let more = [
        "</style><script>",
        "]]>",
        "</title></svg><script>alert(1)</script>",
        "\" onload=\"alert(1)",
        "' x='",
        "</td></table>",
        "{{ 7 * 7 }} {% raw %}",
        "&#x3c;script&#x3e;",
    ];
    for text in HOSTILE.iter().chain(&more).filter(|text| !SafeText::new(text).is_blank()) {
        check(text).unwrap_or_else(|error| panic!("{error}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_text_is_shown_and_means_nothing(text in "\\PC{1,60}|[<>&\"'`=/!{}%#; a-z\n\t-]{1,40}") {
        prop_assume!(!SafeText::new(&text).is_blank());
        check(&text)?;
    }
}

#[test]
fn an_enormous_drill_stays_a_page() {
    let mut debrief = debrief_of(&fixture::drill());
    let row = |n: u32| HappenedRow {
        at: f64::from(n) / 10.0,
        seq: u64::from(n),
        readings: Readings {
            t: "T+00:00".into(),
            utc: "2026-11-24T09:00:00.000Z".into(),
            recorded_at: "2026-11-24T09:00:00.000Z".into(),
        },
        lane: ["adversary", "detection", "people", "workload", "message"][n as usize % 5].into(),
        text: "Something happened on i-0a1b2c3d4e5f60001, and it took a line to say what".into(),
    };
    debrief.happened = (0..50_000).map(row).collect();
    debrief.bars = debrief.bars.iter().cycle().take(1_000).cloned().collect();
    debrief.steps = debrief.steps.iter().cycle().take(500).cloned().collect();
    let text = firedrill_report::html::render(&debrief).unwrap();
    assert!(text.len() < 3_000_000, "{}", text.len());
    let drawn = chart::charts(&debrief);
    assert!(drawn.timeline.len() + drawn.steps.len() < 200_000, "{}", drawn.timeline.len());
    assert!(text.contains("The first 3000 lines") && text.contains("--format csv"));
    assert!(text.contains("<details class=\"long\">"), "folded, and not printed");
}

#[test]
fn erased_words_say_so() {
    let mut tape = fixture::drill();
    tape.words = WordBook::default();
    let debrief = debrief::build(&tape.view(), &tape.words, &fixture::drill_id(), &[]);
    let page = page(&debrief);
    assert!(text_of(all(&page, "main")[0]).contains("[erased]"));
}

#[test]
fn the_same_debrief_is_the_same_page() {
    let debrief = debrief_of(&fixture::drill());
    assert_eq!(firedrill_report::html::render(&debrief), firedrill_report::html::render(&debrief));
}

/// Relative luminance of `#rrggbb`, as WCAG 2.2 defines it.
fn luminance(colour: &str) -> f64 {
    let hex = colour.trim_start_matches('#');
    let hex = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// What no checker in a browser can see: texts and lines of charts against the page, in light, in dark and on paper.
#[test]
fn colours_can_be_told_from_their_ground() {
    let style = std::fs::read_to_string(crate::cli::root("assets/report/debrief.css")).unwrap();
    let grounds: Vec<&str> = style.split("--paper: ").skip(1).map(|rest| rest.split(';').next().unwrap()).collect();
    assert_eq!(grounds.len(), 3, "light, dark and paper");
    for (name, least) in [
        ("ink", 7.0),
        ("quiet", 4.5),
        ("accent", 4.5),
        ("good", 4.5),
        ("bad", 4.5),
        ("hatch", 3.0),
        ("adversary", 3.0),
        ("detection", 3.0),
        ("people", 3.0),
        ("workload", 3.0),
        ("message", 3.0),
    ] {
        let key = format!("--{name}: ");
        let colours = style.split(&key).skip(1).map(|rest| rest.split(';').next().unwrap());
        let pairs: Vec<_> = colours.zip(&grounds).collect();
        assert_eq!(pairs.len(), 3, "{name}");
        for (colour, ground) in pairs {
            let found = contrast(colour, ground);
            assert!(found >= least, "{name} {colour} on {ground}: {found:.1}");
        }
    }
}
