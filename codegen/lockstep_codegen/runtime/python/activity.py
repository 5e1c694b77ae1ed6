"""What takes time, told by its start and its end: a step, a message, a tool call. For `with` and for `async with`."""

from abc import ABC, abstractmethod
from contextvars import Token
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError
from pydantic_core import from_json
from typing_extensions import override

from .scope import SCOPE, Scope
from .stamp import Stamp
from .telling import clean, complain, detail, json_text, publish, tell

LONGEST = 256 * 1024
"""Characters of a result, or of all arguments; more might not fit into an event, and a call would lack start or end."""
SHORT = 1024
"""Characters of each argument when all are too long."""


class Activity(ABC):
    """Begins when it is entered and ends when it is left, however that happens. It never fails by itself."""

    def __init__(self, scope: Scope, stamp: Stamp) -> None:
        self._scope = scope
        self._stamp = stamp
        self._since = 0.0
        self._outer: Token[Scope | None] | None = None

    @abstractmethod
    def _begin(self) -> Scope:
        """Tell that it began; returns the scope of what happens within."""

    @abstractmethod
    def _end(self, error: BaseException | None) -> None:
        """Tell that it ended, with the exception that ended it."""

    @property
    def _duration(self) -> float:
        return round((perf_counter() - self._since) * 1e3, 3)

    def __enter__(self) -> Self:
        self._since = perf_counter()
        try:
            self._outer = SCOPE.set(self._begin())
        except Exception as error:
            complain("start", "the start of a %s could not be told: %r", type(self).__name__, error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._outer is not None:
                SCOPE.reset(self._outer)
        except ValueError:  # left in another task than it was entered in, whose scope is its own
            pass
        try:
            self._end(error)
        except Exception as trouble:
            complain("end", "the end of a %s could not be told: %r", type(self).__name__, trouble)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)


class Step(Activity):
    """A step of a workflow; steps, calls and retries within are part of it."""

    def __init__(self, scope: Scope, stamp: Stamp, name: str, step_id: str | None, workflow_name: str | None) -> None:
        super().__init__(scope, stamp)
        self.name = name
        self.step_id = step_id or f"step-{stamp.event_id()}"
        self._workflow_name = workflow_name

    def _begin(self) -> Scope:
        details = {"parent_step_id": self._scope.step_id, "workflow_name": self._workflow_name}
        tell(self._scope, self._stamp, "workflow_step_started", self._same, details)
        return self._scope.within(self.step_id, None)

    def _end(self, error: BaseException | None) -> None:
        duration = {"duration_ms": self._duration}
        if error is None:
            tell(self._scope, self._stamp, "workflow_step_completed", self._same, duration)
        else:
            failed = {**self._same, "error": detail(error)}
            tell(self._scope, self._stamp, "workflow_step_failed", failed, duration)

    @property
    def _same(self) -> dict[str, Any]:
        return {"step_name": self.name, "step_id": self.step_id}


class Message(Activity):
    """A message that is said piece by piece."""

    def __init__(self, scope: Scope, stamp: Stamp, role: str, message_id: str | None, name: str | None) -> None:
        super().__init__(scope, stamp)
        self.message_id = message_id or f"message-{stamp.event_id()}"
        self._role = role
        self._name = name

    def write(self, delta: str) -> None:
        """Append to its text. Returns at once: the text is published in order."""
        if delta:
            tell(
                self._scope, self._stamp, "agent_message_delta", {"message_id": self.message_id, "delta": clean(delta)}
            )

    def _begin(self) -> Scope:
        payload = {"message_id": self.message_id, "role": self._role}
        tell(self._scope, self._stamp, "agent_message_started", payload, {"name": self._name})
        return self._scope

    @override
    def _end(self, error: BaseException | None) -> None:
        # A message has no way to fail: what was said of it is complete.
        tell(self._scope, self._stamp, "agent_message_completed", {"message_id": self.message_id})


class ToolCall(Activity):
    """A call of a tool: what it is asked, and what came of it."""

    def __init__(
        self,
        scope: Scope,
        stamp: Stamp,
        name: str,
        args: Any,
        tool_call_id: str | None = None,
        parent_message_id: str | None = None,
    ) -> None:
        super().__init__(scope, stamp)
        self.name = name
        self.tool_call_id = tool_call_id or f"call-{stamp.event_id()}"
        self._args = args
        self._parent_message_id = parent_message_id
        self._value: Any = None

    def result(self, value: Any) -> None:
        """What the tool answers; it is published when the call ends. What is not JSON is told as well as can be."""
        self._value = value

    def _begin(self) -> Scope:
        same = {"tool_call_id": self.tool_call_id, "tool_name": self.name}
        details = {"args": _object(self._args), "parent_message_id": self._parent_message_id}
        try:
            publish(self._scope, self._stamp, "tool_call_started", {**same}, details)
        except ValidationError:  # arguments that no event can carry, such as too deep ones
            tell(self._scope, self._stamp, "tool_call_started", {**same, "args": {}})
        tell(self._scope, self._stamp, "tool_call_execution_started", {**same})
        return self._scope.within(self._scope.step_id, self.tool_call_id)

    def _end(self, error: BaseException | None) -> None:
        details = {"duration_ms": self._duration}
        if error is None:
            value, content = _answer(self._value)
            payload = self._ended("success", content)
            try:
                publish(self._scope, self._stamp, "tool_call_result", {**payload, "result": value}, details)
            except ValidationError:  # data that no event can carry; its text can be
                tell(self._scope, self._stamp, "tool_call_result", payload, details)
            return
        if isinstance(error, Exception):
            told = detail(error)
            payload = {**self._ended("error", told["message"]), "error": told}
        else:  # cancelled, interrupted or closed: nothing went wrong with the tool
            payload = self._ended("cancelled", "cancelled")
        tell(self._scope, self._stamp, "tool_call_result", payload, details)

    def _ended(self, status: str, content: str) -> dict[str, Any]:
        names = {"message_id": f"result-{self.tool_call_id}", "tool_call_id": self.tool_call_id}
        return {**names, "content": content, "status": status}


def _object(args: Any) -> dict[str, Any]:
    try:
        given = dict(args or {})
        raw = json_text(given)
        if len(raw) > LONGEST:
            raw = json_text({name: _excerpt(value) for name, value in given.items()})
        made: dict[str, Any] = from_json(raw)
    except Exception:  # a circle, or an object that cannot be looked at
        return {}
    return made


def _excerpt(value: Any) -> Any:
    """A value that is among too many bytes of arguments: itself if it is short, or how it begins."""
    text = json_text(value).decode()
    return value if len(text) <= SHORT else f"{text[:SHORT]}… ({len(text)} characters)"


def _answer(value: Any) -> tuple[Any, str]:
    """A result as data and as the text that a model reads."""
    if value is None:
        return None, ""
    try:
        raw = json_text(value)
    except Exception:
        raw = json_text(f"<{type(value).__name__}>")
    made = from_json(raw)
    text = made if isinstance(made, str) else raw.decode()
    if len(text) > LONGEST:
        made = text = f"{text[:LONGEST]}… ({len(text)} characters)"
    return made, text
