"""Compares the strings of two places: patterns and lengths, decided exactly where the patterns are portable."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lockstep_codegen.evolution.automaton import Language, UndecidedError, escape
from lockstep_codegen.evolution.change import Pair, Recipe
from lockstep_codegen.evolution.document import canonical
from lockstep_codegen.evolution.rule import Category, Direction, Risk
from lockstep_codegen.patterns import PatternError

if TYPE_CHECKING:
    from lockstep_codegen.evolution.walk import Walk


def compare_strings(walk: "Walk", pair: Pair, old: Language, new: Language) -> None:
    """Report the pattern when it differs, else every length that moved."""
    if old.pattern != new.pattern:
        _pattern(walk, pair, old, new)
        return
    if old.low != new.low:
        tightened, detail = new.low > old.low, f"minLength {old.low} became {new.low}"
        _length(walk, pair, old, new, tightened, detail, replace(new if tightened else old, high=None))
    if old.high != new.high:
        tightened = old.high is None or (new.high is not None and new.high < old.high)
        detail = f"maxLength {_said(old.high)} became {_said(new.high)}"
        _length(walk, pair, old, new, tightened, detail, replace(new if tightened else old, low=0))


def _pattern(walk: "Walk", pair: Pair, old: Language, new: Language) -> None:
    rule = "PATTERN_CHANGED" if old.pattern and new.pattern else "PATTERN_REMOVED" if old.pattern else "PATTERN_ADDED"
    risks: list[Risk] = []
    recipes: dict[Direction, Recipe] = {}
    for direction, writer, reader in ((Direction.BACKWARD, old, new), (Direction.FORWARD, new, old)):
        escapes, recipe = _escapes(writer, reader)
        if escapes:
            risks += _both(direction)
            recipes[direction] = recipe
    detail = f"pattern {_said(old.pattern)} became {_said(new.pattern)}"
    detail += "" if risks else ", which accepts the same strings"
    backward, forward = recipes.get(Direction.BACKWARD), recipes.get(Direction.FORWARD)
    walk.report(rule, pair, detail, backward=backward, forward=forward, risks=risks)


def _length(
    walk: "Walk", pair: Pair, old: Language, new: Language, tightened: bool, detail: str, reader: Language
) -> None:
    escapes, recipe = _escapes(old if tightened else new, reader)
    direction = Direction.BACKWARD if tightened else Direction.FORWARD
    risks = _both(direction) if escapes else []
    if tightened:
        walk.report("BOUND_TIGHTENED", pair, detail, backward=recipe, risks=risks)
    else:
        walk.report("BOUND_RELAXED", pair, detail, forward=recipe, risks=risks)


def _escapes(writer: Language, reader: Language) -> tuple[bool, Recipe]:
    """Whether the writer has strings that the reader lacks, and the shortest one; what is undecided may have some."""
    try:
        found = escape(writer, reader)
    except (UndecidedError, PatternError):
        return True, lambda _: iter(())

    def make(_: object) -> Iterator[str]:
        if found is not None:
            yield found

    return found is not None, make


def _both(direction: Direction) -> list[Risk]:
    return [(Category.WIRE_STRICT, direction), (Category.WIRE_TOLERANT, direction)]


def _said(value: object) -> str:
    return "none" if value is None else canonical(value)
