"""What machines ask a server about itself: the contract, liveness, readiness, metrics."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from lockstep_bus import EventBus
from lockstep_bus.errors import BusError

from lockstep_server import metrics
from lockstep_server.audience import Audience
from lockstep_server.contracts import about, asked
from lockstep_server.door import Door
from lockstep_server.problem import Problem, ProblemRoute, bus_unavailable
from lockstep_server.viewer import Stage


def probes_router(bus: EventBus, stage: Stage, audience: Audience, door: Door) -> APIRouter:
    """The routes, bound to a bus."""
    router = APIRouter(route_class=ProblemRoute)

    @router.get("/schema")
    async def schema(request: Request) -> Response:
        """The JSON Schema of every event; with `?session=`, of that session's."""
        session_id = about(request)
        await door.admit(request, session_id, "schema")
        contract = asked(stage.contracts, session_id)
        tag = f'"{contract.digest}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Lockstep-Schema-Version": contract.version}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(contract.schema_bytes(), headers=headers, media_type="application/schema+json")

    @router.get("/health/live")
    async def live(request: Request) -> JSONResponse:
        """Whether the process answers at all: a reason to restart it when not."""
        await door.admit(request, None, "health")
        return JSONResponse({"status": "alive"})

    @router.get("/health/ready")
    async def ready(request: Request) -> JSONResponse:
        """Whether new viewers should come here: not while Redis is away or the server is stopping."""
        await door.admit(request, None, "health")
        if audience.draining:
            raise Problem("draining", "the server is stopping: connect elsewhere", headers={"Retry-After": "1"})
        try:
            await bus.ping()
        except BusError as error:
            raise bus_unavailable(error) from error
        return JSONResponse({"status": "ready"})

    @router.get("/metrics")
    async def measure(request: Request) -> Response:
        """Counters of this process in Prometheus' text form."""
        await door.admit(request, None, "metrics")
        return Response(stage.metrics.text(), headers={"Content-Type": metrics.MEDIA_TYPE})

    return router
