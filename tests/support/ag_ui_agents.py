"""Agents of other frameworks with scripted models: what they send is AG-UI, offline and the same every time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias

from ag_ui.core import AssistantMessage, FunctionCall, ResumeEntry, RunAgentInput, ToolCall, UserMessage
from ag_ui_strands import StrandsAgent  # type: ignore[import-untyped]  # it has no py.typed
from lockstep_events import EventDispatcher, RunCompletedEvent, RunInterruptOutcome
from lockstep_events.runtime import Event
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.ag_ui import publish_ag_ui
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai import DeferredToolRequests, Tool
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel
from pydantic_ai.ui.ag_ui import AGUIAdapter
from strands import Agent as StrandsCore
from strands import ToolContext, tool  # pyright: ignore[reportUnknownVariableType]  # partly untyped
from strands.models import Model

Turn: TypeAlias = list[str | dict[str, Any]]
"""What a model says at once: words, `{"thinks": text}`, `{"calls": id, "tool": name, ...}`, or `{"fails": message}`."""
Ask: TypeAlias = Callable[[RunAgentInput], AsyncIterator[Any]]
"""An agent: from a question to its stream."""


def weather_in(id: str, city: str) -> dict[str, Any]:
    """A call of the tool that may be called at any time."""
    return {"calls": id, "tool": "weather", "args": {"city": city}}


SCENARIOS: dict[str, list[Turn]] = {
    "text": [["Sun", "ny."]],
    "parallel_tools": [
        ["Looking.", weather_in("c1", "Oslo"), weather_in("c2", "Bern")],
        ["Sunny in both."],
    ],
    "tool_error": [[weather_in("c1", "Rome")], ["No idea."]],
    "reasoning": [[{"thinks": "A city?"}, "Sunny."]],
    "model_error": [["Sun", {"fails": "model is away"}]],
    "interrupt": [[{"calls": "c1", "tool": "restart", "args": {"name": "web"}}], ["Done."]],
}


async def weather(city: str) -> str:
    """The weather of a city."""
    if city == "Rome":
        raise RuntimeError(f"no station in {city}")
    return f"sun in {city}"


async def approved_restart(name: str) -> str:
    """Restart a container, when a person allows it."""
    return f"restarted {name}"


@tool(name="restart", context=True)
async def asking_restart(name: str, tool_context: ToolContext) -> str:
    """Restart a container, when a person allows it."""
    tool_context.interrupt("approve", reason=f"restart {name}?")
    return f"restarted {name}"


def question(run_id: str = "r1", **more: Any) -> RunAgentInput:
    """One user, one question."""
    given: dict[str, Any] = {"messages": [UserMessage(id="u1", role="user", content="Weather?")]}
    given |= {"state": {}, "tools": [], "context": [], "forwarded_props": {}, **more}
    return RunAgentInput(thread_id="t1", run_id=run_id, **given)


def answer(interrupt: Any) -> RunAgentInput:
    """The same question again, and what a person says to the interrupt."""
    call = ToolCall(id="c1", type="function", function=FunctionCall(name="restart", arguments='{"name": "web"}'))
    asked = AssistantMessage(id="a1", role="assistant", tool_calls=[call])
    resume = [ResumeEntry(interrupt_id=interrupt.id, status="resolved", payload={"approved": True})]
    return question("r2", messages=[*question().messages, asked], resume=resume)


def pydantic_ai(turns: list[Turn]) -> Ask:
    """What pydantic-ai sends."""
    left = iter(turns)

    async def speak(_messages: object, _info: AgentInfo) -> AsyncIterator[Any]:
        for part, said in enumerate(next(left)):
            match said:
                case str():
                    yield said
                case {"thinks": text}:
                    yield {part: DeltaThinkingPart(content=text)}
                case {"calls": id, "tool": name, "args": args}:
                    yield {part: DeltaToolCall(name=name, json_args=json.dumps(args), tool_call_id=id)}
                case {"fails": message}:
                    raise ConnectionError(message)
                case _:
                    raise AssertionError(said)

    agent = PydanticAgent(
        FunctionModel(stream_function=speak),
        name="forecaster",
        tools=[weather, Tool(approved_restart, name="restart", requires_approval=True)],
        output_type=[str, DeferredToolRequests],
    )
    return lambda asked: AGUIAdapter(agent, asked, include_usage=True).run_stream()


class ScriptedModel(Model):
    """Strands' model in Bedrock's chunks."""

    def __init__(self, turns: list[Turn]) -> None:
        self._left = iter(turns)

    def update_config(self, **model_config: Any) -> None:
        del model_config

    def get_config(self) -> Any:
        return {"model_id": "scripted"}

    def structured_output(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("no agent of these tests asks for structured output")

    async def stream(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        turn = next(self._left)
        yield {"messageStart": {"role": "assistant"}}
        for said in turn:
            match said:
                case {"calls": id, "tool": name, "args": args}:
                    start = {"toolUse": {"name": name, "toolUseId": id}}
                    delta = {"toolUse": {"input": json.dumps(args)}}
                    yield {"contentBlockStart": {"start": start}}
                    yield {"contentBlockDelta": {"delta": delta}}
                case {"thinks": text}:
                    yield {"contentBlockDelta": {"delta": {"reasoningContent": {"text": text}}}}
                case {"fails": message}:
                    raise ConnectionError(message)
                case _:
                    yield {"contentBlockDelta": {"delta": {"text": said}}}
            yield {"contentBlockStop": {}}
        calls = any(isinstance(said, dict) and "calls" in said for said in turn)
        yield {"messageStop": {"stopReason": "tool_use" if calls else "end_turn"}}
        usage = {"inputTokens": 8, "outputTokens": 2, "totalTokens": 10}
        yield {"metadata": {"usage": usage, "metrics": {"latencyMs": 5}}}


def strands(turns: list[Turn]) -> Ask:
    """What Strands sends, through ag-ui-strands."""
    core = StrandsCore(model=ScriptedModel(turns), tools=[tool(weather), asking_restart], callback_handler=None)
    ask: Ask = StrandsAgent(agent=core, name="forecaster").run
    return ask


FRAMEWORKS: dict[str, Callable[[list[Turn]], Ask]] = {"pydantic_ai": pydantic_ai, "strands": strands}

EXPECTED = Path(__file__).parents[1] / "integrations" / "ag_ui_agents" / "expected"
"""A file for each framework and scenario; `PYTHONPATH=tests python -m support.ag_ui_agents` writes them, to be read."""
SHOWN = ("delta", "tool_call_id", "tool_name", "content", "status", "message", "code", "outcome")


def line(event: Any) -> str:
    """What does not change from run to run; a star for what a repair made up."""
    payload: dict[str, Any] = event.model_dump(mode="json")["payload"]
    told = [f"{name}={json.dumps(payload[name])}" for name in SHOWN if name in payload]
    made_up = event.source is not None and event.source.synthesized
    return " ".join([event.type + ("*" if made_up else ""), *told])


async def published(framework: str, scenario: str) -> list[Event]:
    """The events of a scenario; an interrupt is answered, which is a run of its own."""
    publisher = RecordingPublisher()
    dispatcher, ask = EventDispatcher(publisher), FRAMEWORKS[framework](SCENARIOS[scenario])
    await publish_ag_ui(dispatcher, ask(question()), agent="forecaster")
    for ended in publisher.of(RunCompletedEvent):
        if isinstance(ended.payload.outcome, RunInterruptOutcome):
            (interrupt,) = ended.payload.outcome.interrupts
            await publish_ag_ui(dispatcher, ask(answer(interrupt)), agent="forecaster")
    return publisher.events


async def write() -> None:
    """Write what is published now."""
    EXPECTED.mkdir(exist_ok=True)
    for framework in FRAMEWORKS:
        for scenario in SCENARIOS:
            lines = [line(event) for event in await published(framework, scenario)]
            (EXPECTED / f"{framework}.{scenario}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(write())
