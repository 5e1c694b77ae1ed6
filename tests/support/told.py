"""Events as readable lines: type and what matters, with identities numbered in the order in which they appear."""

from collections.abc import Iterable
from typing import Any

from lockstep_events import CONTRACT
from lockstep_events.runtime.event import Event
from lockstep_integrations.ag_ui.values import is_array, is_object

MEASURED = {"duration_ms", "latency_ms", "time_to_first_token_ms", "delay_ms"}
"""A clock's figures: that they are there is told, what they are is not."""
COUNTED = {"step_id": "step", "parent_step_id": "step", "run_id": "run"}


def told(events: Iterable[Event], *, keep: Iterable[str] = ()) -> list[str]:
    """A line an event: `type name=value ...`, and before it the run where there is more than one.

    Identities of steps, runs and answers become `step1`, `run1`, `answer1`; those in `keep` stay as they are.
    """
    names = Names(set(keep))
    return [line(event, names) for event in events]


class Names:
    """Readable names for identities that differ from run to run."""

    def __init__(self, kept: set[str]) -> None:
        self._kept = kept
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def name(self, kind: str, identity: str) -> str:
        if identity in self._kept:
            return identity
        if identity not in self._names:
            self._counts[kind] = number = self._counts.get(kind, 0) + 1
            self._names[identity] = f"{kind}{number}"
        return self._names[identity]


def line(event: Event, names: Names) -> str:
    """One event; it must be valid, strictly, as what it is on the wire."""
    CONTRACT.parse(CONTRACT.encode(event), strict=True)
    whole: Any = event
    document = whole.model_dump(mode="json", by_alias=True)
    run_id = document.get("run_id")
    words = [names.name("run", run_id) if run_id else "-", event.type]
    for name, value in document["payload"].items():
        words.append(name if name in MEASURED else f"{name}={_value(event.type, name, value, names)}")
    if (step_id := document.get("metadata", {}).get("step_id")) is not None:
        words.append(f"@{names.name('step', step_id)}")
    return " ".join(words)


def _value(type: str, name: str, value: Any, names: Names) -> str:
    if name in COUNTED:
        return names.name(COUNTED[name], value)
    if type == "tool_call_result" and name == "message_id":
        return names.name("answer", value)
    if name == "outcome":
        for interrupt in value.get("interrupts", ()):
            interrupt["id"] = names.name("question", interrupt["id"])
    return _short(value)


def _short(value: Any) -> str:
    if is_object(value):
        return "{" + ", ".join(f"{name}: {_short(item)}" for name, item in value.items()) + "}"
    if is_array(value):
        return "[" + ", ".join(_short(item) for item in value) + "]"
    return str(value) if isinstance(value, str) and value.isidentifier() else repr(value)
