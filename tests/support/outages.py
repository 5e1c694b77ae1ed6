"""Publishers in memory that fail as they are told, for what must get along with any of them."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from lockstep_events import Event, Receipt


class Down(Exception):
    """What a bus raises that cannot be reached."""

    retryable = True


class Bus:
    """Stores events once, in order; fails as it is told, before or after it stored them."""

    def __init__(self, moods: Sequence[str] = ()) -> None:
        self.events: list[Event] = []
        self._known: set[str] = set()
        self._moods = iter(moods)
        self.calls = 0
        self.loops: set[object] = set()

    async def publish(self, event: Event, /) -> Receipt:
        return (await self.publish_many([event]))[0]

    async def publish_many(self, events: Sequence[Event]) -> list[Receipt]:
        self.calls += 1
        self.loops.add(asyncio.get_running_loop())
        mood = next(self._moods, "up")
        if mood == "down":
            raise Down
        await asyncio.sleep(0)
        kept = events[: len(events) // 2] if mood == "half" else events
        for event in kept:
            if event.event_id not in self._known:
                self._known.add(event.event_id)
                self.events.append(event)
        if mood in ("half", "lost answer"):
            raise Down
        return [Receipt(event.event_id, "e.1", False) for event in events]

    @property
    def texts(self) -> dict[str, str]:
        """What the viewer of each message reads."""
        told: dict[str, str] = defaultdict(str)
        for event in self.payloads("agent_message_delta"):
            told[event.message_id] += event.delta
        return dict(told)

    def payloads(self, type: str) -> list[Any]:
        found: list[Any] = [event for event in self.events if event.type == type]
        return [event.payload for event in found]


class SyncBus(Bus):
    """The same without coroutines."""

    publish_many = None  # type: ignore[assignment]  # it has none

    def publish(self, event: Event, /) -> Receipt:  # type: ignore[override]  # a SyncPublisher
        self.events.append(event)
        return Receipt(event.event_id, "e.1", False)


class Handing(Bus):
    """A publisher whose method is no coroutine function and yet must be awaited."""

    publish_many = None  # type: ignore[assignment]  # it has none

    def publish(self, event: Event, /) -> Any:
        return Bus.publish_many(self, [event])
