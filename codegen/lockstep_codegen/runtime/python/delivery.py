"""Who empties an outbox: a task on the program's own event loop, or a thread that lives as long as there is work."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context
from inspect import isawaitable
from typing import Any, Protocol

from .event import Event

GATHER_SECONDS = 0.003
"""A task waits so long before it sends: the tokens of a fast model leave together, and cost their agent less."""
IDLE_SECONDS = 1.0
"""A thread waits so long for more before it ends: connections of its loop end with it."""
LAST_SECONDS = 1.0
"""A cancelled task goes on for so long while the bus answers: `asyncio.run` cancels what is left at its end."""


class Work(Protocol):
    """What a delivery does, in the outbox's words."""

    publisher: Any
    awaits: bool
    """Whether what the publisher returns must be awaited."""

    def next(self, delivery: object, /) -> list[Event]:
        """What to send now; nothing when there is none, or when another delivery has taken over."""
        ...

    def stored(self, delivery: object, count: int, /) -> None: ...

    def failed(self, delivery: object, error: Exception, /) -> float:
        """What to do about it: seconds to wait before the next attempt."""
        ...

    def ends(self, delivery: object, /) -> bool:
        """Whether the delivery may end: not when more came in the meantime."""
        ...

    def abandoned(self, delivery: object, /) -> None:
        """The delivery cannot go on; somebody else must."""
        ...


class LoopDelivery:
    """A task on a running event loop. Made in any thread."""

    def __init__(self, work: Work, loop: asyncio.AbstractEventLoop) -> None:
        self._work = work
        self.loop = loop
        self._task: asyncio.Task[None] | None = None
        self._gathered: asyncio.Future[None] | None = None
        self._hurries = False

    @property
    def alive(self) -> bool:
        """Whether it will go on by itself."""
        return self.loop.is_running() and (self._task is None or not self._task.done())

    def start(self, *, here: bool) -> None:
        """`here` in the loop's own thread. Raises RuntimeError when the loop is closed."""
        if here:
            self._begin()
        else:
            self.loop.call_soon_threadsafe(self._begin, context=Context())

    def poke(self) -> None:
        """It looks for more by itself."""

    def hurry(self) -> None:
        """Somebody waits."""
        self._hurries = True
        if self._gathered is not None and not self._gathered.done():
            with suppress(RuntimeError):  # the loop has closed
                self.loop.call_soon_threadsafe(_resolve, self._gathered)

    def _begin(self) -> None:
        # In a context of its own: what the program's current task has set there is not about publishing.
        self._task = self.loop.create_task(self._run(), name="lockstep outbox", context=Context())

    async def _run(self) -> None:
        try:
            while not self._work.ends(self):
                await self._gather()
                if pause := await send(self._work, self):
                    await asyncio.sleep(pause)
        except asyncio.CancelledError:
            try:
                async with asyncio.timeout(LAST_SECONDS):
                    await drain(self._work, self, patient=False)
            except TimeoutError:
                pass  # the thread goes on where this ended
            finally:
                self._work.abandoned(self)
            raise

    async def _gather(self) -> None:
        if not self._hurries:
            self._gathered = self.loop.create_future()
            timer = self.loop.call_later(GATHER_SECONDS, _resolve, self._gathered)
            if not self._hurries:  # for it was asked between
                await self._gathered
            timer.cancel()


def _resolve(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


class ThreadDelivery:
    """A daemon thread: with an event loop of its own for a publisher that needs one."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._more = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lockstep outbox", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether it will go on by itself."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Raises RuntimeError when the interpreter is about to end."""
        self._thread.start()

    def poke(self) -> None:
        """There is more."""
        self._more.set()

    def hurry(self) -> None:
        """It does not wait."""

    def _run(self) -> None:
        if not self._work.awaits and self._stay(lambda: drain_directly(self._work, self)):
            return
        with asyncio.Runner() as runner:
            self._stay(lambda: runner.run(drain(self._work, self)))

    def _stay(self, drain: Callable[[], bool]) -> bool:
        """Drain again and again until nothing came for a while; False when this way of draining does not do."""
        while True:
            self._more.clear()
            if not drain():
                return False
            if not self._more.wait(IDLE_SECONDS) and self._work.ends(self):
                return True


class LastDelivery:
    """The end of the process, in its main thread."""

    alive = False

    def __init__(self, work: Work) -> None:
        self._work = work

    def poke(self) -> None:
        """It looks for more by itself."""

    def hurry(self) -> None:
        """It does not wait."""

    def run(self, seconds: float) -> None:
        """Send until nothing is left, at most for so long."""
        asyncio.run(self._run(seconds))

    async def _run(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await drain(self._work, self)


async def drain(work: Work, delivery: object, *, patient: bool = True) -> bool:
    """Send until nothing waits; if not `patient`, until the first failure."""
    while (pause := await send(work, delivery)) is not None:
        if pause and not patient:
            return False
        if pause:
            await asyncio.sleep(pause)
    return True


async def send(work: Work, delivery: object) -> float | None:
    """Send what is next; seconds to wait before going on, or None when nothing was left."""
    events = work.next(delivery)
    if not events:
        return None
    many = getattr(work.publisher, "publish_many", None)
    count = len(events) if many is not None else 1
    try:
        if many is not None and count > 1:
            await many(events)
        else:
            receipt: Any = work.publisher.publish(events[0])
            if isawaitable(receipt):
                await receipt
    except Exception as error:
        return work.failed(delivery, error)
    work.stored(delivery, count)
    return 0.0


def drain_directly(work: Work, delivery: object) -> bool:
    """The same for a publisher whose calls return when the event is stored; False when they must be awaited."""
    while events := work.next(delivery):
        try:
            receipt: Any = work.publisher.publish(events[0])
        except Exception as error:
            time.sleep(work.failed(delivery, error))
            continue
        if isawaitable(receipt):  # a plain method that hands on a coroutine; the event is sent again, by `drain`
            work.awaits = True
            if isinstance(receipt, Coroutine):
                receipt.close()
            return False
        work.stored(delivery, 1)
    return True
