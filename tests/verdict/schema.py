"""The contract as the judges read it: the schema file itself, and nothing that the generator made of it."""

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

ROOT = Path(__file__).parents[2]
Node = dict[str, Any]

OPAQUE = frozenset({"Json", "JsonNotNull", "JsonObject"})


def is_object(value: Any) -> TypeGuard[Node]:
    return isinstance(value, dict)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


class Schema:
    """One schema document with the few questions that generating, mutating and judging ask of it."""

    def __init__(self, document: Node) -> None:
        self.document = document
        self.definitions: dict[str, Node] = document["$defs"]
        self.events: dict[str, str] = {self.tag_value(name, "type"): name for name in self.references(document)}

    def resolve(self, node: Node) -> Node:
        while "$ref" in node:
            node = self.definitions[reference(node)]
        return node

    def references(self, union: Node) -> list[str]:
        """The names of a union's members."""
        return [reference(member) for member in union["oneOf"]]

    def parts(self, node: Node) -> list[Node]:
        """An object and the mixins it is made of."""
        return [*(self.resolve(part) for part in node.get("allOf", ())), node]

    def properties(self, node: Node) -> dict[str, Node]:
        return {name: member for part in self.parts(node) for name, member in part.get("properties", {}).items()}

    def required(self, node: Node) -> set[str]:
        return {name for part in self.parts(node) for name in part.get("required", ())}

    def tag_value(self, name: str, tag: str) -> str:
        return str(self.resolve(self.properties(self.definitions[name])[tag])["const"])

    def tag(self, union: Node) -> str:
        """The one required property that is a const in every member of a union of objects."""
        first, *others = [self.definitions[name] for name in self.references(union)]
        shared = self._constants(first).intersection(*map(self._constants, others))
        (tag,) = shared
        return tag

    def _constants(self, node: Node) -> set[str]:
        required = self.required(node)
        return {name for name, member in self.properties(node).items() if name in required and "const" in member}


def reference(node: Node) -> str:
    """The name that a node's `$ref` points at; empty when it has none."""
    return str(node.get("$ref", "")).removeprefix("#/$defs/")


@cache
def contract() -> Schema:
    """The repository's own contract."""
    return Schema(json.loads((ROOT / "schema" / "events.schema.json").read_text("utf-8")))


def examples(schema: Schema) -> dict[str, list[Any]]:
    """The payloads that the schema shows, by type of event."""
    payloads = {
        kind: schema.resolve(schema.properties(schema.definitions[name])["payload"])
        for kind, name in schema.events.items()
    }
    return {kind: payload["examples"] for kind, payload in payloads.items() if "examples" in payload}
