//! From intent to proven end: arm, fire, undo. Every state is in the ledger before the call that it announces; *undone* is only what a look
//! has shown.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::automation::Patience;
use super::{Aws, Made, Trouble, trouble};
use crate::kit::{Kit, Purpose};
use crate::ledger::{Ledger, LedgerFault, Step, Written};
use crate::names;

/// Longest value that a document's parameter takes (model of Systems Manager).
const LONGEST_VALUE: usize = 512;

/// How an undo ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// A look has shown that it is undone.
    Undone,
    /// Somebody else changed it: what was found is left.
    Left(Vec<String>),
    /// Not yet: why, and it can be tried again.
    NotYet(String),
}

/// What a look has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// What is left of the change.
    pub left: Vec<String>,
    /// How it stands now.
    pub now: Vec<String>,
    /// The change is there already, whoever made it.
    pub already: Vec<String>,
    /// The targets that are there.
    pub targets: Vec<String>,
}

/// How a fault stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Not done yet.
    Waiting,
    /// Done, at this moment by Systems Manager's clock.
    Active {
        /// When.
        at: Option<DateTime<Utc>>,
        /// The automation.
        automation: String,
    },
    /// The experiment is over.
    Over {
        /// As FIS says: `completed`, `stopped`, `failed`, `cancelled`.
        status: String,
        /// In FIS's words.
        reason: String,
    },
}

/// Drives one drill's change in an account.
#[derive(Debug)]
pub struct Driver {
    pub(super) aws: Aws,
    pub(super) kit: Kit,
    pub(super) made: Made,
    pub(super) ledger: Ledger,
    drill: String,
    patience: Patience,
}

impl Driver {
    /// Takes the ledger of a drill's folder on.
    ///
    /// # Errors
    /// When another program holds it, or it can't be read.
    pub fn new(aws: Aws, kit: Kit, made: Made, (drill, folder): (&str, &Path)) -> Result<Self, LedgerFault> {
        let ledger = Ledger::open(folder)?;
        let patience = Patience { every: Duration::from_secs(2), most: Duration::from_secs(90) };
        Ok(Self { aws, kit, made, ledger, drill: drill.to_owned(), patience })
    }

    /// Looks at executions and experiments so often.
    #[must_use]
    pub fn every(mut self, every: Duration) -> Self {
        self.patience.every = every;
        self
    }

    /// The ledger.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn given(&self) -> Vec<(String, String)> {
        given(&self.kit, &self.made)
    }

    fn schedule(&self) -> String {
        names::schedule(self.made.output("Prefix"), &self.drill)
    }

    fn fresh(&self, purpose: &str) -> String {
        names::token(&self.drill, &format!("{purpose} {}", super::now().timestamp_micros()), 0)
    }

    fn put(&mut self, step: Step) -> Result<(), LedgerFault> {
        self.ledger.put(step, super::now())
    }

    /// Writes down what is to be done and how it will be undone.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write_down(&mut self, written: Written) -> Result<(), LedgerFault> {
        self.put(Step::Planned { plan: Box::new(written) })
    }

    /// Looks how things stand, with a document that only reads.
    ///
    /// # Errors
    /// When it can't be asked.
    pub async fn look(&self) -> Result<Looked, Trouble> {
        looked(self.aws.run((&self.made, Purpose::Look), &self.given(), &self.fresh("look"), self.patience).await?)
    }

    /// Sets the schedule that restores whatever happens.
    ///
    /// # Errors
    /// When it is not shown to be there.
    pub async fn arm(&mut self) -> Result<(), Halted> {
        let expires = self.ledger.written().map(|written| written.expires).ok_or(Halted::NotPlanned)?;
        let mut parameters: Vec<(String, String)> = self.given();
        parameters.push(("AutomationAssumeRole".into(), self.made.output("RestoreRole").into()));
        let parameters = parameters.into_iter().map(|(key, value)| (key, serde_json::json!([value])));
        let document = format!("{}-{}", self.made.stack, Purpose::Restore.name());
        let request = serde_json::json!({ "DocumentName": document, "Parameters": parameters.collect::<serde_json::Map<_, _>>() }).to_string();
        if request.len() > LONGEST_VALUE {
            return Err(Halted::TooLong(request.len()));
        }
        self.put(Step::Arming)?;
        let given = [
            ("ScheduleName", self.schedule()),
            ("At", expires.format("%Y-%m-%dT%H:%M:%S").to_string()),
            ("SchedulerRoleArn", self.made.output("SchedulerRole").to_owned()),
            ("Request", request),
        ];
        let given = given.map(|(key, value)| (key.to_owned(), value));
        let run = self
            .aws
            .run((&self.made, Purpose::Arm), &given, &names::token(&self.drill, "arm", 0), self.patience)
            .await?;
        if run.status != "Success" {
            return Err(Halted::NotArmed(run.failure));
        }
        self.put(Step::Armed)?;
        Ok(())
    }

    /// Starts the experiment. Asked again with the same token, FIS starts it once.
    ///
    /// # Errors
    /// When FIS refuses, or nobody knows whether it was started: [`revert`](Self::revert) finds out.
    pub async fn fire(&mut self) -> Result<String, Halted> {
        if !self.ledger.steps().contains(&Step::Armed) {
            return Err(Halted::NotPlanned);
        }
        self.put(Step::Firing)?;
        let call = self.aws.fis.start_experiment();
        let call = call
            .client_token(names::token(&self.drill, "fire", 0))
            .experiment_template_id(self.made.output("Experiment"));
        let call = call.tags(self.made.output("TagKey"), self.schedule());
        let begun = Instant::now();
        loop {
            match call.clone().send().await.map_err(|error| trouble::of("fis:StartExperiment", &error)) {
                Ok(answer) => {
                    let id = answer.experiment.and_then(|one| one.id);
                    return id.ok_or_else(|| Trouble::Unexpected("fis:StartExperiment".into()).into());
                }
                Err(trouble) if trouble.passes() && begun.elapsed() < self.patience.most => {
                    tokio::time::sleep(self.patience.every).await;
                }
                Err(trouble) => return Err(trouble.into()),
            }
        }
    }

    /// How the fault stands. Once it is seen to be done, that is in the ledger.
    ///
    /// # Errors
    /// When it can't be asked, or not be written down.
    pub async fn fault(&mut self, experiment: &str) -> Result<Fault, Halted> {
        let (status, reason, automation) = self.aws.experiment(experiment).await?;
        let automation = match automation {
            Some(id) => Some(id),
            None => self
                .aws
                .executions(&format!("{}-{}", self.made.stack, Purpose::Change.name()))
                .await?
                .into_iter()
                .next(),
        };
        if let Some(id) = automation {
            let run = self.aws.execution(&id).await?;
            let done = run.step("change").filter(|step| step.status == "Success");
            if let Some(at) = done.map(|step| step.started) {
                if !self.ledger.steps().iter().any(|step| matches!(step, Step::Active { .. })) {
                    let (experiment, automation) = (experiment.to_owned(), Some(id.clone()));
                    self.put(Step::Active { experiment, automation })?;
                }
                if !is_over(&status) {
                    return Ok(Fault::Active { at, automation: id });
                }
            } else if run.is_over() && !is_over(&status) {
                let reason = format!("{reason} {}", run.failure).trim().to_owned();
                return Ok(Fault::Over { status: "failed".into(), reason });
            }
        }
        Ok(if is_over(&status) { Fault::Over { status, reason } } else { Fault::Waiting })
    }

    /// Undoes everything, and proves it. Waits for no disk: what can't be written down is undone all the same.
    pub async fn revert(&mut self) -> Ended {
        let tried = self.ledger.tries();
        // An undo goes on without a ledger.
        let _ = self.put(Step::Reverting { tried });
        let ended = self.undo().await;
        let step = match &ended {
            Ended::Undone => Step::Reverted,
            Ended::Left(found) => Step::Left { found: found.clone() },
            Ended::NotYet(why) => Step::RevertFailed { why: why.clone() },
        };
        let _ = self.put(step);
        ended
    }

    async fn undo(&self) -> Ended {
        if self.kit.tier == 0 {
            return Ended::Undone;
        }
        let mut troubles = Vec::new();
        let still = self.halt(&mut troubles).await;
        // What can't be looked at is restored: that does no harm where nothing is left.
        let judged = self.look().await.ok().and_then(|looked| self.judged(&looked));
        let ended = match judged {
            Some(ended) => ended,
            None => self.restore(&mut troubles).await,
        };
        if let (Ended::Undone, Some(still)) = (&ended, still) {
            return Ended::NotYet(format!("{still} may still change something"));
        }
        if !matches!(ended, Ended::NotYet(_))
            && let Err(trouble) = self.disarm().await
        {
            // The schedule restores what is restored already, and is gone then.
            troubles.push(trouble);
        }
        ended
    }

    /// What a look comes to: `None` where something is left to undo.
    fn judged(&self, looked: &Looked) -> Option<Ended> {
        let changed = self.kit.changed_by_others(&looked.left, &looked.now);
        if self.kit.is_undone(&looked.left) {
            return Some(Ended::Undone);
        }
        (!changed.is_empty()).then(|| Ended::Left(looked.left.iter().chain(&changed).cloned().collect()))
    }

    async fn restore(&self, troubles: &mut Vec<Trouble>) -> Ended {
        let run =
            self.aws.run((&self.made, Purpose::Restore), &self.given(), &self.fresh("restore"), self.patience).await;
        if let Err(trouble) = run {
            troubles.push(trouble);
        }
        let why = match self.look().await {
            Ok(looked) => match self.judged(&looked) {
                Some(ended) => return ended,
                None => format!("still there: {}", looked.left.join(", ")),
            },
            Err(trouble) => format!("failed to {trouble}"),
        };
        let troubles: Vec<String> = troubles.iter().map(|trouble| format!("failed to {trouble}")).collect();
        Ended::NotYet(troubles.into_iter().chain([why]).collect::<Vec<_>>().join("; "))
    }

    /// Ends the drill's experiments and the executions of its change, and waits for their ends. Gives what goes on all the same.
    async fn halt(&self, troubles: &mut Vec<Trouble>) -> Option<String> {
        let (begun, document) = (Instant::now(), format!("{}-{}", self.made.stack, Purpose::Change.name()));
        let mut asked = false;
        loop {
            let experiments = self.aws.experiments_of(&self.made, &self.schedule()).await;
            let executions = self.aws.executions(&document).await;
            let (experiments, executions) = match (experiments, executions) {
                (Ok(experiments), Ok(executions)) => (experiments, executions),
                (Err(trouble), _) | (_, Err(trouble)) => {
                    let gave_up = !trouble.passes() || begun.elapsed() > self.patience.most;
                    if gave_up {
                        troubles.push(trouble);
                        return Some("what can't be asked after".into());
                    }
                    tokio::time::sleep(self.patience.every).await;
                    continue;
                }
            };
            let still = experiments.first().or(executions.first()).cloned()?;
            if begun.elapsed() > self.patience.most {
                return Some(still);
            }
            if !asked {
                for id in &experiments {
                    troubles.extend(self.aws.stop(id).await.err());
                }
                asked = true;
            } else if experiments.is_empty() {
                // FIS has let go of it, or couldn't end it: then its automation is ended by itself.
                for id in &executions {
                    troubles.extend(self.aws.cancel(id).await.err());
                }
            }
            tokio::time::sleep(self.patience.every).await;
        }
    }

    /// Looks without a ledger, for a plan.
    ///
    /// # Errors
    /// When it can't be asked.
    pub(super) async fn peek(aws: &Aws, kit: &Kit, made: &Made) -> Result<Looked, Trouble> {
        let token = names::token(&made.stack, &format!("peek {}", super::now().timestamp_micros()), 0);
        let patience = Patience { every: Duration::from_millis(500), most: Duration::from_mins(1) };
        looked(aws.run((made, Purpose::Look), &given(kit, made), &token, patience).await?)
    }

    async fn disarm(&self) -> Result<(), Trouble> {
        let given = [("ScheduleName".to_owned(), self.schedule())];
        self.aws.run((&self.made, Purpose::Disarm), &given, &self.fresh("disarm"), self.patience).await.map(drop)
    }
}

/// What services say of a target that isn't there any more.
const GONE: [&str; 3] = ["NoSuchBucket", "InvalidGroup.NotFound", "InvalidInstanceID.NotFound"];

/// What the document that looks has shown.
fn looked(run: super::automation::Execution) -> Result<Looked, Trouble> {
    if GONE.iter().any(|code| run.failure.contains(code)) {
        return Ok(Looked { left: Vec::new(), now: Vec::new(), already: Vec::new(), targets: Vec::new() });
    }
    if run.status != "Success" {
        return Err(Trouble::Service { call: "look".into(), code: run.status, message: run.failure });
    }
    let (left, now) = (run.output("look", "Left"), run.output("look", "Now"));
    Ok(Looked { left, now, already: run.output("open", "Already"), targets: run.output("there", "Targets") })
}

/// The parameters that every document of a kit takes.
pub(super) fn given(kit: &Kit, made: &Made) -> Vec<(String, String)> {
    let target = kit.parameters.first().map(|name| (name.clone(), made.output("Target").to_owned()));
    let tags = ["TagKey", "TagValue"].map(|key| (key.to_owned(), made.output(key).to_owned()));
    target.into_iter().chain(tags).collect()
}

/// Why a drill doesn't go on. Everything that was done is undone then.
#[derive(Debug, thiserror::Error)]
pub enum Halted {
    /// A call.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
    /// Nothing was written down.
    #[error("go on: the undo is not written down and armed")]
    NotPlanned,
    /// What restores is too long for a parameter.
    #[error(
        "arm the undo: the request has {0} characters, and {LONGEST_VALUE} are allowed; use a shorter prefix, tag key or role path"
    )]
    TooLong(usize),
    /// The schedule isn't there.
    #[error("arm the undo: the schedule is not there ({0})")]
    NotArmed(String),
}

/// Says whether FIS calls this an end.
fn is_over(status: &str) -> bool {
    matches!(status, "completed" | "stopped" | "failed" | "cancelled")
}

impl Aws {
    /// Status and reason of an experiment, and the automation that it started, where FIS says so.
    pub(super) async fn experiment(&self, id: &str) -> Result<(String, String, Option<String>), Trouble> {
        let asked = self.fis.get_experiment().id(id).send().await;
        let answer = asked.map_err(|error| trouble::of("fis:GetExperiment", &error))?;
        let one = answer.experiment.ok_or_else(|| Trouble::Unexpected("fis:GetExperiment".into()))?;
        let state = one.state.as_ref();
        let status =
            state.and_then(|state| state.status.as_ref()).map(|status| status.as_str().to_owned()).unwrap_or_default();
        let reason = state.and_then(|state| state.reason.clone()).unwrap_or_default();
        let said = one.actions.unwrap_or_default().into_values().filter_map(|action| action.state?.reason);
        let automation = said.into_iter().find_map(|reason| uuid_in(&reason));
        Ok((status, reason, automation))
    }

    /// Experiments of a drill that go on, found by their tag.
    pub(super) async fn experiments_of(&self, made: &Made, tag: &str) -> Result<Vec<String>, Trouble> {
        let all = self.experiments().await?.into_iter();
        let ours = all.filter(|one| one.tags.get(made.output("TagKey")).is_some_and(|value| value == tag));
        Ok(ours.filter(|one| !is_over(&one.status)).map(|one| one.id).collect())
    }

    /// All experiments that FIS still knows.
    pub(super) async fn experiments(&self) -> Result<Vec<Listed>, Trouble> {
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let asked = self.fis.list_experiments().set_next_token(next).send().await;
            let answer = asked.map_err(|error| trouble::of("fis:ListExperiments", &error))?;
            for one in answer.experiments.unwrap_or_default() {
                let status = one.state.and_then(|state| state.status).map(|status| status.as_str().to_owned());
                found.push(Listed {
                    id: one.id.unwrap_or_default(),
                    template: one.experiment_template_id.unwrap_or_default(),
                    status: status.unwrap_or_default(),
                    tags: one.tags.unwrap_or_default().into_iter().collect(),
                });
            }
            next = answer.next_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    /// Stops an experiment. One that is over already is no failure.
    async fn stop(&self, id: &str) -> Result<(), Trouble> {
        let asked = self.fis.stop_experiment().id(id).send().await;
        match asked.map_err(|error| trouble::of("fis:StopExperiment", &error)) {
            Err(trouble) if trouble.is_gone() => Ok(()),
            done => done.map(drop),
        }
    }
}

/// An experiment in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub id: String,
    pub template: String,
    pub status: String,
    pub tags: std::collections::BTreeMap<String, String>,
}

impl Listed {
    pub(super) fn goes_on(&self) -> bool {
        !is_over(&self.status)
    }
}

/// The first UUID in a text: FIS names the automation in words only.
fn uuid_in(text: &str) -> Option<String> {
    let is = |word: &&str| {
        let lengths: Vec<usize> = word.split('-').map(str::len).collect();
        lengths == [8, 4, 4, 4, 12] && word.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit())
    };
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').find(is).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_execution_is_found_in_words() {
        let id = "0a1b2c3d-0000-4000-8000-0123456789ab";
        assert_eq!(uuid_in(&format!("Started (execution: {id}).")).as_deref(), Some(id));
        assert_eq!(uuid_in("an-other-thing"), None);
    }
}
