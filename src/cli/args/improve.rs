//! Arguments of `firedrill improve`.

use clap::Subcommand;

use firedrill_model::improvement::read_due;

/// Arguments of `improve`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Improve {
    /// What becomes of an improvement; without it, the open ones are listed.
    #[command(subcommand)]
    pub verb: Option<ImproveVerb>,
    /// List the closed ones, too.
    #[arg(long)]
    pub all: bool,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

/// What becomes of an improvement.
#[derive(Debug, Subcommand)]
pub enum ImproveVerb {
    /// Write down what is to change.
    Add {
        /// What is to change.
        #[arg(required = true, value_name = "WHAT")]
        what: Vec<String>,
        /// The drill that showed it.
        #[arg(long, value_name = "DRILL")]
        drill: Option<String>,
    },
    /// Say who sees to it.
    Assign {
        /// Which improvement, as the list calls it.
        #[arg(value_name = "ID")]
        id: String,
        /// Who sees to it.
        #[arg(required = true, value_name = "OWNER")]
        owner: Vec<String>,
    },
    /// Say until when.
    Due {
        /// Which improvement, as the list calls it.
        #[arg(value_name = "ID")]
        id: String,
        /// The day, for example 2026-12-31.
        #[arg(value_name = "YYYY-MM-DD", value_parser = day)]
        date: chrono::NaiveDate,
    },
    /// Say by which duration it is to be seen: the debrief of the next drill shows that one.
    Measure {
        /// Which improvement, as the list calls it.
        #[arg(value_name = "ID")]
        id: String,
        /// TTD, TTN, TTA, TTC or TTR.
        #[arg(value_name = "MEASURE")]
        measure: String,
    },
    /// Close it, with a word on how.
    Close {
        /// Which improvement, as the list calls it.
        #[arg(value_name = "ID")]
        id: String,
        /// What was done.
        #[arg(required = true, value_name = "HOW")]
        how: Vec<String>,
    },
    /// Open it again.
    Reopen {
        /// Which improvement, as the list calls it.
        #[arg(value_name = "ID")]
        id: String,
    },
}

fn day(text: &str) -> Result<chrono::NaiveDate, String> {
    read_due(text).map_err(|_| "write the day as YYYY-MM-DD, for example 2026-12-31".into())
}
