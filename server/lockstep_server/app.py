"""`create_app`: the router with settings, access by token, CORS and the page."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI
from lockstep_bus import EventBus, connect
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lockstep_server.door import Authorize, Door
from lockstep_server.page import page_router
from lockstep_server.reference import reference_router
from lockstep_server.router import STREAM_PATH, LockstepRouter
from lockstep_server.settings import ServerSettings
from lockstep_server.token import SharedToken

if TYPE_CHECKING:
    from lockstep_server.ag_ui_agents import AgentRegistry


class LockstepApp(FastAPI):
    """FastAPI with a short way to the streams: the frames of its middleware and routers cost 7 kB an open stream."""

    def __init__(self, router: LockstepRouter, settings: ServerSettings, **options: Any) -> None:
        super().__init__(**options)
        self.include_router(router)
        stream: ASGIApp = router.stream
        if settings.allowed_origins:
            cors: dict[str, Any] = {
                "allow_origins": settings.allowed_origins,
                "allow_methods": ["GET", "POST", "DELETE"],
                "allow_headers": ["Authorization", "Content-Type", "Last-Event-ID"],
                "expose_headers": ["ETag", "Lockstep-Schema-Version", "Retry-After"],
            }
            self.add_middleware(CORSMiddleware, **cors)
            stream = CORSMiddleware(stream, **cors)
        self._own_middleware = len(self.user_middleware)
        self._stream = Route(STREAM_PATH, stream)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a stream directly, unless somebody added middleware, which must see every request."""
        if self._is_direct(scope):
            await self._stream.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def _is_direct(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET" or self.root_path:
            return False
        if len(self.user_middleware) != self._own_middleware:
            return False
        match, found = self._stream.matches(scope)
        if match is not Match.FULL:
            return False
        scope.update(found, app=self)
        return True


def create_app(
    settings: ServerSettings | None = None, *, bus: EventBus | None = None, agents: "AgentRegistry | None" = None
) -> FastAPI:
    """The whole server as one application, with the routes of AG-UI when there are `agents` to serve.

    A bus that is made here is also closed here, when the application ends. `LOCKSTEP_AGENTS` adds upstream agents.
    """
    settings = settings or ServerSettings()
    used = bus or connect()
    token = SharedToken(settings.token.get_secret_value()) if settings.token else None
    door = Door(token)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        if bus is None:
            await used.close()

    router = LockstepRouter(used, door, settings)
    options: dict[str, Any] = {"telemetry": {"auto_configure": True}} if settings.traces else {}
    app = LockstepApp(router, settings, title="Lockstep", version=used.contract.version, lifespan=lifespan, **options)
    if agents is not None or settings.agents:
        app.include_router(_ag_ui_router(used, agents, token, settings))
    app.include_router(page_router(door, token))
    app.include_router(reference_router(door, used.contracts))
    return app


def _ag_ui_router(
    bus: EventBus, agents: "AgentRegistry | None", authorize: Authorize | None, settings: ServerSettings
) -> APIRouter:
    # Imported when it is wanted: a server without agents does without the projector.
    from lockstep_server.ag_ui import ag_ui_router
    from lockstep_server.ag_ui_agents import AgentRegistry

    served = agents or AgentRegistry()
    for name, url in settings.agents:
        served.add_upstream(name, url)
    return ag_ui_router(bus, served, authorize=authorize, settings=settings)
