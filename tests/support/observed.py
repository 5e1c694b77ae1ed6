"""A scenario played with and without `observe`, in every way in which LangGraph runs a graph."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from lockstep_events import EventDispatcher
from lockstep_events.runtime.event import Event
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.langgraph import observe
from support.lang_graphs import Graph, Scenario
from support.told import told

CONFIG: Any = {"configurable": {"thread_id": "t1"}}


@dataclass(frozen=True)
class Observed:
    """What was published, and how each input ended for the host: its result or its exception."""

    events: list[Event]
    ends: list[Any]

    @property
    def lines(self) -> list[str]:
        return told(self.events)


async def observed(scenario: Scenario, run: "Run | None" = None, *, on: bool = True, **options: Any) -> Observed:
    """Play a scenario, each input in an `observe` of its own, as the requests of a conversation are."""
    graph, ends, publisher = scenario.make(), list[Any](), RecordingPublisher()
    for given in scenario.inputs:
        watch: Any = observe(EventDispatcher(publisher), session_id="s1", **options) if on else nullcontext()
        async with watch:
            ends.append(await _end(run or ainvoke, graph, given))
    return Observed(publisher.events, ends)


async def _end(run: "Run", graph: Graph, given: Any) -> Any:
    try:
        return await run(graph, given)
    except Exception as error:
        return error


async def ainvoke(graph: Graph, given: Any) -> Any:
    return await graph.ainvoke(given, CONFIG)


async def invoke(graph: Graph, given: Any) -> Any:
    return graph.invoke(given, CONFIG)


async def astream(graph: Graph, given: Any) -> Any:
    return [chunk async for chunk in graph.astream(given, CONFIG, stream_mode="values")][-1]


async def astream_messages(graph: Graph, given: Any) -> Any:
    return [part async for part in graph.astream(given, CONFIG, stream_mode=["messages", "updates"], subgraphs=True)]


async def stream(graph: Graph, given: Any) -> Any:
    return list(graph.stream(given, CONFIG, stream_mode="values"))[-1]


async def astream_events(graph: Graph, given: Any) -> Any:
    return [event async for event in graph.astream_events(given, CONFIG, version="v2")]


Run = Callable[[Graph, Any], Any]
