"""Agents of other frameworks with scripted models: what they send is AG-UI, offline and the same every time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeAlias

from ag_ui.core import RunAgentInput, UserMessage
from ag_ui_strands import StrandsAgent  # type: ignore[import-untyped]  # it has no py.typed
from lockstep_events import EventDispatcher
from lockstep_events.runtime import Event
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.ag_ui import publish_ag_ui
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai.models.function import AgentInfo, DeltaThinkingPart, DeltaToolCall, FunctionModel
from pydantic_ai.ui.ag_ui import AGUIAdapter
from strands import Agent as StrandsCore
from strands import tool  # pyright: ignore[reportUnknownVariableType]  # partly untyped
from strands.models import Model

Turn: TypeAlias = list[str | dict[str, Any]]
"""What a model says at once: words, `{"thinks": text}`, `{"calls": id, "city": name}`, or `{"fails": message}`."""

SCENARIOS: dict[str, list[Turn]] = {
    "text": [["Sun", "ny."]],
    "parallel_tools": [
        ["Looking.", {"calls": "c1", "city": "Oslo"}, {"calls": "c2", "city": "Bern"}],
        ["Sunny in both."],
    ],
    "tool_error": [[{"calls": "c1", "city": "Rome"}], ["No idea."]],
    "reasoning": [[{"thinks": "A city?"}, "Sunny."]],
    "model_error": [["Sun", {"fails": "model is away"}]],
}


async def weather(city: str) -> str:
    """The weather of a city."""
    if city == "Rome":
        raise RuntimeError(f"no station in {city}")
    return f"sun in {city}"


def question() -> RunAgentInput:
    """One user, one question."""
    message = UserMessage(id="u1", role="user", content="Weather?")
    return RunAgentInput(
        thread_id="t1", run_id="r1", messages=[message], state={}, tools=[], context=[], forwarded_props={}
    )


def pydantic_ai(turns: list[Turn]) -> AsyncIterator[Any]:
    """What pydantic-ai sends."""
    left = iter(turns)

    async def speak(_messages: object, _info: AgentInfo) -> AsyncIterator[Any]:
        for part, said in enumerate(next(left)):
            match said:
                case str():
                    yield said
                case {"thinks": text}:
                    yield {part: DeltaThinkingPart(content=text)}
                case {"calls": id, "city": city}:
                    yield {part: DeltaToolCall(name="weather", json_args=json.dumps({"city": city}), tool_call_id=id)}
                case {"fails": message}:
                    raise ConnectionError(message)
                case _:
                    raise AssertionError(said)

    agent = PydanticAgent(FunctionModel(stream_function=speak), name="forecaster", tools=[weather])
    return AGUIAdapter(agent, question(), include_usage=True).run_stream()


class ScriptedModel(Model):
    """Strands' model in Bedrock's chunks."""

    def __init__(self, turns: list[Turn]) -> None:
        self._left = iter(turns)

    def update_config(self, **model_config: Any) -> None:
        del model_config

    def get_config(self) -> Any:
        return {"model_id": "scripted"}

    def structured_output(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    async def stream(self, *_: Any, **__: Any) -> AsyncIterator[Any]:
        turn = next(self._left)
        yield {"messageStart": {"role": "assistant"}}
        for said in turn:
            match said:
                case {"calls": id, "city": city}:
                    start = {"toolUse": {"name": "weather", "toolUseId": id}}
                    delta = {"toolUse": {"input": json.dumps({"city": city})}}
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


def strands(turns: list[Turn]) -> AsyncIterator[Any]:
    """What Strands sends, through ag-ui-strands."""
    core = StrandsCore(model=ScriptedModel(turns), tools=[tool(weather)], callback_handler=None)
    stream: AsyncIterator[Any] = StrandsAgent(agent=core, name="forecaster").run(question())
    return stream


FRAMEWORKS: dict[str, Callable[[list[Turn]], AsyncIterator[Any]]] = {"pydantic_ai": pydantic_ai, "strands": strands}

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
    """The events of a scenario."""
    publisher = RecordingPublisher()
    stream = FRAMEWORKS[framework](SCENARIOS[scenario])
    await publish_ag_ui(EventDispatcher(publisher), stream, agent="forecaster")
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
