"""`lockstep serve`: run the server in this process, on a socket that is known to be free."""

import argparse
import contextlib
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn
    from lockstep_bus import ContractTable
    from lockstep_bus.settings import BusSettings
    from lockstep_server import ServerSettings

_EXAMPLES = """\
examples:
  lockstep serve                              http://127.0.0.1:8000, with the embedded Valkey
  lockstep serve --port 0                     any free port
  LOCKSTEP_CONTRACT=acme_events lockstep serve                    your own events
  LOCKSTEP_CONTRACT=acme_events,ops:=ops_events lockstep serve    and others in sessions that begin with ops:
  REDIS_URL=redis://10.0.0.5 LOCKSTEP_TOKEN=s3cret-word lockstep serve --host 0.0.0.0 --workers 4
"""


class ServeError(Exception):
    """The server cannot be started as asked."""

    exit_code: int = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", help="address to listen on (LOCKSTEP_HOST, default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on, 0 for a free one (LOCKSTEP_PORT, default 8000)")
    parser.add_argument("--workers", type=int, default=1, help="processes that serve (default 1)")
    parser.add_argument("--reload", action="store_true", help="restart when Python files here change")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; every stream is told, and resumes elsewhere or later."""
    import uvicorn
    from lockstep_bus import ContractTable
    from lockstep_bus.settings import read_settings as read_bus_settings
    from lockstep_server.contracts import served
    from lockstep_server.settings import read_settings

    given = {name: getattr(options, name) for name in ("host", "port") if getattr(options, name) is not None}
    settings, bus_settings = read_settings(**given), read_bus_settings()
    if options.workers < 1:
        raise ServeError(f"--workers {options.workers}: at least 1")
    settings.refuse_exposure(bus_settings.redis_url)
    contracts = served(ContractTable.read(bus_settings.contract))  # here, because a worker could only end in a log
    # Workers and the reloader build their own settings, from the environment.
    os.environ.update({f"LOCKSTEP_{name.upper()}": str(value) for name, value in given.items()})
    listener = bind(settings.host, settings.port)
    config = uvicorn.Config(
        "lockstep_server.app:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=options.workers,
        reload=options.reload,
        log_level="info" if options.verbose else "warning",
        access_log=options.verbose,
        # The streams end by themselves; this bounds everything else.
        timeout_graceful_shutdown=int(settings.drain_seconds) + 2,
    )
    _allow_many_sockets()
    print(_banner(settings, bus_settings, contracts, listener), flush=True)
    _serve(config, listener)
    return 0


def _serve(config: "uvicorn.Config", listener: socket.socket) -> None:
    import uvicorn
    from uvicorn.supervisors import ChangeReload, Multiprocess

    server = uvicorn.Server(config)
    if config.should_reload:
        ChangeReload(config, target=server.run, sockets=[listener]).run()
    elif config.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        stop_with_success()
        server.run(sockets=[listener])
        if not server.started:
            raise ServeError("the server did not start; the lines above say why")


def stop_with_success() -> None:
    """Let a server that was asked to stop, and did, exit with 0.

    uvicorn raises the signal again when it is done, for whoever had a handler before it: now nothing happens then.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ignore)


def _ignore(_number: int, _frame: object) -> None:
    pass


def bind(host: str, port: int) -> socket.socket:
    """Take the address before anything is started, so that a taken one is one line and not a log."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Now, so that whoever reads the banner can connect; uvicorn sets its own length later.
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise ServeError(
            f"cannot listen on {host}:{port}: {reason}; 'lockstep serve --port 0' takes a free port"
        ) from error
    listener.set_inheritable(True)
    return listener


def _allow_many_sockets() -> None:
    """Each stream holds a socket, and many systems allow 1,024 unless one asks for more."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS says there is no limit, and then refuses that
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _banner(settings: "ServerSettings", bus: "BusSettings", contracts: "ContractTable", listener: socket.socket) -> str:
    from importlib.metadata import version

    from lockstep_bus.address import Address

    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{name}:{listener.getsockname()[1]}"
    lines = [f"Lockstep {version('agui-lockstep')} on {url}" + ("/?token=$LOCKSTEP_TOKEN" if settings.token else "")]
    if bus.redis_url:
        lines.append(f"  engine  {Address.parse(bus.redis_url)}")
    else:
        lines += [
            "  engine  embedded Valkey, shared by your processes (REDIS_URL for your own)",
            f"  data    {bus.data_dir}",
        ]
    if bus.contract:
        lines.append(f"  events  {contracts}")
    return "\n".join([*lines, f"  try     curl -N {url}/events/demo", "  stop    Ctrl-C"])
