"""What the examples of a payload show of it: every field and every member of a union, at any depth."""

from collections.abc import Iterator
from typing import Any

from verdict.schema import Node, Schema, is_array, is_object, reference


def reachable(schema: Schema, node: Node, seen: frozenset[str] = frozenset()) -> set[str]:
    """Every field (`TokenUsage.model`) and union member (`Message:tool`) at or below `node`."""
    return set(_below(schema, node, "", set(seen)))


def shown(schema: Schema, node: Node, value: Any) -> set[str]:
    """The same names, as far as `value`, an instance of `node`, uses them."""
    return set(_used(schema, node, value, ""))


def _below(schema: Schema, node: Node, name: str, seen: set[str]) -> Iterator[str]:
    if target := reference(node):
        if target not in seen:
            seen.add(target)
            yield from _below(schema, schema.definitions[target], target, seen)
        return
    for field, member in schema.properties(node).items():
        yield f"{name}.{field}"
        yield from _below(schema, member, f"{name}.{field}", seen)
    for member in node.get("oneOf", ()):
        yield f"{name}:{_label(member)}"
        yield from _below(schema, member, name, seen)
    if is_object(inner := node.get("items", node.get("additionalProperties"))):
        yield f"{name}[]"
        yield from _below(schema, inner, name, seen)


def _used(schema: Schema, node: Node, value: Any, name: str) -> Iterator[str]:
    name, node = reference(node) or name, schema.resolve(node)
    if "oneOf" in node:
        member = _member(schema, node, value)
        yield f"{name}:{_label(member)}"
        yield from _used(schema, member, value, name)
    elif is_array(value) and "items" in node:
        for item in value:
            yield f"{name}[]"
            yield from _used(schema, node["items"], item, name)
    elif is_object(value):
        members = schema.properties(node)
        for field, item in value.items():
            if field in members:
                yield f"{name}.{field}"
                yield from _used(schema, members[field], item, f"{name}.{field}")
            elif is_object(inner := node.get("additionalProperties")):
                yield f"{name}[]"
                yield from _used(schema, inner, item, name)


def _member(schema: Schema, union: Node, value: Any) -> Node:
    """The member of a union that `value` is meant to be."""
    if not is_object(value):
        kind = "array" if is_array(value) else "string"
        return next(member for member in union["oneOf"] if member["type"] == kind)
    tag = schema.tag(union)
    return next(member for member in union["oneOf"] if schema.tag_value(reference(member), tag) == value[tag])


def _label(member: Node) -> str:
    return reference(member) or str(member["type"])
