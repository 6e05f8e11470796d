"""Holds every command line that a scenario prints against AWS's own models: the service, the call, its parameters, those that are required.

    python3 -m venv v && v/bin/pip install botocore
    v/bin/python tests/peers/command_lines.py

Needs Python 3.11 or newer. What the AWS CLI names otherwise than the API, or adds to it, stands in the tables below.
"""

import glob
import os
import re
import shlex
import sys
import tomllib

import botocore.session
from botocore import xform_name

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
# Names of services in the CLI that are not those of botocore.
SERVICES = {"s3api": "s3", "configservice": "config", "deploy": "codedeploy"}
# Options that the CLI makes of others: the call, the option, and the parameter that it gives.
INSTEAD = {
    ("ec2", "--protocol"): "IpProtocol", ("ec2", "--port"): "FromPort", ("ec2", "--cidr"): "CidrIp",
    ("ec2", "--ingress"): "Egress", ("ec2", "--egress"): "Egress",
}
# Options of the CLI itself.
GLOBAL = {"--profile", "--region", "--output", "--query"}


def option(member):
    return "--" + xform_name(member, "-")


def mistakes(line, session):
    words = shlex.split(line)
    if words[:1] != ["aws"]:
        return []
    if len(words) < 3:
        return ["no call"]
    service, call, rest = words[1], words[2], words[3:]
    try:
        model = session.get_service_model(SERVICES.get(service, service))
    except Exception:  # botocore has several for a service that it doesn't know
        return [f"no service {service}"]
    calls = {xform_name(name, "-"): name for name in model.operation_names}
    if call not in calls:
        return [f"{service} has no {call}"]
    shape = model.operation_model(calls[call]).input_shape
    members = dict(shape.members) if shape else {}
    known = {option(name): name for name in members}
    known |= {"--no-" + option(name)[2:]: name for name, member in members.items() if member.type_name == "boolean"}
    given, found = set(), []
    for word in rest:
        if not word.startswith("--"):
            continue
        name = word.split("=", 1)[0]
        meant = known.get(name) or INSTEAD.get((service, name))
        if meant:
            given.add(meant)
        elif name not in GLOBAL:
            found.append(f"{service} {call} has no option {name}")
    # The CLI makes up a token for each call by itself.
    token = [name for name, member in members.items() if member.metadata.get("idempotencyToken")]
    required = [name for name in (shape.required_members if shape else []) if name not in token]
    return found + [f"{service} {call} needs {option(name)}" for name in required if name not in given]


def main():
    session = botocore.session.get_session()
    checked, wrong = 0, []
    files = glob.glob(os.path.join(ROOT, "scenarios", "*", "scenario.toml"))
    for path in sorted(files + [os.path.join(ROOT, "assets", "template", "scenario.toml")]):
        with open(path, "rb") as file:
            scenario = tomllib.load(file)
        for action in scenario["action"]:
            # A line may hold several commands, and say in between as whom.
            for part in re.split(r"; ", action.get("aws", "")):
                command = part[part.find("aws "):] if "aws " in part else ""
                if command.startswith("aws "):
                    checked += 1
                    wrong += [f"{os.path.relpath(path, ROOT)}: {action['id']}: {what}" for what in mistakes(command, session)]
    print(f"{checked} command lines")
    if wrong or checked < 100:
        print("\n".join(wrong) or "too few were found", file=sys.stderr)
        sys.exit(1)


main()
