"""Every open stream of one router: one clock for all their heartbeats and timeouts, and the way they all end."""

import asyncio
from collections.abc import Iterable
from typing import Final

from lockstep_server import drain
from lockstep_server.viewer import Stage, Viewer

_TICK_SECONDS: Final = 1.0


class Audience:
    """The viewers of this process. Nothing here belongs to an event loop for longer than there are viewers."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._viewers: set[Viewer] = set()
        self._beats: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.draining = False
        """True from the moment the process is asked to stop."""

    def __len__(self) -> int:
        return len(self._viewers)

    def add(self, viewer: Viewer) -> None:
        """Take in a viewer; while draining only to show it out."""
        if not self._viewers:
            self._loop = asyncio.get_running_loop()
            drain.listen(self)
            self._schedule()
        self._viewers.add(viewer)
        self._stage.metrics.streams_open.inc()
        if self.draining:
            viewer.end("shutdown")

    def remove(self, viewer: Viewer) -> None:
        """Forget a viewer, however its stream ended."""
        self._viewers.discard(viewer)
        self._stage.metrics.streams_open.dec()
        self._stage.metrics.streams.labels(viewer.ending or "completed").inc()
        if not self._viewers and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def open(self) -> None:
        """Begin to serve, perhaps once more in the same process."""
        self.draining = False

    def drain(self) -> None:
        """End every stream; cut those whose viewers have not read all of it after the time for that."""
        self.draining = True
        told = tuple(self._viewers)
        for viewer in told:
            viewer.end("shutdown")
        if told:
            self._cut_later(self._stage.settings.drain_seconds, told)

    def drain_soon(self) -> None:
        """The same from a signal handler, between any two instructions of the loop."""
        self.draining = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.drain)

    def _cut_later(self, seconds: float, told: Iterable[Viewer]) -> None:
        asyncio.get_running_loop().call_later(seconds, self._cut, told)

    def _cut(self, told: Iterable[Viewer]) -> None:
        """Drop what is left of streams that were told to end: also of those that have, because their last bytes may be
        in a buffer that nobody reads, and the server would wait for that."""
        late = {viewer for viewer in told if viewer in self._viewers and viewer.sending_since is None}
        for viewer in told:
            if viewer not in late:
                viewer.cut()
        if late:  # nothing holds them up but a busy process
            self._cut_later(_TICK_SECONDS, late)

    def _schedule(self) -> None:
        tick = min(_TICK_SECONDS, self._stage.settings.stream_heartbeat_seconds / 2)
        self._timer = asyncio.get_running_loop().call_later(tick, self._tick)

    def _tick(self) -> None:
        settings = self._stage.settings
        now = asyncio.get_running_loop().time()
        for viewer in tuple(self._viewers):
            if viewer.sending_since is not None:
                if now - viewer.sending_since > settings.stream_send_timeout_seconds:
                    viewer.cut()
                    viewer.end("slow_consumer")
            elif viewer.skipped is not None or now - viewer.wrote >= settings.stream_heartbeat_seconds:
                beat = viewer.beat()
                if beat is not None:
                    self._beats.add(beat)
                    beat.add_done_callback(self._beats.discard)
        self._schedule()
