"""Viewers that go away, in every way a socket can: nothing of theirs stays, and nothing is lost to them."""

import asyncio
import json
import random
import socket
import struct
from pathlib import Path

import httpx
from httpx_sse import EventSource
from support.server import ServerProcess, eventually, read_until
from support.streams import delta, post, text_of


def open_streams(client: httpx.Client) -> float:
    (line,) = [line for line in client.get("/metrics").text.splitlines() if line.startswith("lockstep_streams_open ")]
    return float(line.split()[1])


def abort(connection: socket.socket) -> None:
    """Close with RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def descriptors(server: ServerProcess) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def test_every_way_to_leave_leaves_nothing(server: ServerProcess, client: httpx.Client, session: str) -> None:
    assert open_streams(client) == 0
    before = descriptors(server)
    for number in range(400):
        connection = server.connect(f"/events/{session}-{number % 20}")
        match number % 4:
            case 0:
                abort(connection)  # before the head is sent
            case 1:
                connection.recv(10)
                abort(connection)  # in the middle of a read
            case 2:
                read_until(connection, b"\n\n")
                connection.close()
            case _:
                connection.shutdown(socket.SHUT_WR)
                connection.close()
    eventually(lambda: open_streams(client) == 0)
    eventually(lambda: descriptors(server) <= before + 2)
    assert "Traceback" not in server.output
    assert "never retrieved" not in server.output


def test_a_disconnect_is_noticed_at_once(server: ServerProcess, client: httpx.Client, session: str) -> None:
    connection = server.connect(f"/events/{session}")
    read_until(connection, b"\n\n")
    assert open_streams(client) == 1
    connection.close()
    eventually(lambda: open_streams(client) == 0, timeout=2)


async def test_a_viewer_cut_100_times_has_every_event_once(server: ServerProcess, session: str) -> None:
    """10,000 events while the viewer's connection is cut at random; it resumes each time after its last cursor."""
    events, cuts, size = 10_000, 100, 50
    chance = random.Random(20261123)
    seen: list[int] = []
    cut = 0
    progress = asyncio.Event()
    async with httpx.AsyncClient(base_url=server.url, timeout=20) as http:

        async def publish() -> None:
            for start in range(0, events, size):
                body = "\n".join(json.dumps(delta(str(number))) for number in range(start, start + size))
                answer = await http.post(f"/events/{session}", content=body)
                assert answer.status_code == 200
                # As fast as the viewer reads, so that every cut falls into the live stream.
                while start - len(seen) > 500:
                    progress.clear()
                    await progress.wait()

        publishing = asyncio.create_task(publish())
        cursor = ""
        while len(seen) < events:
            patience = chance.randint(1, 3 * events // (2 * cuts)) if cut < cuts else events
            headers = {"Last-Event-ID": cursor} if cursor else {}
            async with http.stream("GET", f"/events/{session}", headers=headers) as response:
                async for event in EventSource(response).aiter_sse():
                    cursor = event.id or cursor
                    assert event.event != "session_stream_gap"
                    if event.event == "agent_message_delta":
                        seen.append(int(text_of(event)))
                        patience -= 1
                        progress.set()
                    if len(seen) == events or (patience <= 0 and cut < cuts):
                        cut += 1
                        break
        await publishing
    assert cut >= cuts
    assert seen == list(range(events))


def test_two_viewers_see_the_same(server: ServerProcess, client: httpx.Client, session: str) -> None:
    with server.connect(f"/events/{session}") as first, server.connect(f"/events/{session}") as second:
        read_until(first, b"retry: 2000\n\n")
        read_until(second, b"retry: 2000\n\n")
        post(client, session, *(delta(str(number)) for number in range(50)))
        bodies = [read_until(each, b'"delta":"49"') for each in (first, second)]
    blocks = [[line for line in body.split(b"\n") if line.startswith((b"id: ", b"data: "))] for body in bodies]
    assert blocks[0] == blocks[1]
