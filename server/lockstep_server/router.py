"""`lockstep_router`: every route of the server for anyone's FastAPI application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from lockstep_bus import EventBus
from starlette.routing import Route

from lockstep_server.audience import Audience
from lockstep_server.contracts import served
from lockstep_server.door import Authorize, Door
from lockstep_server.metrics import Metrics
from lockstep_server.probes import probes_router
from lockstep_server.publishing import publishing_router
from lockstep_server.reading import reading_router
from lockstep_server.settings import ServerSettings
from lockstep_server.stream import StreamEndpoint
from lockstep_server.viewer import Stage

STREAM_PATH = "/events/{session_id}"


class LockstepRouter(APIRouter):
    """The router, with its stream endpoint in reach of an application that serves it by a shorter way."""

    def __init__(self, bus: EventBus, door: Door, settings: ServerSettings) -> None:
        stage = Stage(served(bus.contracts), settings, Metrics(bus.contracts))
        audience = Audience(stage)

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
            audience.open()
            yield

        super().__init__(tags=["lockstep"], lifespan=lifespan)
        self.stream = StreamEndpoint(bus, stage, audience, door)
        self.include_router(publishing_router(bus, stage, door))
        self.include_router(reading_router(bus, door))
        self.include_router(probes_router(bus, stage, audience, door))
        # Last, because it answers every method that the routes before it leave: HEAD and OPTIONS, and 405 to the rest.
        self.routes.append(Route(STREAM_PATH, self.stream, name="stream"))


def lockstep_router(
    bus: EventBus, *, authorize: Authorize | None = None, settings: ServerSettings | None = None
) -> APIRouter:
    """Routes that publish and stream the sessions of `bus`: `app.include_router(lockstep_router(connect()))`.

    Nothing else is needed: streams end by themselves when the server is asked to stop. `authorize(request, session_id,
    action)` is asked on every route; dependencies given to `include_router` do not reach the stream, so protect it by
    `authorize`. The bus stays yours to close. Raises SettingsError for a contract without the events of a
    stream, which come with ours.
    """
    return LockstepRouter(bus, Door(authorize), settings or ServerSettings())
