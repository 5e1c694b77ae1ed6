"""Python as text: annotations, literals, docstrings, parameters."""

import json
import textwrap
from dataclasses import dataclass
from typing import TypeGuard

from lockstep_codegen.model import Alias, Contract, Definition, Field
from lockstep_codegen.type_model import (
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

WIDTH = 120
PLAIN = {Text: "str", Integer: "int", Number: "float", Boolean: "bool"}


def literal(value: object) -> str:
    """A JSON scalar as Python writes it, strings in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def annotation(type: Type, contract: Contract) -> str:
    """The type of a keyword. Named types keep their names, but for strings and numbers."""
    match type:
        case Constant(value):
            return f"Literal[{literal(value)}]"
        case Enumeration(values):
            return f"Literal[{', '.join(map(literal, values))}]"
        case ListOf(item):
            return f"list[{annotation(item, contract)}]"
        case MapOf(value):
            return f"dict[str, {annotation(value, contract)}]"
        case TextOrList(_, items):
            return f"str | {annotation(items, contract)}"
        case Opaque(kind):
            return kind
        case Reference(name):
            target = contract.definitions[name]
            return annotation(target.type, contract) if is_inlined(target) else name
        case _:
            return PLAIN[type.__class__]


def is_inlined(definition: Definition) -> TypeGuard[Alias]:
    """Whether models.py has no name for it: a string or a number is just that."""
    return isinstance(definition, Alias) and isinstance(definition.type, tuple(PLAIN))


def names_in(type: Type, contract: Contract) -> set[str]:
    """The names that an annotation needs: definitions and opaque types."""
    match type:
        case ListOf(item) | MapOf(item):
            return names_in(item, contract)
        case TextOrList(_, items):
            return names_in(items, contract)
        case Opaque(kind):
            return {kind}
        case Reference(name):
            return set() if is_inlined(contract.definitions[name]) else {name}
        case Constant(_) | Enumeration(_):
            return {"Literal"}
        case _:
            return set()


def docstring(text: str, indent: int = 4) -> str:
    """The text between the quotes, wrapped; backslashes and quotes are escaped."""
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    safe = f'{safe[:-1]}\\"' if safe.endswith('"') else safe
    lines = textwrap.wrap(safe, WIDTH - indent - 6) or [""]
    return f"\n{' ' * indent}".join(lines)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One keyword of a dispatcher's method."""

    field: Field
    type: str
    required: bool

    @property
    def name(self) -> str:
        return self.field.python

    @property
    def declared(self) -> str:
        """`run_id: Identifier | None = None`."""
        return f"{self.name}: {self.type}" if self.required else f"{self.name}: {self.type} | None = None"

    @property
    def documented(self) -> str:
        """Its line under `Args:`, wrapped."""
        lines = textwrap.wrap(f"{self.name}: {self.field.description}", WIDTH - 16)
        return "\n                ".join(line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in lines)
