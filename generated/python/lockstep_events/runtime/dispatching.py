"""What a dispatcher hands its events to, in the order in which they happen."""

from .event import Event
from .publisher import BUSY, OUTBOXES, Publisher, Receipt, SyncPublisher
from .stamp import STAMP, Stamp

PATIENCE = 2.0
"""Seconds that an event waits for those before it that an outbox keeps, when the bus is away."""


class Dispatching:
    """For coroutines."""

    def __init__(self, publisher: Publisher, *, stamp: Stamp = STAMP) -> None:
        self._publisher = publisher
        self._stamp = stamp

    @property
    def publisher(self) -> Publisher:
        """Takes the events."""
        return self._publisher

    async def _publish(self, event: Event) -> Receipt:
        # Nearly always nothing waits anywhere: that is asked first, because looking up costs more.
        if BUSY and (outbox := OUTBOXES.get(id(self._publisher))) and outbox.pending:
            await outbox.flush(PATIENCE)
        return await self._publisher.publish(event)


class SyncDispatching:
    """For code without an event loop."""

    def __init__(self, publisher: SyncPublisher, *, stamp: Stamp = STAMP) -> None:
        self._publisher = publisher
        self._stamp = stamp
        # An outbox keeps the order itself: it has none before it that could still hold events.
        self._is_outbox = hasattr(publisher, "pending")

    @property
    def publisher(self) -> SyncPublisher:
        """Takes the events."""
        return self._publisher

    def _publish(self, event: Event) -> Receipt:
        if BUSY and not self._is_outbox and (outbox := OUTBOXES.get(id(self._publisher))) and outbox.pending:
            outbox.flush_sync(PATIENCE)
        return self._publisher.publish(event)
