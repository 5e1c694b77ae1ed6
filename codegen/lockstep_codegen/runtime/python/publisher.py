"""Whoever takes events: the bus, an HTTP client, a recording in a test."""

from typing import TYPE_CHECKING, NamedTuple, Protocol
from weakref import WeakValueDictionary

from .event import Event

if TYPE_CHECKING:
    from .outbox import Outbox


class Receipt(NamedTuple):
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


OUTBOXES: "WeakValueDictionary[int, Outbox]" = WeakValueDictionary()
"""The outbox of each publisher that has one, by the publisher's `id`."""
BUSY: "set[Outbox]" = set()
"""Those with events that are not stored: nobody else may have a reference left."""


def outboxes_to(publisher: object) -> "list[Outbox]":
    """Every outbox that sends to a publisher, be it through one that only looks on: whoever closes it flushes them."""
    return [outbox for outbox in list(OUTBOXES.values()) if outbox.publisher is publisher]
