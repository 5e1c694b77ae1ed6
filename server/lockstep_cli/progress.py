"""How far a long read is, on a terminal's standard error; silent for short ones and for pipes."""

import sys
import time
from types import TracebackType
from typing import Final, Self

LARGE: Final = 8 * 1024 * 1024
"""Bytes; less than this is read before anybody looks."""
EVERY: Final = 0.2
"""Seconds between two lines."""
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """`  34 %  12,000 lines`, written over itself."""

    def __init__(self, size: int) -> None:
        """`size` in bytes; 0 when nobody knows, and then only lines are counted."""
        self._size = size
        self._done = 0
        self._lines = 0
        self._next = time.monotonic() + EVERY
        self._shown = False
        self._wanted = sys.stderr.isatty() and (size == 0 or size >= LARGE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def step(self, count: int) -> None:
        """One more line, of `count` bytes."""
        self._done += count
        self._lines += 1
        if self._wanted and time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            self._shown = True
            share = f"{min(100, 100 * self._done // self._size):3} %  " if self._size else ""
            print(f"{_CLEAR}  {share}{self._lines:,} lines", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Make room for a line of output."""
        if self._shown:
            self._shown = False
            print(_CLEAR, end="", file=sys.stderr, flush=True)
