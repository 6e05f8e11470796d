//! The settings of a data folder: one small file, `settings.toml`. Without it, everything is as it comes.
//!
//! ```toml
//! team = "Blue team"      # who drills here; kept with each new drill, and `history` tells teams apart
//! overdue-days = 90       # a technique that was not drilled for longer is overdue
//! retention-days = 365    # after so long, erasing names and remarks is proposed; nothing is erased unasked
//! report-template = "ours.html.jinja"   # the debrief's own template, here in the data folder or elsewhere
//! allowed-signers = "allowed_signers"   # who may seal records, as OpenSSH reads it; here in the data folder or elsewhere
//! ```

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use firedrill_authoring::Problem;
use firedrill_authoring::problem::{self, Code};
use firedrill_model::SafeText;
use firedrill_record::store::{DataDir, StoreFault};

/// Name of the file.
pub const SETTINGS: &str = "settings.toml";
/// Most bytes of it.
const MOST_BYTES: u64 = 64 * 1024;
/// Days until a technique is overdue, unless the file says otherwise: a quarter, which is how often guides on exercises ask for one.
pub const OVERDUE_DAYS: u32 = 90;
/// Most days of any setting: a hundred years.
const MOST_DAYS: u32 = 36_500;
/// Most characters of a team's name.
const MOST_TEAM: usize = 60;
/// Most characters of a path.
const MOST_PATH: usize = 1_000;
const KEYS: [&str; 5] = ["team", "overdue-days", "retention-days", "report-template", "allowed-signers"];

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Who drills here.
    pub team: Option<SafeText>,
    /// Days after which a technique that was not drilled is overdue.
    pub overdue_days: u32,
    /// Days after which erasing names and remarks is proposed; never without.
    pub retention_days: Option<u32>,
    /// A template of the team's own for the debrief, as it is written: a path that counts from the data folder.
    pub report_template: Option<String>,
    /// A file of allowed signers, as it is written: a path that counts from the data folder.
    pub allowed_signers: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            team: None,
            overdue_days: OVERDUE_DAYS,
            retention_days: None,
            report_template: None,
            allowed_signers: None,
        }
    }
}

/// Why there are no settings to go by.
#[derive(Debug, thiserror::Error)]
pub enum SettingsFault {
    /// The file can't be read.
    #[error(transparent)]
    Store(#[from] StoreFault),
    /// The file has mistakes, each with line and column.
    #[error("read {}: it has mistakes", SETTINGS)]
    Mistakes(Vec<Problem>),
}

impl SettingsFault {
    /// The reason on one line, for a list of notices.
    #[must_use]
    pub fn short(&self) -> SafeText {
        match self {
            Self::Store(fault) => SafeText::one_line(&format!("Failed to {fault}")),
            Self::Mistakes(all) => {
                let first = all.first().map_or_else(String::new, |one| {
                    format!("line {}, column {}: {}", one.line, one.column, one.message)
                });
                SafeText::one_line(&format!("{SETTINGS}, {first}. Until that is mended, nothing in it counts."))
            }
        }
    }
}

impl Settings {
    /// The settings of a data folder.
    ///
    /// # Errors
    /// When the file is there and can't be read, or has mistakes.
    pub fn of(data: &DataDir) -> Result<Self, SettingsFault> {
        let Some(bytes) = data.small_file(SETTINGS, MOST_BYTES)? else { return Ok(Self::default()) };
        let text = String::from_utf8_lossy(&bytes);
        parse(&data.path().join(SETTINGS).to_string_lossy(), &text).map_err(SettingsFault::Mistakes)
    }
}

/// Reads the text of a settings file. `file` is its name for messages.
///
/// # Errors
/// Every mistake in it.
pub fn parse(file: &str, text: &str) -> Result<Settings, Vec<Problem>> {
    let mut reading = Reading { file, text, problems: Vec::new() };
    let mut settings = Settings::default();
    match DeTable::parse(text) {
        Ok(table) => {
            for (key, value) in table.get_ref() {
                reading.take(&mut settings, key.get_ref(), key.span(), value);
            }
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            reading.wrong(Code::Syntax, span, error.message(), "write a key, an equals sign and a value on each line");
        }
    }
    reading.problems.sort_by_key(|problem| problem.span.start);
    if reading.problems.is_empty() { Ok(settings) } else { Err(reading.problems) }
}

struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn wrong(&mut self, code: Code, span: Range<usize>, message: &str, advice: &str) {
        self.problems.push(problem::at(self.file, self.text, code, span, message, advice));
    }

    fn take(&mut self, settings: &mut Settings, key: &str, place: Range<usize>, value: &Spanned<DeValue<'_>>) {
        match key {
            "team" => settings.team = self.team(value),
            "overdue-days" => settings.overdue_days = self.days(key, value).unwrap_or(OVERDUE_DAYS),
            "retention-days" => settings.retention_days = self.days(key, value),
            "report-template" => settings.report_template = self.path(key, value, "ours.html.jinja"),
            "allowed-signers" => settings.allowed_signers = self.path(key, value, "allowed_signers"),
            _ => {
                let near = KEYS.iter().find(|known| strsim::damerau_levenshtein(known, key) <= 3);
                let advice = match near {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => format!("the settings are {}", KEYS.join(", ")),
                };
                let said: String = key.chars().take(40).collect();
                self.wrong(Code::UnknownKey, place, &format!("there is no setting `{said}`"), &advice);
            }
        }
    }

    fn team(&mut self, value: &Spanned<DeValue<'_>>) -> Option<SafeText> {
        let advice = "write the name in quotes, for example team = \"Blue team\"";
        let DeValue::String(text) = value.get_ref() else {
            self.wrong(Code::BadValue, value.span(), "the team's name is a text", advice);
            return None;
        };
        let name = SafeText::one_line(text.trim());
        if name.is_blank() || name.as_str().chars().count() > MOST_TEAM {
            let message = format!("the team's name has 1 to {MOST_TEAM} characters");
            self.wrong(Code::OutOfRange, value.span(), &message, advice);
            return None;
        }
        Some(name)
    }

    fn path(&mut self, key: &str, value: &Spanned<DeValue<'_>>, example: &str) -> Option<String> {
        let advice = format!("write a path in quotes, for example {key} = \"{example}\"");
        let DeValue::String(path) = value.get_ref() else {
            self.wrong(Code::BadValue, value.span(), &format!("`{key}` is a path, a text"), &advice);
            return None;
        };
        if path.trim().is_empty() || path.chars().count() > MOST_PATH {
            let message = format!("the path of `{key}` has 1 to {MOST_PATH} characters");
            self.wrong(Code::OutOfRange, value.span(), &message, &advice);
            return None;
        }
        Some(path.trim().to_owned())
    }

    fn days(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<u32> {
        let advice = format!("write a whole number of days from 1 to {MOST_DAYS}, for example {key} = 90");
        let DeValue::Integer(figure) = value.get_ref() else {
            self.wrong(Code::BadValue, value.span(), &format!("`{key}` is a number of days"), &advice);
            return None;
        };
        let days = i64::from_str_radix(figure.as_str(), figure.radix()).ok().and_then(|days| u32::try_from(days).ok());
        let days = days.filter(|days| (1..=MOST_DAYS).contains(days));
        if days.is_none() {
            self.wrong(Code::OutOfRange, value.span(), &format!("`{key}` is out of range"), &advice);
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_an_empty_one_changes_nothing() {
        assert_eq!(parse("settings.toml", ""), Ok(Settings::default()));
        let text = "team = \" Blue\\u001b team \"\noverdue-days = 0x1e\nretention-days = 365\nreport-template = \"a.md\"\nallowed-signers = \"us\"";
        let settings = parse("settings.toml", text).unwrap();
        assert_eq!(settings.team.unwrap().as_str(), "Blue\u{241b} team");
        assert_eq!((settings.overdue_days, settings.retention_days), (30, Some(365)));
        assert_eq!(settings.report_template.as_deref(), Some("a.md"));
        assert_eq!(settings.allowed_signers.as_deref(), Some("us"));
    }

    #[test]
    fn every_mistake_has_line_column_and_advice() {
        let text =
            "taem = \"x\"\noverdue-days = \"30\"\n  retention-days = 0\nteam = \"\"\ncolour = 1\nreport-template = 1";
        let problems = parse("settings.toml", text).unwrap_err();
        let places: Vec<_> = problems.iter().map(|one| (one.line, one.column, one.code.word())).collect();
        assert_eq!(
            places,
            [
                (1, 1, "unknown-key"),
                (2, 16, "bad-value"),
                (3, 20, "out-of-range"),
                (4, 8, "out-of-range"),
                (5, 1, "unknown-key"),
                (6, 19, "bad-value")
            ]
        );
        assert_eq!(problems[0].advice.as_ref().unwrap().as_str(), "did you mean `team`?");
        let torn = parse("settings.toml", "team = \"x\nretention-days = 3").unwrap_err();
        assert_eq!((torn.len(), torn[0].line, torn[0].code.word()), (1, 1, "syntax"));
    }
}
