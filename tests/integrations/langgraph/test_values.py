"""The host's values as JSON, and messages in the shapes of different providers."""

import dataclasses
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, ToolMessage
from langgraph.types import Command
from lockstep_events import CONTRACT
from lockstep_integrations.langgraph.content import answer, pieces, text_of, tool_messages
from lockstep_integrations.langgraph.route import Route
from lockstep_integrations.langgraph.values import plain


@dataclasses.dataclass
class Place:
    name: str
    near: Any = None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.builds(Place, st.text()),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.builds(Place, st.text(), inner)
    ),
    max_leaves=20,
)


@given(ANYTHING)
def test_any_state_can_be_published(value: Any) -> None:
    event = CONTRACT.make("state_snapshot", "s1", {"snapshot": plain(value)})
    assert CONTRACT.encode(CONTRACT.parse(CONTRACT.encode(event), strict=True)) == CONTRACT.encode(event)


def test_state_that_contains_itself_ends_somewhere() -> None:
    state: dict[str, Any] = {"name": "loop"}
    state["self"] = state
    CONTRACT.encode(CONTRACT.make("state_snapshot", "s1", {"snapshot": plain(state)}))


def test_what_cannot_even_say_what_it_is_has_a_name() -> None:
    class Mute:
        def __str__(self) -> str:
            raise RuntimeError

    assert plain([Mute()]) == ["<Mute>"]


def test_what_is_no_json_is_text() -> None:
    assert plain({"number": math.inf, "half": "\ud800", 1: {"a"}, "place": Place("Oslo")}) == {
        "number": "inf",
        "half": "?",
        "1": ["a"],
        "place": {"name": "Oslo", "near": None},
    }


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (AIMessageChunk(content="Hello"), [(False, "Hello")]),
        (AIMessageChunk(content=""), []),
        (AIMessageChunk(content="Hi", additional_kwargs={"reasoning_content": "hm"}), [(True, "hm"), (False, "Hi")]),
        (AIMessageChunk(content=["a", {"type": "text", "text": "b"}]), [(False, "a"), (False, "b")]),
        (AIMessageChunk(content=[{"type": "thinking", "thinking": "hm", "index": 0}]), [(True, "hm")]),
        (AIMessageChunk(content=[{"type": "reasoning", "reasoning": "hm"}]), [(True, "hm")]),
        (AIMessageChunk(content=[{"type": "reasoning", "summary": [{"text": "h"}, {"text": "m"}]}]), [(True, "hm")]),
        (AIMessageChunk(content=[{"type": "reasoning_content", "reasoning_content": {"text": "hm"}}]), [(True, "hm")]),
        (AIMessageChunk(content=[{"type": "reasoning_content", "reasoning_content": {"signature": "x"}}]), []),
        (AIMessageChunk(content=[{"type": "image_url", "image_url": {"url": "x"}}]), []),
    ],
)
def test_every_provider_s_pieces(message: AIMessageChunk, expected: list[tuple[bool, str]]) -> None:
    assert list(pieces(message)) == expected


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("sunny", ("sunny", None)),
        ({"sky": "clear"}, ('{"sky": "clear"}', {"sky": "clear"})),
        (None, ("null", None)),
        (ToolMessage("sunny", tool_call_id="c1", artifact={"sky": 1}), ("sunny", {"sky": 1})),
        (Command(update={"messages": [ToolMessage("moved", tool_call_id="c1")]}), ("moved", None)),
        (Command(goto="elsewhere"), ("", None)),
    ],
)
def test_a_tool_s_answer_as_text_and_as_data(output: Any, expected: tuple[str, Any]) -> None:
    assert answer(output) == expected


def test_content_that_is_no_text_is_json() -> None:
    blocks = [{"type": "image", "url": "https://example.com/map.png"}]
    assert json.loads(text_of(blocks)) == blocks
    assert text_of(["a", {"type": "text", "text": "b"}]) == "ab"


def test_answers_are_found_in_whatever_a_node_returns() -> None:
    one, two = ToolMessage("1", tool_call_id="c1"), ToolMessage("2", tool_call_id="c2")
    for output in ({"messages": [one, two]}, [one, two], [Command(update={"messages": [one]}), {"messages": [two]}]):
        assert list(tool_messages(output)) == [one, two]
    nothing: list[Any] = [None, "text", 7, {"messages": [HumanMessage("hi"), AIMessage("ho")]}, Command(resume=1)]
    assert not [message for output in nothing for message in tool_messages(output)]


def test_a_route_says_where_a_step_came_from_when_that_is_known() -> None:
    route = Route()
    assert list(route.enter("", 1, "plan", ())) == [(None, "plan")]
    assert list(route.enter("", 2, "visit", ())) == [("plan", "visit")]
    assert list(route.enter("", 2, "visit", ())) == []
    assert list(route.enter("", 2, "rest", ())) == [("plan", "rest")]
    assert list(route.enter("", 3, "one", ())) == [(None, "one")]
    assert list(route.enter("", 3, "both", ("join:rest+visit:both",))) == [("rest", "both"), ("visit", "both")]
    assert list(route.enter("inner:1", 1, "look", ())) == [(None, "look")]
    assert list(route.enter("inner:1", 1, "look", ())) == []
