//! What a stack creates, and how it is deleted.

use serde_json::{Value, json};

use super::cloudwatch::Alarm;
use super::ec2::{Group, Instance, Tags, tags};
use super::iam::Role;
use super::s3::{self, Bucket};
use super::{Account, text};

type Made = (String, Vec<(&'static str, String)>);

/// Creates a resource: its physical id and attributes.
pub(super) fn create(
    account: &mut Account,
    (stack, logical): (&str, &str),
    (kind, properties): (&str, &Value),
    shared: &Tags,
) -> Result<Made, String> {
    let own = |name: &str| properties[name].as_str().map_or_else(|| format!("{stack}-{logical}"), str::to_owned);
    let all_tags = || {
        let mut all = shared.clone();
        all.extend(tags(&properties["Tags"]));
        all.insert("aws:cloudformation:stack-name".into(), stack.to_owned());
        all
    };
    match kind {
        "AWS::SSM::Document" => {
            let name = own("Name");
            if account.documents.contains_key(&name) {
                return Err(format!("document {name} already exists"));
            }
            account.documents.insert(name.clone(), properties["Content"].clone());
            Ok((name, Vec::new()))
        }
        "AWS::SSM::Parameter" => {
            let name = own("Name");
            account.parameters.insert(name.clone(), text(properties, "Value").to_owned());
            Ok((name, Vec::new()))
        }
        "AWS::IAM::Role" => Ok(role(account, own("RoleName"), properties)),
        "AWS::IAM::InstanceProfile" => {
            let name = own("InstanceProfileName");
            let arn = format!("arn:aws:iam::{}:instance-profile/{name}", account.id);
            Ok((name, vec![("Arn", arn)]))
        }
        "AWS::CloudWatch::Alarm" => {
            let name = own("AlarmName");
            let seconds = |key: &str| properties[key].as_f64().unwrap_or(1.0);
            let patience = seconds("Period") * seconds("EvaluationPeriods");
            let (namespace, metric) =
                (text(properties, "Namespace").to_owned(), text(properties, "MetricName").to_owned());
            let made = account.now();
            account.alarms.insert(name.clone(), Alarm { namespace, metric, patience, forced: None, made });
            let arn = account.arn("cloudwatch", &format!("alarm:{name}"));
            Ok((name, vec![("Arn", arn)]))
        }
        "AWS::FIS::ExperimentTemplate" => Ok(template(account, properties)),
        "AWS::EC2::SecurityGroup" => {
            let id = account.fresh("sg-");
            let (name, tags) = (own("GroupName"), all_tags());
            account.groups.insert(id.clone(), Group { name, tags, rules: Vec::new() });
            Ok((id.clone(), vec![("GroupId", id)]))
        }
        "AWS::EC2::Instance" => {
            let (id, tags) = (account.fresh("i-"), all_tags());
            account.instances.insert(id.clone(), Instance { state: "running".into(), tags });
            Ok((id.clone(), vec![("InstanceId", id)]))
        }
        "AWS::S3::Bucket" => Ok(bucket(account, (stack, logical), properties, all_tags())),
        other => Err(format!("{other} is not made here")),
    }
}

fn bucket(account: &mut Account, (stack, logical): (&str, &str), properties: &Value, tags: Tags) -> Made {
    let own = format!("{}-{}", stack.to_lowercase(), logical.to_lowercase());
    let name = properties["BucketName"].as_str().map_or(own, str::to_owned);
    let block = s3::block_of(&properties["PublicAccessBlockConfiguration"]);
    account.buckets.insert(name.clone(), Bucket { block, objects: 0, tags });
    let arn = format!("arn:aws:s3:::{name}");
    (name, vec![("Arn", arn)])
}

fn role(account: &mut Account, name: String, properties: &Value) -> Made {
    let path = properties["Path"].as_str().unwrap_or("/").to_owned();
    let arn = format!("arn:aws:iam::{}:role{path}{name}", account.id);
    let policies = properties["Policies"].as_array().into_iter().flatten().map(|one| one["PolicyDocument"].clone());
    let boundary = properties["PermissionsBoundary"].as_str().map(str::to_owned);
    account.roles.insert(name.clone(), Role { arn: arn.clone(), path, boundary, policies: policies.collect() });
    (name, vec![("Arn", arn)])
}

/// Properties are capitalised, what the API gives is not.
fn template(account: &mut Account, properties: &Value) -> Made {
    let id = account.fresh("EXT");
    let conditions = properties["StopConditions"].as_array().into_iter().flatten();
    let conditions: Vec<Value> =
        conditions.map(|one| json!({ "source": one["Source"], "value": one["Value"] })).collect();
    let actions = properties["Actions"].as_object().into_iter().flatten().map(|(name, action)| {
        let described = json!({ "actionId": action["ActionId"], "parameters": action["Parameters"], "description": action["Description"] });
        (name.clone(), described)
    });
    let template = json!({ "id": id, "description": properties["Description"], "roleArn": properties["RoleArn"], "tags": properties["Tags"],
        "stopConditions": conditions, "actions": actions.collect::<serde_json::Map<_, _>>(), "targets": {} });
    account.templates.insert(id.clone(), template);
    (id.clone(), vec![("Id", id)])
}

/// Deletes a resource. What is gone already is no error.
pub(super) fn delete(account: &mut Account, kind: &str, id: &str) -> Result<(), String> {
    match kind {
        "AWS::SSM::Document" => drop(account.documents.remove(id)),
        "AWS::SSM::Parameter" => drop(account.parameters.remove(id)),
        "AWS::IAM::Role" => drop(account.roles.remove(id)),
        "AWS::CloudWatch::Alarm" => drop(account.alarms.remove(id)),
        "AWS::FIS::ExperimentTemplate" => drop(account.templates.remove(id)),
        "AWS::EC2::SecurityGroup" => drop(account.groups.remove(id)),
        "AWS::EC2::Instance" => drop(account.instances.remove(id)),
        "AWS::S3::Bucket" => {
            if account.buckets.get(id).is_some_and(|bucket| bucket.objects > 0) {
                return Err("The bucket you tried to delete is not empty".into());
            }
            account.buckets.remove(id);
        }
        _ => {}
    }
    Ok(())
}
