"""The two-line case: one dispatcher for the whole process, over the bus that the environment asks for."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

from lockstep_bus.bus import connect

if TYPE_CHECKING:
    from lockstep_events import EventDispatcher
    from lockstep_events.runtime import Contract, Publisher

DispatcherT = TypeVar("DispatcherT")


@overload
def get_event_dispatcher() -> "EventDispatcher": ...
@overload
def get_event_dispatcher(kind: "Callable[[Publisher], DispatcherT]") -> DispatcherT: ...
def get_event_dispatcher(kind: Any = None) -> Any:
    """The process's dispatcher: `await get_event_dispatcher().agent_message_delta(session_id=..., ...)`.

    Works at module level, before any event loop runs, and in several loops one after another. Without `kind` it is the
    dispatcher of the contract that `LOCKSTEP_CONTRACT` names; with the `EventDispatcher` of a package of your own it is
    one of that class, and typed as such.

    With `LOCKSTEP_TRACES=1` its events are also OpenTelemetry spans and metrics.

    Raises:
        BusSettingsError: an environment variable of the bus cannot be used.
        TracesUnavailableError: traces are asked for, and OpenTelemetry is not installed.
    """
    return _dispatcher(kind)


@cache
def _dispatcher(kind: "Callable[[Publisher], Any] | None") -> Any:
    contract, publisher = _publisher()
    return contract.dispatcher(publisher) if kind is None else kind(publisher)


@cache
def _publisher() -> "tuple[Contract, Publisher]":
    bus = connect()
    if not bus.settings.traces:
        return bus.contract, bus
    from lockstep_integrations.otel import traced  # the one place where the bus is put together with what it knows not

    return bus.contract, traced(bus, contract=bus.contract)
