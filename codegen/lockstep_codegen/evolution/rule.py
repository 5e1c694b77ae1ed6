"""A rule: one kind of change, whom it breaks, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """Who is broken, from the laxest reader to the strictest: each includes the ones before it."""

    WIRE_TOLERANT = "wire-tolerant"
    """Even a reader that drops unknown members and keeps unknown types apart: the default of `parse_event`."""
    WIRE_STRICT = "wire-strict"
    """A reader that holds events to the schema."""
    SOURCE = "source"
    """Code written against the generated names: it no longer type-checks."""


class Direction(StrEnum):
    """Which of the two versions reads."""

    BACKWARD = "backward"
    """A new reader meets an old log."""
    FORWARD = "forward"
    """An old reader meets a new writer: agents are usually upgraded first."""


class Kind(StrEnum):
    """What a finding of the rule means for the verdict."""

    WIRE = "wire"
    """It breaks whom a witness shows to be broken."""
    REVIEW = "review"
    """It cannot be decided: it fails until a person approves."""
    POLICY = "policy"
    """It goes against how contracts are evolved here, whoever reads."""
    NOTE = "note"
    """Worth a line in the changelog."""


Risk = tuple[Category, Direction]
_DIRECTIONS = {"B": Direction.BACKWARD, "F": Direction.FORWARD}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. `strict` and `tolerant` name the directions at risk: B backward, F forward."""

    id: str
    summary: str
    fix: str
    strict: str = ""
    tolerant: str = ""
    source: str = ""
    """What code sees: `breaks`, `warns` (exhaustive matches want a new branch) or nothing."""
    kind: Kind = Kind.WIRE

    @property
    def risks(self) -> frozenset[Risk]:
        """Who may be broken; a witness decides."""
        sides = ((Category.WIRE_STRICT, self.strict), (Category.WIRE_TOLERANT, self.tolerant))
        return frozenset((category, _DIRECTIONS[letter]) for category, letters in sides for letter in letters)
