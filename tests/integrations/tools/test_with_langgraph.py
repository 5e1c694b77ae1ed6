"""Decorated functions as tools of a graph: their parameters are read as before, and each call is published once."""

from typing import Any

import pytest
from langchain_core.tools import tool
from lockstep_events import EventDispatcher, ToolCallResultEvent, ToolCallStartedEvent
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.langgraph import observe
from support.balanced import faults
from support.lang_graphs import FINE, HELLO, agent
from support.observed import CONFIG
from support.scripted_chat import Turn

ASKS = Turn(calls=(("c1", "weather", ('{"city": "Paris"}',)), ("c2", "weather", ('{"city": "Rome"}',))))


@pytest.fixture
def recording() -> RecordingPublisher:
    return RecordingPublisher()


def make(recording: RecordingPublisher, kind: str) -> Any:
    """A tool of either kind that calls itself, and another decorated function."""
    dispatcher = EventDispatcher(recording)

    @dispatcher.tool
    def degrees(city: str) -> int:
        return len(city)

    @dispatcher.tool(name="weather")
    def plain(city: str, again: bool = True) -> str:
        """The weather in a city."""
        return plain(city, again=False) if again else f"{city}: {degrees(city)}"

    @dispatcher.tool(name="weather")
    async def coroutine(city: str, again: bool = True) -> str:
        """The weather in a city."""
        return await coroutine(city, again=False) if again else f"{city}: {degrees(city)}"

    return tool("weather")(plain if kind == "plain" else coroutine)


@pytest.mark.parametrize("kind", ["plain", "coroutine"])
async def test_once_each(recording: RecordingPublisher, kind: str) -> None:
    weather = make(recording, kind)
    assert {*weather.args} == {"city", "again"}
    async with observe(EventDispatcher(recording), session_id="s", run_id="r"):
        state = await agent(weather, ASKS, FINE).ainvoke(HELLO[0], CONFIG)
    _judge(recording, state)


def test_once_each_without_a_loop(recording: RecordingPublisher) -> None:
    with observe(EventDispatcher(recording), session_id="s", run_id="r"):
        state = agent(make(recording, "plain"), ASKS, FINE).invoke(HELLO[0], CONFIG)
    _judge(recording, state)


def _judge(recording: RecordingPublisher, state: Any) -> None:
    assert [message.content for message in state["messages"] if message.type == "tool"] == ["Paris: 5", "Rome: 4"]
    calls = sorted(event.payload.tool_name for event in recording.of(ToolCallStartedEvent))
    assert calls == ["degrees"] * 2 + ["weather"] * 4  # both the model's and the one within, never one of them twice
    assert {event.payload.status for event in recording.of(ToolCallResultEvent)} == {"success"}
    assert {(event.session_id, event.run_id) for event in recording.of(ToolCallStartedEvent)} == {("s", "r")}
    assert not faults(recording.events)
