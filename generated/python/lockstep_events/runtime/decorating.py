"""A function whose calls are told: same signature, same result, same exceptions."""

from collections.abc import Callable
from functools import cached_property, wraps
from inspect import (
    Parameter,
    isasyncgenfunction,
    iscoroutinefunction,
    isgeneratorfunction,
    signature,
)
from typing import Any

from .activity import ToolCall
from .scope import TICKET, Scope
from .stamp import Stamp
from .telling import complain

Where = Callable[[], Scope | None]


class Tool:
    """What is known of a decorated function."""

    def __init__(self, function: Callable[..., Any], name: str | None, where: Where, stamp: Stamp) -> None:
        self._function = function
        own = getattr(function, "__name__", type(function).__name__)
        self.name = name or own
        self._names = {self.name, own}
        self._where = where
        self._stamp = stamp

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> ToolCall | None:
        """The call that begins; None when somebody else has told it, or nobody could hear it."""
        try:
            ticket = TICKET.get()
            if ticket is not None and not ticket.used and ticket.tool_name in self._names:
                ticket.used = True
                return None
            scope = self._where()
            if scope is None:
                text = "the tool '%s' is called outside any session: its calls are not published"
                complain(f"where {self.name}", text, self.name)
                return None
            return ToolCall(scope, self._stamp, self.name, self._named(args, kwargs))
        except Exception as error:
            complain(f"call {self.name}", "a call of the tool '%s' could not be told: %r", self.name, error)
            return None

    def _named(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The arguments by the names that the function gives them."""
        names = self._names_of_arguments
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        if len(args) > len(names):  # the rest has one name, or the call will fail
            given[self._rest] = [*args[len(names) :]]
        if names and names[0] in ("self", "cls"):  # of a method, and no argument
            del given[names[0]]
        return given

    @cached_property
    def _parameters(self) -> list[Parameter]:
        try:
            return [*signature(self._function).parameters.values()]
        except ValueError:  # of some functions that are not written in Python
            return []

    @cached_property
    def _names_of_arguments(self) -> list[str]:
        """Of those that can be given by their place."""
        by_place = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        return [each.name for each in self._parameters if each.kind in by_place]

    @cached_property
    def _rest(self) -> str:
        kinds = {each.kind: each.name for each in self._parameters}
        return kinds.get(Parameter.VAR_POSITIONAL, "args")


def decorate(function: Callable[..., Any], name: str | None, where: Where, stamp: Stamp) -> Any:
    """Raises TypeError for what is no function."""
    if not callable(function) or isinstance(function, type | staticmethod | classmethod):
        raise TypeError(f"{function!r} is not a function: decorate the function itself, below other decorators")
    if isgeneratorfunction(function) or isasyncgenfunction(function):
        raise TypeError(f"{function!r} is a generator: use `session.tool_call` around the loop that reads it")
    tool = Tool(function, name, where, stamp)

    async def run(*args: Any, **kwargs: Any) -> Any:
        call = tool.call(args, kwargs)
        if call is None:
            return await function(*args, **kwargs)
        with call:
            value = await function(*args, **kwargs)
            call.result(value)
            return value

    def run_directly(*args: Any, **kwargs: Any) -> Any:
        call = tool.call(args, kwargs)
        if call is None:
            return function(*args, **kwargs)
        with call:
            value = function(*args, **kwargs)
            call.result(value)
            return value

    return wraps(function)(run if iscoroutinefunction(function) else run_directly)
