"""What publishing costs an agent in processor time, for each token and each tool call: by itself, and over Valkey."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import process_time

from bench.pairs import report
from lockstep_bus import BusSettings, EventBus
from lockstep_events import CONTRACT, Event, EventDispatcher, Publisher, Receipt, SessionDispatcher
from lockstep_events.runtime.outbox import Outbox
from support.valkey import valkey

TOKENS = 5_000
CALLS = 1_000
ROUNDS = 7


class Nowhere:
    """Takes everything at once: what is left is our own work in the agent's process."""

    async def publish(self, event: Event, /) -> Receipt:
        return Receipt(event.event_id, "e.1", duplicate=False)

    async def publish_many(self, events: list[Event]) -> list[Receipt]:
        return [Receipt(event.event_id, "e.1", duplicate=False) for event in events]


async def model() -> AsyncIterator[str]:
    """Tokens as a client library gives them: the loop turns between two."""
    for _ in range(TOKENS):
        await asyncio.sleep(0)
        yield "token "


async def listen() -> int:
    return sum([len(token) async for token in model()])


async def tell(session: SessionDispatcher) -> int:
    heard = 0
    async with session.message() as message:
        async for token in model():
            message.write(token)
            heard += len(token)
    return heard


async def tell_and_wait(session: SessionDispatcher) -> None:
    """The peer: every event awaited before the agent goes on."""
    async for token in model():
        await session.agent_message_delta(message_id="m", delta=token)


async def fetch(number: int, unit: str = "m") -> dict[str, object]:
    await asyncio.sleep(0)
    return {"number": number, "unit": unit}


async def call(tool: Callable[[int], Awaitable[object]]) -> None:
    for number in range(CALLS):
        await tool(number)


async def added(plain: Callable[[], Awaitable[object]], told: Callable[[], Awaitable[object]], outbox: Outbox) -> float:
    """Seconds that telling adds until everything is stored: the best of several rounds, each beside a plain one."""
    best = {plain: float("inf"), told: float("inf")}
    for _ in range(ROUNDS):
        for each in best:
            start = process_time()
            await each()
            assert await outbox.flush(30)
            best[each] = min(best[each], process_time() - start)
    return best[told] - best[plain]


async def measure(what: str, publisher: Publisher) -> None:
    session = EventDispatcher(publisher).session("bench", agent="monitor", run_id="r1")
    outbox = Outbox.of(publisher)
    tool = session.tool(fetch)
    token = await added(listen, lambda: tell(session), outbox) / TOKENS * 1e6
    one_call = await added(lambda: call(fetch), lambda: call(tool), outbox) / CALLS * 1e6
    for name, cost, bound in (("token", token, 20), ("tool call, three events", one_call, 100)):
        print(
            f"{what}, for each {name:<24} {cost:7.1f} µs more  (at most {bound}) {'ok' if cost <= bound else 'MISSED'}"
        )


async def main() -> None:
    await measure("in the agent", Nowhere())
    with valkey() as server:
        async with EventBus(CONTRACT, BusSettings(redis_url=server.url)) as bus:
            await measure("stored in Valkey", bus)
            session, outbox = EventDispatcher(bus).session("beside"), Outbox.of(bus)
            ours, peer = lambda: tell(session), lambda: tell_and_wait(session)
            told, awaited = [await added(listen, each, outbox) / TOKENS * 1e6 for each in (ours, peer)]
            report("a token told, beside one awaited", told, awaited, "µs", at_most=0.5)


if __name__ == "__main__":
    asyncio.run(main())
