//! What the live verbs share: the kit, the settings, the account, and its id typed by hand.

use std::io::{BufRead, IsTerminal};

use firedrill_aws::Kit;
use firedrill_aws::plan::Plan;
use firedrill_aws::sdk::{self, Aws, Survey, Trouble};
use firedrill_aws::template::Settings;
use firedrill_model::SafeText;

use super::say::{failed, outside, say, usage};
use crate::cli::args::Account;
use crate::cli::exit::Failure;
use crate::host::clock::WallClock;

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        outside(format!("failed to {trouble}"))
    }
}

/// The kit of a scenario.
///
/// # Errors
/// When it has none.
pub fn kit(scenario: &str) -> Result<Kit, Failure> {
    Kit::of(scenario).ok_or_else(|| {
        let known: Vec<&str> = Kit::scenarios().collect();
        let name = SafeText::one_line(scenario);
        usage(format!("`{name}` can't be drilled live; these can: {}", known.join(", ")))
    })
}

/// How names are chosen.
#[must_use]
pub fn settings(account: &Account) -> Settings {
    Settings {
        prefix: account.prefix.clone(),
        tag_key: account.tag_key.clone().unwrap_or_else(|| account.prefix.clone()),
        role_path: account.role_path.clone(),
        boundary: account.boundary.clone(),
        subnet: account.subnet.clone(),
    }
}

/// Runs calls to their end.
///
/// # Errors
/// When no runtime can be had.
pub fn wait<T>(what: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| failed("start a runtime", &error))?.block_on(what))
}

/// Finds out what a plan says.
///
/// # Errors
/// When it can't be said whose account it is.
pub async fn surveyed(kit: &Kit, account: &Account) -> Result<(Aws, Survey, Plan), Failure> {
    let aws = Aws::connect(account.region.as_deref()).await?;
    let settings = settings(account);
    let survey = sdk::survey(&aws, kit, &settings, WallClock::machine().utc()).await?;
    let plan = Plan::of(kit, &settings, survey.found.clone());
    Ok((aws, survey, plan))
}

/// Lets the account's id be typed by hand, or takes it from the command line where nobody can type.
///
/// # Errors
/// When it is another one, or nobody can type.
pub fn confirm(wanted: &str, given: Option<&str>, what: &str) -> Result<(), Failure> {
    let typed = match given {
        Some(given) => given.to_owned(),
        None if std::io::stdin().is_terminal() => {
            say(&format!("{what} Type the account's id to go on:"));
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line).map_err(|error| failed("read the account's id", &error))?;
            line.trim().to_owned()
        }
        None => return Err(usage("nobody can type the account's id here; give it with --account")),
    };
    if typed == wanted {
        return Ok(());
    }
    Err(usage(format!("this is account {wanted}, not {}; nothing was changed", SafeText::one_line(&typed))))
}
