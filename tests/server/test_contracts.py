"""Contracts of one's own on a real server: one for all sessions, several by the prefix of the session's id."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from lockstep_bus import ContractTable
from lockstep_events import CONTRACT
from lockstep_server.contracts import served
from lockstep_server.errors import SettingsError
from support.extension import Teams, teams
from support.server import ServerProcess, lockstep_serve
from support.streams import delta, post, stream, take

TABLE = "acme_events,ops:=ops_events,ops:plain:=lockstep_events"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teams:
    """A contract that extends ours, and one that extends that."""
    both = teams(tmp_path_factory.mktemp("teams"))
    both.generate()
    return both


@pytest.fixture(scope="module")
def server(made: Teams) -> Iterator[ServerProcess]:
    with lockstep_serve(env={"PYTHONPATH": made.path, "LOCKSTEP_CONTRACT": TABLE}) as process:
        yield process


def example(made: Teams, kind: str) -> dict[str, Any]:
    """A random event of a type that `ops` knows, as a client posts it."""
    done = made.lockstep("ops", "examples", "--random", "1", "--seed", "7", "--type", kind)
    event: dict[str, Any] = json.loads(done.stdout)
    return {name: event[name] for name in ("type", "payload", "run_id") if name in event}


def test_the_banner_says_what_is_served(server: ServerProcess) -> None:
    (line,) = [line for line in server.output.splitlines() if line.startswith("  events  ")]
    names = [re.sub(r" [0-9.]+$", "", part) for part in line.removeprefix("  events  ").split(", ")]
    assert names == ["acme_events", "ops:plain:=lockstep_events", "ops:=ops_events"]


@pytest.mark.parametrize(
    ("session", "contract", "known", "unknown"),
    [
        ("team-1", "acme_events", ["deployment_finished"], ["alert_raised"]),
        ("ops:7", "ops_events", ["alert_raised", "deployment_finished"], []),
        ("ops:plain:7", "lockstep_events", [], ["alert_raised", "deployment_finished"]),
        ("op", "acme_events", ["deployment_finished"], ["alert_raised"]),
    ],
)
def test_a_session_is_judged_by_its_own_contract(
    made: Teams, client: httpx.Client, session: str, contract: str, known: list[str], unknown: list[str]
) -> None:
    post(client, session, *(example(made, kind) for kind in known), delta("everybody has ours"))
    for kind in unknown:
        refused = client.post(f"/events/{session}", json=example(made, kind))
        assert refused.status_code == 422
        assert kind in refused.json()["detail"]
        assert client.get(f"/events/{session}", params={"types": kind}).status_code == 400
    with stream(client, session) as events:
        started, *others = take(events, len(known) + 2)
    payload = json.loads(started.data)["payload"]
    assert payload["contract"] == contract
    assert [event.event for event in others] == [*known, "agent_message_delta"]
    schema = client.get("/schema", params={"session": session})
    assert schema.headers["etag"] == f'"{payload["contract_digest"]}"'
    types = {node["properties"]["type"]["const"] for name, node in schema.json()["$defs"].items()
             if name.endswith("Event") and "type" in node["properties"]}  # fmt: skip
    assert types >= {*known, "run_started"}
    assert not types & set(unknown)
    page = client.get("/docs/events", params={"session": session})
    assert page.status_code == 200
    assert payload["contract_digest"] in page.text


def test_without_a_session_it_is_the_contract_of_the_others(client: httpx.Client) -> None:
    assert "DeploymentFinishedEvent" in client.get("/schema").json()["$defs"]
    assert client.get("/schema", params={"session": "no/session"}).status_code == 400
    metrics = client.get("/metrics").text
    assert all(f'name="{name}"' in metrics for name in ("acme_events", "ops_events", "lockstep_events"))


def test_the_command_line_goes_by_the_session_as_well(made: Teams, server: ServerProcess) -> None:
    file = made.folder / "alert.json"
    file.write_text(json.dumps(example(made, "alert_raised")))
    lockstep = [sys.executable, "-m", "lockstep_cli"]
    environment = {**server.environment, "LOCKSTEP_CONTRACT": TABLE}

    def publish(session: str) -> "subprocess.CompletedProcess[str]":
        command = [*lockstep, "publish", session, str(file)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    taken = publish("ops:cli")
    assert taken.returncode == 0, taken.stderr
    refused = publish("team-cli")
    assert refused.returncode == 1
    assert "alert_raised" in refused.stderr


def test_a_contract_without_the_events_of_a_stream_is_not_served() -> None:
    bare = replace(CONTRACT, name="bare", event_types=("session_stream_started", "note_added"))
    assert served(ContractTable(CONTRACT))
    with pytest.raises(SettingsError, match=r"'bare' has no event 'session_stream_gap'.*extends = \"lockstep_events\""):
        served(ContractTable(CONTRACT, {"ops:": bare}))
