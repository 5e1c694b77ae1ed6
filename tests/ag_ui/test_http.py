"""AG-UI over HTTP, on real servers that share one Valkey."""

import json
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from lockstep_integrations.ag_ui.values import same
from support.ag_ui_judges import Viewer
from support.server import ServerProcess, eventually, running
from support.valkey import ValkeyServer, valkey

TESTS = Path(__file__).parents[1]
Sent = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def store() -> Iterator[ValkeyServer]:
    with valkey() as server:
        yield server


def serve(store: ValkeyServer, **env: str) -> Any:
    given = {"REDIS_URL": store.url, "PYTHONPATH": str(TESTS), "LOCKSTEP_STREAM_HEARTBEAT_SECONDS": "1", **env}
    return running("uvicorn", "support.ag_ui_app:app", "--port", "0", env=given)


@pytest.fixture(scope="module")
def first(store: ValkeyServer) -> Iterator[ServerProcess]:
    with serve(store) as server:
        yield server


@pytest.fixture(scope="module")
def second(store: ValkeyServer, first: ServerProcess) -> Iterator[ServerProcess]:
    with serve(store, UPSTREAM=first.url) as server:
        yield server


def body(run_id: str = "r1", thread_id: str | None = None, **wish: Any) -> dict[str, Any]:
    message = {"id": f"{run_id}-u", "role": "user", "content": "talk"}
    known = {"threadId": thread_id or f"t-{uuid.uuid4().hex[:10]}", "runId": run_id, "protocolVersion": "1.0"}
    return {**known, "messages": [message], "state": {}, "tools": [], "context": [], "forwardedProps": wish}


def read(response: httpx.Response, most: int = 10_000) -> Sent:
    """The frames of an answer, at most so many; the socket is then dropped."""
    sent: Sent = []
    id = ""
    for line in response.iter_lines():
        assert "\r" not in line
        if line.startswith("id: "):
            id = line[4:]
        elif line.startswith("data: "):
            sent.append((id, json.loads(line[6:])))
            if len(sent) == most:
                break
        else:
            assert line in ("", ":")
    return sent


def post(
    server: ServerProcess, given: Any, *, agent: str = "talk", most: int = 10_000, after: str = "", query: str = ""
) -> Sent:
    headers = {"last-event-id": after} if after else {}
    url = f"{server.url}/ag-ui/{agent}{query}"
    with httpx.Client(timeout=30) as client, client.stream("POST", url, json=given, headers=headers) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        return read(response, most)


def join(server: ServerProcess, thread_id: str, *, most: int = 10_000, after: str = "", query: str = "") -> Sent:
    headers = {"last-event-id": after} if after else {}
    url = f"{server.url}/ag-ui/talk/{thread_id}{query}"
    with httpx.Client(timeout=30) as client, client.stream("GET", url, headers=headers) as response:
        assert response.status_code == 200, response.read()
        return read(response, most)


def refused(server: ServerProcess, given: Any, agent: str = "talk") -> tuple[int, str, str]:
    answer = httpx.post(f"{server.url}/ag-ui/{agent}", json=given)
    document = answer.json()
    return answer.status_code, document["code"], document["detail"]


def types(sent: Sent) -> list[str]:
    return [frame["type"] for _, frame in sent]


def test_a_run_from_its_start_to_its_end(first: ServerProcess, viewer: Viewer) -> None:
    given = body()
    sent = post(first, given)
    assert types(sent)[0] == "RUN_STARTED"
    assert types(sent)[-1] == "RUN_FINISHED"
    assert sent[0][1]["protocolVersion"] == "1.0"
    assert same(sent[0][1]["input"], given)
    assert len({id for id, _ in sent}) == len(sent)
    seen = viewer.see([frame for _, frame in sent], messages=given["messages"])
    assert seen["error"] is None
    assert seen["messages"][1]["content"] == "word0 word1 word2 word3 word4 "
    assert seen["state"] == {"runs": ["r1", "more"]}


def test_a_run_goes_on_without_its_viewer_and_others_join(
    first: ServerProcess, second: ServerProcess, viewer: Viewer
) -> None:
    given = body(words=40, pause=0.03)
    post(first, given, most=6)  # the only viewer leaves
    joined = join(second, given["threadId"])
    again = post(second, given)
    assert types(joined)[:2] == ["RUN_STARTED", "MESSAGES_SNAPSHOT"]
    assert types(joined)[-1] == types(again)[-1] == "RUN_FINISHED"
    one = viewer.see([frame for _, frame in joined])
    other = viewer.see([frame for _, frame in again])
    assert one["error"] is None
    assert other["error"] is None
    assert same(one["messages"], other["messages"])
    assert same(one["state"], other["state"])
    assert one["messages"][1]["content"].endswith("word39 ")


def test_a_run_is_started_once(first: ServerProcess, second: ServerProcess) -> None:
    given = body(words=20)
    assert post(first, given, most=3) == post(second, given)[:3]
    runs = httpx.get(f"{first.url}/starts").json() + httpx.get(f"{second.url}/starts").json()
    assert runs.count("r1") == len([run for run in runs if run == "r1"])
    assert len(post(second, given)) > 3
    assert httpx.get(f"{first.url}/starts").json() + httpx.get(f"{second.url}/starts").json() == runs


def test_resuming_at_every_frame_gives_the_rest(first: ServerProcess, second: ServerProcess) -> None:
    given = body()
    whole = post(first, given)
    for number, (id, _) in enumerate(whole[:-1], 1):
        assert post(second, given, after=id) == whole[number:]
        assert join(second, given["threadId"], after=id, query="?run_id=r1") == whole[number:]
    assert post(second, given, after=whole[-1][0]) == []


def test_an_opening_that_was_cut_is_resumed(first: ServerProcess, second: ServerProcess) -> None:
    given = body(words=60, pause=0.05)
    post(first, given, most=5)
    opening = join(second, given["threadId"], most=3)
    assert all(".0" in id.removeprefix(id.split(".")[0]) for id, _ in opening)
    rest = join(second, given["threadId"], after=opening[-1][0], query="?run_id=r1")
    assert "RUN_STARTED" not in types(rest)
    assert types(rest)[-1] == "RUN_FINISHED"


def test_the_second_run_of_a_thread(first: ServerProcess, second: ServerProcess, viewer: Viewer) -> None:
    given = body()
    post(first, given)
    sent = post(second, body("r2", given["threadId"]))
    assert types(sent)[0] == "RUN_STARTED"
    joined = viewer.see([frame for _, frame in join(first, given["threadId"])])
    assert joined["error"] is None
    assert [message["id"] for message in joined["messages"]] == ["r1-u", "r1-m", "r1-r", "r2-u", "r2-m", "r2-r"]


def test_another_body_and_a_second_live_run_are_conflicts(first: ServerProcess, second: ServerProcess) -> None:
    given = body(words=60, pause=0.05)
    post(first, given, most=2)
    assert refused(second, {**given, "state": {"other": 1}})[:2] == (409, "run_conflict")
    assert refused(second, body("r2", given["threadId"]))[:2] == (409, "thread_busy")


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same server", "another server"])
def test_a_run_is_cancelled(elsewhere: bool, first: ServerProcess, second: ServerProcess) -> None:
    given = body(words=1000, pause=0.05)
    post(first, given, most=4)
    server = second if elsewhere else first
    answer = httpx.post(f"{server.url}/ag-ui/talk/{given['threadId']}/r1/cancel")
    assert answer.status_code == 202
    sent = post(second, given)
    assert sent[-1][1]["type"] == "RUN_FINISHED"
    assert sent[-1][1]["outcome"] == {"type": "cancelled"}
    assert post(first, body("r2", given["threadId"]))[-1][1]["type"] == "RUN_FINISHED"


def test_an_agent_that_fails_fails_its_run(first: ServerProcess) -> None:
    sent = post(first, body(fail=True))
    assert sent[-1][1] == {"type": "RUN_ERROR", "message": "the model is away", "code": "AGENT_FAILED"}


@pytest.mark.parametrize(
    ("agent", "code"),
    [("html", "UPSTREAM_FAILED"), ("500", "UPSTREAM_FAILED"), ("cut", "INCOMPLETE_STREAM"), ("crlf", None)],
)
def test_upstreams_that_misbehave_end_cleanly(agent: str, code: str | None, second: ServerProcess) -> None:
    sent = post(second, body(), agent=agent)
    last = sent[-1][1]
    assert last["type"] == ("RUN_FINISHED" if code is None else "RUN_ERROR")
    assert last.get("code") == code
    assert sent[0][1]["runId"] == "r1"


def test_an_upstream_that_is_not_there(first: ServerProcess) -> None:
    assert post(first, body(), agent="gone")[-1][1]["code"] == "UPSTREAM_FAILED"


def test_a_worker_that_is_killed_is_found_out(store: ValkeyServer, first: ServerProcess) -> None:
    given = body(words=1000, pause=0.05)
    with serve(store) as doomed:
        post(doomed, given, most=4)
        doomed.stop(signal.SIGKILL)
    sent = post(first, given)
    assert sent[-1][1]["type"] == "RUN_ERROR"
    assert sent[-1][1]["code"] == "RUN_ABANDONED"
    assert post(first, body("r2", given["threadId"]))[-1][1]["type"] == "RUN_FINISHED"


def test_a_server_that_stops_says_so(store: ValkeyServer, first: ServerProcess) -> None:
    given = body(words=1000, pause=0.05)
    with serve(store) as leaving:
        post(leaving, given, most=4)
        leaving.stop()
    assert post(first, given)[-1][1]["code"] == "SERVER_STOPPED"


def test_an_older_client_gets_what_it_knows(first: ServerProcess, viewer: Viewer) -> None:
    given = body()
    del given["protocolVersion"]
    sent = post(first, given)
    assert "protocolVersion" not in sent[0][1]
    assert viewer.see([frame for _, frame in sent], client="0.0")["error"] is None
    assert "protocolVersion" in post(first, given, query="?profile=1.0")[0][1]


def test_a_thread_outlives_its_log(viewer: Viewer) -> None:
    """A server that keeps ten events still knows what was said in the three hundred before."""
    with valkey() as small, serve(small, LOCKSTEP_RETENTION_EVENTS="10") as server:
        given = body(words=300, pause=0)
        post(server, given)
        post(server, body("r2", given["threadId"], words=300, pause=0))
        # Whoever is too slow for such a log is told so, and sees all of it when he comes again.
        eventually(lambda: join(server, given["threadId"])[-1][1]["type"] == "RUN_FINISHED")
        seen = viewer.see([frame for _, frame in join(server, given["threadId"])])
        assert seen["error"] is None
        assert [message["id"] for message in seen["messages"]] == ["r1-u", "r1-m", "r1-r", "r2-u", "r2-m", "r2-r"]
        assert seen["messages"][1]["content"].startswith("word0 word1 ")
        assert seen["messages"][4]["content"].endswith("word299 ")


def test_what_is_no_input_is_refused_by_name(first: ServerProcess) -> None:
    assert refused(first, {"threadId": "t", "runId": "r"}) == (
        *(422, "invalid_run_input"),
        'invalid RunAgentInput: /messages: "messages" is missing; expected an array',
    )
    assert refused(first, body() | {"resume": None})[:2] == (422, "invalid_run_input")
    assert refused(first, [])[:2] == (422, "invalid_run_input")
    assert refused(first, body(), agent="nobody")[:2] == (404, "agent_unknown")
    assert httpx.post(f"{first.url}/ag-ui/talk", content=b"{").json()["code"] == "invalid_json"
    assert httpx.get(f"{first.url}/ag-ui/talk/nowhere").json()["code"] == "thread_unknown"
    assert httpx.post(f"{first.url}/ag-ui/talk/nowhere/r/cancel").json()["code"] == "run_unknown"
    given = body()
    post(first, given)
    for query in ("?profile=2.0", "?last_event_id=x"):
        assert httpx.get(f"{first.url}/ag-ui/talk/{given['threadId']}{query}").status_code == 400
    assert httpx.get(f"{first.url}/ag-ui/talk/{given['threadId']}?run_id=r9").json()["code"] == "run_unknown"


def test_threads_may_be_called_anything(first: ServerProcess) -> None:
    given = body(thread_id="a/b c?ü")
    assert post(first, given)[0][1]["threadId"] == "a/b c?ü"
    assert join(first, "a%2Fb%20c%3F%C3%BC")[-1][1]["type"] == "RUN_FINISHED"
