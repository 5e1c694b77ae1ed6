"""TypeScript's spelling: names, literals, comments and type expressions."""

import json
import re
import textwrap
from collections.abc import Iterator

from lockstep_codegen.model import Notes
from lockstep_codegen.type_model import (
    Boolean,
    Constant,
    Enumeration,
    Integer,
    ListOf,
    MapOf,
    Number,
    Opaque,
    OpaqueName,
    Reference,
    Text,
    TextOrList,
    Type,
)

IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
WIDTH = 116
SCALARS = {Text: "string", Integer: "number", Number: "number", Boolean: "boolean"}
OPAQUE: dict[OpaqueName, str] = {"Json": "JsonValue", "JsonNotNull": "JsonNotNull", "JsonObject": "JsonObject"}


def quoted(value: object) -> str:
    """A literal that means the same in JSON and in TypeScript, and that no line separator can break."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def key(name: str) -> str:
    """The name of a member of a type or of an object literal."""
    return name if IDENTIFIER.fullmatch(name) else quoted(name)


def property_key(name: str) -> str:
    """The same for an object literal, where a plain `__proto__` would set the prototype."""
    return '["__proto__"]' if name == "__proto__" else key(name)


def camel(name: str) -> str:
    """`tool_call_started` -> `toolCallStarted`."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def comment(notes: Notes, indent: str = "") -> str:
    """A JSDoc comment: one line when it fits."""
    lines = [line for text in _said(notes) for line in textwrap.wrap(text, WIDTH - len(indent), break_long_words=False)]
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */"
    return "\n".join([f"{indent}/**", *(f"{indent} * {line}" for line in lines), f"{indent} */"])


def _said(notes: Notes) -> Iterator[str]:
    yield " ".join(notes.description.replace("*/", "*\\/").split())
    if notes.deprecated:
        yield f"@deprecated Use `{notes.replaced_by}`." if notes.replaced_by else "@deprecated"


def type_expression(type: Type) -> str:
    """A type as TypeScript writes it."""
    match type:
        case Text() | Integer() | Number() | Boolean():
            return SCALARS[type.__class__]
        case Constant(value):
            return quoted(value)
        case Enumeration(values):
            return " | ".join(map(quoted, values))
        case ListOf(item):
            written = type_expression(item)
            return f"readonly ({written})[]" if " | " in written else f"readonly {written}[]"
        case MapOf(value):
            return f"{{ readonly [name: string]: {type_expression(value)} }}"
        case TextOrList(_, items):
            return f"string | {type_expression(items)}"
        case Opaque(kind):
            return OPAQUE[kind]
        case Reference(name):
            return name
