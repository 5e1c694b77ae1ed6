"""The callback handler: which of LangChain's runs is a run, a step, a model's or a tool's call of ours."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from threading import RLock
from typing import Any
from uuid import UUID

from langgraph.callbacks import GraphCallbackHandler, GraphInterruptEvent
from langgraph.types import Command
from lockstep_events import SyncSessionDispatcher
from lockstep_events.runtime.scope import SCOPE, TICKET, Scope

from lockstep_integrations.langgraph.guard import guarded
from lockstep_integrations.langgraph.messages import ModelCall
from lockstep_integrations.langgraph.run import CANCELLED, LeftBehind, Run
from lockstep_integrations.langgraph.steps import Step, is_node
from lockstep_integrations.langgraph.tools import ToolCall
from lockstep_integrations.langgraph.values import NOTHING, mapping

HANDLER: ContextVar["Handler | None"] = ContextVar("lockstep_langgraph_handler", default=None)
"""Set by `observe`; LangChain adds what it holds to every run that begins in its context."""


@dataclass(slots=True)
class Place:
    """Where one of LangChain's runs stands."""

    run: Run
    step: Step | None
    thing: Run | Step | ModelCall | ToolCall | None
    """What ends with it; None: a part of a step that has no events of its own."""


class Handler(GraphCallbackHandler):
    """Publishes the runs of one `observe`.

    Synchronous and inline: LangChain then calls it in the host's own task or thread, in order, for `invoke` as for
    `ainvoke`; so what it sets in a ContextVar is there in the body of a node or tool. It never waits.
    """

    run_inline = True

    def __init__(
        self,
        session: Callable[[str | None], SyncSessionDispatcher],
        scope: Scope,
        *,
        run_id: str | None,
        outer: UUID | None,
        state: bool,
    ) -> None:
        """`session` makes the dispatcher of a run; `outer` is the LangChain run around `observe`, if any."""
        self.lock = RLock()
        self._session = session
        self._scope = scope
        self._run_id = run_id
        self._outer = outer
        self._state = state
        self._places: dict[UUID | None, Place] = {}
        """By LangChain's id of the run; there is none for None, which is the parent of an outermost one."""
        self._elsewhere = Run(session(run_id), scope)
        """What happens outside of any graph, such as a model that is asked directly."""

    @guarded
    def on_chain_start(
        self, _serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A graph, a node, or a part of a node begins."""
        around = self._places.get(parent_run_id)
        metadata = mapping(more.get("metadata"))
        if around is None:
            if self._is_outermost(parent_run_id):
                self._begin_run(run_id, inputs)
        elif is_node(more.get("name"), metadata, around.step):
            step = Step(around.run, str(run_id), around.step, metadata)
            self._places[run_id] = Place(around.run, step, step)
            SCOPE.set(step.scope)
            step.begin()
        else:
            self._places[run_id] = Place(around.run, around.step, None)

    def _begin_run(self, run_id: UUID, inputs: Any) -> None:
        name, self._run_id = self._run_id or str(run_id), None  # a second run cannot have the first one's name
        run = Run(self._session(name), self._scope._replace(run_id=name))
        self._places[run_id] = Place(run, None, run)
        SCOPE.set(run.scope)
        run.begin(resumes=inputs is None or (isinstance(inputs, Command) and inputs.resume is not None))

    def _is_outermost(self, parent_run_id: UUID | None) -> bool:
        """Whether nothing of this `observe` is around: what comes after the end of its run is nobody's."""
        return parent_run_id in (None, self._outer)

    @guarded
    def on_chain_end(self, outputs: Any, *, run_id: UUID, **_more: Any) -> None:
        """It returned `outputs`."""
        place = self._leave(run_id)
        if place is None:
            return
        if isinstance(place.thing, Step):
            place.thing.complete(outputs)
        elif isinstance(place.thing, Run):
            place.thing.complete(outputs, state=self._state)

    @guarded
    def on_chain_error(self, error: BaseException, *, run_id: UUID, **_more: Any) -> None:
        """It raised `error`."""
        place = self._leave(run_id, error)
        if place is not None and place.thing is not None:
            place.thing.fail(error)

    @guarded
    def on_interrupt(self, event: GraphInterruptEvent) -> None:
        """A graph stops: at a question that was raised already, or at a breakpoint, of which nothing else tells."""
        place = self._places.get(event.run_id)
        if place is not None and isinstance(place.thing, Run):
            place.thing.stop(event)

    def _leave(self, run_id: UUID, error: BaseException | None = None) -> Place | None:
        """Take a place away, and end what is still open in it: LangChain does not tell of a tool's cancellation."""
        place = self._places.pop(run_id, None)
        if place is None or place.thing is None:
            return place
        for inner_id, inner in reversed(list(self._places.items())):
            if _is_inside(inner, place.thing):
                del self._places[inner_id]
                if inner.thing is not None:
                    inner.thing.fail(error if isinstance(error, CANCELLED) else LeftBehind())
        # LangGraph may end a node in another task than it began in: what the host does between two steps, or after a
        # run but still inside of `observe`, may so take itself for a part of the step before.
        SCOPE.set(place.thing.around if isinstance(place.thing, Step) else self._scope)
        return place

    @guarded
    def on_chat_model_start(
        self, _serialized: Any, _messages: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A chat model is asked."""
        self._ask(run_id, parent_run_id, more)

    @guarded
    def on_llm_start(
        self, _serialized: Any, _prompts: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A model that completes text is asked."""
        self._ask(run_id, parent_run_id, more)

    def _ask(self, run_id: UUID, parent_run_id: UUID | None, more: dict[str, Any]) -> None:
        run, step = self._owner(parent_run_id)
        metadata = mapping(more.get("metadata"))
        call = ModelCall(run, step, str(run_id), metadata.get("ls_provider"), metadata.get("ls_model_name"))
        self._places[run_id] = Place(run, step, call)

    def _owner(self, parent_run_id: UUID | None) -> tuple[Run, Step | None]:
        around = self._places.get(parent_run_id)
        return (self._elsewhere, None) if around is None else (around.run, around.step)

    @guarded
    def on_llm_new_token(self, token: Any, *, chunk: Any = None, run_id: UUID, **_more: Any) -> None:
        """A piece of a model's answer."""
        place = self._places.get(run_id)
        if place is not None and isinstance(place.thing, ModelCall):
            place.thing.token(token, chunk)

    @guarded
    def on_llm_end(self, response: Any, *, run_id: UUID, **_more: Any) -> None:
        """A model has answered."""
        place = self._places.pop(run_id, None)
        if place is not None and isinstance(place.thing, ModelCall):
            place.thing.complete(response)

    @guarded
    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_more: Any) -> None:
        """A model has failed to."""
        place = self._places.pop(run_id, None)
        if place is not None and isinstance(place.thing, ModelCall):
            place.thing.fail(error)

    @guarded
    def on_retry(self, retry_state: Any, *, run_id: UUID, **_more: Any) -> None:
        """A model is about to be asked again, by the policy of its own client."""
        place = self._places.get(run_id)
        if place is not None and isinstance(place.thing, ModelCall):
            place.thing.retry(retry_state)

    @guarded
    def on_tool_start(
        self, serialized: Any, _input: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """A tool is about to work: a decorated one finds the ticket, and leaves the telling to this handler."""
        run, step = self._owner(parent_run_id)
        name = more.get("name") or (serialized or NOTHING).get("name") or "tool"
        call = ToolCall(run, step, str(run_id), name, more.get("tool_call_id"))
        self._places[run_id] = Place(run, step, call)
        SCOPE.set(call.scope)
        TICKET.set(call.ticket)
        call.begin(more.get("inputs"))

    @guarded
    def on_tool_end(self, output: Any, *, run_id: UUID, **_more: Any) -> None:
        """A tool has answered."""
        call = self._finished(run_id)
        if call is not None:
            call.complete(output)

    @guarded
    def on_tool_error(self, error: BaseException, *, run_id: UUID, **_more: Any) -> None:
        """A tool has raised, whether or not somebody handles it."""
        call = self._finished(run_id)
        if call is not None:
            call.fail(error)

    def _finished(self, run_id: UUID) -> ToolCall | None:
        place = self._places.pop(run_id, None)
        if place is None or not isinstance(place.thing, ToolCall):
            TICKET.set(None)
            return None
        place.thing.ticket.used = True  # not cleared: LangChain may call here in another task than the host's
        SCOPE.set(place.thing.around)
        return place.thing


def _is_inside(inner: Place, thing: Run | Step | ModelCall | ToolCall) -> bool:
    if inner.run is thing:
        return True
    step = inner.step
    while step is not None:
        if step is thing:
            return True
        step = step.parent
    return False
