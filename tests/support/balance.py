"""What begins in a session must end in it, once: runs, steps, messages, reasoning, tool calls, subagents."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from lockstep_events.runtime.event import Event

PAIRS = {
    "run_started": ("run_completed", "run_failed"),
    "workflow_step_started": ("workflow_step_completed", "workflow_step_failed"),
    "agent_message_started": ("agent_message_completed",),
    "reasoning_started": ("reasoning_completed",),
    "reasoning_message_started": ("reasoning_message_completed",),
    "tool_call_started": ("tool_call_result",),
    "subagent_started": ("subagent_completed", "subagent_failed"),
}
KEYS = ("tool_call_id", "step_id", "message_id")


def unbalanced(events: Iterable[Event]) -> list[str]:
    """What is wrong: begun twice, ended without a beginning, ended twice, something after it ended, or never ended."""
    ends = {end: start for start, finished in PAIRS.items() for end in finished}
    state: dict[tuple[str, str], str] = {}
    wrong: list[str] = []
    for event in events:
        if event.type in PAIRS:
            key = (event.type, _identity(event))
            if key in state:
                wrong.append(f"begun twice: {key}")
            state[key] = "open"
        elif event.type in ends:
            key = (ends[event.type], _identity(event))
            if state.get(key) != "open":
                wrong.append(f"{event.type} without a beginning: {key}")
            state[key] = "ended"
        elif event.type.endswith("_delta") and hasattr(event, "payload"):
            wrong += _stray(event, state)
    return wrong + [f"never ended: {key}" for key, now in state.items() if now == "open"]


def types(events: Iterable[Event]) -> Counter[str]:
    """How many events there are of each type."""
    return Counter(event.type for event in events)


def _identity(event: Any) -> str:
    if event.type.startswith("run_"):
        return str(event.run_id)
    if event.type.startswith("subagent_"):
        return str(event.subagent_run_id)
    keys = KEYS if event.type.startswith("tool_") else KEYS[1:]
    return str(next(getattr(event.payload, key) for key in keys if getattr(event.payload, key, None) is not None))


def _stray(event: Any, state: dict[tuple[str, str], str]) -> list[str]:
    start = event.type.removesuffix("_delta") + "_started"
    if start not in PAIRS or state.get((start, event.payload.message_id)) == "open":
        return []
    return [f"{event.type} outside of its message: {event.payload.message_id}"]
