"""The server's processor time a delivery, beside the obvious design, in one run: a crowd at one session, and one viewer
each of many sessions."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import redis.asyncio as redis
from bench.pairs import report
from lockstep_bus import connect
from lockstep_events import CONTRACT, EventDispatcher
from support.server import ServerProcess, running
from support.valkey import ValkeyServer

VIEWERS, EVENTS, EACH = 300, 300, 100
DELTA = "twelve words of a sentence that an agent says, more or less, at once"

Publish = Callable[[list[str], int], Awaitable[object]]


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def view(port: int, session: str, opened: asyncio.Semaphore, last: bytes) -> None:
    """Read a stream until its last event has come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    writer.write(f"GET /events/{session} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await reader.readuntil(b"session_stream_started")
    opened.release()
    tail = b""
    while last not in tail:
        tail = tail[-len(last) :] + await reader.read(65536)
    writer.close()


async def deliver(server: ServerProcess, sessions: list[str], events: int, publish: Publish) -> tuple[float, float]:
    """Seconds of the server's processor and of the clock for `events` of each session to VIEWERS in turn."""
    opened = asyncio.Semaphore(0)
    last = f"{events - 1} {DELTA}".encode()
    of = (sessions[number % len(sessions)] for number in range(VIEWERS))
    viewers = [asyncio.create_task(view(server.port, session, opened, last)) for session in of]
    for _ in range(VIEWERS):
        await opened.acquire()
    processor, clock = processor_seconds(server.process.pid), time.perf_counter()
    for number in range(events):
        await publish(sessions, number)
    await asyncio.wait_for(asyncio.gather(*viewers), 120)
    return processor_seconds(server.process.pid) - processor, time.perf_counter() - clock


async def compare(ours: ServerProcess, peer: ServerProcess, url: str) -> None:
    """Print both figures and their ratios."""
    client: Any = redis.from_url(url)  # its own types are partly unknown

    async def publish_plainly(sessions: list[str], number: int) -> None:
        payload = {"message_id": "m1", "delta": f"{number} {DELTA}"}
        pipeline = client.pipeline(transaction=False)
        for session in sessions:
            pipeline.publish(
                f"session:{session}", CONTRACT.encode(CONTRACT.make("agent_message_delta", session, payload))
            )
        await pipeline.execute()

    async with connect(url) as bus:
        dispatcher = EventDispatcher(bus)

        async def publish(sessions: list[str], number: int) -> None:
            delta = f"{number} {DELTA}"
            send = dispatcher.agent_message_delta
            await asyncio.gather(*(send(session_id=each, message_id="m1", delta=delta) for each in sessions))

        many = [f"s{number}" for number in range(VIEWERS)]
        for shape, sessions, events in (("one session", ["s"], EVENTS), ("a session each", many, EACH)):
            mine = await deliver(ours, sessions, events, publish)
            theirs = await deliver(peer, sessions, events, publish_plainly)
            total = VIEWERS * events / 1e6
            print(f"{VIEWERS} viewers, {shape}, {events} events each")
            report("server processor, an event delivered", mine[0] / total, theirs[0] / total, "us", at_most=1.0)
            if len(sessions) == 1:  # with many, the clock is that of keeping every event, which the peer does not do
                report("publish to last delivery, all viewers", mine[1] * 1e3, theirs[1] * 1e3, "ms", at_most=1.0)
    await client.aclose()


def main() -> None:
    """One Valkey, two servers, one after the other."""
    valkey = ValkeyServer("--appendonly", "no").start()
    environment = {"REDIS_URL": valkey.url, "PYTHONPATH": str(Path(__file__).parents[1])}
    try:
        with (
            running("lockstep", "serve", "--port", "0", env=environment) as ours,
            running("uvicorn", "bench.peers.brief_design:app", "--port", "0", env=environment) as peer,
        ):
            asyncio.run(compare(ours, peer, valkey.url))
    finally:
        valkey.close()


if __name__ == "__main__":
    main()
