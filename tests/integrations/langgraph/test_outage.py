"""A real Valkey that is killed while a graph runs: the graph ends as always, and the whole run is there afterwards."""

import asyncio

from langchain_core.tools import tool
from lockstep_bus import BusSettings, EventBus
from lockstep_events import CONTRACT, EventDispatcher
from lockstep_events.runtime.outbox import Outbox
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.langgraph import observe
from support.balanced import faults
from support.lang_graphs import FINE, HELLO, agent
from support.observed import CONFIG
from support.scripted_chat import Turn
from support.told import told
from support.valkey import valkey

ASKS = Turn("Let me see.", calls=(("c1", "outage", ('{"city": "Paris"}',)),))


async def test_nothing_of_the_run_is_missing() -> None:
    with valkey("--appendonly", "yes", "--appendfsync", "always") as server:

        @tool
        async def outage(city: str) -> str:
            """Kills the server behind the bus."""
            await asyncio.to_thread(server.stop)
            return f"{city}: sunny"

        settings = BusSettings(redis_url=server.url, publish_timeout_seconds=0.3, command_timeout_seconds=0.2)
        async with EventBus(CONTRACT, settings) as bus:
            with observe(EventDispatcher(bus), session_id="s1"):
                state = await asyncio.wait_for(agent(outage, ASKS, FINE).ainvoke(HELLO[0], CONFIG), 10)
            assert state["messages"][-1].content == "It is sunny."
            await asyncio.sleep(0.5)  # long enough for the bus to give up, and for the outbox to try again
            await asyncio.to_thread(server.start)
            assert await Outbox.of(bus).flush(20)
            kept = [CONTRACT.parse(frame.data) for frame in (await bus.history("s1", limit=1000)).frames]
    assert not faults(kept)

    @tool("outage")
    async def harmless(city: str) -> str:
        """The same without the outage."""
        return f"{city}: sunny"

    publisher = RecordingPublisher()
    with observe(EventDispatcher(publisher), session_id="s1"):
        await agent(harmless, ASKS, FINE).ainvoke(HELLO[0], CONFIG)
    assert told(kept) == told(publisher.events)
