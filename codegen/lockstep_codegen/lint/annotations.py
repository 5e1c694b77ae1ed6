"""The rule about notes: what the generator reads beside the shape is of the kind that it expects."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lockstep_codegen.lint.vocabulary import Fault, children, target_of
from lockstep_codegen.source import is_array, is_object

KINDS: Final[Mapping[str, tuple[type, str]]] = {
    "description": (str, "a text"),
    "deprecated": (bool, "true or false"),
    "x-family": (str, "a text"),
    "x-since": (str, "a text"),
    "x-logged": (bool, "true or false"),
    "x-replaced-by": (str, "a text"),
    "x-otel": (str, "a text"),
    "x-ag-ui": (dict, "an object"),
}


def check_annotations(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[Fault]:
    """Every note of every definition, and the family of every event."""
    waiting = [(f"/$defs/{name}", node) for name, node in defs.items()]
    while waiting:
        pointer, node = waiting.pop()
        if is_object(node):
            yield from _notes(node, pointer)
            waiting += children(node, pointer)
    members = schema.get("oneOf")
    for name in map(target_of, members if is_array(members) else ()):
        if is_object(event := defs.get(name)) and "x-family" not in event:
            yield Fault("ANNOTATION", f"/$defs/{name}", f'{name} has no family: add "x-family", such as "deployment"')


def _notes(node: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    for keyword, (kind, said) in KINDS.items():
        if keyword in node and not isinstance(node[keyword], kind):
            value = json.dumps(node[keyword])
            yield Fault("ANNOTATION", f"{pointer}/{keyword}", f"{keyword} is {value}: write {said}")
