"""The invocations that a plugin follows, by id."""

import weakref
from collections import OrderedDict
from typing import Any

from lockstep_events import SyncEventDispatcher
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.runtime.scope import SCOPE, Scope

from lockstep_integrations.adk.frame import RunFrame, SubagentFrame
from lockstep_integrations.adk.place import agent_of, invocation_of, place_of
from lockstep_integrations.adk.plain import plain
from lockstep_integrations.adk.run import Run
from lockstep_integrations.adk.state import kept
from lockstep_integrations.adk.usage import Tally

REMEMBERED = 4096
"""Of so many runs that ended, sessions that were seen, and calls that wait for an answer, a plugin keeps the ids."""


class Runs:
    """Opens a run for an invocation that it does not know, and forgets it at its end."""

    def __init__(self, outbox: Outbox, session_id: str | None) -> None:
        self._outbox = outbox
        self._dispatcher = SyncEventDispatcher(outbox)
        self._session_id = session_id
        self._open: dict[str, Run] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._shown: OrderedDict[str, None] = OrderedDict()
        self._waiting: OrderedDict[tuple[str, str], None] = OrderedDict()

    def of(self, context: Any) -> Run | None:
        """The run that a context belongs to; None when it has ended, for nothing comes after the end."""
        invocation_id: str = context.invocation_id
        run = self._open.get(invocation_id)
        if run is not None or invocation_id in self._ended:
            return run
        return self._begin(invocation_of(context), None)

    def begin(self, invocation: Any, message: Any) -> Run:
        """Open the run of an invocation, unless it is open. `invocation` is what ADK holds until the run is over."""
        invocation_id: str = invocation.invocation_id
        run = self._open.get(invocation_id)
        if run is None:
            run = self._begin(invocation, message)
            weakref.finalize(invocation, self._abandon, invocation_id, run).atexit = False
        return run

    def _begin(self, invocation: Any, message: Any) -> Run:
        invocation_id: str = invocation.invocation_id
        self._ended.pop(invocation_id, None)
        outer = self._outer()
        run = Run(self._outbox, self._frame(invocation, outer), outer, self._tally(outer))
        self._open[invocation_id] = run
        run.frame.begin(message)
        if outer is not None:  # what begins now is part of the subagent, no longer of the step that asked for it
            run.enter(place_of(invocation))
        self._show_state(run, invocation)
        return run

    def take(self, invocation: Any) -> Run | None:
        """The run of an invocation that ends; None when it has ended before."""
        run = self._open.pop(invocation.invocation_id, None)
        if run is not None:
            _remember(self._ended, invocation.invocation_id)
            if isinstance(run.frame, RunFrame):
                _remember(self._ended, run.frame.run_id)
            for call_id in run.calls.waiting:
                _remember(self._waiting, (run.frame.session_id, call_id))
        return run

    def _abandon(self, invocation_id: str, run: Run) -> None:
        """ADK has let go of an invocation without a word, as it does where a caller's task is cancelled."""
        if self._open.get(invocation_id) is run:
            del self._open[invocation_id]
            _remember(self._ended, invocation_id)
            run.cancel()

    def _show_state(self, run: Run, invocation: Any) -> None:
        """What the session's state is before the first change that this process sees."""
        session_id, state = run.frame.session_id, kept(getattr(invocation.session, "state", None) or {})
        if session_id not in self._shown and run.frame.subagent_run_id is None and state:
            run.session(agent_of(invocation)).state_snapshot(snapshot=plain(state))
        _remember(self._shown, session_id)

    def waited(self, run: Run, call_id: str) -> bool:
        """Whether an earlier run announced this call and left it open; asked once."""
        return self._waiting.pop((run.frame.session_id, call_id), False) is None

    def _outer(self) -> Scope | None:
        scope = SCOPE.get()
        stale = scope is None or scope.run_id is None or scope.run_id in self._ended
        return None if stale else scope

    def _tally(self, outer: Scope | None) -> Tally:
        """A run counts what the subagents in it use."""
        if outer is not None:
            for run in list(self._open.values()):  # other threads may begin runs meanwhile
                if run.frame.run_id == outer.run_id:
                    return run.tally
        return Tally()

    def _frame(self, invocation: Any, outer: Scope | None) -> RunFrame | SubagentFrame:
        agent, invocation_id = agent_of(invocation), invocation.invocation_id
        if outer is not None and outer.run_id is not None:
            return SubagentFrame(
                self._dispatcher, outer.session_id, outer.run_id, agent, invocation_id, outer.tool_call_id
            )
        earlier = _runs_before(invocation)
        run_id = f"{invocation_id}.{earlier + 1}" if earlier else invocation_id
        resumes = (f"{invocation_id}.{earlier}" if earlier > 1 else invocation_id) if earlier else None
        return RunFrame(self._dispatcher, self._session_id or invocation.session.id, run_id, agent, resumes)


def _runs_before(invocation: Any) -> int:
    """How often the invocation has begun already: a resumed one has the id, and the history, of the first."""
    events: list[Any] = getattr(invocation.session, "events", None) or []
    mine = (each for each in events if each.invocation_id == invocation.invocation_id)
    return sum(1 for each in mine if each.author == "user")


def _remember(kept: "OrderedDict[Any, None]", key: Any) -> None:
    kept[key] = None
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)
