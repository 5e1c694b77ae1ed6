"""Publishing by POST to a real server: stored, repeated through faults without a double, refused in words."""

import asyncio
import json

import pytest
from lockstep_bus import BusSettingsError, BusUnavailableError, EventRejectedError, HttpPublisher, connect
from lockstep_bus.settings import BusSettings
from lockstep_events import CONTRACT
from lockstep_events.runtime import Event
from support.events import Note, NoteContract
from support.proxy import FaultProxy
from support.server import lockstep_serve


def delta(number: int) -> Event:
    return CONTRACT.make("custom_emitted", "posted", {"name": "number", "value": number})


async def test_events_arrive_once_through_a_network_that_fails() -> None:
    with lockstep_serve() as server:
        async with FaultProxy(server.port) as proxy, HttpPublisher(f"http://127.0.0.1:{proxy.port}") as publisher:
            first = await publisher.publish(delta(0))
            assert not first.duplicate
            proxy.swallow()
            event = delta(1)
            posting = asyncio.create_task(publisher.publish(event))
            await asyncio.sleep(0.3)
            proxy.cut()  # the request may or may not have been served: nobody can know
            proxy.heal()
            assert (await posting).event_id == event.event_id
            receipts = await publisher.publish_many([delta(number) for number in range(2, 50)])
            assert [receipt.duplicate for receipt in receipts] == [False] * 48
            assert (await publisher.publish(event)).duplicate
        settings = BusSettings.model_validate({"data_dir": server.environment["LOCKSTEP_DATA_DIR"], "redis_url": None})
        async with connect(settings=settings) as bus:
            frames = (await bus.history("posted")).frames
        assert [json.loads(frame.data)["payload"]["value"] for frame in frames] == list(range(50))


async def test_a_refusal_is_final_and_says_why() -> None:
    with lockstep_serve() as server:
        async with HttpPublisher(server.url, contract=NoteContract()) as publisher:
            with pytest.raises(EventRejectedError, match="refuses the event"):
                await publisher.publish(Note("abc"))


async def test_time_runs_out_with_the_last_cause() -> None:
    async with HttpPublisher("http://127.0.0.1:1", contract=NoteContract(), timeout_seconds=0.3) as publisher:
        with pytest.raises(BusUnavailableError, match=r"127\.0\.0\.1:1 did not take the event"):
            await publisher.publish(Note("abc"))
    with pytest.raises(BusSettingsError, match="'bus:80'"):
        HttpPublisher("bus:80", contract=NoteContract())
