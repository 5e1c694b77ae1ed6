"""An agent's `execute` as people write it, by hand: what it publishes is on the stream at once, traced or not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.server import lockstep_serve, read_until

AGENT = Path(__file__).parents[1] / "support/brief_agent.txt"
"""The snippet, word for word; a program, but none of ours to lint."""


@pytest.mark.parametrize("traces", ["0", "1"])
def test_the_snippet_runs_as_written(traces: str) -> None:
    with lockstep_serve() as server, server.connect("/events/test-session-123") as viewer:
        read_until(viewer, b"session_stream_started")
        environment = {**server.environment, "LOCKSTEP_TRACES": traces}
        done = subprocess.run([sys.executable, AGENT], env=environment, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        frames = read_until(viewer, b"docker_list_containers").decode()
    documents = [json.loads(line[6:]) for line in frames.splitlines() if line.startswith("data: ")]
    events = [each for each in documents if not each["type"].startswith("session_stream")]
    assert [event["type"] for event in events] == ["agent_message_delta", "tool_call_started"]
    assert {event["agent"] for event in events} == {"infrastructure_monitor"}
