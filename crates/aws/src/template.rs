//! The stack that `setup` creates: documents, roles, alarm, experiment template, and the drill's own resources.

use serde_json::{Map, Value, json};

use crate::access::{self, pass};
use crate::kit::{Kit, Purpose};
use crate::names;

/// What a team may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where names begin.
    pub prefix: String,
    /// Key of the tag that says what belongs to the drill.
    pub tag_key: String,
    /// Path of the roles.
    pub role_path: String,
    /// ARN of the permission boundary of the roles, or nothing.
    pub boundary: String,
    /// Subnet of the drill's instances, or nothing for the default network.
    pub subnet: String,
}

impl Default for Settings {
    fn default() -> Self {
        let empty = String::new;
        Self {
            prefix: names::PREFIX.into(),
            tag_key: names::PREFIX.into(),
            role_path: "/".into(),
            boundary: empty(),
            subnet: empty(),
        }
    }
}

/// Metric of the heartbeat.
pub(crate) const BEAT: &str = "Beat";
/// Seconds of a period of the heartbeat's alarm. So many periods without one, and the experiment is stopped.
pub(crate) const BEAT_PERIOD: u32 = 60;
/// Periods that may pass without a heartbeat.
pub(crate) const BEAT_PERIODS: u32 = 3;

/// Roles: the document that each runs, and its logical name.
const ROLES: [(&str, &[Purpose]); 4] = [
    ("ChangeRole", &[Purpose::Change]),
    ("RestoreRole", &[Purpose::Restore]),
    ("LookRole", &[Purpose::Look]),
    ("ArmRole", &[Purpose::Arm, Purpose::Disarm]),
];

/// The role that runs a document.
#[must_use]
pub(crate) fn role_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Change => "ChangeRole",
        Purpose::Restore => "RestoreRole",
        Purpose::Look => "LookRole",
        Purpose::Arm | Purpose::Disarm => "ArmRole",
    }
}

/// The template of a kit's stack as JSON.
#[must_use]
pub fn of(kit: &Kit, settings: &Settings) -> Value {
    let mut resources = Map::new();
    resources.insert("Heartbeat".into(), heartbeat());
    if kit.tier > 0 {
        for purpose in Purpose::ALL {
            let Some(content) = kit.parsed(purpose) else { continue };
            resources.insert(logical(purpose), document(purpose, &content));
        }
        for (name, purposes) in ROLES {
            let documents: Vec<Value> = purposes.iter().filter_map(|purpose| kit.parsed(*purpose)).collect();
            resources.insert(name.into(), role("ssm.amazonaws.com", &access::policy(&documents)));
        }
        resources.insert("SchedulerRole".into(), role("scheduler.amazonaws.com", &scheduler_policy()));
        resources.insert("ExperimentRole".into(), role("fis.amazonaws.com", &experiment_policy()));
        resources.insert("Experiment".into(), experiment(kit));
        resources.extend(kit.resources.clone());
    }
    let template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Documents of Systems Manager with their roles, an alarm, and resources of their own.",
        "Parameters": parameters(kit),
        "Conditions": conditions(kit),
        "Resources": resources,
        "Outputs": outputs(kit),
    });
    // Keys can't be expressions: the tag's key stands in the conditions of policies.
    serde_json::from_str(&template.to_string().replace("${TagKey}", &settings.tag_key)).unwrap_or(template)
}

fn logical(purpose: Purpose) -> String {
    let name = purpose.name();
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect()) + "Document"
}

fn parameters(kit: &Kit) -> Value {
    let text = |default: Option<&str>, about: &str| {
        let mut parameter = json!({ "Type": "String", "Description": about });
        if let Some(default) = default {
            parameter["Default"] = default.into();
        }
        parameter
    };
    let mut parameters = json!({
        "Prefix": text(Some(names::PREFIX), "Where names begin"),
    });
    if kit.tier > 0 {
        parameters["TagKey"] = text(None, "Key of the tag of what belongs to this stack");
        parameters["TagValue"] = text(None, "Its value");
        parameters["RolePath"] = text(Some("/"), "Path of the roles");
        parameters["PermissionsBoundary"] = text(Some(""), "ARN of the roles' permission boundary, or nothing");
    }
    if uses(kit, "SubnetId") {
        parameters["SubnetId"] = text(Some(""), "Subnet of the instance, or nothing for the default one");
        parameters["ImageId"] = json!({ "Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Description": "Image of the instance",
            "Default": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" });
    }
    parameters
}

fn conditions(kit: &Kit) -> Value {
    let given = |name: &str| json!({ "Fn::Not": [{ "Fn::Equals": [{ "Ref": name }, ""] }] });
    let mut conditions = Map::new();
    if kit.tier > 0 {
        conditions.insert("HasBoundary".into(), given("PermissionsBoundary"));
    }
    if uses(kit, "SubnetId") {
        conditions.insert("HasSubnet".into(), given("SubnetId"));
    }
    conditions.into()
}

fn uses(kit: &Kit, parameter: &str) -> bool {
    Value::Object(kit.resources.clone()).to_string().contains(&format!("\"{parameter}\""))
}

fn heartbeat() -> Value {
    json!({ "Type": "AWS::CloudWatch::Alarm", "Properties": {
        "AlarmName": { "Fn::Sub": "${AWS::StackName}-beat" },
        "AlarmDescription": "In alarm when nobody has reported for some minutes: what runs is stopped then.",
        "Namespace": { "Ref": "AWS::StackName" }, "MetricName": BEAT, "Statistic": "SampleCount",
        "Period": BEAT_PERIOD, "EvaluationPeriods": BEAT_PERIODS, "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching" } })
}

fn document(purpose: Purpose, content: &Value) -> Value {
    json!({ "Type": "AWS::SSM::Document", "Properties": {
        "Name": { "Fn::Sub": format!("${{AWS::StackName}}-{}", purpose.name()) },
        "DocumentType": "Automation", "DocumentFormat": "JSON", "Content": content } })
}

fn role(service: &str, policy: &Value) -> Value {
    json!({ "Type": "AWS::IAM::Role", "Properties": {
        "Path": { "Ref": "RolePath" },
        "PermissionsBoundary": { "Fn::If": ["HasBoundary", { "Ref": "PermissionsBoundary" }, { "Ref": "AWS::NoValue" }] },
        "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole",
            "Condition": { "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } } }] },
        "Policies": [{ "PolicyName": "only-this", "PolicyDocument": policy }] } })
}

/// ARNs of a document and of its executions.
fn automation(purpose: Purpose) -> Value {
    let name = format!("${{AWS::StackName}}-{}", purpose.name());
    json!([
        { "Fn::Sub": format!("arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:automation-definition/{name}:*") },
        { "Fn::Sub": format!("arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:document/{name}") },
    ])
}

fn scheduler_policy() -> Value {
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "ssm:StartAutomationExecution", "Resource": automation(Purpose::Restore) },
        pass("RestoreRole", "ssm.amazonaws.com"),
    ] })
}

fn experiment_policy() -> Value {
    let executions =
        json!({ "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:automation-execution/*" });
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "ssm:StartAutomationExecution", "Resource": automation(Purpose::Change) },
        { "Effect": "Allow", "Action": ["ssm:GetAutomationExecution", "ssm:StopAutomationExecution"], "Resource": executions },
        { "Effect": "Allow", "Action": "cloudwatch:DescribeAlarms", "Resource": "*" },
        pass("ChangeRole", "ssm.amazonaws.com"),
    ] })
}

/// Minutes that the change document holds in one wait, where it waits `waits` times.
fn hold(kit: &Kit) -> u32 {
    let document = kit.parsed(Purpose::Change).unwrap_or_default();
    let steps = document["mainSteps"].as_array().into_iter().flatten();
    let waits = steps.filter(|step| step["action"] == "aws:sleep").count();
    kit.minutes / u32::try_from(waits.max(1)).unwrap_or(1)
}

fn experiment(kit: &Kit) -> Value {
    let target = kit.parameters.first().map(String::as_str).unwrap_or_default();
    let given = format!(
        "{{\"AutomationAssumeRole\":\"${{ChangeRole.Arn}}\",\"{target}\":\"${{{}}}\",\"TagKey\":\"${{TagKey}}\",\"TagValue\":\"${{TagValue}}\",\"Hold\":\"PT{}M\"}}",
        target_name(kit),
        hold(kit)
    );
    json!({ "Type": "AWS::FIS::ExperimentTemplate", "Properties": {
        "Description": { "Fn::Sub": "${AWS::StackName}" },
        "RoleArn": { "Fn::GetAtt": ["ExperimentRole", "Arn"] },
        "StopConditions": [{ "Source": "aws:cloudwatch:alarm", "Value": { "Fn::GetAtt": ["Heartbeat", "Arn"] } }],
        "Targets": {},
        "Tags": { "Name": { "Fn::Sub": "${AWS::StackName}" } },
        "Actions": { "change": { "ActionId": "aws:ssm:start-automation-execution", "Parameters": {
            "documentArn": { "Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:document/${ChangeDocument}" },
            "documentParameters": { "Fn::Sub": given },
            "maxDuration": format!("PT{}M", kit.minutes + 10) } } } } })
}

/// The target as `Fn::Sub` names it.
fn target_name(kit: &Kit) -> String {
    let attribute = kit.target_value["Fn::GetAtt"]
        .as_array()
        .map(|parts| parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."));
    attribute.or_else(|| kit.target_value["Ref"].as_str().map(str::to_owned)).unwrap_or_default()
}

fn outputs(kit: &Kit) -> Value {
    let mut outputs = json!({
        "Kit": { "Value": names::mark(&kit.scenario) },
        "Alarm": { "Value": { "Ref": "Heartbeat" } },
    });
    if kit.tier > 0 {
        outputs["Experiment"] = json!({ "Value": { "Ref": "Experiment" } });
        outputs["Target"] = json!({ "Value": kit.target_value });
        outputs["TagKey"] = json!({ "Value": { "Ref": "TagKey" } });
        outputs["TagValue"] = json!({ "Value": { "Ref": "TagValue" } });
        outputs["Prefix"] = json!({ "Value": { "Ref": "Prefix" } });
        for name in ROLES.map(|(name, _)| name).into_iter().chain(["SchedulerRole"]) {
            outputs[name] = json!({ "Value": { "Fn::GetAtt": [name, "Arn"] } });
        }
    }
    outputs
}

/// The parameters that a stack is made with: key and value.
#[must_use]
pub fn given(kit: &Kit, settings: &Settings, account: &str) -> Vec<(String, String)> {
    let mut given = vec![("Prefix", settings.prefix.clone())];
    if kit.tier > 0 {
        let value = names::tag_value(account, &names::stack(&settings.prefix, &kit.scenario));
        given.extend([
            ("TagKey", settings.tag_key.clone()),
            ("TagValue", value),
            ("RolePath", settings.role_path.clone()),
            ("PermissionsBoundary", settings.boundary.clone()),
        ]);
    }
    if uses(kit, "SubnetId") {
        given.push(("SubnetId", settings.subnet.clone()));
    }
    given.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fis_takes_for_the_documents_parameters_fits() {
        for kit in Kit::scenarios().filter_map(Kit::of).filter(|kit| kit.tier > 0) {
            let template = of(&kit, &Settings::default());
            let given = &template["Resources"]["Experiment"]["Properties"]["Actions"]["change"]["Parameters"]["documentParameters"]
                ["Fn::Sub"];
            // 1024 characters; an ARN with a long role path takes some 600 more than its name here.
            assert!(given.as_str().is_some_and(|given| given.len() < 400), "{}", kit.scenario);
        }
    }

    #[test]
    fn every_experiment_has_a_stop_condition_and_an_end() {
        for kit in Kit::scenarios().filter_map(Kit::of).filter(|kit| kit.tier > 0) {
            let properties = &of(&kit, &Settings::default())["Resources"]["Experiment"]["Properties"];
            assert_eq!(properties["StopConditions"][0]["Source"], "aws:cloudwatch:alarm");
            assert!(properties["Actions"]["change"]["Parameters"]["maxDuration"].is_string());
        }
    }

    #[test]
    fn the_teams_tag_key_stands_in_the_conditions() {
        let Some(kit) = Kit::of("open-ssh-port") else { return };
        let settings = Settings { tag_key: "our-key".into(), ..Settings::default() };
        assert!(of(&kit, &settings).to_string().contains("aws:ResourceTag/our-key"));
    }
}
