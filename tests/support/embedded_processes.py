"""The processes of an embedded Valkey: its servers and their guards, found by the folder in their command lines."""

import contextlib
import os
import time
from pathlib import Path


def processes_of(folder: Path) -> list[int]:
    """Every process whose command line names the folder: guards and servers."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes()
                if str(folder).encode() in words and b"embedded_user" not in words:
                    found.append(int(entry.name))
    return found


def servers_of(folder: Path) -> list[int]:
    """The servers alone; one, unless something is wrong."""
    return [pid for pid in processes_of(folder) if b"guard.py" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


def wait_until_none(folder: Path) -> None:
    """Return when nobody uses the folder any more, at most 10 seconds from now."""
    deadline = time.monotonic() + 10
    while left := processes_of(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.02)
