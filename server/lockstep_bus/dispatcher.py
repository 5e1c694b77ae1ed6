"""The two-line case: one dispatcher for the whole process, over the bus that the environment asks for."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

from lockstep_bus.bus import EventBus, connect

if TYPE_CHECKING:
    from lockstep_events import EventDispatcher
    from lockstep_events.runtime import Publisher

D = TypeVar("D")


@overload
def get_event_dispatcher() -> "EventDispatcher": ...
@overload
def get_event_dispatcher(kind: "Callable[[Publisher], D]") -> D: ...
def get_event_dispatcher(kind: Any = None) -> Any:
    """The process's dispatcher: `await get_event_dispatcher().agent_message_delta(session_id=..., ...)`.

    Works at module level, before any event loop runs, and in several loops one after another. Without `kind` it is the
    dispatcher of the contract that `LOCKSTEP_CONTRACT` names; with the `EventDispatcher` of a package of your own it is
    one of that class, and typed as such.

    Raises:
        BusSettingsError: an environment variable of the bus cannot be used.
    """
    return _dispatcher(kind)


@cache
def _dispatcher(kind: "Callable[[Publisher], Any] | None") -> Any:
    bus = _bus()
    return bus.contract.dispatcher(bus) if kind is None else kind(bus)


@cache
def _bus() -> EventBus:
    return connect()
