"""Publishing from ordinary code: tools and agents that have no event loop of their own."""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from lockstep_events.runtime import Event, Receipt
from lockstep_events.runtime.publisher import outboxes_to

from lockstep_bus.bus import EventBus

T = TypeVar("T")


class SyncBusPublisher:
    """A SyncPublisher over a bus: `SyncEventDispatcher(SyncBusPublisher(connect()))`. Any thread may use it.

    Publishing happens on an event loop in a daemon thread, which starts with the first call and ends with `close()`.
    """

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def publish(self, event: Event, /) -> Receipt:
        """Publish one event; returns when it is stored. Raises as `EventBus.publish`."""
        return self._run(self._bus.publish(event))

    def close(self) -> None:
        """Store what an outbox still keeps, close the bus and end the thread."""
        for outbox in outboxes_to(self):
            outbox.flush_sync()
        with self._starting:
            loop, thread = self._loop, self._thread
            if loop is None or thread is None:
                return
            asyncio.run_coroutine_threadsafe(self._bus.close(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            self._loop = self._thread = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="lockstep publisher", daemon=True
                )
                self._thread.start()
            loop = self._loop
        return asyncio.run_coroutine_threadsafe(work, loop).result()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
