"""What a reader of the reference is told about types and values, in words and as code."""

import json
from dataclasses import dataclass
from typing import Any

from lockstep_codegen.model import Contract, ObjectType, Union
from lockstep_codegen.source import is_array, is_object
from lockstep_codegen.targets.python_text import literal
from lockstep_codegen.type_model import (
    SAFE_INTEGER,
    Boolean,
    Constant,
    Enumeration,
    Integer,
    ListOf,
    MapOf,
    Number,
    Opaque,
    Reference,
    Text,
    TextOrList,
    Type,
)

WIDTH = 88
OPAQUE = {"Json": "any JSON", "JsonNotNull": "any JSON but null", "JsonObject": "JSON object"}


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a type's description; `anchor` is the definition it speaks of, or empty."""

    text: str
    anchor: str = ""
    code: bool = False


def words(type: Type) -> list[Word]:
    """A type in words: `list of`, `Message`."""
    match type:
        case Text(least, most, pattern):
            length = _range(least or None, most, "characters")
            form = [Word(", matching "), Word(pattern, code=True)] if pattern else []
            return [Word(f"string{length}"), *form]
        case Integer(least, most):
            return [Word(f"integer{_range(_safe(least), _safe(most), '')}")]
        case Number(least, most):
            return [Word(f"number{_range(least, most, '')}")]
        case ListOf(item, least, most):
            return [Word(f"list{_range(least or None, most, 'items')} of "), *words(item)]
        case MapOf(value):
            return [Word("map of "), *words(value)]
        case TextOrList(_, items):
            return [Word("string, or "), *words(items)]
        case Reference(name):
            return [Word(name, anchor=name.lower())]
        case other:
            return _choice(other)


def _choice(type: Boolean | Constant | Enumeration | Opaque) -> list[Word]:
    match type:
        case Constant(value):
            return [Word(json.dumps(value), code=True)]
        case Enumeration(values):
            listed = [piece for value in values for piece in (Word(" or "), Word(json.dumps(value), code=True))]
            return listed[1:]
        case Opaque(kind):
            return [Word(OPAQUE[kind])]
        case Boolean():
            return [Word("boolean")]


def _safe(bound: int) -> int | None:
    return None if abs(bound) == SAFE_INTEGER else bound


def _range(least: float | None, most: float | None, unit: str) -> str:
    if least is None and most is None:
        return ""
    said = f"at most {most}" if least is None else f"at least {least}" if most is None else f"{least} to {most}"
    return f" ({said}{f' {unit}' if unit else ''})"


def python(value: Any, type: Type, contract: Contract, indent: int = 0) -> str:
    """A value as a Python expression: objects of the contract are made by their classes."""
    match contract.resolve(type):
        case ObjectType(name=name, fields=fields):
            known = {field.name: field for field in fields}
            members = [
                f"{known[key].python}={python(member, known[key].type, contract, indent + 4)}"
                for key, member in value.items()
            ]
            return _joined(f"{name}(", members, ")", indent)
        case Union(tag=tag, variants=variants):
            chosen = next(variant.name for variant in variants if variant.tag == value[tag])
            return python(value, Reference(chosen), contract, indent)
        case ListOf(item) | TextOrList(_, ListOf(item)) if is_array(value):
            return _joined("[", [python(each, item, contract, indent + 4) for each in value], "]", indent)
        case MapOf(item):
            members = [f"{literal(key)}: {python(member, item, contract, indent + 4)}" for key, member in value.items()]
            return _joined("{", members, "}", indent)
        case _:
            return _plain(value, indent)


def _plain(value: Any, indent: int) -> str:
    """Any JSON as Python writes it."""
    if is_object(value):
        return _joined("{", [f"{literal(key)}: {_plain(each, indent + 4)}" for key, each in value.items()], "}", indent)
    if is_array(value):
        return _joined("[", [_plain(each, indent + 4) for each in value], "]", indent)
    return literal(value)


def typescript(value: Any, indent: int = 0) -> str:
    """A value as a TypeScript expression."""
    if is_object(value):
        members = [f"{_key(key)}: {typescript(member, indent + 2)}" for key, member in value.items()]
        return _joined("{ ", members, " }", indent, 2)
    if is_array(value):
        return _joined("[", [typescript(item, indent + 2) for item in value], "]", indent, 2)
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else json.dumps(name, ensure_ascii=False)


def _joined(opening: str, parts: list[str], closing: str, indent: int, step: int = 4) -> str:
    line = f"{opening}{', '.join(parts)}{closing}" if parts else f"{opening}{closing}".replace("  ", "")
    if indent + len(line) <= WIDTH and "\n" not in line:
        return line
    pad = " " * (indent + step)
    return f"{opening.rstrip()}\n" + "".join(f"{pad}{part},\n" for part in parts) + " " * indent + closing.lstrip()
