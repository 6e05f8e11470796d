//! `firedrill recover DRILL`.

use firedrill_aws::sdk::{self, Aws, Ended, NotRecovered, Recovered, Tries};
use firedrill_model::SafeText;
use firedrill_model::id::DrillId;

use super::account::{settings, wait};
use super::say::{failed, outside, result, usage};
use crate::cli::args::{Args, Recover};
use crate::cli::exit::{Exit, Failure};
use crate::cli::place;

/// Finds what a drill left in the account, undoes it, and shows that.
///
/// # Errors
/// When it can't be asked, or another program runs this drill.
pub fn recover(args: &Args, asked: &Recover) -> Result<Exit, Failure> {
    let recovered = undone(args, asked, Tries::default())?;
    if recovered.is_empty() {
        let name = SafeText::one_line(&asked.drill);
        result(&format!(
            "Nothing of {name} is in this account and region: no stack of it, and no experiment with its tag."
        ))?;
        return Ok(Exit::Done);
    }
    let lines: Vec<String> = recovered.iter().map(told).collect();
    result(&lines.join("\n"))?;
    let all = recovered.iter().all(|one| !matches!(one.ended, Ended::NotYet(_)));
    if all {
        Ok(Exit::Done)
    } else {
        Err(outside("failed to undo everything; the drill's runbook.txt has the commands"))
    }
}

fn told(one: &Recovered) -> String {
    match &one.ended {
        Ended::Undone => format!("{} ({}): undone. A look in the account has shown it.", one.scenario, one.stack),
        Ended::Left(found) => format!(
            "{} ({}): somebody else changed it; it is left as it is: {}",
            one.scenario,
            one.stack,
            found.join(", ")
        ),
        Ended::NotYet(why) => format!("{} ({}): STILL THERE: {why}", one.scenario, one.stack),
    }
}

/// The same for the guard.
///
/// # Errors
/// As for [`recover`].
pub fn undone(args: &Args, asked: &Recover, tries: Tries) -> Result<Vec<Recovered>, Failure> {
    let data = place::data_dir(args)?;
    // From another machine there is no such drill here: its ledger is begun anew, in a folder that has no journal and so is no drill.
    let drill = match place::drill(&data, &asked.drill) {
        Ok(known) => known,
        Err(_) => DrillId::new(&asked.drill)
            .map_err(|_| usage("give the drill's whole name, for example 2026-11-30-brave-otter"))?,
    };
    let folder = data.folder(&drill);
    std::fs::create_dir_all(&folder).map_err(|error| failed("make a folder for the ledger", &error))?;
    let drill = drill.to_string();
    let recovered = wait(async {
        let aws = Aws::connect(asked.account.region.as_deref()).await?;
        sdk::recover(&aws, (&drill, &folder), &settings(&asked.account), tries).await
    })?;
    recovered.map_err(|no| match no {
        NotRecovered::Trouble(trouble) => trouble.into(),
        NotRecovered::Ledger(fault) => outside(format!("failed to {fault}")),
        elsewhere @ NotRecovered::Elsewhere(..) => usage(elsewhere.to_string()),
    })
}
