"""Publishers for tests: they keep what is published, and say readably what they did not get."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from .event import Event
from .listing import compared, listed
from .publisher import Receipt

EventT = TypeVar("EventT")
NEAREST = 5
"""So many events of the class are told when none has the values that were expected."""


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
            difference = compared(types, self.events)
            raise AssertionError(f"other events were published (- is missing, + is not expected):\n{difference}")

    def assert_types_in_any_order(self, types: Sequence[str]) -> None:
        """Raises AssertionError unless exactly these types were published, each as often, in whatever order."""
        missing, extra = Counter(types) - Counter(self.types), Counter(self.types) - Counter(types)
        if missing or extra:
            words = [f"missing: {_counted(missing)}"] if missing else []
            words += [f"not expected: {_counted(extra)}"] if extra else []
            raise AssertionError(f"{'; '.join(words)}; published:\n{listed(self.events)}")

    def assert_in_order(self, types: Sequence[str]) -> None:
        """Raises AssertionError unless these types were published in this order; others may stand between them."""
        place = 0
        for number, type in enumerate(types):
            try:
                place = self.types.index(type, place) + 1
            except ValueError:
                after = f"after {types[number - 1]} (place {place}) no" if number else "no"
                raise AssertionError(f"{after} {type} was published; published:\n{listed(self.events)}") from None

    def assert_published(self, kind: type[EventT], **expected: Any) -> EventT:
        """The first event of a class with these values in payload or envelope. Raises AssertionError when none has."""
        for event in self._matching(kind, expected):
            return event
        raise AssertionError(f"no {_wanted(kind, expected)} was published; {self._nearest(kind, expected)}")

    def assert_not_published(self, kind: type[Any], **values: Any) -> None:
        """Raises AssertionError when an event of a class with these values in payload or envelope was published."""
        if next(self._matching(kind, values), None) is not None:
            raise AssertionError(f"{_wanted(kind, values)} was published:\n{listed(self.events)}")

    def publish_now(self, event: Event, /) -> Receipt:
        """Keep `event`, whoever asks: an `Outbox` has it here at once, not a moment later."""
        duplicate = any(event.event_id == earlier.event_id for earlier in self.events)
        if not duplicate:
            self.events.append(event)
        return Receipt(event.event_id, f"recording.{len(self.events)}", duplicate)

    def _matching(self, kind: type[EventT], values: Mapping[str, Any]) -> Iterator[EventT]:
        return (event for event in self.of(kind) if not _differences(event, values))

    def _nearest(self, kind: type[Any], expected: Mapping[str, Any]) -> str:
        near = [(place, event) for place, event in enumerate(self.events, 1) if isinstance(event, kind)]
        if not near:
            return f"published:\n{listed(self.events)}"
        lines = [f"    {place}. {event.type}: {', '.join(_differences(event, expected))}" for place, event in near]
        return "published:\n" + "\n".join(lines[:NEAREST])


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


def _differences(event: Any, expected: Mapping[str, Any]) -> list[str]:
    found = {name: _value(event, name) for name in expected}
    return [f"{name} is {found[name]!r}, not {value!r}" for name, value in expected.items() if found[name] != value]


def _value(event: Any, name: str) -> Any:
    return getattr(event.payload, name) if hasattr(event.payload, name) else getattr(event, name, None)


def _wanted(kind: type[Any], values: Mapping[str, Any]) -> str:
    return f"{kind.__name__}({', '.join(f'{name}={value!r}' for name, value in values.items())})"


def _counted(types: Counter[str]) -> str:
    return ", ".join(type if count == 1 else f"{count} {type}" for type, count in types.items())
