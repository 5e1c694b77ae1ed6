"""The event bus: publish events of a session, and receive every one of them, once and in order."""

import asyncio
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lockstep_events.runtime import Contract, Event, Receipt
from lockstep_events.runtime.publisher import outboxes_to

from lockstep_bus.address import Address, Endpoint, Login
from lockstep_bus.cluster import ClusterTopology
from lockstep_bus.contracts import ContractTable
from lockstep_bus.cursor import Cursor, new_epoch
from lockstep_bus.engine import Engine
from lockstep_bus.errors import BusClosedError, BusSettingsError, EventTooLargeError
from lockstep_bus.frame import encode_block
from lockstep_bus.history import HistoryPage, SessionInfo
from lockstep_bus.hub import Counters
from lockstep_bus.keys import Namespace
from lockstep_bus.link import Command, Link
from lockstep_bus.log import UnknownSessionPage
from lockstep_bus.outbox import Letter
from lockstep_bus.scripts import script
from lockstep_bus.settings import BusSettings, read_settings
from lockstep_bus.shelf import Shelf
from lockstep_bus.subscription import Start, Subscription
from lockstep_bus.topology import OnePrimary, Topology, direct, through_sentinels
from lockstep_bus.wire import VERSION

if TYPE_CHECKING:
    from lockstep_bus.embedded import EmbeddedServer


class EventBus:
    """A Publisher and a source of subscriptions over one Redis, Sentinel group, cluster, or the embedded Valkey.

    Making one does no I/O. It may be used from several event loops, at once or one after another: each has connections
    of its own, which end with the loop or with `close()`.
    """

    def __init__(self, contract: Contract | ContractTable, settings: BusSettings) -> None:
        self.contracts = contract if isinstance(contract, ContractTable) else ContractTable(contract)
        self.settings = settings
        self._address = Address.parse(settings.redis_url) if settings.redis_url else None
        self._embedded: EmbeddedServer | None = None
        self._namespace = Namespace(settings.namespace)
        self._engines: dict[asyncio.AbstractEventLoop, Engine] = {}
        self._closed = False

    @property
    def contract(self) -> Contract:
        """The contract of every session, but for those of which `contracts` says otherwise."""
        return self.contracts.default

    @property
    def location(self) -> str:
        """Where the events are: an address without credentials, or the folder of the embedded Valkey."""
        return str(self._address) if self._address else f"the embedded Valkey in {self.settings.data_dir}"

    @property
    def counters(self) -> Counters:
        """What this event loop's subscriptions have been through, for a metrics page."""
        return self._engine().hub.counters

    async def publish(self, event: Event, /) -> Receipt:
        """Store an event and deliver it to every viewer of its session; a repeated `event_id` is stored once.

        Events published one after another keep their order. Concurrent calls leave together, in the order of the calls.

        Raises:
            BusUnavailableError: Redis did not answer in time; publishing the same event again is safe.
            EventTooLargeError: the encoded event is larger than `max_event_bytes`.
        """
        return (await self._engine().publish([self._letter(event)]))[0]

    async def publish_many(self, events: Sequence[Event]) -> list[Receipt]:
        """Publish several events in order, in as few round trips as possible.

        Raises:
            BusUnavailableError: some may be stored and some not; publishing all of them again is safe.
            EventTooLargeError: an encoded event is larger than `max_event_bytes`; nothing was published.
        """
        return await self._engine().publish([self._letter(event) for event in events])

    async def broadcast(self, event: Event) -> None:
        """Send an event to whoever listens on the channel `broadcast` now: no log, no cursor, no second chance."""
        channel = self._namespace.broadcast
        message = b"%d -\n%s" % (VERSION, self._letter(event).block)
        await self._engine().call(channel, lambda _link: (b"PUBLISH", channel, message))

    def subscribe(self, session_id: str, *, after: str | None = None, start: Start = "earliest") -> Subscription:
        """Everything of a session after a cursor, or from the earliest kept event, or from now on.

        Use it as an async context manager; nothing happens before it is entered.

        Raises:
            CursorError, SessionIdError: at once, for a text that is not a cursor or a session id.
        """
        cursor = Cursor.parse(after) if after is not None else None
        engine, keys = self._engine(), self._namespace.session(session_id)
        queue_bytes = self.settings.reader_queue_kilobytes * 1024
        return Subscription(
            engine.log(keys), engine.attachment(keys), after=cursor, start=start, queue_bytes=queue_bytes
        )

    async def history(self, session_id: str, *, after: str | None = None, limit: int = 100) -> HistoryPage:
        """A page of what the log keeps, at most `limit` events and about 256 kB; an unknown session has an empty one.

        Raises:
            CursorError, SessionIdError: a text that is not a cursor or a session id.
            BusUnavailableError: Redis did not answer in time.
        """
        cursor = Cursor.parse(after) if after is not None else None
        try:
            page = await self._engine().log(self._namespace.session(session_id)).read(cursor, limit=max(1, limit))
        except UnknownSessionPage:
            return HistoryPage([], None, None, None)
        frames = [arrival.frame for arrival in page.arrivals]
        more = page.after.offset < page.latest.offset
        return HistoryPage(frames, str(page.after) if more else None, page.earliest, str(page.latest), page.gap)

    def shelf(self, session_id: str) -> Shelf:
        """Small values beside the log of a session, for whoever works on it. Raises SessionIdError."""
        return Shelf(self._namespace.session(session_id), self._engine().call)

    async def sessions(self, *, limit: int = 100) -> list[SessionInfo]:
        """The sessions with events, the most recently used first. Raises BusUnavailableError."""
        return await self._engine().registry.newest(limit)

    async def delete(self, session_id: str) -> bool:
        """Forget a session. Its viewers get a gap, old cursors become unknown, new events begin a new life.

        Returns False when there was nothing to forget. Raises BusUnavailableError.
        """
        keys, engine, epoch = self._namespace.session(session_id), self._engine(), new_epoch()
        seconds = int(self.settings.retention_hours * 3600) or 1
        verb = b"SPUBLISH" if engine.topology.sharded else b"PUBLISH"

        def command(link: Link) -> Command:
            return (
                *(b"EVALSHA", script("delete").sha, 4, keys.log, keys.meta, keys.ids, keys.former_ids),
                *(link.identity, epoch, keys.channel, verb, seconds),
            )

        existed = bool(await engine.call(keys.channel, command))
        await engine.registry.forget(session_id)
        return existed

    async def ping(self) -> None:
        """Return when Redis answers, on every node of a cluster. Raises BusUnavailableError."""
        await self._engine().ping()

    async def cut_subscriptions(self) -> int:
        """Kill every subscription connection on every primary, for a drill; returns how many there were.

        Raises BusUnavailableError.
        """
        return await self._engine().cut_subscriptions()

    async def close(self) -> None:
        """Store what an outbox still keeps, and drop every connection.

        Subscriptions end, and an embedded Valkey that nobody else uses stops.
        """
        for outbox in [] if self._closed else outboxes_to(self):
            await outbox.flush(self.settings.publish_timeout_seconds)
        self._closed = True
        here = asyncio.get_running_loop()
        for loop, engine in self._engines.items():
            if loop is here:
                engine.close()
            elif not loop.is_closed():
                loop.call_soon_threadsafe(engine.close)
        self._engines.clear()
        await asyncio.sleep(0)  # connections that were dropped are closed in the loop's next turn
        if self._embedded is not None:
            self._embedded.leave()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _letter(self, event: Event) -> Letter:
        block = encode_block(event.type, self.contracts.of(event.session_id).encode(event))
        if len(block) > self.settings.max_event_bytes:
            raise EventTooLargeError(
                f"event {event.event_id} ({event.type!r}) takes {len(block)} bytes, more than the "
                f"{self.settings.max_event_bytes} that LOCKSTEP_MAX_EVENT_BYTES allows: "
                "store the content elsewhere and publish a reference"
            )
        return Letter(event.session_id, self._namespace.session(event.session_id), event.event_id, block)

    def _engine(self) -> Engine:
        if self._closed:
            raise BusClosedError("the bus is closed")
        loop = asyncio.get_running_loop()
        engine = self._engines.get(loop)
        if engine is None:
            for ended in [known for known in self._engines if known.is_closed()]:
                del self._engines[ended]
            engine = self._engines[loop] = Engine(self._topology(), self.settings, self.location)
        return engine

    def _topology(self) -> Topology:
        address, settings = self._address, self.settings
        if address is None:
            embedded = self._embedded = self._embedded or _embedded(settings)

            async def started() -> Endpoint:
                return await asyncio.to_thread(embedded.ensure)

            return OnePrimary(started, Login(), settings)
        if address.kind == "cluster":
            return ClusterTopology(address, settings)
        locate = through_sentinels(address, settings) if address.kind == "sentinel" else direct(address.endpoints[0])
        return OnePrimary(locate, address.login, settings)


def _embedded(settings: BusSettings) -> "EmbeddedServer":
    if sys.platform == "win32":
        raise BusSettingsError("the embedded Valkey runs on Linux and macOS: set REDIS_URL to a Redis or Valkey")
    from lockstep_bus.embedded import EmbeddedServer  # its locks exist on these systems only

    return EmbeddedServer(settings.data_dir, settings.redis_server)


def connect(
    url: str | None = None, *, contract: Contract | ContractTable | None = None, settings: BusSettings | None = None
) -> EventBus:
    """Make a bus; no I/O happens before its first use.

    Args:
        url: where Redis is; by default `REDIS_URL`, and without one the embedded Valkey.
        contract: whose events travel; by default what `LOCKSTEP_CONTRACT` says, and without it `lockstep_events`.
        settings: by default from the environment.

    Raises:
        BusSettingsError: an address or a setting that cannot be used.
    """
    settings = settings if settings is not None else read_settings()
    if contract is None:
        contract = ContractTable.read(settings.contract)  # imports only what is named
    if url is not None:
        settings = settings.model_copy(update={"redis_url": url})
    return EventBus(contract, settings)
