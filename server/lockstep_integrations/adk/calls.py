"""The tool calls of a run: announced when the tool begins, ended once, waiting where somebody else answers."""

from collections.abc import Callable
from time import perf_counter
from typing import Any, Literal, NamedTuple

from lockstep_events import ErrorDetail, SyncSessionDispatcher

from lockstep_integrations.adk.place import Place
from lockstep_integrations.adk.plain import plain, plain_object, text_of
from lockstep_integrations.adk.steps import Origin

Status = Literal["success", "error", "cancelled", "unknown"]


class Call(NamedTuple):
    """A tool call without a result."""

    call_id: str
    tool: str
    place: Place
    session: SyncSessionDispatcher
    began: float


class Calls:
    """The tool calls that are open, by id."""

    def __init__(self, new_id: Callable[[str], str]) -> None:
        self._new_id = new_id
        self._open: dict[str, Call] = {}
        self._waiting: dict[str, tuple[Call, Any]] = {}
        self.deferred: set[str] = set()
        """Open calls whose result an event brings, because an agent of this run works on it."""

    def begin(self, call: Call, args: Any, *, message_id: str | None, origin: Origin, known: bool) -> None:
        """A tool begins. `known`: the call was announced by a run before this one, which stopped to ask."""
        self._open[call.call_id] = call
        if not known:
            call.session.tool_call_started(
                tool_call_id=call.call_id,
                tool_name=call.tool,
                args=plain_object(args),
                parent_message_id=message_id,
                metadata=origin,
            )
        call.session.tool_call_execution_started(tool_call_id=call.call_id, tool_name=call.tool)

    def finish(self, call_id: str, result: Any) -> bool:
        """A tool returned. False when the call had ended before."""
        call = self._open.pop(call_id, None)
        if call is None:
            return False
        self._publish(call, text_of(result), "success", result=plain(result))
        return True

    def fail(self, call_id: str, status: Status, error: ErrorDetail | None) -> None:
        """A tool raised, or was cancelled."""
        call = self._open.pop(call_id, None)
        if call is not None:
            self._publish(call, error.message if error else status, status, error=error)

    def wait(self, call_id: str, response: Any) -> None:
        """The tool answered nothing final: the user will, in a later run."""
        call = self._open.pop(call_id, None)
        if call is not None:
            self._waiting[call_id] = call, response

    @property
    def waiting(self) -> dict[str, Any]:
        """The calls whose answer comes from elsewhere, with what the tool said meanwhile."""
        return {call_id: said for call_id, (_, said) in self._waiting.items()}

    def give_up(self, status: Status) -> None:
        """The run ends without asking anybody: no call waits any more."""
        for call, said in self._waiting.values():
            self._publish(call, text_of(said), status, result=said)
        self._waiting.clear()

    def defer(self, call_id: str) -> None:
        """The tool has handed the call on; an event of this run, or the next, brings the result."""
        if call_id in self._open:
            self.deferred.add(call_id)

    def answer(self, session: SyncSessionDispatcher, call_id: str, result: Any) -> None:
        """The answer to a call that waited since a run before this one."""
        session.tool_call_result(
            message_id=self._new_id("result"),
            tool_call_id=call_id,
            content=text_of(result),
            result=plain(result),
            status="success",
        )

    def end(self, status: Status, place: Place | None = None) -> None:
        """Close the calls that are still open, everywhere or at one place. Those handed on wait."""
        for call in list(self._open.values()):
            if place is not None and call.place != place:
                continue
            if call.call_id in self.deferred:
                self.wait(call.call_id, None)
            else:
                self.fail(call.call_id, status, None)

    def _publish(
        self, call: Call, content: str, status: Status, *, result: Any = None, error: ErrorDetail | None = None
    ) -> None:
        call.session.tool_call_result(
            message_id=self._new_id("result"),
            tool_call_id=call.call_id,
            content=content,
            result=result,
            status=status,
            error=error,
            duration_ms=round((perf_counter() - call.began) * 1000, 3),
        )
