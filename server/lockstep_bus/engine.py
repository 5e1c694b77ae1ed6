"""The half of a bus that belongs to one event loop: its connections, its outboxes and what it watches."""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

from lockstep_events.runtime import Receipt

from lockstep_bus.errors import BusClosedError, BusError
from lockstep_bus.hub import Hub
from lockstep_bus.keys import SessionKeys
from lockstep_bus.link import Command, Link, LinkError, Reply, ReplyError
from lockstep_bus.log import Log
from lockstep_bus.node import Node
from lockstep_bus.outbox import Letter, Outbox, Parcel
from lockstep_bus.registry import Registry
from lockstep_bus.settings import BusSettings
from lockstep_bus.subscription import Reader
from lockstep_bus.topology import Topology
from lockstep_bus.verdict import prepare_retry, refusal, unavailable


class Engine:
    """Connections of one loop. Nothing is opened before it is needed, and everything ends with the loop."""

    def __init__(self, topology: Topology, settings: BusSettings, address: str) -> None:
        self.loop = asyncio.get_running_loop()
        self.topology = topology
        self.hub = Hub(topology, settings, address)
        self._settings = settings
        self._address = address
        self.registry = Registry(self.call, settings)
        self._outboxes: dict[Node, Outbox] = {}
        self._closed = False

    async def publish(self, letters: Sequence[Letter]) -> list[Receipt]:
        """Publish encoded events, in order. Raises BusUnavailableError, UnsupportedServerError."""
        if self._closed:
            raise BusClosedError("the bus is closed")
        deadline = self.loop.time() + self._settings.publish_timeout_seconds
        waiting = [Parcel(letter, self.loop.create_future(), deadline) for letter in letters]
        await self._hand_over(waiting)
        results = await asyncio.gather(*(parcel.receipt for parcel in waiting), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        await self.registry.note({letter.session_id for letter in letters})
        return cast("list[Receipt]", results)

    async def call(self, name: bytes, build: Callable[[Link], Command]) -> Reply:
        """Run one command on the primary that holds `name`, again while that may help; it must be safe to repeat.

        Raises:
            BusUnavailableError: no answer in time.
            UnsupportedServerError: the server refuses the command.
        """
        cause: Exception | None = None
        pause = 0.01
        try:
            async with asyncio.timeout(self._settings.publish_timeout_seconds):
                while not self._closed:
                    try:
                        node = await self.topology.node_of(name)
                        link = await node.link()
                        reply = (await link.execute([build(link)]))[0]
                        if not isinstance(reply, ReplyError):
                            return reply
                        if error := refusal(reply):
                            raise error
                        cause = reply
                        await prepare_retry(reply, node, link, self.topology)
                    except LinkError as error:
                        cause = error
                        await self.topology.refresh()
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 0.25)
        except TimeoutError:
            raise unavailable(self._address, self._settings.publish_timeout_seconds, cause) from cause
        raise BusClosedError("the bus is closed")

    async def ping(self) -> None:
        """Return when every primary answers. Raises BusUnavailableError."""
        await self._everywhere((b"PING",))

    async def cut_subscriptions(self) -> int:
        """Kill every subscription connection on every primary. Raises BusUnavailableError."""
        return sum(await self._everywhere((b"CLIENT", b"KILL", b"TYPE", b"pubsub")))

    async def _everywhere(self, command: Command) -> list[Reply]:
        seconds = self._settings.publish_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                links = [await node.link() for node in await self.topology.nodes()]
                return [(await link.execute([command]))[0] for link in links]
        except (TimeoutError, LinkError) as error:
            raise unavailable(self._address, seconds, error) from error

    def log(self, keys: SessionKeys) -> Log:
        """The log of one session."""
        return Log(keys, self.call, self._settings)

    def attachment(self, keys: SessionKeys) -> "HubAttachment":
        """Where a subscription to one session gets its messages."""
        return HubAttachment(self.hub, keys)

    def close(self) -> None:
        """Drop every connection and end every subscription."""
        self._closed = True
        self.hub.close()
        for outbox in self._outboxes.values():
            outbox.close()
        self.topology.close()

    async def _hand_over(self, parcels: Sequence[Parcel]) -> None:
        """Put events into the outboxes of the nodes that hold their sessions."""
        for parcel in parcels:
            try:
                node = await self._find(parcel)
            except BusError as error:
                parcel.receipt.set_exception(error)
            else:
                self._outbox(node).put(parcel)

    async def _find(self, parcel: Parcel) -> Node:
        while True:
            try:
                return await self.topology.node_of(parcel.letter.keys.channel)
            except LinkError as error:
                if self.loop.time() > parcel.deadline:
                    raise unavailable(self._address, self._settings.publish_timeout_seconds, error) from error
            await asyncio.sleep(0.1)
            await self.topology.refresh()

    def _outbox(self, node: Node) -> Outbox:
        outbox = self._outboxes.get(node)
        if outbox is None:
            outbox = self._outboxes[node] = Outbox(node, self.topology, self._settings, self._address)
            if self.topology.sharded:
                outbox.reroute = self._hand_over
        return outbox


class HubAttachment:
    """Binds a subscription's session to the hub."""

    def __init__(self, hub: Hub, keys: SessionKeys) -> None:
        self._hub = hub
        self._keys = keys

    async def attach(self, reader: Reader, /) -> None:
        await self._hub.attach(self._keys, reader)

    def detach(self, reader: Reader, /) -> None:
        self._hub.detach(self._keys, reader)
