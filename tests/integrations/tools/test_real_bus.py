"""Over a real Valkey: what is told from a function arrives, also when the server dies in the middle."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lockstep_bus import BusSettings, EventBus, SyncBusPublisher
from lockstep_events import CONTRACT, EventDispatcher, RunDispatcher, SyncEventDispatcher, parse_event
from lockstep_events.runtime.outbox import Outbox
from lockstep_integrations.otel import traced
from support.embedded_processes import servers_of, wait_until_none
from support.valkey import ValkeyServer, valkey


@pytest.fixture
def server() -> Iterator[ValkeyServer]:
    with valkey("--appendonly", "yes", "--appendfsync", "always") as server:
        yield server


@pytest.fixture
async def bus(server: ValkeyServer) -> AsyncIterator[EventBus]:
    """A bus that gives up soon, so that an outage is seen as one."""
    async with EventBus(CONTRACT, _settings(server)) as bus:
        yield bus


def _settings(server: ValkeyServer) -> BusSettings:
    return BusSettings(redis_url=server.url, publish_timeout_seconds=0.3, command_timeout_seconds=0.2)


async def history(bus: EventBus, session_id: str = "s") -> list[Any]:
    """Everything that a viewer of the session gets."""
    events: list[Any] = []
    after: str | None = None
    while True:
        page = await bus.history(session_id, after=after, limit=1000)
        events += [parse_event(frame.data) for frame in page.frames]
        if page.next is None:
            return events
        after = page.next


async def work(session: RunDispatcher, kill: Callable[[], object]) -> str:
    """An agent: while it speaks, the server dies."""

    @session.tool
    async def fetch(number: int) -> int:
        await asyncio.sleep(0.01)
        return number

    async with session.step("answer"):
        async with session.message() as message:
            for number in range(300):
                message.write(f"{number} ")
                if number == 100:
                    await asyncio.to_thread(kill)
                await asyncio.sleep(0.002)
        results = await asyncio.gather(*(fetch(number) for number in range(10)))
        async for attempt in session.retrying(wait=0.01):
            with attempt:
                if attempt.number == 1:
                    raise ConnectionError("refused")
    return f"fetched {sum(results)}"


async def test_the_server_dies_in_the_middle_of_a_run(bus: EventBus, server: ValkeyServer) -> None:
    dispatcher = EventDispatcher(bus)
    assert await asyncio.wait_for(work(dispatcher.session("s", run_id="r"), server.stop), 10) == "fetched 45"
    await asyncio.sleep(0.5)  # long enough for the bus to give up, and for the outbox to try again
    await asyncio.to_thread(server.start)
    assert await Outbox.of(bus).flush(20)

    judge(await history(bus))


async def test_the_embedded_server_dies_in_the_middle_of_a_run(tmp_path: Path) -> None:
    async with EventBus(CONTRACT, BusSettings(data_dir=tmp_path, redis_url=None)) as bus:
        session = EventDispatcher(bus).session("s", run_id="r")

        def kill() -> None:
            for server in servers_of(tmp_path):
                os.kill(server, signal.SIGKILL)

        assert await asyncio.wait_for(work(session, kill), 10) == "fetched 45"
        assert await Outbox.of(bus).flush(20)
        judge(await history(bus))
    wait_until_none(tmp_path)


def judge(events: list[Any]) -> None:
    """The whole run: every text, every pair, once and in order."""
    text = "".join(event.payload.delta for event in events if event.type == "agent_message_delta")
    assert text == "".join(f"{number} " for number in range(300))
    assert len({event.event_id for event in events}) == len(events)
    types = [event.type for event in events if event.type != "agent_message_delta"]
    assert types[:3] == ["workflow_step_started", "agent_message_started", "agent_message_completed"]
    assert types[3:-2] == [
        *["tool_call_started", "tool_call_execution_started"] * 10,
        *["tool_call_result"] * 10,
    ]
    assert types[-2:] == ["retry_attempted", "workflow_step_completed"]


async def test_what_does_not_fit_is_announced(server: ValkeyServer) -> None:
    async with EventBus(CONTRACT, _settings(server)) as bus:
        outbox = Outbox(bus, limit=20_000)
        session = SyncEventDispatcher(outbox).session("s", run_id="r")
        session.run_started()
        assert await outbox.flush()
        server.stop()
        for number in range(2000):
            session.agent_message_delta(message_id=f"m{number}", delta="x" * 100)
        session.run_completed()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(server.start)
        assert await outbox.flush(20)
        events = await history(bus)
    kept = [event for event in events if event.type == "agent_message_delta"]
    gap = next(event for event in events if event.type == "error_occurred")
    assert gap.payload.code == "EVENTS_LOST"
    assert len(kept) + gap.payload.details["events"] == 2000
    assert [event.type for event in events if event not in kept] == ["run_started", "error_occurred", "run_completed"]
    assert events[-2] == gap


@pytest.mark.parametrize("looked_on", [False, True])
async def test_closing_the_bus_stores_what_is_left(server: ValkeyServer, looked_on: bool) -> None:
    async with (
        EventBus(CONTRACT, _settings(server)) as bus,
        EventDispatcher(traced(bus) if looked_on else bus).session("s").message() as message,
    ):
        message.write("the end")
    async with EventBus(CONTRACT, _settings(server)) as bus:
        types = [event.type for event in await history(bus)]
    assert types == ["agent_message_started", "agent_message_delta", "agent_message_completed"]


def test_programs_without_a_loop(server: ValkeyServer) -> None:
    with (
        SyncBusPublisher(EventBus(CONTRACT, _settings(server))) as publisher,
        SyncEventDispatcher(publisher).session("s").message() as message,
    ):
        threads = [threading.Thread(target=message.write, args=(text,)) for text in "abc"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    async def read() -> list[Any]:
        async with EventBus(CONTRACT, _settings(server)) as bus:
            return await history(bus)

    events = asyncio.run(read())
    assert sorted(event.payload.delta for event in events[1:-1]) == ["a", "b", "c"]
    assert events[-1].type == "agent_message_completed"
