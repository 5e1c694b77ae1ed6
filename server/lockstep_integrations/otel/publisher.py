"""Publishers that let a recorder see every event on the way to another."""

from lockstep_events.runtime import Event, Publisher, Receipt, SyncPublisher

from lockstep_integrations.otel.recorder import Recorder


class Traced:
    """What both forms share. An outbox observes an event when it is made, and publishes it later to what is behind."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def observe(self, event: Event) -> Event:
        """Record an event without publishing it; answers what is to be published, with its `traceparent`."""
        return self._recorder.observe(event)

    def finish(self) -> None:
        """End every span that is still open, as at the end of the process."""
        self._recorder.finish()


class TracedPublisher(Traced):
    """Publishes from a coroutine."""

    def __init__(self, behind: Publisher, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.behind = behind
        """Who takes the events."""

    async def publish(self, event: Event, /) -> Receipt:
        """Record and publish. Raises what the publisher behind raises."""
        return await self.behind.publish(self._recorder.observe(event))


class SyncTracedPublisher(Traced):
    """Publishes from ordinary code."""

    def __init__(self, behind: SyncPublisher, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.behind = behind
        """Who takes the events."""

    def publish(self, event: Event, /) -> Receipt:
        """Record and publish. Raises what the publisher behind raises."""
        return self.behind.publish(self._recorder.observe(event))
