"""Whatever a tool takes or returns, as JSON: no value of a host costs the event that tells of it."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lockstep_events import CONTRACT, SyncEventDispatcher
from lockstep_events.runtime.telling import clean
from lockstep_events.testing import SyncRecordingPublisher
from lockstep_integrations.adk.plain import plain, plain_object, text_of


class Odd:
    def __str__(self) -> str:
        return "odd \ud800"


def circle() -> dict[str, Any]:
    made: dict[str, Any] = {}
    made["self"] = made
    return made


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary(max_size=4)
    | st.dates()
    | st.builds(Odd),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_every_value_makes_a_valid_event(value: Any) -> None:
    publisher = SyncRecordingPublisher()
    session = SyncEventDispatcher(publisher).session("s1")
    session.tool_call_started(tool_call_id="c1", tool_name="t", args=plain_object({"given": value}))
    session.tool_call_result(message_id="m1", tool_call_id="c1", content=text_of(value), result=plain(value))
    for event in publisher.events:
        CONTRACT.parse(CONTRACT.encode(event), strict=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, None]}, {"a": [1, None]}),
        (b"\xff", "_w=="),
        (datetime.date(2026, 11, 23), "2026-11-23"),
        (float("nan"), "nan"),
        (Odd(), "odd ?"),
        (circle(), "{'self': {...}}"),
    ],
)
def test_what_becomes_of_it(value: Any, expected: Any) -> None:
    assert plain(value) == expected


def test_what_nests_too_deep_is_text() -> None:
    value: dict[str, Any] = {}
    for _ in range(100):
        value = {"in": value}
    made = plain(value)
    for _ in range(32):
        made = made["in"]
    assert made.startswith("{'in': ")


def test_text_is_as_the_model_reads_it() -> None:
    assert [text_of(each) for each in (None, "a", {"é": 1}, "\ud800")] == ["", "a", '{"é": 1}', "?"]
    assert clean("fine é") == "fine é"
