"""One trace from end to end: the agent's span, the server's, the event in the log, and what a viewer reads."""

import json
import re
from pathlib import Path

import httpx
from lockstep_bus import HttpPublisher
from lockstep_events import EventDispatcher
from lockstep_integrations.otel import traced
from support.server import lockstep_serve, plain_uvicorn, read_until
from support.traces import Telemetry

SERVER = """\
from fastapi import FastAPI
from lockstep_bus import connect
from lockstep_server import lockstep_router
from lockstep_server.ag_ui import ag_ui_router
from lockstep_server.ag_ui_agents import AgentRegistry
from support.ag_ui_app import talk
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

provider = TracerProvider()
exporter = ConsoleSpanExporter(formatter=lambda span: span.to_json(indent=None) + "\\n")
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
app, bus = FastAPI(), connect()
app.include_router(lockstep_router(bus))
app.include_router(ag_ui_router(bus, AgentRegistry({"talker": talk})))
"""
TESTS = {"PYTHONPATH": str(Path(__file__).parents[2])}
GIVEN = f"00-{'a' * 32}-{'b' * 16}-01"


async def test_agent_server_log_and_viewer_share_a_trace() -> None:
    telemetry = Telemetry()
    with plain_uvicorn(SERVER, env=TESTS) as server:
        async with HttpPublisher(server.url) as publisher:
            dispatcher = EventDispatcher(traced(publisher, telemetry.tracer_provider))
            run = dispatcher.session("s1", agent="a", run_id="r1")
            await run.run_started()
            await run.agent_message_delta(message_id="m1", delta="Hello")
            await run.run_completed()
        async with httpx.AsyncClient(base_url=server.url) as client:
            log = (await client.get("/events/s1/history")).json()
        with server.connect("/events/s1") as viewer:
            frames = read_until(viewer, b"run_completed").decode()
    (trace,) = telemetry.traces
    read = re.findall(r'"traceparent":"00-([0-9a-f]{32})', frames)
    assert read == [trace] * 3
    assert json.dumps(log).count(trace) == 3
    posts = [json.loads(line) for line in server.output.splitlines() if line.startswith('{"name": "POST')]
    assert {span["context"]["trace_id"] for span in posts} == {f"0x{trace}"}


async def test_the_header_of_a_post_is_the_trace_of_its_events() -> None:
    event = {"type": "agent_message_delta", "payload": {"message_id": "m1", "delta": "x"}}
    own = event | {"traceparent": f"00-{'c' * 32}-{'d' * 16}-00"}
    with lockstep_serve(env={"LOCKSTEP_TRACES": "1"}) as server:
        async with httpx.AsyncClient(base_url=server.url) as client:
            for header in (GIVEN, "nonsense", f"00-{'0' * 32}-{'b' * 16}-01"):
                body = json.dumps(event) + "\n" + json.dumps(own)
                headers = {"traceparent": header, "content-type": "application/x-ndjson"}
                (await client.post("/events/s1", content=body, headers=headers)).raise_for_status()
            log = (await client.get("/events/s1/history")).json()
    found = re.findall(r'"traceparent": "([^"]+)', json.dumps(log))
    assert found == [GIVEN, *[own["traceparent"]] * 3]


async def test_an_agent_that_the_server_runs_is_traced() -> None:
    body: dict[str, object] = {"threadId": "t1", "runId": "r1", "messages": [], "tools": [], "context": [], "state": {}}
    with plain_uvicorn(SERVER, env=TESTS | {"LOCKSTEP_TRACES": "1"}) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
            run = await client.post(
                "/ag-ui/talker", json=body | {"forwardedProps": {"pause": 0}}, headers={"traceparent": GIVEN}
            )
            assert run.is_success, server.output
            log = (await client.get("/events/t1/history")).json()
        server.stop()
    found = re.findall(r'"traceparent": "00-([0-9a-f]{32})', json.dumps(log))
    assert len(found) > 10
    assert set(found) == {"a" * 32}
    spans = [json.loads(line) for line in server.output.splitlines() if line.startswith('{"name": ')]
    told = {span["name"] for span in spans if span["context"]["trace_id"] == f"0x{'a' * 32}"}
    assert told >= {"invoke_agent talker", "step talk", "chat", "execute_tool look"}
