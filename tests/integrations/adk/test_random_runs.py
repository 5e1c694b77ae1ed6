"""Runs made up at random: whatever models and tools do, what begins ends, once, and no text is lost or doubled."""

import asyncio
from typing import Any

from google.adk import agents as adk
from google.adk.plugins.reflect_retry_tool_plugin import ReflectAndRetryToolPlugin
from google.adk.tools.long_running_tool import LongRunningFunctionTool
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lockstep_events import CONTRACT
from support.adk import Stage, Turn, agent
from support.adk_scenarios import approve, broken, remember, weather
from support.balanced import faults

TOOLS: dict[str, dict[str, Any]] = {
    "weather": {"city": "Paris"},
    "broken": {"city": "Oslo"},
    "remember": {"colour": "red"},
    "approve": {"amount": 1},
    "invented": {},
}
TEXTS = st.lists(st.text(max_size=8), max_size=4)


@st.composite
def turns(draw: st.DrawFn) -> list[Turn]:
    """Some turns of a model; the last one calls nothing, so that the run ends."""
    made: list[Turn] = []
    for _ in range(draw(st.integers(0, 2))):
        names = draw(st.lists(st.sampled_from([*TOOLS, "weather"]), max_size=3))
        calls = [(None, name, TOOLS[name]) for name in names]
        usage = draw(st.sampled_from([None, (3, 4)]))
        made.append(Turn(draw(TEXTS), draw(TEXTS), calls, usage))
    end = draw(st.sampled_from(["text", "text", "raise", "refuse"]))
    error = ValueError("\ud800 no") if end == "raise" else None
    return [*made, Turn(draw(TEXTS), draw(TEXTS), error=error, error_code="SAFETY" if end == "refuse" else None)]


def made(name: str, script: list[Turn]) -> Any:
    tools = [weather, broken, remember, LongRunningFunctionTool(approve)]
    return agent(name, *script, tools=tools)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    scripts=st.lists(turns(), min_size=1, max_size=3),
    shape=st.sampled_from(["SequentialAgent", "ParallelAgent"]),
    streaming=st.booleans(),
    retrying=st.booleans(),
)
def test_everything_ends_and_text_is_whole(
    scripts: list[list[Turn]], shape: str, streaming: bool, retrying: bool
) -> None:
    agents = [made(f"agent_{number}", script) for number, script in enumerate(scripts)]
    root = agents[0] if len(agents) == 1 else getattr(adk, shape)(name="all", sub_agents=agents)
    plugins = [ReflectAndRetryToolPlugin(max_retries=1)] if retrying else []
    stage = Stage(root, streaming=streaming, plugins=plugins)
    asyncio.run(stage.play())
    events: list[Any] = stage.events
    assert not faults(events)
    assert (events[0].type, events[-1].type[:4]) == ("run_started", "run_")
    for event in events:
        CONTRACT.parse(CONTRACT.encode(event), strict=True)
    for each in agents:
        deltas = [event for event in events if event.type == "agent_message_delta" and event.agent == each.name]
        said, heard = "".join(event.payload.delta for event in deltas), heard_from(each.name, stage)
        assert said.startswith(heard) if stage.raised else said == heard  # ADK drops what an exception overtakes


def heard_from(name: str, stage: Stage) -> str:
    """What an agent says in ADK's own events, by their pieces where it streams."""
    own = [event for event in stage.heard if event.author == name and bool(event.partial) == stage.streaming]
    parts = [part for event in own if event.content is not None for part in event.content.parts or ()]
    return "".join(part.text for part in parts if part.text and not part.thought)
