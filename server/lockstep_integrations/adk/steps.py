"""The agents of a run at work: each execution of an agent is a step, inside the step of the agent above it."""

from time import perf_counter
from typing import NamedTuple

from lockstep_events import ErrorDetail, SyncSessionDispatcher
from lockstep_events.runtime.scope import SCOPE, Scope

from lockstep_integrations.adk.place import Place

Origin = dict[str, str] | None


def origin_of(step_id: str | None) -> Origin:
    """The metadata of what begins within a step, which tells agents of one name apart that work at the same time."""
    return None if step_id is None else {"step_id": step_id}


class Step(NamedTuple):
    """One execution of one agent."""

    step_id: str
    name: str
    session: SyncSessionDispatcher
    began: float
    around: Scope | None
    """The scope that the step was opened in."""
    above: str | None
    """The step that it is part of."""

    def complete(self) -> None:
        """Publish its end."""
        self.session.workflow_step_completed(step_name=self.name, step_id=self.step_id, duration_ms=_since(self.began))

    def fail(self, error: ErrorDetail) -> None:
        """Publish that it failed."""
        self.session.workflow_step_failed(
            step_name=self.name, step_id=self.step_id, error=error, duration_ms=_since(self.began)
        )


class Steps:
    """The steps that are open, oldest first."""

    def __init__(self) -> None:
        self._open: list[tuple[Place, Step]] = []
        self._left: set[str] = set()

    @property
    def alive(self) -> bool:
        """Whether an agent is at work that has not handed over to another one."""
        return any(step.step_id not in self._left for _, step in self._open)

    def hand_over(self, place: Place) -> None:
        """The agent at a place transfers to another one: ADK may never say that it ended."""
        step_id = self.current(place)
        if step_id is not None:
            self._left.add(step_id)

    def begin(self, place: Place, session: SyncSessionDispatcher, step_id: str, parent: str | None) -> None:
        """Open a step; `parent` names the agent above."""
        above = next((each.step_id for _, each in reversed(self._open) if each.name == parent), None)
        self._open.append((place, Step(step_id, place.agent, session, perf_counter(), SCOPE.get(), above)))
        session.workflow_step_started(step_name=place.agent, step_id=step_id, parent_step_id=above)

    def current(self, place: Place) -> str | None:
        """The id of the step that is open at a place."""
        return next((step.step_id for at, step in reversed(self._open) if at == place), None)

    def take(self, place: Place) -> Step | None:
        """The step that ends at a place; it is open no more."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == place:
                return self._open.pop(index)[1]
        return None

    def inside(self, place: Place) -> list[Place]:
        """Where the steps are that are part of the one at a place, the innermost first."""
        known, found = {self.current(place)}, list[Place]()
        for at, step in self._open:
            if step.above is not None and step.above in known:
                known.add(step.step_id)
                found.insert(0, at)
        return found

    def end(self, error: ErrorDetail | None) -> None:
        """Close everything that is still open, the innermost first."""
        while self._open:
            _, step = self._open.pop()
            if error is None:
                step.complete()
            else:
                step.fail(error)


def _since(began: float) -> float:
    return round((perf_counter() - began) * 1000, 3)
