"""The golden events, and the pieces of an envelope."""

import json
from pathlib import Path
from typing import Any

from lockstep_events import AgentEvent, UnknownEvent, parse_event

ROOT = Path(__file__).parents[2]
GOLDEN = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "tests/golden/events").glob("*.json"))}
"""Name (`<type>.<n>`) to JSON text."""
DELTA: dict[str, Any] = {
    "event_id": "0199a000-0000-7000-8000-000000000001",
    "session_id": "abc",
    "timestamp": "2026-11-23T10:00:00.000Z",
    "type": "agent_message_delta",
    "payload": {"message_id": "m1", "delta": "Checking"},
}


def document(name: str) -> dict[str, Any]:
    """A golden event as parsed JSON."""
    members: dict[str, Any] = json.loads(GOLDEN[name])
    return members


def parsed(members: object, *, strict: bool = False) -> AgentEvent | UnknownEvent:
    """The event of a document."""
    return parse_event(json.dumps(members), strict=strict)
