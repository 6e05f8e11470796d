//! `setup` and `teardown`: one stack of `CloudFormation`.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudformation::types::{Capability, ChangeSetStatus, ChangeSetType, Parameter, Stack};
use tokio::time::Instant;

use super::{Aws, Made, Trouble, trouble};
use crate::kit::Kit;
use crate::names;
use crate::plan::StackState;
use crate::template::{self, Settings};

/// A stack may take so long to be made or removed: an instance takes minutes.
const MOST: Duration = Duration::from_mins(15);

/// One thing that a change set would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `Add`, `Modify`, `Remove`.
    pub action: String,
    /// Logical name.
    pub name: String,
    /// Type.
    pub kind: String,
}

/// What `teardown` has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// What is still there: logical name, type, id.
    pub left: Vec<(String, String, String)>,
    /// Why, in `CloudFormation`'s words.
    pub why: String,
}

impl Aws {
    /// The stack with this name, if it is there.
    async fn stack(&self, name: &str) -> Result<Option<Stack>, Trouble> {
        let asked = self.cloudformation.describe_stacks().stack_name(name).send().await;
        match asked.map_err(|error| trouble::of("cloudformation:DescribeStacks", &error)) {
            Ok(answer) => Ok(answer.stacks.unwrap_or_default().into_iter().next()),
            // This is how it says that there is none.
            Err(Trouble::Service { code, message, .. })
                if code == "ValidationError" && message.contains("does not exist") =>
            {
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// The kit's stack, and how it stands.
    ///
    /// # Errors
    /// When it can't be asked.
    pub async fn made(&self, kit: &Kit, settings: &Settings, account: &str) -> Result<(StackState, Made), Trouble> {
        let name = names::stack(&settings.prefix, &kit.scenario);
        let absent = Made { stack: name.clone(), outputs: BTreeMap::new() };
        let Some(stack) = self.stack(&name).await? else { return Ok((StackState::Absent, absent)) };
        let status = stack.stack_status.as_ref().map(|status| status.as_str().to_owned()).unwrap_or_default();
        let outputs = stack.outputs.unwrap_or_default().into_iter();
        let outputs = outputs.filter_map(|output| Some((output.output_key?, output.output_value?))).collect();
        let made = Made { stack: name.clone(), outputs };
        if status != "CREATE_COMPLETE" && status != "UPDATE_COMPLETE" {
            let why = format!("is {status}; `firedrill teardown {} --live` removes it", kit.scenario);
            return Ok((StackState::Unfinished(why), made));
        }
        if made.output("Kit") != names::mark(&kit.scenario) {
            let why = "is of another version of this program, or not its own; remove it with the version that made it, or choose another --prefix";
            return Ok((StackState::Other(why.into()), made));
        }
        let asked = self.cloudformation.get_template().stack_name(&name).send().await;
        let body =
            asked.map_err(|error| trouble::of("cloudformation:GetTemplate", &error))?.template_body.unwrap_or_default();
        let parameters = stack.parameters.unwrap_or_default().into_iter();
        let parameters: BTreeMap<String, String> =
            parameters.filter_map(|one| Some((one.parameter_key?, one.parameter_value?))).collect();
        let same = serde_json::from_str::<serde_json::Value>(&body)
            .is_ok_and(|body| body == template::of(kit, settings))
            && template::given(kit, settings, account)
                .into_iter()
                .all(|(key, value)| parameters.get(&key) == Some(&value));
        if same {
            return Ok((StackState::Ready, made));
        }
        let why = format!(
            "was made with other settings or of another template; `firedrill teardown {} --live` removes it",
            kit.scenario
        );
        Ok((StackState::Other(why), made))
    }

    async fn settle(&self, name: &str, every: Duration, what: &str) -> Result<Option<Stack>, Trouble> {
        let begun = Instant::now();
        loop {
            let Some(stack) = self.stack(name).await? else { return Ok(None) };
            let goes_on = stack.stack_status.as_ref().is_some_and(|status| status.as_str().ends_with("_IN_PROGRESS"));
            if !goes_on {
                return Ok(Some(stack));
            }
            if begun.elapsed() > MOST {
                return Err(Trouble::Unreachable(format!("{what} (the stack {name} is still being changed)")));
            }
            tokio::time::sleep(every).await;
        }
    }
}

/// The name of the change set.
const CHANGES: &str = "setup";

/// Makes the change set that would create the stack, and says what is in it. Nothing is created yet.
///
/// # Errors
/// When it can't be made.
pub async fn changes(
    aws: &Aws,
    kit: &Kit,
    settings: &Settings,
    account: &str,
    every: Duration,
) -> Result<Vec<Change>, Trouble> {
    let name = names::stack(&settings.prefix, &kit.scenario);
    let parameters = template::given(kit, settings, account).into_iter();
    let parameters =
        parameters.map(|(key, value)| Parameter::builder().parameter_key(key).parameter_value(value).build());
    let call = aws
        .cloudformation
        .create_change_set()
        .stack_name(&name)
        .change_set_name(CHANGES)
        .change_set_type(ChangeSetType::Create);
    let call = call.template_body(template::of(kit, settings).to_string()).capabilities(Capability::CapabilityNamedIam);
    let call = call.set_parameters(Some(parameters.collect()));
    call.send().await.map_err(|error| trouble::of("cloudformation:CreateChangeSet", &error))?;
    let begun = Instant::now();
    loop {
        let asked = aws.cloudformation.describe_change_set().stack_name(&name).change_set_name(CHANGES).send().await;
        let answer = asked.map_err(|error| trouble::of("cloudformation:DescribeChangeSet", &error))?;
        match answer.status {
            Some(ChangeSetStatus::CreateComplete) => {
                let changes =
                    answer.changes.unwrap_or_default().into_iter().filter_map(|change| change.resource_change);
                let changes = changes.map(|change| Change {
                    action: change.action.map(|action| action.as_str().to_owned()).unwrap_or_default(),
                    name: change.logical_resource_id.unwrap_or_default(),
                    kind: change.resource_type.unwrap_or_default(),
                });
                return Ok(changes.collect());
            }
            Some(ChangeSetStatus::Failed) => {
                let (call, message) =
                    ("cloudformation:CreateChangeSet".into(), answer.status_reason.unwrap_or_default());
                return Err(Trouble::Service { call, code: "FAILED".into(), message });
            }
            _ if begun.elapsed() > MOST => return Err(Trouble::Unreachable("cloudformation:CreateChangeSet".into())),
            _ => tokio::time::sleep(every).await,
        }
    }
}

/// Deletes the change set, and the empty stack that came with it.
///
/// # Errors
/// When it can't be.
pub async fn discard(aws: &Aws, kit: &Kit, settings: &Settings) -> Result<(), Trouble> {
    let name = names::stack(&settings.prefix, &kit.scenario);
    let asked = aws.cloudformation.delete_change_set().stack_name(&name).change_set_name(CHANGES).send().await;
    asked.map_err(|error| trouble::of("cloudformation:DeleteChangeSet", &error))?;
    let review = aws
        .stack(&name)
        .await?
        .is_some_and(|stack| stack.stack_status.is_some_and(|status| status.as_str() == "REVIEW_IN_PROGRESS"));
    if review {
        let asked = aws.cloudformation.delete_stack().stack_name(&name).send().await;
        asked.map_err(|error| trouble::of("cloudformation:DeleteStack", &error))?;
    }
    Ok(())
}

/// Creates the stack of the change set, and waits until it is there.
///
/// # Errors
/// When it failed; `CloudFormation` has removed what was made by then.
pub async fn apply(aws: &Aws, kit: &Kit, settings: &Settings, every: Duration) -> Result<(), Trouble> {
    let name = names::stack(&settings.prefix, &kit.scenario);
    let asked = aws.cloudformation.execute_change_set().stack_name(&name).change_set_name(CHANGES).send().await;
    asked.map_err(|error| trouble::of("cloudformation:ExecuteChangeSet", &error))?;
    let stack = aws.settle(&name, every, "cloudformation:ExecuteChangeSet").await?;
    let status = stack
        .as_ref()
        .and_then(|stack| stack.stack_status.as_ref())
        .map(|status| status.as_str().to_owned())
        .unwrap_or_default();
    if status == "CREATE_COMPLETE" {
        return Ok(());
    }
    let asked = aws.cloudformation.describe_stack_events().stack_name(&name).send().await;
    let events = asked.map(|answer| answer.stack_events.unwrap_or_default()).unwrap_or_default();
    let why = events.into_iter().filter_map(|event| event.resource_status_reason).next_back().unwrap_or_default();
    Err(Trouble::Service { call: "cloudformation:ExecuteChangeSet".into(), code: status, message: why })
}

/// Removes the stack, and shows what is left of it.
///
/// # Errors
/// When it can't be asked.
pub async fn remove(aws: &Aws, kit: &Kit, settings: &Settings, every: Duration) -> Result<Gone, Trouble> {
    let name = names::stack(&settings.prefix, &kit.scenario);
    let asked = aws.cloudformation.delete_stack().stack_name(&name).send().await;
    asked.map_err(|error| trouble::of("cloudformation:DeleteStack", &error))?;
    let stack = aws.settle(&name, every, "cloudformation:DeleteStack").await?;
    let Some(stack) =
        stack.filter(|stack| stack.stack_status.as_ref().is_none_or(|status| status.as_str() != "DELETE_COMPLETE"))
    else {
        return Ok(Gone { left: Vec::new(), why: String::new() });
    };
    let asked = aws.cloudformation.describe_stack_resources().stack_name(&name).send().await;
    let rows = asked
        .map_err(|error| trouble::of("cloudformation:DescribeStackResources", &error))?
        .stack_resources
        .unwrap_or_default();
    let rows = rows
        .into_iter()
        .filter(|row| row.resource_status.as_ref().is_none_or(|status| status.as_str() != "DELETE_COMPLETE"));
    let left = rows.map(|row| {
        (
            row.logical_resource_id.unwrap_or_default(),
            row.resource_type.unwrap_or_default(),
            row.physical_resource_id.unwrap_or_default(),
        )
    });
    Ok(Gone { left: left.collect(), why: stack.stack_status_reason.unwrap_or_default() })
}
