//! What can be typed.

mod live;

mod improve;

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use firedrill_model::phase::Pace;

pub use improve::{Improve, ImproveVerb};

#[cfg(feature = "aws")]
pub use live::Account;
pub use live::{Live, Ours, Plan, Recover, Setup};

/// Rehearse security incidents in the terminal: a drill breaks something on purpose, shows the team what it would see on the
/// day, and turns the record into a debrief. Without a verb: the lobby.
#[derive(Debug, Parser)]
#[command(name = "firedrill", version, max_term_width = 100, disable_help_subcommand = true, after_help = AFTER_HELP)]
pub struct Args {
    /// Where drills are kept; by default the XDG data folder.
    #[arg(long, global = true, env = "FIREDRILL_DATA_DIR", value_name = "DIR", hide_env_values = true)]
    pub data_dir: Option<PathBuf>,
    /// When to use colour. NO_COLOR is heeded, too.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorWhen,
    /// Line by line, without screens, boxes or escape sequences: for screen readers, transcripts and pipes.
    #[arg(long, global = true)]
    pub plain: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

const AFTER_HELP: &str = "\
Exit codes: 0 done (without a terminal: the hypothesis held), 1 a negative answer (it deviated; the scenario has mistakes),
2 wrong usage, 3 a failure outside (file, network), 130 interrupted. `verify` only: 1 the record was changed or is not the one
that was sealed, 4 it is whole and something was added to it that has no place there.

A first drill: firedrill run SCENARIO, with one of the names that firedrill list shows.";

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Scenarios, built in and own.
    List(List),
    /// Every mistake in scenarios and scripts, with its place and advice.
    Check(Check),
    /// A new scenario of your own: a commented one that runs, with scripts, to be changed.
    New(New),
    /// The JSON Schema of scenario files, for editors.
    Schema(Schema),
    /// A drill.
    Run(Run),
    /// What a live drill would do in an AWS account: targets, undo, permissions, who will hear of it, cost. Nothing is changed.
    Plan(Plan),
    /// Makes in an AWS account what a live drill needs, as one stack that is shown first.
    Setup(Setup),
    /// Removes what `setup` made, and shows what is left.
    Teardown(Setup),
    /// Finds and undoes what a live drill left behind, from another machine too.
    Recover(Recover),
    /// Says whether something in an AWS account is a live drill's: for the people who watch real alarms.
    Ours(Ours),
    /// Undoes a live drill when the program that runs it is gone.
    #[command(hide = true)]
    Guard(Recover),
    /// The after-action report of a drill.
    Debrief(Debrief),
    /// What a team's own tools can read: the raw records of a drill's logs, each in its format.
    Export(Export),
    /// A drill again, on the same screens, with play, pause, seek and jumps; nothing of it is changed.
    Replay(Replay),
    /// Drills over time, side by side; which techniques were drilled, and which are overdue.
    History(History),
    /// What is to change, over all drills: list it, add to it, assign it, close it.
    Improve(Improve),
    /// Takes names or words out of a drill for good; the record still verifies. Alone, lists what could be erased.
    Erase(Erase),
    /// Signs a closed drill's record with your SSH key, so that plain OpenSSH can say who vouched for it.
    Seal(Seal),
    /// Checks the chain of a drill's record, its seal, and what vouches for it elsewhere.
    Verify(Verify),
    /// Prints a text that names a drill's record by its hashes, to be kept elsewhere: in a file, a git tag, a time stamp.
    Anchor(Anchor),
    /// Looks over the whole data folder, and gives the command that helps with each thing that it finds. It changes nothing.
    Doctor(Doctor),
    /// Completions of the command line for a shell.
    Completions(Completions),
    /// The manual page.
    Man,
}

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct List {
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Scenario files, script files, or folders of them.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub struct New {
    /// What it is called: letters, digits, `-`, `_` and `.`. It goes to your own scenarios in the data folder, or, with a path such as
    /// `./NAME`, there.
    #[arg(value_name = "NAME")]
    pub name: PathBuf,
}

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// Of which files.
    #[arg(value_name = "OF", default_value = "scenario")]
    pub of: SchemaOf,
}

/// Kinds of files that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// Scenarios.
    Scenario,
    /// Scripts, which play the people of a drill.
    Script,
}

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// A built-in scenario, one of your own, or the path of a scenario file.
    #[arg(required_unless_present = "resume", conflicts_with = "resume", value_name = "SCENARIO")]
    pub scenario: Option<String>,
    /// Take up a drill where it was cut off. With --name it is handed over: what is said from then on is the new person's. With --script the
    /// script that played it goes on.
    #[arg(long, value_name = "DRILL", conflicts_with = "seed")]
    pub resume: Option<String>,
    /// The seed of all chance: the same seed and the same responses bring the same drill.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How fast the drill clock runs: `brisk` (a new drill's) is real time when something is asked of you and fast when not, `real`, or a number
    /// of drill seconds a second.
    #[arg(long, value_name = "PACE")]
    pub pace: Option<Pace>,
    /// What you are called in the record; an alias is fine. Without it: `responder`.
    #[arg(long, value_name = "ALIAS", value_parser = alias)]
    pub name: Option<String>,
    /// An earlier drill of the same scenario beside this one: its name, or `last`.
    #[arg(long, value_name = "DRILL", conflicts_with = "headless")]
    pub ghost: Option<String>,
    /// A script plays the people.
    #[arg(long, value_name = "FILE", requires = "headless", group = "unattended")]
    pub script: Option<PathBuf>,
    /// No terminal is needed; the script plays the people, as fast as it can.
    #[arg(long, requires = "unattended")]
    pub headless: bool,
    /// Print the result as JSON.
    #[arg(long, requires = "headless", action = ArgAction::SetTrue)]
    pub json: bool,
    #[command(flatten)]
    pub live: Live,
}

/// Arguments of `replay`.
#[derive(Debug, clap::Args)]
pub struct Replay {
    /// Which drill; by default the latest.
    #[arg(value_name = "DRILL")]
    pub drill: Option<String>,
    /// Begin at this moment on the drill clock: 12:30.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// An earlier drill of the same scenario beside this one: its name, or `last`.
    #[arg(long, value_name = "DRILL")]
    pub ghost: Option<String>,
    /// Whose view: `everything`, or a seat such as `seat-1`.
    #[arg(long, value_name = "VIEW")]
    pub view: Option<String>,
}

/// Arguments of `debrief`.
#[derive(Debug, clap::Args)]
pub struct Debrief {
    /// Which drill; by default the latest.
    #[arg(value_name = "DRILL")]
    pub drill: Option<String>,
    /// In which form; by default Markdown, or what the template makes.
    #[arg(long, value_name = "FORM")]
    pub format: Option<Format>,
    /// A template of your own, for HTML or Markdown.
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Print the built-in template of the HTML report, to begin your own with.
    #[arg(long, conflicts_with_all = ["drill", "format", "template", "names"])]
    pub print_template: bool,
    /// Write it to this file instead.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Show what people are called. Without it, a report that leaves the team says `responder 1`.
    #[arg(long)]
    pub names: bool,
    /// Columns and rows of an asciicast.
    #[arg(long, value_name = "COLUMNSxROWS", value_parser = size, default_value = "120x36")]
    pub size: (u16, u16),
    /// Drill seconds in a second of an asciicast.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000), default_value_t = 16)]
    pub speed: u32,
}

/// Columns and rows of a terminal.
fn size(text: &str) -> Result<(u16, u16), String> {
    let read = text.split_once('x').and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    let fits = |(columns, rows): &(u16, u16)| (60..=400).contains(columns) && (16..=200).contains(rows);
    read.filter(fits).ok_or_else(|| "write columns x rows, from 60x16 to 400x200, for example 80x24".into())
}

/// Forms of the debrief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// To read and to put into a wiki.
    Markdown,
    /// One page to read, to print and to take into a meeting.
    Html,
    /// For programs.
    Json,
    /// What happened, a line each, for spreadsheets.
    Csv,
    /// The parts of the hypothesis as tests, for pipelines.
    Junit,
    /// The findings that are GuardDuty's, as GuardDuty gives them.
    Guardduty,
    /// All findings as OCSF events, for security data lakes.
    Ocsf,
    /// The master scenario events list as CSV, for exercise planners.
    Msel,
    /// The techniques as a layer for the ATT&CK Navigator.
    Navigator,
    /// The drill as a terminal recording, for asciinema.
    Asciicast,
}

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// What is exported.
    #[arg(value_name = "WHAT")]
    pub what: ExportWhat,
    /// Which drill; by default the latest.
    #[arg(value_name = "DRILL")]
    pub drill: Option<String>,
    /// Into this folder; by default one that is called after the drill, here.
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportWhat {
    /// The records that had arrived in its logs: CloudTrail, flow logs, resolver queries, Config.
    Logs,
}

/// Arguments of `history`.
#[derive(Debug, clap::Args)]
pub struct History {
    /// Only the drills of this scenario.
    #[arg(value_name = "SCENARIO")]
    pub scenario: Option<String>,
    /// In which form.
    #[arg(long, value_name = "FORM", default_value = "text")]
    format: HistoryFormat,
    /// As JSON.
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl History {
    /// The form that was asked for.
    #[must_use]
    pub fn format(&self) -> HistoryFormat {
        if self.json { HistoryFormat::Json } else { self.format }
    }
}

/// Forms of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// To read.
    Text,
    /// A line for each drill, for spreadsheets.
    Csv,
    /// For programs.
    Json,
    /// The techniques as a layer for the ATT&CK Navigator.
    Navigator,
}

/// Arguments of `erase`.
#[derive(Debug, clap::Args)]
pub struct Erase {
    /// Which drill. Without one, `--person` looks through all drills and the list of improvements.
    #[arg(required_unless_present_any = ["person", "improvement"], value_name = "DRILL")]
    pub drill: Option<String>,
    /// What a person is called.
    #[arg(long, value_name = "ALIAS", conflicts_with_all = ["remark", "all", "improvement", "finish"])]
    pub person: Option<String>,
    /// One remark, by its number.
    #[arg(long, value_name = "N", conflicts_with_all = ["all", "improvement", "finish"])]
    pub remark: Option<u64>,
    /// All that was written down about an improvement, by its name in the list of `firedrill improve --all`.
    #[arg(long, value_name = "ID", conflicts_with_all = ["drill", "all", "finish"])]
    pub improvement: Option<String>,
    /// Every name and every word.
    #[arg(long, conflicts_with = "finish")]
    pub all: bool,
    /// What was to be erased before and is still there, because that was cut off.
    #[arg(long)]
    pub finish: bool,
    /// Why. The record says it beside which texts went.
    #[arg(long, value_name = "REASON", default_value = "not-given")]
    pub reason: Reason,
    /// Don't ask.
    #[arg(long)]
    pub yes: bool,
    /// Write what went to this file, as JSON, without the texts.
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
}

/// Why something is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reason {
    /// The person asked for it.
    Request,
    /// The time to keep it is over.
    Retention,
    /// It should not have been written.
    Mistake,
    /// No reason is given.
    NotGiven,
}

/// Arguments of `seal`.
#[derive(Debug, clap::Args)]
pub struct Seal {
    /// Which drill.
    #[arg(value_name = "DRILL")]
    pub drill: String,
    /// Your private key, or the public one whose private key an agent holds; by default the one where keys usually are.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Which drill.
    #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "DRILL")]
    pub drill: Option<String>,
    /// Every drill of the data folder, a line each, and what is kept beside their records, which is made anew where it isn't true.
    #[arg(long)]
    pub all: bool,
    /// Somebody who must have sealed it, as the file of allowed signers calls them. Can be given several times.
    #[arg(long, value_name = "WHO")]
    pub signer: Vec<String>,
    /// The file of allowed signers; by default the one that the settings name (`allowed-signers`).
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Option<PathBuf>,
    /// A file that holds what `firedrill anchor` printed, whatever else is in it; `-` for standard input. Can be given several times.
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub anchor: Vec<PathBuf>,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `doctor`.
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `anchor`.
#[derive(Debug, clap::Args)]
pub struct Anchor {
    /// Which drill.
    #[arg(value_name = "DRILL")]
    pub drill: String,
    /// Write it to this file instead.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// Which shell.
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// What people are called who don't say.
pub const ALIAS: &str = "responder";

/// Longest alias, in characters: it has to fit into a line of the screen.
const MAX_ALIAS: usize = 40;

fn alias(text: &str) -> Result<String, String> {
    let alias = text.trim();
    match alias.chars().count() {
        0 => Err("an alias has at least one character".into()),
        n if n > MAX_ALIAS => Err(format!("an alias has up to {MAX_ALIAS} characters")),
        _ => Ok(alias.to_owned()),
    }
}
