"""The contract as the targets see it: frozen nouns with ready-made answers, so that templates never think."""

import keyword
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from lockstep_codegen.base import Base
from lockstep_codegen.type_model import OpaqueName, Reference, Type

JsonValue: TypeAlias = Any
"""A value as `json.loads` gives it."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What the schema says about a definition or a field beyond its shape."""

    description: str
    deprecated: bool = False
    replaced_by: str | None = None
    """`x-replaced-by`: the event type or field to use instead."""
    since: str | None = None
    """`x-since`: the version that brought it."""
    otel: str | None = None
    """`x-otel`: the OpenTelemetry attribute that carries it."""
    ag_ui: JsonValue = None
    """`x-ag-ui` as it stands."""
    annotations: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """Every `x-` member as it stands, those above included."""


@dataclass(frozen=True, slots=True)
class Field:
    """A declared member of an object."""

    name: str
    """As on the wire."""
    type: Type
    required: bool
    notes: Notes

    @property
    def description(self) -> str:
        return self.notes.description

    @property
    def python(self) -> str:
        """The attribute and keyword: the wire name, with `_` after it where Python reserves the word."""
        return f"{self.name}_" if keyword.iskeyword(self.name) else self.name


@dataclass(frozen=True, slots=True)
class Alias:
    """A named type that is not an object: a scalar, an array, a map, a string-or-array."""

    name: str
    type: Type
    notes: Notes

    @property
    def description(self) -> str:
        return self.notes.description


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A closed object. Mixins (`Envelope`, `Attributed`) are objects too, but only events are made of them."""

    name: str
    fields: tuple[Field, ...]
    notes: Notes
    examples: tuple[JsonValue, ...] = ()
    """Payload objects as they stand in the schema; only payloads have them."""

    @property
    def description(self) -> str:
        return self.notes.description

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    @property
    def optional(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.required)


@dataclass(frozen=True, slots=True)
class Variant:
    """One member of a union: the value of its tag, and the object's name."""

    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class Union:
    """A discriminated union of objects: the required member `tag` has another constant in each."""

    name: str
    tag: str
    variants: tuple[Variant, ...]
    notes: Notes

    @property
    def description(self) -> str:
        return self.notes.description


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its envelope (mixins, then what it declares itself) and its payload."""

    name: str
    """`ToolCallStartedEvent`."""
    type: str
    """`tool_call_started`: the wire's tag, the dispatcher's method, the rest of the handler's `on_...`."""
    mixins: tuple[ObjectType, ...]
    own_fields: tuple[Field, ...]
    """What the event declares itself, `type` and `payload` included, in the schema's order."""
    payload: ObjectType
    family: str
    logged: bool
    """False when the server makes it and no log keeps it (`x-logged: false`)."""
    notes: Notes

    @property
    def description(self) -> str:
        return self.notes.description

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every member of the envelope: the mixins' first, then its own."""
        return (*(field for mixin in self.mixins for field in mixin.fields), *self.own_fields)


Definition: TypeAlias = Alias | ObjectType | Union
STAMPED = ("event_id", "timestamp")
"""What a publisher stamps on a new event."""


@dataclass(frozen=True)
class Contract:
    """Everything the schema says, in one order: the union's, then first use."""

    title: str
    """The name of the union of all events: `AgentEvent`."""
    id: str
    """The schema's `$id`."""
    description: str
    version: str
    """The text of the file VERSION beside the schema."""
    digest: str
    """`sha256:<hex>` of the schema's bytes."""
    schema_path: str
    """How generated files name their source: `schema/events.schema.json`."""
    schema_text: str
    """The schema file, byte for byte."""
    package: str
    """The Python import package: `lockstep_events`."""
    envelope: ObjectType
    """The mixin that every event has."""
    events: tuple[Event, ...]
    definitions: Mapping[str, Definition]
    """Everything else that has a name, by name, in order of first use: mixins, payloads, objects, unions, aliases."""
    opaque: Mapping[OpaqueName, str]
    """The descriptions of the opaque types that the schema declares."""
    npm: str = ""
    """The npm package: `@agui-lockstep/events`."""
    base: Base | None = None
    """What it extends: its events and definitions are in this contract, and their code in its packages."""
    inherited: frozenset[str] = frozenset()
    """The names of the events and definitions that are the base's."""

    @cached_property
    def own_events(self) -> tuple[Event, ...]:
        """The events that this contract brings itself."""
        return tuple(event for event in self.events if event.name not in self.inherited)

    @cached_property
    def own_definitions(self) -> Mapping[str, Definition]:
        """The definitions that this contract brings itself."""
        return {name: each for name, each in self.definitions.items() if name not in self.inherited}

    @property
    def runtime(self) -> str:
        """The Python package of the runtime: the oldest base brings it."""
        return f"{self.base.line[0]['package'] if self.base else self.package}.runtime"

    @property
    def origin(self) -> str:
        """What the first line of every generated file says, after its language's comment sign."""
        return f"@generated by `lockstep generate` from {self.schema_path}, version {self.version}. Do not edit."

    @cached_property
    def families(self) -> Mapping[str, tuple[Event, ...]]:
        """The own events by family, in order of first appearance."""
        names = dict.fromkeys(event.family for event in self.own_events)
        return {name: tuple(event for event in self.own_events if event.family == name) for name in names}

    @cached_property
    def objects(self) -> tuple[ObjectType, ...]:
        """Every named object but the events: mixins, payloads and what they are made of."""
        return tuple(each for each in self.definitions.values() if isinstance(each, ObjectType))

    @cached_property
    def unions(self) -> tuple[Union, ...]:
        return tuple(each for each in self.definitions.values() if isinstance(each, Union))

    @cached_property
    def mixins(self) -> tuple[ObjectType, ...]:
        """What events are made of, in order of first use."""
        return tuple({mixin.name: mixin for event in self.events for mixin in event.mixins}.values())

    def resolve(self, type: Type) -> Type | ObjectType | Union:
        """What stands behind a reference: aliases are followed to their end."""
        while isinstance(type, Reference):
            target = self.definitions[type.name]
            if not isinstance(target, Alias):
                return target
            type = target.type
        return type

    def examples(self) -> Iterator[tuple[Event, int, JsonValue]]:
        """Every example of the own events: the event, its number from 1, and the payload."""
        for event in self.own_events:
            for number, payload in enumerate(event.payload.examples, 1):
                yield event, number, payload
