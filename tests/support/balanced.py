"""Whether everything that began in a list of events ended, once, and nothing came before its start or after its end."""

from collections.abc import Iterable
from typing import Any

from lockstep_events.runtime.event import Event

PAIRS = {
    "run_started": ("run_id", ("run_completed", "run_failed")),
    "workflow_step_started": ("step_id", ("workflow_step_completed", "workflow_step_failed")),
    "agent_message_started": ("message_id", ("agent_message_completed",)),
    "reasoning_started": ("message_id", ("reasoning_completed",)),
    "reasoning_message_started": ("message_id", ("reasoning_message_completed",)),
    "tool_call_execution_started": ("tool_call_id", ("tool_call_result",)),
    "subagent_started": ("subagent_run_id", ("subagent_completed", "subagent_failed")),
}
PARTS = {"agent_message_delta": "agent_message_started", "reasoning_message_delta": "reasoning_message_started"}
ENDS = {end: (start, key) for start, (key, ends) in PAIRS.items() for end in ends}


def faults(events: Iterable[Event]) -> list[str]:
    """What is wrong, in words; nothing for a balanced list."""
    return list(_Books().read(events))


class _Books:
    def __init__(self) -> None:
        self.open: set[tuple[str, str]] = set()
        self.ended: set[tuple[str, str]] = set()
        self.unanswered: dict[str, str | None] = {}
        """Tool calls without a result, and their runs."""
        self.asked: dict[str, bool] = {}
        """Tool calls whose arguments are on their way (True), or complete."""

    def read(self, events: Iterable[Event]) -> Iterable[str]:
        for event in events:
            whole: Any = event
            document = whole.model_dump(mode="json")
            owners = {name: document.get(name) for name in ("run_id", "subagent_run_id")}
            values = {**owners, **document["payload"]}
            yield from self._run(event.type, values)
            yield from self._pair(event.type, values)
            yield from self._call(event.type, values)
        yield from (f"{start} {identity} never ended" for start, identity in sorted(self.open))
        yield from (f"arguments of {call_id} never ended" for call_id, going in self.asked.items() if going)
        yield from (f"tool call {call_id} was never answered" for call_id in sorted(self.unanswered))

    def _run(self, type: str, values: dict[str, Any]) -> Iterable[str]:
        if type != "run_started" and values["run_id"] and ("run_started", values["run_id"]) not in self.open:
            yield f"{type} outside of run {values['run_id']}"

    def _pair(self, type: str, values: dict[str, Any]) -> Iterable[str]:
        if type in PAIRS:
            key = (type, values[PAIRS[type][0]])
            if key in self.open | self.ended:
                yield f"{type} {key[1]} twice"
            self.open.add(key)
        elif type in ENDS:
            start, name = ENDS[type]
            if (start, values[name]) in self.open:
                self.open.remove((start, values[name]))
                if start != "tool_call_execution_started":  # a node that goes on after a question executes it again
                    self.ended.add((start, values[name]))
            elif start != "tool_call_execution_started" or values["tool_call_id"] not in self.asked:
                yield f"{type} {values[name]} without a start"
        if type in ("run_completed", "run_failed"):
            self._excuse(values["run_id"], values.get("outcome", {"type": type}))

    def _excuse(self, ended: str, outcome: dict[str, Any]) -> None:
        """The calls of which the end of a run says that they wait, or all of a run that did not come to its end."""
        questions = outcome.get("interrupts", ())
        waiting = {each.get("tool_call_id", "") for each in questions} | {*outcome.get("pending_tool_call_ids", ())}
        for each in questions:
            waiting.update(each.get("metadata", {}).get("pending_tool_call_ids", ()))
        for call_id, run_id in list(self.unanswered.items()):
            if call_id in waiting or (outcome["type"] in ("run_failed", "cancelled") and run_id == ended):
                del self.unanswered[call_id]
        self.open -= {("tool_call_execution_started", call_id) for call_id in waiting}

    def _call(self, type: str, values: dict[str, Any]) -> Iterable[str]:
        if type == "tool_call_started":
            if values["tool_call_id"] in self.asked:
                yield f"tool call {values['tool_call_id']} was announced twice"
            self.asked[values["tool_call_id"]] = "args" not in values
            self.unanswered[values["tool_call_id"]] = values["run_id"]
        elif type == "tool_call_result":
            self.unanswered.pop(values["tool_call_id"], None)
        elif type in ("tool_call_args_delta", "tool_call_args_completed"):
            if not self.asked.get(values["tool_call_id"]):
                yield f"{type} of {values['tool_call_id']}, whose arguments are not on their way"
            self.asked[values["tool_call_id"]] = type == "tool_call_args_delta"
        elif type in PARTS and (PARTS[type], values["message_id"]) not in self.open:
            yield f"{type} of {values['message_id']}, which is not open"
