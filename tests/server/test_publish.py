"""`POST /events/{session_id}`: all of it is published, or a problem names what is wrong and nothing is."""

import json
import uuid
from collections.abc import Iterator

import httpx
import pytest
from support.server import ServerProcess
from support.streams import delta, post

EVENT_ID = "019aa5b0-0000-7000-8000-000000000001"


def latest(client: httpx.Client, session: str) -> object:
    return client.get(f"/events/{session}/history").json()["latest"]


def test_what_is_missing_is_stamped(client: httpx.Client, session: str) -> None:
    (receipt,) = post(client, session, delta("hello"))
    (item,) = client.get(f"/events/{session}/history").json()["events"]
    assert item["cursor"] == receipt["cursor"]
    event = item["event"]
    assert event["event_id"] == receipt["event_id"]
    assert uuid.UUID(event["event_id"]).version == 7
    assert event["session_id"] == session
    assert event["timestamp"].endswith("Z")


def test_the_same_event_twice_is_one(client: httpx.Client, session: str) -> None:
    first, second = (post(client, session, delta("hello", event_id=EVENT_ID))[0] for _ in range(2))
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert first["cursor"] == second["cursor"]
    assert len(client.get(f"/events/{session}/history").json()["events"]) == 1


def test_a_batch_is_published_in_order(client: httpx.Client, session: str) -> None:
    receipts = post(client, session, *(delta(str(number)) for number in range(300)))
    assert [int(receipt["cursor"].split(".")[1]) for receipt in receipts] == list(range(1, 301))


def test_lines_are_a_batch_for_a_client_that_names_no_type(client: httpx.Client, session: str) -> None:
    body = json.dumps(delta("1")) + "\n\n" + json.dumps(delta("2")) + "\r\n"
    answer = client.post(f"/events/{session}", content=body)
    assert len(answer.json()["receipts"]) == 2


def test_a_document_may_have_lines(client: httpx.Client, session: str) -> None:
    answer = client.post(f"/events/{session}", content=json.dumps(delta("1"), indent=2))
    assert len(answer.json()["receipts"]) == 1


def wire(
    payload: str = '{"message_id":"m","delta":"x"}', *, kind: str = '"agent_message_delta"', more: str = ""
) -> bytes:
    """An event as text, so that every mistake can be written down."""
    return f'{{"type":{kind},{more}"payload":{payload}}}'.encode()


def custom(value: str) -> bytes:
    return wire(f'{{"name":"x","value":{value}}}', kind='"custom_emitted"')


GAP = wire('{"reason":"trimmed","resumes_at":"e.1"}', kind='"session_stream_gap"')
LARGE = wire(f'{{"message_id":"m","delta":"{"x" * 2_000_000}"}}')

BAD: dict[str, tuple[bytes, int, str, str]] = {
    "no body": (b"", 400, "invalid_json", ""),
    "bad JSON": (b'{"type": "agent_message_delta",}', 400, "invalid_json", ""),
    "not a number": (custom("NaN"), 400, "invalid_json", ""),
    "endless integer": (custom("9" * 5000), 400, "invalid_json", ""),
    "endless float": (custom("1e999"), 422, "invalid_event", "/payload/value"),
    "two values": (b"{} {}", 400, "invalid_json", ""),
    "invalid UTF-8": (b'{"type":"\xff"}', 400, "invalid_encoding", ""),
    "not an object": (b"[1,2]", 422, "invalid_event", ""),
    "no type": (b'{"payload":{}}', 422, "invalid_event", "/type"),
    "unknown type": (wire(kind='"agent_message_delt"'), 422, "invalid_event", "/type"),
    "type of a type": (wire(kind='["agent_message_delta"]'), 422, "invalid_event", "/type"),
    "wrong payload": (wire('{"message_id":1,"delta":"x"}'), 422, "invalid_event", "/payload/message_id"),
    "missing field": (wire('{"delta":"x"}'), 422, "invalid_event", "/payload/message_id"),
    "extra field": (wire('{"message_id":"m","delta":"x","hue":1}'), 422, "invalid_event", "/payload/hue"),
    "foreign session": (wire(more='"session_id":"other",'), 422, "session_mismatch", "/session_id"),
    "session of a wrong type": (wire(more='"session_id":7,'), 422, "invalid_event", "/session_id"),
    "bad event id": (wire(more='"event_id":"1",'), 422, "invalid_event", "/event_id"),
    "null event id": (wire(more='"event_id":null,'), 422, "invalid_event", "/event_id"),
    "bad timestamp": (wire(more='"timestamp":"now",'), 422, "invalid_event", "/timestamp"),
    "made by the server": (GAP, 422, "server_event", "/type"),
    "lone surrogate": (wire('{"message_id":"m","delta":"\\ud800"}'), 422, "invalid_event", ""),
    "too deep": (custom("[" * 70 + "]" * 70), 422, "invalid_event", ""),
    "far too deep": (custom("[" * 100_000 + "]" * 100_000), 400, "invalid_json", ""),
    "too large": (LARGE, 413, "body_too_large", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_gets_a_problem_and_publishes_nothing(client: httpx.Client, session: str, case: str) -> None:
    body, status, code, pointer = BAD[case]
    answer = client.post(f"/events/{session}", content=body, headers={"Content-Type": "application/json"})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["status"]) == (status, code, status), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:agui-lockstep:problem:{code}"
    assert problem["detail"]
    if pointer:
        assert pointer in [flaw["pointer"] for flaw in problem["errors"]]
    assert latest(client, session) is None


def test_bad_json_is_placed(client: httpx.Client, session: str) -> None:
    answer = client.post(
        f"/events/{session}", content=b'{\n "type": oops}', headers={"Content-Type": "application/json"}
    )
    assert "2:10" in answer.json()["detail"]


def test_one_bad_line_stops_the_whole_batch(client: httpx.Client, session: str) -> None:
    lines = [json.dumps(delta(str(number))) for number in range(20)]
    lines[12] = '{"type":"agent_message_delta","payload":{"message_id":"m"}}'
    answer = client.post(
        f"/events/{session}", content="\n".join(lines), headers={"Content-Type": "application/x-ndjson"}
    )
    (flaw,) = answer.json()["errors"]
    assert (answer.status_code, flaw["line"], flaw["pointer"]) == (422, 13, "/payload/delta")
    assert latest(client, session) is None


@pytest.mark.parametrize("session", ["a%0D%0Ab", "%0a", "..%2e", "-x", "a" * 200, "%FF"])
def test_a_hostile_session_id_is_a_problem(client: httpx.Client, session: str) -> None:
    answer = client.post(f"/events/{session}", json=delta("x"))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_session_id")


def endless() -> Iterator[bytes]:
    yield b'{"type":"agent_message_delta","payload":{"message_id":"m","delta":"'
    for _ in range(10_000):
        yield b"x" * 65_536


def test_a_body_without_end_is_not_read_to_its_end(client: httpx.Client, session: str) -> None:
    try:
        answer = client.post(f"/events/{session}", content=endless())
    except httpx.TransportError:
        return  # the server closed while we were still sending, which is as good
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_megabyte_in_one_payload_goes_through(client: httpx.Client, session: str) -> None:
    text = "x" * 1_000_000
    post(client, session, delta(text))
    assert client.get(f"/events/{session}/history").json()["events"][0]["event"]["payload"]["delta"] == text


def test_a_page_of_another_site_must_ask_first(client: httpx.Client, session: str) -> None:
    """A form or plain text needs no preflight, so it is refused when a page sends it."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        headers = {"Origin": "http://evil.example"} | ({"Content-Type": kind} if kind else {})
        answer = client.post(f"/events/{session}", content=json.dumps(delta("x")), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert latest(client, session) is None


def test_a_compressed_body_is_refused(client: httpx.Client, session: str) -> None:
    answer = client.post(f"/events/{session}", content=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_refusals_are_counted(server: ServerProcess, client: httpx.Client, session: str) -> None:
    client.post(f"/events/{session}", content=b"nonsense")
    metrics = client.get("/metrics").text
    assert 'lockstep_publish_refused_total{code="invalid_json"}' in metrics, server.output
