"""The same thing that happens in two frameworks is told by the same events: the expected lists are compared."""

from pathlib import Path

import pytest
from lockstep_events import CONTRACT

HERE = Path(__file__).parent
SAME = {
    # LangGraph's scenario: Google ADK's
    "text": "text",
    "reasoning": "reasoning",
    "model_error": "model_error",
    "parallel_tools": "parallel_tools",
    "tool_raises": "tool_error",
    "tool_error": "unknown_tool",
    "tool_interrupt": "confirmation",
}
OWN = {"workflow_transition", "tool_call_args_delta", "tool_call_args_completed"}
"""LangGraph tells its edges, and a model's arguments piece by piece; ADK gives the arguments whole."""

STEPS = {"workflow_step_completed"}
"""Every node is a step, of which one may fail after others; an ADK agent is one step."""


def types(framework: str, scenario: str, column: int) -> list[str]:
    lines = (HERE / framework / "expected" / f"{scenario}.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" ", 2)[column] for line in lines]


@pytest.mark.parametrize(("graph", "adk"), SAME.items())
def test_the_same_events(graph: str, adk: str) -> None:
    ours, theirs = set(types("adk", adk, 0)), set(types("langgraph", graph, 1))
    assert theirs ^ ours <= OWN | STEPS
    assert ours | theirs <= set(CONTRACT.event_types)


@pytest.mark.parametrize("scenario", ["text", "reasoning", "model_error"])
def test_in_the_same_order(scenario: str) -> None:
    ours, theirs = types("adk", scenario, 0), types("langgraph", scenario, 1)
    assert _once(ours) == _once([each for each in theirs if each not in OWN])


def _once(told: list[str]) -> list[str]:
    """Without repetitions: a scripted text may have more pieces in one framework than in the other."""
    return [each for each, before in zip(told, [None, *told], strict=False) if each != before]
