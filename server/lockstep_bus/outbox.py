"""Events on their way to one primary: concurrent publishes leave together, in order, one batch at a time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from lockstep_events.runtime import Receipt

from lockstep_bus.cursor import new_epoch
from lockstep_bus.errors import BusClosedError
from lockstep_bus.keys import SessionKeys
from lockstep_bus.link import Command, Link, LinkError, Reply, ReplyError
from lockstep_bus.node import Node
from lockstep_bus.scripts import script
from lockstep_bus.settings import BusSettings
from lockstep_bus.topology import Topology
from lockstep_bus.verdict import prepare_retry, refusal, unavailable

_BATCH_EVENTS = 256
_BATCH_BYTES = 1_000_000
_LONGEST_PAUSE = 0.25


@dataclass(frozen=True, slots=True)
class Letter:
    """One encoded event with its address."""

    session_id: str
    keys: SessionKeys
    event_id: str
    block: bytes


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter on its way and the promise of its receipt."""

    letter: Letter
    receipt: "asyncio.Future[Receipt]"
    deadline: float


class Outbox:
    """The queue to one primary. One batch is under way at a time, so a retry can never overtake what follows it."""

    def __init__(self, node: Node, topology: Topology, settings: BusSettings, address: str) -> None:
        self._node = node
        self._topology = topology
        self._settings = settings
        self._address = address
        self._waiting: deque[Parcel] = deque()
        self._under_way: list[Parcel] = []
        self._sender: asyncio.Task[None] | None = None
        self.reroute: Callable[[Sequence[Parcel]], Awaitable[None]] | None = None
        """Given when events may belong to another primary by now; it puts them into the right outbox."""

    def put(self, parcel: Parcel) -> None:
        """Queue one event; it leaves in the next batch."""
        self._waiting.append(parcel)
        self._start()

    def close(self) -> None:
        """Send nothing more; what waits fails."""
        if self._sender is not None:
            self._sender.cancel()
        _reject([*self._under_way, *self._waiting], BusClosedError("the bus was closed before the event was stored"))
        self._waiting.clear()

    def _start(self) -> None:
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send_all(), name="lockstep outbox")

    async def _send_all(self) -> None:
        pause = 0.0
        while self._waiting:
            self._under_way = self._take()
            left, cause = await self._send(self._under_way)
            if not left:
                pause = 0.0
                continue
            self._waiting.extendleft(reversed(left))
            self._expire(cause)
            pause = min(max(0.01, pause * 2), _LONGEST_PAUSE)
            await asyncio.sleep(pause)
            if self.reroute is not None:
                waiting, self._waiting = list(self._waiting), deque()
                await self.reroute(waiting)

    def _take(self) -> list[Parcel]:
        batch: list[Parcel] = []
        size = 0
        while self._waiting and len(batch) < _BATCH_EVENTS and size < _BATCH_BYTES:
            parcel = self._waiting.popleft()
            if not parcel.receipt.done():  # its caller may have been cancelled
                batch.append(parcel)
                size += len(parcel.letter.block)
        return batch

    async def _send(self, batch: list[Parcel]) -> tuple[list[Parcel], Exception | None]:
        """Publish a batch; returns what has to be tried again, and why."""
        by_session: dict[bytes, list[Parcel]] = {}
        for parcel in batch:
            by_session.setdefault(parcel.letter.keys.channel, []).append(parcel)
        if not by_session:
            return [], None
        try:
            link = await self._node.link()
            replies = await link.execute([self._command(parcels, link) for parcels in by_session.values()])
            return await self._settle(list(by_session.values()), replies, link)
        except LinkError as error:
            await self._topology.refresh()
            return [parcel for parcel in batch if not parcel.receipt.done()], error
        except Exception as error:  # whatever it is, the callers must hear of it
            _reject(batch, error)
            return [], None

    async def _settle(
        self, groups: list[list[Parcel]], replies: list[Reply], link: Link
    ) -> tuple[list[Parcel], Exception | None]:
        left: list[Parcel] = []
        cause: ReplyError | None = None
        for parcels, reply in zip(groups, replies, strict=True):
            if not isinstance(reply, ReplyError):
                _accept(parcels, reply)
            elif error := refusal(reply):
                _reject(parcels, error)
            else:
                left += parcels
                cause = reply
        if cause is not None:
            await prepare_retry(cause, self._node, link, self._topology)
        return left, cause

    def _expire(self, cause: Exception | None) -> None:
        now = asyncio.get_running_loop().time()
        late = [parcel for parcel in self._waiting if parcel.deadline <= now]
        if late:
            _reject(late, unavailable(self._address, self._settings.publish_timeout_seconds, cause))
            self._waiting = deque(parcel for parcel in self._waiting if parcel.deadline > now)

    def _command(self, parcels: list[Parcel], link: Link) -> Command:
        """One script call for all events of a session: they are stored together, so their order cannot break."""
        settings, keys = self._settings, parcels[0].letter.keys
        return (
            *(b"EVALSHA", script("publish").sha, 4, keys.log, keys.meta, keys.ids, keys.former_ids),
            *(link.identity, new_epoch(), keys.channel, b"SPUBLISH" if self._topology.sharded else b"PUBLISH"),
            *(settings.retention_events, int(settings.retention_megabytes * 1_000_000)),
            *(int(settings.retention_hours * 3600) or 1, settings.remembered_events),
            *(part for parcel in parcels for part in (parcel.letter.event_id, parcel.letter.block)),
        )


def _accept(parcels: list[Parcel], reply: Reply) -> None:
    for number, parcel in enumerate(parcels):
        if not parcel.receipt.done():
            cursor, known = reply[2 * number], reply[2 * number + 1]
            parcel.receipt.set_result(Receipt(parcel.letter.event_id, cursor.decode(), known == 1))


def _reject(parcels: list[Parcel], error: Exception) -> None:
    for parcel in parcels:
        if not parcel.receipt.done():
            parcel.receipt.set_exception(error)
