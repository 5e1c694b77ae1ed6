"""One run of a graph, from its start to its outcome, and what is still open in between."""

from asyncio import CancelledError
from typing import Any, cast

from langgraph.callbacks import GraphInterruptEvent
from langgraph.errors import GraphBubbleUp
from langgraph.types import Interrupt as GraphQuestion
from lockstep_events import Interrupt, RunInterruptOutcome, RunOutcome, SyncRunDispatcher, SyncSessionDispatcher
from lockstep_events import RunCancelledOutcome as Cancelled
from lockstep_events import RunSuccessOutcome as Success
from lockstep_events.runtime.scope import Scope
from lockstep_events.runtime.telling import clean

from lockstep_integrations.langgraph.guard import tell
from lockstep_integrations.langgraph.route import Route
from lockstep_integrations.langgraph.usage import Bill
from lockstep_integrations.langgraph.values import mapping, message_of, plain, sequence

CANCELLED = (CancelledError, GeneratorExit, KeyboardInterrupt)
"""What ends work without its having failed; GeneratorExit: the host stopped reading `graph.astream()`."""


class LeftBehind(CancelledError):
    """What ends work that had not ended when the step or run around it did; its own end is not waited for."""

    def __init__(self) -> None:
        super().__init__("ended with what it was part of")


class Run:
    """The events of one run, and what its steps, messages and tools share."""

    def __init__(self, session: SyncSessionDispatcher, scope: Scope) -> None:
        """A `session` that is no SyncRunDispatcher is for what happens outside of any graph."""
        self.session = session
        self.scope = scope
        """Of what happens in it outside of any step."""
        self.bill = Bill()
        self.route = Route()
        self.attempts: dict[str, Any] = {}
        self.answered: dict[str, bool] = {}
        """Every tool call that was announced: whether its result was published."""
        self.resumes = False
        self.message_ids: set[str] = set()
        self._interrupts: dict[str, Interrupt] = {}
        self._stopped: GraphInterruptEvent | None = None

    def begin(self, *, resumes: bool) -> None:
        """`resumes`: it goes on where an earlier run stopped, whose tool calls are announced already."""
        self.resumes = resumes
        if isinstance(self.session, SyncRunDispatcher):
            self.session.run_started()

    def complete(self, output: Any, *, state: bool) -> None:
        """`output` is the graph's last state; it is published when `state` says so."""
        if not isinstance(self.session, SyncRunDispatcher):
            return
        if state:
            self._snapshot(output)
        self.session.run_completed(outcome=self._outcome(output), usage=self.bill.total())

    def _snapshot(self, output: Any) -> None:
        try:
            self.session.state_snapshot(snapshot=plain(output))
        except Exception as error:  # whatever the host keeps in its state, the run's end must be told
            tell("state", error)

    def fail(self, error: BaseException) -> None:
        """It ended by an exception, which the host gets as well."""
        if not isinstance(self.session, SyncRunDispatcher):
            return
        usage = self.bill.total()
        if isinstance(error, CANCELLED):
            self.session.run_completed(outcome=Cancelled(type="cancelled"), usage=usage)
        elif isinstance(error, GraphBubbleUp):
            self.interrupt(error)
            self.session.run_completed(outcome=self._outcome(None), usage=usage)
        else:
            self.session.run_failed(message=message_of(error), code=type(error).__name__, usage=usage)

    def interrupt(self, error: GraphBubbleUp, tool_call_id: str | None = None) -> None:
        """Keep what `interrupt()` asks until the run's end; a question passes every step around it."""
        for question in sequence(error.args[0] if error.args else ()):
            if isinstance(question, GraphQuestion):
                asked = _interrupt(question.id, cast("Any", question).value, tool_call_id)
                self._interrupts.setdefault(asked.id, asked)

    def stop(self, event: GraphInterruptEvent) -> None:
        """It ends before its end, to be asked to go on."""
        self._stopped = event

    def _outcome(self, output: Any) -> RunOutcome:
        if self._interrupts:
            return RunInterruptOutcome(type="interrupt", interrupts=list(self._interrupts.values()))
        if self._stopped is not None:
            waiting = [call_id for call_id, answered in self.answered.items() if not answered]
            return RunInterruptOutcome(type="interrupt", interrupts=[_breakpoint(self._stopped, waiting)])
        pending = [call_id for call_id in _asked_last(output) if self.answered.get(call_id) is False]
        return Success(type="success", pending_tool_call_ids=pending) if pending else Success(type="success")


def _interrupt(interrupt_id: str, value: Any, tool_call_id: str | None) -> Interrupt:
    said = mapping(value)
    message = (
        value if isinstance(value, str) else next((said[key] for key in ("message", "question") if key in said), None)
    )
    reason = said.get("reason")
    return Interrupt(
        id=interrupt_id,
        reason=clean(reason) if isinstance(reason, str) else "interrupt",
        message=clean(message) if isinstance(message, str) else None,
        tool_call_id=tool_call_id,
        metadata={"value": plain(value)},
    )


def _breakpoint(event: GraphInterruptEvent, waiting: list[str]) -> Interrupt:
    """A stop that asks nothing but whether to go on; often it is about the tool calls that come next."""
    return Interrupt(
        id=event.checkpoint_id,
        reason=event.status if event.status.startswith("interrupt_") else "interrupt",  # of a subgraph it says less
        tool_call_id=waiting[0] if len(waiting) == 1 else None,
        metadata={"pending_tool_call_ids": waiting} if waiting else None,
    )


def _asked_last(output: Any) -> list[str]:
    """The tool calls of the last message: the graph ended with them, so somebody else is to execute them."""
    messages = sequence(mapping(output).get("messages") or getattr(output, "messages", None))
    calls = sequence(getattr(messages[-1], "tool_calls", None)) if messages else ()
    return [call["id"] for call in calls if call.get("id")]
