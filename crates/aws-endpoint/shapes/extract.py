#!/usr/bin/env python3
"""Takes the shapes of the operations that the endpoint answers from botocore's models (Apache-2.0), without their documentation.

Run: python3 crates/aws-endpoint/shapes/extract.py   (needs botocore)
"""

import json
import pathlib

import botocore.loaders

OPERATIONS = {
    "sts": "GetCallerIdentity",
    "fis": "GetExperimentTemplate ListExperimentTemplates StartExperiment GetExperiment StopExperiment ListExperiments GetSafetyLever",
    "ssm": "GetParameter GetDocument DescribeDocument StartAutomationExecution GetAutomationExecution"
    " StopAutomationExecution DescribeAutomationExecutions SendCommand GetCommandInvocation",
    "guardduty": "ListDetectors GetDetector ListFindings GetFindings CreateSampleFindings",
    "cloudwatch": "PutMetricData DescribeAlarms GetMetricData",
    "cloudformation": "CreateChangeSet DescribeChangeSet ExecuteChangeSet DeleteChangeSet DescribeStacks"
    " DescribeStackResources DescribeStackEvents DeleteStack GetTemplate",
    "iam": "SimulatePrincipalPolicy GetRole",
    "events": "ListRules ListTargetsByRule",
    "config": "DescribeConfigurationRecorderStatus DescribeConfigRules GetComplianceDetailsByResource DescribeRemediationConfigurations",
    "securityhub": "DescribeHub",
    "organizations": "DescribeOrganization",
    "scheduler": "CreateSchedule GetSchedule DeleteSchedule",
    "sqs": "ReceiveMessage DeleteMessage",
    "ec2": "DescribeSecurityGroups DescribeSecurityGroupRules AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress"
    " DescribeInstances DescribeSnapshotAttribute ModifySnapshotAttribute",
    "s3": "GetPublicAccessBlock PutPublicAccessBlock GetBucketPolicyStatus GetBucketTagging",
    "s3control": "GetPublicAccessBlock",
}
DROPPED = {"documentation", "documentationUrl", "errors", "examples", "idempotent", "endpoint", "staticContextParams", "operationContextParams"}


def clean(value):
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items() if key not in DROPPED or not isinstance(inner, (str, list, bool, dict))}
    return [clean(inner) for inner in value] if isinstance(value, list) else value


def reached(shapes, name, seen):
    if name in seen:
        return
    seen.add(name)
    shape = shapes[name]
    for member in shape.get("members", {}).values():
        reached(shapes, member["shape"], seen)
    for key in ("member", "key", "value"):
        if key in shape:
            reached(shapes, shape[key]["shape"], seen)


def extract(service, names):
    model = botocore.loaders.Loader().load_service_model(service, "service-2")
    operations, seen = {}, set()
    for name in names.split():
        operation = model["operations"][name]
        operations[name] = {key: operation[key] for key in ("http", "input", "output") if key in operation}
        for side in ("input", "output"):
            if side in operation:
                reached(model["shapes"], operation[side]["shape"], seen)
    metadata = {
        key: value
        for key, value in model["metadata"].items()
        if key in ("apiVersion", "endpointPrefix", "jsonVersion", "protocol", "protocols", "signingName", "targetPrefix", "xmlNamespace")
    }
    shapes = {}
    for name in sorted(seen):
        shape = {key: value for key, value in model["shapes"][name].items() if key not in ("documentation", "pattern", "min", "max", "sensitive", "exception", "box")}
        if "members" in shape:
            shape["members"] = {
                member: {key: value for key, value in ref.items() if key not in ("documentation", "box", "deprecated", "deprecatedMessage", "idempotencyToken", "contextParam")}
                for member, ref in shape["members"].items()
            }
        for key in ("member", "key", "value"):
            if key in shape:
                shape[key] = {inner: value for inner, value in shape[key].items() if inner in ("shape", "locationName")}
        shapes[name] = {key: value for key, value in shape.items() if key not in ("enum", "deprecated", "deprecatedMessage")} if shape["type"] != "structure" else shape
    return {"metadata": metadata, "operations": operations, "shapes": shapes}


here = pathlib.Path(__file__).parent
for service, names in OPERATIONS.items():
    text = json.dumps(extract(service, names), indent=None, separators=(",", ":"), sort_keys=False)
    (here / f"{service}.json").write_text(text + "\n")
