//! What a crash left: found in the account, from another machine too, with only the drill's id.

use std::path::Path;
use std::time::Duration;

use super::drive::Driver;
use super::{Aws, Ended, Made, Trouble};
use crate::kit::Kit;
use crate::ledger::{LedgerFault, Step};
use crate::plan::StackState;
use crate::template::Settings;

/// What `recover` came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The scenario.
    pub scenario: String,
    /// The stack.
    pub stack: String,
    /// How it ended.
    pub ended: Ended,
}

/// Why nothing was recovered.
#[derive(Debug, thiserror::Error)]
pub enum NotRecovered {
    /// A call.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
    /// Another account or region.
    #[error("recover: the drill ran in account {0} and region {1}; this is account {2} and region {3}")]
    Elsewhere(String, String, String, String),
}

/// How often undoing is tried, and how long is waited in between.
#[derive(Debug, Clone, Copy)]
pub struct Tries {
    /// How often.
    pub most: u32,
    /// Between two.
    pub pause: Duration,
    /// How often executions are looked at.
    pub every: Duration,
}

impl Default for Tries {
    fn default() -> Self {
        Self { most: 5, pause: Duration::from_secs(10), every: Duration::from_secs(2) }
    }
}

/// Finds what a drill left in the stacks of this account and region, undoes it, and proves it. `folder` has the ledger, or takes a new one.
///
/// # Errors
/// When it can't be asked, or another program holds the ledger: that one undoes.
pub async fn recover(
    aws: &Aws,
    (drill, folder): (&str, &Path),
    settings: &Settings,
    tries: Tries,
) -> Result<Vec<Recovered>, NotRecovered> {
    let account = aws.identity().await?.account;
    let steps = crate::ledger::look(folder).unwrap_or_default();
    let written = steps.iter().find_map(|step| match step {
        Step::Planned { plan } => Some(plan.clone()),
        _ => None,
    });
    if let Some(written) = &written
        && (written.account != account || written.region != aws.region())
    {
        let here = (account, aws.region().to_owned());
        return Err(NotRecovered::Elsewhere(written.account.clone(), written.region.clone(), here.0, here.1));
    }
    let mut recovered = Vec::new();
    for kit in Kit::scenarios().filter_map(Kit::of).filter(|kit| kit.tier > 0) {
        if written.as_ref().is_some_and(|written| written.scenario != kit.scenario) {
            continue;
        }
        let (state, made) = aws.made(&kit, settings, &account).await?;
        if state == StackState::Absent || made.output("LookRole").is_empty() {
            continue;
        }
        // Without a ledger only the account says whose the stack's change is: the drill's own experiments say so by their tag.
        if written.is_none() && !aws.ran(&made, drill).await? {
            continue;
        }
        let (scenario, stack) = (kit.scenario.clone(), made.stack.clone());
        let mut driver = Driver::new(aws.clone(), kit, made, (drill, folder))?.every(tries.every);
        let mut ended = driver.revert().await;
        for _ in 1..tries.most {
            if !matches!(ended, Ended::NotYet(_)) {
                break;
            }
            tokio::time::sleep(tries.pause).await;
            ended = driver.revert().await;
        }
        recovered.push(Recovered { scenario, stack, ended });
    }
    Ok(recovered)
}

impl Aws {
    /// Says whether a drill ever started an experiment of this stack, by the tag.
    async fn ran(&self, made: &Made, drill: &str) -> Result<bool, Trouble> {
        let tag = crate::names::schedule(made.output("Prefix"), drill);
        let all = self.experiments().await?;
        Ok(all.iter().any(|one| one.tags.get(made.output("TagKey")) == Some(&tag)))
    }
}

/// Experiments that go on in a stack: the ids and the drills' tags. A teardown waits for them.
///
/// # Errors
/// When it can't be asked.
pub async fn under_way(aws: &Aws, made: &Made) -> Result<Vec<String>, Trouble> {
    let all = aws.experiments().await?.into_iter();
    Ok(all.filter(|one| one.goes_on() && one.template == made.output("Experiment")).map(|one| one.id).collect())
}
