"""What stands in a place of the contract: strings, numbers, lists, maps, and references to what has a name."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

OpaqueName = Literal["Json", "JsonNotNull", "JsonObject"]
OPAQUE: tuple[OpaqueName, ...] = ("Json", "JsonNotNull", "JsonObject")
SAFE_INTEGER = 2**53 - 1
"""The largest integer that a JavaScript number holds exactly."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string. Lengths count code points; `pattern` is searched for, as JSON Schema says."""

    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number, `3.0` included; the bounds are inclusive."""

    minimum: int = -SAFE_INTEGER
    maximum: int = SAFE_INTEGER


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number; the bounds are inclusive."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Exactly this value."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Enumeration:
    """One of these strings, in the schema's order."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array."""

    item: "Type"
    min_items: int = 0
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with any member names, whose values are all of one type."""

    value: "Type"


@dataclass(frozen=True, slots=True)
class TextOrList:
    """The one union without a tag: a string, or an array."""

    text: Text
    items: ListOf


@dataclass(frozen=True, slots=True)
class Opaque:
    """JSON that nobody looks into: any value, any value but null, or any object."""

    kind: OpaqueName


@dataclass(frozen=True, slots=True)
class Reference:
    """One of `Contract.definitions` by name; never one of the opaque three."""

    name: str


Type: TypeAlias = (
    Text | Integer | Number | Boolean | Constant | Enumeration | ListOf | MapOf | TextOrList | Opaque | Reference
)
