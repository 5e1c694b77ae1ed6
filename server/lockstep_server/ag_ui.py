"""AG-UI over HTTP: run an agent, join or resume its run, stop it. A router of its own, mounted where it is wanted."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from lockstep_bus import EventBus
from lockstep_events.runtime.ag_ui import InvalidAgUiError
from lockstep_integrations.ag_ui import Place, profile_of, session_id_of

from lockstep_server import drain
from lockstep_server.ag_ui_agents import Agent, AgentRegistry
from lockstep_server.ag_ui_runs import LEASE_SECONDS, Run
from lockstep_server.ag_ui_streams import AgUiStreams, profile_of_query
from lockstep_server.ag_ui_view import Wish
from lockstep_server.ag_ui_worker import Worker
from lockstep_server.door import Authorize, Door
from lockstep_server.intake import receive_body
from lockstep_server.last_event_id import last_event_id
from lockstep_server.problem import Flaw, Problem, ProblemRoute
from lockstep_server.settings import ServerSettings
from lockstep_server.trace import observer

MAX_BODY_BYTES = 16 * 1024 * 1024
"""A RunAgentInput brings all messages of its thread, so it may be larger than an event."""


class Endpoints:
    """What the routes do, and what they share."""

    def __init__(
        self, bus: EventBus, agents: AgentRegistry, door: Door, settings: ServerSettings, lease_seconds: float
    ) -> None:
        self._bus, self._agents, self._door = bus, agents, door
        self._streams = AgUiStreams(bus, settings, lease_seconds)
        self._runs, self._threads = self._streams.runs, self._streams.threads
        self._worker = Worker(bus, self._runs, self._threads, observer(bus, settings))
        self._loop: asyncio.AbstractEventLoop | None = None

    async def names(self, request: Request) -> JSONResponse:
        """The agents that are served here."""
        await self._door.admit(request, None, "list")
        return JSONResponse({"agents": self._agents.names()})

    async def run(self, agent: str, request: Request) -> Response:
        """Start a run, or attach to it when it has been started. `Last-Event-ID` resumes."""
        found = self._agent(agent)
        body = _read(self._bus, (await receive_body(request, MAX_BODY_BYTES)).text)
        run = Run(agent, body["threadId"], body["runId"])
        await self._door.admit(request, run.session_id, "publish")
        profile, place = (
            profile_of_query(request, profile_of(body.get("protocolVersion"))),
            last_event_id(request, Place.parse),
        )
        match await self._runs.claim(run, body):
            case "conflict":
                raise Problem("run_conflict", f"run {run.run_id!r} was started with another body")
            case "busy":
                raise Problem("thread_busy", f"thread {run.thread_id!r} has a run that has not ended")
            case "started":
                self._worker.start(run, found, body)
            case "attached":
                pass
        return self._watch(Wish(agent, run.thread_id, run.session_id, run.run_id, place, False, profile))

    async def join(self, agent: str, thread_id: str, request: Request, run_id: str | None = None) -> Response:
        """Join whatever is on in a thread, or resume it by `Last-Event-ID`."""
        self._agent(agent)
        session_id = session_id_of(thread_id)
        await self._door.admit(request, session_id, "read")
        profile, place = profile_of_query(request, "1.0"), last_event_id(request, Place.parse)
        thread = (await self._threads.now(session_id, thread_id)).thread
        if not thread.live and not thread.ended:
            raise Problem("thread_unknown", f"thread {thread_id!r} has had no run")
        if run_id is not None and run_id not in thread.live and run_id not in thread.ended:
            raise Problem("run_unknown", f"thread {thread_id!r} has had no run {run_id!r}")
        return self._watch(Wish(agent, thread_id, session_id, run_id, place, True, profile))

    async def cancel(self, agent: str, thread_id: str, run_id: str, request: Request) -> Response:
        """Stop a run, wherever it works."""
        self._agent(agent)
        run = Run(agent, thread_id, run_id)
        await self._door.admit(request, run.session_id, "publish")
        if not await self._runs.known(run):
            raise Problem("run_unknown", f"run {run_id!r} was not started here")
        if not self._worker.cancel(run):
            await self._runs.cancel(run)
        return Response(status_code=202)

    async def close(self) -> None:
        """End the runs of this process, then the streams that still wait."""
        await self._worker.close()
        self._streams.close()

    def drain_soon(self) -> None:
        """The same from a signal handler: a server waits for its open streams before it shuts down."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(lambda: loop.create_task(self.close()))

    def _agent(self, name: str) -> Agent:
        found = self._agents.find(name)
        if found is None:
            served = ", ".join(self._agents.names()) or "none"
            raise Problem("agent_unknown", f"there is no agent {name!r}; served here: {served}")
        return found

    def _watch(self, wish: Wish) -> Response:
        self._loop = asyncio.get_running_loop()
        drain.listen(self)
        return self._streams.answer(wish)


def ag_ui_router(
    bus: EventBus,
    agents: AgentRegistry,
    *,
    authorize: Authorize | None = None,
    settings: ServerSettings | None = None,
    lease_seconds: float = LEASE_SECONDS,
) -> APIRouter:
    """Routes that serve `agents` to AG-UI clients: `app.include_router(ag_ui_router(bus, agents))`.

    A run goes on when its viewer leaves, and ends with the process; `authorize(request, session_id, action)` is asked
    with the session of the thread, and `publish` to run or cancel, `read` to watch. The bus stays yours to close.
    """
    endpoints = Endpoints(bus, agents, Door(authorize), settings or ServerSettings(), lease_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await endpoints.close()

    router = APIRouter(prefix="/ag-ui", tags=["ag-ui"], route_class=ProblemRoute, lifespan=lifespan)
    router.add_api_route("", endpoints.names, methods=["GET"])
    router.add_api_route(
        "/{agent}/{thread_id:path}/{run_id}/cancel", endpoints.cancel, methods=["POST"], status_code=202
    )
    router.add_api_route("/{agent}", endpoints.run, methods=["POST"])
    router.add_api_route("/{agent}/{thread_id:path}", endpoints.join, methods=["GET"])
    return router


def _read(bus: EventBus, text: str) -> dict[str, Any]:
    """The body as it came, once AG-UI's own schema has nothing against it."""
    try:
        body: Any = json.loads(text)
    except ValueError as error:
        raise Problem("invalid_json", f"the body is not JSON: {error}") from error
    try:
        bus.contract.ag_ui.read_input(body)
    except InvalidAgUiError as error:
        later = [fault for fault in error.faults if fault.code != "extra"]
        if later:  # members that only a later version knows are the agent's to judge
            raise Problem(
                "invalid_run_input", str(error), *(Flaw(each.pointer, each.message) for each in later)
            ) from error
    return dict(body)
