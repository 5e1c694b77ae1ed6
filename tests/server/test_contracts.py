"""Contracts of one's own on a real server: one for all sessions, several by the prefix of the session's id."""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from lockstep_bus import ContractTable
from lockstep_events import CONTRACT
from lockstep_server.contracts import served
from lockstep_server.errors import SettingsError
from support.contracts import packaged
from support.server import ServerProcess, lockstep_serve
from support.streams import delta, post, stream, take

TABLE = "acme_served,ops:=ops_served,ops:audit:=audit_served"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three packages with an event of their own each."""
    kinds = {"acme_served": "deployment_requested", "ops_served": "pager_rang", "audit_served": "door_opened"}
    return ":".join(str(packaged(tmp_path_factory.mktemp(name), name, kind)) for name, kind in kinds.items())


@pytest.fixture(scope="module")
def server(path: str) -> Iterator[ServerProcess]:
    with lockstep_serve(env={"PYTHONPATH": path, "LOCKSTEP_CONTRACT": TABLE}) as process:
        yield process


def noted(kind: str) -> dict[str, object]:
    return {"type": kind, "payload": {"text": "hello"}}


def test_the_banner_says_what_is_served(server: ServerProcess) -> None:
    said = "  events  acme_served 0.1.0, ops:audit:=audit_served 0.1.0, ops:=ops_served 0.1.0"
    assert said in server.output.splitlines()


@pytest.mark.parametrize(
    ("session", "own", "foreign", "contract"),
    [
        ("team-1", "deployment_requested", "pager_rang", "acme_served"),
        ("ops:7", "pager_rang", "deployment_requested", "ops_served"),
        ("ops:audit:7", "door_opened", "pager_rang", "audit_served"),
        ("op", "deployment_requested", "door_opened", "acme_served"),
    ],
)
def test_a_session_is_judged_by_its_own_contract(
    client: httpx.Client, session: str, own: str, foreign: str, contract: str
) -> None:
    post(client, session, noted(own), delta("everybody has ours"))
    refused = client.post(f"/events/{session}", json=noted(foreign))
    assert refused.status_code == 422
    assert foreign in refused.json()["detail"]
    with stream(client, session) as events:
        started, first, second = take(events, 3)
    assert json.loads(started.data)["payload"]["contract"] == contract
    assert [first.event, second.event] == [own, "agent_message_delta"]
    assert client.get(f"/events/{session}", params={"types": foreign}).status_code == 400
    schema = client.get("/schema", params={"session": session})
    assert json.loads(started.data)["payload"]["contract_digest"] == schema.headers["etag"].strip('"')
    names = {ref["$ref"].rpartition("/")[2].lower() for ref in schema.json()["oneOf"]}
    assert own.replace("_", "") + "event" in names
    assert foreign.replace("_", "") + "event" not in names
    page = client.get("/docs/events", params={"session": session}).text
    assert f'<article id="{own}">' in page
    assert f'<article id="{foreign}">' not in page


def test_without_a_session_it_is_the_contract_of_the_others(client: httpx.Client) -> None:
    assert "DeploymentRequestedEvent" in client.get("/schema").json()["$defs"]
    assert client.get("/schema", params={"session": "no/session"}).status_code == 400
    metrics = client.get("/metrics").text
    assert all(f'name="{name}"' in metrics for name in ("acme_served", "ops_served", "audit_served"))


def test_a_contract_without_the_events_of_a_stream_is_not_served() -> None:
    bare = replace(CONTRACT, name="bare", event_types=("session_stream_started", "note_added"))
    assert served(ContractTable(CONTRACT))
    with pytest.raises(SettingsError, match=r"'bare' has no event 'session_stream_gap'.*extends = \"lockstep_events\""):
        served(ContractTable(CONTRACT, {"ops:": bare}))
