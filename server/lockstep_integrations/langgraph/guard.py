"""What keeps the host safe from its observer: no callback raises, and each kind of failure is told once."""

import functools
import logging
from collections.abc import Callable
from typing import Any

logger = logging.getLogger("lockstep.langgraph")

_told: set[tuple[str, str]] = set()
"""Callback and class of error of every warning of this process: a failure that repeats itself is no news."""


def guarded(body: Callable[..., None]) -> Callable[..., None]:
    """A callback that holds its handler's `lock` while it works and whose exceptions end here.

    The lock is for graphs that run by `invoke`: LangGraph then calls from a thread for each parallel branch.
    """
    kind = body.__name__

    @functools.wraps(body)
    def safe(handler: Any, *args: Any, **kwargs: Any) -> None:
        try:
            with handler.lock:
                body(handler, *args, **kwargs)
        except Exception as error:
            tell(kind, error)

    return safe


def tell(kind: str, error: Exception) -> None:
    """Warn that an event is missing; once for each callback and class of error."""
    signature = (kind, type(error).__name__)
    if signature not in _told:
        _told.add(signature)
        logger.warning("%s published nothing (said once): %s: %s", kind, type(error).__name__, error)
