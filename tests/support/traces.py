"""OpenTelemetry in memory: what a trace holds, as a tree of words."""

from collections.abc import Mapping, Sequence
from typing import Any

from lockstep_events.runtime.recording import Recording
from opentelemetry.context import Context
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider


class Starts(SpanProcessor):
    """Spans in the order in which they began."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        del parent_context
        self.spans.append(span)


class Telemetry:
    """Providers of its own, and what they were told."""

    def __init__(self) -> None:
        self._starts, self._reader = Starts(), InMemoryMetricReader()
        self.tracer_provider = TracerProvider(shutdown_on_exit=False)
        self.tracer_provider.add_span_processor(self._starts)
        self.meter_provider = MeterProvider([self._reader], shutdown_on_exit=False)

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        """Those that have ended, in the order of their starts."""
        return [span for span in self._starts.spans if span.end_time is not None]

    @property
    def open(self) -> list[str]:
        """The names of those that have not."""
        return [span.name for span in self._starts.spans if span.end_time is None]

    @property
    def traces(self) -> set[str]:
        """The ids of all traces, in hex."""
        contexts = [span.get_span_context() for span in self._starts.spans]
        return {f"{context.trace_id:032x}" for context in contexts if context}

    def span(self, name: str) -> ReadableSpan:
        """The only span of this name."""
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def attributes(self, name: str) -> Mapping[str, Any]:
        """Of the only span of this name."""
        return dict(self.span(name).attributes or {})

    def tree(self) -> list[str]:
        """Every span by name, indented below its parent; a `!` for one that failed."""
        ids = {_id(span) for span in self.spans}
        return [line for span in self.spans if _parent(span) not in ids for line in self._below(span, "")]

    def points(self, metric: str) -> dict[tuple[str, ...], float]:
        """The sum of each series of a histogram, by the values of its attributes in the order of their names."""
        data = self._reader.get_metrics_data()
        found: dict[tuple[str, ...], float] = {}
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for each in scope.metrics:
                    for point in each.data.data_points if each.name == metric else ():
                        assert isinstance(point, HistogramDataPoint)
                        names = sorted(point.attributes or {})
                        found[tuple(str((point.attributes or {})[name]) for name in names)] = point.sum
        return found

    def _below(self, span: ReadableSpan, indent: str) -> list[str]:
        mark = "" if span.status.is_unset else " !"
        inner = [line for each in self.spans if _parent(each) == _id(span) for line in self._below(each, indent + "  ")]
        return [f"{indent}{span.name}{mark}", *inner]


def _id(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context
    return context.span_id


def _parent(span: ReadableSpan) -> int | None:
    return span.parent.span_id if span.parent else None


def traceparents(publisher: Recording) -> list[str]:
    """Of every event that was published; empty for one without."""
    return [str(getattr(event, "traceparent", None) or "") for event in publisher.events]
