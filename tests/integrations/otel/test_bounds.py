"""Spans that nobody ends: they are bounded in number and in time, and what belongs together stays together."""

from lockstep_events import EventDispatcher, SubagentSuccessOutcome
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.otel import traced
from support.traces import Telemetry, traceparents


def dispatcher_of(telemetry: Telemetry, *, most_open: int = 100, idle_seconds: float = 60) -> EventDispatcher:
    return EventDispatcher(
        traced(RecordingPublisher(), telemetry.tracer_provider, most_open=most_open, idle_seconds=idle_seconds)
    )


async def test_runs_that_never_end_are_ended_by_number() -> None:
    telemetry = Telemetry()
    dispatcher = dispatcher_of(telemetry, most_open=10)
    for number in range(200):
        run = dispatcher.session("s1", agent="a", run_id=f"r{number}")
        await run.run_started()
        await run.workflow_step_started(step_name="s")
        await run.tool_call_started(tool_call_id="c1", tool_name="t")
        await run.tool_call_execution_started(tool_call_id="c1", tool_name="t")
    assert len(telemetry.open) <= 10
    assert {dict(span.attributes or {}).get("lockstep.unfinished") for span in telemetry.spans} == {True}
    assert len(telemetry.spans) >= 590


async def test_a_silent_run_is_ended_by_the_time_of_the_events() -> None:
    telemetry = Telemetry()
    dispatcher = dispatcher_of(telemetry, idle_seconds=60)
    old, new = (dispatcher.session("s1", agent=name, run_id=name) for name in ("old", "new"))
    await old.run_started(timestamp="2026-11-23T10:00:00.000Z")
    await old.workflow_step_started(step_name="s", timestamp="2026-11-23T10:00:05.000Z")
    await new.run_started(timestamp="2026-11-23T10:01:04.000Z")
    assert telemetry.open == ["invoke_agent old", "step s", "invoke_agent new"]
    await new.workflow_step_started(step_name="t", timestamp="2026-11-23T10:01:06.000Z")
    assert telemetry.open == ["invoke_agent new", "step t"]
    ended = telemetry.span("invoke_agent old")
    assert (ended.end_time or 0) - (ended.start_time or 0) == 5_000_000_000
    await old.run_completed(timestamp="2026-11-23T10:01:07.000Z")  # too late: nothing happens
    await new.workflow_step_completed(step_name="t", timestamp="2026-11-23T10:05:00.000Z")
    await new.run_completed(timestamp="2026-11-23T10:05:00.000Z")
    assert telemetry.tree() == ["invoke_agent old", "  step s", "invoke_agent new", "  step t"]


async def test_a_run_in_use_is_not_ended_however_long_it_takes() -> None:
    telemetry = Telemetry()
    run = dispatcher_of(telemetry, idle_seconds=1).session("s1", agent="a", run_id="r1")
    await run.run_started(timestamp="2026-11-23T10:00:00.000Z")
    for minute in range(10, 20):
        moment = f"2026-11-23T10:{minute}:00.000Z"
        await run.tool_call_execution_started(tool_call_id=f"c{minute}", tool_name="t", timestamp=moment)
        await run.tool_call_result(tool_call_id=f"c{minute}", message_id="m", content="", timestamp=moment)
    await run.run_completed(timestamp="2026-11-23T10:30:00.000Z")
    assert telemetry.tree() == ["invoke_agent a", *["  execute_tool t"] * 10]
    assert "lockstep.unfinished" not in telemetry.attributes("invoke_agent a")


async def test_what_a_run_leaves_open_ends_with_it() -> None:
    telemetry = Telemetry()
    run = dispatcher_of(telemetry).session("s1", agent="a", run_id="r1")
    await run.run_started()
    await run.workflow_step_started(step_name="s")
    await run.agent_message_started(message_id="m1", role="assistant")
    await run.agent_message_completed(message_id="m1")
    await run.agent_message_started(message_id="m2", role="assistant")
    await run.run_completed()
    assert telemetry.tree() == ["invoke_agent a", "  step s", "    chat", "    chat"]
    marks = [dict(span.attributes or {}).get("lockstep.unfinished") for span in telemetry.spans]
    assert marks == [None, True, None, True]


async def test_parallel_agents_never_merge() -> None:
    telemetry = Telemetry()
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(traced(publisher, telemetry.tracer_provider))
    await dispatcher.session("s1", agent="root", run_id="r1").run_started()
    one, two = (dispatcher.session("s1", agent=name, run_id="r1") for name in ("one", "two"))
    for agent, name in ((one, "one"), (two, "two")):
        await agent.workflow_step_started(step_name=name, step_id=name)
        await agent.agent_message_started(message_id=f"m-{name}", role="assistant")
    for word in range(3):
        await one.agent_message_delta(message_id="m-one", delta=str(word))
        await two.agent_message_delta(message_id="m-two", delta=str(word))
    for agent, name in ((two, "two"), (one, "one")):
        await agent.agent_message_completed(message_id=f"m-{name}")
        await agent.metrics_updated(message_id=f"m-{name}", latency_ms=10, finish_reasons=[name])
        await agent.workflow_step_completed(step_name=name, step_id=name)
    await dispatcher.session("s1", agent="root", run_id="r1").run_completed()
    assert telemetry.tree() == ["invoke_agent root", "  step one", "    chat", "  step two", "    chat"]
    chats = [dict(span.attributes or {}) for span in telemetry.spans if span.name == "chat"]
    assert [chat["gen_ai.agent.name"] for chat in chats] == ["one", "two"]
    assert [chat["gen_ai.response.finish_reasons"] for chat in chats] == [("one",), ("two",)]
    deltas = [place for event, place in zip(publisher.types, traceparents(publisher), strict=True) if "delta" in event]
    assert len(set(deltas[0::2])) == len(set(deltas[1::2])) == 1


async def test_a_subagent_is_below_the_call_that_asked_for_it() -> None:
    telemetry = Telemetry()
    run = dispatcher_of(telemetry).session("s1", agent="a", run_id="r1")
    await run.run_started()
    await run.tool_call_execution_started(tool_call_id="c1", tool_name="delegate")
    await run.subagent_started(name="helper", subagent_run_id="sub", parent_tool_call_id="c1")
    await run.workflow_step_started(step_name="inner", subagent_run_id="sub")
    await run.workflow_step_completed(step_name="inner", subagent_run_id="sub")
    await run.subagent_completed(subagent_run_id="sub", outcome=SubagentSuccessOutcome(type="success"))
    await run.tool_call_result(tool_call_id="c1", message_id="m1", content="")
    await run.run_completed()
    assert telemetry.tree() == [
        "invoke_agent a",
        "  execute_tool delegate",
        "    invoke_agent helper",
        "      step inner",
    ]
