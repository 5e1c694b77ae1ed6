"""One execution of a tool, from its arguments to its result."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any, Literal

from langgraph.errors import GraphBubbleUp
from lockstep_events import ErrorDetail
from lockstep_events.runtime.scope import Ticket
from lockstep_events.runtime.telling import clean
from pydantic import ValidationError

from lockstep_integrations.langgraph.content import answer
from lockstep_integrations.langgraph.run import CANCELLED, Run
from lockstep_integrations.langgraph.steps import Step
from lockstep_integrations.langgraph.values import NOTHING, detail, is_mapping, message_of, plain


class ToolCall:
    """A call that a model asked for, or that the graph's own code makes."""

    def __init__(self, run: Run, step: Step | None, execution_id: str, name: str, call_id: str | None) -> None:
        """`call_id` is what the model's message calls it; None when no model asked."""
        self.run = run
        self.step = step
        self.name = clean(name)
        self.call_id = call_id or execution_id
        self.around = (step or run).scope
        self.scope = self.around.within(self.around.step_id, self.call_id)
        self.ticket = Ticket(self.name, self.call_id)
        """For a decorated tool: this call is told already."""
        self._asked = call_id is not None
        self._execution_id = execution_id
        self._since = perf_counter()

    def begin(self, args: Any) -> None:
        """The tool begins to work; a call that nobody announced is announced with its arguments."""
        session, answered = self.run.session, self.run.answered
        known = self.call_id in answered or (self.run.resumes and self._asked)
        answered[self.call_id] = False
        if not known:
            given = args if is_mapping(args) else NOTHING
            try:
                self._announce(given)
            except ValidationError:  # rarely: most arguments came as JSON, from a model
                self._announce(plain(given))
        session.tool_call_execution_started(tool_call_id=self.call_id, tool_name=self.name)

    def _announce(self, args: Mapping[str, Any]) -> None:
        self.run.session.tool_call_started(
            tool_call_id=self.call_id,
            tool_name=self.name,
            args=args,
            metadata=self.step.origin if self.step else None,
        )

    def complete(self, output: Any) -> None:
        """It returned; a tool that handles its own error returns a message which says so."""
        content, result = answer(output)
        failed = getattr(output, "status", None) == "error"
        error = ErrorDetail(message=content) if failed else None
        self._result(content, "error" if failed else "success", error, result)

    def fail(self, error: BaseException) -> None:
        """It raised, or what it was part of ended before it did. An interrupt leaves it without a result."""
        if isinstance(error, GraphBubbleUp):
            self.run.interrupt(error, self.call_id)
        elif isinstance(error, CANCELLED):
            self._result("cancelled", "cancelled", None)
        else:
            self._result(message_of(error), "error", detail(error))

    def _result(
        self,
        content: str,
        status: Literal["success", "error", "cancelled"],
        error: ErrorDetail | None,
        result: Any = None,
    ) -> None:
        self.run.answered[self.call_id] = True
        self.run.session.tool_call_result(
            message_id=self._execution_id,
            tool_call_id=self.call_id,
            content=content,
            result=result,
            status=status,
            error=error,
            duration_ms=(perf_counter() - self._since) * 1e3,
        )
