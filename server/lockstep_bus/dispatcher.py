"""The two-line case: one dispatcher for the whole process, over the bus that the environment asks for."""

from functools import cache
from typing import TYPE_CHECKING

from lockstep_bus.bus import connect

if TYPE_CHECKING:
    from lockstep_events import EventDispatcher


@cache
def get_event_dispatcher() -> "EventDispatcher":
    """The process's dispatcher: `await get_event_dispatcher().agent_message_delta(session_id=..., ...)`.

    Works at module level, before any event loop runs, and in several loops one after another.

    Raises:
        BusSettingsError: an environment variable of the bus cannot be used.
    """
    from lockstep_events import EventDispatcher

    return EventDispatcher(connect())
