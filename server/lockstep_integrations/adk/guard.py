"""The guard around every callback: the host never sees an error of ours, the log sees each kind once."""

import functools
import logging
from collections.abc import Callable
from typing import Any

logger = logging.getLogger("lockstep_integrations.adk")


class Complaints:
    """Says each kind of trouble once."""

    def __init__(self) -> None:
        self._said: set[tuple[str, type[BaseException]]] = set()

    def say(self, where: str, error: Exception) -> None:
        """Warn that `where` failed, unless it failed like this before."""
        kind = (where, type(error))
        if kind in self._said:
            return
        self._said.add(kind)
        logger.warning(
            "%s could not be published, so events are missing; the agent is not affected. This is said once. %s: %s",
            where,
            type(error).__name__,
            error,
        )


def guarded(callback: Callable[..., None]) -> Any:
    """An ADK callback that never raises and always answers None, which tells ADK to go on as if it were not there.

    Whatever goes wrong inside, a changed signature included, ends in the plugin's `complaints`.
    """

    @functools.wraps(callback)
    async def quiet(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            callback(self, *args, **kwargs)
        except Exception as error:
            self.complaints.say(callback.__name__, error)

    return quiet
