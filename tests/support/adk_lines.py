"""Published events as lines to read and to compare: the type, the agent, the fields; ids shortened, times left out."""

import json
import re
from collections.abc import Iterable
from typing import Any

from lockstep_events.runtime.event import Event

TIMES = frozenset({"duration_ms", "latency_ms", "time_to_first_token_ms"})
INVOCATION = re.compile(r"\be-[0-9a-f]{8}-[0-9a-f-]{27}")
MADE_UP = re.compile(r"\badk-[0-9a-f]{8}-[0-9a-f-]{27}")


def lines_of(events: Iterable[Event]) -> list[str]:
    """One line for each event. The first invocation becomes `run`, the next `run-b`; ids that ADK makes `adk-1`."""
    known: dict[str, str] = {}
    return [_shortened(_line(event), known) for event in events]


def _line(event: Any) -> str:
    fields: dict[str, Any] = {}
    if event.type.startswith(("run_", "subagent_")):
        fields["run_id"] = event.run_id
    if getattr(event, "subagent_run_id", None) is not None:
        fields["subagent_run_id"] = event.subagent_run_id
    payload = event.payload.model_dump(exclude_none=True)
    fields.update((name, value) for name, value in payload.items() if name not in TIMES)
    metadata: dict[str, Any] = event.metadata or {}
    step_id = metadata.get("step_id")
    fields |= {} if step_id is None else {"within": step_id}
    told = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return " ".join([event.type, f"@{event.agent}", *told])


def _shortened(line: str, known: dict[str, str]) -> str:
    def run(match: "re.Match[str]") -> str:
        count = sum(1 for each in known.values() if each.startswith("run"))
        return known.setdefault(match[0], "run" if not count else f"run-{chr(ord('a') + count)}")

    def made_up(match: "re.Match[str]") -> str:
        count = sum(1 for each in known.values() if each.startswith("adk"))
        return known.setdefault(match[0], f"adk-{count + 1}")

    return MADE_UP.sub(made_up, INVOCATION.sub(run, line))
