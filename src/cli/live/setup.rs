//! `firedrill setup SCENARIO --live` and `firedrill teardown SCENARIO --live`.

use std::time::Duration;

use firedrill_aws::plan::StackState;
use firedrill_aws::sdk::{self, Aws};

use super::account::{confirm, kit, settings, wait};
use super::say::{outside, result, say};
use crate::cli::args::Setup;
use crate::cli::exit::{Exit, Failure};

/// How often a stack is looked at while it is made.
const EVERY: Duration = Duration::from_secs(1);

/// Shows the change set, asks for the account's id, and makes the stack.
///
/// # Errors
/// When it can't be made, or the account isn't the one that was typed. Nothing is left then.
pub fn setup(asked: &Setup) -> Result<Exit, Failure> {
    let (kit, settings) = (kit(&asked.scenario)?, settings(&asked.account));
    wait(async {
        let aws = Aws::connect(asked.account.region.as_deref()).await?;
        let account = aws.identity().await?.account;
        match aws.made(&kit, &settings, &account).await? {
            (StackState::Absent, _) => {}
            (StackState::Ready, made) => {
                result(&format!("{} is there already, as this program makes it.", made.stack))?;
                return Ok(Exit::Done);
            }
            (StackState::Other(why) | StackState::Unfinished(why), made) => {
                return Err(outside(format!("the stack {} {why}", made.stack)));
            }
        }
        let changes = sdk::changes(&aws, &kit, &settings, &account, EVERY).await?;
        say(&format!("In account {account}, region {}, one stack would be created:", aws.region()));
        for change in &changes {
            say(&format!("  {:<8}{:<20}{}", change.action, change.name, change.kind));
        }
        if let Err(refused) = confirm(&account, asked.id.as_deref(), "Nothing is created yet.") {
            sdk::discard(&aws, &kit, &settings).await?;
            return Err(refused);
        }
        sdk::apply(&aws, &kit, &settings, EVERY).await?;
        let stack = firedrill_aws::names::stack(&settings.prefix, &kit.scenario);
        result(&format!(
            "{stack} is there. Next: firedrill plan {name} --live. It is removed by: firedrill teardown {name} --live",
            name = kit.scenario
        ))?;
        Ok(Exit::Done)
    })?
}

/// Removes the stack, and shows what is left.
///
/// # Errors
/// When a drill is under way, or it can't be removed.
pub fn teardown(asked: &Setup) -> Result<Exit, Failure> {
    let (kit, settings) = (kit(&asked.scenario)?, settings(&asked.account));
    wait(async {
        let aws = Aws::connect(asked.account.region.as_deref()).await?;
        let account = aws.identity().await?.account;
        let (state, made) = aws.made(&kit, &settings, &account).await?;
        if state == StackState::Absent {
            result(&format!("{} is not there: nothing is left.", made.stack))?;
            return Ok(Exit::Done);
        }
        let under_way = sdk::under_way(&aws, &made).await?;
        if !under_way.is_empty() {
            let ids = under_way.join(", ");
            return Err(outside(format!(
                "a live drill is under way ({ids}): end it, or `firedrill recover DRILL`; nothing was removed"
            )));
        }
        confirm(&account, asked.id.as_deref(), &format!("The stack {} and everything in it is removed.", made.stack))?;
        let gone = sdk::remove(&aws, &kit, &settings, EVERY).await?;
        if gone.left.is_empty() {
            result(&format!("{} is gone: CloudFormation knows no such stack any more.\n{}", made.stack, STAYS))?;
            return Ok(Exit::Done);
        }
        let left = gone.left.iter().map(|(name, kind, id)| format!("  {name} ({kind}): {id}"));
        let left: Vec<String> = left.collect();
        result(&format!("Left in account {account}: {}\n{}", gone.why, left.join("\n")))?;
        Ok(Exit::Negative)
    })?
}

/// What stays by nature.
const STAYS: &str = "What stays by nature: FIS's experiments (120 days), executions of Systems Manager (30 days), findings (90 days), CloudTrail's records, AWS Config's history, and CloudWatch's data points of the heartbeat. A terminated instance is listed for about an hour.";
