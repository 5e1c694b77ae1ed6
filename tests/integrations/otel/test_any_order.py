"""Events in any order, any number of times: no fault, no span left open, nothing kept of what is over."""

import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lockstep_events import CONTRACT
from lockstep_events.runtime import Event
from lockstep_events.testing import SyncRecordingPublisher
from lockstep_integrations.otel.instruments import Instruments
from lockstep_integrations.otel.recorder import Recorder
from lockstep_integrations.otel.tree import Tree
from lockstep_integrations.otel.vocabulary import Vocabulary
from support.traces import Telemetry

ids = st.sampled_from(["a", "b"])
maybe = st.none() | ids


def make(type: str, payload: dict[str, Any], envelope: dict[str, Any]) -> Event:
    known = {name: value for name, value in envelope.items() if value is not None}
    return CONTRACT.make(type, "s1", {name: value for name, value in payload.items() if value is not None}, **known)


def kind(type: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    envelope: dict[str, st.SearchStrategy[Any]] = {"run_id": maybe, "agent": maybe}
    if type.startswith("run_"):
        envelope["run_id"] = ids
    if not type.startswith("run_"):
        envelope["subagent_run_id"] = maybe
    if type.startswith("subagent_"):
        envelope |= {"subagent_run_id": ids, "run_id": ids}
    if not type.startswith(("run_", "subagent_")):
        steps = st.fixed_dictionaries({"step_id": ids})
        envelope["metadata"] = st.none() | steps
    return st.builds(make, st.just(type), st.fixed_dictionaries(fields), st.fixed_dictionaries(envelope))


usage = st.just([{"provider": "p", "model": "m", "input_tokens": 3, "output_tokens": 2}])
events = st.one_of(
    kind("run_started", parent_run_id=maybe),
    kind("run_completed", usage=st.none() | usage),
    kind("run_failed", message=st.just("lost")),
    kind("subagent_started", name=ids, parent_tool_call_id=maybe, parent_subagent_run_id=maybe),
    kind("subagent_completed"),
    kind("workflow_step_started", step_name=ids, step_id=maybe, parent_step_id=maybe),
    kind("workflow_step_completed", step_name=ids, step_id=maybe),
    kind("workflow_step_failed", step_name=ids, step_id=maybe, error=st.just({"message": "lost"})),
    kind("tool_call_started", tool_call_id=ids, tool_name=ids),
    kind("tool_call_args_delta", tool_call_id=ids, delta=st.just("{}")),
    kind("tool_call_args_completed", tool_call_id=ids),
    kind("tool_call_execution_started", tool_call_id=ids, tool_name=ids),
    kind("tool_call_result", tool_call_id=ids, message_id=ids, content=st.just(""), role=st.just("tool")),
    kind("agent_message_started", message_id=ids, role=st.sampled_from(["assistant", "user"])),
    kind("agent_message_delta", message_id=ids, delta=st.just("x")),
    kind("agent_message_completed", message_id=ids),
    kind("reasoning_started", message_id=ids),
    kind("reasoning_message_started", message_id=ids),
    kind("reasoning_completed", message_id=ids),
    kind("metrics_updated", message_id=maybe, usage=usage, latency_ms=st.just(5)),
    kind("retry_attempted", attempt=st.just(2), tool_call_id=maybe, step_name=maybe),
    kind("error_occurred", message=st.just("lost"), step_id=maybe),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(events, min_size=10, max_size=80), most=st.integers(1, 40))
def test_any_order(told: list[Event], most: int, caplog: pytest.LogCaptureFixture) -> None:
    telemetry, publisher = Telemetry(), SyncRecordingPublisher()
    tracer, meter = telemetry.tracer_provider.get_tracer("t"), telemetry.meter_provider.get_meter("t")
    vocabulary = Vocabulary(CONTRACT.schema)
    tree = Tree(tracer, Instruments(meter), vocabulary, content=True, most=most, idle=60_000_000_000)
    recorder = Recorder(tree, most)
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        for event in told:
            publisher.publish(recorder.observe(event))
            assert len(telemetry.open) <= most
        recorder.finish()
    assert not caplog.records
    assert not telemetry.open
    assert len(tree.open) == 0
    assert not tree.speaking
    assert [event.event_id for event in publisher.events] == [event.event_id for event in told]
    ended = [span.end_time or 0 for span in telemetry.spans]
    assert all(end >= (span.start_time or 0) for end, span in zip(ended, telemetry.spans, strict=True))
