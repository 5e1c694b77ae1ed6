"""What a type checker accepts, with the types it finds (test_typing.py)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, assert_type

from lockstep_events import (
    CONTRACT,
    EVENT_CLASSES,
    AgentEvent,
    AgentMessageDeltaEvent,
    AgentMessageDeltaPayload,
    Contract,
    Event,
    EventDispatcher,
    EventHandler,
    EventType,
    JsonValue,
    MoveOperation,
    PatchOperation,
    Publisher,
    Receipt,
    RunDispatcher,
    RunStartedEvent,
    SessionDispatcher,
    SyncEventDispatcher,
    SyncPublisher,
    SyncRunDispatcher,
    SyncSessionDispatcher,
    TokenUsage,
    ToolCallResultEvent,
    ToolCallStartedEvent,
    ToolCallStartedPayload,
    UnknownEvent,
    encode_event,
    parse_event,
)
from lockstep_events.testing import RecordingPublisher, SyncRecordingPublisher


async def dispatch(publisher: Publisher, settings: dict[str, str], anything: dict[str, Any], run: str | None) -> None:
    dispatcher = EventDispatcher(publisher)
    receipt = await dispatcher.tool_call_started(
        session_id="abc", tool_call_id="tc_1", tool_name="ls", args=settings, agent="monitor", metadata=anything
    )
    assert_type(receipt, Receipt)
    await dispatcher.tool_call_started(session_id="abc", tool_call_id="tc_1", tool_name="ls", args=None, agent=None)
    await dispatcher.state_snapshot(session_id="abc", snapshot=None)
    operations: list[PatchOperation] = [MoveOperation(op="move", from_="/a", path="/b")]
    await dispatcher.state_delta(session_id="abc", delta=operations)
    await dispatcher.tool_call_result(session_id="abc", message_id="m", tool_call_id="t", content="x", status="success")
    await dispatcher.metrics_updated(session_id="abc", usage=[TokenUsage(input_tokens=1)], counters={"a": 1})

    session = dispatcher.session("abc", agent="monitor")
    assert_type(session, SessionDispatcher)
    await session.run_started(run_id="r1")
    assert_type(dispatcher.session("abc", run_id=run), SessionDispatcher)
    in_run = dispatcher.session("abc", agent="monitor", run_id="r1")
    assert_type(in_run, RunDispatcher)
    assert_type(await in_run.run_started(), Receipt)
    await in_run.agent_message_delta(message_id="m1", delta="x")


def dispatch_without_a_loop(publisher: SyncPublisher) -> None:
    dispatcher = SyncEventDispatcher(publisher)
    assert_type(dispatcher.agent_message_delta(session_id="abc", message_id="m1", delta="x"), Receipt)
    assert_type(dispatcher.session("abc"), SyncSessionDispatcher)
    assert_type(dispatcher.session("abc", run_id="r1"), SyncRunDispatcher)
    dispatcher.session("abc", run_id="r1").run_started()


async def tools(dispatcher: EventDispatcher, session: SessionDispatcher) -> None:
    @dispatcher.tool
    async def add(a: int, b: int = 1) -> int:
        return a + b

    @session.tool(name="times")
    def multiply(a: float, *, b: float) -> float:
        return a * b

    class Kit:
        @dispatcher.tool
        def ls(self, path: str) -> list[str]:
            return [path]

    assert_type(await add(1, b=2), int)
    assert_type(multiply(1, b=2), float)
    assert_type(Kit().ls("/"), list[str])


async def activities(session: SessionDispatcher, in_loop: SyncSessionDispatcher) -> None:
    async with session.step("inspect") as step, session.tool_call("ls", {"path": "/"}) as call:
        assert_type(step.step_id, str)
        call.result(object())
    with session.message(role="user", name="Ada") as message:
        assert_type(message.write("x"), None)
    async for attempt in session.retrying(attempts=3, on=(OSError, TimeoutError)):
        async with attempt:
            assert_type(attempt.number, int)
    for attempt in in_loop.retrying():
        with attempt, in_loop.step("inspect"), in_loop.tool_call("ls", tool_call_id="tc") as call:
            assert_type(call.tool_call_id, str)


def read(raw: bytes) -> str:
    event = parse_event(raw)
    assert_type(encode_event(event), bytes)
    assert_type(event.time, datetime)
    if isinstance(event, UnknownEvent):
        return event.type
    if event.type == "tool_call_result":
        assert_type(event, ToolCallResultEvent)
        assert_type(event.payload.status, Literal["success", "error", "cancelled", "unknown"] | None)
    if isinstance(event, ToolCallStartedEvent):
        assert_type(event.type, Literal["tool_call_started"])
        assert_type(event.run_id, str | None)
        assert_type(event.payload.args, Mapping[str, JsonValue] | None)
    return event.type


def every_type_is_decided(event: RunStartedEvent | ToolCallStartedEvent) -> str:
    match event.type:
        case "run_started":
            return event.run_id
        case "tool_call_started":
            return event.payload.tool_name


class Listening(EventHandler):
    async def on_agent_message_delta(self, event: AgentMessageDeltaEvent) -> None:
        assert_type(event.payload, AgentMessageDeltaPayload)

    async def on_event(self, event: AgentEvent) -> None:
        await super().on_event(event)


def test_double() -> None:
    publisher = RecordingPublisher()
    EventDispatcher(publisher)
    SyncEventDispatcher(SyncRecordingPublisher())
    assert_type(publisher.of(RunStartedEvent), list[RunStartedEvent])
    assert_type(publisher.assert_published(RunStartedEvent, run_id="r1"), RunStartedEvent)
    assert_type(publisher.events, list[Event])


def contract(given: Contract = CONTRACT) -> None:
    assert_type(given.parse(b""), Event)
    assert_type(given.event_types, tuple[str, ...])
    kind: EventType = "run_started"
    assert_type(EVENT_CLASSES[kind], type[AgentEvent])


ToolCallStartedPayload(tool_call_id="tc", tool_name="ls", args=None)
ToolCallStartedPayload(tool_call_id="tc", tool_name="ls", args={"a": [1, {"b": None}]})
