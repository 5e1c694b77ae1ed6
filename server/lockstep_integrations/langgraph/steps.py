"""One execution of a node, as a step of the workflow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from langgraph.errors import GraphBubbleUp
from lockstep_events import ErrorDetail
from lockstep_events.runtime.scope import Scope

from lockstep_integrations.langgraph.content import text_of, tool_messages
from lockstep_integrations.langgraph.run import Run
from lockstep_integrations.langgraph.values import detail, message_of


def is_node(name: Any, metadata: Mapping[str, Any], around: "Step | None") -> bool:
    """Whether a chain is a node, or a `@task`: all that is inside of one has its metadata too, so its namespace."""
    if name is None or name != metadata.get("langgraph_node"):
        return False
    return around is None or metadata.get("langgraph_checkpoint_ns") != around.namespace


@dataclass(slots=True)
class Attempt:
    """The latest execution of one task of a graph, which its namespace names."""

    number: int = 1
    failure: BaseException | None = None
    failed_at: float = 0.0


class Step:
    """From its start to its one end."""

    def __init__(self, run: Run, step_id: str, parent: "Step | None", metadata: Mapping[str, Any]) -> None:
        self.run = run
        self.step_id = step_id
        self.parent = parent
        self.around = (parent or run).scope
        self.scope: Scope = self.around.within(step_id, None)
        self.origin = {"step_id": step_id}
        """The metadata of what begins in this step."""
        self.name: str = metadata["langgraph_node"]
        self.namespace: str = metadata.get("langgraph_checkpoint_ns", step_id)
        self._superstep: int = metadata.get("langgraph_step", 0)
        self._triggers: Sequence[str] = metadata.get("langgraph_triggers", ())
        self._is_task = metadata.get("langgraph_path", ())[3:] == (True,)
        self._since = perf_counter()

    def begin(self) -> None:
        """Tell how it was reached: from another step, or because it is tried again."""
        earlier = self.run.attempts.get(self.namespace)
        if earlier is not None and earlier.failure is not None:
            self._retry(earlier)
        else:
            self.run.attempts[self.namespace] = Attempt()
            self._arrive()
        self.run.session.workflow_step_started(
            step_name=self.name, step_id=self.step_id, parent_step_id=self.parent.step_id if self.parent else None
        )

    def _arrive(self) -> None:
        if self._is_task:  # called by the code of its step, not reached by an edge
            return
        graph = self.namespace.rpartition("|")[0]
        for origin, name in self.run.route.enter(graph, self._superstep, self.name, self._triggers):
            self.run.session.workflow_transition(from_step=origin, to_step=name)

    def _retry(self, attempt: Attempt) -> None:
        assert attempt.failure is not None
        attempt.number += 1
        self.run.session.retry_attempted(
            attempt=attempt.number,
            delay_ms=(perf_counter() - attempt.failed_at) * 1e3,
            reason=message_of(attempt.failure),
            step_name=self.name,
            step_id=self.step_id,
        )
        attempt.failure = None

    def complete(self, output: Any) -> None:
        """It returned `output`; answers in it that no tool gave, such as a refusal of ToolNode, are told here."""
        for message in tool_messages(output):
            if self.run.answered.get(message.tool_call_id) is False:
                self._answer(message)
        self._completed()

    def _completed(self) -> None:
        self.run.session.workflow_step_completed(
            step_name=self.name, step_id=self.step_id, duration_ms=(perf_counter() - self._since) * 1e3
        )

    def _answer(self, message: Any) -> None:
        call_id: str = message.tool_call_id
        self.run.answered[call_id] = True
        content = text_of(message.content)
        failed = message.status == "error"
        self.run.session.tool_call_result(
            message_id=message.id or f"{self.step_id}:{call_id}",
            tool_call_id=call_id,
            content=content,
            status="error" if failed else "success",
            error=ErrorDetail(message=content) if failed else None,
        )

    def fail(self, error: BaseException) -> None:
        """It raised. An interrupt, or a command for the graph around it, is how a node ends that did not fail."""
        if isinstance(error, GraphBubbleUp):
            self.run.interrupt(error)
            self._completed()
            return
        attempt = self.run.attempts.get(self.namespace)
        if attempt is not None:
            attempt.failure, attempt.failed_at = error, perf_counter()
        self.run.session.workflow_step_failed(
            step_name=self.name,
            step_id=self.step_id,
            error=detail(error),
            duration_ms=(perf_counter() - self._since) * 1e3,
        )
