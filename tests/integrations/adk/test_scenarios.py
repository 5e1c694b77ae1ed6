"""Scripted ADK runs give exactly the events that are written down, and change nothing for the host."""

import json
from typing import Any

import pytest
from lockstep_events import CONTRACT
from lockstep_integrations.ag_ui.values import is_array, is_object
from support.adk import Stage
from support.adk_expected import FOLDER, expected
from support.adk_lines import INVOCATION, MADE_UP, lines_of
from support.adk_scenarios import SCENARIOS, SINCE
from support.balanced import faults

ALL = pytest.mark.parametrize("name", SCENARIOS)
VARYING = {"id", "timestamp", "invocation_id", "invocationId"}


@ALL
async def test_events_are_the_expected_ones(name: str) -> None:
    stage = await SCENARIOS[name](True)
    assert lines_of(stage.events) == expected(name)


@ALL
async def test_events_balance_and_are_strictly_valid(name: str) -> None:
    stage = await SCENARIOS[name](True)
    assert not faults(stage.events)
    for event in stage.events:
        assert CONTRACT.parse(CONTRACT.encode(event), strict=True) == event


@ALL
async def test_the_host_sees_the_same_with_and_without(name: str) -> None:
    observed, alone = await SCENARIOS[name](True), await SCENARIOS[name](False)
    assert _host(observed) == _host(alone)
    assert alone.events == []


def test_no_expectation_is_left_over() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(SCENARIOS) | set(SINCE)


def _host(stage: Stage) -> list[str]:
    told = [json.dumps(_steady(event.model_dump(mode="json")), sort_keys=True) for event in stage.heard]
    return [*told, f"{type(stage.raised).__name__}: {stage.raised}"]


def _steady(value: Any) -> Any:
    if is_object(value):
        return {name: _steady(each) for name, each in value.items() if name not in VARYING}
    if is_array(value):
        return [_steady(each) for each in value]
    return MADE_UP.sub("adk", INVOCATION.sub("run", value)) if isinstance(value, str) else value
