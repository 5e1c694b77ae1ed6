"""`lockstep serve`: what it says, and what it refuses."""

import os
import socket
import subprocess
import sys

import httpx
from support.server import lockstep_serve


def serve(*options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    base = {name: value for name, value in os.environ.items() if not name.startswith(("LOCKSTEP_", "REDIS_URL"))}
    return subprocess.run(
        [sys.executable, "-m", "lockstep_cli", "serve", *options],
        env=base | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_says_where_it_is_and_what_it_runs_on() -> None:
    with lockstep_serve() as server:
        assert httpx.get(f"{server.url}/health/ready").json() == {"status": "ready"}
        assert server.stop() == 0
        lines = server.output.splitlines()
        assert lines[0].endswith(f" on {server.url}")
        assert lines[1].startswith("  engine  embedded Valkey")
        assert lines[2].startswith("  data    ")
        assert lines[3] == f"  try     curl -N {server.url}/events/demo"
        assert len(lines) == 5, "it ends without another word"


def test_a_taken_port_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = serve("--port", str(port))
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"lockstep serve: cannot listen on 127.0.0.1:{port}: Address already in use")
    assert answer.stderr.count("\n") == 1


def test_a_public_address_is_refused_with_what_to_set() -> None:
    answer = serve("--host", "0.0.0.0")
    assert answer.returncode == 2
    assert "LOCKSTEP_TOKEN=" in answer.stderr
    assert "REDIS_URL=" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_wrong_setting_is_one_line() -> None:
    for name, value in (
        ("LOCKSTEP_DRAIN_SECONDS", "soon"),
        ("LOCKSTEP_RETENTION_HOURS", "x"),
        ("REDIS_URL", "http://x"),
    ):
        answer = serve("--port", "0", **{name: value})
        assert answer.returncode == 2, name
        assert name in answer.stderr
        assert answer.stderr.count("\n") == 1


def test_a_contract_that_cannot_be_served_is_one_line() -> None:
    for value, said in (
        ("no_such_events", "names 'no_such_events', which Python does not find: install it here"),
        ("json", "names 'json', which has no CONTRACT"),
        ("acme-events", "names 'acme-events', which is not the name of a Python package"),
        ("lockstep_events,json", "two contracts for all other sessions"),
    ):
        answer = serve("--port", "0", LOCKSTEP_CONTRACT=value)
        assert answer.returncode == 2, value
        assert said in answer.stderr
        assert answer.stderr.startswith("lockstep serve: LOCKSTEP_CONTRACT ")
        assert answer.stderr.count("\n") == 1


def test_a_password_is_not_shown() -> None:
    with lockstep_serve(env={"REDIS_URL": "redis://user:hunter22@127.0.0.1:1/0"}) as server:
        assert "127.0.0.1:1" in server.output
        assert "hunter22" not in server.output
