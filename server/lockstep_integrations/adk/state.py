"""A session's state: what of it is published, and its changes as a JSON Patch."""

from collections.abc import Mapping
from typing import Any

from lockstep_events import AddOperation, PatchOperation

from lockstep_integrations.adk.plain import plain

TEMPORARY = "temp:"
"""What ADK never stores, because it is of one invocation alone."""


def kept(state: Mapping[str, Any]) -> dict[str, Any]:
    """The members that ADK stores."""
    return {name: value for name, value in state.items() if not name.startswith(TEMPORARY)}


def changes_of(state_delta: Mapping[str, Any]) -> list[PatchOperation]:
    """One operation for each member that changed; `add` also replaces what is there."""
    return [
        AddOperation(op="add", path="/" + name.replace("~", "~0").replace("/", "~1"), value=plain(value))
        for name, value in kept(state_delta).items()
    ]
