"""Hears that the process is asked to stop before the ASGI server starts to wait for its open connections.

uvicorn 0.54 waits for every open connection *before* it tells the application, so a stream that waits for the
application's shutdown waits for ever. Signals are the one notice that comes in time.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Protocol
from weakref import WeakSet


class Drainable(Protocol):
    """What has streams to end."""

    def drain_soon(self) -> None:
        """Start to end them; called inside a signal handler."""


_listeners: WeakSet[Drainable] = WeakSet()


class _Chained:
    """A signal handler that passes the word and then does what the handler before it did."""

    def __init__(self, previous: Callable[[int, FrameType | None], Any]) -> None:
        self._previous = previous

    def __call__(self, number: int, frame: FrameType | None) -> None:
        for listener in list(_listeners):
            listener.drain_soon()
        self._previous(number, frame)


def listen(listener: Drainable) -> None:
    """Tell `listener` when SIGINT or SIGTERM comes. Call it with the first stream, when the server has its handlers.

    Python allows signal handlers in the main thread alone: a server in another thread stops its streams itself.
    """
    _listeners.add(listener)
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        previous = signal.getsignal(number)
        # Without a Python handler the signal ends the process at once, and that stays so.
        if callable(previous) and not isinstance(previous, _Chained):
            signal.signal(number, _Chained(previous))
