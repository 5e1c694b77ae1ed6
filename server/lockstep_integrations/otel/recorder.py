"""What each event does to the spans; and the `traceparent` that it gets from them."""

import atexit
import logging
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from lockstep_events.runtime import Contract, Event, EventModel, UnknownEvent
from opentelemetry import metrics, trace

from lockstep_integrations.otel.inferences import Inferences
from lockstep_integrations.otel.instruments import Instruments
from lockstep_integrations.otel.moment import Key, Moment, member
from lockstep_integrations.otel.runs import Runs
from lockstep_integrations.otel.spans import OpenSpan
from lockstep_integrations.otel.steps import Steps
from lockstep_integrations.otel.tools import Tools
from lockstep_integrations.otel.tree import Tree, ambient
from lockstep_integrations.otel.vocabulary import Vocabulary

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

Handler: TypeAlias = Callable[[Moment], OpenSpan | None]
SCOPE_NAME = "lockstep"
REMEMBERED = 1024
"""Events that are known again when a publisher repeats them."""
PIECES = {
    "agent_message_delta": ("chat", "message_id"),
    "reasoning_message_delta": ("chat", "message_id"),
    "tool_call_args_delta": ("tool", "tool_call_id"),
}
"""What comes by the hundred, and opens and closes nothing."""
SUBJECTS = (
    ("tool", "tool_call_id"),
    ("step", "step_id"),
    ("step", "step_name"),
    ("chat", "message_id"),
)
"""The fields that name a span, the closest first."""
LOG = logging.getLogger(__name__)


class Recorder:
    """Records from any thread. It never raises: a run goes on when its trace cannot."""

    def __init__(self, tree: Tree, most_open: int) -> None:
        self._tree, self._lock, self._failed = tree, threading.Lock(), False
        self._inferences, self._tools = Inferences(tree), Tools(tree, most_open)
        runs, steps, inferences, tools = Runs(tree, self._inferences), Steps(tree), self._inferences, self._tools
        self._seen: OrderedDict[str, str] = OrderedDict()
        self._handlers: dict[str, Handler] = {
            "run_started": runs.start,
            "run_completed": runs.complete,
            "run_failed": runs.fail,
            "subagent_started": runs.start_subagent,
            "subagent_completed": runs.complete_subagent,
            "subagent_failed": runs.fail_subagent,
            "workflow_step_started": steps.start,
            "workflow_step_completed": steps.complete,
            "workflow_step_failed": steps.fail,
            "tool_call_started": tools.ask,
            "tool_call_args_completed": tools.spelled,
            "tool_call_execution_started": self._execute,
            "tool_call_result": self._answer,
            "agent_message_started": inferences.answer,
            "agent_message_completed": inferences.pause,
            "reasoning_started": inferences.think,
            "reasoning_message_started": inferences.think,
            "reasoning_completed": inferences.pause,
            "metrics_updated": inferences.measure,
        }

    @classmethod
    def over(
        cls,
        contract: Contract,
        tracer_provider: "TracerProvider | None",
        meter_provider: "MeterProvider | None",
        *,
        content: bool,
        most_open: int,
        idle_seconds: float,
    ) -> Self:
        """A recorder that reports to these providers, or to the process's own."""
        tracer = trace.get_tracer(SCOPE_NAME, contract.version, tracer_provider)
        instruments = Instruments(metrics.get_meter(SCOPE_NAME, contract.version, meter_provider))
        vocabulary, idle = Vocabulary(contract.schema), round(idle_seconds * 1e9)
        recorder = cls(Tree(tracer, instruments, vocabulary, content=content, most=most_open, idle=idle), most_open)
        # Before the provider's own, which was registered earlier, sends what it has and takes no more.
        atexit.register(_finish, weakref.ref(recorder))
        return recorder

    def observe(self, event: Event) -> Event:
        """Record an event; answers the same event, with the place in its trace."""
        try:
            with self._lock:
                traceparent = self._record(event)
            stamped: Event = _stamped(event, traceparent)
            return stamped
        except Exception as error:
            if not self._failed:
                self._failed = True
                LOG.warning("traces are incomplete: %s of session %s: %r", event.type, event.session_id, error)
            return event

    def finish(self) -> None:
        """End every span that is still open."""
        with self._lock:
            self._tree.open.clear()

    def _record(self, event: Any) -> str:
        if event.type in PIECES:
            return self._piece(event)
        repeated = self._seen.get(event.event_id)
        if repeated is not None:
            return repeated
        moment = Moment.of(event)
        span = self._handlers.get(event.type, self._mention)(moment)
        if span is not None:
            self._tree.open.touch(span, moment.time)
        traceparent = self._seen[event.event_id] = span.traceparent if span else ambient()
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return traceparent

    def _piece(self, event: Any) -> str:
        kind, name = PIECES[event.type]
        run_id = member(event, "run_id")
        key: Key = (kind, event.session_id, run_id, getattr(event.payload, name))
        span = self._tree.open.get(key)
        if kind == "tool":
            self._tools.spell(key, event.payload.delta)
        elif span is not None:
            self._inferences.hear(span, event.payload.delta)
        if span is None:
            span = self._tree.enclosing(Moment.of(event))
        return span.traceparent if span else ambient()

    def _execute(self, moment: Moment) -> OpenSpan | None:
        self._inferences.act(moment)
        return self._tools.execute(moment)

    def _answer(self, moment: Moment) -> OpenSpan | None:
        self._inferences.act(moment)
        return self._tools.finish(moment)

    def _mention(self, moment: Moment) -> OpenSpan | None:
        """An event that is no span: it is told on the one that it is about, if it has anything to tell."""
        span = self._about(moment)
        if span is not None and self._tree.has_details(moment.event.type):
            span.span.add_event(moment.event.type, self._tree.attributes(moment), moment.time)
        return span

    def _about(self, moment: Moment) -> OpenSpan | None:
        for kind, name in (
            ("tool", "tool_call_id"),
            ("step", "step_id"),
            ("step", "step_name"),
            ("chat", "message_id"),
        ):
            id = moment.value(name)
            span = self._tree.open.get(moment.key(kind, id)) if isinstance(id, str) else None
            if span is not None:
                return span
        return self._tree.enclosing(moment)


def _stamped(event: Any, traceparent: str) -> Any:
    """The event with its place in the trace; one that brought its own, or has no field for it, as it is."""
    if not traceparent:
        return event
    if isinstance(event, UnknownEvent):
        return UnknownEvent({"traceparent": traceparent, **event.document})
    if isinstance(event, EventModel) and member(event, "traceparent") is None:
        return event.model_copy(update={"traceparent": traceparent})
    return event


def _finish(recorder: "weakref.ref[Recorder]") -> None:
    known = recorder()
    if known is not None:
        known.finish()
