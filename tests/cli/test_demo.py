"""`lockstep demo`, which is `make run`: the scripted agent's run arrives, whole and in order."""

import json
import signal
from pathlib import Path

import httpx
from httpx_sse import connect_sse
from lockstep_events import CONTRACT, parse_event
from support.server import running

ROOT = Path(__file__).parents[2]


def watch(url: str, until: str) -> list[str]:
    """The types of the session's events, up to the first of type `until`; each is judged by the contract."""
    types: list[str] = []
    with httpx.Client(timeout=30) as client, connect_sse(client, "GET", f"{url}/events/demo") as source:
        for message in source.iter_sse():
            event = parse_event(message.data, strict=True)
            types.append(event.type)
            if event.type == until:
                return types
    raise AssertionError(f"the stream ended before {until!r}")


def test_the_agent_runs_from_beginning_to_end() -> None:
    with running("lockstep", "demo", "--port", "0", "--no-open", "--runs", "1", "--pace", "0") as demo:
        types = watch(demo.url, "run_completed")
        again = watch(demo.url, "run_completed")
        page = httpx.get(demo.url, timeout=20)
        code = demo.stop(signal.SIGTERM)
    assert types == again
    assert types[:2] == ["session_stream_started", "run_started"]
    assert {"reasoning_message_delta", "agent_message_delta", "state_delta", "retry_attempted"} <= set(types)
    assert types.count("tool_call_started") == types.count("tool_call_result") == 3
    assert types.count("workflow_step_started") == 2
    assert types.count("workflow_step_completed") == types.count("workflow_step_failed") == 1
    assert page.status_code == 200
    assert code == 0


def test_every_family_but_a_few_is_shown() -> None:
    with running("lockstep", "demo", "--port", "0", "--no-open", "--runs", "1", "--pace", "0") as demo:
        shown = set(watch(demo.url, "run_completed"))
    schema = json.loads(CONTRACT.schema_bytes())
    families = {
        definition["properties"]["type"]["const"]: definition["x-family"]
        for definition in schema["$defs"].values()
        if "x-family" in definition
    }
    missing = set(families.values()) - {families[type_] for type_ in shown}
    assert missing == {"subagent", "open"}
