"""`GET /`: the inspector where it was built, and else a page of plain HTML and JavaScript."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from lockstep_server.door import Door
from lockstep_server.problem import ProblemRoute
from lockstep_server.token import SharedToken

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        # The inspector frames itself, as a second viewer of the same session.
        "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_KINDS: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def page_router(door: Door, token: SharedToken | None) -> APIRouter:
    """The page and its files."""
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
        inspector, plain = _folder("inspector"), _folder("static")
        found = inspector.get("index.html") or plain["page.html"]
        return Response(found.read_bytes(), headers=_HEADERS, media_type="text/html")

    @router.get("/static/{name}")
    async def static(name: str, request: Request) -> Response:
        await door.admit(request, None, "page")
        found = _folder("inspector", "static").get(name) or _folder("static").get(name)
        kind = _KINDS.get(name.rpartition(".")[2])
        if found is None or kind is None:
            return Response(status_code=404)
        return Response(found.read_bytes(), headers=_HEADERS, media_type=kind)

    return router


@cache
def _folder(*path: str) -> dict[str, Traversable]:
    """The files of a folder of this package by name; none where the inspector was not built."""
    folder = files("lockstep_server").joinpath(*path)
    return {each.name: each for each in folder.iterdir() if each.is_file()} if folder.is_dir() else {}
