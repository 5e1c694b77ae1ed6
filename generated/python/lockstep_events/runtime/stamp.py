"""Identity and time of a new event: the one place that asks the clock and the random generator."""

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

RANDOM_BITS = 62
COUNTER_BITS = 12
VERSION_AND_VARIANT = 0x7 << 76 | 0b10 << 62


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Stamp:
    """Makes UUIDv7s that only grow within a process (RFC 9562, 6.2 method 2), and timestamps of the wire's form."""

    def __init__(self, clock: Callable[[], int] = now) -> None:
        """`clock` gives milliseconds since 1970."""
        self._clock = clock
        self._lock = threading.Lock()
        self._last = (0, 0)  # milliseconds, and the 74 random bits behind them
        self._second = (-1, "")  # the last second that was formatted
        if hasattr(os, "register_at_fork"):  # a forked child must not go on where its parent does
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._last = (0, 0)

    def event_id(self) -> str:
        """A UUIDv7 in lower case, greater than every one before it, even when the clock was set back."""
        with self._lock:
            moment, tail = self._last
            present = self._clock()
            if present > moment:
                # One bit stays free, so that a millisecond has room for 2^73 more.
                moment, tail = present, int.from_bytes(os.urandom(10), "big") & ((1 << 73) - 1)
            else:
                tail += 1
            self._last = (moment, tail)
        counter, random = tail >> RANDOM_BITS, tail & ((1 << RANDOM_BITS) - 1)
        digits = f"{moment << 80 | VERSION_AND_VARIANT | counter << 64 | random:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def timestamp(self) -> str:
        """Now, in UTC with milliseconds: `2026-11-23T10:00:00.000Z`, what JavaScript's toISOString prints."""
        second, millisecond = divmod(self._clock(), 1000)
        known, text = self._second
        if second != known:
            text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
            self._second = (second, text)
        return f"{text}.{millisecond:03}Z"


STAMP = Stamp()
"""The process's own."""
