"""A server that comes back with less than was seen: nobody who is not is told "recovered"."""

import asyncio
import time
from collections.abc import Callable

from lockstep_bus import EventBus
from support.events import Note
from support.valkey import ValkeyServer, valkey
from support.viewing import cursors, gaps, numbers, take

MakeBus = Callable[..., EventBus]


async def publish(bus: EventBus, first: int, last: int) -> list[str]:
    return [receipt.cursor for receipt in await bus.publish_many([Note("s", n) for n in range(first, last)])]


async def check_after_rollback(bus: EventBus, seen: list[str]) -> None:
    """Events 1 to 10 survived, 11 to 15 are lost, 101 to 106 are new and reuse their offsets."""
    new = await publish(bus, 101, 107)
    assert new[4].partition(".")[2] == seen[14].partition(".")[2], "the trap: offsets are given a second time"
    async with bus.subscribe("s", after=seen[14]) as ahead:
        gap = ahead.opening.gap
        assert gap is not None
        assert (gap.reason, ahead.opening.recovered) == ("log_rolled_back", False)
        assert numbers(await take(ahead, 6)) == list(range(101, 107)), "what both lives share was seen already"
    async with bus.subscribe("s", after=seen[9]) as at_the_fork:
        assert at_the_fork.opening.recovered
        assert numbers(await take(at_the_fork, 6)) == list(range(101, 107))
    async with bus.subscribe("s", after=seen[4]) as behind:
        assert behind.opening.recovered
        assert numbers(await take(behind, 11)) == [6, 7, 8, 9, 10, *range(101, 107)]
    async with bus.subscribe("s") as fresh:
        items = await take(fresh, 16)
        assert numbers(items) == [*range(1, 11), *range(101, 107)]
        assert cursors(items)[:10] == seen[:10], "cursors of old events stay"


async def test_restart_from_an_older_snapshot(make_bus: MakeBus) -> None:
    with valkey() as server:
        bus = make_bus(server.url)
        seen = await publish(bus, 1, 11)
        server.command("SAVE")
        async with bus.subscribe("s") as live:
            seen += await publish(bus, 11, 16)
            assert numbers(await take(live, 15)) == list(range(1, 16))
            server.stop()
            server.start()
            await check_after_rollback(bus, seen)
            items = await take(live, 7)
            (gap,) = gaps(items)
            assert (gap.reason, gap.after) == ("log_rolled_back", seen[14])
            assert numbers(items) == list(range(101, 107))


async def test_a_viewer_who_returns_before_anything_is_published(make_bus: MakeBus) -> None:
    with valkey() as server:
        bus = make_bus(server.url)
        seen = await publish(bus, 1, 11)
        server.command("SAVE")
        seen += await publish(bus, 11, 16)
        server.stop()
        server.start()
        async with bus.subscribe("s", after=seen[14]) as ahead:
            gap = ahead.opening.gap
            assert gap is not None
            assert gap.reason == "log_rolled_back"
        await check_after_rollback(bus, seen)


async def test_two_rollbacks_in_a_row(make_bus: MakeBus) -> None:
    with valkey() as server:
        bus = make_bus(server.url)
        seen = await publish(bus, 1, 6)
        server.command("SAVE")
        seen += await publish(bus, 6, 9)
        server.stop()
        server.start()
        second = await publish(bus, 201, 203)
        server.command("SAVE")
        second += await publish(bus, 203, 206)
        server.stop()
        server.start()
        await publish(bus, 301, 302)
        for cursor, reason, following in (
            (seen[4], None, [201, 202, 301]),
            (seen[6], "log_rolled_back", [201, 202, 301]),
            (second[1], None, [301]),
            (second[4], "log_rolled_back", [301]),
        ):
            async with bus.subscribe("s", after=cursor) as viewer:
                assert (viewer.opening.gap.reason if viewer.opening.gap else None) == reason
                assert numbers(await take(viewer, len(following))) == following


async def test_restart_with_nothing_left(make_bus: MakeBus) -> None:
    with valkey() as server:
        bus = make_bus(server.url)
        seen = await publish(bus, 1, 4)
        async with bus.subscribe("s") as live:
            await take(live, 3)
            server.stop()
            server.start()
            await publish(bus, 11, 15)
            items = await take(live, 5)
            assert [gap.reason for gap in gaps(items)] == ["epoch_unknown"]
            assert numbers(items) == [11, 12, 13, 14]
        async with bus.subscribe("s", after=seen[2]) as returning:
            assert returning.opening.gap is not None


async def test_a_lagging_replica_is_promoted(make_bus: MakeBus) -> None:
    with valkey() as primary, valkey("--replicaof", f"127.0.0.1 {primary.port}") as replica:
        await _until_linked(replica)
        bus = make_bus(primary.url)
        seen = await publish(bus, 1, 11)
        assert primary.command("WAIT", 1, 5000).startswith(b":1")
        replica.command("REPLICAOF", "NO", "ONE")  # hears nothing more, as one that lags does
        seen += await publish(bus, 11, 16)
        primary.stop()
        await check_after_rollback(make_bus(replica.url), seen)


async def test_the_same_server_promoted_again_after_losing_writes(make_bus: MakeBus) -> None:
    """The process is the same both times, only its replication history tells: a run_id alone would not."""
    with valkey() as first, valkey("--replicaof", f"127.0.0.1 {first.port}") as second:
        await _until_linked(second)
        bus = make_bus(first.url)
        seen = await publish(bus, 1, 11)
        assert first.command("WAIT", 1, 5000).startswith(b":1")
        second.command("REPLICAOF", "NO", "ONE")
        seen += await publish(bus, 11, 16)
        first.command("REPLICAOF", "127.0.0.1", second.port)
        await _until_linked(first)
        first.command("REPLICAOF", "NO", "ONE")
        await check_after_rollback(make_bus(first.url), seen)


async def test_a_bus_that_stays_connected_notices_the_promotion(make_bus: MakeBus) -> None:
    with valkey() as first, valkey("--replicaof", f"127.0.0.1 {first.port}") as second:
        await _until_linked(second)
        bus = make_bus(first.url, heartbeat_seconds=0.1)
        (before,) = await publish(bus, 1, 2)
        second.command("REPLICAOF", "NO", "ONE")
        first.command("REPLICAOF", "127.0.0.1", second.port)
        await _until_linked(first)
        await asyncio.sleep(0.5)  # several heartbeats
        first.command("REPLICAOF", "NO", "ONE")
        await asyncio.sleep(0.5)
        (after,) = await publish(bus, 2, 3)
        assert before.partition(".")[0] != after.partition(".")[0]


async def test_lost_metadata_begins_a_new_life(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url)
    (cursor,) = await publish(bus, 1, 2)
    server.command("DEL", "{session:s}:meta")
    (new,) = await publish(bus, 2, 3)
    assert new.partition(".")[0] != cursor.partition(".")[0]
    async with bus.subscribe("s", after=cursor) as viewer:
        assert viewer.opening.gap is not None
        assert numbers(await take(viewer, 1)) == [2]


async def test_a_restart_with_everything_kept_interrupts_nobody(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url)
    async with bus.subscribe("s") as live:
        await publish(bus, 1, 11)
        server.stop()
        server.start()
        await publish(bus, 11, 21)
        items = await take(live, 20)
        assert (numbers(items), gaps(items)) == (list(range(1, 21)), [])


async def _until_linked(server: ValkeyServer) -> None:
    deadline = time.monotonic() + 20
    while b"master_link_status:up" not in server.command("INFO", "replication"):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
