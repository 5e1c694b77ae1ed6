"""Publishers for tests: they keep what is published, and say readably what they did not get."""

from collections.abc import Sequence
from typing import Any, TypeVar

from .event import Event
from .publisher import Receipt

EventT = TypeVar("EventT")


class Recording:
    """The events that were published, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    @property
    def types(self) -> list[str]:
        """The types of the events, in order."""
        return [event.type for event in self.events]

    def of(self, kind: type[EventT]) -> list[EventT]:
        """The events of one class, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    def clear(self) -> None:
        """Forget everything."""
        self.events.clear()

    def assert_types(self, types: Sequence[str]) -> None:
        """Raises AssertionError unless exactly these types were published, in this order."""
        if self.types != list(types):
            raise AssertionError(f"expected {', '.join(types) or 'nothing'}; published:\n{self._listing()}")

    def assert_published(self, kind: type[EventT], **expected: Any) -> EventT:
        """The first event of a class with these values in payload or envelope. Raises AssertionError when none has."""
        for event in self.of(kind):
            if all(_value(event, name) == value for name, value in expected.items()):
                return event
        wanted = ", ".join(f"{name}={value!r}" for name, value in expected.items())
        raise AssertionError(f"no {kind.__name__}({wanted}) was published; published:\n{self._listing()}")

    def publish_now(self, event: Event, /) -> Receipt:
        """Keep `event`, whoever asks: an `Outbox` has it here at once, not a moment later."""
        duplicate = any(event.event_id == earlier.event_id for earlier in self.events)
        if not duplicate:
            self.events.append(event)
        return Receipt(event.event_id, f"recording.{len(self.events)}", duplicate)

    def _listing(self) -> str:
        return "\n".join(f"  {place}. {event!r}" for place, event in enumerate(self.events, 1)) or "  nothing"


class RecordingPublisher(Recording):
    """Takes the place of a bus behind an `EventDispatcher`."""

    async def publish(self, event: Event, /) -> Receipt:
        """Keep `event`."""
        return self.publish_now(event)


class SyncRecordingPublisher(Recording):
    """Takes the place of a bus behind a `SyncEventDispatcher`."""

    def publish(self, event: Event, /) -> Receipt:
        """Keep `event`."""
        return self.publish_now(event)


def _value(event: Any, name: str) -> Any:
    return getattr(event.payload, name) if hasattr(event.payload, name) else getattr(event, name, None)
