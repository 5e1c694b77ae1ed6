"""`GET /events/{session}?protocol=ag-ui`: what anybody published natively, as AG-UI; and agents of `lockstep serve`."""

import asyncio
import json
import signal
import threading
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest
from lockstep_bus import connect
from lockstep_events import EventDispatcher, RunDispatcher
from support.ag_ui_judges import Viewer
from support.server import ServerProcess, lockstep_serve
from support.valkey import ValkeyServer, valkey

Sent = list[tuple[str, dict[str, object]]]
UPSTREAM = "http://127.0.0.1:9/agui"


@pytest.fixture(scope="module")
def store() -> Iterator[ValkeyServer]:
    with valkey() as server:
        yield server


@pytest.fixture(scope="module")
def server(store: ValkeyServer) -> Iterator[ServerProcess]:
    environment = {"REDIS_URL": store.url, "LOCKSTEP_AGENTS": f"away={UPSTREAM}"}
    with lockstep_serve(env=environment) as started:
        yield started


@pytest.fixture
def session() -> str:
    return f"thread-{uuid.uuid4().hex[:8]}"


async def first_half(run: RunDispatcher) -> None:
    await run.run_started()
    await run.agent_message_started(message_id="m1", role="assistant")
    await run.agent_message_delta(message_id="m1", delta="Looking. ")


async def second_half(run: RunDispatcher) -> None:
    await run.agent_message_delta(message_id="m1", delta="Done.")
    await run.agent_message_completed(message_id="m1")
    await run.tool_call_started(tool_call_id="c1", tool_name="look", args={"where": "here"})
    await run.tool_call_args_completed(tool_call_id="c1")
    await run.tool_call_result(tool_call_id="c1", message_id="m2", content="nothing")
    await run.run_completed()


async def publish(url: str, session: str, *halves: int, run_id: str = "run-1") -> None:
    async with connect(url) as bus:
        run = EventDispatcher(bus).session(session, agent="scout", run_id=run_id)
        for half in halves:
            await (first_half, second_half)[half](run)


def read(server: ServerProcess, path: str, *, after: str = "", most: int = 1000) -> Sent:
    headers = {"last-event-id": after} if after else {}
    sent: Sent = []
    id = ""
    with (
        httpx.Client(base_url=server.url, timeout=20) as client,
        client.stream("GET", f"/events/{path}", headers=headers) as response,
    ):
        assert response.status_code == 200, response.read()
        for line in response.iter_lines():
            if line.startswith("id: "):
                id = line[4:]
            elif line.startswith("data: "):
                sent.append((id, json.loads(line[6:])))
                if len(sent) == most:
                    break
    return sent


def test_a_native_run_is_legal_ag_ui(store: ValkeyServer, server: ServerProcess, session: str, viewer: Viewer) -> None:
    asyncio.run(publish(store.url, session, 0, 1))
    sent = read(server, f"{session}?protocol=ag-ui&run_id=run-1")
    assert [frame["type"] for _, frame in sent][:3] == ["RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT"]
    assert sent[-1][1]["type"] == "RUN_FINISHED"
    seen = viewer.see([frame for _, frame in sent])
    assert seen["error"] is None
    assert [message.get("content") for message in seen["messages"]][::2] == ["Looking. Done.", "nothing"]
    for place, (id, _) in enumerate(sent[:-1], 1):
        assert read(server, f"{session}?protocol=ag-ui&run_id=run-1", after=id) == sent[place:]


def test_a_viewer_joins_what_is_on(store: ValkeyServer, server: ServerProcess, session: str, viewer: Viewer) -> None:
    asyncio.run(publish(store.url, session, 0))
    found: list[Sent] = []
    watching = threading.Thread(target=lambda: found.append(read(server, f"{session}?protocol=ag-ui")))
    watching.start()
    time.sleep(0.5)  # either way it sees all: this makes it likely that it sees the second half live
    asyncio.run(publish(store.url, session, 1))
    watching.join(20)
    seen = viewer.see([frame for _, frame in found[0]])
    assert seen["error"] is None
    assert seen["messages"][0]["content"] == "Looking. Done."


def test_what_it_refuses(server: ServerProcess, session: str) -> None:
    for query, code in (
        ("protocol=soap", "invalid_parameter"),
        ("protocol=ag-ui&profile=2", "invalid_parameter"),
        ("protocol=ag-ui&last_event_id=yesterday", "invalid_cursor"),
    ):
        answer = httpx.get(f"{server.url}/events/{session}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_wrong_place_is_named_where_it_was_given(server: ServerProcess, session: str) -> None:
    path = f"{server.url}/events/{session}?protocol=ag-ui"
    for answer, part, name in (
        (httpx.get(f"{path}&last_event_id=yesterday"), "query", "last_event_id"),
        (httpx.get(path, headers={"last-event-id": "yesterday"}), "header", "Last-Event-ID"),
    ):
        (flaw,) = answer.json()["errors"]
        assert (flaw["in"], flaw["pointer"]) == (part, name)


def test_agents_of_the_environment_are_served(server: ServerProcess, session: str) -> None:
    assert httpx.get(f"{server.url}/ag-ui").json() == {"agents": ["away"]}
    known: dict[str, object] = {
        "threadId": session,
        "runId": "r1",
        "messages": [],
        "state": {},
        "tools": [],
        "context": [],
    }
    answer = httpx.post(f"{server.url}/ag-ui/away", json={**known, "forwardedProps": {}}, timeout=20)
    last = json.loads(answer.text.strip().rpartition("data: ")[2])
    assert (last["type"], last["code"]) == ("RUN_ERROR", "UPSTREAM_FAILED")


def test_a_stopping_server_ends_the_streams(store: ValkeyServer, session: str) -> None:
    with lockstep_serve(env={"REDIS_URL": store.url}) as server:
        assert httpx.get(f"{server.url}/ag-ui").status_code == 404, "not mounted unless there are agents"
        asyncio.run(publish(store.url, session, 0))
        connection = server.connect(f"/events/{session}?protocol=ag-ui")
        received = b""
        while b"Looking" not in received:
            received += connection.recv(4096)
        assert server.stop(signal.SIGTERM, timeout=10) == 0
        connection.close()
