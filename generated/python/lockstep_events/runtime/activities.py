"""What dispatchers have beside a method for each event: tools, steps, messages and retries that tell of themselves.

Each class is for contracts that have the events it tells of. What they need is loaded when the first of them is used.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .activity import Message, Step, ToolCall
    from .retrying import AsyncRetrying, Kinds, Retrying
    from .scope import Scope
    from .stamp import Stamp

FunctionT = TypeVar("FunctionT", bound="Callable[..., Any]")
Role = Literal["developer", "system", "assistant", "user"]


class Tools:
    """Of every dispatcher."""

    _stamp: Stamp

    @overload
    def tool(self, function: FunctionT, /) -> FunctionT: ...
    @overload
    def tool(self, /, *, name: str | None = None) -> Callable[[FunctionT], FunctionT]: ...
    def tool(self, function: Any = None, /, *, name: str | None = None) -> Any:
        """Publish every call of a function: what it is asked, what it returns or raises, and how long it takes.

        The function stays as it is: its signature, its result, its exceptions. Calls belong to the session, run and
        agent within which they happen; a call that a framework's adapter has published already is not published again.
        Publishing neither waits nor fails.

        Args:
            function: A plain function or one of coroutines.
            name: What the tool is called; by default the function's name.
        """
        from .decorating import decorate

        def decorated(function: Any) -> Any:
            return decorate(function, name, self._scope, self._stamp)

        return decorated if function is None else decorated(function)

    def _scope(self) -> Scope | None:
        """Where a call that happens now belongs."""
        from .scope import SCOPE

        return SCOPE.get()


class InSession:
    """Of the dispatchers of a session. What these return is for `with` and for `async with`."""

    _publisher: Any
    _session_id: str
    _stamp: Stamp

    def _scope(self) -> Scope:
        from .telling import within

        return within(self._place)

    @cached_property
    def _place(self) -> Scope:
        """What is bound here, made once: a scope costs as much as half an event."""
        from .outbox import Outbox
        from .scope import Scope

        bound = self.__dict__
        return Scope(
            Outbox.of(self._publisher),
            self._session_id,
            bound.get("_run_id"),
            bound.get("_agent"),
            subagent_run_id=bound.get("_subagent_run_id"),
        )


class ToolCalls(InSession, Tools):
    """Calls of tools."""

    def tool_call(
        self,
        name: str,
        args: Mapping[str, Any] | None = None,
        tool_call_id: str | None = None,
        *,
        parent_message_id: str | None = None,
    ) -> ToolCall:
        """A call of a tool: `with session.tool_call("ls", {"path": "/"}) as call: call.result(ls("/"))`.

        It ends with what `call.result` was given, or with the exception that ends the block, which goes on unchanged.
        """
        from .activity import ToolCall

        return ToolCall(self._scope(), self._stamp, name, args, tool_call_id, parent_message_id)


class Steps(InSession):
    """Steps of a workflow."""

    def step(self, name: str, *, step_id: str | None = None, workflow_name: str | None = None) -> Step:
        """A step of a workflow: completed, or failed when an exception ends the block. Steps within are part of it."""
        from .activity import Step

        return Step(self._scope(), self._stamp, name, step_id, workflow_name)


class Messages(InSession):
    """Messages that are said piece by piece."""

    def message(self, role: Role = "assistant", *, message_id: str | None = None, name: str | None = None) -> Message:
        """A message: `with session.message() as message: message.write("Hel"); message.write("lo")`."""
        from .activity import Message

        return Message(self._scope(), self._stamp, role, message_id, name)


class Retries(InSession):
    """Attempts, for coroutines."""

    def retrying(
        self,
        attempts: int = 3,
        *,
        wait: float = 0.1,
        factor: float = 2.0,
        longest: float = 30.0,
        on: Kinds = Exception,
    ) -> AsyncRetrying:
        """Attempts until one succeeds: `async for attempt in session.retrying(): with attempt: await fetch()`.

        Every attempt after the first is published. The last one's exception, and every other kind than `on`, goes on.

        Args:
            attempts: How many there are at most.
            wait: Seconds before the second; each further wait is `factor` times the one before, at most `longest`.
            factor: How the waits grow.
            longest: Seconds.
            on: After which exceptions to try again.

        Raises:
            ValueError: `attempts` is less than one.
        """
        from .retrying import AsyncRetrying

        return AsyncRetrying(self._scope(), self._stamp, attempts, wait, factor, longest, on)


class SyncRetries(InSession):
    """Attempts, for code without an event loop."""

    def retrying(
        self,
        attempts: int = 3,
        *,
        wait: float = 0.1,
        factor: float = 2.0,
        longest: float = 30.0,
        on: Kinds = Exception,
    ) -> Retrying:
        """Attempts until one succeeds: `for attempt in session.retrying(): with attempt: fetch()`.

        Every attempt after the first is published. The last one's exception, and every other kind than `on`, goes on.

        Args:
            attempts: How many there are at most.
            wait: Seconds before the second; each further wait is `factor` times the one before, at most `longest`.
            factor: How the waits grow.
            longest: Seconds.
            on: After which exceptions to try again.

        Raises:
            ValueError: `attempts` is less than one.
        """
        from .retrying import Retrying

        return Retrying(self._scope(), self._stamp, attempts, wait, factor, longest, on)
