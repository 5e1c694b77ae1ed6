"""How traces sit among publishers: any form, any thread, an outbox between, and never in the way."""

import asyncio
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from lockstep_events import CONTRACT, EventDispatcher, RunStartedEvent, SyncEventDispatcher, UnknownEvent
from lockstep_events.runtime import Event, Receipt
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.testing import RecordingPublisher, SyncRecordingPublisher
from lockstep_integrations.otel import TracesUnavailableError, traced
from support.traces import Telemetry, traceparents

TESTS = Path(__file__).parents[2]


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


class Failing:
    """Takes an event only when it comes again."""

    def __init__(self) -> None:
        self.recording = RecordingPublisher()
        self._seen: set[str] = set()

    async def publish(self, event: Event, /) -> Receipt:
        if event.event_id not in self._seen:
            self._seen.add(event.event_id)
            raise ConnectionError("not now")
        return await self.recording.publish(event)


async def test_an_outbox_records_when_an_event_is_made_and_once(telemetry: Telemetry) -> None:
    publisher = Failing()
    outbox = Outbox.of(traced(publisher, telemetry.tracer_provider))
    assert Outbox.of(publisher) is not outbox
    with telemetry.tracer_provider.get_tracer("web").start_as_current_span("POST /chat"):
        run = SyncEventDispatcher(outbox).session("s1", agent="a", run_id="r1")
        run.run_started()
    run.agent_message_started(message_id="m1", role="assistant")
    run.run_completed()
    assert await outbox.flush()
    assert telemetry.tree() == ["POST /chat", "  invoke_agent a", "    chat"]
    assert {each.split("-")[1] for each in traceparents(publisher.recording)} == telemetry.traces
    assert publisher.recording.types == ["run_started", "agent_message_started", "run_completed"]


def test_ordinary_code_is_traced_from_any_thread(telemetry: Telemetry) -> None:
    publisher = SyncRecordingPublisher()
    dispatcher = SyncEventDispatcher(traced(publisher, telemetry.tracer_provider))

    def play(number: int) -> None:
        run = dispatcher.session("s1", agent="a", run_id=f"r{number}")
        run.run_started()
        for id in range(20):
            run.tool_call_execution_started(tool_call_id=f"c{id}", tool_name="t")
            run.tool_call_result(tool_call_id=f"c{id}", message_id=f"m{id}", content="")
        run.run_completed()

    async def main() -> None:
        await asyncio.gather(*(asyncio.to_thread(play, number) for number in range(8)))

    asyncio.run(main())
    assert telemetry.tree() == ["invoke_agent a", *["  execute_tool t"] * 20] * 8
    assert not telemetry.open


async def test_what_a_caller_says_about_its_trace_stays(telemetry: Telemetry) -> None:
    publisher = RecordingPublisher()
    dispatcher = EventDispatcher(traced(publisher, telemetry.tracer_provider))
    given = f"00-{'a' * 32}-{'b' * 16}-01"
    await dispatcher.run_started(session_id="s1", run_id="r1", agent="a", traceparent=given)
    await dispatcher.run_completed(session_id="s1", run_id="r1", agent="a")
    assert traceparents(publisher)[0] == given
    assert telemetry.traces == {"a" * 32}
    assert traceparents(publisher)[1].startswith(f"00-{'a' * 32}-")


async def test_events_of_another_version_are_part_of_the_trace(telemetry: Telemetry) -> None:
    publisher = RecordingPublisher()
    behind = traced(publisher, telemetry.tracer_provider)
    await EventDispatcher(behind).run_started(session_id="s1", run_id="r1")
    document = CONTRACT.stamp({"session_id": "s1", "run_id": "r1", "type": "from_the_future", "payload": {"x": 1}})
    await behind.publish(UnknownEvent(document))
    (unknown,) = publisher.of(UnknownEvent)
    assert unknown.document["traceparent"] == traceparents(publisher)[0]


async def test_a_fault_of_the_recorder_is_said_once_and_stops_nothing(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    class Odd:
        """An event that no contract knows."""

        event_id, session_id, timestamp, type = "1", "s1", "yesterday", "run_started"

    publisher = RecordingPublisher()
    behind = traced(publisher, telemetry.tracer_provider)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await behind.publish(Odd())
        await EventDispatcher(behind).run_started(session_id="s1", run_id="r1")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert publisher.of(RunStartedEvent)


def test_traced_twice_is_traced_once(telemetry: Telemetry) -> None:
    once = traced(RecordingPublisher(), telemetry.tracer_provider)
    assert traced(once) is once


def test_nothing_of_opentelemetry_is_loaded_before_it_is_asked_for() -> None:
    program = (
        "import sys, lockstep_integrations.otel, lockstep_bus\n"
        "lockstep_bus.get_event_dispatcher()\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])\n"
        "import lockstep_server.app; lockstep_server.app.create_app()\n"  # FastAPI loads it by itself
        "print('lockstep_integrations.otel.recorder' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["[]", "False"]


def test_the_environment_turns_traces_on() -> None:
    program = """
import asyncio
from lockstep_bus import get_event_dispatcher
from opentelemetry import trace
from support.traces import Telemetry
telemetry = Telemetry()
trace.set_tracer_provider(telemetry.tracer_provider)
async def main():
    run = get_event_dispatcher().session("s1", agent="a", run_id="r1")
    await run.run_started()
    await run.run_completed()
    await get_event_dispatcher().publisher.behind.close()
asyncio.run(main())
print(telemetry.tree())
"""
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        environment = os.environ | {"LOCKSTEP_TRACES": "1", "LOCKSTEP_DATA_DIR": folder, "PYTHONPATH": str(TESTS)}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True
        )
    assert done.stdout.strip() == "['invoke_agent a']"


def test_what_is_missing_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("opentelemetry", "lockstep_integrations.otel."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(TracesUnavailableError, match=r"pip install 'agui-lockstep\[otel\]'"):
        traced(RecordingPublisher())
