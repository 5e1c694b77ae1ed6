"""The contract in Ajv's own terms: the discriminators spelled out, and what JSON cannot carry refused."""

from copy import deepcopy
from typing import Any

from verdict.schema import OPAQUE, Node, Schema, is_array, is_object


def ajv_schema(schema: Schema) -> Node:
    """The same contract, so that Ajv, too, names the tag and nothing below it when a tag is wrong."""
    document = deepcopy(schema.document)
    for name in OPAQUE & document["$defs"].keys():
        document["$defs"][name]["x-finite"] = True
    _rewrite(document, schema)
    return document


def _rewrite(node: Any, schema: Schema) -> None:
    if is_array(node):
        for item in node:
            _rewrite(item, schema)
    elif is_object(node):
        members = node.get("oneOf")
        if is_array(members):
            if "$ref" in members[0]:
                node |= {"type": "object", "discriminator": {"propertyName": schema.tag(node)}}
                node["required"] = [schema.tag(node)]
            else:
                # A string or an array: the keywords of one say nothing about the other.
                for member in node.pop("oneOf"):
                    node |= {key: value for key, value in member.items() if key != "description"}
                node["type"] = ["string", "array"]
        for key, value in node.items():
            if key not in ("examples", "const", "enum"):
                _rewrite(value, schema)
