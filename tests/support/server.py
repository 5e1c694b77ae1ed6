"""Real server processes for tests, and the ends of a socket that a browser would hold."""

import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

_BIN = Path(sys.executable).parent
_START_SECONDS = 30.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")

TEN_LINES = """\
from fastapi import FastAPI
from lockstep_bus import connect
from lockstep_server import lockstep_router

app = FastAPI()
app.include_router(lockstep_router(connect()))


@app.get("/hello")
def hello() -> str:
    return "a route of the user's own"
"""


class ServerProcess:
    """One process that serves on a port of its own choice, and says so in its first lines."""

    def __init__(self, process: "subprocess.Popen[str]", environment: Mapping[str, str]) -> None:
        self.process = process
        self.environment = environment
        """What another process needs to meet this one."""
        self.output = ""
        self._found = threading.Event()
        self.port = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_up(self) -> "ServerProcess":
        assert self._found.wait(_START_SECONDS), f"the server does not start:\n{self.output}"
        assert self.port, f"the server has ended:\n{self.output}"
        # A reloader names its address before the process that listens there is up.
        eventually(self._listens)
        return self

    def stop(self, sent: signal.Signals = signal.SIGTERM, timeout: float = 30.0) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sent)
        code = self.process.wait(timeout)
        self._reader.join(5)
        return code

    def connect(self, path: str, *, headers: str = "", receive_buffer: int | None = None) -> socket.socket:
        """Send the head of a GET request over a socket of its own."""
        connection = socket.socket()
        if receive_buffer is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
        return connection

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.output += line
                match = _ADDRESS.search(line)
                if match and not self.port:
                    self.port = int(match[1])
                    self._found.set()
        self._found.set()


@contextlib.contextmanager
def running(*command: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Generator[ServerProcess]:
    """A server process for the length of a block; without `env` on an embedded Valkey of its own."""
    # Not pytest's folder: a socket's path must be short.
    folder = tempfile.mkdtemp(prefix="lockstep-")
    base = {name: value for name, value in os.environ.items() if not name.startswith(("LOCKSTEP_", "REDIS_URL"))}
    environment = base | {"LOCKSTEP_DATA_DIR": folder, "PYTHONUNBUFFERED": "1"} | dict(env or {})
    process = subprocess.Popen(
        [str(_BIN / command[0]), *command[1:]],
        env=environment,
        cwd=cwd,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    server = ServerProcess(process, environment)
    try:
        yield server.wait_until_up()
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.stop(timeout=15)
        if process.poll() is None:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def lockstep_serve(
    *options: str, env: Mapping[str, str] | None = None
) -> contextlib.AbstractContextManager[ServerProcess]:
    """`lockstep serve` on a free port."""
    return running("lockstep", "serve", "--port", "0", *options, env=env)


@contextlib.contextmanager
def plain_uvicorn(source: str, *options: str, env: Mapping[str, str] | None = None) -> Generator[ServerProcess]:
    """`uvicorn mine:app` for a user's file with this text."""
    folder = Path(tempfile.mkdtemp(prefix="lockstep-app-"))
    (folder / "mine.py").write_text(source)
    try:
        with running("uvicorn", "mine:app", "--port", "0", *options, env=env, cwd=folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_until(connection: socket.socket, wanted: bytes, timeout: float = 20.0) -> bytes:
    """Everything up to and with the bytes that are wanted."""
    connection.settimeout(timeout)
    received = b""
    while wanted not in received:
        chunk = connection.recv(65536)
        assert chunk, f"the stream has ended before {wanted!r}: {received[-500:]!r}"
        received += chunk
    return received


def read_to_end(connection: socket.socket, timeout: float = 20.0) -> bytes:
    """Everything until the other side closes."""
    connection.settimeout(timeout)
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


def allow_many_sockets() -> None:
    """Let this process hold thousands of connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def eventually(condition: object, timeout: float = 20.0) -> None:
    """Wait until a callable answers something true."""
    assert callable(condition)
    deadline = time.monotonic() + timeout
    while not (last := condition()):
        assert time.monotonic() < deadline, f"it stayed {last!r}"
        time.sleep(0.02)


def system_program(name: str) -> Path:
    """A program that the system brings, such as Debian's redis-server."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not on the PATH: sudo apt-get install -y {name}")
    return Path(found)
