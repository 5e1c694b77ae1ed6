"""One viewer that reads 1 kB a second among 300 fast ones: what it costs the others, and the server's memory.

Rounds with and without the slow viewer alternate, so that both meet the same machine.
"""

import asyncio
import contextlib
import socket
import statistics
import time
from collections.abc import AsyncGenerator

from bench.pairs import report
from lockstep_bus import connect
from lockstep_events import EventDispatcher
from support.crowd import resident_kilobytes
from support.server import ServerProcess, allow_many_sockets, running
from support.valkey import ValkeyServer

VIEWERS, RATE, SECONDS, ROUNDS = 300, 40, 6, 4
PADDING = " a payload that a slow reader cannot keep up with" * 40
STAMP = b'"delta":"'


async def latencies(port: int, session: str, opened: asyncio.Semaphore, into: list[float], events: int) -> None:
    """From the publisher's call to this viewer's read, in seconds, for each event."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    writer.write(f"GET /events/{session} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await reader.readuntil(b"session_stream_started")
    opened.release()
    for _ in range(events):
        await reader.readuntil(STAMP)
        sent = int(await reader.readuntil(b" "))
        into.append((time.perf_counter_ns() - sent) / 1e9)
    writer.close()


@contextlib.asynccontextmanager
async def slow_viewer(server: ServerProcess, session: str) -> AsyncGenerator[list[bytes]]:
    """A socket with a small buffer, read at 1 kB a second while the block runs; gives what it has read."""
    connection = server.connect(f"/events/{session}", receive_buffer=4096)
    connection.setblocking(False)
    taken: list[bytes] = []

    async def sip() -> None:
        loop = asyncio.get_running_loop()
        while True:
            taken.append(await loop.sock_recv(connection, 1000))
            await asyncio.sleep(1)

    sipping = asyncio.create_task(sip())
    try:
        yield taken
    finally:
        sipping.cancel()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()


async def round_of(server: ServerProcess, dispatcher: EventDispatcher, session: str, *, slow: bool) -> list[float]:
    """The latencies of every delivery to the fast viewers while RATE events a second flow for SECONDS."""
    found: list[float] = []
    opened = asyncio.Semaphore(0)
    events = RATE * SECONDS
    taken = [b"nobody was slow"]
    async with contextlib.AsyncExitStack() as stack:
        if slow:
            taken = await stack.enter_async_context(slow_viewer(server, session))
        viewers = [asyncio.create_task(latencies(server.port, session, opened, found, events)) for _ in range(VIEWERS)]
        for _ in range(VIEWERS):
            await opened.acquire()
        start = time.perf_counter()
        for number in range(events):
            await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
            delta = f"{time.perf_counter_ns()} {PADDING}"
            await dispatcher.agent_message_delta(session_id=session, message_id="m1", delta=delta)
        await asyncio.wait_for(asyncio.gather(*viewers), 60)
        if not taken:
            raise SystemExit("the slow viewer has read nothing: there was none")
    return found


async def compare(server: ServerProcess, url: str) -> None:
    """Print the 99th percentile with and without the slow viewer, and the memory."""
    alone: list[float] = []
    beside: list[float] = []
    async with connect(url) as bus:
        dispatcher = EventDispatcher(bus)
        await round_of(server, dispatcher, "warm", slow=True)
        before = resident_kilobytes(server.process.pid)
        for number in range(ROUNDS):
            alone += await round_of(server, dispatcher, f"alone{number}", slow=False)
            beside += await round_of(server, dispatcher, f"beside{number}", slow=True)
        grown = resident_kilobytes(server.process.pid) - before
    print(f"{VIEWERS} fast viewers, {RATE} events of 2 kB a second, {ROUNDS} rounds of {SECONDS} s each way")
    for name, point in (("median", 50), ("99th percentile", 99)):
        ours, peer = (statistics.quantiles(each, n=100)[point - 1] * 1e3 for each in (beside, alone))
        report(f"{name} beside a slow viewer, and without", ours, peer, "ms", at_most=1.2)
    print(f"server's memory: {grown / 1e3:+.1f} MB since the first round")


def main() -> None:
    """One Valkey, one server."""
    allow_many_sockets()
    valkey = ValkeyServer("--appendonly", "no").start()
    try:
        with running("lockstep", "serve", "--port", "0", env={"REDIS_URL": valkey.url}) as server:
            asyncio.run(compare(server, valkey.url))
    finally:
        valkey.close()


if __name__ == "__main__":
    main()
