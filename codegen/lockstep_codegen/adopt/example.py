"""One example of a payload that sets every field, in plain words."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

from lockstep_codegen.patterns import parse
from lockstep_codegen.samples import Ends, matching, plain, smallest

Node = Mapping[str, Any]
Resolve = Callable[[str], Node]
"""From a `$ref` to what it refers to."""
_KNOWN: Final = {"Timestamp": "2026-01-31T12:00:00.000Z", "Uuid": "1f0c2f5e-7b1a-4c8e-9d55-3f1a2b4c5d6e",
                 "CalendarDay": "2026-01-31", "TimeOfDay": "12:00:00", "Duration": "PT1M30S", "Decimal": "12.50",
                 "Json": {"any": "value"}, "JsonNotNull": {"any": "value"}, "JsonObject": {"any": "value"}}  # fmt: skip
_DEEPEST: Final = 3
"""Below it only what is required is set, so that types which contain themselves end."""


def example(node: Node, resolve: Resolve, depth: int = 0, name: str = "text") -> Any:
    """A valid value of a node of the dialect."""
    if "$ref" in node:
        target = str(node["$ref"]).rpartition("/")[2]
        return _KNOWN[target] if target in _KNOWN else example(resolve(str(node["$ref"])), resolve, depth, name)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return node["enum"][0]
    if "oneOf" in node:
        return example(_member(node["oneOf"], resolve, depth), resolve, depth, name)
    match node.get("type"):
        case "string":
            return _text(node, name)
        case "integer" | "number":
            return smallest(Ends(node.get("minimum"), node.get("maximum")), whole=node["type"] == "integer")
        case "boolean":
            return True
        case "array":
            most = min(node.get("maxItems", 1), 1 if depth < _DEEPEST else 0)
            count = max(node.get("minItems", 0), most)
            return [example(node["items"], resolve, depth + 1, name) for _ in range(count)]
        case _:
            return _object(node, resolve, depth)


def _object(node: Node, resolve: Resolve, depth: int) -> dict[str, Any]:
    if "properties" not in node:
        return {"key": example(node["additionalProperties"], resolve, depth + 1)} if depth < _DEEPEST else {}
    wanted = node["properties"] if depth < _DEEPEST else node["required"]
    return {name: example(node["properties"][name], resolve, depth + 1, name) for name in wanted}


def _member(members: list[Node], resolve: Resolve, depth: int) -> Node:
    """The first member of a union; deep down one that needs none of them again."""
    names = frozenset(str(member["$ref"]) for member in members if "$ref" in member)
    if depth < _DEEPEST or len(names) < len(members):
        return members[0]
    return next((each for each in members if _ends(resolve(str(each["$ref"])), resolve, names)), members[0])


def _ends(node: Node, resolve: Resolve, inside: frozenset[str]) -> bool:
    """Whether a value can be written that is not inside another of its own type."""
    if "$ref" in node:
        name = str(node["$ref"])
        return name not in inside and _ends(resolve(name), resolve, inside | {name})
    if "oneOf" in node:
        return any(_ends(member, resolve, inside) for member in node["oneOf"])
    if "items" in node:
        return not node.get("minItems") or _ends(node["items"], resolve, inside)
    return all(_ends(node["properties"][name], resolve, inside) for name in node.get("required", ()))


def _text(node: Node, name: str) -> str:
    if "pattern" in node:
        make, least = matching(parse(node["pattern"])), node.get("minLength", 0)
        tries = (make(Random(seed)) for seed in range(200))
        return next((made for made in tries if least <= len(made) <= node.get("maxLength", len(made))), "")
    fits = node.get("minLength", 0) <= len(name) <= node.get("maxLength", len(name))
    return name if fits else plain(Ends(node.get("minLength"), node.get("maxLength")))
