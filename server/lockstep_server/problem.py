"""Problem documents (RFC 9457): every answer to a client's mistake, with a code that stays the same."""

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from lockstep_bus.errors import BusError

MEDIA_TYPE = "application/problem+json"

TITLES: dict[str, tuple[int, str]] = {
    "invalid_session_id": (400, "The session id cannot be used"),
    "invalid_cursor": (400, "The cursor cannot be read"),
    "invalid_parameter": (400, "A query parameter cannot be read"),
    "invalid_json": (400, "The body is not JSON"),
    "invalid_encoding": (400, "The body is not UTF-8"),
    "unauthorized": (401, "Who you are is not known"),
    "forbidden": (403, "This is not allowed"),
    "session_unknown": (404, "There is no such session"),
    "method_not_allowed": (405, "The method is not known here"),
    "not_acceptable": (406, "The answer is an event stream"),
    "body_too_large": (413, "The body is too large"),
    "event_too_large": (413, "The event is too large"),
    "unsupported_media_type": (415, "The body's media type is not known here"),
    "invalid_event": (422, "The event does not fit the contract"),
    "session_mismatch": (422, "The event belongs to another session"),
    "server_event": (422, "The event is made by the server alone"),
    "invalid_run_input": (422, "The body is no RunAgentInput"),
    "agent_unknown": (404, "There is no such agent"),
    "thread_unknown": (404, "There is no such thread"),
    "run_unknown": (404, "There is no such run"),
    "run_conflict": (409, "The run was started with another body"),
    "thread_busy": (409, "Another run of the thread is on"),
    "bus_unavailable": (503, "Redis does not answer"),
    "draining": (503, "The server is stopping"),
}
"""Every code with its status and title. Codes are part of the interface: they are added, never changed."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One place at fault."""

    pointer: str
    """JSON Pointer into the event, or the name of the parameter."""
    message: str
    line: int | None = None
    """The line of an NDJSON batch, from 1."""
    part: str = "body"
    """body, path, query or header."""

    def document(self) -> dict[str, object]:
        """The flaw as a member of `errors`."""
        place: dict[str, object] = {"in": self.part, "pointer": self.pointer}
        if self.line is not None:
            place["line"] = self.line
        return place | {"message": self.message}


class Problem(Exception):
    """A request that cannot be served, in words for whoever sent it."""

    def __init__(self, code: str, detail: str, *flaws: Flaw, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.flaws = flaws
        self.headers = dict(headers or {})
        self.status, self.title = TITLES[code]

    def response(self) -> Response:
        """The document as a response."""
        document: dict[str, Any] = {
            "type": f"urn:agui-lockstep:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        if self.flaws:
            document["errors"] = [flaw.document() for flaw in self.flaws]
        return _answer(document, self.status, self.headers)


def bus_unavailable(error: BusError) -> Problem:
    """The bus cannot do it now: the same request may succeed in a moment, and publishing again is safe."""
    return Problem("bus_unavailable", str(error), headers={"Retry-After": "1"})


def refusal(error: HTTPException) -> Response:
    """An `HTTPException`, raised by the host application's `authorize`, as a problem document."""
    code = {401: "unauthorized", 403: "forbidden"}.get(error.status_code, f"http_{error.status_code}")
    _, title = TITLES.get(code, (0, str(error.detail)))
    document = {
        "type": f"urn:agui-lockstep:problem:{code}",
        "title": title,
        "status": error.status_code,
        "code": code,
        "detail": error.detail,
    }
    return _answer(document, error.status_code, error.headers or {})


class ProblemRoute(APIRoute):
    """A route whose failures are problem documents in whatever application it is included."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler that FastAPI makes."""
        handle = super().get_route_handler()

        async def handle_or_explain(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return problem.response()
            except BusError as error:
                return bus_unavailable(error).response()
            except HTTPException as error:
                return refusal(error)

        return handle_or_explain


def _answer(document: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    body = json.dumps(document, ensure_ascii=False).encode(errors="backslashreplace")
    return Response(body, status, {"Cache-Control": "no-store", **headers}, MEDIA_TYPE)
