"""The JSON side of the log: a page of a session's events, the list of sessions, and forgetting one."""

import json

from fastapi import APIRouter, Request, Response
from lockstep_bus import EventBus
from lockstep_bus.cursor import Cursor
from lockstep_bus.errors import CursorError
from lockstep_bus.history import HistoryPage

from lockstep_server.door import Door
from lockstep_server.problem import Flaw, Problem, ProblemRoute
from lockstep_server.session_id import checked

_LONGEST_PAGE = 1000
_JSON = "application/json"


def reading_router(bus: EventBus, door: Door) -> APIRouter:
    """The routes, bound to a bus."""
    router = APIRouter(route_class=ProblemRoute)

    @router.get("/events/{session_id}/history")
    async def history(session_id: str, request: Request, after: str | None = None, limit: str = "100") -> Response:
        """Events after a cursor, oldest first; `next` is the cursor for the page after this one."""
        checked(session_id)
        await door.admit(request, session_id, "read")
        page = await bus.history(session_id, after=_cursor(after), limit=_limit(limit, _LONGEST_PAGE))
        return Response(_page(session_id, page), media_type=_JSON, headers={"Cache-Control": "no-store"})

    @router.delete("/events/{session_id}", status_code=204)
    async def delete(session_id: str, request: Request) -> Response:
        """Forget a session. Whoever watches it is told by `session_stream_gap`."""
        checked(session_id)
        await door.admit(request, session_id, "delete")
        if not await bus.delete(session_id):
            raise Problem("session_unknown", f"session {session_id!r} has no events")
        return Response(status_code=204)

    @router.get("/sessions")
    async def sessions(request: Request, limit: str = "100") -> Response:
        """The sessions with the latest activity, newest first."""
        await door.admit(request, None, "list")
        found = await bus.sessions(limit=_limit(limit, _LONGEST_PAGE))
        document = {
            "sessions": [
                {
                    "session_id": session.session_id,
                    "events": session.events,
                    "latest": session.latest,
                    "last_activity": session.last_activity,
                }
                for session in found
            ]
        }
        return Response(json.dumps(document), media_type=_JSON, headers={"Cache-Control": "no-store"})

    return router


def _page(session_id: str, page: HistoryPage) -> bytes:
    """The page as JSON. The events are the log's own bytes, so that history and stream cannot differ."""
    events = b",".join(b'{"cursor":"%b","event":%b}' % (frame.cursor.encode(), frame.data) for frame in page.frames)
    place: dict[str, object] = {
        "session_id": session_id,
        "next": page.next,
        "earliest": page.earliest,
        "latest": page.latest,
        "gap": None if page.gap is None else {"reason": page.gap.reason, "resumes_at": page.gap.resumes_at},
    }
    return json.dumps(place).encode()[:-1] + b', "events": [' + events + b"]}"


def _cursor(text: str | None) -> str | None:
    if not text:
        return None
    try:
        return str(Cursor.parse(text))
    except CursorError as error:
        raise Problem("invalid_cursor", str(error), Flaw("after", str(error), part="query")) from error


def _limit(text: str, largest: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= largest:
        return int(text)
    message = f"{text[:40]!r} is not a whole number from 1 to {largest}"
    raise Problem("invalid_parameter", f"limit: {message}", Flaw("limit", message, part="query"))
