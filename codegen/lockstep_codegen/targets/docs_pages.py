"""The reference as nouns: what the pages of every format print."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lockstep_codegen.golden import event_documents
from lockstep_codegen.model import Alias, Contract, Event, Field, Notes, ObjectType, Union
from lockstep_codegen.targets.docs_text import Word, python, typescript, words
from lockstep_codegen.targets.typescript_text import camel
from lockstep_codegen.type_model import Type

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
    mixins: tuple[Word, ...]
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
    return [_type(each, contract) for name, each in contract.own_definitions.items() if name not in payloads]


def row(field: Field, contract: Contract) -> Row:
    """A field as the tables show it."""
    return Row(field.name, _words(field.type, contract), field.required, field.description, _notes(field.notes))


def _words(type: Type, contract: Contract) -> tuple[Word, ...]:
    return tuple(_linked(word, contract) for word in words(type))


def _linked(word: Word, contract: Contract) -> Word:
    """What stands in the reference of the base has no anchor in this one."""
    return Word(word.text, code=True) if word.anchor and word.text in contract.inherited else word


def _rows(fields: Iterable[Field], contract: Contract) -> tuple[Row, ...]:
    return tuple(row(field, contract) for field in fields)


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
        envelope=_rows((field for field in event.own_fields if field.name not in STAMPED), contract),
        mixins=tuple(_linked(Word(mixin.name, mixin.name.lower()), contract) for mixin in event.mixins),
        payload=event.payload.name,
        rows=_rows(event.payload.fields, contract),
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


def _type(definition: Alias | ObjectType | Union, contract: Contract) -> TypePage:
    kind: Iterable[Word] = ()
    rows: tuple[Row, ...] = ()
    match definition:
        case Alias(type=type):
            kind = _words(type, contract)
        case Union(tag=tag, variants=variants):
            named = [_linked(Word(each.name, each.name.lower()), contract) for each in variants]
            listed = [piece for each in named for piece in (Word(" or "), each)]
            kind = [*listed[1:], Word(", told apart by "), Word(tag, code=True)]
        case ObjectType(fields=fields):
            rows = _rows(fields, contract)
    return TypePage(definition.name, definition.description, tuple(kind), rows)
