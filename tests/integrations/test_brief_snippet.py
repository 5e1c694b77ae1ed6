"""An agent's `execute` as people write it, by hand: what it publishes is on the stream at once, traced or not."""

import json
import subprocess
import sys

import pytest
from support.server import lockstep_serve, read_until

AGENT = """
import asyncio
from lockstep_bus import get_event_dispatcher

class InfrastructureMonitor:
    async def execute(self, message: str, session_id: str):
        dispatcher = get_event_dispatcher()

        # Publish events
        await dispatcher.agent_message_delta(
            session_id=session_id,
            message_id="m1",
            delta="Checking Docker...",
            agent="infrastructure_monitor",
        )

        # ... execute logic ...

        await dispatcher.tool_call_started(
            session_id=session_id,
            tool_call_id="tc_1",
            tool_name="docker_list_containers",
            args={"status": "running"},
            agent="infrastructure_monitor",
        )

asyncio.run(InfrastructureMonitor().execute("How is Docker?", "test-session-123"))
"""


@pytest.mark.parametrize("traces", ["0", "1"])
def test_the_snippet_runs_as_written(traces: str) -> None:
    with lockstep_serve() as server, server.connect("/events/test-session-123") as viewer:
        read_until(viewer, b"session_stream_started")
        environment = {**server.environment, "LOCKSTEP_TRACES": traces}
        done = subprocess.run(
            [sys.executable, "-c", AGENT], env=environment, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
        frames = read_until(viewer, b"docker_list_containers").decode()
    documents = [json.loads(line[6:]) for line in frames.splitlines() if line.startswith("data: ")]
    events = [each for each in documents if not each["type"].startswith("session_stream")]
    assert [event["type"] for event in events] == ["agent_message_delta", "tool_call_started"]
    assert {event["agent"] for event in events} == {"infrastructure_monitor"}
