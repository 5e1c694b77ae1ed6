"""The brief's own walkthrough, with curl and a second process: embedded Valkey, a Redis, a user's application."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Generator

import pytest
from support.server import TEN_LINES, ServerProcess, eventually, lockstep_serve, plain_uvicorn, system_program
from support.valkey import valkey

SECOND_PROCESS = """\
from lockstep_bus import get_event_dispatcher
import asyncio

dispatcher = get_event_dispatcher()

async def test():
    await dispatcher.agent_message_delta(
        session_id="test-session-123",
        message_id="m1",
        delta="Hello from event bus!",
        agent="test",
    )

asyncio.run(test())
"""


class Curl:
    """`curl -N`, and what it has printed so far."""

    def __init__(self, url: str) -> None:
        command = [str(system_program("curl")), "-sN", url]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))


@contextlib.contextmanager
def curl(url: str) -> Generator[Curl]:
    running = Curl(url)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        if running.process.stdout is not None:
            running.process.stdout.close()


def walk(server: ServerProcess) -> None:
    with curl(f"http://localhost:{server.port}/events/test-session-123") as seen:
        eventually(lambda: "" in seen.lines)
        names = [line.partition(": ")[0] for line in seen.lines[:3]]
        assert names == ["id", "event", "data"]
        assert seen.lines[1] == "event: session_stream_started"
        assert seen.lines[2].startswith('data: {"event_id":"')
        assert '"type":"session_stream_started","payload":{"message":"SSE connection established"' in seen.lines[2]
        second = subprocess.run(
            [sys.executable, "-c", SECOND_PROCESS],
            env=server.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (second.returncode, second.stderr) == (0, "")
        eventually(lambda: any("Hello from event bus!" in line for line in seen.lines))
        (data,) = [line for line in seen.lines if "Hello from event bus!" in line]
        assert '"type":"agent_message_delta","payload":{"message_id":"m1","delta":"Hello from event bus!"}' in data
        assert "event: agent_message_delta" in seen.lines


def test_with_nothing_configured() -> None:
    with lockstep_serve() as server:
        walk(server)


def test_with_debians_redis() -> None:
    with (
        valkey(program=system_program("redis-server")) as redis,
        lockstep_serve(env={"REDIS_URL": redis.url}) as server,
    ):
        walk(server)


@pytest.mark.parametrize("options", [(), ("--reload",)], ids=["plain", "reload"])
def test_in_ten_lines_of_a_users_own(options: tuple[str, ...]) -> None:
    with plain_uvicorn(TEN_LINES, *options) as server:
        walk(server)
