"""Whoever takes events: the bus, an HTTP client, a recording in a test."""

from dataclasses import dataclass
from typing import Protocol

from .event import Event


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a published event went."""

    event_id: str
    cursor: str
    """The event's place in its session: `<epoch>.<offset>`."""
    duplicate: bool
    """The event had been published before; nothing was added."""


class Publisher(Protocol):
    """Publishes from a coroutine."""

    async def publish(self, event: Event, /) -> Receipt:
        """Hand `event` over; answers once it is kept."""
        ...


class SyncPublisher(Protocol):
    """Publishes from ordinary code."""

    def publish(self, event: Event, /) -> Receipt:
        """Hand `event` over; answers once it is kept."""
        ...
