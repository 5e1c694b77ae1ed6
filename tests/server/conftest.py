"""One real server for the tests of a file, and a session of its own for each test."""

import uuid
from collections.abc import Iterator

import httpx
import pytest
from support.server import ServerProcess, lockstep_serve


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    """`lockstep serve` with the embedded Valkey."""
    with lockstep_serve(env={"LOCKSTEP_STREAM_HEARTBEAT_SECONDS": "0.5"}) as process:
        yield process


@pytest.fixture
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    """Requests to that server."""
    with httpx.Client(base_url=server.url, timeout=20) as http:
        yield http


@pytest.fixture
def session() -> str:
    """A session id that no other test uses."""
    return f"s-{uuid.uuid4().hex[:12]}"
