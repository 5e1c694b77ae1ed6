"""What a file of events amounts to, counted in constant memory."""

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lockstep_events.runtime import Verdict

MOST_NAMES: Final = 1000
"""A hostile file has another name on every line; what comes after this many is counted together."""
OTHERS: Final = "(others)"
SHOWN: Final = 5
_INDEX: Final = re.compile(r"/[0-9]+(?=/|$)")


class Tally:
    """Counts of verdicts, of unknown types and of unknown members."""

    def __init__(self) -> None:
        self.events = 0
        self.known = 0
        self.unknown = 0
        self.invalid = 0
        self.types: Counter[str] = Counter()
        self.members: Counter[str] = Counter()

    def add(self, verdict: "Verdict | None") -> None:
        """Count one line; no verdict is a line that nobody read."""
        self.events += 1
        if verdict is None or verdict.verdict == "invalid":
            self.invalid += 1
        elif verdict.verdict == "unknown":
            self.unknown += 1
            _count(self.types, verdict.event.type if verdict.event else OTHERS)
        else:
            self.known += 1
            for pointer in verdict.ignored:
                _count(self.members, _INDEX.sub("/*", pointer))

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        counts = {"events": self.events, "known": self.known, "unknown": self.unknown, "invalid": self.invalid}
        return {**counts, "unknown_types": dict(self.types), "unknown_members": dict(self.members)}

    def __str__(self) -> str:
        parts = [f"{self.known:,} known"]
        if self.unknown:
            parts.append(f"{self.unknown:,} of unknown types ({_most(self.types)})")
        if self.members:
            parts.append(f"{self.members.total():,} unknown members ({_most(self.members)})")
        return f"{self.events:,} event{'' if self.events == 1 else 's'}: {', '.join(parts)}, {self.invalid:,} invalid"


def _count(counter: Counter[str], name: str) -> None:
    counter[name if name in counter or len(counter) < MOST_NAMES else OTHERS] += 1


def _most(counter: Counter[str]) -> str:
    listed = ", ".join(f"{name} {count:,}" for name, count in counter.most_common(SHOWN))
    return f"{listed}, …" if len(counter) > SHOWN else listed
