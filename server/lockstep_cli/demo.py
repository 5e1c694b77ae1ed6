"""`lockstep demo`: the server and a scripted agent in one process, and the page that shows them."""

import argparse
import asyncio
import os
import sys
import webbrowser
from itertools import count
from typing import TYPE_CHECKING

from lockstep_cli.serve import ServeError, bind, stop_with_success

if TYPE_CHECKING:
    import socket

    from lockstep_bus import EventBus
    from lockstep_server import ServerSettings

_EXAMPLES = """\
examples:
  lockstep demo                    serve on http://127.0.0.1:8000 and open the page
  lockstep demo --port 0 --no-open any free port, no browser
  lockstep demo --runs 1           one run of the agent, then only serve
"""

_SESSION = "demo"
_QUESTION = "Is everything all right with our containers?"
_REST_SECONDS = 12.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", help="address to listen on (LOCKSTEP_HOST, default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on, 0 for a free one (LOCKSTEP_PORT, default 8000)")
    parser.add_argument("--runs", type=int, default=0, help="how often the agent runs (default 0: until stopped)")
    parser.add_argument("--pace", type=float, default=0.04, help="seconds a token takes (default 0.04)")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM, while the agent works in the session `demo`, which starts empty."""
    from lockstep_server import ServerSettings

    if options.runs < 0 or options.pace < 0:
        raise ServeError("--runs and --pace cannot be negative")
    given = {name: getattr(options, name) for name in ("host", "port") if getattr(options, name) is not None}
    settings = ServerSettings(**given)
    settings.refuse_exposure(os.environ.get("REDIS_URL"))
    listener = bind(settings.host, settings.port)
    url = f"http://{settings.host}:{listener.getsockname()[1]}/?session={_SESSION}"
    print(
        f"Lockstep demo on {url}\n  agent   infrastructure_monitor, scripted, no key needed\n  stop    Ctrl-C",
        flush=True,
    )
    stop_with_success()
    asyncio.run(_show(settings, listener, options, url))
    return 0


async def _show(settings: "ServerSettings", listener: "socket.socket", options: argparse.Namespace, url: str) -> None:
    import uvicorn
    from lockstep_bus import connect
    from lockstep_server import create_app

    async with connect() as bus:
        config = uvicorn.Config(
            create_app(settings, bus=bus),
            log_level="warning",
            timeout_graceful_shutdown=int(settings.drain_seconds) + 2,
        )
        agent = asyncio.create_task(_perform(bus, options.runs, options.pace))
        if not options.no_open and sys.stdout.isatty():
            # In a thread: some browsers are started in the foreground and would hold the loop.
            opened = asyncio.create_task(asyncio.to_thread(webbrowser.open, url))
            opened.add_done_callback(lambda _: None)
        try:
            await uvicorn.Server(config).serve(sockets=[listener])
        finally:
            agent.cancel()
            await asyncio.gather(agent, return_exceptions=True)


async def _perform(bus: "EventBus", runs: int, pace: float) -> None:
    """Run the agent `runs` times (0: for ever), with a rest between."""
    from lockstep_events import EventDispatcher
    from lockstep_integrations.infrastructure_monitor import InfrastructureMonitor

    await bus.delete(_SESSION)
    agent = InfrastructureMonitor(EventDispatcher(bus), pace=pace)
    for number in count(1):
        await agent.execute(_QUESTION, _SESSION, run_id=f"run-{number}")
        if number == runs:
            return
        await asyncio.sleep(_REST_SECONDS)
