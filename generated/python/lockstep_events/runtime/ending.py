"""Outboxes when the process ends or forks: what is not stored is waited for, and nobody hangs on a lost thread."""

import atexit
import logging
import os
import threading
from importlib import import_module

from .publisher import BUSY, OUTBOXES

LOG = logging.getLogger(__name__)
EXIT_SECONDS = 3.0
"""The process waits so long at its end for what is not stored yet."""


def _finish_all() -> None:
    for outbox in list(BUSY):
        try:
            done = outbox.finish(EXIT_SECONDS)
        except RuntimeError:  # an interpreter that is ending has no more threads for the publisher
            done = False
        if not done:
            BUSY.discard(outbox)
            LOG.warning("the process ends before its last events are stored")


def _fork_all() -> None:
    BUSY.clear()
    for outbox in list(OUTBOXES.values()):
        outbox.forked()


def watch_the_end() -> None:
    """Have what is not stored waited for; once for a process."""
    # Before thread pools end, which a connection needs to look up its host: last loaded, first called. And once more
    # for what is published later than that.
    import_module("concurrent.futures.thread")
    getattr(threading, "_register_atexit", atexit.register)(_finish_all)
    atexit.register(_finish_all)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_fork_all)
