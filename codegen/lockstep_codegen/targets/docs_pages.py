"""The reference as nouns: what the pages of every format print."""

import json
from dataclasses import dataclass
from typing import Any

from lockstep_codegen.golden import event_documents
from lockstep_codegen.model import Alias, Contract, Event, Field, Notes, ObjectType, Union
from lockstep_codegen.targets.docs_text import Word, python, typescript, words
from lockstep_codegen.targets.typescript_text import camel

STAMPED = ("event_id", "timestamp", "type", "payload")


@dataclass(frozen=True, slots=True)
class Row:
    """A field."""

    name: str
    type: tuple[Word, ...]
    required: bool
    description: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One example, as it stands on the wire and as each language makes it."""

    json: str
    python: str
    typescript: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """One event."""

    type: str
    name: str
    description: str
    deprecated: bool
    notes: tuple[str, ...]
    envelope: tuple[Row, ...]
    """What it declares itself, beside the mixins, `type` and `payload`."""
    mixins: tuple[str, ...]
    payload: str
    rows: tuple[Row, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class TypePage:
    """One definition that events are made of."""

    name: str
    description: str
    kind: tuple[Word, ...]
    """What it is, unless it is an object with rows."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Events that belong together."""

    name: str
    events: tuple[EventPage, ...]


def families(contract: Contract) -> list[Family]:
    """Every event, by family, in the schema's order."""
    documents: dict[str, list[dict[str, Any]]] = {event.type: [] for event in contract.events}
    for event, _, document in event_documents(contract):
        documents[event.type].append(document)
    return [
        Family(name, tuple(_event(event, documents[event.type], contract) for event in events))
        for name, events in contract.families.items()
    ]


def types(contract: Contract) -> list[TypePage]:
    """Every other definition but the payloads, in order of first use."""
    payloads = {event.payload.name for event in contract.events}
    return [_type(each) for name, each in contract.definitions.items() if name not in payloads]


def row(field: Field) -> Row:
    """A field as the tables show it."""
    return Row(field.name, tuple(words(field.type)), field.required, field.description, _notes(field.notes))


def _notes(notes: Notes) -> tuple[str, ...]:
    """What a reader must know beyond the description, in short sentences."""
    instead = f" Use `{notes.replaced_by}`." if notes.replaced_by else ""
    return tuple(
        said
        for there, said in (
            (notes.deprecated, f"**Deprecated.**{instead}"),
            (notes.since, f"Since {notes.since}."),
            (notes.otel, f"OpenTelemetry: `{notes.otel}`."),
        )
        if there
    )


def _ag_ui(event: Event) -> str:
    notes: Any = event.notes.ag_ui or {}
    if "event" in notes:
        return f"AG-UI: `{notes['event']}`."
    return f"AG-UI: `CUSTOM` named `{notes['custom']}`." if "custom" in notes else "AG-UI: not carried."


def _event(event: Event, documents: list[dict[str, Any]], contract: Contract) -> EventPage:
    made = () if event.logged else ("Made by the server for one viewer; never published, never logged.",)
    return EventPage(
        type=event.type,
        name=event.name,
        description=event.description,
        deprecated=event.notes.deprecated,
        notes=(*_notes(event.notes), _ag_ui(event), *made),
        envelope=tuple(row(field) for field in event.own_fields if field.name not in STAMPED),
        mixins=tuple(mixin.name for mixin in event.mixins),
        payload=event.payload.name,
        rows=tuple(map(row, event.payload.fields)),
        examples=tuple(_example(event, document, contract) for document in documents),
    )


def _example(event: Event, document: dict[str, Any], contract: Contract) -> Example:
    required = {field.name for field in event.fields if field.required} - set(STAMPED)
    envelope = {name: value for name, value in document.items() if name in required}
    brief = {name: value for name, value in document.items() if name in required | set(STAMPED)}
    fields = {field.name: field for field in (*event.fields, *event.payload.fields)}
    given = {**envelope, **document["payload"]}
    keywords = [
        f"{fields[name].python}={python(value, fields[name].type, contract, 4)}" for name, value in given.items()
    ]
    call = "".join(f"    {keyword},\n" for keyword in keywords)
    return Example(
        json=json.dumps(brief, indent=2, ensure_ascii=False),
        python=f"await dispatcher.{event.type}(\n{call})" if event.logged else "",
        typescript=f"await dispatcher.{camel(event.type)}({typescript(given)});" if event.logged else "",
    )


def _type(definition: Alias | ObjectType | Union) -> TypePage:
    kind: list[Word] = []
    rows: tuple[Row, ...] = ()
    match definition:
        case Alias(type=type):
            kind = words(type)
        case Union(tag=tag, variants=variants):
            listed = [piece for each in variants for piece in (Word(" or "), Word(each.name, each.name.lower()))]
            kind = [*listed[1:], Word(", told apart by "), Word(tag, code=True)]
        case ObjectType(fields=fields):
            rows = tuple(map(row, fields))
    return TypePage(definition.name, definition.description, tuple(kind), rows)
