"""Connections that die, hang, overflow and come back: nothing lost, nothing doubled, nothing out of order."""

import asyncio
import contextlib
import random
import threading
import time
from collections.abc import Callable

import pytest
from lockstep_bus import BusUnavailableError, EventBus
from support.events import Note
from support.proxy import FaultProxy
from support.valkey import ValkeyServer, valkey
from support.viewing import cursors, gaps, numbers, take

MakeBus = Callable[..., EventBus]
KILL = ("CLIENT", "KILL", "TYPE", "pubsub")


async def test_a_message_lost_with_the_connection_is_fetched(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url)
    async with bus.subscribe("s") as viewer:
        await bus.publish(Note("s", 0))
        await take(viewer, 1)
        server.command(*KILL)
        await bus.publish_many([Note("s", number) for number in range(1, 6)])
        assert numbers(await take(viewer, 5)) == [1, 2, 3, 4, 5]


async def test_connections_killed_again_and_again(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus, total, chance = make_bus(server.url), 10_000, random.Random(4)
    published = asyncio.Event()

    async def kill() -> None:
        while not published.is_set():
            await asyncio.to_thread(server.command, *KILL)
            await asyncio.sleep(chance.uniform(0.02, 0.1))

    async def publish() -> None:
        for start in range(0, total, 50):
            await bus.publish_many([Note("s", number) for number in range(start, start + 50)])
            await asyncio.sleep(0.002)
        published.set()

    async def watch() -> list[int]:
        seen: list[int] = []
        cursor: str | None = None
        while len(seen) < total:
            async with bus.subscribe("s", after=cursor) as viewer:
                assert viewer.opening.gap is None
                for _ in range(chance.randrange(1, 200)):
                    items = await take(viewer, 1)
                    seen += numbers(items)
                    cursor = cursors(items)[-1]
                    if len(seen) >= total:
                        break
        return seen

    viewers = [asyncio.create_task(watch()) for _ in range(5)]
    await asyncio.gather(kill(), publish())
    for seen in await asyncio.gather(*viewers):
        assert seen == list(range(total))


async def test_redis_killed_mid_stream(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, publish_timeout_seconds=0.5)
    acknowledged: list[int] = []
    refused = 0
    async with bus.subscribe("s") as viewer:
        stopped = False
        for number in range(3_000):
            try:
                await bus.publish(Note("s", number))
                acknowledged.append(number)
            except BusUnavailableError:
                refused += 1
            if number == 1_000:
                await asyncio.to_thread(server.stop)
                stopped = True
            if stopped and refused == 2:
                await asyncio.to_thread(server.start)
                stopped = False
        items = await take(viewer, len(acknowledged))
    seen = numbers(items)
    assert refused >= 2
    assert gaps(items) == []
    assert seen == sorted(set(seen))
    assert set(acknowledged) <= set(seen)


async def test_a_silent_network_is_noticed(make_bus: MakeBus, server: ValkeyServer) -> None:
    async with FaultProxy(server.port) as proxy:
        viewing = make_bus(f"redis://127.0.0.1:{proxy.port}", heartbeat_seconds=0.2, command_timeout_seconds=0.5)
        publishing = make_bus(server.url)
        async with viewing.subscribe("s") as viewer:
            proxy.swallow()
            await publishing.publish_many([Note("s", number) for number in range(10)])
            started, accepted = time.monotonic(), proxy.accepted
            while proxy.accepted == accepted:  # a new attempt shows that the old connection was given up
                await asyncio.sleep(0.02)
                assert time.monotonic() - started < 5
            with pytest.raises(BusUnavailableError):
                await make_bus(
                    f"redis://127.0.0.1:{proxy.port}", publish_timeout_seconds=0.3, command_timeout_seconds=0.2
                ).publish(Note("s", 99))
            proxy.heal()
            assert numbers(await take(viewer, 10)) == list(range(10))


async def test_a_frozen_server_is_noticed_and_its_answer_not_doubled(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, command_timeout_seconds=0.3, heartbeat_seconds=0.1, publish_timeout_seconds=10)
    await bus.publish(Note("s", 0))
    server.freeze()
    sending = asyncio.create_task(bus.publish_many([Note("s", number) for number in range(1, 50)]))
    await asyncio.sleep(1.0)  # several attempts, each of which the server reads when it thaws
    server.thaw()
    await sending
    assert numbers(list((await bus.history("s", limit=200)).frames)) == list(range(50))


async def test_an_overflowing_output_buffer_is_resynced(make_bus: MakeBus) -> None:
    with valkey("--client-output-buffer-limit", "pubsub 64kb 32kb 1") as server:
        bus = make_bus(server.url)
        async with bus.subscribe("s") as viewer:
            flood = threading.Thread(target=_flood, args=(server.url, 4_000))
            flood.start()
            # Blocking the loop keeps the process from reading its socket, which is what a stalled process does.
            while b"client_output_buffer_limit_disconnections:1" not in server.command("INFO", "stats"):
                assert flood.is_alive(), "everything fitted into the buffers of the system"
                time.sleep(0.01)  # noqa: ASYNC251 - the point of the test
            await asyncio.to_thread(flood.join)
            items = await take(viewer, 4_000)
            assert (numbers(items), gaps(items)) == (list(range(4_000)), [])
            assert bus.counters.resyncs > 0


async def test_a_slow_reader_is_refilled_and_holds_nobody_up(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, reader_queue_kilobytes=16)
    async with bus.subscribe("s") as slow, bus.subscribe("s") as fast:
        receiving = asyncio.create_task(take(fast, 5_000))
        for start in range(0, 5_000, 100):
            await bus.publish_many([Note("s", number) for number in range(start, start + 100)])
        assert numbers(await receiving) == list(range(5_000))
        items = await take(slow, 5_000)
        assert (numbers(items), gaps(items)) == (list(range(5_000)), [])
        assert slow.refills > 0


async def test_a_lost_last_message_is_found_by_the_position_tick(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, position_seconds=0.1)
    async with bus.subscribe("s") as viewer:
        await bus.publish(Note("s", 0))
        await take(viewer, 1)
        # Into the log, but never to the channel: the script with a channel that nobody watches.
        epoch = viewer.opening.latest.partition(".")[0]
        server.command("XADD", "{session:s}:log", "2-0", "e", epoch, "b", 'event: note\ndata: {"number":1}\n\n')
        server.command("HSET", "{session:s}:meta", "s", 2)
        assert numbers(await take(viewer, 1)) == [1]


async def test_out_of_memory_refuses_both_log_and_message(make_bus: MakeBus) -> None:
    with valkey("--maxmemory", "3mb", "--maxmemory-policy", "noeviction") as server:
        bus = make_bus(server.url, publish_timeout_seconds=0.3)
        async with bus.subscribe("s") as viewer:
            notes = [Note("s", number, "x" * 10_000) for number in range(1_000)]
            with pytest.raises(BusUnavailableError, match="out of memory"):
                await bus.publish_many(notes)
            latest = (await bus.history("s", limit=1)).latest
            assert latest is not None
            stored = int(latest.partition(".")[2])
            assert numbers(await take(viewer, stored)) == list(range(stored))


async def test_an_absent_server_is_a_clear_error(make_bus: MakeBus) -> None:
    bus = make_bus("redis://user:secret@127.0.0.1:1/0", publish_timeout_seconds=0.2)
    with pytest.raises(BusUnavailableError, match=r"127\.0\.0\.1:1 .*Connect call failed|refused") as caught:
        await bus.publish(Note("s", 1))
    assert "secret" not in str(caught.value)
    assert caught.value.retryable
    with pytest.raises(BusUnavailableError):
        await bus.subscribe("s").__aenter__()


def _flood(url: str, count: int) -> None:
    from lockstep_bus import BusSettings
    from support.events import NoteContract

    async def run() -> None:
        async with EventBus(NoteContract(), BusSettings(redis_url=url)) as bus:
            for start in range(0, count, 100):
                await bus.publish_many([Note("s", number, "x" * 5_000) for number in range(start, start + 100)])

    with contextlib.suppress(BusUnavailableError):
        asyncio.run(run())
