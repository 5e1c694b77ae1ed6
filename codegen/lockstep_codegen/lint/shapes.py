"""The rules about one node at a time: its keywords, its types, its description."""

import difflib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from lockstep_codegen.lint.backtracking import is_exponential
from lockstep_codegen.lint.vocabulary import (
    EVERY_KEYWORD,
    FORMS,
    NOTES,
    OPAQUE,
    PREFIX,
    SAFE_INTEGER,
    Fault,
    children,
    form_of,
    leads_out,
    target_of,
)
from lockstep_codegen.patterns import PatternError, parse
from lockstep_codegen.source import is_array, is_object

MOST_NESTING = 8
MOST_CHOICES = 1000
INTEGER_KEYWORDS = ("minLength", "maxLength", "minItems", "maxItems")


def check_definitions(defs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every node of every definition."""
    for name, node in defs.items():
        if name not in OPAQUE:
            yield from _check(node, f"/$defs/{name}", defs, depth=0)


def _check(node: Any, pointer: str, defs: Mapping[str, Any], depth: int) -> Iterator[Fault]:
    if not is_object(node):
        yield Fault("SCHEMA_OBJECT", pointer, f"{json.dumps(node)} is not a schema: write an object")
        return
    if depth > MOST_NESTING:
        yield Fault("SCHEMA_DEPTH", pointer, f"schemas are nested more than {MOST_NESTING} deep: name a part in $defs")
        return
    form = form_of(node)
    yield from _keywords(node, pointer, form)
    yield from _values(node, pointer, form)
    if form == "reference":
        yield from _reference(node, pointer, defs)
    if form in ("object", "mixin", "event"):
        yield from _members(node, pointer, inline=depth > 0)
    for below, child in children(node, pointer):
        yield from _check(child, below, defs, depth + 1)


def _keywords(node: Mapping[str, Any], pointer: str, form: str) -> Iterator[Fault]:
    allowed = FORMS[form] | NOTES
    for keyword in node:
        if keyword in allowed or keyword.startswith("x-"):
            continue
        near = difflib.get_close_matches(keyword, EVERY_KEYWORD, n=1, cutoff=0.75)
        where = f"is not allowed on {_article(form)}" if keyword in EVERY_KEYWORD else "is not in the dialect"
        hint = f"did you mean {json.dumps(near[0])}?" if near and near[0] != keyword else "see schema/README.md"
        yield Fault("KEYWORD_ALLOWED", f"{pointer}/{keyword}", f"{json.dumps(keyword)} {where}: {hint}")


def _article(form: str) -> str:
    return f"{'an' if form[0] in 'aeiou' else 'a'} {form}"


def _values(node: Mapping[str, Any], pointer: str, form: str) -> Iterator[Fault]:
    kind = node.get("type")
    if form == "any":
        near = difflib.get_close_matches(str(kind), FORMS, n=1)
        hint = (
            f"did you mean {json.dumps(near[0])}?" if near else "write string, integer, number, boolean, array, object"
        )
        said = f"the type {json.dumps(kind)} is not in the dialect" if "type" in node else "the type is missing"
        yield Fault("TYPE_KNOWN", f"{pointer}/type" if "type" in node else pointer, f"{said}: {hint}")
    if form == "enum" and (kind != "string" or not _are_strings(node["enum"])):
        yield Fault("ENUM_STRINGS", f"{pointer}/enum", "an enum lists different strings, and its type is string")
    elif form == "enum" and len(node["enum"]) > MOST_CHOICES:
        said = f"an enum of {len(node['enum'])} values is a table and no type"
        yield Fault("ENUM_STRINGS", f"{pointer}/enum", f"{said}: keep it to {MOST_CHOICES}, or make it a plain string")
    if form in ("integer", "number"):
        yield from _bounds(node, pointer, form)
    for keyword in INTEGER_KEYWORDS:
        if keyword in node and (type(node[keyword]) is not int or node[keyword] < 0):
            value = json.dumps(node[keyword])
            yield Fault("BOUND_VALID", f"{pointer}/{keyword}", f"{keyword} is {value}: write a non-negative integer")
    if "pattern" in node:
        yield from _pattern(node["pattern"], f"{pointer}/pattern")
    if form == "array" and "items" not in node:
        yield Fault("ARRAY_ITEMS", pointer, 'an array says what its items are: add "items"')


def _are_strings(values: Any) -> bool:
    return (
        is_array(values)
        and bool(values)
        and all(isinstance(v, str) for v in values)
        and len(set(values)) == len(values)
    )


def _bounds(node: Mapping[str, Any], pointer: str, form: str) -> Iterator[Fault]:
    low, high = node.get("minimum"), node.get("maximum")
    for keyword, value in (("minimum", low), ("maximum", high)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            yield Fault("BOUND_VALID", f"{pointer}/{keyword}", f"{keyword} is {json.dumps(value)}: write a number")
            return
        if form == "integer" and (value is None or abs(value) > SAFE_INTEGER):
            said = "is missing" if value is None else f"is {json.dumps(value)}"
            yield Fault(
                "INT_SAFE",
                f"{pointer}/{keyword}" if value is not None else pointer,
                f"{keyword} of an integer {said}: stay within ±{SAFE_INTEGER}, which JavaScript holds",
            )
    if low is not None and high is not None and low > high:
        yield Fault("BOUND_VALID", f"{pointer}/minimum", f"minimum {low} is more than maximum {high}: nothing fits")


def _pattern(pattern: Any, pointer: str) -> Iterator[Fault]:
    if not isinstance(pattern, str) or not pattern.startswith("^") or not pattern.endswith("$"):
        yield Fault("REGEX_PORTABLE", pointer, f"the pattern {json.dumps(pattern)} is not anchored: write ^...$")
        return
    try:
        tree = parse(pattern)
    except PatternError as error:
        yield Fault("REGEX_PORTABLE", pointer, f"the pattern {json.dumps(pattern)} is not portable: {error}")
        return
    if is_exponential(tree):
        said = f"the pattern {json.dumps(pattern)} can read one text in ever more ways"
        yield Fault(
            "REGEX_LINEAR", pointer, f"{said}: let each round of a repetition begin with a character of its own"
        )


def _reference(node: Mapping[str, Any], pointer: str, defs: Mapping[str, Any]) -> Iterator[Fault]:
    reference, name = node["$ref"], target_of(node)
    if not name:
        yield leads_out(node, pointer)
    elif name not in defs:
        near = difflib.get_close_matches(name, defs, n=1)
        hint = f"did you mean {json.dumps(PREFIX + near[0])}?" if near else "add the definition"
        yield Fault("REF_RESOLVES", f"{pointer}/$ref", f"{json.dumps(reference)} points at nothing: {hint}")
    elif _is_circle(name, defs):
        said = f"{json.dumps(reference)} leads back to itself"
        yield Fault("REF_CYCLE", f"{pointer}/$ref", f"{said}: let one of the definitions on the way say what it is")


def _is_circle(name: str, defs: Mapping[str, Any]) -> bool:
    """Whether a definition is only a reference to one that is only a reference, and so on without end."""
    met: set[str] = set()
    while name and name not in met:
        met.add(name)
        name = target_of(defs.get(name))
    return bool(name)


def _members(node: Mapping[str, Any], pointer: str, *, inline: bool) -> Iterator[Fault]:
    if inline:
        yield Fault("NO_INLINE_OBJECT", pointer, "an object stands inside another: name it in $defs and refer to it")
    properties, required = node.get("properties", {}), node.get("required", [])
    if not is_object(properties) or not is_array(required) or not all(isinstance(name, str) for name in required):
        yield Fault("OBJECT_MEMBERS", pointer, '"properties" is an object and "required" a list of their names')
        return
    if "additionalProperties" in node and node["additionalProperties"] is not False:
        yield Fault(
            "OBJECT_CLOSED", f"{pointer}/additionalProperties", "an object with properties is closed: write false"
        )
    for index, name in enumerate(required):
        if name not in properties:
            said = f"{json.dumps(name)} is required but not declared"
            yield Fault("OBJECT_MEMBERS", f"{pointer}/required/{index}", f'{said}: add it to "properties"')
    for name, child in properties.items():
        if is_object(child) and not child.get("description"):
            yield Fault(
                "DESCRIPTION_REQUIRED", f"{pointer}/properties/{name}", f"{json.dumps(name)} has no description"
            )
