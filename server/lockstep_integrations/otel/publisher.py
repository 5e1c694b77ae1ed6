"""A publisher that lets a recorder see every event, in its publisher's own context, on the way to another."""

from collections.abc import Awaitable
from typing import Any

from lockstep_events.runtime import Event, Publisher, Receipt, SyncPublisher

from lockstep_integrations.otel.recorder import Recorder


class TracedPublisher:
    """Publishes as the publisher behind it does: from a coroutine, or from ordinary code."""

    def __init__(self, behind: Publisher | SyncPublisher, recorder: Recorder) -> None:
        self.behind = behind
        """Who takes the events."""
        self._recorder = recorder

    def observe(self, event: Event) -> Event:
        """Record an event without publishing it; answers what is to be published, with its `traceparent`.

        For an outbox: it records when an event is made, and publishes later, from another context.
        """
        return self._recorder.observe(event)

    def publish(self, event: Event, /) -> Any:
        """Record and publish; an awaitable receipt where the publisher behind gives one. Raises what that raises."""
        receipt: Awaitable[Receipt] | Receipt = self.behind.publish(self._recorder.observe(event))
        return receipt

    def finish(self) -> None:
        """End every span that is still open, as at the end of the process."""
        self._recorder.finish()
