//! One page with the raw commands that undo a drill, written before it begins: for whoever has to, without this program.

use crate::kit::{Kit, Purpose};
use crate::names;

/// What the page names.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The drill.
    pub drill: &'a str,
    /// Region.
    pub region: &'a str,
    /// Stack.
    pub stack: &'a str,
    /// Where names begin.
    pub prefix: &'a str,
    /// Experiment template.
    pub template: &'a str,
    /// Parameters of the documents, as `Name=value`.
    pub parameters: &'a [(String, String)],
    /// Role that restores.
    pub restore_role: &'a str,
    /// Role that looks.
    pub look_role: &'a str,
    /// When the schedule restores, in words.
    pub expires: &'a str,
}

/// The page.
#[must_use]
pub fn page(kit: &Kit, facts: Facts<'_>) -> String {
    let Facts { drill, region, stack, template, expires, .. } = facts;
    let document = |purpose: Purpose| format!("{stack}-{}", purpose.name());
    let with = |role: &str| {
        let given = facts.parameters.iter().map(|(name, value)| format!("{name}={value}"));
        let given: Vec<String> = given.chain([format!("AutomationAssumeRole={role}")]).collect();
        given.join(",")
    };
    let (restore, look) = (with(facts.restore_role), with(facts.look_role));
    let schedule = names::schedule(facts.prefix, drill);
    format!(
        "How to undo the drill {drill} without Firedrill\n\
         \n\
         What was changed: {what}\n\
         How it is undone: {undo}\n\
         Without anybody: {expires} a schedule starts the document that restores.\n\
         \n\
         1. Find the experiment and stop it:\n\
         \n\
         aws fis list-experiments --region {region} --experiment-template-id {template}\n\
         aws fis stop-experiment --region {region} --id EXPERIMENT\n\
         \n\
         2. Restore, whether or not that worked:\n\
         \n\
         aws ssm start-automation-execution --region {region} --document-name {restore_document} --parameters {restore}\n\
         \n\
         3. Look. It is undone when step \"look\" gives {undone} as Left:\n\
         \n\
         aws ssm start-automation-execution --region {region} --document-name {look_document} --parameters {look}\n\
         aws ssm get-automation-execution --region {region} --automation-execution-id EXECUTION \\\n  \
           --query \"AutomationExecution.StepExecutions[?StepName=='look'].Outputs\"\n\
         \n\
         4. Delete the schedule, and what setup made:\n\
         \n\
         aws scheduler delete-schedule --region {region} --name {schedule}\n\
         aws cloudformation delete-stack --region {region} --stack-name {stack}\n",
        what = kit.what,
        undo = kit.undo,
        restore_document = document(Purpose::Restore),
        look_document = document(Purpose::Look),
        undone = if kit.undone.is_empty() { "nothing".to_owned() } else { kit.undone.join(" or ") },
    )
}
