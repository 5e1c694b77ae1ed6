"""The metrics of the GenAI semantic conventions."""

from collections.abc import Mapping

from opentelemetry.metrics import Histogram, Meter

from lockstep_integrations.otel.vocabulary import Value

TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
FIRST = (0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""The convention's own bounds."""
LABELS = frozenset(
    {
        "error.type",
        "gen_ai.agent.name",
        "gen_ai.operation.name",
        "gen_ai.provider.name",
        "gen_ai.request.model",
        "gen_ai.response.model",
        "gen_ai.tool.name",
        "gen_ai.workflow.name",
    }
)
"""The attributes that a metric has, too: those of few values."""


class Instruments:
    """One histogram each."""

    def __init__(self, meter: Meter) -> None:
        self._tokens = _histogram(meter, "gen_ai.client.token.usage", "{token}", TOKENS, "Tokens used.")
        self._duration = _histogram(meter, "gen_ai.client.operation.duration", "s", SECONDS, "How long it took.")
        self._first = _histogram(
            meter, "gen_ai.client.operation.time_to_first_chunk", "s", FIRST, "Until the model said something."
        )

    def tokens(self, kind: str, count: int, labels: Mapping[str, Value]) -> None:
        """Tokens of one kind: `input` or `output`."""
        self._tokens.record(count, {**labels, "gen_ai.token.type": kind})

    def duration(self, seconds: float, labels: Mapping[str, Value]) -> None:
        """One operation that is over, whichever its `gen_ai.operation.name`."""
        self._duration.record(seconds, dict(labels))

    def first_chunk(self, seconds: float, labels: Mapping[str, Value]) -> None:
        """One answer that has begun."""
        self._first.record(seconds, dict(labels))


def _histogram(meter: Meter, name: str, unit: str, bounds: tuple[float, ...], description: str) -> Histogram:
    return meter.create_histogram(name, unit, description, explicit_bucket_boundaries_advisory=list(bounds))
