"""How deep and how short documents of a contract can be, opaque values aside."""

import json

from lockstep_codegen.model import Contract, Event, ObjectType, Union
from lockstep_codegen.patterns import Choice, Node, OneOf, Repeat, Sequence, parse
from lockstep_codegen.type_model import Constant, Enumeration, ListOf, MapOf, Reference, Text, TextOrList, Type


def deepest(contract: Contract) -> int | None:
    """Containers within containers of the deepest event, itself the first; None when a type is made of itself."""
    known: dict[str, int | None] = {}
    return _most([_fields(event, contract, known) for event in contract.events])


def _fields(made: Event | ObjectType, contract: Contract, known: dict[str, int | None]) -> int | None:
    inner = _most([_type(field.type, contract, known) for field in made.fields])
    return None if inner is None else inner + 1


def _type(type: Type, contract: Contract, known: dict[str, int | None]) -> int | None:
    match type:
        case ListOf(inner) | MapOf(inner) | TextOrList(_, ListOf(inner)):
            depth = _type(inner, contract, known)
            return None if depth is None else depth + 1
        case Reference(name):
            if name not in known:
                known[name] = None  # whoever meets it again on the way down has found a circle
                known[name] = _named(name, contract, known)
            return known[name]
        case _:
            return 0


def _named(name: str, contract: Contract, known: dict[str, int | None]) -> int | None:
    target = contract.resolve(Reference(name))
    if isinstance(target, ObjectType):
        return _fields(target, contract, known)
    if isinstance(target, Union):
        return _most([_type(Reference(variant.name), contract, known) for variant in target.variants])
    return _type(target, contract, known)


def _most(depths: list[int | None]) -> int | None:
    if None in depths:
        return None
    return max((depth for depth in depths if depth is not None), default=0)


def shortest(contract: Contract) -> int:
    """Bytes that every event has at least: its required envelope in compact JSON, the payload empty."""
    return min(_envelope(event, contract) for event in contract.events)


def _envelope(event: Event, contract: Contract) -> int:
    members = [len(f'"{field.name}":,') + _least(field.type, contract) for field in event.fields if field.required]
    return len("{}") + sum(members) - len(",")


def _least(type: Type, contract: Contract) -> int:
    match contract.resolve(type):
        case Text(least, _, pattern):
            return len('""') + max(least, 0 if pattern is None else _characters(parse(pattern)))
        case Constant(value):
            return len(json.dumps(value))
        case Enumeration(values):
            return min(len(json.dumps(value)) for value in values)
        case ObjectType() | ListOf() | TextOrList() | MapOf() | Union():
            return len("{}")
        case _:
            return 1


def _characters(node: Node) -> int:
    """How many characters the shortest text of a pattern has."""
    match node:
        case OneOf():
            return 1
        case Sequence(items):
            return sum(map(_characters, items))
        case Choice(options):
            return min(map(_characters, options))
        case Repeat(item, least):
            return least * _characters(item)
