"""One invocation while it goes on: what is open in it, who speaks, what it used, what it waits for."""

from itertools import count

from lockstep_events import ErrorDetail, Interrupt, SyncSessionDispatcher
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.runtime.scope import SCOPE, Scope

from lockstep_integrations.adk.calls import Calls, Status
from lockstep_integrations.adk.frame import Frame
from lockstep_integrations.adk.modelling import Modelling
from lockstep_integrations.adk.place import Place
from lockstep_integrations.adk.questions import LONG_RUNNING
from lockstep_integrations.adk.reflection import Reflection
from lockstep_integrations.adk.steps import Steps
from lockstep_integrations.adk.usage import Tally


class Run:
    """Made when an invocation begins, ended once."""

    def __init__(self, outbox: Outbox, frame: Frame, outer: Scope | None, tally: Tally) -> None:
        """`outer` is the scope that the invocation begins in; `tally` is shared with the run that it is part of."""
        self.frame = frame
        self.steps = Steps()
        self.calls = Calls(self.new_id)
        self.tally = tally
        self.questions: list[Interrupt] = []
        self.failure: ErrorDetail | None = None
        """What the latest model call reported instead of an answer; ADK itself takes such a run for a success."""
        self._outbox = outbox
        self._outer = outer
        self._numbers = count(1)
        self._sessions: dict[str, SyncSessionDispatcher] = {}
        self._models: dict[Place, Modelling] = {}
        self._retries: dict[str, int] = {}

    def new_id(self, kind: str) -> str:
        """An id that no other run of the session has."""
        return f"{self.frame.subagent_run_id or self.frame.run_id}:{kind}-{next(self._numbers)}"

    def session(self, agent: str) -> SyncSessionDispatcher:
        """What publishes for an agent of this run."""
        known = self._sessions.get(agent)
        if known is None:
            known = self._sessions[agent] = self.frame.session(agent)
        return known

    def model(self, place: Place) -> Modelling:
        """The model calls at a place."""
        known = self._models.get(place)
        if known is None:
            known = self._models[place] = Modelling(self.session(place.agent), place.agent, self.new_id, self.tally)
        return known

    def arrive(self, place: Place, parent: str | None) -> None:
        """An agent begins to work, below the agent named `parent`."""
        self.steps.begin(place, self.session(place.agent), self.new_id("step"), parent)
        self.enter(place)

    def enter(self, place: Place, call_id: str | None = None) -> None:
        """From here on, what decorated functions publish belongs to this agent, its step and its tool call."""
        frame, step_id = self.frame, self.steps.current(place)
        SCOPE.set(
            Scope(self._outbox, frame.session_id, frame.run_id, place.agent, step_id, call_id, frame.subagent_run_id)
        )

    def leave(self, place: Place, error: ErrorDetail | None) -> None:
        """An agent is done, or failed, or its model refused."""
        refused = self._models[place].refusal if place in self._models else None
        trouble = error or refused
        if error is not None:
            for inner in self.steps.inside(place):  # what worked beside the one that failed is cancelled
                self.leave(inner, None)
        self.silence(place)
        step = self.steps.take(place)
        if step is None:
            return
        SCOPE.set(step.around)
        if trouble is None:
            step.complete()
        else:
            self.calls.end("cancelled", place)
            step.fail(trouble)

    def transfer(self, place: Place, to: str) -> None:
        """An agent hands over to another one."""
        self.session(place.agent).workflow_transition(from_step=place.agent, to_step=to, reason="transfer_to_agent")
        self.steps.hand_over(place)

    def retry(self, agent: str, tool: str, call_id: str, reflection: Reflection) -> None:
        """A plugin asks the model to try a tool again. A number that stays says that it has given up."""
        number, reason = reflection
        if number > self._retries.get(tool, 0):
            self._retries[tool] = number
            self.session(agent).retry_attempted(attempt=number + 1, reason=reason, tool_call_id=call_id)

    def succeed(self, tool: str) -> None:
        """A tool worked: its next failure is counted from the start."""
        self._retries.pop(tool, None)

    def ask(self, place: Place, model: str | None) -> None:
        """An agent turns to its model."""
        self.failure = None
        self.model(place).begin(model, self.steps.current(place))

    def silence(self, place: Place) -> None:
        """Whoever spoke at a place is done."""
        if place in self._models:
            self._models.pop(place).speech.close()

    def complete(self) -> None:
        """The invocation came to its end."""
        if self.failure is not None:
            self.fail(self.failure)
            return
        self._close("unknown")
        self.frame.complete(self._asked(), self.tally.total())

    def cancel(self) -> None:
        """The invocation was stopped from outside."""
        self._close("cancelled")
        self.calls.give_up("cancelled")
        self.frame.cancel(self.tally.total())

    def fail(self, error: ErrorDetail) -> None:
        """The invocation raised, or its model reported an error."""
        self._close("cancelled", error)
        self.calls.give_up("unknown")
        self.frame.fail(error, self.tally.total())

    def _close(self, status: Status, error: ErrorDetail | None = None) -> None:
        """End what is still open: calls with a status, steps with the error of the run."""
        for place in list(self._models):
            self.silence(place)
        self.calls.end(status)
        self.steps.end(error)
        scope = SCOPE.get()
        if scope is not None and scope.run_id == self.frame.run_id:
            SCOPE.set(self._outer)

    def _asked(self) -> list[Interrupt]:
        """The questions, with what long-running tools said meanwhile; not those of tools that have ended."""
        waiting, asked = self.calls.waiting, list[Interrupt]()
        for each in self.questions:
            if each.reason != LONG_RUNNING:
                asked.append(each)
            elif each.id in waiting:
                said = waiting[each.id]
                asked.append(each.model_copy(update={"metadata": {"response": said}}) if said else each)
        known = {each.tool_call_id for each in asked}
        others = (call_id for call_id in waiting if call_id not in known)
        return asked + [Interrupt(id=each, reason="pending", tool_call_id=each) for each in others]
