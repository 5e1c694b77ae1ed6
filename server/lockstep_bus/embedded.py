"""The embedded Valkey: one server for every process that uses the same data folder, alive while any of them is."""

import contextlib
import fcntl
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from lockstep_bus.address import Endpoint
from lockstep_bus.errors import EmbeddedServerError
from lockstep_bus.program import find_program

_START_SECONDS = 20.0
_SOCKET_PATH_BYTES = 100  # the system's limit for a socket's path is 104 to 108
_LOG_BYTES = 1_000_000


class EmbeddedServer:
    """One process's share in the server of a data folder.

    Three files decide everything, by locks that the kernel releases however a process dies. `users` is locked shared by
    every process that uses the server; a guard beside the server waits for the exclusive lock and then stops it. `lock`
    is held by guard and server, so there is never a second server on the same data. `state.json` tells the socket.
    """

    def __init__(self, folder: Path, program: Path | None) -> None:
        self._folder = folder.expanduser().absolute()
        self._program = program
        self._users: int | None = None
        self._one_at_a_time = threading.Lock()  # connections are opened from several threads

    def ensure(self) -> Endpoint:
        """Return where the server listens, after starting it if it does not run. Blocks for some milliseconds.

        Raises:
            EmbeddedServerError: no program, no folder, or the program does not start.
        """
        with self._one_at_a_time:
            return self._ensure()

    def _ensure(self) -> Endpoint:
        self._join()
        deadline = time.monotonic() + _START_SECONDS
        while True:
            path = self._socket_path()
            if path and _answers(path):
                return Endpoint(path=path)
            if (lock := self._try_lock()) is not None:
                try:
                    self._start(lock, deadline)
                finally:
                    os.close(lock)
                continue
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"the embedded Valkey in {self._folder} does not answer{self._log_tail()}")
            time.sleep(0.01)  # another process is starting it, or it is loading its data

    def leave(self) -> None:
        """Use the server no longer; it stops when nobody else does."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _join(self) -> None:
        if self._users is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            users = os.open(self._folder / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise EmbeddedServerError(
                f"the data folder {str(self._folder)!r} cannot be used: {error.strerror}; "
                "set LOCKSTEP_DATA_DIR to a folder that can be written, or REDIS_URL to a Redis"
            ) from error
        fcntl.flock(users, fcntl.LOCK_SH)  # waits, shortly, while a guard is just stopping the server
        self._users = users

    def _try_lock(self) -> int | None:
        lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock

    def _start(self, lock: int, deadline: float) -> None:
        program = find_program(self._program)
        path = self._new_socket_path()
        log = self._folder / "server.log"
        with contextlib.suppress(FileNotFoundError):
            if log.stat().st_size > _LOG_BYTES:
                log.unlink()
        (self._folder / "state.json").write_text(json.dumps({"socket": path, "program": str(program)}) + "\n")
        alive, guard_end = os.pipe()  # reads as ended when the guard is gone
        try:
            try:
                self._spawn_guard(lock, guard_end, path, program)
            finally:
                os.close(guard_end)
            while not _answers(path):
                if select.select([alive], [], [], 0.005)[0] or time.monotonic() > deadline:
                    raise EmbeddedServerError(f"{program} did not start{self._log_tail()}")
        finally:
            os.close(alive)

    def _spawn_guard(self, lock: int, guard_end: int, path: str, program: Path) -> None:
        guard = [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))]
        guard += [str(lock), str(guard_end), str(self._folder / "users"), path]
        # The guard leaves this process's session and its parent at once: it belongs to all users alike.
        subprocess.run(
            [*guard, str(program), *_options(self._folder, path)],
            pass_fds=(lock, guard_end),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            check=True,
        )

    def _socket_path(self) -> str | None:
        try:
            return str(json.loads((self._folder / "state.json").read_text())["socket"])
        except (OSError, ValueError, KeyError):
            return None

    def _new_socket_path(self) -> str:
        path = str(self._folder / "valkey.sock")
        if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES:
            return path
        return str(Path(tempfile.mkdtemp(prefix="lockstep-", dir="/tmp")) / "valkey.sock")

    def _log_tail(self) -> str:
        try:
            lines = (self._folder / "server.log").read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return f"; the end of {self._folder / 'server.log'}: " + " | ".join(lines[-3:])


def _options(folder: Path, path: str) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": path,
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder / "server.log"),
        "daemonize": "no",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False
