"""One connection to one Redis server: pipelined commands, pushed messages, and a watchdog that trusts no silence."""

import asyncio
import contextlib
import socket
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, cast

import hiredis

from lockstep_bus.address import Endpoint, Login
from lockstep_bus.errors import UnsupportedServerError

Command = tuple[bytes | str | int | float, ...]
Reply = Any  # whatever RESP carries: bytes, int, None, a list of these, or a ReplyError in its place
ReplyError = hiredis.ReplyError

_PROBE: Command = (b"INFO", b"server", b"replication")
_pack = cast("Callable[[Command], bytes]", hiredis.pack_command)  # pyright: ignore[reportUnknownMemberType] # hiredis types it openly
_PROBE_HEARTBEATS = 5  # a busy connection is asked for its identity too, only less often
_OLDEST = 7  # SPUBLISH, XADD NOMKSTREAM and INFO with two sections


class LinkError(Exception):
    """The connection cannot be used, or is gone; whether its last commands ran is unknown."""


class Link(asyncio.Protocol):
    """A connection of one event loop. It is made once, and never used again after it is lost."""

    def __init__(self, on_push: Callable[[Reply], None] | None = None) -> None:
        self.identity = ""
        """Names the server's process and its replication history: another one may have rolled back."""
        self.mode = ""
        self.role = ""
        self._on_push = on_push
        self._pushing = False
        self._reader = hiredis.Reader()
        self._waiting: deque[_Waiting] = deque()
        self._loop = asyncio.get_running_loop()
        self._received = self._probed = self._loop.time()
        self._transport: asyncio.Transport | None = None
        self.lost: asyncio.Future[Exception | None] = self._loop.create_future()
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        endpoint: Endpoint,
        login: Login,
        *,
        patience: float,
        heartbeat: float,
        on_push: Callable[[Reply], None] | None = None,
        setup: Sequence[Command] = (),
        any_role: bool = False,
    ) -> "Link":
        """Connect, log in, learn who answers, and start the watchdog.

        Raises:
            LinkError: no connection, a replica (unless `any_role`), or no answer within `patience` seconds.
            UnsupportedServerError: the server refuses the login or is older than version 7.
        """
        link = cls(on_push)
        try:
            async with asyncio.timeout(patience):
                await link._connect(endpoint, login)
                await link._handshake(login, setup)
            if link.role == "slave" and not any_role:
                raise LinkError(f"{endpoint}: the server is a replica")
        except (OSError, TimeoutError) as error:
            link.abort()
            reason = "no answer" if isinstance(error, TimeoutError) else error.strerror or str(error)
            raise LinkError(f"{endpoint}: {reason}") from error
        except BaseException:
            link.abort()
            raise
        link._pushing = on_push is not None
        link._watch = asyncio.create_task(link._guard(patience, heartbeat), name=f"lockstep link {endpoint}")
        return link

    async def execute(self, commands: Sequence[Command]) -> list[Reply]:
        """Send commands in one write and return their replies in order; an error reply stands in its place.

        Raises:
            LinkError: the connection was lost before every reply had come.
        """
        future: asyncio.Future[list[Reply]] = self._loop.create_future()
        self._waiting.append(_Waiting(future, len(commands), self._loop.time()))
        self.send(commands)
        return await future

    def send(self, commands: Sequence[Command]) -> None:
        """Write commands whose replies arrive as pushed messages, or are awaited by `execute`."""
        if self._transport is None or self.lost.done():
            self._fail(None)
            return
        self._transport.write(b"".join([_pack(command) for command in commands]))

    def abort(self) -> None:
        """Drop the connection at once."""
        if self._watch is not None and self._watch is not asyncio.current_task():
            self._watch.cancel()
        if self._transport is not None:
            self._transport.abort()
        self._fail(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc)

    def data_received(self, data: bytes) -> None:
        self._received = self._loop.time()
        reader, waiting = self._reader, self._waiting
        reader.feed(data)
        try:
            while (reply := reader.gets()) is not False:
                if self._pushing and self._on_push is not None:
                    self._on_push(reply)
                elif waiting and waiting[0].take(reply):
                    waiting.popleft()
        except hiredis.ProtocolError:
            self.abort()

    def _fail(self, error: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(error)
        while self._waiting:
            future = self._waiting.popleft().future
            if not future.done():
                future.set_exception(LinkError(f"connection lost{f': {error}' if error else ''}"))

    async def _connect(self, endpoint: Endpoint, login: Login) -> None:
        if endpoint.path:
            await self._loop.create_unix_connection(lambda: self, endpoint.path)
            return
        await self._loop.create_connection(lambda: self, endpoint.host, endpoint.port, ssl=login.tls)
        if self._transport is not None:
            _keep_alive(cast(socket.socket, self._transport.get_extra_info("socket")))

    async def _handshake(self, login: Login, setup: Sequence[Command]) -> None:
        hello: list[Command] = []
        if login.password:
            hello.append((b"AUTH", *([login.username] if login.username else []), login.password))
        if login.database:
            hello.append((b"SELECT", login.database))
        replies = await self.execute([*hello, *setup, _PROBE])
        for reply in replies[:-1]:
            if isinstance(reply, ReplyError):
                raise refused(reply)
        self._recognise(replies[-1])

    def _recognise(self, info: Reply) -> None:
        fields = _fields(info)
        version = fields.get("valkey_version") or fields.get("redis_version", "0")
        if int(version.partition(".")[0]) < _OLDEST:
            raise UnsupportedServerError(f"the server is Redis {version}; the bus needs {_OLDEST} or newer, or Valkey")
        self.role = fields.get("role", "")
        self.mode = fields.get("redis_mode") or fields.get("server_mode", "standalone")
        self.identity = _identity(fields)

    async def _guard(self, patience: float, heartbeat: float) -> None:
        """Probe a silent connection, give up a mute one, and leave nothing open when the loop ends."""
        try:
            while not self.lost.done():
                now = self._loop.time()
                silent = now - self._received
                if self._waiting and min(silent, now - self._waiting[0].since) > patience:
                    return
                if self._pushing and silent >= 2 * heartbeat:
                    return
                idle = silent >= heartbeat and not self._waiting
                if idle or now - self._probed >= _PROBE_HEARTBEATS * heartbeat:
                    self._probe()
                await asyncio.wait([self.lost], timeout=heartbeat / 4)
        finally:
            if self._transport is not None:
                self._transport.abort()
            self._fail(None)

    def _probe(self) -> None:
        self._probed = self._loop.time()
        if self._pushing:
            self.send([(b"PING",)])
            return
        future: asyncio.Future[list[Reply]] = self._loop.create_future()
        future.add_done_callback(self._compare)
        self._waiting.append(_Waiting(future, 1, self._loop.time()))
        self.send([_PROBE])

    def _compare(self, answer: "asyncio.Future[list[Reply]]") -> None:
        """Drop the connection when the server was demoted or promoted under it: its identity is no longer true."""
        if answer.cancelled() or answer.exception() is not None:
            return
        with contextlib.suppress(LinkError):
            if _identity(_fields(answer.result()[0])) == self.identity:
                return
        self.abort()


class _Waiting:
    """The replies that one call still waits for."""

    __slots__ = ("count", "future", "replies", "since")

    def __init__(self, future: "asyncio.Future[list[Reply]]", count: int, since: float) -> None:
        self.future = future
        self.count = count
        self.since = since
        self.replies: list[Reply] = []

    def take(self, reply: Reply) -> bool:
        """Add one reply; True when it was the last."""
        self.replies.append(reply)
        if len(self.replies) < self.count:
            return False
        if not self.future.done():
            self.future.set_result(self.replies)
        return True


def refused(reply: ReplyError) -> Exception:
    """What an error reply to the first commands of a connection means."""
    text = str(reply)
    if text.startswith(("LOADING", "MASTERDOWN", "BUSY", "ERR max number of clients", "NOREPLICAS")):
        return LinkError(text)
    return UnsupportedServerError(f"Redis refuses the connection: {text}; check the login in REDIS_URL")


def _fields(info: Reply) -> dict[str, str]:
    if isinstance(info, ReplyError):
        raise refused(info)
    lines = cast(bytes, info).decode(errors="replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def _identity(fields: dict[str, str]) -> str:
    return f"{fields.get('run_id', '')[:16]}-{fields.get('master_replid', '')[:16]}"


def _keep_alive(peer: socket.socket) -> None:
    """Let the kernel notice a dead peer too: unanswered bytes end the connection after three seconds."""
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 3_000)
