"""The spans that are open: bounded in number and in time, each with its place in the tree."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from opentelemetry.context import Context
from opentelemetry.trace import Span, set_span_in_context

from lockstep_integrations.otel.moment import Key, Place
from lockstep_integrations.otel.vocabulary import Value

Speaker: TypeAlias = tuple[Place, str | None, Key | None]
"""Whose model it is that speaks: a place, an agent, and the span around it."""


@dataclass(slots=True, eq=False)
class OpenSpan:
    """One span and what is needed to go on with it."""

    key: Key
    span: Span
    place: Place
    agent: str | None
    started: int
    touched: int
    operation: str | None
    """Its `gen_ai.operation.name`, for metrics; None for what the convention does not know."""
    parent: "OpenSpan | None"
    children: dict[Key, "OpenSpan"] = field(default_factory=dict[Key, "OpenSpan"])
    labels: dict[str, Value] = field(default_factory=dict[str, Value])
    """Attributes that its metrics share."""
    first_chunk: float | None = None
    """Seconds until the model began to answer, where somebody measured it."""
    seconds: float | None = None
    """How long it took, where somebody measured it better than by its events."""
    ended: int | None = None
    """When it was over, for one that still waits for its usage."""
    over: bool = False
    """It has left the book; there is nothing to add."""
    speaker: Speaker | None = None
    """An inference: whose."""
    answered: bool = False
    """An inference: its message has begun, so that the next message is another's."""
    measured: bool = False
    """An inference: its usage is known."""
    counted: bool = False
    """Tokens in it are counted."""
    texts: list[str] = field(default_factory=list[str])
    traceparent: str = ""
    context: Context = field(default_factory=Context)

    def __post_init__(self) -> None:
        self.traceparent = traceparent_of(self.span)
        self.context = set_span_in_context(self.span, Context())


class OpenSpans:
    """The book of open spans. `end` is how one of them is closed: by the recorder, which measures it."""

    def __init__(self, most: int, idle: int, end: Callable[[OpenSpan, int], None]) -> None:
        """`most` spans at once, each for `idle` nanoseconds without an event."""
        self._most, self._idle, self._end = most, idle, end
        self._open: OrderedDict[Key, OpenSpan] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    def get(self, key: Key) -> OpenSpan | None:
        """The open span of this name."""
        return self._open.get(key)

    def add(self, new: OpenSpan) -> None:
        """Put a span into the book; what was silent for too long, or is too much, leaves it."""
        self._replace(new.key)
        self._open[new.key] = new
        if new.parent is not None:
            new.parent.children[new.key] = new
        self.touch(new, new.touched)  # first: what encloses it is in use, however long it was silent
        for old in self._superfluous(new.touched):
            self.abandon(old)

    def rename(self, span: OpenSpan, key: Key) -> None:
        """Know a span by another name from now on."""
        self._leave(span)
        self._replace(key)
        span.key = key
        self._open[key] = span
        if span.parent is not None:
            span.parent.children[key] = span

    def touch(self, span: OpenSpan, time: int) -> None:
        """Something happened in a span, and so in everything around it."""
        inner: OpenSpan | None = span
        while inner is not None:
            inner.touched = max(inner.touched, time)
            if inner.key in self._open:
                self._open.move_to_end(inner.key)
            inner = inner.parent

    def close(self, span: OpenSpan, time: int) -> None:
        """End a span. What is open below it moves up."""
        for child in span.children.values():
            child.parent = span.parent
            if span.parent is not None:
                span.parent.children[child.key] = child
        self._leave(span)
        if not span.over:
            span.over = True
            self._end(span, time)

    def close_below(self, span: OpenSpan, time: int) -> None:
        """End everything that is still open below a span, the innermost first."""
        for child in list(span.children.values()):
            self.close_below(child, time)
            if child.ended is None:
                child.span.set_attribute("lockstep.unfinished", True)
            self.close(child, time)

    def abandon(self, span: OpenSpan) -> None:
        """End a span whose own end never came, with everything below it, when it was last heard of."""
        if span.key in self._open:
            self.close_below(span, span.touched)
            if span.ended is None:
                span.span.set_attribute("lockstep.unfinished", True)
            self.close(span, span.touched)

    def clear(self) -> None:
        """End everything."""
        while self._open:
            self.abandon(next(iter(self._open.values())))

    def _replace(self, key: Key) -> None:
        """Whoever begins under a name that is taken has forgotten to end the other."""
        other = self._open.get(key)
        if other is not None:
            self.abandon(other)

    def _superfluous(self, now: int) -> Iterator[OpenSpan]:
        while self._open:
            oldest = next(iter(self._open.values()))
            if len(self._open) <= self._most and now - oldest.touched <= self._idle:
                return
            yield oldest

    def _leave(self, span: OpenSpan) -> None:
        self._open.pop(span.key, None)
        if span.parent is not None:
            span.parent.children.pop(span.key, None)


def leaves(spans: Iterable[OpenSpan]) -> list[OpenSpan]:
    """Those of some steps that have no step within."""
    return [span for span in spans if not any(key[0] == "step" for key in span.children)]


def traceparent_of(span: Span) -> str:
    """A span's place in W3C's form; empty when there is none."""
    context = span.get_span_context()
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
