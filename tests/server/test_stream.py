"""`GET /events/{session_id}`: what a viewer gets, from where, and what it is told when it asks wrongly."""

import json
import time

import httpx
import pytest
from lockstep_events import SCHEMA_DIGEST, SCHEMA_VERSION
from support.server import ServerProcess, read_until
from support.streams import delta, post, stream, take, text_of


def test_the_first_event_says_where_the_stream_stands(client: httpx.Client, session: str) -> None:
    with stream(client, session) as events:
        (first,) = take(events, 1)
    assert first.event == "session_stream_started"
    document = json.loads(first.data)
    payload = document["payload"]
    assert payload["message"] == "SSE connection established"
    assert payload["cursor"] == first.id
    assert payload["contract_version"] == SCHEMA_VERSION
    assert payload["contract_digest"] == SCHEMA_DIGEST
    assert document["session_id"] == session
    assert first.retry == 2000


def test_the_bytes_are_those_of_the_brief(server: ServerProcess, session: str) -> None:
    with server.connect(f"/events/{session}") as connection:
        received = read_until(connection, b"\n\n")
    head, _, body = received.partition(b"\r\n\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[1:])}
    assert fields[b"content-type"] == b"text/event-stream"
    assert fields[b"cache-control"] == b"no-cache, no-transform"
    assert fields[b"x-accel-buffering"] == b"no"
    assert b"content-length" not in fields
    lines = body.split(b"\r\n", 1)[1].split(b"\n")
    assert [line.partition(b": ")[0] for line in lines[:4]] == [b"id", b"event", b"data", b"retry"]
    assert lines[2].startswith(b'data: {"event_id":"')


def test_an_event_arrives_at_once(client: httpx.Client, session: str) -> None:
    with stream(client, session) as events:
        take(events, 1)
        (receipt,) = post(client, session, delta("hello"))
        (event,) = take(events, 1)
    assert (event.event, event.id, text_of(event)) == ("agent_message_delta", receipt["cursor"], "hello")


def test_a_new_viewer_starts_at_the_earliest_event(client: httpx.Client, session: str) -> None:
    post(client, session, *(delta(str(number)) for number in range(5)))
    with stream(client, session) as events:
        take(events, 1)
        assert [text_of(event) for event in take(events, 5)] == ["0", "1", "2", "3", "4"]


def test_from_now_is_live_only(client: httpx.Client, session: str) -> None:
    post(client, session, delta("old"))
    with stream(client, session, **{"from": "now"}) as events:
        take(events, 1)
        post(client, session, delta("new"))
        assert text_of(next(events)) == "new"


@pytest.mark.parametrize("by_header", [True, False])
def test_a_viewer_resumes_after_its_cursor(client: httpx.Client, session: str, *, by_header: bool) -> None:
    receipts = post(client, session, *(delta(str(number)) for number in range(5)))
    cursor = receipts[2]["cursor"]
    where = {"after": cursor} if by_header else {"last_event_id": cursor}
    with stream(client, session, **where) as events:
        started = json.loads(next(events).data)["payload"]
        assert (started["recovered"], started["cursor"]) == (True, cursor)
        assert [text_of(event) for event in take(events, 2)] == ["3", "4"]


def test_the_header_wins_over_the_query(client: httpx.Client, session: str) -> None:
    receipts = post(client, session, *(delta(str(number)) for number in range(3)))
    with stream(client, session, after=receipts[1]["cursor"], last_event_id=receipts[0]["cursor"]) as events:
        take(events, 1)
        assert text_of(next(events)) == "2"


def test_a_viewer_that_got_nothing_yet_has_a_cursor(client: httpx.Client, session: str) -> None:
    """Without an id on the first event, what is published during the reconnect would be lost with ?from=now."""
    with stream(client, session, **{"from": "now"}) as events:
        cursor = next(events).id
    post(client, session, delta("meanwhile"))
    with stream(client, session, after=cursor, **{"from": "now"}) as events:
        take(events, 1)
        assert text_of(next(events)) == "meanwhile"


def test_another_sessions_cursor_is_announced_and_reads_nothing_of_it(client: httpx.Client, session: str) -> None:
    foreign = post(client, f"{session}-other", delta("secret"), delta("secret"))[0]["cursor"]
    post(client, session, delta("own"))
    with stream(client, session, after=foreign) as events:
        started, gap, event = take(events, 3)
    assert json.loads(started.data)["payload"]["recovered"] is False
    assert gap.event == "session_stream_gap"
    assert json.loads(gap.data)["payload"]["after"] == foreign
    assert text_of(event) == "own"


def test_types_filters_and_the_cursor_still_moves(server: ServerProcess, client: httpx.Client, session: str) -> None:
    with server.connect(f"/events/{session}?types=error_occurred") as connection:
        read_until(connection, b"retry: 2000\n\n")
        last = post(client, session, delta("1"), delta("2"))[-1]["cursor"]
        quiet = read_until(connection, f"id: {last}\n\n".encode())
        assert b"agent_message_delta" not in quiet
        wanted = {"type": "error_occurred", "payload": {"message": "disk full"}}
        cursor = post(client, session, wanted)[0]["cursor"]
        assert b"disk full" in read_until(
            connection, f"id: {cursor}\nevent: error_occurred\n".encode() + b"data: "
        ) + connection.recv(65536)


def test_a_silent_stream_beats(server: ServerProcess, session: str) -> None:
    with server.connect(f"/events/{session}") as connection:
        read_until(connection, b"retry: 2000\n\n")
        assert read_until(connection, b":\n", timeout=5).count(b"data:") == 0


def test_a_replay_is_coalesced(server: ServerProcess, client: httpx.Client, session: str) -> None:
    post(client, session, *(delta(str(number)) for number in range(400)))
    with server.connect(f"/events/{session}") as connection:
        time.sleep(0.2)
        received = read_until(connection, b'"delta":"399"')
    chunks = received.count(b"\r\n") - received.split(b"\r\n\r\n")[0].count(b"\r\n")
    assert chunks < 20, "400 events are a few writes, not 400"


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("a%0D%0Aid:%20forged", {}, 400, "invalid_session_id"),
        ("%00", {}, 400, "invalid_session_id"),
        ("{x}", {}, 400, "invalid_session_id"),
        ("*", {}, 400, "invalid_session_id"),
        ("%D0%B0bc", {}, 400, "invalid_session_id"),
        ("a" * 129, {}, 400, "invalid_session_id"),
        ("ok", {"Accept": "application/json"}, 406, "not_acceptable"),
        ("ok", {"Accept": "text/event-stream;q=0"}, 406, "not_acceptable"),
        ("ok", {"Last-Event-ID": "nonsense"}, 400, "invalid_cursor"),
        ("ok", {"Last-Event-ID": "e.-1"}, 400, "invalid_cursor"),
        ("ok", {"Last-Event-ID": "e.99999999999999999999"}, 400, "invalid_cursor"),
        ("ok", {"Last-Event-ID": "x" * 20_000}, 400, "invalid_cursor"),
        ("ok?last_event_id=a.b", {}, 400, "invalid_cursor"),
        ("ok?from=yesterday", {}, 400, "invalid_parameter"),
        ("ok?types=no_such_type", {}, 400, "invalid_parameter"),
    ],
)  # fmt: skip
def test_a_wrong_question_gets_a_problem(
    client: httpx.Client, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.get(f"/events/{path}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code


def test_a_cursor_that_is_not_text_is_a_problem(server: ServerProcess, session: str) -> None:
    with server.connect(f"/events/{session}", headers="Last-Event-ID: \xff\xfe\r\n") as connection:
        assert b"invalid_cursor" in read_until(connection, b"invalid_cursor")


@pytest.mark.parametrize("accept", ["text/event-stream", "*/*", "text/*", "text/html, text/event-stream;q=0.5"])
def test_what_accepts_a_stream_gets_one(client: httpx.Client, session: str, accept: str) -> None:
    with client.stream("GET", f"/events/{session}", headers={"Accept": accept}) as response:
        assert response.status_code == 200


def test_head_and_options_open_no_stream(client: httpx.Client, session: str) -> None:
    head = client.head(f"/events/{session}")
    assert (head.status_code, head.headers["content-type"]) == (200, "text/event-stream")
    options = client.options(f"/events/{session}")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, POST, DELETE, OPTIONS")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_other_methods_are_named(client: httpx.Client, session: str, method: str) -> None:
    answer = client.request(method, f"/events/{session}")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST, DELETE, OPTIONS"
