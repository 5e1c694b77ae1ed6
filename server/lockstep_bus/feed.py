"""The one subscription connection to a node: kept alive, and everything asked for again when it had to be made anew."""

import asyncio
from collections.abc import Callable, Iterable
from typing import cast

from lockstep_bus.errors import BusError
from lockstep_bus.link import Command, Link, LinkError, Reply, ReplyError
from lockstep_bus.node import Node

_LONGEST_PAUSE = 0.5
_CHUNK = 500


class Feed:
    """Messages of every channel that this process watches on one node.

    Each acknowledgement of a subscription is reported: any but a channel's first means that messages may have been
    missed, which Redis does not say in any other way. Channels that are not watched for sure any more are doubted.
    """

    def __init__(
        self,
        node: Node,
        *,
        sharded: bool,
        on_message: Callable[[bytes, bytes], None],
        on_acknowledged: Callable[[bytes], None],
        on_doubt: Callable[[Iterable[bytes]], None],
    ) -> None:
        self.node = node
        self.refusal: BusError | None = None
        """Why the server will never accept the subscription; None while there is hope."""
        self._on_message = on_message
        self._on_acknowledged = on_acknowledged
        self._on_doubt = on_doubt
        kind = b"s" if sharded else b""
        self._sharded = sharded
        self._subscribe, self._unsubscribe = (kind + b"subscribe").upper(), (kind + b"unsubscribe").upper()
        self._message, self._subscribed, self._unsubscribed = (
            kind + b"message",
            kind + b"subscribe",
            kind + b"unsubscribe",
        )
        self._channels: set[bytes] = set()
        self._link: Link | None = None
        self._task: asyncio.Task[None] | None = None

    def add(self, channel: bytes) -> None:
        """Watch a channel from now on, through every reconnection."""
        self._channels.add(channel)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="lockstep feed")
        elif self._link is not None:
            self._link.send([(self._subscribe, channel)])

    def remove(self, channel: bytes) -> None:
        """Watch a channel no more."""
        self._channels.discard(channel)
        if self._link is not None:
            self._link.send([(self._unsubscribe, channel)])

    def close(self) -> None:
        """Stop watching anything."""
        self._channels.clear()
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        pause = 0.0
        while True:
            try:
                link = await self.node.open(on_push=self._receive)
            except LinkError:
                pause = min(max(0.02, pause * 2), _LONGEST_PAUSE)
            except BusError as error:
                self.refusal = error
                pause = _LONGEST_PAUSE
            else:
                pause, self.refusal = 0.02, None
                await self._watch(link)
            self._on_doubt(self._channels)
            await asyncio.sleep(pause)

    async def _watch(self, link: Link) -> None:
        self._link = link
        try:
            link.send(list(self._requests(self._channels)))
            await asyncio.wait([link.lost])
        finally:
            self._link = None
            link.abort()

    def _requests(self, channels: Iterable[bytes]) -> Iterable[Command]:
        names = list(channels)
        # A sharded subscription names channels of one slot only, so each gets a command of its own.
        size = 1 if self._sharded else _CHUNK
        for start in range(0, len(names), size):
            yield (self._subscribe, *names[start : start + size])

    def _receive(self, reply: Reply) -> None:
        if isinstance(reply, ReplyError):
            self._on_doubt(())  # MOVED: a channel that is not acknowledged yet belongs to another node by now
            return
        if not isinstance(reply, list):
            return  # the answer to a PING while nothing is watched
        kind, channel, *rest = cast("list[bytes]", reply)
        if kind == self._message:
            self._on_message(channel, rest[0])
        elif kind == self._subscribed:
            self._on_acknowledged(channel)
        elif kind == self._unsubscribed and channel in self._channels:
            self._on_doubt((channel,))  # its slot moved to another node
