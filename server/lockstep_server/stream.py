"""`GET /events/{session_id}` as a plain ASGI application: who may watch, from where, and in which form."""

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from fastapi import HTTPException, Request, Response
from lockstep_bus import EventBus
from lockstep_bus.cursor import Cursor
from lockstep_bus.errors import BusClosedError, BusError
from lockstep_bus.subscription import Start
from starlette.types import Receive, Scope, Send

from lockstep_server import sse
from lockstep_server.audience import Audience
from lockstep_server.door import Door
from lockstep_server.last_event_id import last_event_id
from lockstep_server.problem import Flaw, Problem, refusal
from lockstep_server.session_id import checked
from lockstep_server.viewer import Stage, Viewer

if TYPE_CHECKING:
    from lockstep_server.ag_ui_streams import AgUiStreams

Protocol: TypeAlias = Literal["lockstep", "ag-ui"]

ALLOW = "GET, HEAD, POST, DELETE, OPTIONS"
_ACCEPTED = re.compile(r"(text/event-stream|text/\*|\*/\*)(?!.*;\s*q=0(\.0*)?\s*$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """What a viewer asked for."""

    session_id: str
    after: str | None
    start: Start
    types: frozenset[str] | None


class StreamEndpoint:
    """The endpoint. It is no FastAPI route, because that costs 24 kB for each open stream."""

    def __init__(self, bus: EventBus, stage: Stage, audience: Audience, door: Door) -> None:
        self._bus = bus
        self._stage = stage
        self._audience = audience
        self._door = door
        self._ag_ui: AgUiStreams | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request on the path of a session that is neither `POST` nor `DELETE`.

        Whatever a stream holds is owned here, so that no way of ending it can leave anything behind. Each call deeper
        would cost every open stream half a kilobyte.
        """
        answer = await self._consider(Request(scope, receive))
        if isinstance(answer, Response):
            await answer(scope, receive, send)
            return
        viewer = Viewer(self._stage, answer.session_id, answer.types, receive, send)
        watcher = asyncio.create_task(viewer.watch())
        self._audience.add(viewer)
        try:
            note = await self._deliver(answer, viewer) if viewer.ending is None else None
            await viewer.close(note=note)
        finally:
            self._audience.remove(viewer)
            watcher.cancel()

    async def _consider(self, request: Request) -> Order | Response:
        try:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": ALLOW})
            if request.method not in ("GET", "HEAD"):
                raise Problem("method_not_allowed", f"{request.method} is not {ALLOW}", headers={"Allow": ALLOW})
            protocol = _protocol(request)
            order = self._read(request, native=protocol == "lockstep")
            await self._door.admit(request, order.session_id, "read")
            if protocol == "ag-ui" and request.method == "GET":
                return self._as_ag_ui(order.session_id, request)
        except Problem as problem:
            return problem.response()
        except HTTPException as error:
            return refusal(error)
        if request.method == "HEAD":
            # The head of a stream, without opening one that nobody would read.
            head = Response(headers={name.decode(): value.decode() for name, value in sse.HEADERS})
            del head.headers["content-length"]
            return head
        return order

    def _as_ag_ui(self, session_id: str, request: Request) -> Response:
        # Imported when it is wanted: projecting costs a process memory that native streams do without.
        from lockstep_server.ag_ui_streams import AgUiStreams

        self._ag_ui = self._ag_ui or AgUiStreams(self._bus, self._stage.settings)
        return self._ag_ui.watch(session_id, request)

    def _read(self, request: Request, *, native: bool) -> Order:
        session_id = checked(request.path_params["session_id"])
        accept = request.headers.get("accept")
        if accept and not any(_ACCEPTED.match(choice.strip()) for choice in accept.split(",")):
            raise Problem("not_acceptable", f"{accept!r} does not accept {sse.MEDIA_TYPE}")
        after = last_event_id(request, _cursor) if native else None  # the id of an AG-UI frame is not a cursor
        return Order(session_id, after, _start(request), self._types(session_id, request))

    def _types(self, session_id: str, request: Request) -> frozenset[str] | None:
        text = request.query_params.get("types")
        if not text:
            return None
        names = frozenset(name.strip() for name in text.split(",") if name.strip())
        unknown = sorted(names.difference(self._stage.contracts.of(session_id).event_types))
        if unknown and not self._stage.settings.allow_unknown_types:
            where = f"GET /schema?session={session_id} has them all"
            raise _bad_query("types", f"{unknown[0]!r} is not an event type of this contract; {where}")
        return names

    async def _deliver(self, order: Order, viewer: Viewer) -> str | None:
        """Write all there is until the stream ends; the answer says why, when that was not asked for."""
        try:
            async with self._bus.subscribe(order.session_id, after=order.after, start=order.start) as subscription:
                await viewer.open(subscription.opening)
                async for batch in subscription:
                    await viewer.show(batch)
        except asyncio.CancelledError:
            if not viewer.interrupted():
                raise
        except BusClosedError:
            viewer.end("shutdown")
        except BusError as error:
            # Any status but 200 would make a browser's EventSource give up for good; this one it tries again.
            return str(error)
        return None


def _cursor(text: str) -> str:
    return str(Cursor.parse(text))


def _protocol(request: Request) -> Protocol:
    match request.query_params.get("protocol", "lockstep"):
        case "lockstep":
            return "lockstep"
        case "ag-ui":
            return "ag-ui"
        case other:
            raise _bad_query("protocol", f"{other!r} is not 'lockstep' or 'ag-ui'")


def _start(request: Request) -> Start:
    match request.query_params.get("from", "earliest"):
        case "earliest":
            return "earliest"
        case "now":
            return "now"
        case other:
            raise _bad_query("from", f"{other!r} is not 'earliest' or 'now'")


def _bad_query(name: str, message: str) -> Problem:
    return Problem("invalid_parameter", f"{name}: {message}", Flaw(name, message, part="query"))
