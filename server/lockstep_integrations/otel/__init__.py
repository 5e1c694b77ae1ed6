"""OpenTelemetry from the same events: `traced(publisher)`. Nothing of it is imported before that is called."""

from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, overload

from lockstep_events import CONTRACT
from lockstep_events.runtime import Contract, Publisher, SyncPublisher

from lockstep_integrations.otel.errors import TracesUnavailableError

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

__all__ = ["TracesUnavailableError", "traced"]


@overload
def traced(
    publisher: Publisher,
    tracer_provider: "TracerProvider | None" = None,
    meter_provider: "MeterProvider | None" = None,
    *,
    contract: Contract = CONTRACT,
    content: bool = False,
    most_open: int = 4096,
    idle_seconds: float = 3600,
) -> Publisher: ...
@overload
def traced(
    publisher: SyncPublisher,
    tracer_provider: "TracerProvider | None" = None,
    meter_provider: "MeterProvider | None" = None,
    *,
    contract: Contract = CONTRACT,
    content: bool = False,
    most_open: int = 4096,
    idle_seconds: float = 3600,
) -> SyncPublisher: ...
def traced(
    publisher: Publisher | SyncPublisher,
    tracer_provider: "TracerProvider | None" = None,
    meter_provider: "MeterProvider | None" = None,
    *,
    contract: Contract = CONTRACT,
    content: bool = False,
    most_open: int = 4096,
    idle_seconds: float = 3600,
) -> Publisher | SyncPublisher:
    """The same publisher, with spans and metrics of what passes, and `traceparent` on every event.

    Args:
        publisher: a bus, an HttpPublisher, a recording: whatever a dispatcher publishes to.
        tracer_provider: where spans go; by default the process's own.
        meter_provider: where metrics go; by default the process's own.
        contract: whose events pass; its schema's `x-otel` names the attributes.
        content: also send what may be private: arguments, results, texts, messages of errors.
        most_open: spans that may be open at once; beyond it the one that was silent for longest is ended.
        idle_seconds: a span without an event for so long, by the time of the events, is ended.

    Raises:
        TracesUnavailableError: OpenTelemetry is not installed.
    """
    try:
        from lockstep_integrations.otel.publisher import SyncTracedPublisher, Traced, TracedPublisher
        from lockstep_integrations.otel.recorder import Recorder
    except ModuleNotFoundError as error:
        raise TracesUnavailableError.of(error) from error
    if isinstance(publisher, Traced):
        return publisher
    recorder = Recorder.over(
        contract, tracer_provider, meter_provider, content=content, most_open=most_open, idle_seconds=idle_seconds
    )
    kind: Any = TracedPublisher if iscoroutinefunction(publisher.publish) else SyncTracedPublisher
    made: Publisher | SyncPublisher = kind(publisher, recorder)
    return made
