"""The rules about unions: discriminated unions of named objects, the one text-or-list, and the root."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from lockstep_codegen.lint.vocabulary import PREFIX, Fault, leads_out, target_of
from lockstep_codegen.source import is_array, is_object


def check_unions(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every named union, and the root's."""
    members = schema.get("oneOf")
    yield from _tagged(members, "", defs)
    for index, member in enumerate(members if is_array(members) else ()):
        if is_object(member):
            yield from _root_member(member, f"/oneOf/{index}", defs)
    for name, node in defs.items():
        if is_object(node) and "oneOf" in node:
            yield from _union(node["oneOf"], f"/$defs/{name}", defs)


def _root_member(member: Mapping[str, Any], pointer: str, defs: Mapping[str, Any]) -> Iterator[Fault]:
    """A member of the root's union is a reference and nothing else; those of other unions are checked as nodes."""
    for keyword in member:
        if keyword not in ("$ref", "description") and not keyword.startswith("x-"):
            said = f"{json.dumps(keyword)} is not allowed on a member of the union"
            yield Fault("KEYWORD_ALLOWED", f"{pointer}/{keyword}", f"{said}: say it in the definition")
    name = target_of(member)
    if not name and "$ref" in member:
        yield leads_out(member, pointer)
    elif name and name not in defs:
        near = difflib.get_close_matches(name, defs, n=1)
        hint = f"did you mean {json.dumps(PREFIX + near[0])}?" if near else "add the definition"
        yield Fault("REF_RESOLVES", f"{pointer}/$ref", f"{json.dumps(member['$ref'])} points at nothing: {hint}")


def _union(members: Any, pointer: str, defs: Mapping[str, Any]) -> Iterator[Fault]:
    kinds = [member.get("type") for member in members if is_object(member)] if is_array(members) else []
    if kinds != ["string", "array"]:
        yield from _tagged(members, pointer, defs)


def _tagged(members: Any, pointer: str, defs: Mapping[str, Any]) -> Iterator[Fault]:
    if not is_array(members) or not members:
        yield Fault("UNION_MEMBER_REF", pointer, '"oneOf" is missing or empty: list references to its members')
        return
    objects: list[tuple[str, Mapping[str, Any]]] = []
    for index, member in enumerate(members):
        name, at = target_of(member), f"{pointer}/oneOf/{index}"
        if not name and not (is_object(member) and "$ref" in member):
            said = "a union's member stands inline"
            yield Fault("UNION_MEMBER_REF", at, f'{said}: name it in $defs and write {{"$ref": "#/$defs/<name>"}}')
        elif is_object(defs.get(name)):
            objects.append((at, defs[name]))
    yield from _tags(objects, pointer)


def _tags(objects: list[tuple[str, Mapping[str, Any]]], pointer: str) -> Iterator[Fault]:
    constants = [_constants(node) for _, node in objects]
    if not constants:
        return
    shared = [name for name in constants[0] if all(name in each for each in constants)]
    if len(shared) != 1:
        said = f"several: {', '.join(shared)}" if shared else "none"
        yield Fault(
            "UNION_DISCRIMINATOR",
            f"{pointer}/oneOf",
            f"the members must share exactly one required property that is a const in each; they share {said}",
        )
        return
    tag, seen = shared[0], dict[str, str]()
    for (at, _), each in zip(objects, constants, strict=True):
        value = json.dumps(each[tag])
        if value in seen:
            yield Fault("CONST_UNIQUE", at, f"{tag} {value} is taken by an earlier member: give each another const")
        seen[value] = at


def _constants(node: Mapping[str, Any]) -> dict[str, Any]:
    """The required properties of an object that are constants."""
    properties, required = node.get("properties"), node.get("required")
    if not is_object(properties) or not is_array(required):
        return {}
    return {
        name: child["const"]
        for name, child in properties.items()
        if name in required and is_object(child) and "const" in child
    }
