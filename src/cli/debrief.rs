//! `firedrill debrief [DRILL]`: the after-action report.

use std::path::Path;

use super::args::{ALIAS, Args, ColorWhen, Debrief, Format};
use super::exit::{Exit, Failure};
use super::{history, output, own_template, place};
use crate::host::cast::Style;
use crate::host::desk::{Desk, Told};
use crate::tui::Theme;
use firedrill_core::projection::wording;
use firedrill_model::id::DrillId;
use firedrill_model::{Shown, shown};
use firedrill_record::store::DataDir;
use firedrill_report::template::{self, Kind, Template};

/// Prints the debrief, or writes it to a file.
///
/// # Errors
/// When there is no such drill, or it can't be read, or the template has a mistake, or the report can't be written.
pub fn run(args: &Args, debrief: &Debrief) -> Result<Exit, Failure> {
    if debrief.print_template {
        give(debrief.output.as_deref(), template::built_in(), &"The built-in template".into())?;
        return Ok(Exit::Done);
    }
    let data = place::data_to_read(args)?;
    let form = form(args, debrief, &data)?;
    let drill = match &debrief.drill {
        Some(name) => place::drill(&data, name)?,
        None => place::latest_drill(&data)?,
    };
    let desk = Desk { data, alias: ALIAS.into(), pace: None };
    let report = render(args, debrief, &form, &drill, &desk.told(&drill, debrief.names)?)?;
    give(debrief.output.as_deref(), &report, &shown!("The debrief of {}", drill))?;
    Ok(Exit::Done)
}

/// Prints a text, or writes it to a file and says so.
fn give(file: Option<&Path>, text: &str, what: &Shown) -> Result<(), Failure> {
    let Some(path) = file else { return output::document(text) };
    let shown = place::shown(path);
    std::fs::write(path, text).map_err(|error| Failure::outside(&shown!("write {}", shown), &error))?;
    output::aside(&shown!("{} is in {}.", what, shown));
    Ok(())
}

/// In which form, and through which template of the team's own.
struct Form {
    format: Format,
    template: Option<Template>,
}

/// A template that is named goes before the one in the settings, which counts where what it makes is asked for.
fn form(args: &Args, debrief: &Debrief, data: &DataDir) -> Result<Form, Failure> {
    if let Some(path) = &debrief.template {
        let named = Kind::of(&path.to_string_lossy());
        let kind = debrief.format.map_or(Some(named), kind_of);
        let kind = kind.ok_or_else(|| {
            Failure::Usage("a template makes HTML or Markdown; leave out --template for the other forms".into())
        })?;
        return Ok(Form { format: format_of(kind), template: Some(read(args, path, kind)?) });
    }
    let format = debrief.format.unwrap_or(Format::Markdown);
    let Some(kind) = kind_of(format) else { return Ok(Form { format, template: None }) };
    let settings = history::settings(args, data)?;
    let own = settings.report_template.map(|file| data.path().join(file.as_str()));
    let own = own.filter(|path| Kind::of(&path.to_string_lossy()) == kind);
    Ok(Form { format, template: own.map(|path| read(args, &path, kind)).transpose()? })
}

fn read(args: &Args, path: &Path, kind: Kind) -> Result<Template, Failure> {
    let text = place::read(path, false).map_err(|unread| unread.into_failure(args))?;
    Ok(Template { file: place::shown(path).to_string(), text, kind })
}

fn kind_of(format: Format) -> Option<Kind> {
    match format {
        Format::Html => Some(Kind::Html),
        Format::Markdown => Some(Kind::Markdown),
        _ => None,
    }
}

fn guardduty(told: &Told) -> String {
    let exported = firedrill_report::guardduty::render(&told.view, &told.debrief.trust);
    if exported.left_out > 0 {
        let left_out = wording::count(exported.left_out, "finding is", "findings are");
        output::aside(&shown!("{} not GuardDuty's and left out; --format ocsf has all.", left_out));
    }
    exported.text
}

/// A recording is looked at elsewhere: it has colours unless somebody refuses them.
fn theme(args: &Args) -> Theme {
    let refused = args.color == ColorWhen::Never || (args.color == ColorWhen::Auto && output::no_color());
    if refused { Theme::mono() } else { Theme::sixteen() }
}

fn format_of(kind: Kind) -> Format {
    match kind {
        Kind::Html => Format::Html,
        Kind::Markdown => Format::Markdown,
    }
}

fn render(args: &Args, asked: &Debrief, form: &Form, drill: &DrillId, told: &Told) -> Result<String, Failure> {
    let debrief = &told.debrief;
    let mistakes = |mistake: Box<_>| Failure::Mistakes(output::rendered(args, &[*mistake]));
    if let Some(own) = &form.template {
        return own_template::render(debrief, own).map_err(mistakes);
    }
    Ok(match form.format {
        Format::Html => firedrill_report::html::render(debrief).map_err(mistakes)?,
        Format::Markdown => firedrill_report::markdown::render(debrief).into(),
        Format::Json => firedrill_report::json::render(debrief),
        Format::Csv => firedrill_report::timeline::csv(debrief),
        Format::Junit => firedrill_report::junit::render(debrief),
        Format::Guardduty => guardduty(told),
        Format::Ocsf => firedrill_report::ocsf::render(&told.view, drill, &told.debrief.trust),
        Format::Msel => firedrill_report::msel::csv(&told.view, &told.words, &told.debrief.trust),
        Format::Navigator => firedrill_report::navigator::of_drill(&told.view, drill, &told.debrief.trust),
        Format::Asciicast => told.cast(Style { size: asked.size, speed: asked.speed, theme: theme(args) })?,
    })
}
