#!/usr/bin/env python3
"""Holds what assets/aws/ ships against what others made.

- botocore's models: every operation of every step is there, with its members and their types, and every step that is named exists;
- AWS's JSON Schema of documents (npm aws-ssm-document-language-service), less what it is too old for;
- moto: the documents of open-ssh-port are run step by step against its EC2, and leave nothing.

usage: check.py ASSETS SCHEMA
cfn-lint is run beside this, over the templates that `cargo run -p firedrill-aws --example kits` writes.
"""

import copy
import json
import pathlib
import re
import sys

import boto3
import botocore.session
import botocore.validate
import jsonschema
from moto import mock_aws

API = ("aws:executeAwsApi", "aws:assertAwsResourceProperty", "aws:waitForAwsResourceProperty")
OWN = ("Service", "Api", "PropertySelector", "DesiredValues")
SECRETS = ("CreateAccessKey", "AssumeRole", "GetSecretValue", "GetSessionToken")
problems = []


def say(where, what):
    problems.append(f"{where}: {what}")


def references(text):
    return re.findall(r"\{\{\s*([\w.:]+)\s*\}\}", text)


def placeholder(value):
    """A value that botocore takes: what stands for a list becomes one, what stands in a text stays a text."""
    if isinstance(value, dict):
        return {key: placeholder(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [placeholder(inner) for inner in value]
    return value


def check_steps(path, document, session):
    names = [step["name"] for step in document["mainSteps"]]
    known = set(document.get("parameters", {}))
    for step in document["mainSteps"]:
        where = f"{path}:{step['name']}"
        for key in ("onFailure", "onCancel"):
            target = step.get(key, "")
            if target.startswith("step:") and target[5:] not in names:
                say(where, f"{key} names {target}")
        if step.get("nextStep") and step["nextStep"] not in names:
            say(where, f"nextStep names {step['nextStep']}")
        if step.get("onCancel", "").startswith("step:"):
            to = next(other for other in document["mainSteps"] if other["name"] == step["onCancel"][5:])
            if to["action"] in ("aws:sleep", "aws:approve", "aws:pause", "aws:createStack"):
                say(where, "a cancellation can't go there")
        for name in references(json.dumps(step.get("inputs", {}))):
            head = name.split(".")[0]
            if name not in known and head not in names and not name.startswith(("global:", "automation:")):
                say(where, f"nothing is called {name}")
        if step["action"] in API:
            check_call(where, step, session)


def check_call(where, step, session):
    inputs = step["inputs"]
    service, api = inputs["Service"], inputs["Api"]
    if api in SECRETS:
        say(where, f"{api} would leave a secret in the outputs")
    try:
        model = session.get_service_model(service).operation_model(api)
    except Exception as error:
        return say(where, f"{service} {api}: {error}")
    given = placeholder({key: value for key, value in inputs.items() if key not in OWN})
    for key, value in list(given.items()):
        member = model.input_shape.members.get(key)
        if member is not None and member.type_name == "list" and isinstance(value, str) and references(value):
            given[key] = ["placeholder"]
    report = botocore.validate.ParamValidator().validate(given, model.input_shape)
    if report.has_errors():
        say(where, report.generate_report())


def check_schema(path, document, schema):
    """The schema is of 2020: it knows no onCancel, and wants numbers where a reference may stand."""
    old = copy.deepcopy(document)
    for step in old["mainSteps"]:
        step.pop("onCancel", None)
    for error in jsonschema.Draft7Validator(schema).iter_errors(old):
        say(path, f"{'/'.join(map(str, error.path))}: {error.message[:200]}")


class Runner:
    """Runs a document's steps against boto3, as Automation would: a second one, that knows nothing of the Rust one."""

    def __init__(self, document, given):
        self.document, self.names = document, dict(given)
        for name, parameter in document["parameters"].items():
            self.names.setdefault(name, parameter.get("default"))

    def fill(self, value):
        if isinstance(value, dict):
            return {key: self.fill(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.fill(inner) for inner in value]
        if isinstance(value, str):
            whole = re.fullmatch(r"\{\{\s*([\w.:]+)\s*\}\}", value)
            if whole:
                return self.names[whole[1]]
            return re.sub(r"\{\{\s*([\w.:]+)\s*\}\}", lambda found: str(self.names[found[1]]), value)
        return value

    def call(self, inputs):
        client = boto3.client(inputs["Service"], region_name="eu-central-1")
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", inputs["Api"]).lower()
        return getattr(client, method)(**{key: value for key, value in inputs.items() if key not in OWN})

    def run(self, start=None):
        steps = {step["name"]: step for step in self.document["mainSteps"]}
        order = list(steps)
        name = start or order[0]
        while name:
            step = steps[name]
            nxt = None if step.get("isEnd") else step.get("nextStep") or (order + [None])[order.index(name) + 1]
            try:
                if step["action"] in API:
                    answer = self.call(self.fill(step["inputs"]))
                    if step["action"] != "aws:executeAwsApi":
                        found = select(step["inputs"]["PropertySelector"], answer)
                        if not set(map(str, found)) & set(self.fill(step["inputs"]["DesiredValues"])):
                            raise ValueError(f"found {found}")
                    for output in step.get("outputs", []):
                        found = select(output["Selector"], answer)
                        self.names[f"{name}.{output['Name']}"] = found if output["Type"] == "StringList" else found[0]
            except Exception:
                to = step.get("onFailure", "Abort")
                if to == "Abort":
                    raise
                nxt = nxt if to == "Continue" else to[5:]
            name = nxt


def select(selector, value):
    found = [value]
    for deep, name, index in re.findall(r"(\.\.?)(\w+)|\[(\d+)\]", selector):
        if index:
            found = [one[int(index)] for one in found if len(one) > int(index)]
        elif deep == "..":
            found = [hit for one in found for hit in below(one, name)]
        else:
            found = [one[name] for one in found if name in one]
    return found


def below(value, name):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name:
                yield inner
            yield from below(inner, name)
    if isinstance(value, list):
        for inner in value:
            yield from below(inner, name)


@mock_aws
def check_moto(assets):
    ec2 = boto3.client("ec2", region_name="eu-central-1")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    tags = [{"Key": "ops-check", "Value": "0123"}]
    group = ec2.create_security_group(GroupName="target", Description="x", VpcId=vpc, TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}])["GroupId"]
    given = {"GroupId": group, "TagKey": "ops-check", "TagValue": "0123", "Hold": "PT1M", "AutomationAssumeRole": ""}
    load = lambda name: json.loads((assets / "open-ssh-port" / f"{name}.json").read_text())
    rules = lambda: [rule for rule in ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"] if not rule["IsEgress"]]
    look = Runner(load("look"), given)
    look.run()
    if look.names["look.Left"] or look.names["open.Already"] or look.names["there.Targets"] != [group]:
        say("moto", f"a look before: {look.names}")
    change = load("change")
    half = copy.deepcopy(change)
    half["mainSteps"] = [step | {"isEnd": True} if step["name"] == "change" else step for step in half["mainSteps"]]
    Runner(half, given).run()
    if [rule["CidrIpv4"] for rule in rules()] != ["0.0.0.0/0"]:
        say("moto", f"after the change: {rules()}")
    look.run()
    if len(look.names["look.Left"]) != 1 or look.names["look.Now"] != ["0.0.0.0/0"]:
        say("moto", f"a look after: {look.names}")
    Runner(load("restore"), given).run()
    if rules():
        say("moto", f"restored: {rules()}")
    Runner(load("restore"), given).run()
    Runner(change, given).run()
    if rules():
        say("moto", f"the change takes itself back: {rules()}")
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    Runner(load("restore"), given).run()
    if len(rules()) != 1:
        say("moto", "a rule without the drill's tag is somebody else's")


def main():
    assets, schema = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())
    session = botocore.session.get_session()
    paths = [path for path in sorted(assets.glob("*/*.json")) if path.name != "live.json"]
    for path in paths:
        document = json.loads(path.read_text())
        check_steps(path, document, session)
        check_schema(path, document, schema)
    check_moto(assets)
    for problem in problems:
        print(problem)
    print(f"{len(paths)} documents, {len(problems)} problems")
    sys.exit(bool(problems) or not paths)


main()
