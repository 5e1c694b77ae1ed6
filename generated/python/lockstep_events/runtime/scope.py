"""What an enclosing run, step or framework adapter says about the code that runs inside it."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import NamedTuple

from .outbox import Outbox


class Scope(NamedTuple):
    """Where what happens here is published, and what it is part of."""

    publisher: Outbox
    session_id: str
    run_id: str | None = None
    agent: str | None = None
    step_id: str | None = None
    """The step that what begins here is part of."""
    tool_call_id: str | None = None
    """The tool call that this is the work of."""
    subagent_run_id: str | None = None

    def within(self, step_id: str | None, tool_call_id: str | None) -> "Scope":
        """The same place, but in this step and this tool call."""
        publisher, session_id, run_id, agent, _, _, subagent_run_id = self
        return Scope(publisher, session_id, run_id, agent, step_id, tool_call_id, subagent_run_id)


SCOPE: ContextVar[Scope | None] = ContextVar("lockstep_scope", default=None)
"""Tasks and `asyncio.to_thread` inherit it; a thread started by hand does not."""


@dataclass(slots=True)
class Ticket:
    """A tool call that an adapter has announced already.

    The decorated tool that finds an unused ticket of its name uses it up and publishes nothing itself. It is good for
    one call: what the tool calls in turn, be it itself, is announced by nobody else.
    """

    tool_name: str
    tool_call_id: str
    used: bool = False


TICKET: ContextVar[Ticket | None] = ContextVar("lockstep_ticket", default=None)
"""Set by an adapter just before the body of a tool runs, and cleared after it."""
