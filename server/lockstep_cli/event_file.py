"""A file of events, one a line: read in constant memory, each line judged, each fault given its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lockstep_events.runtime import Contract, Verdict

LONGEST_LINE: Final = 16 * 1024 * 1024
"""Bytes. No bus takes an event of this size, and a file without line breaks must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not empty."""

    number: int
    """From 1."""
    raw: bytes
    """Without its line break; cut when it is longer than LONGEST_LINE."""

    @property
    def is_cut(self) -> bool:
        return len(self.raw) > LONGEST_LINE


@dataclass(frozen=True, slots=True, order=True)
class Misfit:
    """One fault of one line."""

    line: int
    column: int
    """In characters, from 1: of the value that the pointer names, or of the nearest thing around it."""
    pointer: str
    code: str
    message: str


def lines(file: IO[bytes]) -> Iterator[Line]:
    """The lines that are not empty. Of one that is too long the rest is skipped."""
    number = 0
    while raw := file.readline(LONGEST_LINE + 2):
        number += 1
        whole = raw.endswith(b"\n")
        while raw and not whole:
            more = file.readline(LONGEST_LINE)
            whole = not more or more.endswith(b"\n")
        raw = raw.rstrip(b"\r\n")
        if raw.strip():
            yield Line(number, raw)


def judge(line: Line, contract: "Contract", *, strict: bool) -> "tuple[Verdict | None, list[Misfit]]":
    """What the contract makes of a line, and its faults with their places; no verdict for a line that is too long."""
    if line.is_cut:
        said = f"the line is longer than {LONGEST_LINE} bytes: is it one event a line?"
        return None, [Misfit(line.number, 1, "", "text", said)]
    verdict = contract.read(line.raw, strict=strict)
    if not verdict.faults:
        return verdict, []
    at = _columns(line.raw)
    found = [Misfit(line.number, at(each.pointer), each.pointer, each.code, each.message) for each in verdict.faults]
    return verdict, sorted(found)


class _Columns:
    """Where the values of a line begin, or where it stops being JSON."""

    def __init__(self, offsets: dict[str, int], start: int) -> None:
        self._offsets = offsets
        self._start = start

    def __call__(self, pointer: str) -> int:
        while pointer and pointer not in self._offsets:
            pointer = pointer.rpartition("/")[0]
        return 1 + (self._offsets.get(pointer, self._start) if pointer else self._start)


def _columns(raw: bytes) -> _Columns:
    from lockstep_codegen.errors import UnreadableError
    from lockstep_codegen.source import offsets

    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return _Columns({}, len(raw[: error.start].decode()))
    try:
        found = offsets(text)
    except UnreadableError:
        return _Columns({}, _stop(text))
    return _Columns(found, found[""])


def _stop(text: str) -> int:
    """Where a text stops being JSON; 0 when it is JSON, but more than anybody reads."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos
    except (ValueError, RecursionError):
        return 0
    return 0
