"""One Redis primary as one event loop sees it: its command connection, made when needed and made again when lost."""

import asyncio
from collections.abc import Awaitable, Callable

from lockstep_bus.address import Endpoint, Login
from lockstep_bus.errors import UnsupportedServerError
from lockstep_bus.link import Command, Link, LinkError, Reply
from lockstep_bus.scripts import SETUP, script
from lockstep_bus.settings import BusSettings

Locate = Callable[[], Awaitable[Endpoint]]
LOAD_SCRIPTS: list[Command] = [(b"SCRIPT", b"LOAD", script(name).source) for name in SETUP]


class Node:
    """A primary that is found anew at each connection: it may have moved, or been started again."""

    def __init__(
        self, locate: Locate, login: Login, settings: BusSettings, *, mode: str = "standalone", any_role: bool = False
    ) -> None:
        self._locate = locate
        self._login = login
        self._settings = settings
        self._mode = mode
        self._any_role = any_role
        self._link: Link | None = None
        self._connecting = asyncio.Lock()
        self._closed = False

    async def link(self) -> Link:
        """The command connection.

        Raises:
            LinkError: there is none now.
            UnsupportedServerError: there never will be one with this address.
        """
        link = self._link
        if link is not None and not link.lost.done():
            return link
        async with self._connecting:
            if self._link is None or self._link.lost.done():
                self._link = await self.open(setup=LOAD_SCRIPTS)
                _check_mode(self._link, self._mode)
            return self._link

    async def open(self, *, on_push: Callable[[Reply], None] | None = None, setup: list[Command] | None = None) -> Link:
        """A new connection to where the primary is now, for commands or, with `on_push`, for subscriptions."""
        if self._closed:
            raise LinkError("the bus is closed")
        settings = self._settings
        return await Link.open(
            await self._locate(),
            self._login,
            patience=settings.command_timeout_seconds,
            heartbeat=settings.heartbeat_seconds,
            on_push=on_push,
            setup=setup or [],
            any_role=self._any_role,
        )

    def drop(self) -> None:
        """Give the connection up, so that the next call looks for the primary again."""
        if self._link is not None:
            self._link.abort()

    def close(self) -> None:
        """Drop the connection for good."""
        self._closed = True
        self.drop()


def _check_mode(link: Link, mode: str) -> None:
    if link.mode == mode or "cluster" not in (link.mode, mode):
        return
    link.abort()
    scheme = "redis+cluster://" if link.mode == "cluster" else "redis://"
    raise UnsupportedServerError(f"the server runs in {link.mode} mode: write REDIS_URL as {scheme}host:port")
