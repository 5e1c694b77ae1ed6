"""Agents that speak AG-UI, through `publish_ag_ui`: the same vocabulary, and every start has its end."""

import pytest
from support.ag_ui_agents import EXPECTED, FRAMEWORKS, SCENARIOS, line, published
from support.balance import unbalanced

ADDED = {"state_snapshot", "messages_snapshot", "raw_received", "reasoning_encrypted_value"}
"""What one framework tells beside the run, and another does not."""


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
async def test_a_run_is_told_as_expected(framework: str, scenario: str) -> None:
    events = await published(framework, scenario)
    expected = (EXPECTED / f"{framework}.{scenario}.txt").read_text(encoding="utf-8")
    assert [line(event) for event in events] == expected.splitlines()
    assert unbalanced(events) == []


@pytest.mark.parametrize("scenario", ["text", "reasoning", "parallel_tools", "model_error"])
async def test_frameworks_share_a_vocabulary(scenario: str) -> None:
    told = [await published(framework, scenario) for framework in FRAMEWORKS]
    one, other = (sorted(event.type for event in events if event.type not in ADDED) for events in told)
    assert one == other
