"""The classes: what type-checks works, optional means absent, and what is kept cannot change from outside."""

import json
from collections import UserDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from lockstep_events import (
    AddOperation,
    AgentMessageDeltaEvent,
    AgentMessageDeltaPayload,
    JsonValue,
    MetricsUpdatedPayload,
    MoveOperation,
    RetryAttemptedPayload,
    StateSnapshotPayload,
    TokenUsage,
    ToolCallStartedPayload,
    encode_event,
)
from pydantic import ValidationError
from support.golden import DELTA, parsed


def test_none_is_absent() -> None:
    given = ToolCallStartedPayload(tool_call_id="tc", tool_name="ls", args=None, parent_message_id=None)
    assert given == ToolCallStartedPayload(tool_call_id="tc", tool_name="ls")
    assert given.model_dump_json() == '{"tool_call_id":"tc","tool_name":"ls"}'
    assert given.model_dump() == {"tool_call_id": "tc", "tool_name": "ls"}
    assert repr(given) == "ToolCallStartedPayload(tool_call_id='tc', tool_name='ls')"


def test_none_where_json_allows_null_is_null() -> None:
    assert StateSnapshotPayload(snapshot=None).model_dump_json() == '{"snapshot":null}'
    assert AddOperation(op="add", path="/a", value=None).model_dump_json() == '{"op":"add","path":"/a","value":null}'


def test_none_for_what_must_be_there_is_refused() -> None:
    values: dict[str, Any] = {"message_id": "m", "delta": None}
    with pytest.raises(ValidationError, match="delta"):
        AgentMessageDeltaPayload(**values)


@pytest.mark.parametrize(
    "values",
    [{"message_id": 3}, {"message_id": b"m"}, {"mesage_id": "m"}, {"message_id": "m", "extra": 1}],
    ids=str,
)
def test_nothing_is_coerced_and_nothing_is_added(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AgentMessageDeltaPayload(**{"delta": "x", **values})


def test_integers_are_whole_numbers_and_nothing_else() -> None:
    assert TokenUsage(input_tokens=3).input_tokens == 3
    for wrong in (3.5, "3", True, -1, 2**53, float("nan")):
        with pytest.raises(ValidationError):
            TokenUsage(input_tokens=wrong)  # type: ignore[arg-type]  # what a type checker refuses as well
    assert RetryAttemptedPayload(attempt=2).attempt == 2
    with pytest.raises(ValidationError):
        RetryAttemptedPayload(attempt=0)


def test_a_word_that_python_reserves_has_an_underscore_in_python_alone() -> None:
    moved = MoveOperation(op="move", from_="/a", path="/b")
    assert moved.model_dump_json() == '{"op":"move","from":"/a","path":"/b"}'
    with pytest.raises(ValidationError):
        MoveOperation.model_validate_json('{"op":"move","from_":"/a","path":"/b"}')


def test_an_event_does_not_change() -> None:
    event = AgentMessageDeltaEvent(
        event_id=DELTA["event_id"],
        session_id="abc",
        timestamp=DELTA["timestamp"],
        type="agent_message_delta",
        payload=AgentMessageDeltaPayload(message_id="m1", delta="Checking"),
    )
    assert event == parsed(DELTA)
    assert hash(event) == hash(parsed(DELTA))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(event, "agent", "other")  # noqa: B010  # a type checker refuses the plain assignment


def test_json_is_kept_as_a_plain_copy() -> None:
    inner: list[JsonValue] = [1, (2, 3)]
    source: Mapping[str, JsonValue] = MappingProxyType({"list": inner, "map": UserDict({"a": None})})
    kept = ToolCallStartedPayload(tool_call_id="tc", tool_name="ls", args=source)
    inner.append(4)
    assert kept.args == {"list": [1, [2, 3]], "map": {"a": None}}
    assert json.loads(kept.model_dump_json())["args"] == kept.args


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({1: 2}, "name that is not a string"),
        ({"a": {1}}, "a set, which JSON cannot carry"),
        ({"a": b"x"}, "a bytes, which JSON cannot carry"),
        ({"a": float("nan")}, "a number that JSON cannot carry"),
        ({"a": 10**400}, "a number that JSON cannot carry"),
        ({"a": "\ud800"}, "a lone surrogate"),
        ("text", "not an object"),
    ],
)
def test_what_json_cannot_carry_is_refused_where_it_is_given(value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ToolCallStartedPayload(tool_call_id="tc", tool_name="ls", args=value)


def test_a_map_of_numbers() -> None:
    assert MetricsUpdatedPayload(counters={"a": 1, "b": 2.5}).counters == {"a": 1, "b": 2.5}
    wrong: Any = {"a": "1"}
    with pytest.raises(ValidationError, match="counters"):
        MetricsUpdatedPayload(counters=wrong)


def test_large_integers_survive_in_json_values() -> None:
    raw = encode_event(parsed({**DELTA, "metadata": {"n": 2**70}}))
    assert json.loads(raw)["metadata"] == {"n": 2**70}
