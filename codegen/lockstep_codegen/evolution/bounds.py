"""Compares the bounds of two places: of numbers, and of the number of an array's items."""

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from lockstep_codegen.evolution.change import Pair, Recipe
from lockstep_codegen.evolution.document import Spot
from lockstep_codegen.evolution.rule import Direction
from lockstep_codegen.evolution.shape import Range, Shape
from lockstep_codegen.instances import Instances

if TYPE_CHECKING:
    from lockstep_codegen.evolution.walk import Walk

MOST_ITEMS = 10_000  # made for a witness; a longer array is left to review
End = Literal["low", "high"]
NUMBER_KEYWORDS: tuple[tuple[End, str], ...] = (("low", "minimum"), ("high", "maximum"))
LENGTH_KEYWORDS: tuple[tuple[End, str], ...] = (("low", "minItems"), ("high", "maxItems"))


def compare_numbers(walk: "Walk", pair: Pair, old: Range, new: Range) -> None:
    """Report every end of a number's range that moved."""
    for end, keyword in NUMBER_KEYWORDS:
        if moved := _moved(old, new, end):
            direction, edges = moved
            _report(walk, pair, keyword, old, new, end, direction, _just(edges))


def compare_lengths(walk: "Walk", pair: Pair, old: Shape, new: Shape) -> None:
    """Report `minItems` and `maxItems` that moved."""
    for end, keyword in LENGTH_KEYWORDS:
        if moved := _moved(old.lengths, new.lengths, end):
            direction, edges = moved
            writer = old if direction is Direction.BACKWARD else new
            counts = [int(edge) for edge in edges if 0 <= edge <= MOST_ITEMS]
            _report(walk, pair, keyword, old.lengths, new.lengths, end, direction, _arrays(writer.items, counts))


def edge(side: Range, end: End) -> float:
    """An end as a number; an open end is infinite."""
    if end == "low":
        return -math.inf if side.low is None else side.low
    return math.inf if side.high is None else side.high


def _moved(old: Range, new: Range, end: End) -> tuple[Direction, list[float]] | None:
    """Who is at risk from an end that moved, and values at and just beyond the edge of the stricter side."""
    before, after = edge(old, end), edge(new, end)
    if before == after:
        return None
    tightened = (after > before) is (end == "low")
    loose, strict = (before, after) if tightened else (after, before)
    beyond = strict - 1 if end == "low" else strict + 1
    values = [loose, beyond, (loose + strict) / 2]
    return (Direction.BACKWARD if tightened else Direction.FORWARD), [v for v in values if math.isfinite(v)]


def _report(
    walk: "Walk", pair: Pair, keyword: str, old: Range, new: Range, end: End, direction: Direction, recipe: Recipe
) -> None:
    before, after = ("none" if math.isinf(edge(side, end)) else f"{edge(side, end):g}" for side in (old, new))
    detail = f"{keyword} {before} became {after}"
    if direction is Direction.BACKWARD:
        walk.report("BOUND_TIGHTENED", pair, detail, backward=recipe)
    else:
        walk.report("BOUND_RELAXED", pair, detail, forward=recipe)


def _just(values: Iterable[float]) -> Recipe:
    whole = [int(value) if float(value).is_integer() else value for value in values]
    return lambda _: iter(whole)


def _arrays(item: Spot, counts: list[int]) -> Recipe:
    def make(instances: Instances) -> Iterator[Any]:
        for count in counts:
            yield [instances.value(item.node)] * count

    return make
