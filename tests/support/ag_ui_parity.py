"""The contract beside a JSON Schema of AG-UI: what its `x-ag-ui` annotations reach there, and what they miss."""

from collections.abc import Iterator
from typing import Any

from verdict.schema import Node, Schema, reference

COMMON = {"type", "timestamp", "rawEvent", "metadata"}
"""Members of every frame, which the envelope carries."""
CARRIED = ("run_id", "subagent_run_id")
"""Fields of the envelope that a frame may carry."""
NULLABLE = {"RunAgentInput.state"}
"""Optional members that may be null in AG-UI's schema; Pydantic's models cannot tell them from the others."""


class Parity:
    """Walks an AG-UI type and ours together; every answer is one line: a place, and what differs there."""

    def __init__(self, ours: Schema, official: Node) -> None:
        self._ours = ours
        self._official: dict[str, Node] = official["$defs"]
        self._seen: set[tuple[str, str]] = set()

    def event(self, frame: str, official: Node) -> Iterator[str]:
        """The differences between one frame and the event that is its home."""
        homes = [name for name, node in self._homes() if node["x-ag-ui"]["event"] == frame]
        if len(homes) != 1:
            yield f"{frame}: {len(homes)} events are its home"
            return
        node = self._ours.definitions[homes[0]]
        notes: Node = node["x-ag-ui"]
        envelope = self._ours.properties(node)
        payload = self._ours.resolve(envelope["payload"])
        required = self._ours.required(node) | self._ours.required(payload)
        fields = {name: envelope[name] for name in CARRIED if name in envelope and name not in notes.get("omit", ())}
        fields |= self._ours.properties(payload)
        members = {name: each for name, each in official["properties"].items() if name not in COMMON}
        for name, value in notes.get("const", {}).items():
            if members.pop(name, {}).get("const") != value:
                yield f"{frame}.{name}: not the constant {value!r}"
        yield from self._fields(frame, (members, official.get("required", [])), (fields, required))

    def _homes(self) -> Iterator[tuple[str, Node]]:
        for name in self._ours.events.values():
            node = self._ours.definitions[name]
            if "event" in node["x-ag-ui"]:
                yield name, node

    def _fields(self, place: str, official: tuple[Any, Any], ours: tuple[dict[str, Node], set[str]]) -> Iterator[str]:
        members: dict[str, Node] = official[0]
        fields = {ag_ui_name(name, field): (name, field) for name, field in ours[0].items() if carried(field)}
        for name, member in members.items():
            if name not in fields:
                yield f"{place}.{name}: the contract has no field for it"
                continue
            field_name, field = fields.pop(name)
            derived = "derive" in field.get("x-ag-ui", {})
            if "const" not in member and not derived and (name in official[1]) != (field_name in ours[1]):
                yield f"{place}.{name}: required on one side only"
            yield from self._types(f"{place}.{name}", member, field, required=name in official[1])
        for name, (field_name, _) in fields.items():
            yield f"{place}.{name}: AG-UI has no member for {field_name!r}"

    def _types(self, place: str, official: Node, ours: Node, *, required: bool = True) -> Iterator[str]:
        official, name = self._bare(official)
        if (name, reference(ours)) in self._seen:
            return
        if name:
            self._seen.add((name, reference(ours)))
        expected, found = _kind(official), _kind(self._ours.resolve(ours))
        if not required and expected == "any":
            expected = "any" if place in NULLABLE else "any but null"
        if expected != found:
            yield f"{place}: {expected} there, {found} here"
        elif expected == "object":
            node = self._ours.resolve(ours)
            yield from self._fields(
                name or place,
                (official["properties"], official.get("required", [])),
                (self._ours.properties(node), self._ours.required(node)),
            )
        elif expected == "array":
            yield from self._types(f"{place}[]", official["items"], self._ours.resolve(ours)["items"])
        elif expected == "union":
            yield from self._unions(place, official, self._ours.resolve(ours))
        elif expected == "text or list":
            yield from self._types(f"{place}[]", official["anyOf"][1], self._ours.resolve(ours)["oneOf"][1])

    def _unions(self, place: str, official: Node, ours: Node) -> Iterator[str]:
        tag: str = official["discriminator"]["propertyName"]
        members = {self._ours.tag_value(name, tag): name for name in self._ours.references(ours)}
        for value, target in official["discriminator"]["mapping"].items():
            if value not in members:
                yield f"{place}: the contract has no {tag} {value!r}"
                continue
            yield from self._types(f"{place}:{value}", {"$ref": target}, {"$ref": f"#/$defs/{members.pop(value)}"})
        for value in members:
            yield f"{place}: AG-UI has no {tag} {value!r}"

    def _bare(self, node: Node) -> tuple[Node, str]:
        """A node without the null that Pydantic adds to what may be absent, and its name."""
        choices = [choice for choice in node.get("anyOf", ()) if choice != {"type": "null"}]
        node = choices[0] if len(choices) == 1 else node
        name = reference(node)
        return (self._official[name] if name else node), name


def ag_ui_name(name: str, field: Node) -> str:
    """What AG-UI calls a field."""
    head, *tail = name.split("_")
    renamed: str = field.get("x-ag-ui", {}).get("rename", head + "".join(part.capitalize() for part in tail))
    return renamed


def carried(field: Node) -> bool:
    """Whether the frame of the field's own event carries it."""
    return not {"omit", "json_string"} & field.get("x-ag-ui", {}).keys()


def _kind(node: Node) -> str:
    """What a node allows, in words that are equal for equal types of both schemas."""
    if "enum" in node:
        return "one of " + ", ".join(sorted(node["enum"]))
    if "const" in node:
        return f"the constant {node['const']}"
    if "oneOf" in node or "anyOf" in node:
        return "union" if all("$ref" in choice for choice in node.get("oneOf", [{}])) else "text or list"
    if "properties" in node:
        return "object"
    if not isinstance(kind := node.get("type", "any"), str):
        return "any but null"
    if kind == "object":
        return "open object"
    limits = [f"{key} {node[key]}" for key in ("minimum", "maximum", "minItems", "pattern") if key in node]
    return " ".join([kind, *limits]) if kind != "array" else kind + "".join(limits)
