"""The document that is handed to datamodel-code-generator: the same contract, in words that it reads as we do."""

import json
from typing import Any, NamedTuple

from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Contract, Union
from lockstep_codegen.source import is_array, is_object
from lockstep_codegen.type_model import OPAQUE, SAFE_INTEGER

Node = dict[str, Any]
PREFIX = "#/$defs/"
WIRE_INTEGERS = {(-SAFE_INTEGER, SAFE_INTEGER): "Integer", (0, SAFE_INTEGER): "Count"}
"""Bounds that runtime/wire.py has a type for; Pydantic would check them in Python, one call a bound."""
SCALARS = ("string", "integer", "number", "boolean")
OWN = "OwnEvent"
"""The union of what a contract adds to the one that it extends."""
HEADER = '"""The events and what they are made of, as Pydantic models."""\n\n# {0.origin}'
UNSAID = ("examples", "deprecated", "additionalProperties", "unevaluatedProperties")
"""Left out: objects are closed by their base class, and a deprecated field would warn whoever only reads it."""


class Order(NamedTuple):
    """All that datamodel-code-generator is told of a contract; its options are the same for every one."""

    document: str
    """The view, as JSON."""
    base_class: str
    header: str


def order(contract: Contract) -> Order:
    """What the text of models.py is made from: small, and sooner with another process than a whole contract."""
    return Order(json.dumps(view(contract)), f"{contract.runtime}.model.Model", HEADER.format(contract))


def models_file(contract: Contract, text: str) -> SourceFile:
    """Where the text goes."""
    return SourceFile(f"python/{contract.package}/models.py", f"{text}\n")


def view(contract: Contract) -> Node:
    """A schema whose definitions stand in the model's order, whatever order the file has."""
    schema = json.loads(contract.schema_text)
    defs: dict[str, Node] = schema["$defs"]
    runtime = contract.runtime
    shown = {name: _shown(defs[name], defs, runtime) for name in _names(contract) if not is_inlined(defs[name])}
    for union in contract.unions:
        shown[union.name] |= {"discriminator": _discriminator(union)}
    shown[contract.envelope.name]["customBasePath"] = f"{runtime}.model.EventModel"
    if contract.base:
        shown |= {name: _imported(contract.base.package, name) for name in shown if name in contract.inherited}
    wire = (*OPAQUE, *WIRE_INTEGERS.values())
    return {
        **{key: schema[key] for key in ("$schema", "$id")},
        **_root(contract),
        "$defs": shown | {_wire(name): _imported(f"{runtime}.wire", name) for name in wire},
    }


def _root(contract: Contract) -> Node:
    """The union of all events; when others than our own are in it, only that of our own."""
    events = {event.type: f"{PREFIX}{event.name}" for event in contract.own_events}
    # Pydantic refuses a discriminator where there is nothing to tell apart.
    tells = len(events) > 1 or contract.base is None
    return {
        "title": OWN if contract.base else contract.title,
        "description": "The events that this contract adds." if contract.base else contract.description,
        "oneOf": [{"$ref": pointer} for pointer in events.values()],
        **({"discriminator": {"propertyName": "type", "mapping": events}} if tells else {}),
    }


def _imported(module: str, name: str) -> Node:
    return {"x-python-import": {"module": module, "name": name}}


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
