"""What `lockstep doctor` looks at: one function for each thing, each with its finding."""

import asyncio
import os
import platform
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from lockstep_bus import ContractTable
from lockstep_bus.address import Address, Endpoint, Login
from lockstep_bus.embedded import EmbeddedServer
from lockstep_bus.errors import BusError
from lockstep_bus.link import Link, LinkError
from lockstep_bus.settings import BusSettings
from lockstep_server.contracts import served
from lockstep_server.errors import ExposureError, ServerError
from lockstep_server.settings import ServerSettings

_OPTIONAL = {
    "codegen": ("datamodel_code_generator", "generate, check and lint"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    words: str
    remedy: str | None = None
    """What to do; None when nothing has to be done."""

    def line(self) -> str:
        """The finding for people."""
        mark, after = ("ok   ", "") if self.remedy is None else ("WRONG", f"\n      {'':<10}  -> {self.remedy}")
        return f"{mark} {self.name:<10}  {self.words}{after}"


def interpreter() -> Finding:
    """Python and Lockstep."""
    words = f"Lockstep {version('agui-lockstep')}, Python {platform.python_version()}, {platform.system()}"
    old = sys.version_info < (3, 11)
    return Finding("program", words, "use Python 3.11 or newer" if old else None)


def contracts(bus: BusSettings) -> Iterator[Finding]:
    """The events that this installation knows."""
    try:
        table = served(ContractTable.read(bus.contract))
    except (BusError, ServerError) as error:
        yield Finding("contract", "not to be served", str(error))
        return
    for contract in table:
        words = f"{contract.name} {contract.version}, {len(contract.event_types)} event types, {contract.digest}"
        yield Finding("contract", words)


def extras() -> Iterator[Finding]:
    """What may be installed beside it; its absence is no fault."""
    for extra, (module, purpose) in _OPTIONAL.items():
        present = "installed" if _importable(module) else f"not installed (pip install 'agui-lockstep[{extra}]')"
        yield Finding(f"[{extra}]", f"{present}: {purpose}")


def exposure(server: ServerSettings, bus: BusSettings) -> Finding:
    """Who may reach the server."""
    token = "with a token" if server.token else "without a token"
    try:
        server.refuse_exposure(bus.redis_url)
    except ExposureError as error:
        return Finding("access", f"{server.host}, {token}", str(error))
    return Finding("access", f"{server.host}, {token}")


def engine(settings: BusSettings) -> Finding:
    """The Redis or Valkey that holds the events."""
    try:
        if not settings.redis_url:
            return Finding("engine", f"embedded {_embedded_version(settings)}")
        address = Address.parse(settings.redis_url)
    except BusError as error:
        return Finding("engine", "cannot be used", str(error))
    try:
        versions = {_version(endpoint, address, settings) for endpoint in address.endpoints}
    except (BusError, LinkError) as error:
        return Finding("engine", f"{address.kind} at {address}: {error}", "start it, or correct REDIS_URL")
    return Finding("engine", f"{address.kind} at {address}: {', '.join(sorted(versions))}")


def data_folder(folder: Path) -> Finding:
    """Where the embedded server keeps its data."""
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else 0
    words = f"{folder} ({size / 1e6:.1f} MB)"
    place = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    remedy = None if os.access(place, os.W_OK) else "set LOCKSTEP_DATA_DIR to a folder that can be written"
    return Finding("data", words, remedy)


def port(host: str, number: int) -> Finding:
    """The socket that `lockstep serve` would take."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            if _is_lockstep(host, number):
                return Finding("port", f"{host}:{number}: Lockstep is serving there")
            return Finding("port", f"{host}:{number}: {error.strerror}", "lockstep serve --port 0")
    return Finding("port", f"{host}:{number} is free")


def _importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, PackageNotFoundError):
        return False


def _embedded_version(settings: BusSettings) -> str:
    server = EmbeddedServer(settings.data_dir, settings.redis_server)
    try:
        return asyncio.run(_ask(server.ensure(), Login(), settings))
    finally:
        server.leave()


def _version(endpoint: Endpoint, address: Address, settings: BusSettings) -> str:
    # A Sentinel has a login of its own, which the address does not tell.
    return asyncio.run(_ask(endpoint, Login() if address.kind == "sentinel" else address.login, settings))


async def _ask(endpoint: Endpoint, login: Login, settings: BusSettings) -> str:
    link = await Link.open(
        endpoint,
        login,
        patience=settings.command_timeout_seconds,
        heartbeat=settings.heartbeat_seconds,
        any_role=True,
    )
    try:
        reply = (await link.execute([(b"INFO", b"server")]))[0]
    finally:
        link.abort()
    lines = bytes(reply).decode(errors="replace").splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    valkey = fields.get("valkey_version")
    return f"Valkey {valkey}" if valkey else f"Redis {fields.get('redis_version', 'of an unknown version')}"


def _is_lockstep(host: str, number: int) -> bool:
    import httpx

    try:
        answer = httpx.get(f"http://{host}:{number}/health/live", timeout=1)
        return answer.is_success and answer.json() == {"status": "alive"}
    except (httpx.HTTPError, ValueError):
        return False
