"""A Redis Cluster: its primaries, and which of them holds a slot now."""

import asyncio

from lockstep_bus.address import Address, Endpoint
from lockstep_bus.errors import BusError
from lockstep_bus.keys import slot_of
from lockstep_bus.link import LinkError, Reply, ReplyError
from lockstep_bus.node import Node
from lockstep_bus.settings import BusSettings
from lockstep_bus.topology import direct

_FRESH_SECONDS = 0.1


class ClusterTopology:
    """Sessions spread over primaries by the slot of their channel, which their keys share."""

    sharded = True

    def __init__(self, address: Address, settings: BusSettings) -> None:
        self._address = address
        self._settings = settings
        self._nodes: dict[Endpoint, Node] = {}
        self._ranges: list[tuple[int, int, Endpoint]] = []
        self._refusal: BusError | None = None
        self._asking = asyncio.Lock()
        self._asked = float("-inf")

    async def node_of(self, name: bytes) -> Node:
        if not self._ranges:
            await self.refresh()
        slot = slot_of(name)
        for first, last, endpoint in self._ranges:
            if first <= slot <= last:
                return self._node(endpoint)
        if self._refusal is not None and not self._ranges:
            raise self._refusal
        raise LinkError(f"no node of the cluster at {self._address} holds slot {slot}")

    async def nodes(self) -> list[Node]:
        if not self._ranges:
            await self.refresh()
        return [self._node(endpoint) for endpoint in dict.fromkeys(endpoint for _, _, endpoint in self._ranges)]

    async def refresh(self) -> None:
        loop = asyncio.get_running_loop()
        async with self._asking:
            if loop.time() - self._asked < _FRESH_SECONDS:
                return
            for endpoint in dict.fromkeys((*self._nodes, *self._address.endpoints)):
                try:
                    ranges = await self._ask(endpoint)
                except LinkError:
                    continue
                except BusError as error:
                    self._refusal = error
                    continue
                if ranges:
                    self._ranges = ranges
                    self._forget_others()
                    break
            self._asked = loop.time()

    def close(self) -> None:
        for node in self._nodes.values():
            node.close()

    async def _ask(self, endpoint: Endpoint) -> list[tuple[int, int, Endpoint]]:
        node = Node(direct(endpoint), self._address.login, self._settings, mode="cluster", any_role=True)
        try:
            reply: Reply = (await (await node.link()).execute([(b"CLUSTER", b"SLOTS")]))[0]
        finally:
            node.close()
        if isinstance(reply, ReplyError):
            raise LinkError(str(reply))
        ranges: list[tuple[int, int, Endpoint]] = []
        for first, last, primary, *_replicas in reply:
            host = (primary[0] or b"").decode() or endpoint.host  # an empty host means the one that was asked
            ranges.append((first, last, Endpoint(host, primary[1])))
        return ranges

    def _node(self, endpoint: Endpoint) -> Node:
        node = self._nodes.get(endpoint)
        if node is None:
            node = self._nodes[endpoint] = Node(direct(endpoint), self._address.login, self._settings, mode="cluster")
        return node

    def _forget_others(self) -> None:
        current = {endpoint for _, _, endpoint in self._ranges}
        for endpoint in [endpoint for endpoint in self._nodes if endpoint not in current]:
            self._nodes.pop(endpoint).close()
