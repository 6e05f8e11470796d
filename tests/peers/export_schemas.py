"""Records what others say of the forms that drills are exported in. Run once, with its output kept beside it:

    python3 -m venv v && v/bin/pip install ocsf-json-schema
    v/bin/python tests/peers/export_schemas.py CLONE

CLONE is a clone of github.com/mitre-attack/attack-navigator (Apache-2.0), whose layers/spec describe layers in tables.

- ocsf_finding.schema.json: JSON Schema of the classes Detection Finding and Compliance Finding of OCSF 1.8.0 with the profile `cloud`, as
  ocsf-json-schema (MIT) makes it of github.com/ocsf/ocsf-schema (Apache-2.0).
- navigator_layer.schema.json: JSON Schema of a layer of form 4.5, read from the tables of its description.
"""

import importlib.metadata
import json
import os
import re
import subprocess
import sys

from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

HERE = os.path.dirname(os.path.abspath(__file__))
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SPEC = "layers/spec/v4.5/layerformat.md"


def without_titles(schema):
    if isinstance(schema, list):
        return [without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: value for key, value in schema.items() if not (key in ("title", "$id", "$schema", "$comment") and isinstance(value, str))}
    return {key: sorted(value) if key == "enum" else without_titles(value) for key, value in plain.items()}


def ocsf():
    source = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0"))
    defs = {}
    for name in ("detection_finding", "compliance_finding"):
        schema = source.get_class_schema(name, profiles=["cloud"])
        for key, value in schema.pop("$defs").items():
            assert defs.setdefault(key, value) == value, key
        defs[name] = schema
    version = importlib.metadata.version("ocsf-json-schema")
    return {"$comment": "OCSF 1.8.0, by ocsf-json-schema " + version, "$schema": DRAFT, "$defs": without_titles(defs)}


TYPES = {"string": {"type": "string"}, "number": {"type": "number"}, "boolean": {"type": "boolean"}}


def type_of(text):
    text = text.strip().lower()
    if text in TYPES:
        return TYPES[text]
    if text.startswith("array of "):
        kinds = [part.strip() for part in text.removeprefix("array of ").split(" and ")]
        items = [type_of(re.sub(r" objects?$", " object", kind)) for kind in kinds]
        return {"type": "array", "items": items[0] if len(items) == 1 else {"anyOf": items}}
    return {"$ref": "#/$defs/" + text.removesuffix(" object")}


def navigator(clone):
    git = ["git", "-C", clone]
    text = subprocess.run([*git, "show", "HEAD:" + SPEC], capture_output=True, text=True, check=True).stdout
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    objects, name = {}, None
    for line in text.split("## Example")[0].splitlines():
        if line.startswith("## "):
            name = line.removeprefix("## ").split(" Object")[0].lower().replace("property table", "layer")
            objects[name] = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if name is None or not line.startswith("|") or cells[0] in ("Name", "") or cells[0].startswith(":"):
            continue
        objects[name]["properties"][cells[0]] = type_of(cells[1])
        if cells[2].lower() == "yes":
            objects[name]["required"].append(cells[0])
    top = objects.pop("layer")
    comment = f"mitre-attack/attack-navigator {commit}, {SPEC}"
    return {"$comment": comment, "$schema": DRAFT, **top, "$defs": objects}


def keep(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.write("\n")


keep("ocsf_finding.schema.json", ocsf())
keep("navigator_layer.schema.json", navigator(sys.argv[1]))
