"""ADK runs over a real Valkey: what is stored is what was expected, also when the server dies in the middle."""

import asyncio
import signal
from pathlib import Path
from typing import Any

from lockstep_bus import EventBus, connect
from lockstep_bus.settings import BusSettings
from lockstep_events import CONTRACT
from lockstep_events.runtime.event import Event
from support.adk import Stage, Turn, agent
from support.adk_expected import expected
from support.adk_lines import lines_of
from support.adk_scenarios import CALL, weather
from support.balanced import faults
from support.valkey import ValkeyServer


async def stored(bus: EventBus) -> list[Event]:
    page = await bus.history("s1", limit=1000)
    return [CONTRACT.parse(frame.data, strict=True) for frame in page.frames]


async def test_over_the_embedded_valkey_every_event_is_stored_in_order(tmp_path: Path) -> None:
    async with connect(settings=BusSettings(data_dir=tmp_path, redis_url=None)) as bus:
        calls = [CALL, ("call_2", "weather", {"city": "Rome"}), (None, "weather", {"city": "Rome"})]
        root = agent("root", Turn(["Both."], calls=calls), Turn(["21."]), tools=[weather])
        stage = Stage(root, publisher=bus)
        await stage.play()
        assert lines_of(await stored(bus)) == expected("parallel_tools")


async def test_a_server_that_dies_during_the_run_costs_neither_the_agent_nor_the_viewer_anything() -> None:
    server = ValkeyServer("--appendonly", "yes", "--appendfsync", "always").start()
    soon = BusSettings(redis_url=server.url, publish_timeout_seconds=0.3, command_timeout_seconds=0.2)
    stops = asyncio.Event()

    async def wait() -> str:
        """Waits while the server dies."""
        stops.set()
        await asyncio.sleep(0.3)
        return "waited"

    try:
        async with connect(settings=soon) as bus:
            root = agent("root", Turn(["One ", "two."], calls=[("c1", "wait", {})]), Turn(["Three."]), tools=[wait])
            stage = Stage(root, publisher=bus)

            async def outage() -> None:
                await stops.wait()
                server.stop(signal.SIGKILL)
                await asyncio.sleep(0.6)
                await asyncio.to_thread(server.start)

            await asyncio.gather(stage.play(flush=10), outage())
            assert stage.raised is None
            kept: list[Any] = await stored(bus)
            assert not faults(kept)
            assert [kept[0].type, kept[-1].type] == ["run_started", "run_completed"]
            assert (
                "".join(each.payload.delta for each in kept if each.type == "agent_message_delta") == "One two.Three."
            )
    finally:
        server.close()
