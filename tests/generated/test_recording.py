"""The publisher for tests: what it keeps, and what it says when something is missing."""

import pytest
from lockstep_events import AgentMessageDeltaEvent, EventDispatcher, RunStartedEvent, ToolCallStartedEvent
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


async def test_what_was_not_published_is_told_beside_what_was(publisher: RecordingPublisher) -> None:
    with pytest.raises(AssertionError) as caught:
        publisher.assert_published(ToolCallStartedEvent, tool_name="docker_stop")
    head, *lines = str(caught.value).splitlines()
    assert head == "no ToolCallStartedEvent(tool_name='docker_stop') was published; published:"
    assert [line.split("(")[0] for line in lines] == [
        "  1. RunStartedEvent",
        "  2. ToolCallStartedEvent",
        "  3. AgentMessageDeltaEvent",
    ]
    assert "None" not in str(caught.value)
    with pytest.raises(AssertionError, match="expected run_started; published:"):
        publisher.assert_types(["run_started"])


async def test_the_same_event_again_is_a_duplicate(publisher: RecordingPublisher) -> None:
    (first,) = publisher.of(RunStartedEvent)
    receipt = await publisher.publish(first)
    assert (receipt.duplicate, len(publisher.events)) == (True, 3)
    publisher.clear()
    with pytest.raises(AssertionError, match="published:\n  nothing"):
        publisher.assert_published(RunStartedEvent)
