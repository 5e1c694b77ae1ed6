"""Which server holds a session: one primary, found directly or through Sentinels, or the primaries of a cluster."""

from typing import Protocol

from lockstep_bus.address import Address, Endpoint, Login
from lockstep_bus.link import Link, LinkError, ReplyError
from lockstep_bus.node import Locate, Node
from lockstep_bus.settings import BusSettings


class Topology(Protocol):
    """The servers that together hold every session."""

    sharded: bool
    """Messages travel by SPUBLISH and SSUBSCRIBE, within the slot of their session."""

    async def node_of(self, name: bytes) -> Node:
        """The primary that holds a key or channel.

        Raises:
            LinkError: nobody knows now.
            UnsupportedServerError: nobody ever will.
        """
        ...

    async def nodes(self) -> list[Node]:
        """Every primary."""
        ...

    async def refresh(self) -> None:
        """Ask again who holds what; never raises."""
        ...

    def close(self) -> None:
        """Drop every connection."""
        ...


class OnePrimary:
    """A topology of one server, wherever it is now."""

    sharded = False

    def __init__(self, locate: Locate, login: Login, settings: BusSettings) -> None:
        self._node = Node(locate, login, settings)

    async def node_of(self, name: bytes) -> Node:  # noqa: ARG002 - the one holds every name
        return self._node

    async def nodes(self) -> list[Node]:
        return [self._node]

    async def refresh(self) -> None:
        """Nothing to ask: the primary is looked for at each connection."""

    def close(self) -> None:
        self._node.close()


def direct(endpoint: Endpoint) -> Locate:
    """The primary is where the address says."""

    async def locate() -> Endpoint:
        return endpoint

    return locate


def through_sentinels(address: Address, settings: BusSettings) -> Locate:
    """The primary is where the first Sentinel that answers says."""

    async def locate() -> Endpoint:
        problems: list[str] = []
        for sentinel in address.endpoints:
            try:
                return await _ask(sentinel, address.master_name, settings)
            except LinkError as error:
                problems.append(str(error))
        raise LinkError("no Sentinel knows the primary: " + "; ".join(problems))

    return locate


async def _ask(sentinel: Endpoint, name: str, settings: BusSettings) -> Endpoint:
    # A Sentinel is a server of its own: the login in the address is the data servers'.
    link = await Link.open(
        sentinel, Login(), patience=settings.command_timeout_seconds, heartbeat=settings.heartbeat_seconds
    )
    try:
        reply = (await link.execute([(b"SENTINEL", b"GET-MASTER-ADDR-BY-NAME", name)]))[0]
    finally:
        link.abort()
    if isinstance(reply, ReplyError) or not reply:
        raise LinkError(f"{sentinel}: no group is named {name!r}")
    return Endpoint(reply[0].decode(), int(reply[1]))
