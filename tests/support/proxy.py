"""A TCP proxy that makes a network misbehave: silence, cuts, refusals and slowness, at the test's word."""

import asyncio
import contextlib
import socket
import struct
from types import TracebackType
from typing import Self


class FaultProxy:
    """Stands between a client and a server on this machine."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.refuse = False
        self.accepted = 0
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def swallow(self) -> None:
        """Hold every byte back, in both directions, as a network without a route does."""
        self._open.clear()

    def heal(self) -> None:
        """Deliver what was held back, as retransmission does."""
        self._open.set()

    def cut(self, *, reset: bool = True) -> None:
        """End every connection."""
        for writer in list(self._writers):
            if reset:
                with contextlib.suppress(OSError):
                    plug: socket.socket = writer.get_extra_info("socket")
                    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self.refuse:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
            pair = {writer, up_writer}
            self._writers |= pair
            pumps = [self._pump(reader, up_writer), self._pump(up_reader, writer)]
            both = [asyncio.create_task(pump) for pump in pumps]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._writers -= pair
                for end in pair:
                    end.transport.abort()
                for pump in both:
                    pump.cancel()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()
