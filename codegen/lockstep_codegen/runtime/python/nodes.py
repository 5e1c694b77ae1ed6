"""The schema as the checks read it: what a node refers to, holds and expects."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .words import bounded, choices, sized

Node = Mapping[str, Any]
PREFIX = "#/$defs/"
OPAQUE = {"Json": "any JSON", "JsonNotNull": "any JSON but null", "JsonObject": "an object"}


class Nodes:
    """One schema in the dialect."""

    def __init__(self, schema: Node) -> None:
        self.root = schema
        self._definitions: Mapping[str, Node] = schema["$defs"]

    def resolve(self, node: Node) -> Node:
        """The node itself, or what it refers to; an opaque type stays a reference, for its name says it all."""
        while "$ref" in node and opaque(node) is None:
            node = self._definitions[_name(node)]
        return node

    def parts(self, node: Node) -> list[Node]:
        """An object's mixins, and itself."""
        node = self.resolve(node)
        return [*(self.resolve(part) for part in node.get("allOf", ())), node]

    def properties(self, node: Node) -> dict[str, Node]:
        """The members that an object declares, those of its mixins first."""
        return {name: member for part in self.parts(node) for name, member in part.get("properties", {}).items()}

    def required(self, node: Node) -> list[str]:
        """The names of those that must be there."""
        return [name for part in self.parts(node) for name in part.get("required", ())]

    def variants(self, union: Node) -> tuple[str, dict[str, Node]]:
        """The tag of a union of objects, and its members by the tag's value."""
        members = [self.resolve(member) for member in union["oneOf"]]
        first, *others = [_constants(member) for member in members]
        tag = next(name for name in first if all(name in other for other in others))
        return tag, {member["properties"][tag]["const"]: member for member in members}

    def expected(self, node: Node) -> str:
        """What stands here, in words."""
        node = self.resolve(node)
        if "oneOf" in node:
            return "an object" if is_tagged(node) else "a string or an array"
        if "const" in node or "enum" in node:
            return choices(values(node))
        return _WORDS[node["type"]](node) if "type" in node else OPAQUE[_name(node)]


def reference(name: str) -> Node:
    """A reference to a definition."""
    return {"$ref": PREFIX + name}


def opaque(node: Node) -> str | None:
    """The name of the opaque type that a node refers to."""
    return _name(node) if "$ref" in node and _name(node) in OPAQUE else None


def values(node: Node) -> Sequence[Any]:
    """What a const or an enum allows."""
    return [node["const"]] if "const" in node else node["enum"]


def is_tagged(union: Node) -> bool:
    """Whether a union is one of objects."""
    return all("$ref" in member for member in union["oneOf"])


def _name(node: Node) -> str:
    return str(node["$ref"]).removeprefix(PREFIX)


def _constants(node: Node) -> list[str]:
    return [name for name, member in node["properties"].items() if "const" in member and name in node["required"]]


def _text(node: Node) -> str:
    form = f" matching {node['pattern']}" if "pattern" in node else ""
    return sized("a string", "character", node.get("minLength", 0), node.get("maxLength")) + form


_WORDS: Mapping[str, Callable[[Node], str]] = {
    "string": _text,
    "integer": lambda node: bounded("an integer", node.get("minimum"), node.get("maximum")),
    "number": lambda node: bounded("a number", node.get("minimum"), node.get("maximum")),
    "boolean": lambda _: "true or false",
    "array": lambda node: sized("an array", "item", node.get("minItems", 0), node.get("maxItems")),
    "object": lambda _: "an object",
}
