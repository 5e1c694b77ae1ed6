"""Publishing by POST: repeated until stored, refused in words, never doubled by the repetition."""

import json
from collections.abc import Callable

import httpx
import pytest
from lockstep_bus import BusSettingsError, BusUnavailableError, EventRejectedError, HttpPublisher
from support.events import Note, NoteContract

Answer = Callable[[httpx.Request], httpx.Response]


def publisher(answer: Answer, *, timeout_seconds: float = 5.0) -> HttpPublisher:
    return HttpPublisher(
        "http://bus",
        token="t0ken",
        contract=NoteContract(),
        timeout_seconds=timeout_seconds,
        transport=httpx.MockTransport(answer),
    )


def stored(request: httpx.Request) -> httpx.Response:
    event_id = json.loads(request.content)["event_id"]
    return httpx.Response(200, json={"receipts": [{"event_id": event_id, "cursor": "e.7", "duplicate": False}]})


async def test_an_event_is_posted_to_its_session() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return stored(request)

    async with publisher(answer) as posting:
        note = Note("abc", 5)
        receipt = await posting.publish(note)
    assert (receipt.event_id, receipt.cursor, receipt.duplicate) == (note.event_id, "e.7", False)
    assert requests[0].url == "http://bus/events/abc"
    assert requests[0].headers["authorization"] == "Bearer t0ken"
    assert json.loads(requests[0].content)["payload"]["number"] == 5


async def test_it_is_repeated_with_the_same_id_until_stored() -> None:
    ids: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        ids.append(json.loads(request.content)["event_id"])
        if len(ids) == 1:
            raise httpx.ConnectError("no route")
        if len(ids) == 2:
            return httpx.Response(503, json={"detail": "draining"})
        return stored(request)

    async with publisher(answer) as posting:
        assert (await posting.publish(Note("abc"))).cursor == "e.7"
    assert len(ids) == 3
    assert len(set(ids)) == 1


async def test_a_refusal_is_final_and_says_why() -> None:
    async with publisher(lambda _: httpx.Response(422, json={"detail": "/payload/number: too odd"})) as posting:
        with pytest.raises(EventRejectedError, match="too odd"):
            await posting.publish(Note("abc"))


async def test_time_runs_out_with_the_last_cause() -> None:
    async with publisher(lambda _: httpx.Response(503, text="?"), timeout_seconds=0.3) as posting:
        with pytest.raises(BusUnavailableError, match="HTTP 503"):
            await posting.publish(Note("abc"))
    with pytest.raises(BusSettingsError, match="'bus:80'"):
        HttpPublisher("bus:80", contract=NoteContract())
