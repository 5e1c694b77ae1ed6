"""`BaseADKAgent`: the brief's `execute(message, session_id)`, as a run, with Google ADK or without."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from lockstep_events import EventDispatcher, RunCompletedEvent, RunFailedEvent
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.adk import BaseADKAgent
from support.adk import Turn, agent
from support.balanced import faults

PUBLISHER = RecordingPublisher()
DISPATCHER = EventDispatcher(PUBLISHER)


def get_event_dispatcher() -> EventDispatcher:
    return DISPATCHER


class InfrastructureMonitor(BaseADKAgent):
    # From here on as in the walkthrough, word for word.
    async def execute(self, message: str, session_id: str) -> None:  # noqa: ARG002  # the walkthrough ignores it
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


@pytest.fixture(autouse=True)
def _clear() -> None:
    PUBLISHER.clear()


async def settled() -> list[str]:
    assert await Outbox.of(PUBLISHER).flush()
    return PUBLISHER.types


async def test_the_walkthrough_runs_as_written() -> None:
    await InfrastructureMonitor().execute("Is Docker well?", "s1")
    assert await settled() == ["agent_message_delta", "tool_call_started"]


async def test_with_a_dispatcher_it_is_a_run_around_what_it_publishes() -> None:
    await InfrastructureMonitor(DISPATCHER).execute("Is Docker well?", "s1")
    assert await settled() == ["run_started", "agent_message_delta", "tool_call_started", "run_completed"]
    assert {getattr(event, "agent", None) for event in PUBLISHER.events} == {"infrastructure_monitor"}


class Greeter(BaseADKAgent):
    name = "host"

    async def execute(self, message: str, session_id: str) -> dict[str, Any]:
        assert session_id
        if message == "fail":
            raise ValueError("no greeting")
        if message == "wait":
            await asyncio.Event().wait()
        return {"answer": await greet(message)}


class Louder(Greeter):
    async def execute(self, message: str, session_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = await super().execute(message, session_id)
        return {"answer": answer["answer"].upper()}


@DISPATCHER.tool
async def greet(name: str) -> str:
    """Greets."""
    return f"hello {name}"


async def test_tools_belong_to_the_run_and_the_result_is_kept() -> None:
    assert await Greeter(DISPATCHER).execute("Ada", session_id="s1") == {"answer": "hello Ada"}
    await settled()
    assert not faults(PUBLISHER.events)
    assert len({getattr(event, "run_id", None) for event in PUBLISHER.events}) == 1
    assert "tool_call_result" in PUBLISHER.types
    PUBLISHER.assert_published(RunCompletedEvent, result={"answer": "hello Ada"}, agent="host")


async def test_an_execute_that_calls_its_parents_is_one_run() -> None:
    assert await Louder(DISPATCHER).execute("Ada", "s1") == {"answer": "HELLO ADA"}
    assert (await settled()).count("run_started") == 1


async def test_what_it_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="no greeting"):
        await Greeter(DISPATCHER).execute("fail", "s1")
    assert await settled() == ["run_started", "run_failed"]
    PUBLISHER.assert_published(RunFailedEvent, message="no greeting", code="ValueError")


@pytest.mark.parametrize("turns_of_the_loop", [1, 2, 3, 50])
async def test_a_cancelled_one_says_so(turns_of_the_loop: int) -> None:
    task = asyncio.create_task(Greeter(DISPATCHER).execute("wait", "s1"))
    for _ in range(turns_of_the_loop):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await settled()
    (ended,) = PUBLISHER.of(RunCompletedEvent)
    assert ended.payload.outcome is not None
    assert ended.payload.outcome.type == "cancelled"


async def test_a_session_id_that_nobody_can_use_costs_events_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(2):
        assert await Greeter(DISPATCHER).execute("Ada", "no/such id") == {"answer": "hello Ada"}
    assert await settled() == []
    assert len([each for each in caplog.records if each.name == "lockstep_integrations.adk"]) == 1


async def test_an_adk_agent_answers_and_is_observed() -> None:
    weather = BaseADKAgent(DISPATCHER, root_agent=agent("root", Turn(["It is ", "21."])))
    assert await weather.execute("And today?", "s7") == "It is 21."
    assert await weather.execute("And now?", "s7") == "It is 21."
    assert (await settled()).count("run_started") == 2
    assert not faults(PUBLISHER.events)
    assert {event.session_id for event in PUBLISHER.events} == {"s7"}


async def test_without_any_work_it_says_what_is_missing() -> None:
    with pytest.raises(NotImplementedError, match="neither an execute"):
        await BaseADKAgent().execute("hello", "s1")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("InfrastructureMonitorAgent", "infrastructure_monitor"), ("HTTPProbe", "http_probe"), ("Agent", "agent")],
)
def test_its_name_is_its_classs(name: str, expected: str) -> None:
    assert type(name, (BaseADKAgent,), {})().name == expected


WITHOUT_ADK = """
import sys
sys.modules["google.adk"] = None
from lockstep_integrations.adk import BaseADKAgent
assert BaseADKAgent().name == "base_adk"
try:
    from lockstep_integrations.adk import LockstepPlugin
except ImportError as error:
    print(error)
"""


def test_without_google_adk_one_message_says_what_to_install() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_ADK], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("the Google ADK adapter cannot import 'google.adk")
    assert done.stdout.endswith(": pip install 'agui-lockstep[adk]'\n")
    assert done.returncode == 0, done.stderr
