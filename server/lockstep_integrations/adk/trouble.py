"""From exceptions and error codes to the contract's `ErrorDetail`."""

from typing import Any

from lockstep_events import ErrorDetail
from lockstep_events.runtime.telling import clean


def trouble_of(error: BaseException) -> ErrorDetail:
    """What an exception says: its text and its class; its code where that is a text. A group of one is that one."""
    raised: Any = error
    while len(getattr(raised, "exceptions", ())) == 1:  # ADK runs parallel agents in task groups
        (raised,) = raised.exceptions
    name, code = type(raised).__name__, getattr(raised, "code", None)
    return ErrorDetail(message=clean(str(raised)) or name, type=name, code=code if isinstance(code, str) else None)
