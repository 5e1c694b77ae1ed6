"""One viewer of one session: every event once and in order, from the channel or, where that fails, the log."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Literal, Protocol, Self

from lockstep_bus.cursor import Cursor
from lockstep_bus.errors import BusClosedError, BusUnavailableError
from lockstep_bus.frame import Frame
from lockstep_bus.gap import Gap, Opening
from lockstep_bus.log import Log, Page
from lockstep_bus.wire import Arrival

Start = Literal["earliest", "now"]
_LONGEST_PAUSE = 1.0


class Reader(Protocol):
    """What a channel hands its messages to. Neither call may wait: one reader must never hold up another."""

    @property
    def tail(self) -> tuple[str, int]: ...
    def offer(self, arrival: Arrival, /) -> None: ...
    def resync(self) -> None: ...
    def close(self) -> None: ...


class Attachment(Protocol):
    """Where a subscription gets its messages; provided by the hub."""

    async def attach(self, reader: Reader, /) -> None: ...
    def detach(self, reader: Reader, /) -> None: ...


class Subscription:
    """Use as `async with bus.subscribe(...) as subscription`, then iterate; each item is everything that waited.

    The order of work is what makes it lossless: the channel is subscribed and acknowledged first, the log is read
    second, and what the channel brought meanwhile is merged by its contiguous offsets.
    """

    def __init__(
        self, log: Log, attachment: Attachment, *, after: Cursor | None, start: Start, queue_bytes: int
    ) -> None:
        self._log = log
        self._attachment = attachment
        self._after = after
        self._start: Start = start
        self._queue_bytes = queue_bytes
        # No deque and no Event: thousands of subscriptions sit idle, and these two alone would take 1.5 kB of each.
        self._queue: list[Arrival] = []
        self._queued = 0
        self._behind = False
        self._sleeping: asyncio.Future[None] | None = None
        self._closed = False
        self._position = Cursor("", 0)
        self._first: list[Frame | Gap] = []
        self._opening: Opening | None = None
        self.refills = 0
        """How often the queue overflowed or had a hole, and was refilled from the log."""

    @property
    def opening(self) -> Opening:
        """Where delivery starts. Its gap, if any, is told here and not again by iteration."""
        if self._opening is None:
            raise BusClosedError("the subscription is not open: use 'async with bus.subscribe(...) as subscription'")
        return self._opening

    async def __aenter__(self) -> Self:
        """Subscribe, wait for the acknowledgement, and read the log.

        Raises:
            BusUnavailableError: Redis did not answer in time.
        """
        try:
            await self._attachment.attach(self)
            page = await self._log.read(self._after, start=self._start, create=True)
        except BaseException:
            self.close()
            raise
        self._position = page.before
        self._opening = Opening(
            str(page.before),
            recovered=self._after is not None and page.gap is None,
            gap=page.gap,
            earliest=page.earliest,
            latest=str(page.latest),
        )
        self._first = self._advance(page, announced=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the subscription; iteration stops after what is being delivered. Safe to call twice."""
        if not self._closed:
            self._closed = True
            self._attachment.detach(self)
            self._rouse()

    def __aiter__(self) -> AsyncIterator[list[Frame | Gap]]:
        return self

    async def __anext__(self) -> list[Frame | Gap]:
        """Everything that waits now, in order; waits for the next event when nothing does."""
        items, self._first = self._first, []
        while not items and not self._closed:
            if self._behind:
                items = await self._refill()
            elif self._queue:
                items = self._merge()
            else:
                self._sleeping = asyncio.get_running_loop().create_future()
                await self._sleeping
        if not items:
            raise StopAsyncIteration
        return items

    @property
    def tail(self) -> tuple[str, int]:
        """The last event that is delivered or queued."""
        if self._queue:
            return self._queue[-1].epoch, self._queue[-1].offset
        return self._position.epoch, self._position.offset

    def offer(self, arrival: Arrival, /) -> None:
        """Queue one message; over the limit the whole queue goes, since the log has it all."""
        if self._behind:
            return  # the coming read of the log starts later than this and includes it
        self._queue.append(arrival)
        self._queued += len(arrival.frame.block)
        if self._queued > self._queue_bytes:
            self._fall_behind()
        self._rouse()

    def resync(self) -> None:
        """Compare with the log: something may have been missed."""
        self._behind = True
        self._rouse()

    def _rouse(self) -> None:
        if self._sleeping is not None and not self._sleeping.done():
            self._sleeping.set_result(None)

    def _fall_behind(self) -> None:
        self._queue.clear()
        self._queued = 0
        self._behind = True
        self.refills += 1

    def _merge(self) -> list[Frame | Gap]:
        """Take what continues the position, drop what is there already, and stop at a hole."""
        items: list[Frame | Gap] = []
        epoch, offset = self._position.epoch, self._position.offset
        for arrival in self._queue:
            if arrival.epoch == epoch and arrival.offset == offset + 1:
                items.append(arrival.frame)
                offset += 1
            elif arrival.epoch != epoch or arrival.offset > offset:
                # A hole, or another epoch. Whatever is queued is older than the read that follows, and in it.
                self._fall_behind()
                break
        self._queue.clear()
        self._queued = 0
        self._position = Cursor(epoch, offset)
        return items

    async def _refill(self) -> list[Frame | Gap]:
        """Read one page of the log, however long the server stays away."""
        pause = 0.05
        while not self._closed:
            self._behind = False
            self._queue.clear()
            self._queued = 0
            try:
                page = await self._log.read(self._position, create=True)
            except BusUnavailableError:
                self._behind = True
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except BaseException:
                self._behind = True  # a cancelled read must not count as done
                raise
            else:
                return self._advance(page, announced=False)
        return []

    def _advance(self, page: Page, *, announced: bool) -> list[Frame | Gap]:
        items: list[Frame | Gap] = [] if page.gap is None or announced else [page.gap]
        items.extend(arrival.frame for arrival in page.arrivals)
        self._position = page.after
        if page.after.offset < page.latest.offset:
            self._behind = True
        return items
