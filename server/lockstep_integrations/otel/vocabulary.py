"""Which fields of an event are which OpenTelemetry attributes: read from `x-otel` in the contract's schema."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, TypeAlias

from lockstep_events.runtime.nodes import Node, Nodes, opaque

from lockstep_integrations.otel.moment import is_array, member

Value: TypeAlias = str | bool | int | float | Sequence[str]
PRIVATE = frozenset({"exception.message", "exception.stacktrace", "gen_ai.agent.description"})
"""Texts that may quote what a user or a tool said; so may every JSON value that nobody looks into."""
METRIC = "gen_ai.client."
"""What begins so is a metric, and no attribute."""
LONGEST = 32_768
"""Characters of one value; exporters refuse messages of some megabytes."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field and the attribute that takes its value."""

    path: tuple[str, ...]
    name: str
    private: bool
    is_json: bool
    read: Callable[[Any], Any]
    """Its value in an event, None when it is not there."""

    @property
    def scale(self) -> float | None:
        """OpenTelemetry counts seconds, unless a name says otherwise."""
        return 0.001 if self.path[-1].endswith("_ms") and not self.name.endswith("_ms") else None


class Vocabulary:
    """The attributes of every event type of one schema."""

    def __init__(self, schema: Node) -> None:
        self._nodes = Nodes(schema)
        self._definitions = {_type(node): node for node in schema["$defs"].values() if _type(node)}
        self._fields: dict[str, tuple[Field, ...]] = {}

    def fields(self, type: str) -> tuple[Field, ...]:
        """The annotated fields of an event type, those of the envelope first; none for an unknown type."""
        known = self._fields.get(type)
        if known is None:
            node = self._definitions.get(type)
            known = tuple(self._walk(node, (), ())) if node is not None else ()
            if node is not None:  # a peer's unknown types must not fill the table
                self._fields[type] = known
        return known

    def attributes(self, event: Any, *, content: bool) -> dict[str, Value]:
        """What the event says, by OpenTelemetry's names. Numbers of a list add up, of texts the first counts."""
        found: dict[str, Value] = {}
        for field in self.fields(event.type):
            if field.private and not content:
                continue
            value = field.read(event)
            if value is not None:
                found[field.name] = _attribute(value, field)
        return found

    def _walk(self, node: Node, path: tuple[str, ...], above: tuple[int, ...]) -> Iterator[Field]:
        if opaque(node) is not None:
            return
        node = self._nodes.resolve(node)
        if id(node) in above:  # a type that holds itself
            return
        if "items" in node:
            yield from self._walk(node["items"], path, (*above, id(node)))
        for name, inner in self._nodes.properties(node).items() if "properties" in node or "allOf" in node else ():
            here = (*path, name)
            if "x-otel" not in inner:
                yield from self._walk(inner, here, (*above, id(node)))
            elif not inner["x-otel"].startswith(METRIC):
                yield _field(here, inner)


def _field(path: tuple[str, ...], node: Node) -> Field:
    name, is_json = node["x-otel"], opaque(node) is not None
    # Envelope and payload are always there; what lies deeper may be missing or a list.
    read = attrgetter(".".join(path)) if len(path) <= 2 else partial(_value, path)
    return Field(path, name, private=is_json or name in PRIVATE, is_json=is_json, read=read)


def text_of(value: object) -> str:
    """A value as JSON, cut where it gets too long."""
    return json.dumps(value, ensure_ascii=False, default=str)[:LONGEST]


def _type(node: Node) -> str:
    declared: Mapping[str, Any] = node.get("properties", {}).get("type", {})
    return str(declared.get("const", "")) if "payload" in node.get("properties", {}) else ""


def _value(path: tuple[str, ...], place: Any) -> Any:
    for index, step in enumerate(path):
        if is_array(place):
            inner = [_value(path[index:], each) for each in place]
            return _merged([each for each in inner if each is not None])
        place = member(place, step)
        if place is None:
            return None
    return place


def _merged(values: list[Any]) -> Any:
    if len(values) > 1 and all(type(value) in (int, float) for value in values):
        return sum(values)
    return values[0] if values else None


def _attribute(value: Any, field: Field) -> Value:
    if type(value) is str:
        return value if len(value) <= LONGEST else value[:LONGEST]
    if field.is_json:
        return text_of(value)
    if field.scale is not None:
        return float(value) * field.scale
    if is_array(value):
        return tuple(str(each) for each in value)
    number: Value = value
    return number
