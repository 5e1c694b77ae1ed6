"""Publishing from ordinary code, from several threads, in the order of the calls."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from lockstep_bus import BusSettings, EventBus, SyncBusPublisher
from support.events import Note, NoteContract
from support.valkey import ValkeyServer
from support.viewing import numbers


def test_threads_publish_through_one_bus(server: ValkeyServer) -> None:
    bus = EventBus(NoteContract(), BusSettings(redis_url=server.url))
    before = threading.active_count()
    with SyncBusPublisher(bus) as publisher, ThreadPoolExecutor(4) as pool:

        def publish(session: str) -> None:
            for number in range(50):
                publisher.publish(Note(session, number))

        list(pool.map(publish, ["a", "b", "c", "d"]))
    assert threading.active_count() == before

    async def stored(session: str) -> list[int]:
        async with EventBus(NoteContract(), BusSettings(redis_url=server.url)) as reading:
            return numbers(list((await reading.history(session)).frames))

    for session in "abcd":
        assert asyncio.run(stored(session)) == list(range(50))
