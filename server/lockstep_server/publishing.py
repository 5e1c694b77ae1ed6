"""`POST /events/{session_id}`: publish one event, or a batch as NDJSON."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from lockstep_bus import EventBus
from lockstep_bus.errors import BusError, EventRejectedError, EventTooLargeError
from lockstep_events.runtime import Receipt

from lockstep_server.door import Door
from lockstep_server.intake import read_events, receive_body
from lockstep_server.problem import Problem, ProblemRoute, bus_unavailable
from lockstep_server.session_id import checked
from lockstep_server.trace import trace_of
from lockstep_server.viewer import Stage

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "description": "One event; GET /schema has its form."}},
            "application/x-ndjson": {"schema": {"type": "string", "description": "One event a line."}},
        },
    }
}


def publishing_router(bus: EventBus, stage: Stage, door: Door) -> APIRouter:
    """The route, bound to a bus."""
    router = APIRouter(route_class=ProblemRoute)
    settings, metrics = stage.settings, stage.metrics

    @router.post("/events/{session_id}", openapi_extra=_BODY)
    async def publish(session_id: str, request: Request) -> JSONResponse:
        """Publish one event or an NDJSON batch: all of it, or, when anything in it is wrong, nothing.

        `event_id` and `timestamp` are added when they are missing, and `traceparent` from the header of that name; the
        same `event_id` again is the same event.
        """
        try:
            receipts = await _publish(session_id, request)
        except Problem as problem:
            metrics.refused.labels(problem.code).inc()
            raise
        metrics.published.inc(len(receipts))
        metrics.duplicates.inc(sum(receipt.duplicate for receipt in receipts))
        return JSONResponse({"receipts": [_document(receipt) for receipt in receipts]})

    async def _publish(session_id: str, request: Request) -> list[Receipt]:
        checked(session_id)
        await door.admit(request, session_id, "publish")
        body = await receive_body(request, settings.max_body_bytes)
        contract = stage.contracts.of(session_id)
        envelope = {"session_id": session_id} | trace_of(request, contract)
        events = read_events(body, envelope, contract, allow_unknown_types=settings.allow_unknown_types)
        try:
            return await bus.publish_many(events)
        except EventTooLargeError as error:
            raise Problem("event_too_large", str(error)) from error
        except EventRejectedError as error:
            raise Problem("invalid_event", str(error)) from error
        except BusError as error:
            raise bus_unavailable(error) from error

    return router


def _document(receipt: Receipt) -> dict[str, object]:
    return {"event_id": receipt.event_id, "cursor": receipt.cursor, "duplicate": receipt.duplicate}
