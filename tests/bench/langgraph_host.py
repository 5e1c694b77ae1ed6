"""What `observe` adds to a LangGraph host in processor time, for each token and tool call, beside the host alone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from time import process_time
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from lockstep_events import Event, EventDispatcher, Receipt
from lockstep_integrations.langgraph import observe
from support.lang_graphs import HELLO, calling, chat
from support.scripted_chat import Turn

TOKENS, CALLS, ROUNDS = 1_000, 100, 30


class Nowhere:
    """Takes everything at once: what is left is the adapter's work, the events' and the outbox's."""

    done = Receipt("", "e.1", duplicate=False)

    async def publish(self, _event: Event, /) -> Receipt:
        return self.done

    async def publish_many(self, events: list[Event]) -> list[Receipt]:
        return [self.done] * len(events)


DISPATCHER = EventDispatcher(Nowhere())


@tool
async def look(city: str) -> str:
    """A tool that does nothing."""
    return city


async def speak() -> None:
    """A host that streams: its model makes chunks and callbacks with and without us."""
    async for _ in chat(Turn(*["token "] * TOKENS)).astream(HELLO[0], stream_mode="messages"):
        pass


async def ask() -> None:
    """A host that waits for the whole answer: only with `observe` its model streams at all."""
    await chat(Turn(*["token "] * TOKENS)).ainvoke(HELLO[0])


async def call() -> None:
    """A host that has many tools called at once."""
    calls: Any = [{"name": "look", "args": {"city": "Paris"}, "id": f"c{number}"} for number in range(CALLS)]
    await calling(look).ainvoke({"messages": [AIMessage(content="", tool_calls=calls)]})


async def once(host: Callable[[], Awaitable[None]], *, on: bool) -> float:
    start = process_time()
    watch: Any = observe(DISPATCHER, session_id="bench") if on else nullcontext()
    async with watch:
        await host()
    return process_time() - start


async def measure(what: str, host: Callable[[], Awaitable[None]], count: int, at_most: float | None) -> None:
    """The least of several rounds with and without, in turn, so that a busy machine slows both."""
    with_us, alone = float("inf"), float("inf")
    for _ in range(ROUNDS):
        alone = min(alone, await once(host, on=False))
        with_us = min(with_us, await once(host, on=True))
    mine, theirs = with_us / count * 1e6, alone / count * 1e6
    verdict = "" if at_most is None else f"(at most {at_most} more) {'ok' if mine - theirs <= at_most else 'MISSED'}"
    print(f"{what:<48} {mine:7.1f} µs  alone {theirs:7.1f} µs  {mine - theirs:6.1f} µs more  {verdict}")


async def main() -> None:
    await measure("each token, a host that streams", speak, TOKENS, 20)
    await measure("each token, a host that does not (LangChain's)", ask, TOKENS, None)
    await measure("each tool call, three events", call, CALLS, 100)


if __name__ == "__main__":
    asyncio.run(main())
