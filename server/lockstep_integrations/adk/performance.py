"""One call of an agent's `execute`, published as a run."""

from asyncio import CancelledError
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from contextvars import Token
from typing import Any
from uuid import uuid4

from lockstep_events import (
    EventDispatcher,
    RunAgentInput,
    RunCancelledOutcome,
    RunSuccessOutcome,
    SyncEventDispatcher,
    SyncRunDispatcher,
    UserMessage,
)
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.runtime.scope import SCOPE, Scope
from lockstep_events.runtime.telling import clean

from lockstep_integrations.adk.guard import Complaints
from lockstep_integrations.adk.plain import plain
from lockstep_integrations.adk.trouble import trouble_of

COMPLAINTS = Complaints()
AHEAD_SECONDS = 0.25
"""So long the start may take to be stored before the agent begins; what it awaits itself then comes after it."""


async def perform(
    work: Coroutine[Any, Any, Any], dispatcher: EventDispatcher | None, agent: str, message: str, session_id: str
) -> Any:
    """What `work` returns or raises. Within the run of the same agent and session it is part of that run."""
    scope = SCOPE.get()
    known = scope is not None and scope.run_id is not None and (scope.agent, scope.session_id) == (agent, session_id)
    if dispatcher is None or known:
        return await work
    run = Performance(Outbox.of(dispatcher.publisher), agent, session_id)
    try:
        await run.begin(message)
        result = await work
    except CancelledError:
        run.cancel()
        raise
    except Exception as error:
        run.fail(error)
        raise
    finally:
        work.close()  # it never began when the start was cancelled
    run.complete(result)
    return result


class Performance:
    """The run's own events. None of its methods raises."""

    def __init__(self, outbox: Outbox, agent: str, session_id: str) -> None:
        run_id = f"run-{uuid4().hex}"
        self._outbox = outbox
        self._scope = Scope(outbox, session_id, run_id, agent)
        self._session: SyncRunDispatcher = SyncEventDispatcher(outbox).session(session_id, run_id=run_id, agent=agent)
        self._around: Token[Scope | None] | None = None

    async def begin(self, message: str) -> None:
        """Publish the start, and let what is published from here on be part of the run."""
        with _unheard():
            session_id, run_id = self._scope.session_id, self._scope.run_id or ""
            said = UserMessage(id=f"{run_id}:input", role="user", content=clean(message))
            self._session.run_started(input=RunAgentInput(thread_id=session_id, run_id=run_id, messages=[said]))
            await self._outbox.flush(AHEAD_SECONDS)
        self._around = SCOPE.set(self._scope)

    def complete(self, result: Any) -> None:
        """Publish what the work returned."""
        self._leave()
        with _unheard():
            self._session.run_completed(outcome=RunSuccessOutcome(type="success"), result=plain(result))

    def cancel(self) -> None:
        """Publish that it was stopped from outside."""
        self._leave()
        with _unheard():
            self._session.run_completed(outcome=RunCancelledOutcome(type="cancelled"))

    def fail(self, error: Exception) -> None:
        """Publish what the work raised."""
        self._leave()
        with _unheard():
            trouble = trouble_of(error)
            self._session.run_failed(message=trouble.message, code=trouble.code or trouble.type)

    def _leave(self) -> None:
        if self._around is not None:
            SCOPE.reset(self._around)


@contextmanager
def _unheard() -> Generator[None]:
    """The agent hears nothing of what goes wrong here; the log does, once."""
    try:
        yield
    except Exception as error:
        COMPLAINTS.say("a run of BaseADKAgent", error)
