"""What a log keeps: by count, by bytes, by time since the last use; and how the rest is announced."""

import asyncio
from collections.abc import Callable

from lockstep_bus import BusSettings, EventBus
from support.events import Note
from support.valkey import ValkeyServer
from support.viewing import gaps, numbers, take

MakeBus = Callable[..., EventBus]


async def kept(bus: EventBus) -> list[int]:
    seen, cursor = list[int](), None
    while True:
        page = await bus.history("s", after=cursor, limit=1000)
        seen += numbers(list(page.frames))
        if (cursor := page.next) is None:
            return seen


async def test_by_count(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, retention_events=100)
    for number in range(500):
        await bus.publish(Note("s", number))
    seen = await kept(bus)
    assert seen == list(range(500 - len(seen), 500))
    assert 100 - 16 < len(seen) <= 100


async def test_by_bytes(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, retention_megabytes=1)
    await bus.publish_many([Note("s", number, "x" * 10_000) for number in range(300)])
    seen = await kept(bus)
    assert seen == list(range(300 - len(seen), 300))
    assert 1_000_000 - 17 * 10_500 < len(seen) * 10_200 < 1_000_000
    assert int(server.command("HGET", "{session:s}:meta", "z").split(b"\r\n")[1].partition(b".")[0]) <= 1_000_000
    await bus.publish(Note("s", 300, "x" * 1_200_000))
    assert await kept(bus) == [300], "the newest event is always kept"


async def test_by_time_since_the_last_use(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, retention_hours=1 / 3600)
    old = await bus.publish(Note("s", 1))
    for _ in range(4):
        await asyncio.sleep(0.4)
        await bus.publish(Note("s", 2))
    await asyncio.sleep(0.4)
    newest = await bus.publish(Note("s", 2))
    assert len(await kept(bus)) == 6, "use keeps a log alive"
    await asyncio.sleep(2.3)
    page = await bus.history("s")
    assert (page.frames, page.earliest, page.latest) == ([], None, newest.cursor)
    async with bus.subscribe("s", after=newest.cursor) as viewer:
        assert viewer.opening.recovered, "who has seen everything has missed nothing"
    async with bus.subscribe("s", after=old.cursor) as viewer:
        gap = viewer.opening.gap
        assert gap is not None
        assert (gap.reason, gap.resumes_at) == ("trimmed", newest.cursor)
        following = await bus.publish(Note("s", 3))
        assert numbers(await take(viewer, 1)) == [3]
    assert int(following.cursor.partition(".")[2]) == int(newest.cursor.partition(".")[2]) + 1


async def test_a_trimmed_cursor_gets_a_gap_and_then_everything_kept(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, retention_events=50)
    receipts = await bus.publish_many([Note("s", number) for number in range(200)])
    async with bus.subscribe("s", after=receipts[10].cursor) as viewer:
        gap = viewer.opening.gap
        assert gap is not None
        assert (gap.reason, gap.after, gap.latest) == ("trimmed", receipts[10].cursor, receipts[-1].cursor)
        assert gap.earliest is not None
        first = int(gap.earliest.partition(".")[2])
        assert int(gap.resumes_at.partition(".")[2]) == first - 1
        assert numbers(await take(viewer, 200 - first + 1)) == list(range(first - 1, 200))


async def test_a_reader_slower_than_the_log_is_told(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, retention_events=50, reader_queue_kilobytes=1)
    async with bus.subscribe("s") as viewer:
        for start in range(0, 500, 10):
            await bus.publish_many([Note("s", number) for number in range(start, start + 10)])
        items = await take(viewer, 30)
    (gap,) = gaps(items)
    assert gap.reason == "trimmed"
    seen = numbers(items)
    assert seen == list(range(seen[0], 500))


async def test_repeats_are_recognised_among_the_newest(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, remembered_events=10)
    notes = [Note("s", number) for number in range(35)]
    for note in notes:
        await bus.publish(note)
    assert all([(await bus.publish(note)).duplicate for note in notes[-10:]])
    assert await kept(bus) == list(range(35))


async def test_an_evicted_log_does_not_confuse_the_count(make_bus: MakeBus, server: ValkeyServer) -> None:
    bus = make_bus(server.url, retention_megabytes=1)
    await bus.publish_many([Note("s", number, "x" * 9_000) for number in range(100)])
    server.command("DEL", "{session:s}:log")
    await bus.publish_many([Note("s", number, "x" * 9_000) for number in range(100, 200)])
    assert await kept(bus) == list(range(100, 200))


def test_the_defaults_hold_half_an_hour_of_tokens() -> None:
    settings, tokens = BusSettings(redis_url=None), 40 * 60 * 30
    assert settings.retention_events >= tokens
    assert settings.retention_megabytes * 1_000_000 >= tokens * (350 + 64)
    assert settings.retention_hours >= 1
