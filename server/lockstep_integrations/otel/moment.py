"""One event as the recorder reads it: where it belongs, and when it happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeGuard

from lockstep_events.runtime import UnknownEvent

Place: TypeAlias = tuple[str, str | None, str | None]
"""Session, run, subagent run."""
Key: TypeAlias = tuple[str, str, str | None, str]
"""Kind of span, session, run, and an id within the run."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What every kind of event has."""

    event: Any
    place: Place
    agent: str | None
    step_id: str | None
    """The step that the event says it is in: adapters whose steps are parallel put it into the metadata."""
    time: int
    """Nanoseconds since 1970, by the event."""

    @classmethod
    def of(cls, event: Any) -> "Moment":
        envelope = event.document if isinstance(event, UnknownEvent) else event
        place = (event.session_id, member(envelope, "run_id"), member(envelope, "subagent_run_id"))
        step_id = member(member(envelope, "metadata"), "step_id")
        told = step_id if isinstance(step_id, str) else None
        return cls(event, place, member(envelope, "agent"), told, nanoseconds(event.timestamp))

    @property
    def payload(self) -> Any:
        return self.event.payload

    def key(self, kind: str, id: str) -> Key:
        """The name of a span of this event's run."""
        return (kind, self.place[0], self.place[1], id)

    def value(self, name: str) -> Any:
        """A field of the payload, None when it is not there."""
        return member(self.event.payload, name)


def member(place: Any, name: str) -> Any:
    """A field of an object or a member of a mapping, None when it is not there."""
    return place.get(name) if is_mapping(place) else getattr(place, name, None)


def is_mapping(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)  # asking for a Mapping takes ten times as long


def is_array(value: Any) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (list, tuple))


def nanoseconds(timestamp: str) -> int:
    """Nanoseconds since 1970 of a timestamp in the wire's form; milliseconds are exact."""
    return round(datetime.fromisoformat(timestamp).timestamp() * 1000) * 1_000_000
