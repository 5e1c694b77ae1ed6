"""Golden events: every example of the schema in an envelope, the same on every run, for tests in any language."""

import json
from functools import cache
from random import Random
from typing import Any

from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Contract, Event, Field, ObjectType, Union
from lockstep_codegen.samples import Ends, text
from lockstep_codegen.type_model import (
    Boolean,
    Constant,
    Enumeration,
    Integer,
    ListOf,
    MapOf,
    Number,
    Reference,
    Text,
    TextOrList,
    Type,
)

MOMENT = "2026-11-23T10:00:{:02}.{:03}Z"
IDENTITY = "0199a000-0000-7000-8000-{:012x}"
SESSION = "session-1"
LEFT_OUT = ("type", "payload")


def event_documents(contract: Contract) -> list[tuple[Event, int, dict[str, Any]]]:
    """Every example as a whole event. An event's first has every optional envelope field, the others none."""
    made: list[tuple[Event, int, dict[str, Any]]] = []
    for place, (event, number, payload) in enumerate(contract.examples(), 1):
        known = {
            "event_id": IDENTITY.format(place),
            "session_id": SESSION,
            "timestamp": MOMENT.format(place // 1000 % 60, place % 1000),
        }
        envelope = {
            field.name: known.get(field.name, _value(field, contract))
            for field in event.fields
            if field.name not in LEFT_OUT and (field.required or number == 1)
        }
        made.append((event, number, {**envelope, "type": event.type, "payload": payload}))
    return made


def golden(contract: Contract) -> list[SourceFile]:
    """One file for each: `events/<type>.<n>.json`."""
    return [
        SourceFile(f"events/{event.type}.{number}.json", f"{json.dumps(document, indent=2, ensure_ascii=False)}\n")
        for event, number, document in event_documents(contract)
    ]


def _value(field: Field, contract: Contract) -> Any:
    """A value that says which field it is for, where it may."""
    return _made(field.type, field.name, contract, depth=0)


def _made(type: Type, name: str, contract: Contract, depth: int) -> Any:
    match contract.resolve(type):
        case Text() as text:
            return _text(text, name)
        case Integer() | Number() as number:
            return _number(number)
        case ListOf(item, least) | TextOrList(_, ListOf(item, least)):
            return [_made(item, name, contract, depth + 1)] * max(least, 1)
        case MapOf(value):
            return {name: _made(value, name, contract, depth + 1)}
        case ObjectType() as made:
            return _object(made, contract, depth)
        case Union(variants=variants):
            return _made(Reference(variants[0].name), name, contract, depth + 1)
        case Constant(value):
            return value
        case Enumeration(values):
            return values[0]
        case other:
            return True if isinstance(other, Boolean) else {name: True}


def _text(type: Text, name: str) -> str:
    said = f"{name.removesuffix('_id')}-1"
    if type.pattern is None and type.min_length <= len(said) <= (type.max_length or len(said)):
        return said
    return _sample(type)


@cache
def _sample(type: Text) -> str:
    """The same string for the same type; most are asked for in every event."""
    return text(type.pattern, Ends(type.min_length, type.max_length))(Random(0))


def _number(type: Integer | Number) -> float:
    least = 1 if type.minimum is None else max(type.minimum, 1)
    return least if type.maximum is None else min(type.maximum, least)


def _object(type: ObjectType, contract: Contract, depth: int) -> dict[str, Any]:
    """Deep down only what is required: recursive types end."""
    chosen = [field for field in type.fields if field.required or depth < 2]
    return {field.name: _made(field.type, field.name, contract, depth + 1) for field in chosen}
