//! `firedrill ours ARN|FINDING`: for the people who watch real alarms.

use firedrill_aws::Kit;
use firedrill_aws::plan::StackState;
use firedrill_aws::sdk::{self, Aws};
use firedrill_model::SafeText;

use super::account::{settings, wait};
use super::say::result;
use crate::cli::args::Ours;
use crate::cli::exit::{Exit, Failure};

/// Says whether something is a live drill's.
///
/// # Errors
/// When it can't be asked.
pub fn ours(asked: &Ours) -> Result<Exit, Failure> {
    let settings = settings(&asked.account);
    wait(async {
        let aws = Aws::connect(asked.account.region.as_deref()).await?;
        let account = aws.identity().await?.account;
        for kit in Kit::scenarios().filter_map(Kit::of) {
            let (state, made) = aws.made(&kit, &settings, &account).await?;
            if state == StackState::Absent {
                continue;
            }
            if let Some(why) = sdk::is_ours(&aws, &kit, &made, &asked.what).await? {
                result(&format!("OURS: {why}, of the stack {} ({}).", made.stack, kit.scenario))?;
                return Ok(Exit::Done);
            }
        }
        let what = SafeText::one_line(&asked.what);
        result(&format!(
            "NOT OURS: no stack of this program in account {account}, region {}, has to do with {what}. Treat it as real.",
            aws.region()
        ))?;
        Ok(Exit::Negative)
    })?
}
