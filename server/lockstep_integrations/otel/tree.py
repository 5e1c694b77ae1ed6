"""The tree of spans: what is begun under what, and how it ends."""

from collections.abc import Mapping

from lockstep_events.runtime.scope import SCOPE
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from lockstep_integrations.otel.instruments import LABELS, Instruments
from lockstep_integrations.otel.moment import Moment, Place, member
from lockstep_integrations.otel.spans import OpenSpan, OpenSpans, Speaker, leaves
from lockstep_integrations.otel.vocabulary import Value, Vocabulary

W3C = TraceContextTextMapPropagator()
OPERATIONS = {"run": "invoke_agent", "subagent": "invoke_agent", "tool": "execute_tool", "chat": "chat", "step": None}
"""The kinds of spans, and what the convention calls them; it has no name for a step."""


class Tree:
    """Open spans by what they are about."""

    def __init__(
        self, tracer: Tracer, instruments: Instruments, vocabulary: Vocabulary, *, content: bool, most: int, idle: int
    ) -> None:
        self.content = content
        self.instruments = instruments
        self.open = OpenSpans(most, idle, self._end)
        self.speaking: dict[Speaker, OpenSpan] = {}
        """The newest inference of each speaker, while its span is open."""
        self._steps: dict[Place, list[OpenSpan]] = {}
        self._tracer = tracer
        self._vocabulary = vocabulary

    def attributes(self, moment: Moment) -> dict[str, Value]:
        """The event's own, by the contract's names."""
        return self._vocabulary.attributes(moment.event, content=self.content)

    def has_details(self, type: str) -> bool:
        """Whether more than an event's envelope has names."""
        return any(field.path[0] == "payload" for field in self._vocabulary.fields(type))

    def start(
        self,
        moment: Moment,
        kind: str,
        id: str,
        title: str,
        *,
        parent: OpenSpan | None,
        attributes: Mapping[str, Value],
        time: int | None = None,
        link: OpenSpan | None = None,
    ) -> OpenSpan:
        """Open a span at the event's time, or at another."""
        started, operation = moment.time if time is None else time, OPERATIONS[kind]
        named: dict[str, Value] = {**({"gen_ai.operation.name": operation} if operation else {}), **attributes}
        span = self._tracer.start_span(
            f"{operation or kind} {title}".rstrip(),
            context=parent.context if parent else _outside(moment),
            kind=SpanKind.CLIENT if kind == "chat" else SpanKind.INTERNAL,
            attributes=named,
            links=[Link(link.span.get_span_context())] if link else None,
            start_time=started,
        )
        made = OpenSpan(moment.key(kind, id), span, moment.place, moment.agent, started, moment.time, operation, parent)
        made.labels = {name: value for name, value in named.items() if name in LABELS}
        if kind == "step":
            self._steps.setdefault(moment.place, []).append(made)
        self.open.add(made)  # last: where only few may be open, it may be over already
        return made

    def describe(self, span: OpenSpan, attributes: Mapping[str, Value]) -> None:
        """Add attributes to a span."""
        if span.over:
            return
        span.span.set_attributes(attributes)
        span.labels.update({name: value for name, value in attributes.items() if name in LABELS})

    def fail(self, span: OpenSpan, attributes: Mapping[str, Value], code: str | None) -> None:
        """Mark a span as failed: by the type of the error, else by its code."""
        kind = str(attributes.get("error.type") or code or "_OTHER")
        self.describe(span, {**attributes, "error.type": kind})
        message = attributes.get("exception.message")
        if not span.over:
            span.span.set_status(Status(StatusCode.ERROR, str(message) if message else kind))

    def close(self, span: OpenSpan, time: int, *, whole: bool = False) -> None:
        """End a span; `whole` with everything that is still open below it."""
        for child in list(span.children.values()):
            if child.ended is not None:  # it waited for its usage, which would have come by now
                self.open.close(child, time)
        if whole:
            self.open.close_below(span, time)
        self.open.close(span, time)

    def enclosing(self, moment: Moment) -> OpenSpan | None:
        """The innermost open span that an event of this place surely belongs to."""
        return self.scoped(moment) or self._only_step(moment) or self.acting(moment)

    def acting(self, moment: Moment) -> OpenSpan | None:
        """The run, or the subagent's run, that an event is part of."""
        session_id, run_id, subagent = moment.place
        outer = self.open.get(moment.key("subagent", subagent)) if subagent else None
        if outer is None and run_id is not None:
            outer = self.open.get(("run", session_id, run_id, run_id))
        return outer

    def scoped(self, moment: Moment) -> OpenSpan | None:
        """The step that the event, or the publishing code, says it is in."""
        if moment.step_id is not None:
            return self.open.get(moment.key("step", moment.step_id))
        scope = SCOPE.get()
        if scope is None or scope.step_id is None or (scope.session_id, scope.run_id) != moment.place[:2]:
            return None
        return self.open.get(moment.key("step", scope.step_id))

    def _only_step(self, moment: Moment) -> OpenSpan | None:
        """The agent's step under way, unless there are several and nothing tells which."""
        inner = leaves(self._steps.get(moment.place, ()))
        own = [step for step in inner if moment.agent in (None, step.agent)]
        return own[0] if len(own) == 1 else None

    def _end(self, span: OpenSpan, time: int) -> None:
        end = max(span.started, time if span.ended is None else span.ended)
        if span.operation is not None:
            measured = (end - span.started) / 1e9 if span.seconds is None else span.seconds
            self.instruments.duration(measured, span.labels)
        if span.first_chunk is not None:
            self.instruments.first_chunk(span.first_chunk, span.labels)
        if span.speaker is not None and self.speaking.get(span.speaker) is span:
            del self.speaking[span.speaker]
        steps = self._steps.get(span.place)
        if steps and span in steps:
            steps.remove(span)
            if not steps:
                del self._steps[span.place]
        span.span.end(end)


def _outside(moment: Moment) -> Context | None:
    """Where a span without a parent of ours belongs: the trace that the event names, else the caller's own."""
    given = member(moment.event, "traceparent")
    return W3C.extract({"traceparent": given}) if given else None


def ambient() -> str:
    """The caller's own span, in W3C's form."""
    context = trace.get_current_span().get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}" if context.is_valid else ""
