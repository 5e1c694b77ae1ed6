"""Agents that speak AG-UI, through `publish_ag_ui`: the same vocabulary, and every start has its end."""

from typing import Any

import pytest
from ag_ui.core import AssistantMessage, FunctionCall, Tool, ToolCall, ToolMessage
from lockstep_events import EventDispatcher, ToolCallResultEvent
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.ag_ui import publish_ag_ui
from support.ag_ui_agents import EXPECTED, FRAMEWORKS, SCENARIOS, line, published, question
from support.balanced import faults

ADDED = {"state_snapshot", "messages_snapshot", "raw_received", "reasoning_encrypted_value"}
"""What one framework tells beside the run, and another does not."""


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
async def test_a_run_is_told_as_expected(framework: str, scenario: str) -> None:
    events = await published(framework, scenario)
    expected = (EXPECTED / f"{framework}.{scenario}.txt").read_text(encoding="utf-8")
    assert [line(event) for event in events] == expected.splitlines()
    assert not faults(events)


@pytest.mark.parametrize("scenario", ["text", "reasoning", "parallel_tools", "model_error"])
async def test_frameworks_share_a_vocabulary(scenario: str) -> None:
    told = [await published(framework, scenario) for framework in FRAMEWORKS]
    one, other = (sorted(event.type for event in events if event.type not in ADDED) for events in told)
    assert one == other


@pytest.mark.parametrize("framework", FRAMEWORKS)
async def test_a_tool_of_the_client_is_answered_by_the_next_question(framework: str) -> None:
    publisher = RecordingPublisher()
    ask = FRAMEWORKS[framework]([[{"calls": "c1", "tool": "confirm", "args": {"text": "Now?"}}], ["Done."]])
    tool = Tool(name="confirm", description="Ask a person.", parameters={"type": "object", "properties": {}})
    call = ToolCall(id="c1", type="function", function=FunctionCall(name="confirm", arguments='{"text": "Now?"}'))
    said: list[Any] = [
        *question().messages,
        AssistantMessage(id="a1", role="assistant", tool_calls=[call]),
        ToolMessage(id="t1", role="tool", tool_call_id="c1", content="yes"),
    ]
    for asked in (question(tools=[tool]), question("r2", tools=[tool], messages=said)):
        await publish_ag_ui(EventDispatcher(publisher), ask(asked), asked=asked)
    answer = publisher.assert_published(ToolCallResultEvent, tool_call_id="c1", run_id="r2")
    assert answer.payload.content == "yes"
    assert not faults(publisher.events)
