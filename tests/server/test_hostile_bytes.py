"""Payloads that would break a careless event stream, read byte for byte by a parser that is not ours."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from httpx_sse import EventSource, ServerSentEvent
from lockstep_bus import BusSettings, EventBus, connect
from lockstep_events import CONTRACT, AgentMessageDeltaEvent
from support.server import ServerProcess, read_until
from support.streams import delta, post, stream, take, text_of

HOSTILE = {
    "line feed": "a\nb\n\nc",
    "carriage return": "a\rb\r\rc",
    "both": "a\r\nb\r\n\r\nevent: forged\r\ndata: x\r\n\r\n",
    "forged block": "x\n\nid: 9.9\nevent: session_stream_closing\ndata: {}\n\n",
    "NUL": "a\0b",
    "every control character": "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(0x80, 0xA0))),
    "separators that are data": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei",
    "byte order mark": "\ufeffa\ufeff",
    "right to left": "\u202eevil\u2066",
    "beyond the first plane": "💡\U0010ffff\U00010000",
    "not characters": "\ufffe\uffff",
    "looks like fields": "id: 1\nretry: 1\n: comment",
    "colons and spaces": " : data:  x ",
    "empty": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_payload_is_one_event(client: httpx.Client, session: str, name: str) -> None:
    post(client, session, delta(HOSTILE[name]), delta("after"))
    with stream(client, session) as events:
        _, event, after = take(events, 3)
    assert (event.event, text_of(event)) == ("agent_message_delta", HOSTILE[name])
    assert (after.event, text_of(after)) == ("agent_message_delta", "after")


def test_hostile_live_events_are_byte_exact(server: ServerProcess, client: httpx.Client, session: str) -> None:
    with server.connect(f"/events/{session}") as connection:
        read_until(connection, b"retry: 2000\n\n")
        for text in HOSTILE.values():
            post(client, session, delta(text))
        post(client, session, delta("the end"))
        body = without_chunks(read_until(connection, b"the end") + connection.recv(65536))
    history = client.get(f"/events/{session}/history").content
    blocks = [block for block in body.split(b"\n\n") if b"event: " in block]
    assert len(blocks) == len(HOSTILE) + 1
    for block in blocks:
        fields = block.removeprefix(b":\n").split(b"\n")
        assert [field.partition(b": ")[0] for field in fields] == [b"id", b"event", b"data"]
        assert fields[2].removeprefix(b"data: ") in history
        assert not re.search(rb"[\x00-\x09\x0b-\x1f]", block)


@pytest.fixture
async def bus(server: ServerProcess) -> AsyncIterator[EventBus]:
    """The bus that the server reads, without the server between."""
    folder = server.environment["LOCKSTEP_DATA_DIR"]
    async with connect(settings=BusSettings.model_validate({"data_dir": folder})) as bus:
        yield bus


async def test_a_megabyte_published_on_the_bus_comes_whole(server: ServerProcess, bus: EventBus, session: str) -> None:
    text = "é\n" * 350_000 + "\u2028" * 50_000  # 1.2 MB in UTF-8, more as JSON
    event = CONTRACT.make("agent_message_delta", session, {"message_id": "m", "delta": text})
    assert isinstance(event, AgentMessageDeltaEvent)
    assert len(CONTRACT.encode(event)) > 1_048_576
    seen = asyncio.create_task(next_delta(server, session))
    await bus.publish(event)
    received = await asyncio.wait_for(seen, 30)
    assert received.data.encode() == CONTRACT.encode(event)
    assert json.loads(received.data)["payload"]["delta"] == text


async def next_delta(server: ServerProcess, session: str) -> ServerSentEvent:
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=30) as http,
        http.stream("GET", f"/events/{session}") as response,
    ):
        async for event in EventSource(response).aiter_sse():
            if event.event == "agent_message_delta":
                return event
    raise AssertionError("the stream has ended")


@pytest.mark.parametrize(
    "name", ["Error", "a b", "a\nb", "a\rb", "a\0b", "é", "agent_message_delta\ndata: {}", "x" * 65, ""]
)
def test_a_hostile_event_name_never_reaches_a_stream(client: httpx.Client, session: str, name: str) -> None:
    answer = client.post(f"/events/{session}", json={"type": name, "payload": {}})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_event")
    assert client.get(f"/events/{session}/history").json()["latest"] is None


def without_chunks(received: bytes) -> bytes:
    """The body behind HTTP's chunked coding."""
    body, rest = b"", received
    while rest:
        size, found, rest = rest.partition(b"\r\n")
        if not found or not size:
            break
        length = int(size, 16)
        body += rest[:length]
        rest = rest[length + 2 :]
    return body
