"""Traces: what a request is part of, by the W3C header `traceparent`, and spans of the agents that run here."""

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from fastapi import Request
from lockstep_bus import EventBus
from lockstep_events.runtime import Contract, Event

from lockstep_server.settings import ServerSettings

Observe: TypeAlias = Callable[[Event], Event]
"""Records an event, and answers it with its `traceparent`."""

_FORM: Final = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def trace_of(request: Request, contract: Contract) -> dict[str, str]:
    """The envelope's `traceparent` for events that bring none; nothing when the header or the contract has none."""
    given = request.headers.get("traceparent", "").strip()
    envelope = contract.schema.get("$defs", {}).get("Envelope", {})
    if _FORM.fullmatch(given) and "traceparent" in envelope.get("properties", {}):
        return {"traceparent": given}
    return {}


def observer(bus: EventBus, settings: ServerSettings) -> Observe:
    """What makes spans of events, where the settings ask for them; else what does nothing.

    Raises:
        TracesUnavailableError: traces are asked for, and OpenTelemetry is not installed.
    """
    if not settings.traces:
        return lambda event: event
    from lockstep_integrations.otel import traced

    publisher: Any = traced(bus, contract=bus.contract)
    observe: Observe = publisher.observe
    return observe
