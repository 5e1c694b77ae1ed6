"""Events as short lines, for what a failed test says."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, TypeAlias

from .event import Event

WIDTH = 110
SHOWN = 3
"""So many of the same type stand one below another; of more, the first and the last."""
Row: TypeAlias = tuple[str, str, str]
"""Mark, type, and the line."""


def listed(events: Sequence[Event]) -> str:
    """Every event by its place, type and payload."""
    return _joined((" ", event.type, _line(place, event)) for place, event in enumerate(events, 1))


def compared(expected: Sequence[str], events: Sequence[Event]) -> str:
    """The events beside the types that were expected: `-` is missing, `+` is too much."""
    types = [event.type for event in events]
    rows: list[Row] = []
    for tag, begin, end, first, last in SequenceMatcher(None, expected, types, autojunk=False).get_opcodes():
        if tag != "equal":
            rows += [("-", type, type) for type in expected[begin:end]]
        mark = " " if tag == "equal" else "+"
        rows += [(mark, types[place], _line(place + 1, events[place])) for place in range(first, last)]
    return _joined(rows)


def _line(place: int, event: Event) -> str:
    payload: Any = getattr(event, "payload", None)
    line = " ".join(f"{place}. {event.type} {payload}".split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"


def _joined(rows: Iterable[Row]) -> str:
    return "\n".join(_short(rows)) or "    nothing"


def _short(rows: Iterable[Row]) -> Iterator[str]:
    for (mark, type), group in groupby(rows, lambda row: row[:2]):
        lines = [f"  {mark} {line}" for _, _, line in group]
        if len(lines) <= SHOWN:
            yield from lines
        else:
            yield from (lines[0], f"  {mark} … {len(lines) - 2} more {type} …", lines[-1])
