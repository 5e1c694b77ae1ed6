"""A real server for one test: the binary that the embedded Valkey uses, on a TCP port of its own."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

from lockstep_bus.program import find_program

_START_SECONDS = 10.0


class ValkeyServer:
    """One server process with a folder and a port that survive its restarts."""

    def __init__(self, *options: str, port: int | None = None, program: Path | None = None) -> None:
        self.port = port or free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="lockstep-test-"))
        self._options = options
        self._program = program or find_program(None)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *arguments: str) -> "ValkeyServer":
        """Start the process and wait for its answer; `arguments` replace the usual ones."""
        usual = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        usual += ["--logfile", str(self.folder / "server.log"), "--repl-diskless-sync-delay", "0", *self._options]
        self._process = subprocess.Popen(
            [self._program, *(arguments or usual)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + _START_SECONDS
        mine = b"process_id:%d\r\n" % self._process.pid  # whoever else may answer at this port
        while not (self.command("PING").startswith(b"+PONG") and mine in self.command("INFO", "server")):
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.01)
        return self

    def stop(self, sent: signal.Signals = signal.SIGKILL) -> None:
        """End the process; its folder stays for the next start."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(sent)
            self._process.wait()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def freeze(self) -> None:
        """Let the process keep its sockets and answer nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def command(self, *words: str | int) -> bytes:
        """Send one command; returns what the server sent back, raw, or nothing when it is not there."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            parts = [str(word).encode() for word in words]
            connection.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts))
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        return b""

    def log(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "server.log").read_text(errors="replace")
        return ""


@contextlib.contextmanager
def valkey(*options: str, program: Path | None = None) -> Generator[ValkeyServer]:
    """A running server for the length of a block."""
    server = ValkeyServer(*options, program=program)
    try:
        yield server.start()
    finally:
        server.close()


def free_port(*, with_cluster_bus: bool = False) -> int:
    """A port that nobody listens on now; with a cluster bus, the one 10000 above it too.

    Below those that outgoing connections take (32768 on Linux): with many tests at work, one of these may be first.
    """
    while True:
        port = 10_000 + secrets.randbelow(10_000)  # by no seed: every worker of pytest draws its own
        with contextlib.suppress(OSError), socket.socket() as low, socket.socket() as high:
            low.bind(("127.0.0.1", port))
            if with_cluster_bus:
                high.bind(("127.0.0.1", port + 10_000))
            return port
