"""What every event has, whatever the contract; and an event of which nothing else is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Timed(Protocol):
    """Something with a moment."""

    @property
    def timestamp(self) -> str:
        """UTC to the millisecond: `2026-11-23T10:00:00.000Z`."""
        ...


class Event(Timed, Protocol):
    """Any event of any contract; an `UnknownEvent` too."""

    @property
    def event_id(self) -> str:
        """A UUIDv7; publishing the same twice is publishing once."""
        ...

    @property
    def session_id(self) -> str:
        """The session that the event belongs to."""
        ...

    @property
    def type(self) -> str:
        """The name of its kind: `tool_call_started`."""
        ...


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """An event of a type that this version of the contract does not know, kept as it came."""

    document: Mapping[str, Any]
    """Every member, as parsed."""

    @property
    def event_id(self) -> str:
        return str(self.document["event_id"])

    @property
    def session_id(self) -> str:
        return str(self.document["session_id"])

    @property
    def timestamp(self) -> str:
        return str(self.document["timestamp"])

    @property
    def time(self) -> datetime:
        """`timestamp` as an aware datetime."""
        return datetime.fromisoformat(self.timestamp)

    @property
    def type(self) -> str:
        return str(self.document["type"])

    @property
    def payload(self) -> Mapping[str, Any]:
        """What happened; any object."""
        payload: Mapping[str, Any] = self.document["payload"]
        return payload
