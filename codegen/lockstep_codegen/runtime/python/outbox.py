"""Publishing that never waits and never fails: events are kept until the publisher behind has stored them, in order."""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from inspect import iscoroutinefunction
from typing import Any

from .backlog import LOST, Backlog
from .delivery import LastDelivery, LoopDelivery, ThreadDelivery
from .ending import watch_the_end
from .event import Event
from .publisher import BUSY, OUTBOXES, Publisher, Receipt, SyncPublisher

LOG = logging.getLogger(__name__)
LIMIT = 8 * 1024 * 1024
"""Bytes that may wait, about."""
MERGE_AFTER = 64
"""Events that may wait in a session before deltas merge: so many are a moment of a slow bus, more are an outage."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds between attempts."""
ATTEMPTS = 3
"""For an error of which nothing says whether trying again may help."""

_making = threading.Lock()
watch_the_end()


class Outbox:
    """A SyncPublisher over any publisher, for any thread and event loop: `publish` never blocks and never raises.

    On a running event loop a task of that loop sends; without one, a daemon thread. While the publisher fails, events
    wait and adjacent deltas merge; it is logged once. What does not fit is dropped whole, and said by an
    `error_occurred` with the code EVENTS_LOST in the place where it is missing.
    """

    def __init__(
        self,
        publisher: Publisher | SyncPublisher,
        *,
        limit: int = LIMIT,
        merge_after: int = MERGE_AFTER,
        shortest_pause: float = SHORTEST_PAUSE,
    ) -> None:
        """Use `Outbox.of`: two outboxes of one publisher keep no order between them."""
        # Whoever observes events on their way must do so in their maker's context, and once, not when they are sent.
        self._observe: Callable[[Event], Event] | None = getattr(publisher, "observe", None)
        self.publisher: Publisher | SyncPublisher = getattr(publisher, "behind", publisher)
        self.awaits: bool = iscoroutinefunction(self.publisher.publish)
        self._now: Any = getattr(self.publisher, "publish_now", None)
        self._lock = threading.RLock()
        self._backlog = Backlog(self._announcement, limit, merge_after)
        self._shortest_pause = shortest_pause
        self._pause = 0.0
        self._attempts = 0
        self._ailing = False
        self._delivery: LoopDelivery | ThreadDelivery | LastDelivery | None = None
        self._home: asyncio.AbstractEventLoop | None = None
        self._flushes: list[Future[bool]] = []

    @classmethod
    def of(cls, publisher: Publisher | SyncPublisher) -> "Outbox":
        """The one outbox of a publisher, so that order holds among all who use it."""
        if isinstance(publisher, Outbox):
            return publisher
        with _making:
            known = OUTBOXES.get(id(publisher))  # an outbox keeps its publisher, so that the number stays its own
            if known is None:
                known = OUTBOXES[id(publisher)] = cls(publisher)
            return known

    @property
    def pending(self) -> bool:
        """Whether something is not stored yet."""
        return bool(self._backlog)

    def publish(self, event: Event, /) -> Receipt:
        """Keep an event until it is stored. The receipt has no cursor yet."""
        try:
            if self._observe is not None:
                event = self._observe(event)
            if self._now is not None:
                return self._publish_now(event)
            with self._lock:
                self._backlog.put(event)
                BUSY.add(self)
                self._wake()
        except Exception as error:
            self._warn("an event could not be kept: %s", error)
        return Receipt(event.event_id, "", False)

    async def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything is stored, at most so long; whether it is. It does not raise when time is up."""
        waiting = self._flush()
        if waiting is None:
            return True
        try:
            return await asyncio.wait_for(asyncio.wrap_future(waiting), seconds)
        except TimeoutError:
            return False

    def flush_sync(self, seconds: float = 5.0) -> bool:
        """The same for code without an event loop. On the loop that delivers it cannot wait, and does not."""
        waiting = self._flush()
        if waiting is None:
            return True
        delivery = self._delivery
        if isinstance(delivery, LoopDelivery) and delivery.loop is _running_loop():
            return False
        try:
            return waiting.result(seconds)
        except TimeoutError:
            return False

    async def close(self) -> None:
        """Wait for what is not stored yet, and say what is given up. Others may go on using the outbox."""
        if not await self.flush():
            self._warn("%d events are not stored", len(self._backlog))

    # What deliveries call.

    def next(self, delivery: object, /) -> list[Event]:
        with self._lock:
            return self._backlog.next() if self._delivery is delivery else []

    def stored(self, delivery: object, count: int, /) -> None:
        with self._lock:
            if self._delivery is not delivery:
                return  # its loop stood still, and another has sent the same
            self._backlog.stored(count)
            self._attempts, self._pause = 0, 0.0
            if self._ailing:
                self._ailing = False
                LOG.info("events are stored again; %d wait", len(self._backlog))
            self._settle()

    def failed(self, delivery: object, error: Exception, /) -> float:
        with self._lock:
            if self._delivery is not delivery:
                return 0.0
            self._attempts += 1
            hopeful = _may_help(error)
            if hopeful is None:
                hopeful = self._attempts < ATTEMPTS
            if not hopeful:
                self._attempts = 0
                if self._backlog.refused():
                    self._warn("an event was refused and is lost: %s", error)
                self._settle()
                return 0.0
            self._warn("events cannot be stored and wait: %s", error)
            self._pause = min(max(self._pause * 2, self._shortest_pause), LONGEST_PAUSE)
            return self._pause

    def ends(self, delivery: object, /) -> bool:
        with self._lock:
            if self._delivery is delivery and self._backlog:
                return False
            if self._delivery is delivery:
                self._delivery = None
            return True

    def abandoned(self, delivery: object, /) -> None:
        with self._lock:
            if self._delivery is delivery:
                self._delivery = self._home = None
                if self._backlog:
                    self._start_thread()

    def finish(self, seconds: float) -> bool:
        """Store what is left from here, at the end of the process, when threads may not start any more."""
        with self._lock:
            if self._delivery is not None and self._delivery.alive:
                last = None
            else:
                self._delivery = last = LastDelivery(self)
        if last is None:
            return self.flush_sync(seconds)
        last.run(seconds)
        return not self.pending

    def _publish_now(self, event: Event) -> Receipt:
        with self._lock:
            receipt: Receipt = self._now(event)
            return receipt

    def _flush(self) -> "Future[bool] | None":
        with self._lock:
            if not self._backlog:
                return None
            waiting: Future[bool] = Future()
            self._flushes.append(waiting)
            self._wake()
            if self._delivery is not None:
                self._delivery.hurry()
            return waiting

    def _settle(self) -> None:
        if not self._backlog:
            BUSY.discard(self)
            for waiting in self._flushes:
                if not waiting.done():
                    waiting.set_result(True)
            self._flushes.clear()

    def _wake(self) -> None:
        """Have somebody deliver: the loop that was used before if it runs, the running one, or a thread."""
        delivery = self._delivery
        if delivery is not None and delivery.alive:
            delivery.poke()
            return
        here = _running_loop()
        loop = self._home if self._home is not None and self._home.is_running() else here
        if loop is None or not self.awaits:
            self._start_thread()
            return
        self._home = loop
        self._delivery = delivery = LoopDelivery(self, loop)
        delivery.start(here=loop is here)

    def _start_thread(self) -> None:
        self._delivery = delivery = ThreadDelivery(self)
        delivery.start()

    def _warn(self, text: str, value: object) -> None:
        """Once for each time of trouble."""
        if not self._ailing:
            self._ailing = True
            LOG.warning(text, value)

    def _announcement(self, session_id: str, lost: Counter[str]) -> Event | None:
        """The event that says what is missing, in the publisher's contract or else this package's."""
        contract: Any = getattr(self.publisher, "contract", None)
        if contract is None:
            contract = import_module(f"{__name__.rsplit('.', 2)[0]}.contract").CONTRACT
        if "error_occurred" not in contract.event_types:
            return None
        types = ", ".join(f"{count} {type}" for type, count in sorted(lost.items()))
        text = f"{lost.total()} events are missing here, because the bus could not take them: {types}"
        details = {"events": lost.total(), "types": dict(lost)}
        payload = {"message": text, "code": LOST, "details": details}
        event: Event = contract.make("error_occurred", session_id, payload)
        return event

    def forked(self) -> None:
        """In the child: its parent delivers what is there, and threads and tasks stayed with the parent."""
        self._lock = threading.RLock()
        self._delivery = self._home = None
        self._backlog.clear()
        self._flushes.clear()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _may_help(error: BaseException) -> bool | None:
    """Whether trying again may help: as the error says, or yes when the network is behind it, or unknown."""
    said = getattr(error, "retryable", None)
    if isinstance(said, bool):
        return said
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            return True
        cause = cause.__cause__ or cause.__context__
    return None
