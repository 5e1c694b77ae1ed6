"""Everything that one event loop watches: a channel for each session, a feed for each node, and the position tick."""

import asyncio
import contextlib
import random
from collections.abc import Iterable
from dataclasses import dataclass

from lockstep_bus.channel import Channel
from lockstep_bus.errors import BusClosedError, BusError
from lockstep_bus.feed import Feed
from lockstep_bus.keys import SessionKeys
from lockstep_bus.link import LinkError, ReplyError
from lockstep_bus.node import Node
from lockstep_bus.settings import BusSettings
from lockstep_bus.subscription import Reader
from lockstep_bus.topology import Topology
from lockstep_bus.verdict import unavailable
from lockstep_bus.wire import decode_message

_CHUNK = 256
_PLACE_SECONDS = 0.2


@dataclass(slots=True)
class Counters:
    """What a metrics page shows of the subscriptions of this process."""

    readers: int = 0
    resyncs: int = 0
    """How often a repeated acknowledgement made the readers of a channel look into the log."""


class Hub:
    """Reference-counted channels over one subscription connection per node."""

    def __init__(self, topology: Topology, settings: BusSettings, address: str) -> None:
        self._topology = topology
        self._settings = settings
        self._address = address
        self._channels: dict[bytes, Channel] = {}
        self._feeds: dict[Node, Feed] = {}
        self._placing: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._closed = False
        self.counters = Counters()

    async def attach(self, keys: SessionKeys, reader: Reader) -> None:
        """Hand a session's messages to a reader; returns when the server has acknowledged the subscription.

        Raises:
            BusUnavailableError: no acknowledgement in time.
        """
        if self._closed:
            raise BusClosedError("the bus is closed")
        channel = self._channels.get(keys.channel)
        if channel is None:
            channel = self._channels[keys.channel] = Channel(keys.channel, keys.meta)
        channel.readers.add(reader)
        self.counters.readers += 1
        self._start_tick()
        seconds = self._settings.publish_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                while not channel.ready.is_set():
                    await self._place(channel)
                    if channel.feed is not None and channel.feed.refusal is not None:
                        raise channel.feed.refusal
                    await _wait(channel.ready, 0.1)
        except TimeoutError:
            raise unavailable(self._address, seconds, None) from None

    def detach(self, keys: SessionKeys, reader: Reader) -> None:
        """Hand nothing to a reader any more; the last one of a session ends its subscription."""
        channel = self._channels.get(keys.channel)
        if channel is None or reader not in channel.readers:
            return
        channel.readers.discard(reader)
        self.counters.readers -= 1
        if not channel.readers:
            del self._channels[keys.channel]
            if channel.feed is not None:
                channel.feed.remove(keys.channel)

    def close(self) -> None:
        """End every subscription and connection."""
        self._closed = True
        for task in (self._placing, self._ticking):
            if task is not None:
                task.cancel()
        for feed in self._feeds.values():
            feed.close()
        for channel in list(self._channels.values()):
            for reader in list(channel.readers):
                reader.close()

    async def _place(self, channel: Channel) -> None:
        """Watch a channel on the node that holds it now."""
        try:
            node = await self._topology.node_of(channel.name)
        except LinkError:
            return
        if channel.feed is not None:
            if channel.feed.node is node:
                if self._topology.sharded:
                    channel.feed.add(channel.name)  # a refused request is never repeated by itself
                return
            channel.ready.clear()
            channel.feed.remove(channel.name)
        if channel.name not in self._channels:
            return  # its last reader left meanwhile
        channel.feed = self._feed(node)
        channel.feed.add(channel.name)

    def _feed(self, node: Node) -> Feed:
        feed = self._feeds.get(node)
        if feed is None:
            feed = self._feeds[node] = Feed(
                node,
                sharded=self._topology.sharded,
                on_message=self._deliver,
                on_acknowledged=self._acknowledge,
                on_doubt=self._doubt,
            )
        return feed

    def _deliver(self, name: bytes, message: bytes) -> None:
        channel = self._channels.get(name)
        if channel is not None:
            channel.deliver(decode_message(message))

    def _acknowledge(self, name: bytes) -> None:
        channel = self._channels.get(name)
        if channel is not None and channel.acknowledge():
            self.counters.resyncs += 1

    def _doubt(self, names: Iterable[bytes]) -> None:
        """Some channels are not watched for sure until their next acknowledgements; others may be on another node."""
        for name in names:
            if (channel := self._channels.get(name)) is not None:
                channel.ready.clear()
        if self._topology.sharded and (self._placing is None or self._placing.done()):
            self._placing = asyncio.create_task(self._place_again(), name="lockstep placing")

    async def _place_again(self) -> None:
        """Ask who holds what until every channel is watched where it is."""
        while doubted := [channel for channel in self._channels.values() if not channel.ready.is_set()]:
            await self._topology.refresh()
            for channel in doubted:
                with contextlib.suppress(BusError):  # whoever waits for the channel is told by `attach`
                    await self._place(channel)
            current = set(await self._topology.nodes())
            for node in [node for node in self._feeds if node not in current]:
                self._feeds.pop(node).close()
            await asyncio.sleep(_PLACE_SECONDS)

    def _start_tick(self) -> None:
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._tick(), name="lockstep position tick")

    async def _tick(self) -> None:
        """Compare every watched session with its log now and then: a lost last message leaves no hole to notice."""
        while True:
            await asyncio.sleep(self._settings.position_seconds * random.uniform(0.75, 1.25))
            by_feed: dict[Feed, list[Channel]] = {}
            for channel in self._channels.values():
                if channel.feed is not None and channel.ready.is_set():
                    by_feed.setdefault(channel.feed, []).append(channel)
            for feed, channels in by_feed.items():
                for start in range(0, len(channels), _CHUNK):
                    await self._compare(feed.node, channels[start : start + _CHUNK])

    async def _compare(self, node: Node, channels: list[Channel]) -> None:
        try:
            link = await node.link()
            replies = await link.execute([(b"HMGET", channel.meta, b"e", b"s") for channel in channels])
        except LinkError:
            return  # whoever made the connection anew resyncs everybody
        for channel, reply in zip(channels, replies, strict=True):
            if isinstance(reply, ReplyError) or reply[0] is None:
                channel.resync()
            else:
                channel.compare(reply[0].decode(), int(reply[1]))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
