"""`observe`: what attaches the handler to every graph that runs inside of a `with`."""

from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from langchain_core.callbacks import BaseCallbackManager
from langchain_core.runnables.config import RunnableConfig, var_child_runnable_config
from langchain_core.tracers.context import register_configure_hook
from lockstep_events import EventDispatcher, SyncEventDispatcher, SyncSessionDispatcher
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.runtime.scope import SCOPE, Scope

from lockstep_integrations.langgraph.handler import HANDLER, Handler
from lockstep_integrations.langgraph.hook import MARK, marked

register_configure_hook(HANDLER, inheritable=True)
register_configure_hook(MARK, inheritable=False)


class observe:
    """Publishes every graph, model and tool of LangChain that runs inside of it, without any change to them.

    `with` for `invoke`, `ainvoke`, `stream` and `astream` alike; `async with` also waits, at its end, until everything
    is stored. What it publishes never fails and never waits in the host: the bus may be away.
    """

    def __init__(
        self,
        dispatcher: EventDispatcher | SyncEventDispatcher,
        *,
        session_id: str,
        run_id: str | None = None,
        agent: str | None = None,
        deltas: bool = True,
        state: bool = False,
    ) -> None:
        """
        Args:
            dispatcher: Where it is published.
            session_id: The session of every event.
            run_id: The name of the first graph's run; LangChain's own (a UUIDv7) when absent, and for later ones.
            agent: The name of the agent that acts.
            deltas: Have chat models stream, so that messages grow; False leaves it to the graph whether they do.
            state: Publish the graph's last state as well, as a `state_snapshot`.
        """
        self._outbox = Outbox.of(dispatcher.publisher)
        self._events = SyncEventDispatcher(self._outbox)
        self._session_id = session_id
        self._run_id = run_id
        self._agent = agent
        self._deltas = deltas
        self._state = state
        self._resets: list[tuple[ContextVar[Any], Token[Any]]] = []

    def __enter__(self) -> Self:
        """Attach; inside of another one for the same session, what runs here is observed already."""
        around = SCOPE.get()
        if HANDLER.get() is not None and around is not None and self._is_same(around):
            return self
        scope = Scope(self._outbox, self._session_id, self._run_id, self._agent)
        handler = Handler(self._session, scope, run_id=self._run_id, outer=_enclosing_run(), state=self._state)
        self._set(HANDLER, handler)
        self._set(var_child_runnable_config, _told_of_interrupts(handler))
        self._set(MARK, marked() if self._deltas else None)
        self._set(SCOPE, scope)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Detach; what still runs goes on telling until its own end."""
        while self._resets:
            variable, token = self._resets.pop()
            try:
                variable.reset(token)
            except ValueError:  # the exit has another context than the entry, as in a fixture that yields
                variable.set(None)

    async def __aenter__(self) -> Self:
        """Attach."""
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Detach, and wait until everything is stored."""
        self.__exit__(kind, error, trace)
        await self._outbox.flush()

    def _is_same(self, around: Scope) -> bool:
        return around.publisher is self._outbox and around.session_id == self._session_id

    def _set(self, variable: ContextVar[Any], value: Any) -> None:
        self._resets.append((variable, variable.set(value)))

    def _session(self, run_id: str | None) -> SyncSessionDispatcher:
        if run_id is None:
            return self._events.session(self._session_id, agent=self._agent)
        return self._events.session(self._session_id, agent=self._agent, run_id=run_id)


def _told_of_interrupts(handler: Handler) -> RunnableConfig:
    """The config of what runs inside: of its interrupts LangGraph tells only who is in a config, not who has a hook."""
    around = var_child_runnable_config.get() or RunnableConfig()
    known = around.get("callbacks") or []
    # A manager and no list: of lists LangGraph makes one in which a handler may stand twice.
    callbacks = known.copy() if isinstance(known, BaseCallbackManager) else BaseCallbackManager([*known], [*known])
    callbacks.add_handler(handler)
    return {**around, "callbacks": callbacks}


def _enclosing_run() -> UUID | None:
    """The LangChain run in whose code `observe` stands: an agent that nobody observes may use one that is."""
    config = var_child_runnable_config.get()
    callbacks = config.get("callbacks") if config else None
    return callbacks.parent_run_id if isinstance(callbacks, BaseCallbackManager) else None
