"""The words of a fault. The TypeScript runtime says the same ones: change both or neither."""

import json
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from .wire import SAFE, is_array, is_object

QUOTED = 40  # characters: long enough to recognise a value, short enough for one line
LISTED = 8
LONGEST_NAME = 100


def quote(value: Any) -> str:
    """A value as compact JSON, cut to 40 characters."""
    text = json.dumps(_as_javascript(value), ensure_ascii=False, separators=(",", ":"))
    return f"{text[:QUOTED]}…" if len(text) > QUOTED else text


def _as_javascript(value: Any) -> Any:
    """Numbers as JavaScript prints them: 3.0 is 3, and what is not finite is null."""
    if is_object(value):
        return {name: _as_javascript(member) for name, member in value.items()}
    if is_array(value):
        return [_as_javascript(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if isinstance(value, float) and not isfinite(value):
        return None
    if abs(value) >= 1e21:
        return float(value)
    return int(value) if value == int(value) else value


def choices(values: Sequence[Any]) -> str:
    """`one of "a", "b"`; a single choice is just itself."""
    listed = ", ".join(map(quote, values[:LISTED]))
    if len(values) == 1:
        return listed
    return f"one of {listed}" + (f", … ({len(values)} in all)" if len(values) > LISTED else "")


def sized(noun: str, unit: str, least: int, most: int | None) -> str:
    """`a string of 1 to 64 characters`: a noun with the bounds of its length."""

    def units(count: int) -> str:
        return f"{count} {unit}{'' if count == 1 else 's'}"

    if most is not None:
        return f"{noun} of {f'{least} to' if least > 0 else 'at most'} {units(most)}"
    return f"{noun} of at least {units(least)}" if least > 0 else noun


def bounded(noun: str, least: float | None, most: float | None) -> str:
    """`an integer from 0 to 2^53-1`: a noun with the bounds of its value."""
    if least is not None:
        return f"{noun} " + (f"of at least {limit(least)}" if most is None else f"from {limit(least)} to {limit(most)}")
    return noun if most is None else f"{noun} of at most {limit(most)}"


def limit(bound: float) -> str:
    """A bound as people know it."""
    if abs(bound) == SAFE:
        return "2^53-1" if bound > 0 else "-(2^53-1)"
    return quote(bound)


def suggestion(given: Any, names: Iterable[Any]) -> str:
    """`; did you mean "tool_name"?`, or nothing when no name is near."""
    if not isinstance(given, str) or len(given) > LONGEST_NAME:
        return ""
    wanted = _bare(given)
    nearest, least = None, max(1, len(wanted) // 3) + 1
    for name in names:
        if isinstance(name, str) and abs(len(_bare(name)) - len(wanted)) < least:
            distance = _edits(wanted, _bare(name))
            if distance < least:
                nearest, least = name, distance
    return "" if nearest is None else f"; did you mean {quote(nearest)}?"


def _bare(name: str) -> str:
    """`toolCallId`, `tool-call-id` and `tool_call_id` are the same name in different clothes."""
    return name.lower().replace("_", "").replace("-", "")


def _edits(before: str, after: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours (optimal string alignment)."""
    earlier: list[int] = []
    above = list(range(len(after) + 1))
    for line, mine in enumerate(before, 1):
        row = [line]
        for column, theirs in enumerate(after, 1):
            best = min(above[column - 1] + (mine != theirs), above[column] + 1, row[column - 1] + 1)
            if line > 1 and column > 1 and mine == after[column - 2] and before[line - 2] == theirs:
                best = min(best, earlier[column - 2] + 1)
            row.append(best)
        earlier, above = above, row
    return above[-1]
