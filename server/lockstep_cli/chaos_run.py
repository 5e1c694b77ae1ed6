"""A chaos run: publish, watch, leave, come back and cut, and count what every viewer saw."""

import asyncio
import json
import random
import re
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol

from lockstep_bus import BusUnavailableError, EventBus, Gap, HttpPublisher
from lockstep_events.runtime import Contract, Event

from lockstep_cli.chaos_report import Report, Tally
from lockstep_cli.remote import RemoteSession

_BATCH = 100
_CUT_SECONDS = (0.1, 0.4)
_NUMBER = re.compile(rb'"value":(\d+)')


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    events: int
    sessions: int
    viewers: int
    """For each session."""
    seed: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that reached a viewer: an event's number, or None for an announced gap."""

    cursor: str
    number: int | None


class Field(Protocol):
    """The deployment under test."""

    async def publish(self, events: list[Event], /) -> None: ...
    def watch(self, session: str, after: str | None, /) -> AsyncGenerator[Seen]: ...
    async def cut(self) -> int: ...


class BusField:
    """A deployment that is reached through Redis."""

    def __init__(self, bus: EventBus, *, may_cut: bool) -> None:
        self._bus = bus
        self._may_cut = may_cut

    async def publish(self, events: list[Event], /) -> None:
        await self._bus.publish_many(events)

    async def watch(self, session: str, after: str | None, /) -> AsyncGenerator[Seen]:
        async with self._bus.subscribe(session, after=after) as subscription:
            opening = subscription.opening
            yield Seen(opening.cursor, None if opening.gap else -1)
            async for batch in subscription:
                for item in batch:
                    yield (
                        Seen(item.resumes_at, None) if isinstance(item, Gap) else Seen(item.cursor, _number(item.data))
                    )

    async def cut(self) -> int:
        return await self._bus.cut_subscriptions() if self._may_cut else 0


class ServerField:
    """A deployment that is watched through its server; it is cut through Redis, where that may be."""

    def __init__(self, url: str, token: str | None, contract: Contract, bus: EventBus | None) -> None:
        self._url = url
        self._token = token
        self._publisher = HttpPublisher(url, token=token, contract=contract)
        self._bus = bus

    async def publish(self, events: list[Event], /) -> None:
        await self._publisher.publish_many(events)

    async def watch(self, session: str, after: str | None, /) -> AsyncGenerator[Seen]:
        messages = RemoteSession(self._url, session, self._token).follow(after=after, start="earliest")
        async for message in messages:
            kind = json.loads(message.data)["type"]
            if kind == "custom_emitted":
                yield Seen(message.cursor, _number(message.data.encode()))
            elif kind != "session_stream_closing":
                yield Seen(message.cursor, None if kind == "session_stream_gap" else -1)

    async def cut(self) -> int:
        return await self._bus.cut_subscriptions() if self._bus else 0


async def run_chaos(plan: Plan, field: Field, contract: Contract, progress: Callable[[Report], None]) -> Report:
    """Carry the plan out; ends when every viewer has seen its session's last event."""
    report, chance, started = Report(plan.seed), random.Random(plan.seed), time.monotonic()
    run = f"chaos-{plan.seed}-{time.time_ns()}"
    shares = [plan.events // plan.sessions + (n < plan.events % plan.sessions) for n in range(plan.sessions)]
    sessions = {f"{run}-{number}": share for number, share in enumerate(shares)}
    async with asyncio.TaskGroup() as everything:
        cutting = everything.create_task(_cut(field, report, random.Random(chance.random()), progress))
        async with asyncio.TaskGroup() as work:
            for session, share in sessions.items():
                for _ in range(plan.viewers):
                    report.tallies.append(tally := Tally())
                    work.create_task(_watch(field, session, share, tally, report, random.Random(chance.random())))
                work.create_task(_publish(field, contract, session, share, report))
        cutting.cancel()
    report.seconds = time.monotonic() - started
    return report


async def _publish(field: Field, contract: Contract, session: str, count: int, report: Report) -> None:
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        events = [contract.make("custom_emitted", session, {"name": "chaos", "value": number}) for number in numbers]
        while True:
            try:
                await field.publish(events)
                break
            except BusUnavailableError:
                report.refused += 1
        report.sent += len(events)


async def _watch(field: Field, session: str, count: int, tally: Tally, report: Report, chance: random.Random) -> None:
    cursor: str | None = None
    while tally.next < count:
        stay = chance.randrange(1, 5_000)
        try:
            async with aclosing(field.watch(session, cursor)) as seen:
                async for item in seen:
                    cursor = item.cursor
                    if item.number is None:
                        tally.gap()
                    elif item.number >= 0:
                        tally.event(item.number)
                        stay -= 1
                    if stay <= 0 or tally.next >= count:
                        break
        except BusUnavailableError:
            await asyncio.sleep(0.2)
        if tally.next < count:
            report.departures += 1
            await asyncio.sleep(chance.uniform(0, 0.05))


async def _cut(field: Field, report: Report, chance: random.Random, progress: Callable[[Report], None]) -> None:
    while True:
        await asyncio.sleep(chance.uniform(*_CUT_SECONDS))
        try:
            report.cuts += await field.cut()
        except BusUnavailableError:
            report.refused += 1
        progress(report)


def _number(data: bytes) -> int:
    match = _NUMBER.search(data)
    return int(match[1]) if match else -1
