"""Primaries that die under load, in a Sentinel group and in a cluster: viewers go on, publishers only wait."""

import asyncio
from collections.abc import Callable

from lockstep_bus import EventBus, Gap
from lockstep_bus.keys import slot_of
from support.cluster import cluster
from support.events import Note
from support.sentinel import sentinel_group
from support.valkey import ValkeyServer
from support.viewing import gaps, numbers, take_until

MakeBus = Callable[..., EventBus]
COUNT = 400


async def survive(bus: EventBus, sessions: list[str], harm: Callable[[], None]) -> list[Gap]:
    """Publish to every session during some harm; each viewer must see all of it in order, but for announced gaps."""

    async def publish(session: str) -> dict[int, str]:
        cursors: dict[int, str] = {}
        for number in range(COUNT):
            cursors[number] = (await bus.publish(Note(session, number))).cursor
            await asyncio.sleep(0.005)
        return cursors

    async def watch(session: str) -> list[Gap]:
        async with bus.subscribe(session) as viewer:
            started.release()
            items = await take_until(viewer, lambda seen: numbers(seen)[-1:] == [COUNT - 1])
        seen = numbers(items)
        assert seen == sorted(set(seen)), "in order, each once"
        if not gaps(items):
            assert seen == list(range(COUNT)), "all of them, unless a gap says otherwise"
        return gaps(items)

    started = asyncio.Semaphore(0)
    viewers = [asyncio.create_task(watch(session)) for session in sessions]
    for _ in sessions:
        await started.acquire()
    publishers = [asyncio.create_task(publish(session)) for session in sessions]
    await asyncio.sleep(0.5)
    await asyncio.to_thread(harm)
    await asyncio.gather(*publishers)
    return [gap for found in await asyncio.gather(*viewers) for gap in found]


async def test_sentinel_fails_over(make_bus: MakeBus) -> None:
    with sentinel_group() as group:
        bus = make_bus(group.url, publish_timeout_seconds=30)
        await survive(bus, ["a", "b"], group.primary.stop)
        assert b"role:master" in group.replica.command("INFO", "replication")


async def test_a_cluster_fails_over(make_bus: MakeBus) -> None:
    with cluster(primaries=3, replicas=1) as nodes:
        bus = make_bus(nodes.url, publish_timeout_seconds=30)
        await survive(bus, [f"s{number}" for number in range(9)], nodes.primaries[1].stop)


async def test_slots_move_to_another_primary(make_bus: MakeBus) -> None:
    with cluster(primaries=2) as nodes:
        bus = make_bus(nodes.url, publish_timeout_seconds=30)
        names = [server.command("CLUSTER", "MYID").split(b"\r\n")[1].decode() for server in nodes.primaries]
        slots = {slot_of_session(session): session for session in ("a", "b", "c", "d")}

        def move() -> None:
            for slot in slots:
                source = 0 if slot < 8192 else 1
                give(nodes.primaries[source], nodes.primaries[1 - source], names[1 - source], names[source], slot)

        assert await survive(bus, list(slots.values()), move) == []


def slot_of_session(session: str) -> int:
    return slot_of(f"session:{session}".encode())


def give(source: ValkeyServer, target: ValkeyServer, target_name: str, source_name: str, slot: int) -> None:
    """Move one slot while it is being written to, as `redis-cli --cluster reshard` does."""
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source_name)
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target_name)
    while (keys := source.command("CLUSTER", "GETKEYSINSLOT", slot, 10)) != b"*0\r\n":
        names = keys.decode().split("\r\n")[2::2]
        source.command("MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *[name for name in names if name])
    for server in (target, source):
        server.command("CLUSTER", "SETSLOT", slot, "NODE", target_name)
