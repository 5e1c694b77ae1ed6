"""The open AG-UI streams of one router: how they are answered, and how they end with the process."""

import asyncio
from typing import get_args

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from lockstep_bus import EventBus
from lockstep_integrations.ag_ui import Place, Profile

from lockstep_server import drain, sse
from lockstep_server.ag_ui_runs import LEASE_SECONDS, Runs
from lockstep_server.ag_ui_threads import Threads
from lockstep_server.ag_ui_view import View, Wish
from lockstep_server.last_event_id import last_event_id
from lockstep_server.problem import Flaw, Problem
from lockstep_server.settings import ServerSettings


class AgUiStreams:
    """Answers wishes with streams; `close` ends those that still wait."""

    def __init__(self, bus: EventBus, settings: ServerSettings, lease_seconds: float = LEASE_SECONDS) -> None:
        self.runs, self.threads = Runs(bus, lease_seconds=lease_seconds), Threads(bus)
        self._bus, self._settings = bus, settings
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def answer(self, wish: Wish) -> Response:
        """The stream of one viewer."""
        heartbeat = self._settings.stream_heartbeat_seconds
        view = View(self._bus, self.runs, self.threads, wish, heartbeat_seconds=heartbeat, stop=self._stop)
        headers = {name.decode(): value.decode() for name, value in sse.HEADERS}
        return StreamingResponse(view.stream(), headers=headers, media_type=sse.MEDIA_TYPE)

    def watch(self, session_id: str, request: Request) -> Response:
        """A session's runs, whoever published them: one by `?run_id=`, else what is on or was last.

        Raises Problem for a cursor or a profile that is none.
        """
        self._loop = asyncio.get_running_loop()
        drain.listen(self)
        run_id = request.query_params.get("run_id")
        joins = run_id is None or request.query_params.get("from") == "now"
        return self.answer(
            Wish(
                "",
                session_id,
                session_id,
                run_id,
                last_event_id(request, Place.parse),
                joins,
                profile_of_query(request, "1.0"),
            )
        )

    def close(self) -> None:
        """End the streams: their viewers resume elsewhere."""
        self._stop.set()

    def drain_soon(self) -> None:
        """The same from a signal handler: a server waits for its open streams before it shuts down."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.close)


def profile_of_query(request: Request, default: Profile) -> Profile:
    """`?profile=`, the version of AG-UI that the client knows."""
    asked = request.query_params.get("profile")
    if asked is None:
        return default
    for profile in get_args(Profile):
        if asked == profile:
            known: Profile = profile
            return known
    message = f"{asked!r} is not '1.0' or '0.0'"
    raise Problem("invalid_parameter", f"profile: {message}", Flaw("profile", message, part="query"))
