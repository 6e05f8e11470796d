"""Records what AWS's own models say of the documents that the simulated world writes. Run once, with its output kept beside it:

    python3 -m venv v && v/bin/pip install botocore
    v/bin/python tests/peers/aws_models.py CLONE

CLONE is a clone of github.com/DataDog/stratus-red-team (Apache-2.0), whose docs/detonation-logs hold recorded CloudTrail events.

- guardduty_finding.schema.json: JSON Schema of a finding, from botocore's model of GuardDuty (shape `Finding`). EventBridge uses the same
  names. Times are texts there, numbers in the API. `additionalInfo` may hold further fields on EventBridge.
- cloudtrail_record.json: fields of CloudTrail records and of `userIdentity`, with their JSON types, as recorded.
- aws_calls.json: names of the calls of services, from botocore; and the parameters of the calls that responders make.
"""

import gzip
import json
import os
import subprocess
import sys

import botocore

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
# Parts of a finding that the world never writes: anything is taken there.
LEFT_OUT = {
    "EksClusterDetails", "KubernetesDetails", "EcsClusterDetails", "Container", "RdsDbInstanceDetails", "RdsDbUserDetails",
    "RdsLimitlessDbDetails", "LambdaDetails", "KubernetesApiCallAction", "RdsLoginAttemptAction", "RuntimeDetails", "Detection",
    "KubernetesPermissionCheckedDetails", "KubernetesRoleBindingDetails", "KubernetesRoleDetails", "EbsSnapshotDetails",
    "Ec2ImageDetails", "RecoveryPointDetails", "BedrockGuardrailDetails", "ModelDetails", "MalwareScanDetails",
}
SERVICES = {
    "autoscaling": "autoscaling", "cloudtrail": "cloudtrail", "cloudwatch": "cloudwatch", "config": "config", "ec2": "ec2",
    "ec2-instance-connect": "ec2-instance-connect", "elasticloadbalancing": "elbv2", "events": "events", "codedeploy": "codedeploy", "guardduty": "guardduty",
    "health": "health", "iam": "iam", "kms": "kms", "lambda": "lambda", "logs": "logs", "organizations": "organizations",
    "rds": "rds", "route53resolver": "route53resolver", "s3": "s3", "secretsmanager": "secretsmanager", "sns": "sns",
    "sqs": "sqs", "ssm": "ssm", "sts": "sts", "dynamodb": "dynamodb", "account": "account", "ecr": "ecr", "backup": "backup",
    "ses": "ses", "cloudformation": "cloudformation", "ecs": "ecs", "athena": "athena", "servicequotas": "service-quotas",
    "elasticache": "elasticache", "ce": "ce", "codebuild": "codebuild", "inspector2": "inspector2",
    "access-analyzer": "accessanalyzer", "macie2": "macie2", "securityhub": "securityhub", "support": "support",
}
# Calls that responders make, where CloudTrail writes the parameters of the API with a small first letter.
CALLS = [
    "autoscaling:SetDesiredCapacity", "autoscaling:EnterStandby", "autoscaling:DetachInstances", "ssm:SendCommand",
    "rds:ModifyDBInstance", "rds:ModifyDBSnapshotAttribute", "rds:CopyDBSnapshot", "rds:RestoreDBInstanceFromDBSnapshot",
    "organizations:AttachPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy", "iam:UpdateAssumeRolePolicy", "iam:UpdateAccessKey",
    "iam:DeleteAccessKey", "iam:CreateAccessKey", "route53resolver:UpdateFirewallDomains", "cloudtrail:PutEventSelectors",
    "cloudtrail:StartLogging", "cloudtrail:LookupEvents", "route53resolver:AssociateResolverQueryLogConfig",
    "config:StartConfigurationRecorder", "config:GetComplianceDetailsByConfigRule", "config:DescribeComplianceByConfigRule",
    "guardduty:StartMalwareScan", "guardduty:ListFindings", "logs:StartQuery", "cloudwatch:DescribeAlarms",
    "health:DescribeEvents", "events:EnableRule", "cloudtrail:StopLogging", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors",
    "guardduty:UpdateDetector", "guardduty:GetDetector", "config:StopConfigurationRecorder",
    "config:DescribeConfigurationRecorderStatus", "events:DisableRule", "events:DescribeRule", "cloudwatch:DisableAlarmActions",
    "cloudwatch:EnableAlarmActions", "route53resolver:DisassociateResolverQueryLogConfig",
    "route53resolver:ListResolverQueryLogConfigAssociations", "codedeploy:CreateDeployment",
]


def model(service):
    folder = os.path.join(DATA, service)
    with gzip.open(os.path.join(folder, sorted(os.listdir(folder))[-1], "service-2.json.gz")) as file:
        return json.load(file)


def schema_of(shapes, name, found):
    shape = shapes[name]
    kind = shape["type"]
    if name in LEFT_OUT:
        return {}
    if kind == "structure":
        if name not in found:
            found[name] = None
            members = shape["members"].items()
            found[name] = {
                "type": "object",
                "properties": {m.get("locationName", key): schema_of(shapes, m["shape"], found) for key, m in members},
                "required": sorted(shape["members"][key].get("locationName", key) for key in shape.get("required", [])),
                "additionalProperties": name == "ServiceAdditionalInfo",
            }
        return {"$ref": "#/$defs/" + name}
    if kind == "list":
        return {"type": "array", "items": schema_of(shapes, shape["member"]["shape"], found)}
    if kind == "map":
        return {"type": "object"}
    if kind == "timestamp":
        return {"type": ["string", "number"]}
    types = {"string": "string", "boolean": "boolean", "integer": "integer", "long": "integer", "double": "number", "float": "number"}
    schema = {"type": types[kind]}
    if "enum" in shape:
        schema["enum"] = shape["enum"]
    return schema


def findings():
    found = {}
    root = schema_of(model("guardduty")["shapes"], "Finding", found)
    return {"$comment": "from botocore " + botocore.__version__, **root, "$defs": dict(sorted(found.items()))}


def type_of(value):
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}
    return names[type(value)]


def note(fields, record):
    for key, value in record.items():
        fields.setdefault(key, {"times": 0, "types": set()})
        fields[key]["times"] += 1
        fields[key]["types"].add(type_of(value))


def told(fields, times):
    return {
        "always": sorted(key for key, field in fields.items() if field["times"] == times),
        "types": {key: sorted(field["types"]) for key, field in sorted(fields.items())},
    }


def trail(clone):
    folder = "docs/detonation-logs"
    git = ["git", "-C", clone]
    names = subprocess.run([*git, "ls-tree", "-r", "--name-only", "HEAD", folder], capture_output=True, text=True, check=True)
    whole, identities, count, kinds = {}, {}, 0, {}
    for name in names.stdout.split():
        text = subprocess.run([*git, "show", "HEAD:" + name], capture_output=True, text=True, check=True).stdout
        for record in json.loads(text) if name.endswith(".json") else []:
            count += 1
            note(whole, record)
            kind = record["userIdentity"]["type"]
            kinds[kind] = kinds.get(kind, 0) + 1
            note(identities.setdefault(kind, {}), record["userIdentity"])
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "from": f"DataDog/stratus-red-team {commit}, docs/detonation-logs, {count} records",
        "record": told(whole, count),
        "userIdentity": {kind: told(fields, kinds[kind]) for kind, fields in sorted(identities.items())},
    }


def calls():
    names = {service: sorted(model(folder)["operations"]) for service, folder in sorted(SERVICES.items())}
    members = {}
    for call in CALLS:
        service, name = call.split(":")
        described = model(SERVICES[service])
        shape = described["operations"][name].get("input", {}).get("shape")
        members[call] = sorted(described["shapes"][shape].get("members", {})) if shape else []
    return {"from": "botocore " + botocore.__version__, "names": {s: " ".join(n) for s, n in names.items()}, "parameters": members}


def keep(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.write("\n")


keep("guardduty_finding.schema.json", findings())
keep("cloudtrail_record.json", trail(sys.argv[1]))
keep("aws_calls.json", calls())
