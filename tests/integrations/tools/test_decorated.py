"""Decorated functions: they stay what they are, and each call is published once, whoever else publishes it."""

import asyncio
import dataclasses
import inspect
import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lockstep_events import EventDispatcher, SyncEventDispatcher, ToolCallResultEvent, ToolCallStartedEvent
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.runtime.scope import SCOPE, TICKET, Scope, Ticket
from lockstep_events.testing import RecordingPublisher, SyncRecordingPublisher

CALL = ["tool_call_started", "tool_call_execution_started", "tool_call_result"]


@pytest.fixture
def recording() -> RecordingPublisher:
    return RecordingPublisher()


@pytest.fixture
def dispatcher(recording: RecordingPublisher) -> EventDispatcher:
    return EventDispatcher(recording)


@pytest.fixture
def scope(recording: RecordingPublisher) -> Iterator[Scope]:
    scope = Scope(Outbox.of(recording), "s", run_id="r", agent="monitor")
    token = SCOPE.set(scope)
    yield scope
    SCOPE.reset(token)


@contextmanager
def announced(name: str, call_id: str = "tc") -> Generator[Ticket]:
    """What an adapter does around the body of a tool."""
    ticket = Ticket(name, call_id)
    TICKET.set(ticket)
    yield ticket
    TICKET.set(None)


def ids(recording: RecordingPublisher) -> list[tuple[str, str]]:
    events: list[Any] = [*recording.events]
    return [(event.type, event.payload.tool_call_id) for event in events]


@pytest.mark.usefixtures("scope")
async def test_coroutines_and_functions(dispatcher: EventDispatcher, recording: RecordingPublisher) -> None:
    @dispatcher.tool
    async def add(a: int, b: int = 2, *rest: int, scale: float = 1, **more: Any) -> int:
        """Adds."""
        assert (rest, scale, more) in (((), 1, {}), ((4, 5), 2, {"unit": "m"}))
        return a + b

    @dispatcher.tool(name="times")
    def multiply(a: int, b: int) -> int:
        return a * b

    assert await add(1) == 3
    assert await add(1, 3, 4, 5, scale=2, unit="m") == 4
    assert multiply(2, b=3) == 6
    recording.assert_types(CALL * 3)
    calls = [(event.payload.tool_name, event.payload.args) for event in recording.of(ToolCallStartedEvent)]
    assert calls == [
        ("add", {"a": 1}),
        ("add", {"a": 1, "b": 3, "rest": [4, 5], "scale": 2, "unit": "m"}),
        ("times", {"a": 2, "b": 3}),
    ]
    assert {(event.session_id, event.run_id, event.agent) for event in recording.of(ToolCallStartedEvent)} == {
        ("s", "r", "monitor")
    }
    assert inspect.iscoroutinefunction(add)
    assert (add.__name__, add.__doc__) == ("add", "Adds.")
    assert str(inspect.signature(add)).startswith("(a: int, b: int = 2, *rest: int, scale: float = 1")


@pytest.mark.usefixtures("scope")
async def test_a_wrong_call_fails_as_it_would(dispatcher: EventDispatcher, recording: RecordingPublisher) -> None:
    @dispatcher.tool
    def one(a: int) -> int:
        return a

    with pytest.raises(TypeError, match="one"):
        one(1, 2, b=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # it is wrong on purpose
    recording.assert_types(CALL)
    recording.assert_published(ToolCallStartedEvent, args={"a": 1, "args": [2], "b": 3})
    recording.assert_published(ToolCallResultEvent, status="error")


@pytest.mark.usefixtures("scope")
async def test_what_is_not_json(dispatcher: EventDispatcher, recording: RecordingPublisher) -> None:
    @dataclasses.dataclass
    class Point:
        x: int

    class Context:
        def __repr__(self) -> str:
            raise RuntimeError("do not look at me")

    @dispatcher.tool
    def look(path: Path, point: Point, context: Context, raw: bytes) -> Context:
        assert (path, point, raw) == (Path("/etc"), Point(1), b"\xff")
        return context

    context = Context()
    assert look(Path("/etc"), Point(1), context, b"\xff") is context
    args = {"path": "/etc", "point": {"x": 1}, "context": "<Context>", "raw": "_w=="}
    recording.assert_published(ToolCallStartedEvent, args=args)
    recording.assert_published(ToolCallResultEvent, content="<Context>", status="success")


@pytest.mark.usefixtures("scope")
async def test_methods(dispatcher: EventDispatcher, recording: RecordingPublisher) -> None:
    class Kit:
        @dispatcher.tool
        async def ls(self, path: str) -> str:
            return path

        @staticmethod
        @dispatcher.tool
        def cat(path: str) -> str:
            return path

    assert await Kit().ls("/") == "/"
    assert Kit.cat("/etc") == "/etc"
    assert [event.payload.args for event in recording.of(ToolCallStartedEvent)] == [{"path": "/"}, {"path": "/etc"}]


def test_only_functions_are_decorated(dispatcher: EventDispatcher) -> None:
    def generate() -> Iterator[int]:
        yield 1

    tool: Any = dispatcher.tool
    wrongs: list[Any] = [1, int, generate, staticmethod(generate)]
    for wrong in wrongs:
        with pytest.raises(TypeError, match=r"is not a function|is a generator"):
            tool(wrong)
    assert tool(partial(max, 1))(2) == 2


async def test_outside_any_session(
    dispatcher: EventDispatcher, recording: RecordingPublisher, caplog: pytest.LogCaptureFixture
) -> None:
    @dispatcher.tool
    def lonely() -> int:
        return 1

    assert [lonely(), lonely()] == [1, 1]
    assert recording.events == []
    assert [(record.levelno, "'lonely'" in record.message) for record in caplog.records] == [(logging.WARNING, True)]


async def test_a_session_of_its_own(recording: RecordingPublisher) -> None:
    session = EventDispatcher(recording).session("mine", run_id="r2")

    @session.tool
    async def ls() -> None: ...

    await ls()
    recording.assert_published(ToolCallStartedEvent, session_id="mine", run_id="r2")


def test_a_session_without_a_loop() -> None:
    recording = SyncRecordingPublisher()
    session = SyncEventDispatcher(recording).session("s")

    @session.tool
    def ls() -> int:
        return 1

    assert ls() == 1
    recording.assert_types(CALL)


@pytest.mark.usefixtures("scope")
async def test_a_call_that_an_adapter_published_is_not_published_again(
    dispatcher: EventDispatcher, recording: RecordingPublisher
) -> None:
    @dispatcher.tool(name="list")
    async def ls() -> int:
        return 1

    for name in ("list", "ls"):
        with announced(name) as ticket:
            assert await ls() == 1
        assert ticket.used
    assert recording.events == []
    with announced("another") as ticket:
        await ls()
    assert not ticket.used
    recording.assert_types(CALL)


@pytest.mark.usefixtures("scope")
async def test_what_a_tool_calls_in_turn_is_published(
    dispatcher: EventDispatcher, recording: RecordingPublisher
) -> None:
    @dispatcher.tool
    async def factorial(n: int) -> int:
        return n * await factorial(n - 1) if n > 1 else 1

    with announced("factorial"):
        assert await factorial(3) == 6
    assert [event.payload.args for event in recording.of(ToolCallStartedEvent)] == [{"n": 2}, {"n": 1}]
    assert [event.payload.result for event in recording.of(ToolCallResultEvent)] == [1, 2]


@pytest.mark.usefixtures("scope")
async def test_parallel_calls_of_one_name(dispatcher: EventDispatcher, recording: RecordingPublisher) -> None:
    @dispatcher.tool
    async def fetch(number: int) -> int:
        await asyncio.sleep(0.001 * (5 - number % 5))
        return number

    async def adapted(number: int) -> int:
        with announced("fetch", f"tc_{number}"):
            return await fetch(number)

    numbers = range(20)
    results = await asyncio.gather(*(adapted(each) if each % 2 else fetch(each) for each in numbers))
    assert results == [*numbers]
    assert [event.payload.args for event in recording.of(ToolCallStartedEvent)] == [
        {"number": n} for n in range(0, 20, 2)
    ]
    calls = {call_id for _, call_id in ids(recording)}
    assert sorted(ids(recording)) == sorted((type, call_id) for call_id in calls for type in CALL)


@pytest.mark.usefixtures("scope")
async def test_cancelled_calls_end(dispatcher: EventDispatcher, recording: RecordingPublisher) -> None:
    @dispatcher.tool
    async def forever() -> None:
        await asyncio.sleep(1000)

    task = asyncio.create_task(forever())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    recording.assert_types(CALL)
    recording.assert_published(ToolCallResultEvent, status="cancelled")


@pytest.mark.usefixtures("scope")
async def test_threads_belong_to_the_session_that_started_them(
    dispatcher: EventDispatcher, recording: RecordingPublisher
) -> None:
    @dispatcher.tool
    def work(number: int) -> int:
        return number

    assert await asyncio.gather(*(asyncio.to_thread(work, number) for number in range(5))) == [*range(5)]
    assert len(recording.of(ToolCallResultEvent)) == 5
