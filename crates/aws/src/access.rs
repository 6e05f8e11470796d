//! Who may do what, and no more: policies made from what the documents and the program call.

use serde_json::{Value, json};

use crate::kit::{Kit, Purpose};

/// On what an action is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum On {
    /// It can't be limited, or only reads.
    Everything,
    /// These resources.
    These(&'static str),
    /// These, if they carry the drill's tag.
    Tagged(&'static str),
}

/// The action that permits an operation, and on what. What isn't here is allowed to nobody: a test asks for every operation that is called.
const ACTIONS: &[(&str, &str, &[On])] = &[
    ("ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroups", &[On::Everything]),
    ("ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroupRules", &[On::Everything]),
    (
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:AuthorizeSecurityGroupIngress",
        &[On::Tagged("ec2:*:*:security-group/*"), On::These("ec2:*:*:security-group-rule/*")],
    ),
    (
        "ec2:RevokeSecurityGroupIngress",
        "ec2:RevokeSecurityGroupIngress",
        &[On::Tagged("ec2:*:*:security-group/*"), On::Tagged("ec2:*:*:security-group-rule/*")],
    ),
    ("ec2:CreateTags", "ec2:CreateTags", &[On::These("ec2:*:*:security-group-rule/*")]),
    ("ec2:DescribeInstances", "ec2:DescribeInstances", &[On::Everything]),
    ("ec2:TerminateInstances", "ec2:TerminateInstances", &[On::Tagged("ec2:*:*:instance/*")]),
    ("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", &[On::These("s3:::${AWS::StackName}-*")]),
    ("s3:PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock", &[On::These("s3:::${AWS::StackName}-*")]),
    ("s3:GetBucketTagging", "s3:GetBucketTagging", &[On::These("s3:::${AWS::StackName}-*")]),
    ("s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", &[On::Everything]),
    (
        "ssm:SendCommand",
        "ssm:SendCommand",
        &[On::Tagged("ec2:*:*:instance/*"), On::These("ssm:*::document/AWS-RunShellScript")],
    ),
    ("ssm:ListCommands", "ssm:ListCommands", &[On::Everything]),
    ("ssm:ListCommandInvocations", "ssm:ListCommandInvocations", &[On::Everything]),
    ("ssm:GetCommandInvocation", "ssm:GetCommandInvocation", &[On::Everything]),
    ("ssm:DescribeInstanceInformation", "ssm:DescribeInstanceInformation", &[On::Everything]),
    (
        "scheduler:CreateSchedule",
        "scheduler:CreateSchedule",
        &[On::These("scheduler:*:*:schedule/default/${Prefix}-*")],
    ),
    ("scheduler:GetSchedule", "scheduler:GetSchedule", &[On::These("scheduler:*:*:schedule/default/${Prefix}-*")]),
    (
        "scheduler:DeleteSchedule",
        "scheduler:DeleteSchedule",
        &[On::These("scheduler:*:*:schedule/default/${Prefix}-*")],
    ),
];

/// Operations that a document's steps call, as `service:Operation`.
#[must_use]
pub fn calls(document: &Value) -> Vec<String> {
    let mut calls = Vec::new();
    for step in document["mainSteps"].as_array().into_iter().flatten() {
        match step["action"].as_str() {
            Some("aws:runCommand") => {
                let used = ["SendCommand", "ListCommands", "ListCommandInvocations", "DescribeInstanceInformation"];
                calls.extend(used.map(|operation| format!("ssm:{operation}")));
            }
            Some("aws:executeAwsApi" | "aws:assertAwsResourceProperty" | "aws:waitForAwsResourceProperty") => {
                let (service, operation) = (step["inputs"]["Service"].as_str(), step["inputs"]["Api"].as_str());
                calls.extend(service.zip(operation).map(|(service, operation)| format!("{service}:{operation}")));
                if step["inputs"].get("TagSpecifications").is_some() {
                    calls.push("ec2:CreateTags".into());
                }
            }
            _ => {}
        }
    }
    calls.sort();
    calls.dedup();
    calls
}

/// The actions that permit the calls. An operation that isn't in the table is an error.
///
/// # Errors
/// The operation that nobody decided on.
pub fn actions(calls: &[String]) -> Result<Vec<&'static str>, String> {
    let row = |call: &String| ACTIONS.iter().find(|(known, ..)| known == call).ok_or_else(|| call.clone());
    calls.iter().map(|call| row(call).map(|(_, action, _)| *action)).collect()
}

/// The policy of the role that runs a document, with intrinsic functions for the stack's template.
#[must_use]
pub fn policy(documents: &[Value]) -> Value {
    let mut statements = Vec::new();
    let mut all: Vec<String> = documents.iter().flat_map(calls).collect();
    all.sort();
    all.dedup();
    for (call, action, on) in ACTIONS.iter().filter(|(known, ..)| all.iter().any(|call| call == known)) {
        for one in *on {
            statements.push(statement(call, action, *one));
        }
    }
    if all.iter().any(|call| call == "scheduler:CreateSchedule") {
        statements.push(pass("SchedulerRole", "scheduler.amazonaws.com"));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn statement(call: &str, action: &str, on: On) -> Value {
    let arn = |rest: &str| json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:{rest}") });
    let mut statement = json!({ "Effect": "Allow", "Action": action });
    match on {
        On::Everything => statement["Resource"] = "*".into(),
        On::These(rest) => statement["Resource"] = arn(rest),
        On::Tagged(rest) => {
            statement["Resource"] = arn(rest);
            // The key of a condition can't be an expression of a template, so the team's tag key is put in when the template is made.
            statement["Condition"] = json!({ "StringEquals": { "aws:ResourceTag/${TagKey}": { "Ref": "TagValue" } } });
        }
    }
    if call == "ec2:CreateTags" {
        statement["Condition"] = json!({ "StringEquals": { "ec2:CreateAction": "AuthorizeSecurityGroupIngress" } });
    }
    statement
}

/// Leave to hand a role of the stack to a service.
#[must_use]
pub fn pass(role: &str, service: &str) -> Value {
    json!({ "Effect": "Allow", "Action": "iam:PassRole", "Resource": { "Fn::GetAtt": [role, "Arn"] },
        "Condition": { "StringEquals": { "iam:PassedToService": service } } })
}

/// When the program calls something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// For `plan`: reads only.
    Plan,
    /// For `setup` and `teardown`.
    Setup,
    /// During a run and for `recover`.
    Run,
}

/// All that the program itself calls, with when and why.
pub const OPERATOR: &[(&str, When, &str)] = &[
    ("sts:GetCallerIdentity", When::Plan, "whose account this is"),
    ("organizations:DescribeOrganization", When::Plan, "whether it manages the organization"),
    ("ssm:GetParameter", When::Plan, "the owner's consent"),
    ("iam:SimulatePrincipalPolicy", When::Plan, "what the caller may do"),
    ("guardduty:ListDetectors", When::Plan, "whether GuardDuty is on"),
    ("guardduty:GetDetector", When::Plan, "how often GuardDuty publishes repeats"),
    ("config:DescribeConfigurationRecorderStatus", When::Plan, "whether AWS Config records"),
    ("config:DescribeConfigRules", When::Plan, "whether the rule is there"),
    ("config:DescribeRemediationConfigurations", When::Plan, "what remedies by itself"),
    ("events:ListRules", When::Plan, "who hears of findings"),
    ("events:ListTargetsByRule", When::Plan, "who hears of findings"),
    ("securityhub:DescribeHub", When::Plan, "whether Security Hub takes findings on"),
    ("fis:GetSafetyLever", When::Plan, "whether experiments are stopped for everybody"),
    ("fis:ListExperiments", When::Plan, "whether another drill is under way"),
    ("cloudwatch:DescribeAlarms", When::Plan, "how the stop condition stands"),
    ("cloudformation:DescribeStacks", When::Plan, "what setup made"),
    ("cloudformation:GetTemplate", When::Plan, "whether the stack is the one that was planned"),
    ("cloudformation:CreateChangeSet", When::Setup, "to show what will be created"),
    ("cloudformation:DescribeChangeSet", When::Setup, "to show what will be created"),
    ("cloudformation:DeleteChangeSet", When::Setup, "where setup is not confirmed"),
    ("cloudformation:ExecuteChangeSet", When::Setup, "to create it"),
    ("cloudformation:DescribeStackEvents", When::Setup, "why it failed"),
    ("cloudformation:DescribeStackResources", When::Setup, "what is to go"),
    ("cloudformation:DeleteStack", When::Setup, "to remove it"),
    ("ssm:StartAutomationExecution", When::Run, "to look, to arm, to restore"),
    ("ssm:GetAutomationExecution", When::Run, "what came of that"),
    ("ssm:StopAutomationExecution", When::Run, "to end the change where FIS can't"),
    ("ssm:DescribeAutomationExecutions", When::Run, "to find what a crash left"),
    ("fis:StartExperiment", When::Run, "the fault"),
    ("fis:GetExperiment", When::Run, "how it stands"),
    ("fis:StopExperiment", When::Run, "to end it"),
    ("cloudwatch:PutMetricData", When::Run, "the heartbeat; without it the fault ends"),
    ("guardduty:ListFindings", When::Run, "what was found"),
    ("guardduty:GetFindings", When::Run, "what was found"),
    ("guardduty:CreateSampleFindings", When::Run, "tier 0"),
    ("config:GetComplianceDetailsByResource", When::Run, "what AWS Config says"),
];

/// What whoever runs `setup` and `teardown` needs for each type of resource, because `CloudFormation` acts in that name: the permissions of its
/// resource types, as far as they are used here.
const MAKING: &[(&str, &[&str])] = &[
    ("AWS::CloudWatch::Alarm", &["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm"]),
    (
        "AWS::EC2::Instance",
        &[
            "ec2:CreateTags",
            "ec2:DescribeInstances",
            "ec2:RunInstances",
            "ec2:TerminateInstances",
            "iam:PassRole",
            "ssm:GetParameters",
        ],
    ),
    (
        "AWS::EC2::SecurityGroup",
        &["ec2:CreateSecurityGroup", "ec2:CreateTags", "ec2:DeleteSecurityGroup", "ec2:DescribeSecurityGroups"],
    ),
    (
        "AWS::FIS::ExperimentTemplate",
        &[
            "fis:CreateExperimentTemplate",
            "fis:DeleteExperimentTemplate",
            "fis:GetExperimentTemplate",
            "fis:TagResource",
            "iam:PassRole",
        ],
    ),
    (
        "AWS::IAM::InstanceProfile",
        &[
            "iam:AddRoleToInstanceProfile",
            "iam:CreateInstanceProfile",
            "iam:DeleteInstanceProfile",
            "iam:GetInstanceProfile",
            "iam:PassRole",
            "iam:RemoveRoleFromInstanceProfile",
        ],
    ),
    (
        "AWS::IAM::Role",
        &[
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:PutRolePolicy",
        ],
    ),
    (
        "AWS::S3::Bucket",
        &[
            "s3:CreateBucket",
            "s3:DeleteBucket",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketTagging",
            "s3:PutEncryptionConfiguration",
        ],
    ),
    ("AWS::SSM::Document", &["ssm:CreateDocument", "ssm:DeleteDocument", "ssm:DescribeDocument", "ssm:GetDocument"]),
];

/// What `setup` needs to make a template's resources: action and type, each action once.
#[must_use]
pub(crate) fn making(template: &Value) -> Vec<(&'static str, &'static str)> {
    let types: Vec<&str> =
        template["Resources"].as_object().into_iter().flatten().filter_map(|(_, one)| one["Type"].as_str()).collect();
    let rows = MAKING.iter().filter(|(kind, _)| types.contains(kind));
    let mut needed: Vec<(&str, &str)> =
        rows.flat_map(|(kind, actions)| actions.iter().map(|action| (*action, *kind))).collect();
    needed.sort_unstable();
    needed.dedup_by_key(|(action, _)| *action);
    needed
}

/// Permissions of a run that are no calls of their own.
pub(crate) const BESIDE: &[(&str, When, &str)] = &[
    ("iam:PassRole", When::Run, "to hand the documents their roles"),
    ("fis:TagResource", When::Run, "to tag the experiment with the drill"),
];

/// What a kit's roles may do: the purpose, and the actions.
///
/// # Errors
/// An operation that nobody decided on.
pub(crate) fn of_roles(kit: &Kit) -> Result<Vec<(Purpose, Vec<&'static str>)>, String> {
    let documents = Purpose::ALL.into_iter().filter_map(|purpose| Some((purpose, kit.parsed(purpose)?)));
    documents.map(|(purpose, document)| Ok((purpose, actions(&calls(&document))?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Their answers would lie in the outputs of steps, for everybody who may read executions.
    const NEVER: [&str; 5] = ["CreateAccessKey", "AssumeRole", "GetSecretValue", "GetSessionToken", "GetParameter"];

    #[test]
    fn every_call_of_every_document_was_decided_on_and_none_fetches_a_secret() {
        for kit in Kit::scenarios().filter_map(Kit::of) {
            assert!(of_roles(&kit).is_ok(), "{}: {:?}", kit.scenario, of_roles(&kit));
            for document in Purpose::ALL.into_iter().filter_map(|purpose| kit.parsed(purpose)) {
                for call in calls(&document) {
                    assert!(!NEVER.iter().any(|never| call.ends_with(never)), "{}: {call}", kit.scenario);
                }
            }
        }
        assert_eq!(actions(&["ec2:RunInstances".to_owned()]), Err("ec2:RunInstances".to_owned()));
    }

    #[test]
    fn every_type_of_resource_says_what_making_it_needs() {
        for kit in Kit::scenarios().filter_map(Kit::of) {
            let template = crate::template::of(&kit, &crate::template::Settings::default());
            for (name, resource) in template["Resources"].as_object().into_iter().flatten() {
                assert!(MAKING.iter().any(|(kind, _)| resource["Type"] == *kind), "{}: {name}", kit.scenario);
            }
        }
    }

    #[test]
    fn who_restores_can_not_change_and_who_looks_can_do_neither() {
        for kit in Kit::scenarios().filter_map(Kit::of) {
            let Ok(roles) = of_roles(&kit) else { continue };
            for (purpose, actions) in roles {
                let writes = actions.iter().filter(|action| {
                    !action.contains(":Describe") && !action.contains(":Get") && !action.contains(":List")
                });
                let writes: Vec<_> = writes.collect();
                match purpose {
                    Purpose::Look => assert!(writes.is_empty(), "{}: {writes:?}", kit.scenario),
                    Purpose::Restore => assert!(
                        !actions.contains(&"ec2:AuthorizeSecurityGroupIngress")
                            && !actions.contains(&"ssm:SendCommand")
                    ),
                    Purpose::Change | Purpose::Arm | Purpose::Disarm => {}
                }
            }
        }
    }
}
