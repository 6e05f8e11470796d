//! What can be typed of a live drill.

use std::path::PathBuf;

use super::alias;

/// An AWS account, and how names in it are chosen. Credentials and region come from the account's ordinary configuration: profile, SSO,
/// environment, `AWS_ENDPOINT_URL`.
#[derive(Debug, Clone, clap::Args)]
pub struct Account {
    /// Region; by default the profile's.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Where names begin.
    #[arg(long, value_name = "WORD", default_value = "ops-check", value_parser = word)]
    pub prefix: String,
    /// Key of the tag that says what belongs to a drill; by default the prefix.
    #[arg(long, value_name = "KEY", value_parser = word)]
    pub tag_key: Option<String>,
    /// Path of the roles.
    #[arg(long, value_name = "PATH", default_value = "/")]
    pub role_path: String,
    /// ARN of the permission boundary of the roles.
    #[arg(long, value_name = "ARN", default_value = "")]
    pub boundary: String,
    /// Subnet of the drill's instance; by default the default network's.
    #[arg(long, value_name = "ID", default_value = "")]
    pub subnet: String,
}

/// A word that names in an account may begin with.
fn word(text: &str) -> Result<String, String> {
    let fits = (2..=24).contains(&text.len()) && text.starts_with(|letter: char| letter.is_ascii_lowercase());
    let fits =
        fits && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
    fits.then(|| text.to_owned()).ok_or_else(|| "2 to 24 small letters, digits and hyphens, a letter first".into())
}

/// Arguments of `plan`.
#[derive(Debug, clap::Args)]
pub struct Plan {
    /// The scenario.
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// In an AWS account.
    #[arg(long, required = true)]
    pub live: bool,
    #[command(flatten)]
    pub account: Account,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
    /// Write every document, template and policy to this folder, for review.
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

/// Arguments of `setup` and `teardown`.
#[derive(Debug, clap::Args)]
pub struct Setup {
    /// The scenario.
    #[arg(value_name = "SCENARIO")]
    pub scenario: String,
    /// In an AWS account.
    #[arg(long, required = true)]
    pub live: bool,
    #[command(flatten)]
    pub account: Account,
    /// The account's id, instead of typing it when it is asked for.
    #[arg(long = "account", value_name = "ID")]
    pub id: Option<String>,
}

/// Arguments of `recover`.
#[derive(Debug, clap::Args)]
pub struct Recover {
    /// Which drill.
    #[arg(value_name = "DRILL")]
    pub drill: String,
    #[command(flatten)]
    pub account: Account,
}

/// Arguments of `ours`.
#[derive(Debug, clap::Args)]
pub struct Ours {
    /// An ARN, a resource's id, or a finding's id.
    #[arg(value_name = "ARN|FINDING")]
    pub what: String,
    #[command(flatten)]
    pub account: Account,
}

/// Arguments of a live `run`.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_field_names, reason = "`--live` is what is typed")]
pub struct Live {
    /// In an AWS account, for real. `firedrill plan SCENARIO --live` says beforehand what it does.
    #[arg(long, conflicts_with_all = ["script", "seed", "pace", "ghost", "resume"], group = "unattended")]
    pub live: bool,
    /// The digest of the plan that you have read.
    #[arg(long, value_name = "DIGEST", requires = "live")]
    pub plan: Option<String>,
    /// The account's id, where nobody can type it.
    #[arg(long = "account", value_name = "ID", requires = "live")]
    pub id: Option<String>,
    /// Who else has approved the plan, for the record.
    #[arg(long, value_name = "NAME", requires = "live", value_parser = alias)]
    pub approved_by: Option<String>,
    #[command(flatten)]
    pub account: Account,
}
