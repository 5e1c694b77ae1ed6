"""A contract with one kind of event, for tests that are about delivery and not about what is delivered."""

import itertools
import json
import os
import re
from dataclasses import dataclass, field

from lockstep_events.runtime import Contract, Event

_numbers = itertools.count(1)
_process = os.urandom(4).hex()


@dataclass(frozen=True)
class Note:
    """An event that carries a number."""

    session_id: str
    number: int = 0
    text: str = ""
    event_id: str = field(default_factory=lambda: f"note-{_process}-{next(_numbers)}")
    timestamp: str = "2026-01-01T00:00:00.000Z"
    type: str = "note"


class NoteContract(Contract):
    """As much of a contract as the bus uses."""

    def __init__(self) -> None:
        """Nothing of what a generated contract is made of: the bus asks for the codec alone."""

    def encode(self, event: Event) -> bytes:
        assert isinstance(event, Note)
        document = {"event_id": event.event_id, "session_id": event.session_id, "timestamp": event.timestamp}
        payload = {"number": event.number, "text": event.text}
        members = document | {"type": event.type, "payload": payload}
        return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def number_of(data: bytes) -> int:
    """The number in an encoded note."""
    match = re.search(rb'"number":(\d+)', data)
    assert match, data
    return int(match[1])
