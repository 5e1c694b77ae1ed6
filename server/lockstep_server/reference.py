"""`GET /docs/events`: the contract's reference, as its generated package brings it, and those of what it extends."""

from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request, Response
from lockstep_bus.contracts import ContractTable

from lockstep_server.contracts import about, asked
from lockstep_server.door import Door
from lockstep_server.problem import ProblemRoute

_HEADERS: Final = {
    # What may be loaded and run, the page says itself, by the hashes of its own style and script.
    "Content-Security-Policy": "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def reference_router(door: Door, contracts: ContractTable) -> APIRouter:
    """The page of the contract of all sessions, with `?session=` of that one's, with `?of=` of a base's package."""
    router = APIRouter(route_class=ProblemRoute, include_in_schema=False)

    @router.get("/docs/events")
    async def reference(request: Request) -> Response:
        session_id = about(request)
        await door.admit(request, session_id, "page")
        package = request.query_params.get("of") or asked(contracts, session_id).name
        if package not in _known(contracts):
            said = f"No contract that is served here has to do with {package!r}.\n"
            return Response(said, 404, media_type="text/plain")
        page = _page(package)
        if page is None:
            said = f"The package {package!r} has no reference.html: 'lockstep generate' writes it.\n"
            return Response(said, 404, media_type="text/plain")
        return Response(page, headers=_HEADERS, media_type="text/html")

    return router


def _known(contracts: ContractTable) -> set[str]:
    """The packages of the contracts, and of those that they extend."""
    bases = (base["package"] for contract in contracts for base in contract.schema.get("x-bases", ()))
    return {*bases, *(contract.name for contract in contracts)}


@cache
def _page(package: str) -> bytes | None:
    try:
        page = files(package).joinpath("reference.html")
    except ModuleNotFoundError:  # a contract that was put together by hand has no package
        return None
    return page.read_bytes() if page.is_file() else None
