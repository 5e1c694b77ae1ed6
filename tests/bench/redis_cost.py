"""What one published event costs Redis: its processor and its memory, beside a plain PUBLISH that keeps nothing.

The inputs of docs/scaling.md. Redis's own count of its processor time is used, so the publisher's speed plays no part.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from lockstep_bus import EventBus, connect
from lockstep_events import CONTRACT, AgentMessageDeltaEvent
from redis.asyncio import from_url
from support.valkey import ValkeyServer

EVENTS = 20_000
DELTA = "twelve words of a sentence that an agent says, more or less, at once"


def connected(server: ValkeyServer) -> Any:
    """A client of the usual kind; its own types are partly unknown."""
    client: Any = from_url(server.url)
    return client


def event(session: str, number: int) -> AgentMessageDeltaEvent:
    """A delta of about 370 bytes on the wire, as an agent sends 40 of a second."""
    payload = {"message_id": "m1", "delta": f"{number} {DELTA}"}
    made = CONTRACT.make("agent_message_delta", session, payload, agent="planner", run_id="run-1")
    assert isinstance(made, AgentMessageDeltaEvent)
    return made


def figure(server: ValkeyServer, section: str, *names: str) -> float:
    """The sum of figures of INFO."""
    text = server.command("INFO", section).decode()
    return sum(float(found) for name in names for found in re.findall(rf"^{name}:([\d.]+)", text, re.MULTILINE))


async def microseconds(server: ValkeyServer, publish: Callable[[], Awaitable[None]]) -> float:
    """Redis's processor time for one event, while `publish` publishes EVENTS of them."""
    before = figure(server, "cpu", "used_cpu_user", "used_cpu_sys")
    await publish()
    return (figure(server, "cpu", "used_cpu_user", "used_cpu_sys") - before) / EVENTS * 1e6


async def measure(server: ValkeyServer) -> None:
    """Print one line a way of publishing."""
    client = connected(server)
    async with connect(server.url) as bus:
        blocks = [CONTRACT.encode(event("plain", number)) for number in range(EVENTS)]

        async def plain() -> None:
            for block in blocks:
                await client.publish("session:plain", block)

        def ours(session: str, together: int) -> Callable[[], Awaitable[None]]:
            async def publish() -> None:
                for start in range(0, EVENTS, together):
                    await bus.publish_many([event(session, start + number) for number in range(together)])

            return publish

        peer = await microseconds(server, plain)
        print(f"an event of {len(blocks[0])} bytes of JSON costs Redis:")
        print(f"  plain PUBLISH, kept nowhere           {peer:6.1f} us")
        for together in (1, 10, 50):
            found = await microseconds(server, ours(f"s{together}", together))
            print(f"  Lockstep, {together:>2} in a round trip           {found:6.1f} us   {found / peer:.2f} times")
        await memory(server, bus)
        for processes in (10, 100):
            await watched(server, bus, processes)
    await client.aclose()


async def memory(server: ValkeyServer, bus: EventBus) -> None:
    """Print what a kept event takes."""
    before = figure(server, "memory", "used_memory")
    for start in range(0, EVENTS, 50):
        await bus.publish_many([event("memory", start + number) for number in range(50)])
    taken = figure(server, "memory", "used_memory") - before
    print(f"  memory while it is kept               {taken / EVENTS:6.0f} bytes")


async def watched(server: ValkeyServer, bus: EventBus, processes: int) -> None:
    """Print what each server process that watches the session adds."""
    listeners: list[Any] = []
    for _ in range(processes):
        listener: Any = connected(server).pubsub()
        await listener.subscribe("session:watched")
        listeners.append(listener)
    drains = [asyncio.create_task(drain(listener)) for listener in listeners]

    async def publish() -> None:
        for start in range(0, EVENTS // 10, 10):
            await bus.publish_many([event("watched", start + number) for number in range(10)])

    found = await microseconds(server, publish) * 10  # a tenth of the events
    for task in drains:
        task.cancel()
    print(f"  watched by {processes:>3} server processes        {found:6.1f} us   {found / processes:.2f} us a process")


async def drain(listener: Any) -> None:  # redis-py's own types are partly unknown
    """Read what comes, as fast as it comes."""
    async for _ in listener.listen():
        pass


def main() -> None:
    """One Valkey with its append-only file, as in production."""
    server = ValkeyServer("--appendonly", "yes", "--appendfsync", "everysec").start()
    try:
        asyncio.run(measure(server))
    finally:
        server.close()


if __name__ == "__main__":
    main()
