"""`GET /`: a page of plain HTML and JavaScript that lists the sessions and shows one live."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from lockstep_server.door import Door
from lockstep_server.problem import ProblemRoute
from lockstep_server.token import SharedToken

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_KINDS: Final = {"page.css": "text/css", "page.js": "text/javascript"}


def page_router(door: Door, token: SharedToken | None) -> APIRouter:
    """The page and its two files."""
    router = APIRouter(route_class=ProblemRoute, include_in_schema=False)

    @router.get("/")
    async def page(request: Request) -> Response:
        given = request.query_params.get("token")
        if given is not None and token is not None and token.is_token(given):
            # Out of the address bar and the history, into a cookie.
            response = RedirectResponse(request.url.remove_query_params("token"), 303)
            token.remember(request, response)
            return response
        await door.admit(request, None, "page")
        return Response(_read("page.html"), headers=_HEADERS, media_type="text/html")

    @router.get("/static/{name}")
    async def static(name: str, request: Request) -> Response:
        await door.admit(request, None, "page")
        if name not in _KINDS:
            return Response(status_code=404)
        return Response(_read(name), headers=_HEADERS, media_type=_KINDS[name])

    return router


def _read(name: str) -> bytes:
    return files("lockstep_server").joinpath("static", name).read_bytes()
