"""`BaseADKAgent`: an agent whose `execute` is a run, written by hand or left to Google ADK."""

import re
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from lockstep_events import EventDispatcher

from lockstep_integrations.adk.performance import perform

Execute = Callable[..., Coroutine[Any, Any, Any]]
ANSWERING = "execute"
"""The method that a subclass writes; each call of it is a run."""


class BaseADKAgent:
    """An agent that answers one message in one session.

    A subclass writes `async def execute(self, message, session_id)`; every call of it is then a run: started, and
    completed with what it returns, or failed with what it raises, which the caller gets unchanged. Decorated tools,
    `session.step` and the like that are used inside belong to that run. Without a dispatcher nothing is published but
    what `execute` publishes itself. Neither needs Google ADK.

    A subclass, or an instance, that is given a `root_agent` of Google ADK and writes no `execute` has that agent
    answer; its steps, messages and tools are published by `LockstepPlugin`.
    """

    name: str = ""
    """The agent's name on its events; by default the class's, as in `infrastructure_monitor`."""

    def __init__(
        self, dispatcher: EventDispatcher | None = None, *, root_agent: Any = None, user_id: str = "user"
    ) -> None:
        """`user_id` is whose sessions ADK keeps."""
        self.dispatcher = dispatcher
        self.root_agent = root_agent
        self.user_id = user_id
        self._adk: Any = None
        if not self.name:
            self.name = _snake(type(self).__name__)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        written: Execute | None = cls.__dict__.get(ANSWERING)
        if written is not None:
            setattr(cls, ANSWERING, _performed(written))

    async def execute(self, message: str, session_id: str) -> Any:
        """Answer `message`. Here: by the `root_agent`, whose final text is returned.

        Raises NotImplementedError without one, and AdkUnavailableError when Google ADK is not installed.
        """
        if self.root_agent is None:
            raise NotImplementedError(f"{type(self).__name__} has neither an execute() of its own nor a root_agent")
        if self._adk is None:
            from lockstep_integrations.adk.conversation import Conversation

            self._adk = Conversation(self.root_agent, self.dispatcher, self.user_id)
        return await self._adk.say(message, session_id)


def _performed(execute: Execute) -> Execute:
    @wraps(execute)
    async def run(self: BaseADKAgent, message: str, session_id: str, *args: Any, **kwargs: Any) -> Any:
        work = execute(self, message, session_id, *args, **kwargs)
        return await perform(work, self.dispatcher, self.name, message, session_id)

    return run


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().removesuffix("_agent")
