"""One version of a contract as its raw schema: spots in it, where references lead, and how people call them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lockstep_codegen.source import Source, escape

Schema = Mapping[str, Any]
PREFIX = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of a schema and its JSON Pointer."""

    pointer: str
    node: Schema

    def child(self, *tokens: str | int) -> "Spot":
        """The node below, by object keys and array indexes."""
        node: Any = self.node
        pointer = self.pointer
        for token in tokens:
            node = node[token]
            pointer += "/" + escape(str(token))
        return Spot(pointer, node)


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a contract: its source, and the version that stands beside it."""

    source: Source
    version: str = "0.0.0"

    @classmethod
    def of(cls, schema: Schema, name: str = "schema.json", version: str = "0.0.0") -> "Document":
        """A schema that was not read from a file: every place is its beginning."""
        return cls(Source(name, "", schema, {"": 0}), version)

    @property
    def schema(self) -> Schema:
        schema: Schema = self.source.document
        return schema

    @property
    def root(self) -> Spot:
        return Spot("", self.schema)

    @property
    def definitions(self) -> Mapping[str, Schema]:
        definitions: Mapping[str, Schema] = self.schema.get("$defs", {})
        return definitions

    def definition(self, name: str) -> Spot:
        return self.root.child("$defs", name)

    def resolve(self, spot: Spot) -> Spot:
        """The definition that a reference leads to, or the spot itself; a reference to nothing stays one."""
        for _ in range(len(self.definitions) + 1):
            name = self.reference(spot)
            if name is None:
                return spot
            spot = self.definition(name)
        return spot

    def reference(self, spot: Spot) -> str | None:
        """The name of the definition that a `$ref` of ours names."""
        target = spot.node.get("$ref")
        name = str(target).removeprefix(PREFIX)
        return name if target == PREFIX + name and name in self.definitions else None


def subject(pointer: str) -> str:
    """A pointer as people say it: `ToolCallResultPayload.status`, `Content[]`."""
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    said, index = "", 0
    while index < len(tokens):
        token, after = tokens[index], tokens[index + 1] if index + 1 < len(tokens) else ""
        index += 2
        if token == "$defs":
            said += after
        elif token == "properties":
            said += f".{after}"
        elif token in ("oneOf", "allOf"):
            said += f"({after})"
        else:
            said += {"items": "[]", "additionalProperties": "{}"}.get(token, f" {token}")
            index -= 1
    return said or "the contract"


def canonical(value: Any) -> str:
    """A value as one text: equal texts are equal JSON (numbers as they are written)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
