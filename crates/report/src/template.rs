//! Reports through a template: the built-in page, or one of a team's own.
//!
//! An own template is a stranger's program as far as this one is concerned: it can read what it is handed and the built-in templates,
//! no file, and each step uses up fuel. What a few steps can set off (a list that was doubled sixty times is counted for ever) is for
//! whoever renders it to bound, in time and memory. What it prints of the debrief is escaped unless it says otherwise.

mod filters;
mod mistake;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value, context, escape_formatter};

use super::{chart, escape};
use firedrill_authoring::Problem;
use firedrill_core::projection::Debrief;

/// The built-in templates: the name by which a template takes one in, and its text.
const BUILT_IN: [(&str, &str); 3] = [
    (PAGE, include_str!("../../../assets/report/debrief.html.jinja")),
    ("built-in/parts.html", include_str!("../../../assets/report/parts.html.jinja")),
    (STYLE, include_str!("../../../assets/report/debrief.css")),
];
/// The one that is a whole page.
const PAGE: &str = "built-in/debrief.html";
/// How it looks; it is no markup, so nothing in it is escaped.
const STYLE: &str = "built-in/debrief.css";
/// What a template may use up: about an instruction, or 64 bytes that it makes. The page of a drill of 50,000 lines takes less than a fifth of it.
const FUEL: u64 = 4_000_000;
/// What stands where nothing is known.
const NOTHING: &str = "\u{2013}";

/// What a template makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page; texts are escaped as HTML.
    Html,
    /// Texts are escaped as Markdown.
    Markdown,
}

impl Kind {
    /// What a file of this name makes: Markdown if it says `.md`, else a page.
    #[must_use]
    pub fn of(file: &str) -> Self {
        let name = file.to_ascii_lowercase();
        let name = name.trim_end_matches(".jinja").trim_end_matches(".j2");
        let markdown = [".md", ".markdown"].into_iter().any(|ending| name.ends_with(ending));
        if markdown { Self::Markdown } else { Self::Html }
    }
}

/// A template of a team's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its file, as mistakes name it.
    pub file: String,
    /// What is in it.
    pub text: String,
    /// What it makes.
    pub kind: Kind,
}

/// The built-in page's template, to begin an own one with.
#[must_use]
pub fn built_in() -> &'static str {
    text_of(PAGE).unwrap_or_default()
}

fn text_of(name: &str) -> Option<&'static str> {
    BUILT_IN.into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
}

/// Renders a debrief through a template, or through the built-in page where there is none.
///
/// # Errors
/// The first mistake of the template: where it is, and what to do about it.
pub fn render(debrief: &Debrief, own: Option<&Template>) -> Result<String, Box<Problem>> {
    let page;
    let template = if let Some(own) = own {
        own
    } else {
        page = Template { file: PAGE.to_owned(), text: built_in().to_owned(), kind: Kind::Html };
        &page
    };
    let made = environment(template).and_then(|environment| {
        let parsed = environment.template_from_named_str(&template.file, &template.text)?;
        parsed.render(values(debrief))
    });
    let made = made.map_err(|error| Box::new(mistake::of(&error, template)))?;
    Ok(marked(made, debrief, template.kind))
}

/// What is said of a template that takes more time or memory than whoever renders it gives.
#[must_use]
pub fn too_much(template: &Template) -> Problem {
    mistake::too_much(template)
}

/// What is said where a template can't be rendered, because the system gives the program too little room for it.
#[must_use]
pub fn no_room(template: &Template) -> Problem {
    mistake::no_room(template)
}

/// What a template of a team's own makes says what it is as well, at the head and at the foot, whatever the template left out.
fn marked(made: String, debrief: &Debrief, kind: Kind) -> String {
    let exercise = debrief.exercise.as_str();
    // Once is the head or the foot, and twice may be both.
    if made.matches(exercise).count() > 1 {
        return made;
    }
    match kind {
        Kind::Markdown => format!("> **{exercise}**\n\n{}\n\n> **{exercise}**\n", made.trim_end()),
        Kind::Html => {
            let banner = format!("<p role=\"note\"><strong>{exercise}</strong></p>\n");
            let head = made.find("<body").and_then(|at| Some(at + made.get(at..)?.find('>')? + 1)).unwrap_or_default();
            let (before, after) = made.split_at(head);
            let (inside, end) = after.split_at(after.rfind("</body>").unwrap_or(after.len()));
            format!("{before}\n{banner}{inside}{banner}{end}")
        }
    }
}

/// What a template is handed: the debrief as its JSON has it, the charts, and the program.
fn values(debrief: &Debrief) -> Value {
    context! {
        debrief => Value::from(Serde(debrief)),
        charts => charts(debrief),
        program => context! { name => "firedrill", version => env!("CARGO_PKG_VERSION") },
    }
}

/// Charts are elements already, with every text in them escaped.
fn charts(debrief: &Debrief) -> Value {
    let charts = chart::charts(debrief);
    context! {
        timeline => Value::from_safe_string(charts.timeline),
        pipelines => charts.pipelines.into_iter().map(Value::from_safe_string).collect::<Vec<_>>(),
        steps => Value::from_safe_string(charts.steps),
        confidence => Value::from_safe_string(charts.confidence),
        outside => Value::from(Serde(charts.outside)),
    }
}

fn environment(template: &Template) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    let (own, kind) = (template.file.clone(), template.kind);
    environment.set_auto_escape_callback(move |name| match (kind, name) {
        (Kind::Markdown, name) if name == own => AutoEscape::Custom("markdown".into()),
        (_, STYLE) if own != STYLE => AutoEscape::None,
        _ => AutoEscape::Html,
    });
    environment.set_formatter(write);
    filters::add(&mut environment);
    for (name, text) in BUILT_IN {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

/// Writes a value, escaped as its template has it; a dash for what is not in the record.
fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_none() {
        return out.write_str(NOTHING).map_err(Error::from);
    }
    match state.auto_escape() {
        AutoEscape::Custom(_) if value.is_safe() => out.write_str(&value.to_string()).map_err(Error::from),
        AutoEscape::Custom(_) => out.write_str(&escape::escaped(&value.to_string())).map_err(Error::from),
        _ => escape_formatter(out, state, value),
    }
}

#[cfg(test)]
mod tests;
