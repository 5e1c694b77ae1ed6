"""Agents that speak AG-UI, through `publish_ag_ui`: the same vocabulary, and every start has its end."""

from collections import Counter

import pytest
from support.ag_ui_agents import EXPECTED, FRAMEWORKS, SCENARIOS, published

PAIRS = {
    "run_started": ("run_completed", "run_failed"),
    "agent_message_started": ("agent_message_completed",),
    "reasoning_started": ("reasoning_completed",),
    "reasoning_message_started": ("reasoning_message_completed",),
    "tool_call_started": ("tool_call_args_completed",),
    "tool_call_args_completed": ("tool_call_result",),
}
ADDED = {"state_snapshot", "messages_snapshot", "raw_received", "reasoning_encrypted_value"}
"""What one framework tells beside the run, and another does not."""


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
async def test_a_run_is_told_as_expected(framework: str, scenario: str) -> None:
    lines = await published(framework, scenario)
    assert lines == (EXPECTED / f"{framework}.{scenario}.txt").read_text(encoding="utf-8").splitlines()
    types = Counter(line.split(" ")[0].rstrip("*") for line in lines)
    for start, ends in PAIRS.items():
        assert types[start] == sum(types[end] for end in ends), start


@pytest.mark.parametrize("scenario", ["text", "reasoning", "parallel_tools", "model_error"])
async def test_frameworks_share_a_vocabulary(scenario: str) -> None:
    told = [await published(framework, scenario) for framework in FRAMEWORKS]
    types = [sorted(line.split(" ")[0] for line in lines) for lines in told]
    one, other = ([type for type in each if type not in ADDED] for each in types)
    assert one == other
