"""What a dispatcher offers beside a method for each event: tools, steps and the like, where their events are."""

from typing import Any

from lockstep_codegen.model import STAMPED, Contract, Event

CALLS = {
    "tool_call_started": {"tool_call_id", "tool_name", "args", "parent_message_id"},
    "tool_call_execution_started": {"tool_call_id", "tool_name"},
    "tool_call_result": {"message_id", "tool_call_id", "content", "status", "result", "error", "duration_ms"},
}
STEPS = {
    "workflow_step_started": {"step_name", "step_id", "parent_step_id", "workflow_name"},
    "workflow_step_completed": {"step_name", "step_id", "duration_ms"},
    "workflow_step_failed": {"step_name", "step_id", "error", "duration_ms"},
}
MESSAGES = {
    "agent_message_started": {"message_id", "role", "name"},
    "agent_message_delta": {"message_id", "delta"},
    "agent_message_completed": {"message_id"},
}
RETRIES = {"retry_attempted": {"attempt", "max_attempts", "delay_ms", "reason", "tool_call_id", "step_id"}}
ENVELOPE = {*STAMPED, "session_id", "type", "payload"}

Told = dict[str, set[str]]
"""Event types, and the members that are set in the payload of each."""


def bases(contract: Contract, prefix: str) -> dict[str, Any]:
    """The base classes of the dispatchers of one colour, and where they are imported from."""
    whole = ["Tools"] if _has(contract, CALLS) else []
    session = [
        name
        for name, told in (
            ("ToolCalls", CALLS),
            ("Steps", STEPS),
            ("Messages", MESSAGES),
            (f"{prefix}Retries", RETRIES),
        )
        if _has(contract, told)
    ]
    taken = sorted([*whole, *session])
    return {
        "bases": ", ".join([*whole, f"{prefix}Dispatching"]),
        "session_bases": ", ".join([*session, f"{prefix}Dispatching"]),
        "bases_imported": [
            *([f"from {contract.runtime}.activities import {', '.join(taken)}"] if taken else []),
            f"from {contract.runtime}.dispatching import {prefix}Dispatching",
        ],
    }


def _has(contract: Contract, told: Told) -> bool:
    """Whether the contract has all these events, with all these members, and demands no others."""
    events = {event.type: event for event in contract.events if event.logged}
    return all(type in events and _takes(events[type], members) for type, members in told.items())


def _takes(event: Event, members: set[str]) -> bool:
    payload = {field.name for field in event.payload.fields}
    demanded = {field.name for field in event.payload.required}
    envelope = {field.name for field in event.fields if field.required}
    return demanded <= members <= payload and envelope <= ENVELOPE
