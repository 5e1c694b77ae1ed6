"""One difference between two versions, before anybody has proved that it breaks something."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from lockstep_codegen.evolution.document import Spot
from lockstep_codegen.evolution.rule import Direction, Risk, Rule
from lockstep_codegen.instances import Instances


class Step(NamedTuple):
    """One step from an event towards the place of a change: through a union, a member, an item or a map's value."""

    kind: Literal["tag", "member", "item", "value"]
    name: str = ""


Route = tuple[Step, ...]
Recipe = Callable[[Instances], Iterator[Any]]
"""Values to try at the place, made with the writer's schema; each is expected to be refused by the reader."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The same place in both versions: what is compared, how an event leads there, and where to point at."""

    old: Spot
    new: Spot
    route: Route
    old_at: str
    new_at: str


@dataclass(frozen=True, slots=True)
class Signature:
    """How the generated code changes: a line of Python and one of TypeScript, before and after."""

    python: tuple[str, str]
    typescript: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that applies at a place; `risks` says who may be broken, `recipes` how to show it."""

    rule: Rule
    subject: str
    """The place as people say it: `ToolCallResultPayload.status`."""
    detail: str
    old_at: str
    new_at: str
    """JSON Pointers to show; the nearest one that exists is."""
    route: Route
    risks: frozenset[Risk]
    recipes: Mapping[Direction, Recipe]
    signature: Signature | None = None
