"""Redis killed by signal 9 under a stream, and a network that swallows everything: how long until viewers have events.

No other system recovers these streams at all, so the figures stand alone, each beside its bound of five seconds.
"""

import asyncio
import statistics
import time

from lockstep_bus import BusUnavailableError, EventBus, connect
from support.events import Note, NoteContract
from support.proxy import FaultProxy
from support.valkey import ValkeyServer
from support.viewing import numbers, take

RUNS, VIEWERS, BOUND = 10, 20, 5.0


async def after_kill(server: ValkeyServer) -> float:
    """Seconds from the server's return to the first new event at the last of the viewers."""
    async with (
        connect(server.url, contract=NoteContract()) as watching,
        connect(server.url, contract=NoteContract()) as publishing,
    ):
        await publishing.publish(Note("s", 0))

        async def view() -> float:
            async with watching.subscribe("s", start="now") as viewer:
                opened.release()
                while True:
                    if 1 in numbers(await take(viewer, 1)):
                        return time.monotonic()

        opened = asyncio.Semaphore(0)
        viewers = [asyncio.create_task(view()) for _ in range(VIEWERS)]
        for _ in range(VIEWERS):
            await opened.acquire()
        server.stop()
        await asyncio.sleep(2)  # long enough for every reconnection to have failed several times
        await asyncio.to_thread(server.start)
        back = time.monotonic()
        await _publish(publishing, Note("s", 1))
        return max(await asyncio.wait_for(asyncio.gather(*viewers), 30)) - back


async def _publish(bus: EventBus, note: Note) -> None:
    while True:
        try:
            await bus.publish(note)
            return
        except BusUnavailableError:
            await asyncio.sleep(0.05)


async def after_silence(server: ValkeyServer) -> float:
    """Seconds from the moment when a connection falls silent to its replacement."""
    async with (
        FaultProxy(server.port) as proxy,
        connect(f"redis://127.0.0.1:{proxy.port}", contract=NoteContract()) as bus,
        bus.subscribe("s"),
    ):
        proxy.swallow()
        started, accepted = time.monotonic(), proxy.accepted
        while proxy.accepted == accepted:  # noqa: ASYNC110 - the proxy counts, and tells nobody
            await asyncio.sleep(0.01)
        return time.monotonic() - started


def main() -> None:
    """Print both figures; exit with 1 when one is beyond its bound."""
    server = ValkeyServer("--appendonly", "yes", "--appendfsync", "always").start()
    try:
        killed = [asyncio.run(after_kill(server)) for _ in range(RUNS)]
        silent = [asyncio.run(after_silence(server)) for _ in range(RUNS)]
    finally:
        server.close()
    for what, found in (
        (f"kill -9: from Redis's return to an event at all of {VIEWERS} viewers", killed),
        ("a silent network: noticed and connected anew", silent),
    ):
        print(f"{what}: median {statistics.median(found):.2f} s, worst {max(found):.2f} s (at most {BOUND:.0f} s)")
    if max(*killed, *silent) > BOUND:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
