"""A contract and what it extends as one schema, which needs no other: every reference is local, every place is kept."""

from collections.abc import Mapping
from typing import Any, Final

from lockstep_codegen.base import Base
from lockstep_codegen.source import Source, escape, is_array, is_object

PREFIX: Final = "#/$defs/"
NAMED: Final = frozenset({"$defs", "properties"})
SCHEMAS: Final = frozenset({"oneOf", "allOf", "items", "additionalProperties"})
"""Where schemas stand within a schema, with names or without; what stands elsewhere is data, whatever it looks like."""


def bundle(source: Source, base: Base | None) -> Source:
    """`source` with the definitions and the events of `base`, which come first; itself when there is no base.

    The union of `source` holds the base. A place in the base is the place where that is said.
    """
    own = source.document
    if base is None or "x-bases" in own:
        return source
    whole = {"$ref": base.schema["$id"]}
    at = f"/oneOf/{own['oneOf'].index(whole)}"
    kept = [(index, member) for index, member in enumerate(own["oneOf"]) if member != whole]
    members = [*base.schema["oneOf"], *(_local(member, base) for _, member in kept)]
    document = {
        **{key: value for key, value in own.items() if key not in ("oneOf", "$defs")},
        "x-bases": base.line,
        "oneOf": members,
        "$defs": {**base.definitions, **_member("$defs", own["$defs"], base)},
    }
    offsets = {pointer: offset for pointer, offset in source.offsets.items() if not pointer.startswith("/oneOf/")}
    offsets |= dict.fromkeys((f"/$defs/{escape(name)}" for name in base.definitions), source.offsets[at])
    first = len(base.schema["oneOf"])
    offsets |= dict.fromkeys((f"/oneOf/{index}" for index in range(first)), source.offsets[at])
    for index, (was, _) in enumerate(kept, first):
        for end in ("", "/$ref"):
            offsets[f"/oneOf/{index}{end}"] = source.offsets.get(f"/oneOf/{was}{end}", source.offsets[f"/oneOf/{was}"])
    return Source(source.name, source.text, document, offsets)


def inherited(document: Mapping[str, Any]) -> frozenset[str]:
    """The names of a bundled schema's definitions that are a base's."""
    return frozenset(name for base in document.get("x-bases", ()) for name in base["definitions"])


def _local(node: Any, base: Base) -> Any:
    """A schema, or a list of schemas, whose references into the base are local; all else stays as it is."""
    if is_array(node):
        return [_local(item, base) for item in node]
    return {key: _member(key, value, base) for key, value in node.items()} if is_object(node) else node


def _member(keyword: str, value: Any, base: Base) -> Any:
    if keyword == "$ref":
        return _here(value, base)
    if keyword in NAMED and is_object(value):
        return {name: _local(each, base) for name, each in value.items()}
    return _local(value, base) if keyword in SCHEMAS else value


def _here(reference: Any, base: Base) -> Any:
    identity, found, name = str(reference).partition(PREFIX)
    return PREFIX + name if found and name in base.owners.get(identity, ()) else reference
