"""History, sessions, deletion, the contract and the probes, over HTTP."""

import json

import httpx
import pytest
from lockstep_events import CONTRACT, SCHEMA_DIGEST
from support.server import ServerProcess, lockstep_serve
from support.streams import delta, post, stream, take, text_of
from support.valkey import valkey


def test_history_is_read_page_by_page(client: httpx.Client, session: str) -> None:
    post(client, session, *(delta(str(number)) for number in range(25)))
    seen: list[str] = []
    after: str | None = None
    while True:
        query = {"limit": "10"} | ({"after": after} if after else {})
        page = client.get(f"/events/{session}/history", params=query).json()
        seen += [item["event"]["payload"]["delta"] for item in page["events"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [str(number) for number in range(25)]
    assert page["session_id"] == session


def test_history_and_stream_are_the_same_bytes(client: httpx.Client, session: str) -> None:
    post(client, session, delta('ä\u2028 \\ " 💡'))
    with stream(client, session) as events:
        take(events, 1)
        streamed = next(events)
    history = client.get(f"/events/{session}/history")
    assert streamed.data.encode() in history.content
    assert text_of(streamed) == 'ä\u2028 \\ " 💡'


def test_an_unknown_session_has_an_empty_history(client: httpx.Client, session: str) -> None:
    page = client.get(f"/events/{session}/history").json()
    assert (page["events"], page["next"], page["latest"]) == ([], None, None)


@pytest.mark.parametrize(
    ("query", "code"),
    [("limit=0", "invalid_parameter"), ("limit=x", "invalid_parameter"), ("limit=1001", "invalid_parameter"),
     ("limit=9999999999999", "invalid_parameter"), ("after=x", "invalid_cursor")],
)  # fmt: skip
def test_a_wrong_page_is_a_problem(client: httpx.Client, session: str, query: str, code: str) -> None:
    answer = client.get(f"/events/{session}/history?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_sessions_are_listed_with_the_latest_first(client: httpx.Client, session: str) -> None:
    (receipt,) = post(client, session, delta("x"))
    listed = client.get("/sessions").json()["sessions"]
    (found,) = [item for item in listed if item["session_id"] == session]
    assert (found["events"], found["latest"]) == (1, receipt["cursor"])
    assert found["last_activity"] > 1_700_000_000


def test_a_deleted_session_is_gone_and_its_viewers_are_told(client: httpx.Client, session: str) -> None:
    post(client, session, delta("old"))
    with stream(client, session) as events:
        take(events, 2)
        assert client.delete(f"/events/{session}").status_code == 204
        post(client, session, delta("new"))
        gap, event = take(events, 2)
    assert gap.event == "session_stream_gap"
    assert text_of(event) == "new"


def test_there_must_be_something_to_delete(client: httpx.Client, session: str) -> None:
    answer = client.delete(f"/events/{session}")
    assert (answer.status_code, answer.json()["code"]) == (404, "session_unknown")


def test_the_schema_is_served_with_its_digest(client: httpx.Client) -> None:
    answer = client.get("/schema")
    assert answer.content == CONTRACT.schema_bytes()
    assert answer.headers["etag"] == f'"{SCHEMA_DIGEST}"'
    assert client.get("/schema", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_metrics_count_what_happened(client: httpx.Client, session: str) -> None:
    with stream(client, session) as events:
        take(events, 1)
        post(client, session, delta("x"))
        take(events, 1)
        text = client.get("/metrics").text
    assert "lockstep_streams_open 1.0" in text
    assert f'lockstep_contract{{digest="{SCHEMA_DIGEST}"' in text


def test_readiness_follows_redis() -> None:
    with (
        valkey() as redis,
        lockstep_serve(env={"REDIS_URL": redis.url, "LOCKSTEP_PUBLISH_TIMEOUT_SECONDS": "0.5"}) as server,
        httpx.Client(base_url=server.url, timeout=20) as client,
    ):
        assert client.get("/health/ready").status_code == 200
        redis.stop()
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["code"]) == (503, "bus_unavailable")
        assert answer.headers["retry-after"] == "1"
        assert client.get("/health/live").status_code == 200
        refused = client.post("/events/abc", json=delta("x"))
        assert (refused.status_code, refused.json()["code"]) == (503, "bus_unavailable")
        with client.stream("GET", "/events/abc") as response:
            # EventSource gives up for good on any other status; this one it tries again.
            assert response.status_code == 200
            assert b"retry: 2000" in response.read()
        redis.start()
        assert client.get("/health/ready").status_code == 200


def test_an_openapi_document_is_served(server: ServerProcess, client: httpx.Client) -> None:
    paths = json.loads(client.get("/openapi.json").content)["paths"]
    assert {"/events/{session_id}", "/sessions", "/schema"} <= set(paths), server.output
