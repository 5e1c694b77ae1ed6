"""Every event through every dispatcher: the keywords land where the schema has them."""

import inspect
import json
from typing import Any, cast

import pytest
from lockstep_events import (
    CONTRACT,
    EventDispatcher,
    RunDispatcher,
    SessionDispatcher,
    SyncEventDispatcher,
    SyncRunDispatcher,
    SyncSessionDispatcher,
    ToolCallResultEvent,
    UnknownEvent,
    encode_event,
    parse_event,
)
from lockstep_events.runtime import Event, Stamp
from lockstep_events.testing import RecordingPublisher, SyncRecordingPublisher
from pydantic import ValidationError
from support.golden import GOLDEN

PUBLISHED = [name for name in GOLDEN if name.partition(".")[0] not in CONTRACT.unlogged]
BOUND = ("session_id", "agent", "run_id", "subagent_run_id")


def keywords(name: str) -> dict[str, Any]:
    """A golden event as keywords: its envelope and its payload side by side, objects as their classes."""
    event: Any = parse_event(GOLDEN[name])
    payload = event.payload
    members = {field: getattr(event, field) for field in event.model_fields_set if field not in ("type", "payload")}
    return {**members, **{field: getattr(payload, field) for field in payload.model_fields_set}}


def written(event: Event) -> Any:
    assert not isinstance(event, UnknownEvent)
    return json.loads(CONTRACT.encode(event))


@pytest.mark.parametrize("name", PUBLISHED)
async def test_a_method_for_each_event(name: str) -> None:
    publisher, method = RecordingPublisher(), name.partition(".")[0]
    receipt = await getattr(EventDispatcher(publisher), method)(**keywords(name))
    assert written(publisher.events[0]) == json.loads(GOLDEN[name])
    assert receipt.event_id == publisher.events[0].event_id


@pytest.mark.parametrize("name", PUBLISHED)
async def test_bound_to_a_session_and_a_run(name: str) -> None:
    publisher, method = RecordingPublisher(), name.partition(".")[0]
    given = keywords(name)
    bound = {field: given.pop(field) for field in BOUND if field in given and (method, field) not in OWN}
    session = EventDispatcher(publisher).session(**{"run_id": "other", **bound})
    assert isinstance(session, RunDispatcher)
    await getattr(session, method)(**given)
    wanted = json.loads(GOLDEN[name])
    if "run_id" not in wanted and "run_id" in written(publisher.events[0]):
        wanted["run_id"] = "other"
    assert written(publisher.events[0]) == wanted


# What an event requires for itself is given with it, whatever is bound.
OWN = {
    ("subagent_started", "subagent_run_id"),
    ("subagent_completed", "subagent_run_id"),
    ("subagent_failed", "subagent_run_id"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_without_an_event_loop(name: str) -> None:
    publisher, method = SyncRecordingPublisher(), name.partition(".")[0]
    getattr(SyncEventDispatcher(publisher), method)(**keywords(name))
    assert written(publisher.events[0]) == json.loads(GOLDEN[name])


async def test_a_keyword_wins_over_what_is_bound() -> None:
    publisher = RecordingPublisher()
    session = EventDispatcher(publisher).session("abc", agent="bound", run_id="r1")
    await session.agent_message_delta(message_id="m", delta="x", agent="given")
    await session.agent_message_delta(message_id="m", delta="x")
    assert [(written(event)["agent"], written(event)["run_id"]) for event in publisher.events] == [
        ("given", "r1"),
        ("bound", "r1"),
    ]


async def test_what_is_bound_goes_only_where_an_event_has_it() -> None:
    publisher = RecordingPublisher()
    session = EventDispatcher(publisher).session("abc", subagent_run_id="s1", run_id="r1")
    await session.run_started()
    assert "subagent_run_id" not in written(publisher.events[0])


def test_a_session_without_a_run_asks_for_it() -> None:
    publisher = SyncRecordingPublisher()
    session = SyncEventDispatcher(publisher).session("abc")
    assert type(session) is SyncSessionDispatcher
    assert type(SyncEventDispatcher(publisher).session("abc", run_id="r")) is SyncRunDispatcher
    session.run_started(run_id="r1")
    assert session.publisher is publisher
    untyped: Any = session
    with pytest.raises(TypeError, match="run_id"):
        untyped.run_started()


async def test_what_the_contract_does_not_allow_is_not_published() -> None:
    publisher = RecordingPublisher()
    dispatcher, wrong = EventDispatcher(publisher), cast(str, 3)
    with pytest.raises(ValidationError, match=r"AgentMessageDeltaEvent\nsession_id"):
        await dispatcher.agent_message_delta(session_id="a b", message_id="m", delta="x")
    with pytest.raises(ValidationError, match=r"payload\.message_id"):
        await dispatcher.agent_message_delta(session_id="abc", message_id=wrong, delta="x")
    assert publisher.events == []


async def test_identity_and_time_are_stamped_once() -> None:
    publisher = RecordingPublisher()
    ticks = iter(range(1_764_000_000_000_000_000, 2_000_000_000_000_000_000, 1_000_000))
    dispatcher = EventDispatcher(publisher, stamp=Stamp(lambda: next(ticks)))
    for _ in range(3):
        await dispatcher.agent_message_delta(session_id="abc", message_id="m", delta="x")
    ids = [event.event_id for event in publisher.events]
    assert ids == sorted(set(ids))
    assert [event.timestamp for event in publisher.events] == [
        f"2025-11-24T16:00:00.{millisecond:03}Z" for millisecond in (1, 3, 5)
    ]
    again = await dispatcher.agent_message_delta(session_id="abc", message_id="m", delta="x", event_id=ids[0])
    assert again.duplicate


async def test_null_as_the_answer_of_a_tool_is_left_out_but_can_be_passed_on() -> None:
    publisher = RecordingPublisher()
    await EventDispatcher(publisher).tool_call_result(
        session_id="abc", message_id="m", tool_call_id="t", content="", result=None
    )
    assert "result" not in written(publisher.events[0])["payload"]
    made = CONTRACT.make(
        "tool_call_result", "abc", {"message_id": "m", "tool_call_id": "t", "content": "", "result": None}
    )
    assert isinstance(made, ToolCallResultEvent)
    assert b'"result":null' in encode_event(made)


def test_every_parameter_is_a_documented_keyword() -> None:
    for kind in (EventDispatcher, SessionDispatcher, RunDispatcher, SyncEventDispatcher):
        for type in set(CONTRACT.event_types) - CONTRACT.unlogged:
            method = getattr(kind, type)
            _, *parameters = inspect.signature(method).parameters.values()
            assert {parameter.kind for parameter in parameters} <= {inspect.Parameter.KEYWORD_ONLY}
            assert method.__doc__
    assert "tool_name: The tool's name." in (EventDispatcher.tool_call_started.__doc__ or "")


def test_the_server_makes_its_own_events() -> None:
    assert not any(hasattr(EventDispatcher, type) for type in CONTRACT.unlogged)
    assert sorted(CONTRACT.unlogged) == ["session_stream_closing", "session_stream_gap", "session_stream_started"]
