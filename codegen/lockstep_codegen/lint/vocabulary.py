"""The forms that a node of the dialect may have, and the keywords of each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lockstep_codegen.source import escape, is_array, is_object

PREFIX: Final = "#/$defs/"
SAFE_INTEGER: Final = 2**53 - 1
OPAQUE: Final = ("Json", "JsonNotNull", "JsonObject")

NOTES: Final = frozenset({"description", "deprecated", "examples"})
FORMS: Final[Mapping[str, frozenset[str]]] = {
    "reference": frozenset({"$ref"}),
    "const": frozenset({"const"}),
    "enum": frozenset({"type", "enum"}),
    "string": frozenset({"type", "minLength", "maxLength", "pattern"}),
    "integer": frozenset({"type", "minimum", "maximum"}),
    "number": frozenset({"type", "minimum", "maximum"}),
    "boolean": frozenset({"type"}),
    "array": frozenset({"type", "items", "minItems", "maxItems"}),
    "object": frozenset({"type", "properties", "required", "additionalProperties"}),
    "map": frozenset({"type", "additionalProperties"}),
    "mixin": frozenset({"type", "properties", "required"}),
    "event": frozenset({"type", "allOf", "properties", "required", "unevaluatedProperties"}),
    "union": frozenset({"oneOf"}),
    "any": frozenset({"type", "additionalProperties"}),
}
EVERY_KEYWORD: Final = sorted(NOTES.union(*FORMS.values()))


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a node breaks; the place is added when it is reported."""

    rule: str
    pointer: str
    message: str


def form_of(node: Mapping[str, Any]) -> str:
    """Which form a node means to have, judged by its telling keywords."""
    if "$ref" in node:
        return "reference"
    if "allOf" in node:
        return "event"
    for keyword, form in (("oneOf", "union"), ("const", "const"), ("enum", "enum")):
        if keyword in node:
            return form
    kind = node.get("type")
    if kind != "object":
        return kind if isinstance(kind, str) and kind in FORMS else "any"
    if "properties" not in node:
        return "map"
    return "object" if "additionalProperties" in node else "mixin"


def children(node: Mapping[str, Any], pointer: str) -> Iterator[tuple[str, Any]]:
    """The schemas directly inside a node, with their pointers."""
    properties = node.get("properties")
    if is_object(properties):
        for name, child in properties.items():
            yield f"{pointer}/properties/{escape(name)}", child
    for keyword in ("oneOf", "allOf"):
        members = node.get(keyword)
        if is_array(members):
            for index, child in enumerate(members):
                yield f"{pointer}/{keyword}/{index}", child
    for keyword in ("items", "additionalProperties"):
        if is_object(node.get(keyword)):
            yield f"{pointer}/{keyword}", node[keyword]


def target_of(node: Any) -> str:
    """The name behind a local `$ref`, or an empty string."""
    reference = node.get("$ref") if is_object(node) else None
    return reference.removeprefix(PREFIX) if isinstance(reference, str) and reference.startswith(PREFIX) else ""


def leads_out(node: Mapping[str, Any], pointer: str) -> Fault:
    """The fault of a reference that does not point into this file."""
    identity, found, _ = str(node["$ref"]).partition(PREFIX)
    hint = f'write "{PREFIX}<name>"'
    if str(node["$ref"]).startswith("urn:"):
        hint = f'name the package of {identity if found else node["$ref"]} as "extends" in [tool.lockstep]'
    said = f"the reference {json.dumps(node['$ref'])} does not point into this file"
    return Fault("REF_LOCAL", f"{pointer}/$ref", f"{said}: {hint}")
