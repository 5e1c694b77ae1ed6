"""Spans and metrics from events: their tree, their names, and what they do not tell."""

import pytest
from lockstep_events import EventDispatcher, RunDispatcher, TokenUsage
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.infrastructure_monitor import InfrastructureMonitor
from lockstep_integrations.otel import traced
from support.traces import Telemetry, traceparents

DURATION = "gen_ai.client.operation.duration"


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture
def publisher() -> RecordingPublisher:
    return RecordingPublisher()


def run_of(telemetry: Telemetry, publisher: RecordingPublisher, *, content: bool = False) -> RunDispatcher:
    behind = traced(publisher, telemetry.tracer_provider, telemetry.meter_provider, content=content)
    return EventDispatcher(behind).session("s1", agent="monitor", run_id="r1")


async def test_the_example_agent_is_one_trace(telemetry: Telemetry, publisher: RecordingPublisher) -> None:
    async def at_once(_: float) -> None:
        pass

    behind = traced(publisher, telemetry.tracer_provider, telemetry.meter_provider)
    await InfrastructureMonitor(EventDispatcher(behind), sleep=at_once).execute("How is Docker?", "s1")

    assert telemetry.tree() == [
        "invoke_agent infrastructure_monitor",
        "  step inspect",
        "    chat",
        "    execute_tool docker_list_containers",
        "    execute_tool docker_stats",
        "  step repair !",
        "    execute_tool docker_restart_container !",
        "  chat offline-1",
    ]
    assert not telemetry.open
    assert telemetry.attributes("execute_tool docker_restart_container") == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "docker_restart_container",
        "gen_ai.tool.call.id": "run-1-call-9",
        "gen_ai.conversation.id": "s1",
        "gen_ai.agent.name": "infrastructure_monitor",
        "run.id": "run-1",
        "error.type": "PermissionError",
    }
    assert telemetry.attributes("step inspect")["workflow.step.name"] == "inspect"
    told = {span.name: [event.name for event in span.events] for span in telemetry.spans if span.events}
    assert told == {
        "invoke_agent infrastructure_monitor": ["workflow_transition", "workflow_transition"],
        "step inspect": ["retry_attempted"],
        "step repair": ["error_occurred"],
    }
    assert {each.split("-")[1] for each in traceparents(publisher)} == telemetry.traces
    assert len(telemetry.traces) == 1
    assert telemetry.points("gen_ai.client.token.usage") == {
        ("infrastructure_monitor", "chat", "scripted", "offline-1", "input"): 812,
        ("infrastructure_monitor", "chat", "scripted", "offline-1", "output"): 96,
    }
    assert telemetry.points("gen_ai.client.operation.time_to_first_chunk") == {
        ("infrastructure_monitor", "chat", "scripted", "offline-1"): 0.22
    }
    assert telemetry.points(DURATION)["infrastructure_monitor", "chat", "scripted", "offline-1"] == 1.84


async def test_tools_in_parallel_and_in_error_are_siblings(telemetry: Telemetry, publisher: RecordingPublisher) -> None:
    run = run_of(telemetry, publisher)
    await run.run_started()
    for id in ("c1", "c2"):
        await run.tool_call_started(tool_call_id=id, tool_name=f"tool_{id}", args={"secret": 1})
        await run.tool_call_args_completed(tool_call_id=id)
    await run.tool_call_execution_started(tool_call_id="c1", tool_name="tool_c1")
    await run.tool_call_execution_started(tool_call_id="c2", tool_name="tool_c2")
    await run.tool_call_result(tool_call_id="c2", message_id="m2", content="x", status="error")
    await run.tool_call_result(tool_call_id="c1", message_id="m1", content="x", result={"secret": 2})
    await run.run_failed(message="a secret", code="TOOL_FAILED")

    assert telemetry.tree() == ["invoke_agent monitor !", "  execute_tool tool_c1", "  execute_tool tool_c2 !"]
    assert telemetry.attributes("execute_tool tool_c2")["error.type"] == "_OTHER"
    assert telemetry.attributes("invoke_agent monitor")["error.type"] == "TOOL_FAILED"
    assert "secret" not in repr([(span.attributes, span.status.description, span.events) for span in telemetry.spans])


async def test_content_is_told_when_it_may_be(telemetry: Telemetry, publisher: RecordingPublisher) -> None:
    run = run_of(telemetry, publisher, content=True)
    await run.run_started()
    await run.agent_message_started(message_id="m1", role="assistant")
    for word in ("Look", "ing"):
        await run.agent_message_delta(message_id="m1", delta=word)
    await run.agent_message_completed(message_id="m1")
    await run.tool_call_started(tool_call_id="c1", tool_name="look")
    await run.tool_call_args_delta(tool_call_id="c1", delta='{"at":')
    await run.tool_call_args_delta(tool_call_id="c1", delta='"it"}')
    await run.tool_call_args_completed(tool_call_id="c1")
    await run.tool_call_result(tool_call_id="c1", message_id="m2", content="x", result=["seen"])
    await run.run_failed(message="lost it")

    assert telemetry.attributes("execute_tool look")["gen_ai.tool.call.arguments"] == '{"at":"it"}'
    assert telemetry.attributes("execute_tool look")["gen_ai.tool.call.result"] == '["seen"]'
    parts = '[{"role": "assistant", "parts": [{"type": "text", "content": "Looking"}]}]'
    assert telemetry.attributes("chat")["gen_ai.output.messages"] == parts
    assert telemetry.span("invoke_agent monitor").status.description == "lost it"


async def test_tokens_count_once(telemetry: Telemetry, publisher: RecordingPublisher) -> None:
    usage = TokenUsage(provider="p", model="m", input_tokens=10, output_tokens=2)
    for run_id, tells_each in (("r1", True), ("r2", False)):
        behind = traced(publisher, telemetry.tracer_provider, telemetry.meter_provider)
        run = EventDispatcher(behind).session("s1", agent="monitor", run_id=run_id)
        await run.run_started()
        if tells_each:
            await run.metrics_updated(usage=[usage], latency_ms=1500)  # of an inference that only asked for a tool
        await run.run_completed(usage=[usage])

    assert telemetry.points("gen_ai.client.token.usage") == {
        ("monitor", "chat", "p", "m", "input"): 10,
        ("monitor", "chat", "p", "m", "output"): 2,
        ("monitor", "invoke_agent", "p", "m", "input"): 10,
        ("monitor", "invoke_agent", "p", "m", "output"): 2,
    }
    chat = telemetry.span("chat m")
    assert chat.start_time
    assert chat.end_time
    assert chat.end_time - chat.start_time == 1_500_000_000
