"""The end of a process: every stream is told and ended, and the process exits, whoever runs it."""

import contextlib
import json
import re
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest
from support.server import (
    TEN_LINES,
    ServerProcess,
    allow_many_sockets,
    lockstep_serve,
    plain_uvicorn,
    read_to_end,
    read_until,
)
from support.streams import delta, post

WITH_MIDDLEWARE = (
    TEN_LINES
    + """

@app.middleware("http")
async def stamp(request, call_next):
    response = await call_next(request)
    response.headers["x-seen"] = "yes"
    return response
"""
)
OPENED = b"retry: 2000\n\n"


def watch(server: ServerProcess, session: str, count: int) -> list[socket.socket]:
    connections = [server.connect(f"/events/{session}") for _ in range(count)]
    for connection in connections:
        read_until(connection, OPENED)
    return connections


def assert_told(connections: list[socket.socket]) -> None:
    for connection in connections:
        last = read_to_end(connection)
        assert b"event: session_stream_closing\n" in last
        assert b'"reason":"shutdown"' in last
        assert re.search(rb"\nretry: [234]\d{3}\n\n", last)
        assert last.endswith(b"0\r\n\r\n"), "the response is complete, so that proxies do not report an error"
        connection.close()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("source", [TEN_LINES, WITH_MIDDLEWARE], ids=["ten lines", "middleware"])
def test_a_users_application_under_plain_uvicorn_exits(source: str, sent: signal.Signals) -> None:
    with plain_uvicorn(source) as server:
        assert httpx.get(f"{server.url}/hello").json() == "a route of the user's own"
        connections = watch(server, "abc", 20)
        server.stop(sent, timeout=10)
        assert_told(connections)
        assert "Finished server process" in server.output
        assert "Traceback" not in server.output
        assert "Cancel" not in server.output


def test_lockstep_serve_exits_with_0_on_either_signal() -> None:
    for sent in (signal.SIGTERM, signal.SIGINT):
        with lockstep_serve() as server:
            connections = watch(server, "abc", 5)
            assert server.stop(sent, timeout=10) == 0
            assert_told(connections)
            assert "Traceback" not in server.output


def test_workers_exit_too() -> None:
    with lockstep_serve("--workers", "2") as server:
        connections = watch(server, "abc", 10)
        server.stop(timeout=15)
        assert_told(connections)


def test_a_reload_ends_the_streams_and_the_next_process_resumes_them() -> None:
    with plain_uvicorn(TEN_LINES, "--reload") as server, httpx.Client(base_url=server.url, timeout=20) as client:
        wait_for_ready(client)
        (connection,) = watch(server, "abc", 1)
        cursor = post(client, "abc", delta("before"))[0]["cursor"]
        read_until(connection, b'"before"')
        match = re.search(r"Will watch for changes in these directories: \['(.+?)'\]", server.output)
        assert match, server.output
        source = Path(match[1]) / "mine.py"
        time.sleep(1.1)  # the reloader compares whole seconds
        source.write_text(TEN_LINES + "# changed\n")
        assert_told([connection])
        wait_for_ready(client)
        post(client, "abc", delta("after"))
        with server.connect("/events/abc", headers=f"Last-Event-ID: {cursor}\r\n") as again:
            received = read_until(again, b'"after"')
        assert b'"before"' not in received
        (left,) = watch(server, "abc", 1)
        server.stop(signal.SIGINT, timeout=15)
        assert_told([left])


def test_a_viewer_that_does_not_read_holds_nothing_up() -> None:
    with (
        plain_uvicorn(TEN_LINES, env={"LOCKSTEP_DRAIN_SECONDS": "1"}) as server,
        httpx.Client(base_url=server.url, timeout=20) as client,
        server.connect("/events/abc", receive_buffer=4096),
    ):
        for _ in range(30):
            post(client, "abc", delta("x" * 500_000))
        server.stop(timeout=10)
        assert "Finished server process" in server.output


def test_last_bytes_that_nobody_reads_hold_nothing_up() -> None:
    """Some of these viewers have everything but the end of a write, which would keep their connections open."""
    environment = {"LOCKSTEP_DRAIN_SECONDS": "1", "LOCKSTEP_MAX_BODY_BYTES": "9000000"}
    with (
        plain_uvicorn(TEN_LINES, env=environment) as server,
        httpx.Client(base_url=server.url, timeout=20) as client,
        contextlib.ExitStack() as stack,
    ):
        for number in range(60):
            post(client, f"s{number}", *(delta("x" * 60_000) for _ in range(number + 1)))
            stack.enter_context(server.connect(f"/events/s{number}", receive_buffer=4096))
        time.sleep(0.5)
        server.stop(timeout=10)
        assert "Finished server process" in server.output


def test_a_viewer_that_does_not_read_is_disconnected_in_time() -> None:
    with (
        lockstep_serve(env={"LOCKSTEP_STREAM_SEND_TIMEOUT_SECONDS": "1"}) as server,
        httpx.Client(base_url=server.url, timeout=20) as client,
        server.connect("/events/abc", receive_buffer=4096) as stalled,
    ):
        for _ in range(30):
            post(client, "abc", delta("x" * 500_000))
        deadline = time.monotonic() + 15
        while 'lockstep_streams_total{end="slow_consumer"} 1.0' not in client.get("/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        with pytest.raises((ConnectionError, AssertionError)):
            read_until(stalled, b"never")


def test_a_thousand_viewers_resume_elsewhere_with_nothing_lost() -> None:
    """SIGTERM while events flow: all streams are told, the process exits, and each viewer goes on at another one."""
    viewers, events = 1000, 60
    allow_many_sockets()
    with (
        lockstep_serve() as first,
        lockstep_serve(env={"LOCKSTEP_DATA_DIR": first.environment["LOCKSTEP_DATA_DIR"]}) as second,
        httpx.Client(base_url=second.url, timeout=30) as client,
    ):
        connections = watch(first, "abc", viewers)
        for number in range(events):
            post(client, "abc", delta(str(number)))
            if number == events // 2:
                first.process.terminate()
        assert first.process.wait(10) == 0
        for connection in connections:
            assert_continues(second, read_to_end(connection), events)
            connection.close()


def test_a_filtered_stream_that_was_interrupted_loses_nothing() -> None:
    """A viewer that lags is told to go while a write waits; no cursor may pass what was in that write."""
    wanted = [
        {"type": "error_occurred", "payload": {"message": f"{number:03d}" + "x" * 120_000}} for number in range(60)
    ]
    batch = [event for each in wanted for event in (each, delta("not asked for"))]
    path = "/events/abc?types=error_occurred"
    with (
        lockstep_serve(env={"LOCKSTEP_MAX_BODY_BYTES": "9000000", "LOCKSTEP_DRAIN_SECONDS": "8"}) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
        server.connect(path, receive_buffer=4096) as lagging,
    ):
        post(client, "abc", *batch)
        time.sleep(1)
        server.process.terminate()
        time.sleep(0.5)
        received = read_to_end(lagging)
        assert b"session_stream_closing" in received
        seen = re.findall(rb'"message":"(\d+)', received)
        cursor = re.findall(rb"^id: (\S+)$", received, re.MULTILINE)[-1].decode()
        assert server.process.wait(20) == 0
        with lockstep_serve(env={"LOCKSTEP_DATA_DIR": server.environment["LOCKSTEP_DATA_DIR"]}) as second:
            if len(seen) < len(wanted):
                with second.connect(path, headers=f"Last-Event-ID: {cursor}\r\n") as again:
                    seen += re.findall(rb'"message":"(\d+)', read_until(again, b'"message":"059') + b"")
    assert [int(number) for number in seen] == list(range(60))


def assert_continues(second: ServerProcess, received: bytes, events: int) -> None:
    assert b"session_stream_closing" in received
    cursors = re.findall(rb"^id: (\S+)$", received, re.MULTILINE)
    seen = numbers(received)
    if len(seen) < events:
        with second.connect("/events/abc", headers=f"Last-Event-ID: {(cursors or [b''])[-1].decode()}\r\n") as again:
            seen += numbers(read_until(again, f'"delta":"{events - 1}"'.encode()))
    assert seen == list(range(events))


def numbers(received: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb'"delta":"(\d+)"', received)]


def wait_for_ready(client: httpx.Client) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            if json.loads(client.get("/health/ready").content) == {"status": "ready"}:
                return
        except (httpx.TransportError, ValueError):
            pass
        assert time.monotonic() < deadline
        time.sleep(0.1)
