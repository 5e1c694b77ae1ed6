"""One session as this process watches it: the readers that share its messages."""

import asyncio

from lockstep_bus.feed import Feed
from lockstep_bus.subscription import Reader
from lockstep_bus.wire import Arrival


class Channel:
    """The readers of one session. A message is decoded once and handed to all of them."""

    def __init__(self, name: bytes, meta: bytes) -> None:
        self.name = name
        self.meta = meta
        self.readers: set[Reader] = set()
        self.feed: Feed | None = None
        self.ready = asyncio.Event()
        """Set while the server has acknowledged the subscription on the present connection."""
        self._acknowledged = False

    def acknowledge(self) -> bool:
        """The server watches the channel from this moment on; True when messages may have been missed before it."""
        again, self._acknowledged = self._acknowledged, True
        self.ready.set()
        if again:
            self.resync()
        return again

    def deliver(self, arrival: Arrival | None) -> None:
        """Hand one message to every reader; None is a message that says only that the log has changed."""
        if arrival is None:
            self.resync()
            return
        for reader in self.readers:
            reader.offer(arrival)

    def resync(self) -> None:
        """Let every reader compare itself with the log."""
        for reader in self.readers:
            reader.resync()

    def compare(self, epoch: str, offset: int) -> None:
        """Let those readers look into the log whose last event is not the session's newest."""
        for reader in self.readers:
            if reader.tail != (epoch, offset):
                reader.resync()
