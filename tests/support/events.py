"""A contract with one kind of event, for tests that are about delivery and not about what is delivered."""

import itertools
import json
import re
from dataclasses import dataclass, field

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Note:
    """An event that carries a number."""

    session_id: str
    number: int = 0
    text: str = ""
    event_id: str = field(default_factory=lambda: f"note-{next(_numbers)}-{id(object())}")
    timestamp: str = "2026-01-01T00:00:00.000Z"
    type: str = "note"


class NoteContract:
    """As much of a Contract as the bus uses."""

    def encode(self, event: Note) -> bytes:
        document = {"event_id": event.event_id, "session_id": event.session_id, "timestamp": event.timestamp}
        document |= {"type": event.type, "payload": {"number": event.number, "text": event.text}}
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def number_of(data: bytes) -> int:
    """The number in an encoded note."""
    match = re.search(rb'"number":(\d+)', data)
    assert match, data
    return int(match[1])
