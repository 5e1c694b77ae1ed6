"""The outbox: every text arrives in order, whatever the bus behind it does, and whoever publishes from wherever."""

import asyncio
import itertools
import logging
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lockstep_events import Event, Receipt, RunSuccessOutcome, SyncEventDispatcher, SyncSessionDispatcher
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.testing import RecordingPublisher
from support.outages import Bus, Handing, SyncBus


def session_of(outbox: Outbox, session_id: str = "s") -> SyncSessionDispatcher:
    return SyncEventDispatcher(outbox).session(session_id)


MOODS = st.lists(st.sampled_from(["up", "down", "half", "lost answer"]), max_size=12)
SAID = st.lists(st.tuples(st.sampled_from("abc"), st.text("xyzäß€", max_size=5), st.booleans()), max_size=60)


@settings(max_examples=60, deadline=None)
@given(moods=MOODS, said=SAID, merge_after=st.integers(0, 5))
def test_no_text_is_lost_and_order_is_kept(
    moods: list[str], said: list[tuple[str, str, bool]], merge_after: int
) -> None:
    bus = Bus(moods)
    outbox = Outbox(bus, merge_after=merge_after, shortest_pause=0.0001)

    async def speak() -> None:
        session = session_of(outbox)
        for number, (message, delta, pause) in enumerate(said):
            session.agent_message_delta(message_id=message, delta=delta)
            if number % 7 == 6:
                session.agent_message_completed(message_id=f"{number}")
            if pause:
                await asyncio.sleep(0)
        assert await outbox.flush()

    asyncio.run(speak())
    expected: dict[str, str] = defaultdict(str)
    for message, delta, _ in said:
        expected[message] += delta
    assert bus.texts == dict(expected)
    assert [each.message_id for each in bus.payloads("agent_message_completed")] == [
        str(number) for number in range(len(said)) if number % 7 == 6
    ]
    runs = [message for message, _ in itertools.groupby(_order(said))]
    assert [message for message, _ in itertools.groupby(_seen(bus))] == runs


def _order(said: list[tuple[str, str, bool]]) -> list[str]:
    return [name for n, (message, *_) in enumerate(said) for name in ([message, str(n)] if n % 7 == 6 else [message])]


def _seen(bus: Bus) -> list[str]:
    events: list[Any] = [*bus.events]
    return [event.payload.message_id for event in events]


@settings(max_examples=30, deadline=None)
@given(said=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3000)), min_size=5, max_size=60))
def test_what_does_not_fit_is_announced_where_it_is_missing(said: list[tuple[str, int]]) -> None:
    bus = Bus(["down"] * 3)
    outbox = Outbox(bus, limit=20_000, shortest_pause=0.0001)

    async def speak() -> None:
        session = session_of(outbox)
        for message, length in said:
            session.agent_message_delta(message_id=message, delta="x" * length)
        assert await outbox.flush()

    asyncio.run(speak())
    lost = sum(each.details["events"] for each in bus.payloads("error_occurred"))
    assert all(each.code == "EVENTS_LOST" for each in bus.payloads("error_occurred"))
    assert len(bus.payloads("agent_message_delta")) + lost == len(said)
    assert sum(map(len, bus.texts.values())) <= 20_000
    if lost:
        assert "agent_message_delta" in bus.payloads("error_occurred")[0].message


async def test_starts_and_ends_have_room_where_deltas_have_none() -> None:
    bus = Bus(["down"] * 2)
    outbox = Outbox(bus, limit=10_000, shortest_pause=0.0001)
    session = session_of(outbox)
    session.agent_message_started(message_id="m")
    for _ in range(100):
        session.agent_message_delta(message_id="m", delta="x" * 500)
        session.tool_call_args_delta(tool_call_id="t", delta="{}")
    session.agent_message_completed(message_id="m")
    assert await outbox.flush()
    assert bus.events[-1].type == "agent_message_completed"
    assert bus.events[-2].type == "error_occurred"


async def test_an_outage_is_logged_once_and_merges_deltas(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bus = Bus(["down"] * 5)
    outbox = Outbox(bus, merge_after=2, shortest_pause=0.001)
    session = session_of(outbox)
    for number in range(1000):
        session.agent_message_delta(message_id="m", delta=f"{number} ")
    assert await outbox.flush()
    assert bus.texts == {"m": "".join(f"{number} " for number in range(1000))}
    assert len(bus.events) == 3
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_one_refused_event_does_not_hold_up_the_others() -> None:
    class Picky(Bus):
        async def publish_many(self, events: Sequence[Event]) -> list[Receipt]:
            if any(event.type == "state_snapshot" for event in events):
                raise ValueError("too large")
            return await super().publish_many(events)

    bus = Picky()
    outbox = Outbox(bus, shortest_pause=0.0001)
    session = session_of(outbox)
    session.run_started(run_id="r")
    session.state_snapshot(snapshot=1)
    session.run_completed(run_id="r", outcome=RunSuccessOutcome(type="success"))
    assert await outbox.flush()
    assert [event.type for event in bus.events] == ["run_started", "error_occurred", "run_completed"]
    assert bus.payloads("error_occurred")[0].details["types"] == {"state_snapshot": 1}


def test_several_loops_one_after_another() -> None:
    bus = Bus()
    outbox = Outbox.of(bus)

    async def speak(text: str) -> None:
        session_of(outbox).agent_message_delta(message_id="m", delta=text)
        if text == "b":
            await asyncio.sleep(0)

    for text in "abc":
        asyncio.run(speak(text))
    assert outbox.flush_sync()
    assert bus.texts == {"m": "abc"}


async def test_threads_publish_through_the_programs_loop() -> None:
    bus = Bus()
    outbox = Outbox.of(bus)
    session_of(outbox).agent_message_delta(message_id="m", delta="0")

    def speak(name: str) -> None:
        for number in range(50):
            session_of(outbox).agent_message_delta(message_id=name, delta=f"{number} ")

    threads = [threading.Thread(target=speak, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert await outbox.flush()
    whole = "".join(f"{number} " for number in range(50))
    assert bus.texts == {"m": "0", "a": whole, "b": whole, "c": whole}
    assert bus.loops == {asyncio.get_running_loop()}


@pytest.mark.parametrize("kind", [Bus, SyncBus, Handing])
def test_without_a_loop(kind: type[Bus]) -> None:
    bus = kind()
    outbox = Outbox.of(bus)
    for number in range(20):
        session_of(outbox).agent_message_delta(message_id="m", delta=f"{number} ")
    assert outbox.flush_sync()
    assert bus.texts == {"m": "".join(f"{number} " for number in range(20))}


@pytest.mark.parametrize("kind", [SyncBus, Handing])
async def test_a_plain_publisher_never_runs_on_the_programs_loop(kind: type[Bus]) -> None:
    bus = kind()
    outbox = Outbox.of(bus)
    session_of(outbox).agent_message_delta(message_id="m", delta="x")
    assert await outbox.flush()
    assert bus.texts == {"m": "x"}
    assert asyncio.get_running_loop() not in bus.loops


def test_a_loop_that_stopped_with_work_left() -> None:
    bus = Bus()
    outbox = Outbox.of(bus)
    loop = asyncio.new_event_loop()

    async def speak() -> None:
        session_of(outbox).agent_message_delta(message_id="m", delta="a")

    loop.run_until_complete(speak())
    session_of(outbox).agent_message_delta(message_id="m", delta="b")
    assert outbox.flush_sync()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    assert bus.texts == {"m": "ab"}


def test_one_outbox_for_each_publisher() -> None:
    first, second = Bus(), Bus()
    outbox = Outbox.of(first)
    assert Outbox.of(first) is outbox
    assert Outbox.of(outbox) is outbox
    assert Outbox.of(second) is not outbox


def test_a_recording_has_everything_at_once() -> None:
    recording = RecordingPublisher()
    receipt = session_of(Outbox.of(recording)).agent_message_delta(message_id="m", delta="x")
    assert recording.types == ["agent_message_delta"]
    assert receipt.event_id == recording.events[0].event_id


PROGRAM = """
import asyncio, sys
from lockstep_events import SyncEventDispatcher, Receipt
from lockstep_events.runtime.outbox import Outbox

class Slow:
    async def publish(self, event):
        await asyncio.sleep(0.05)
        await asyncio.get_running_loop().run_in_executor(None, print, event.payload.delta)
        return Receipt(event.event_id, "e.1", False)

outbox = Outbox.of(Slow())
session = SyncEventDispatcher(outbox).session("s")
def speak():
    for text in "abc":
        session.agent_message_delta(message_id="m", delta=text)
async def main():
    speak()
{0}
"""


FORK = """speak()
import os, time
if os.fork() == 0:
    session.agent_message_delta(message_id="m", delta="child")
    sys.stdout.flush()
    outbox.flush_sync()
    sys.stdout.flush()
    os._exit(0)
os.wait()"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_starts_with_nothing() -> None:
    program = [sys.executable, "-W", "ignore", "-c", PROGRAM.replace("{0}", FORK)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == ["a", "b", "c", "child"]


@pytest.mark.parametrize("how", ["speak()", "asyncio.run(main())"])
def test_the_end_of_the_process_waits(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{0}", how)], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["a", "b", "c"]
