"""What the adapters publish, as traces: the same tree for the same thing, whichever framework runs the agent."""

from collections.abc import Iterable

import pytest
from lockstep_events import EventDispatcher
from lockstep_events.runtime import Event
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.langgraph import observe
from lockstep_integrations.otel import traced
from support import adk_scenarios, lang_graphs
from support.observed import CONFIG, observed
from support.traces import Telemetry, traceparents

CALLED = [
    "invoke_agent",
    "  step agent",
    "    chat scripted-1",
    "  step tools",
    "    execute_tool weather",
    "    execute_tool weather",
    "  step agent",
    "    chat scripted-1",
]
LANGGRAPH = {
    "reasoning": ["invoke_agent", "  step agent", "    chat scripted-1"],
    "parallel_tools": CALLED,
    "tool_error": [*CALLED[:4], "    execute_tool broken !", *CALLED[6:]],
    "node_retry": ["invoke_agent", "  step fetch !", "  step fetch !", "  step fetch", "  step done"],
    "subgraph": [
        "invoke_agent",
        "  step plan",
        "  step worker",
        "    step look",
        "    step say",
        "      chat scripted-1",
    ],
    "branches": ["invoke_agent", "  step plan", *["  step visit", "    chat scripted-1"] * 3, "  step sum"],
}
ADK = {
    "parallel_agents": [
        "invoke_agent fan",
        "  step fan",
        "    step left",
        "      chat scripted-1",
        "    step right",
        "      chat scripted-1",
    ],
    "subagent": [
        "invoke_agent root",
        "  step root",
        "    chat scripted-1",
        "    execute_tool expert",
        "      invoke_agent expert",
        "        step expert",
        "          chat scripted-1",
        "          execute_tool weather",
        "          chat scripted-1",
        "    chat scripted-1",
    ],
    "transfer": [
        "invoke_agent root",
        "  step root",
        "    chat scripted-1",
        "    execute_tool transfer_to_agent",
        "    step expert",
        "      chat scripted-1",
    ],
    "reflect_and_retry": [
        "invoke_agent root",
        "  step root",
        *["    chat scripted-1", "    execute_tool broken !"] * 3,
        "    chat scripted-1",
    ],
}


async def tree(events: Iterable[Event]) -> list[str]:
    telemetry = Telemetry()
    publisher = traced(RecordingPublisher(), telemetry.tracer_provider, telemetry.meter_provider)
    for event in events:
        await publisher.publish(event)
    assert not telemetry.open
    return telemetry.tree()


@pytest.mark.parametrize("scenario", LANGGRAPH)
async def test_langgraph(scenario: str) -> None:
    assert await tree((await observed(lang_graphs.SCENARIOS[scenario])).events) == LANGGRAPH[scenario]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # ADK's remarks about itself
@pytest.mark.parametrize("scenario", ADK)
async def test_adk(scenario: str) -> None:
    assert await tree((await adk_scenarios.SCENARIOS[scenario](True)).events) == ADK[scenario]


async def test_an_adapter_and_its_caller_share_a_trace() -> None:
    telemetry, publisher = Telemetry(), RecordingPublisher()
    scenario = lang_graphs.SCENARIOS["parallel_tools"]
    graph = scenario.make()
    with telemetry.tracer_provider.get_tracer("web").start_as_current_span("POST /chat"):
        async with observe(EventDispatcher(traced(publisher, telemetry.tracer_provider)), session_id="s1"):
            await graph.ainvoke(scenario.inputs[0], CONFIG)
    assert telemetry.tree() == ["POST /chat", *(f"  {line}" for line in CALLED)]
    assert {each.split("-")[1] for each in traceparents(publisher)} == telemetry.traces
    assert len(telemetry.traces) == 1
