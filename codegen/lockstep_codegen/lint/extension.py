"""The rules about a contract that extends another one: whose definitions it refers to, and what it may not redefine."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from lockstep_codegen.base import Base
from lockstep_codegen.lint.vocabulary import PREFIX, Fault, children
from lockstep_codegen.source import is_array, is_object


def check_extension(schema: Mapping[str, Any], base: Base) -> Iterator[Fault]:
    """What the file says of its base; a bundled schema needs none."""
    if "x-bases" in schema:
        return
    defs = schema.get("$defs", {})
    yield from _union(schema.get("oneOf"), base)
    yield from _redefined(defs, base)
    for pointer, reference in _references(schema, defs):
        yield from _reference(reference, pointer, defs, base)


def _union(members: Any, base: Base) -> Iterator[Fault]:
    identity = base.schema["$id"]
    said = members if is_array(members) else []
    if said.count({"$ref": identity}) != 1:
        begin = f'begin it with {{"$ref": {json.dumps(identity)}}}'
        yield Fault("BASE_UNION", "/oneOf", f"the union does not hold the events of {base.package!r} once: {begin}")
    elif len(said) == 1:
        yield Fault("BASE_UNION", "/oneOf", f"nothing is added to {base.package!r}: list an event of your own after it")


def _redefined(defs: Mapping[str, Any], base: Base) -> Iterator[Fault]:
    for name, node in defs.items():
        pointer = f"/$defs/{name}"
        if name in base.definitions:
            said = f"{base.package!r} defines {json.dumps(name)} already"
            yield Fault("BASE_REDEFINED", pointer, f"{said}: refer to {_urn(name, base)}, or choose another name")
        properties = node.get("properties") if is_object(node) and "allOf" in node else None
        kind = properties.get("type") if is_object(properties) else None
        value = kind.get("const") if is_object(kind) else None
        if isinstance(value, str) and value in base.types:
            said = f"{base.package!r} has an event of type {json.dumps(value)} already"
            yield Fault("BASE_TYPE", f"{pointer}/properties/type/const", f"{said}: choose another type")
        custom = {"custom": f"lockstep/{value}"}
        if isinstance(value, str) and base.speaks_ag_ui and node.get("x-ag-ui", custom) != custom:
            said = "every event of AG-UI is one of the base's"
            yield Fault("BASE_AG_UI", f"{pointer}/x-ag-ui", f"{said}: write {json.dumps(custom)}, or leave x-ag-ui out")


def _references(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every reference of the file, with its pointer; what stands in the root's union is told apart by it."""
    waiting: list[tuple[str, Any]] = [
        ("", schema),
        *((f"/$defs/{name}", each) for name, each in defs.items()),
    ]
    while waiting:
        pointer, node = waiting.pop()
        if not is_object(node):
            continue
        if "$ref" in node:
            yield f"{pointer}/$ref", node["$ref"]
        waiting += children(node, pointer)


def _reference(reference: Any, pointer: str, own: Mapping[str, Any], base: Base) -> Iterator[Fault]:
    identity, _, name = str(reference).partition(PREFIX)
    if not name and pointer.startswith("/oneOf/") and identity == base.schema["$id"]:
        return
    said = json.dumps(reference)
    if identity and identity not in base.owners:
        known = " or ".join(f'"{each}{PREFIX}<name>"' for each in reversed(list(base.owners)))
        yield Fault("BASE_KNOWN", pointer, f"{said} is in no contract that this one extends: write {known}")
    elif identity and name not in base.owners[identity]:
        near = difflib.get_close_matches(name, base.definitions, n=1)
        hint = f"did you mean {_urn(near[0], base)}?" if near else f"{base.package!r} lists its definitions in its docs"
        yield Fault("BASE_DEFINES", pointer, f"{said} points at nothing: {hint}")
    elif not identity and name not in own and name in base.definitions:
        yield Fault("BASE_DEFINES", pointer, f"{said} is not defined here: did you mean {_urn(name, base)}?")


def _urn(name: str, base: Base) -> str:
    """How a file refers to a definition of its base."""
    identity = next(identity for identity, names in base.owners.items() if name in names)
    return json.dumps(f"{identity}{PREFIX}{name}")
