"""Identity and time of a new event: the one place that asks the clock and the random generator."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

MILLISECOND = 1_000_000
TAIL = (1 << 47) - 1
"""Random bits of a UUID's last group; the highest of its 48 stays free to count into."""

DRAWN = 64
"""Random numbers that are kept for the milliseconds to come."""


class Stamp:
    """Makes UUIDv7s that only grow within a process (RFC 9562, 6.2 method 2), and timestamps of the wire's form.

    Both are made from the digits that change: a stream of tokens asks for hundreds of them in a millisecond.
    """

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        """`clock` gives nanoseconds since 1970."""
        self._clock = clock
        self._forget()
        # The last second and the last millisecond of which the text was made.
        self._second, self._told = (-1, ""), (-1, "")
        if hasattr(os, "register_at_fork"):  # a forked child must not go on where its parent does
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._bits = _draw()
        # The last millisecond, the digits that its identities share, and their numbers.
        self._series: tuple[int, str, Iterator[int]] = (-1, "", count())

    def event_id(self) -> str:
        """A UUIDv7 in lower case, greater than every one before it, even when the clock was set back."""
        moment = self._clock() // MILLISECOND
        known, head, tails = self._series
        if moment > known:
            head, tails = self._begin(moment)
        return f"{head}{next(tails):012x}"

    def _begin(self, moment: int) -> tuple[str, Iterator[int]]:
        with self._lock:
            known, head, tails = self._series
            if moment > known:  # and no other thread was here first
                bits = next(self._bits)
                digits, counter, variant = f"{moment:012x}", bits >> 68, 0x8000 | bits >> 48 & 0x3FFF
                head, tails = f"{digits[:8]}-{digits[8:]}-7{counter:03x}-{variant:04x}-", count(bits & TAIL)
                self._series = (moment, head, tails)
            return head, tails

    def timestamp(self) -> str:
        """Now, in UTC with milliseconds: `2026-11-23T10:00:00.000Z`, what JavaScript's toISOString prints."""
        moment = self._clock() // MILLISECOND
        told, text = self._told
        if moment != told:
            text = self._tell(moment)
            self._told = (moment, text)
        return text

    def _tell(self, moment: int) -> str:
        second, millisecond = divmod(moment, 1000)
        told, text = self._second
        if second != told:
            text = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}"
            self._second = (second, text)
        return f"{text}.{millisecond:03}Z"


def _draw() -> Iterator[int]:
    """Random numbers of 80 bits. The system is asked for many at once: each question takes as long as an event."""
    while True:
        drawn = os.urandom(10 * DRAWN)
        for start in range(0, len(drawn), 10):
            yield int.from_bytes(drawn[start : start + 10], "big")


STAMP = Stamp()
"""The process's own."""
