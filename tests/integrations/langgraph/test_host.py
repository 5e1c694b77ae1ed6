"""The host's side: its results and exceptions are the same with and without `observe`, however it runs its graph."""

from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from lockstep_integrations.langgraph.values import is_collection, is_mapping, sequence
from support import observed as ways
from support.balanced import faults
from support.lang_graphs import SCENARIOS
from support.observed import Run, observed
from support.told import told

RUNS = (ways.ainvoke, ways.invoke, ways.astream, ways.stream, ways.astream_messages, ways.astream_events)
ASYNC = (ways.ainvoke, ways.astream, ways.astream_messages, ways.astream_events)
PLAIN = (ways.ainvoke, ways.invoke, ways.astream, ways.stream)


def comparable(end: Any) -> Any:
    """A result without the identities that LangGraph makes up; an exception as its class and text."""
    if isinstance(end, BaseException):
        return type(end), str(end)
    if isinstance(end, BaseMessage):
        return end.model_dump(exclude={"id"})
    if is_mapping(end):
        return {key: comparable(value) for key, value in end.items()}
    if is_collection(end):
        return [comparable(value) for value in end]
    return getattr(end, "value", end) if type(end).__name__ == "Interrupt" else end


@pytest.mark.parametrize("run", PLAIN, ids=lambda run: run.__name__)
@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_host_gets_what_it_got(name: str, run: Run) -> None:
    on, off = await observed(SCENARIOS[name], run), await observed(SCENARIOS[name], run, on=False)
    assert comparable(on.ends) == comparable(off.ends)
    assert on.events
    assert not off.events


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_host_s_own_stream_of_messages_is_the_same(name: str) -> None:
    async def parts(*, on: bool) -> list[Any]:
        (given, *_) = (await observed(SCENARIOS[name], ways.astream_messages, on=on)).ends
        return sorted(str(comparable(part[2][0] if part[1] == "messages" else part[1:])) for part in sequence(given))

    assert await parts(on=True) == await parts(on=False)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_the_host_s_own_stream_of_events_is_the_same(name: str) -> None:
    async def seen(*, on: bool) -> list[Any]:
        (given, *_) = (await observed(SCENARIOS[name], ways.astream_events, on=on)).ends
        return sorted((event["event"], event["name"], str(event["data"].keys())) for event in sequence(given))

    assert await seen(on=True) == await seen(on=False)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.__name__)
@pytest.mark.parametrize("name", SCENARIOS)
async def test_what_begins_ends_and_every_event_is_valid(name: str, run: Run) -> None:
    said = await observed(SCENARIOS[name], run)
    told(said.events)  # parses each, strictly
    assert not faults(said.events)


@pytest.mark.parametrize("name", SCENARIOS)
async def test_every_way_of_running_tells_the_same(name: str) -> None:
    """Branches in threads and in tasks take turns differently: what is told is the same, its order within each."""
    reference = await observed(SCENARIOS[name])
    for run in ASYNC if SCENARIOS[name].only_async else RUNS:
        said = await observed(SCENARIOS[name], run)
        assert sorted(event.type for event in said.events) == sorted(event.type for event in reference.events), run
