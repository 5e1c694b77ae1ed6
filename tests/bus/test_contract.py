"""What every engine must do alike: embedded, single, Sentinel, Cluster."""

import asyncio

import pytest
from lockstep_bus import CursorError, EventBus, EventTooLargeError, Frame, SessionIdError
from support.events import Note
from support.viewing import cursors, gaps, numbers, take


async def test_events_arrive_in_order_with_contiguous_cursors(any_bus: EventBus) -> None:
    receipts = [await any_bus.publish(Note("s", number)) for number in range(3)]
    async with any_bus.subscribe("s") as subscription:
        receipts += await any_bus.publish_many([Note("s", number) for number in range(3, 6)])
        items = await take(subscription, 6)
    assert numbers(items) == list(range(6))
    assert cursors(items) == [receipt.cursor for receipt in receipts]
    epoch = receipts[0].cursor.partition(".")[0]
    assert [receipt.cursor for receipt in receipts] == [f"{epoch}.{offset}" for offset in range(1, 7)]


async def test_a_repeated_event_is_stored_once(any_bus: EventBus) -> None:
    note = Note("s", 1)
    first, second = await any_bus.publish(note), await any_bus.publish(note)
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.cursor == second.cursor
    assert len((await any_bus.history("s")).frames) == 1


async def test_concurrent_publishes_keep_the_order_of_the_calls(any_bus: EventBus) -> None:
    await asyncio.gather(*(any_bus.publish(Note("s", number)) for number in range(500)))
    assert numbers(list((await any_bus.history("s", limit=500)).frames)) == list(range(500))


async def test_a_viewer_resumes_after_its_cursor(any_bus: EventBus) -> None:
    receipts = await any_bus.publish_many([Note("s", number) for number in range(10)])
    async with any_bus.subscribe("s", after=receipts[3].cursor) as subscription:
        assert subscription.opening.recovered
        assert subscription.opening.cursor == receipts[3].cursor
        assert numbers(await take(subscription, 6)) == [4, 5, 6, 7, 8, 9]


async def test_a_viewer_may_start_now(any_bus: EventBus) -> None:
    await any_bus.publish(Note("s", 1))
    async with any_bus.subscribe("s", start="now") as subscription:
        await any_bus.publish(Note("s", 2))
        assert numbers(await take(subscription, 1)) == [2]


async def test_a_viewer_who_came_first_resumes_from_the_opening(any_bus: EventBus) -> None:
    async with any_bus.subscribe("s") as subscription:
        cursor = subscription.opening.cursor
    await any_bus.publish(Note("s", 1))
    async with any_bus.subscribe("s", after=cursor) as subscription:
        assert subscription.opening.recovered
        assert numbers(await take(subscription, 1)) == [1]


async def test_many_sessions_share_the_connection_and_stay_apart(any_bus: EventBus) -> None:
    async def watch(session: str) -> list[int]:
        async with any_bus.subscribe(session) as subscription:
            ready.release()
            return numbers(await take(subscription, 5))

    ready = asyncio.Semaphore(0)
    sessions = [f"s{number}" for number in range(50)]
    viewers = [asyncio.create_task(watch(session)) for session in sessions]
    for _ in sessions:
        await ready.acquire()
    await asyncio.gather(
        *(any_bus.publish_many([Note(s, i * 10 + n) for n in range(5)]) for i, s in enumerate(sessions))
    )
    assert await asyncio.gather(*viewers) == [[i * 10 + n for n in range(5)] for i in range(50)]


async def test_a_deleted_session_is_told_and_begins_anew(any_bus: EventBus) -> None:
    old = await any_bus.publish(Note("s", 1))
    async with any_bus.subscribe("s") as subscription:
        await take(subscription, 1)
        assert await any_bus.delete("s")
        (gap,) = gaps(await take(subscription, 1))
        assert (gap.reason, gap.after) == ("session_deleted", old.cursor)
        new = await any_bus.publish(Note("s", 2))
        assert numbers(await take(subscription, 1)) == [2]
    assert new.cursor.partition(".")[0] != old.cursor.partition(".")[0]
    assert new.cursor.partition(".")[2] == "1"
    assert not await any_bus.delete("never-seen")
    async with any_bus.subscribe("s", after=old.cursor) as subscription:
        opened = subscription.opening.gap
        assert opened is not None
        assert opened.reason == "session_deleted"
        assert numbers(await take(subscription, 1)) == [2]


async def test_history_is_paged(any_bus: EventBus) -> None:
    await any_bus.publish_many([Note("s", number) for number in range(250)])
    seen, cursor, pages = list[int](), None, 0
    while True:
        page = await any_bus.history("s", after=cursor, limit=100)
        seen += numbers(list(page.frames))
        pages += 1
        cursor = page.next
        if cursor is None:
            break
    assert (seen, pages) == (list(range(250)), 3)
    nothing = await any_bus.history("unknown")
    assert (nothing.frames, nothing.latest) == ([], None)


async def test_sessions_are_listed_by_last_use(any_bus: EventBus) -> None:
    await any_bus.publish_many([Note("a", 1), Note("a", 2)])
    await asyncio.sleep(0.01)
    receipt = await any_bus.publish(Note("b", 1))
    await any_bus.publish(Note("gone", 1))
    await any_bus.delete("gone")
    found = await any_bus.sessions()
    assert [(info.session_id, info.events) for info in found] == [("b", 1), ("a", 2)]
    assert found[0].latest == receipt.cursor


async def test_a_cursor_of_another_session_reads_nothing_of_it(any_bus: EventBus) -> None:
    foreign = await any_bus.publish(Note("other", 1))
    await any_bus.publish(Note("s", 7))
    async with any_bus.subscribe("s", after=foreign.cursor) as subscription:
        gap = subscription.opening.gap
        assert gap is not None
        assert gap.reason == "epoch_unknown"
        assert numbers(await take(subscription, 1)) == [7]


async def test_large_and_awkward_payloads_go_through_unchanged(any_bus: EventBus) -> None:
    texts = ["x" * 1_000_000, "\r\n\0\u2028\ufeff\x7f\x85 \U0001f600", '"\\data: event: id: 5\n\n']
    await any_bus.publish_many([Note("s", number, text) for number, text in enumerate(texts)])
    async with any_bus.subscribe("s") as subscription:
        items = await take(subscription, 3)
    assert numbers(items) == [0, 1, 2]
    assert all(isinstance(item, Frame) and item.block.count(b"\n") == 3 for item in items)


async def test_bad_requests_are_refused_in_words(any_bus: EventBus) -> None:
    with pytest.raises(EventTooLargeError, match="takes 2000"):
        await any_bus.publish(Note("s", 1, "x" * 2_000_000))
    with pytest.raises(SessionIdError, match="'a}b'"):
        await any_bus.history("a}b")
    with pytest.raises(CursorError, match="'17'"):
        any_bus.subscribe("s", after="17")
    await any_bus.ping()
