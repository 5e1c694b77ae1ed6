"""The publisher for tests: what it keeps, and what it says when something is missing."""

import pytest
from lockstep_events import (
    AgentMessageDeltaEvent,
    EventDispatcher,
    RunFailedEvent,
    RunStartedEvent,
    ToolCallStartedEvent,
)
from lockstep_events.testing import RecordingPublisher


@pytest.fixture
async def publisher() -> RecordingPublisher:
    publisher = RecordingPublisher()
    session = EventDispatcher(publisher).session("abc", agent="monitor", run_id="r1")
    await session.run_started()
    await session.tool_call_started(tool_call_id="tc_1", tool_name="docker_list", args={"status": "running"})
    await session.agent_message_delta(message_id="m1", delta="Hello")
    return publisher


async def test_what_was_published(publisher: RecordingPublisher) -> None:
    assert publisher.types == ["run_started", "tool_call_started", "agent_message_delta"]
    publisher.assert_types(["run_started", "tool_call_started", "agent_message_delta"])
    assert [event.payload.delta for event in publisher.of(AgentMessageDeltaEvent)] == ["Hello"]
    found = publisher.assert_published(ToolCallStartedEvent, tool_name="docker_list", agent="monitor")
    assert found.payload.args == {"status": "running"}


def said(caught: pytest.ExceptionInfo[AssertionError]) -> list[str]:
    return str(caught.value).splitlines()


async def test_what_was_not_published_is_told_beside_what_was(publisher: RecordingPublisher) -> None:
    with pytest.raises(AssertionError) as caught:
        publisher.assert_published(ToolCallStartedEvent, tool_name="docker_stop", agent="monitor")
    assert said(caught) == [
        "no ToolCallStartedEvent(tool_name='docker_stop', agent='monitor') was published; published:",
        "    2. tool_call_started: tool_name is 'docker_list', not 'docker_stop'",
    ]
    with pytest.raises(AssertionError) as caught:
        publisher.assert_published(RunFailedEvent, message="lost")
    assert said(caught) == [
        "no RunFailedEvent(message='lost') was published; published:",
        "    1. run_started",
        "    2. tool_call_started tool_call_id='tc_1' tool_name='docker_list' args={'status': 'running'}",
        "    3. agent_message_delta message_id='m1' delta='Hello'",
    ]
    publisher.assert_not_published(RunFailedEvent)
    with pytest.raises(AssertionError, match=r"^RunStartedEvent\(agent='monitor'\) was published:"):
        publisher.assert_not_published(RunStartedEvent, agent="monitor")


async def test_types_are_compared_line_by_line(publisher: RecordingPublisher) -> None:
    with pytest.raises(AssertionError) as caught:
        publisher.assert_types(["run_started", "agent_message_started", "agent_message_delta", "run_completed"])
    assert said(caught) == [
        "other events were published (- is missing, + is not expected):",
        "    1. run_started",
        "  - agent_message_started",
        "  + 2. tool_call_started tool_call_id='tc_1' tool_name='docker_list' args={'status': 'running'}",
        "    3. agent_message_delta message_id='m1' delta='Hello'",
        "  - run_completed",
    ]


async def test_long_runs_of_one_type_are_short(publisher: RecordingPublisher) -> None:
    session = EventDispatcher(publisher).session("abc")
    for number in range(200):
        await session.agent_message_delta(message_id="m1", delta=str(number) * 200)
    with pytest.raises(AssertionError) as caught:
        publisher.assert_types(["run_started", "tool_call_started", "agent_message_delta"])
    lines = said(caught)
    assert len(lines) == 7
    assert max(map(len, lines)) < 120
    assert lines[5] == "  + … 198 more agent_message_delta …"


async def test_types_in_any_order(publisher: RecordingPublisher) -> None:
    publisher.assert_types_in_any_order(["agent_message_delta", "run_started", "tool_call_started"])
    with pytest.raises(AssertionError, match=r"^missing: 2 run_completed; not expected: tool_call_started; published:"):
        publisher.assert_types_in_any_order(["agent_message_delta", "run_started", "run_completed", "run_completed"])


async def test_types_in_order_with_others_between(publisher: RecordingPublisher) -> None:
    publisher.assert_in_order(["run_started", "agent_message_delta"])
    with pytest.raises(AssertionError, match=r"^after agent_message_delta \(place 3\) no tool_call_started"):
        publisher.assert_in_order(["run_started", "agent_message_delta", "tool_call_started"])
    with pytest.raises(AssertionError, match=r"^no run_failed was published; published:"):
        publisher.assert_in_order(["run_failed"])


async def test_the_same_event_again_is_a_duplicate(publisher: RecordingPublisher) -> None:
    (first,) = publisher.of(RunStartedEvent)
    receipt = await publisher.publish(first)
    assert (receipt.duplicate, len(publisher.events)) == (True, 3)
    publisher.clear()
    with pytest.raises(AssertionError, match="published:\n    nothing"):
        publisher.assert_published(RunStartedEvent)
