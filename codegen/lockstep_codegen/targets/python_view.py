"""The document that is handed to datamodel-code-generator: the same contract, in words that it reads as we do."""

import json
from typing import Any

from lockstep_codegen.model import Contract, Union
from lockstep_codegen.source import is_array, is_object
from lockstep_codegen.type_model import OPAQUE, SAFE_INTEGER

Node = dict[str, Any]
PREFIX = "#/$defs/"
WIRE_INTEGERS = {(-SAFE_INTEGER, SAFE_INTEGER): "Integer", (0, SAFE_INTEGER): "Count"}
"""Bounds that runtime/wire.py has a type for; Pydantic would check them in Python, one call a bound."""
SCALARS = ("string", "integer", "number", "boolean")
UNSAID = ("examples", "deprecated", "additionalProperties", "unevaluatedProperties")
"""Left out: objects are closed by their base class, and a deprecated field would warn whoever only reads it."""


def view(contract: Contract) -> Node:
    """A schema whose definitions stand in the model's order, whatever order the file has."""
    schema = json.loads(contract.schema_text)
    defs: dict[str, Node] = schema["$defs"]
    runtime = f"{contract.package}.runtime"
    shown = {name: _shown(defs[name], defs, runtime) for name in _names(contract) if not is_inlined(defs[name])}
    for union in contract.unions:
        shown[union.name] |= {"discriminator": _discriminator(union)}
    shown[contract.envelope.name]["customBasePath"] = f"{runtime}.model.EventModel"
    root = {key: schema[key] for key in ("$schema", "$id", "title", "description", "oneOf")}
    events = {event.type: f"{PREFIX}{event.name}" for event in contract.events}
    wire = (*OPAQUE, *WIRE_INTEGERS.values())
    return {
        **root,
        "discriminator": {"propertyName": "type", "mapping": events},
        "$defs": shown
        | {_wire(name): {"x-python-import": {"module": f"{runtime}.wire", "name": name}} for name in wire},
    }


def _names(contract: Contract) -> list[str]:
    """Every name, before what it is made of, mixins and payload at the event that first has them."""
    names = dict.fromkeys(contract.definitions)
    for event in contract.events:
        names[event.name] = None
    return list(names)


def _discriminator(union: Union) -> Node:
    return {
        "propertyName": union.tag,
        "mapping": {variant.tag: f"{PREFIX}{variant.name}" for variant in union.variants},
    }


def _shown(node: Any, defs: dict[str, Node], runtime: str) -> Any:
    if is_array(node):
        return [_shown(item, defs, runtime) for item in node]
    if not is_object(node):
        return node
    target = str(node.get("$ref", "")).removeprefix(PREFIX)
    if target and target not in OPAQUE and is_inlined(defs[target]):
        return _shown({**defs[target], **{key: value for key, value in node.items() if key != "$ref"}}, defs, runtime)
    wire = target if target in OPAQUE else _wire_type(node)
    if wire:
        return {"$ref": PREFIX + _wire(wire)} | {key: node[key] for key in ("description",) if key in node}
    keep = {key: value for key, value in node.items() if key not in UNSAID and not key.startswith("x-")}
    if is_object(node.get("additionalProperties")):
        keep["additionalProperties"] = node["additionalProperties"]
    if "properties" in keep:
        keep["properties"] = {name: _shown(member, defs, runtime) for name, member in keep["properties"].items()}
    if "allOf" in keep:
        keep["allOf"] = keep["allOf"][::-1]  # Pydantic puts the last base's fields first: the envelope's
    if node.get("type") == "integer":
        keep["customTypePath"] = f"{runtime}.wire.Integer"
    return {key: value if key == "properties" else _shown(value, defs, runtime) for key, value in keep.items()}


def is_inlined(node: Node) -> bool:
    """Whether a definition is a string or a number with a name: every alias costs Pydantic time at each of its uses."""
    return node.get("type") in SCALARS and "enum" not in node


def _wire(name: str) -> str:
    """A name that no definition of a contract can have."""
    return f"wire.{name}"


def _wire_type(node: Node) -> str | None:
    if node.get("type") != "integer":
        return None
    return WIRE_INTEGERS.get((node.get("minimum", -SAFE_INTEGER), node.get("maximum", SAFE_INTEGER)))
