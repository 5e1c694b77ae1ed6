"""The other end of a stream, read by a parser that is not ours: httpx-sse."""

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from httpx_sse import EventSource, ServerSentEvent


def delta(text: str, **envelope: Any) -> dict[str, Any]:
    """A small event, as a client posts it."""
    return {"type": "agent_message_delta", "payload": {"message_id": "m1", "delta": text}, **envelope}


def post(client: httpx.Client, session: str, *events: dict[str, Any]) -> list[dict[str, Any]]:
    """Publish events and return their receipts."""
    if len(events) == 1:
        answer = client.post(f"/events/{session}", json=events[0])
    else:
        body = "\n".join(json.dumps(event) for event in events)
        answer = client.post(f"/events/{session}", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 200, answer.text
    receipts: list[dict[str, Any]] = answer.json()["receipts"]
    return receipts


@contextmanager
def stream(
    client: httpx.Client, session: str, *, after: str | None = None, **query: str
) -> Generator[Iterator[ServerSentEvent]]:
    """The events of a session as they come."""
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
    with client.stream("GET", f"/events/{session}", headers=headers, params=query) as response:
        assert response.status_code == 200, response.read()
        yield EventSource(response).iter_sse()


def take(events: Iterator[ServerSentEvent], count: int) -> list[ServerSentEvent]:
    """The next events."""
    return [next(events) for _ in range(count)]


def text_of(event: ServerSentEvent) -> str:
    """What a delta carries."""
    return str(json.loads(event.data)["payload"]["delta"])
