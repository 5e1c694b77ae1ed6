"""Steps, messages, calls and retries of a session: what is published, and that nothing else changes."""

import asyncio
from typing import Any

import pytest
from lockstep_events import (
    AgentMessageDeltaEvent,
    EventDispatcher,
    RetryAttemptedEvent,
    SessionDispatcher,
    SyncEventDispatcher,
    ToolCallResultEvent,
    ToolCallStartedEvent,
    WorkflowStepFailedEvent,
    WorkflowStepStartedEvent,
)
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.runtime.scope import SCOPE, Scope
from lockstep_events.testing import RecordingPublisher, SyncRecordingPublisher
from support.outages import Bus

CALL = ["tool_call_started", "tool_call_execution_started", "tool_call_result"]


@pytest.fixture
def recording() -> RecordingPublisher:
    return RecordingPublisher()


@pytest.fixture
def session(recording: RecordingPublisher) -> SessionDispatcher:
    return EventDispatcher(recording).session("s", agent="monitor", run_id="r")


async def test_a_tool_call(session: SessionDispatcher, recording: RecordingPublisher) -> None:
    async with session.tool_call("ls", {"path": "/"}, "tc_1") as call:
        call.result(["etc", "usr"])
    recording.assert_types(CALL)
    recording.assert_published(
        ToolCallStartedEvent, tool_call_id="tc_1", tool_name="ls", args={"path": "/"}, agent="monitor", run_id="r"
    )
    result = recording.assert_published(ToolCallResultEvent, status="success", content='["etc","usr"]')
    assert result.payload.result == ["etc", "usr"]
    assert (result.payload.duration_ms or 0) > 0


@pytest.mark.parametrize(
    ("value", "content", "result"),
    [
        (None, "", None),
        ("text", "text", "text"),
        (1.5, "1.5", 1.5),
        ({"set": {1}}, '{"set":[1]}', {"set": [1]}),
        (object(), "<object>", "<object>"),
        (float("nan"), "NaN", "NaN"),
        ("\ud800", "<str>", "<str>"),
        ("x" * 300_000, None, None),
    ],
)
async def test_any_result(
    session: SessionDispatcher, recording: RecordingPublisher, value: Any, content: str | None, result: Any
) -> None:
    with session.tool_call("any", {"given": value}) as call:
        call.result(value)
    recording.assert_types(CALL)
    payload = recording.of(ToolCallResultEvent)[0].payload
    if content is None:
        assert str(payload.content).endswith("… (300000 characters)")
    else:
        assert (payload.content, payload.result) == (content, result)


async def test_too_long_arguments(session: SessionDispatcher, recording: RecordingPublisher) -> None:
    with session.tool_call("any", {"path": "/", "content": "x" * 2_000_000}):
        pass
    args = recording.of(ToolCallStartedEvent)[0].payload.args or {}
    assert args["path"] == "/"
    assert str(args["content"]).endswith("… (2000002 characters)")


async def test_a_circle_is_no_trouble(session: SessionDispatcher, recording: RecordingPublisher) -> None:
    circle: list[Any] = []
    circle.append(circle)
    with session.tool_call("any", {"given": circle}) as call:
        call.result(circle)
    recording.assert_types(CALL)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("no"), "error"),
        (asyncio.CancelledError(), "cancelled"),
        (KeyboardInterrupt(), "cancelled"),
        (GeneratorExit(), "cancelled"),
    ],
)
async def test_exceptions_go_on_unchanged_and_pairs_balance(
    session: SessionDispatcher, recording: RecordingPublisher, error: BaseException, status: str
) -> None:
    with pytest.raises(type(error)) as caught:
        async with session.step("inspect"), session.message(), session.tool_call("ls"):
            raise error
    assert caught.value is error
    recording.assert_types(
        [
            "workflow_step_started",
            "agent_message_started",
            *CALL,
            "agent_message_completed",
            "workflow_step_failed",
        ]
    )
    recording.assert_published(ToolCallResultEvent, status=status)
    failed = recording.of(WorkflowStepFailedEvent)[0].payload
    assert failed.error.type == type(error).__name__


async def test_steps_nest(session: SessionDispatcher, recording: RecordingPublisher) -> None:
    async with session.step("outer", step_id="1", workflow_name="check"):
        with session.step("inner"):
            pass
        await asyncio.gather(*(_step(session, f"parallel {number}") for number in range(3)))
    with session.step("after"):
        pass
    steps = {event.payload.step_name: event.payload for event in recording.of(WorkflowStepStartedEvent)}
    assert steps["outer"].workflow_name == "check"
    assert {name: step.parent_step_id for name, step in steps.items()} == {
        "outer": None,
        "inner": "1",
        "parallel 0": "1",
        "parallel 1": "1",
        "parallel 2": "1",
        "after": None,
    }


async def _step(session: SessionDispatcher, name: str) -> None:
    async with session.step(name):
        await asyncio.sleep(0)


async def test_a_message(session: SessionDispatcher, recording: RecordingPublisher) -> None:
    async with session.message() as message:
        for delta in ("Hel", "", "lo", "\udcff"):
            message.write(delta)
    recording.assert_types(["agent_message_started", *["agent_message_delta"] * 3, "agent_message_completed"])
    assert [event.payload.delta for event in recording.of(AgentMessageDeltaEvent)] == ["Hel", "lo", "?"]
    assert {event.payload.message_id for event in recording.of(AgentMessageDeltaEvent)} == {message.message_id}


async def test_retrying(session: SessionDispatcher, recording: RecordingPublisher) -> None:
    numbers: list[int] = []
    with session.tool_call("fetch", tool_call_id="tc_1"), session.step("inspect", step_id="1"):
        async for attempt in session.retrying(attempts=4, wait=0.001, on=(ConnectionError, TimeoutError)):
            async with attempt:
                numbers.append(attempt.number)
                if attempt.number < 3:
                    raise ConnectionError(f"refused {attempt.number}")
    assert numbers == [1, 2, 3]
    retries = [event.payload for event in recording.of(RetryAttemptedEvent)]
    assert [(retry.attempt, retry.max_attempts, retry.reason, retry.step_id) for retry in retries] == [
        (2, 4, "refused 1", "1"),
        (3, 4, "refused 2", "1"),
    ]


@pytest.mark.parametrize("error", [ConnectionError("last"), ValueError("another kind"), asyncio.CancelledError()])
async def test_retrying_ends_with_the_last_exception(
    session: SessionDispatcher, recording: RecordingPublisher, error: BaseException
) -> None:
    async def fail() -> None:
        async for attempt in session.retrying(2, wait=0, on=ConnectionError):
            with attempt:
                raise error

    with pytest.raises(type(error)) as caught:
        await fail()
    assert caught.value is error
    assert len(recording.events) == (1 if isinstance(error, ConnectionError) else 0)


async def test_at_least_one_attempt(session: SessionDispatcher) -> None:
    with pytest.raises(ValueError, match="attempts is 0"):
        session.retrying(0)


def test_without_an_event_loop() -> None:
    recording = SyncRecordingPublisher()
    session = SyncEventDispatcher(recording).session("s", run_id="r")
    with session.step("inspect"), session.message("user") as message:
        message.write("Hello")
        for attempt in session.retrying(wait=0):
            with attempt, session.tool_call("ls") as call:
                if attempt.number == 1:
                    raise ConnectionError
                call.result(1)
    recording.assert_types(
        [
            *("workflow_step_started", "agent_message_started", "agent_message_delta"),
            *(*CALL, "retry_attempted", *CALL),
            *("agent_message_completed", "workflow_step_completed"),
        ]
    )
    assert [event.payload.status for event in recording.of(ToolCallResultEvent)] == ["error", "success"]


async def test_a_session_within_a_run_belongs_to_it(recording: RecordingPublisher) -> None:
    outer = Scope(Outbox.of(recording), "s", run_id="r", agent="adapted", step_id="1")
    token = SCOPE.set(outer)
    dispatcher = EventDispatcher(recording)
    with dispatcher.session("s").step("inner"), dispatcher.session("other").step("elsewhere"):
        pass
    SCOPE.reset(token)
    inner, elsewhere = recording.of(WorkflowStepStartedEvent)
    assert (inner.run_id, inner.agent, inner.payload.parent_step_id) == ("r", "adapted", "1")
    assert (elsewhere.run_id, elsewhere.agent, elsewhere.payload.parent_step_id) == (None, None, None)


async def test_nothing_raises_where_the_contract_refuses(
    recording: RecordingPublisher, caplog: pytest.LogCaptureFixture
) -> None:
    session = EventDispatcher(recording).session("not a session id")
    for _ in range(2):
        async with session.step("a"), session.message() as message, session.tool_call("b"):
            message.write("x")
    assert recording.events == []
    assert len(caplog.records) == len({record.message for record in caplog.records})


async def test_awaited_events_keep_their_place_among_the_others() -> None:
    bus = Bus()
    session = EventDispatcher(bus).session("s")
    async with session.step("a"):
        await session.state_snapshot(snapshot=1)
        with session.tool_call("b"):
            await session.state_snapshot(snapshot=2)
    await session.state_snapshot(snapshot=3)
    assert [event.type for event in bus.events] == [
        *("workflow_step_started", "state_snapshot", "tool_call_started", "tool_call_execution_started"),
        *("state_snapshot", "tool_call_result", "workflow_step_completed", "state_snapshot"),
    ]
