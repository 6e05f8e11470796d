//! Documents of Systems Manager: started with a token that is found again, followed to their end, read.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Aws, Made, Trouble, trouble};
use crate::kit::Purpose;
use crate::template::role_of;

/// How an execution stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Execution {
    pub id: String,
    /// As Systems Manager says it.
    pub status: String,
    /// Steps: name, status, outputs.
    pub steps: Vec<StepSeen>,
    /// Why it failed.
    pub failure: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StepSeen {
    pub name: String,
    pub status: String,
    pub started: Option<chrono::DateTime<chrono::Utc>>,
    pub outputs: BTreeMap<String, Vec<String>>,
}

impl Execution {
    pub(super) fn is_over(&self) -> bool {
        !matches!(self.status.as_str(), "InProgress" | "Pending" | "Waiting" | "Cancelling")
    }

    pub(super) fn step(&self, name: &str) -> Option<&StepSeen> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// What a step gave.
    pub(super) fn output(&self, step: &str, name: &str) -> Vec<String> {
        self.step(step).and_then(|step| step.outputs.get(name)).cloned().unwrap_or_default()
    }
}

/// How often an execution is looked at, and how long one of ours may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    pub every: Duration,
    pub most: Duration,
}

impl Aws {
    /// Starts a document of the stack. The same token starts it once.
    pub(super) async fn start(
        &self,
        made: &Made,
        purpose: Purpose,
        given: &[(String, String)],
        token: &str,
    ) -> Result<String, Trouble> {
        let name = format!("{}-{}", made.stack, purpose.name());
        let mut call = self.ssm.start_automation_execution().document_name(name).client_token(token);
        call = call.parameters("AutomationAssumeRole", vec![made.output(role_of(purpose)).to_owned()]);
        for (key, value) in given {
            call = call.parameters(key, vec![value.clone()]);
        }
        let answer = call.send().await.map_err(|error| trouble::of("ssm:StartAutomationExecution", &error))?;
        answer.automation_execution_id.ok_or_else(|| Trouble::Unexpected("ssm:StartAutomationExecution".into()))
    }

    /// How an execution stands.
    pub(super) async fn execution(&self, id: &str) -> Result<Execution, Trouble> {
        let asked = self.ssm.get_automation_execution().automation_execution_id(id).send().await;
        let answer = asked.map_err(|error| trouble::of("ssm:GetAutomationExecution", &error))?;
        let found =
            answer.automation_execution.ok_or_else(|| Trouble::Unexpected("ssm:GetAutomationExecution".into()))?;
        let steps = found.step_executions.unwrap_or_default().into_iter().map(|step| StepSeen {
            name: step.step_name.unwrap_or_default(),
            status: step.step_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            started: step
                .execution_start_time
                .and_then(|at| chrono::DateTime::from_timestamp_millis(at.to_millis().ok()?)),
            outputs: step.outputs.unwrap_or_default().into_iter().collect(),
        });
        Ok(Execution {
            id: id.to_owned(),
            status: found.automation_execution_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            steps: steps.collect(),
            failure: found.failure_message.unwrap_or_default(),
        })
    }

    /// Starts a document and waits for its end.
    pub(super) async fn run(
        &self,
        (made, purpose): (&Made, Purpose),
        given: &[(String, String)],
        token: &str,
        patience: Patience,
    ) -> Result<Execution, Trouble> {
        let id = self.start(made, purpose, given, token).await?;
        let begun = tokio::time::Instant::now();
        loop {
            let seen = self.execution(&id).await?;
            if seen.is_over() {
                return Ok(seen);
            }
            if begun.elapsed() > patience.most {
                return Err(Trouble::Unreachable(format!("ssm:GetAutomationExecution ({id} goes on)")));
            }
            tokio::time::sleep(patience.every).await;
        }
    }

    /// Cancels an execution. One that is over already is no failure.
    pub(super) async fn cancel(&self, id: &str) -> Result<(), Trouble> {
        let asked = self.ssm.stop_automation_execution().automation_execution_id(id).send().await;
        match asked.map_err(|error| trouble::of("ssm:StopAutomationExecution", &error)) {
            Err(trouble) if trouble.is_gone() => Ok(()),
            done => done.map(drop),
        }
    }

    /// Executions of a document that go on.
    pub(super) async fn executions(&self, document: &str) -> Result<Vec<String>, Trouble> {
        use aws_sdk_ssm::types::{AutomationExecutionFilter, AutomationExecutionFilterKey};
        let filter = AutomationExecutionFilter::builder()
            .key(AutomationExecutionFilterKey::DocumentNamePrefix)
            .values(document)
            .build()
            .map_err(|_| Trouble::Unexpected("ssm:DescribeAutomationExecutions".into()))?;
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let asked =
                self.ssm.describe_automation_executions().filters(filter.clone()).set_next_token(next).send().await;
            let answer = asked.map_err(|error| trouble::of("ssm:DescribeAutomationExecutions", &error))?;
            for one in answer.automation_execution_metadata_list.unwrap_or_default() {
                let status =
                    one.automation_execution_status.map(|status| status.as_str().to_owned()).unwrap_or_default();
                if matches!(status.as_str(), "InProgress" | "Pending" | "Waiting" | "Cancelling") {
                    found.extend(one.automation_execution_id);
                }
            }
            next = answer.next_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }
}
