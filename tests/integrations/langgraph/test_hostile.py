"""What an observer must survive: cancellation, readers that leave, a missing hook, a publisher that fails."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from langchain_core.tools import tool
from lockstep_events import EventDispatcher
from lockstep_events.runtime.event import Event
from lockstep_events.runtime.publisher import Receipt
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.langgraph import guard, hook, observe
from support import observed as ways
from support.balanced import faults
from support.lang_graphs import FINE, HELLO, SCENARIOS, Graph, Scenario, agent, chat
from support.observed import observed
from support.scripted_chat import Turn
from support.told import told

CALLS = Turn("Let me see.", calls=(("c1", "slow", ('{"city": "Paris"}',)),))


@pytest.fixture(autouse=True)
def nothing_was_told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(guard, "_told", set[tuple[str, str]]())
    hook.marked.cache_clear()
    yield
    hook.marked.cache_clear()


@tool
async def slow(city: str) -> str:
    """Takes longer than anybody waits."""
    await asyncio.sleep(60)
    return city


async def interrupted_run(graph: Graph, after: str, given: Any = HELLO[0]) -> RecordingPublisher:
    """Cancel the host's task once an event of the type `after` was published."""
    seen = asyncio.Event()

    class Publisher(RecordingPublisher):
        def publish_now(self, event: Event, /) -> Receipt:
            if event.type == after:
                seen.set()
            return super().publish_now(event)

    publisher = Publisher()

    async def host() -> None:
        async with observe(EventDispatcher(publisher), session_id="s1", run_id="r1"):
            await graph.ainvoke(given, ways.CONFIG)

    task = asyncio.create_task(host())
    await seen.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return publisher


async def test_a_cancelled_run_ends_as_cancelled_with_all_that_was_open_in_it() -> None:
    publisher = await interrupted_run(agent(slow, CALLS, FINE), "tool_call_execution_started")
    assert not faults(publisher.events)
    assert told(publisher.events, keep=["r1"])[-4:] == [
        "r1 tool_call_execution_started tool_call_id=c1 tool_name=slow",
        "r1 tool_call_result message_id=answer1 tool_call_id=c1 content=cancelled status=cancelled duration_ms",
        "r1 workflow_step_failed step_name=tools step_id=step2 "
        "error={message: CancelledError, type: CancelledError} duration_ms",
        "r1 run_completed outcome={type: cancelled} usage=[{provider: offline, model: 'scripted-1', "
        "input_tokens: 10, output_tokens: 5, total_tokens: 15}]",
    ]


async def test_a_message_is_complete_when_its_run_is_cancelled() -> None:
    publisher = await interrupted_run(chat(Turn("on and ", hangs=True)), "agent_message_delta")
    assert not faults(publisher.events)
    assert publisher.types[-3:] == ["agent_message_completed", "workflow_step_failed", "run_completed"]


async def test_a_reader_that_leaves_ends_the_run() -> None:
    publisher = RecordingPublisher()
    async with observe(EventDispatcher(publisher), session_id="s1"):
        stream: AsyncIterator[Any] = SCENARIOS["parallel_tools"].make().astream(HELLO[0], ways.CONFIG)
        async for _ in stream:
            break
        await stream.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert not faults(publisher.events)
    assert publisher.types[-1] == "run_completed"


@pytest.mark.parametrize("name", SCENARIOS)
async def test_without_the_private_hook_messages_come_whole(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_core.tracers._streaming", None)  # what `import` takes for missing
    said = await observed(SCENARIOS[name])
    usual = await observed(SCENARIOS[name], deltas=False)
    assert sorted(event.type for event in said.events) == sorted(event.type for event in usual.events)
    assert not faults(said.events)
    (warning,) = caplog.records
    assert "a message is published whole" in warning.message


async def test_a_langgraph_that_a_stream_would_change_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hook, "version", {"langgraph": "1.2.18"}.__getitem__)
    for _ in range(2):
        said = await observed(SCENARIOS["functional"])
        assert said.ends == ["One city."]
    (warning,) = caplog.records
    assert warning.message.startswith("langgraph 1.2.18 is older than 1.2.19: a message is published whole")


async def test_a_whole_message_has_one_delta_and_whole_arguments() -> None:
    said = await observed(SCENARIOS["parallel_tools"], deltas=False)
    assert said.lines[3:8] == [
        "run1 agent_message_started message_id=m1 role=assistant @step1",
        "run1 agent_message_delta message_id=m1 delta='Let me see.'",
        "run1 agent_message_completed message_id=m1",
        "run1 tool_call_started tool_call_id=c1 tool_name=weather parent_message_id=m1 args={city: Paris} @step1",
        "run1 tool_call_started tool_call_id=c2 tool_name=weather parent_message_id=m1 args={city: Rome} @step1",
    ]


@pytest.mark.parametrize("run", [ways.ainvoke, ways.invoke], ids=lambda run: run.__name__)
async def test_a_handler_that_fails_is_told_once_and_not_to_the_host(
    run: ways.Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("a new release changed everything")

    for method in ("begin", "complete", "token"):
        for kind in ("Step", "ToolCall", "ModelCall"):
            monkeypatch.setattr(f"lockstep_integrations.langgraph.handler.{kind}.{method}", fail, raising=False)
    said = await observed(SCENARIOS["parallel_tools"], run)
    assert said.ends[0]["messages"][-1].content == "It is sunny."
    kinds = [record.message.split()[0] for record in caplog.records if record.name == "lockstep.langgraph"]
    assert len(kinds) == len(set(kinds)) > 2


async def test_a_publisher_that_fails_is_not_the_host_s_concern(caplog: pytest.LogCaptureFixture) -> None:
    class Refused(Exception):
        retryable = False

    class Broken:
        async def publish(self, _event: object) -> Any:
            raise Refused("no room")

    caplog.set_level(logging.CRITICAL, "lockstep_events")
    dispatcher: Any = EventDispatcher(Broken())
    with observe(dispatcher, session_id="s1"):
        result = await SCENARIOS["text"].make().ainvoke(HELLO[0])
    assert result["messages"][-1].content == "It is sunny."


async def test_text_that_utf_8_cannot_carry_loses_no_event() -> None:
    said = await observed(Scenario(lambda: chat(Turn("half a pair: \ud83d", "."))))
    assert "run1 agent_message_delta message_id=m1 delta='half a pair: ?'" in said.lines


def test_without_langgraph_the_import_says_what_to_install() -> None:
    program = "import sys; sys.modules['langgraph'] = None; import lockstep_integrations.langgraph"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr.splitlines()[-1] == (
        "ImportError: LangGraph is not installed; run: pip install 'agui-lockstep[langgraph]'"
    )
