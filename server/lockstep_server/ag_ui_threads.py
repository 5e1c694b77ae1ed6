"""Threads as the log and its checkpoints tell them: folded from the nearest place that is known."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from lockstep_bus import EventBus
from lockstep_bus.cursor import Cursor
from lockstep_events.runtime import Event, Receipt
from lockstep_events.runtime.ag_ui import AgUiCodec
from lockstep_integrations.ag_ui import Thread

CHECKPOINTS = ("before", "latest")
"""Before the run that is on, and after it or in the middle of it."""
EVENTS_BETWEEN = 1000
"""A run of more events than this gets checkpoints on its way, or sooner where the log keeps little."""


@dataclass(frozen=True, slots=True)
class Base:
    """A thread as it was after one event; None: before the first one."""

    thread: Thread
    cursor: str | None


class Threads:
    """The threads of a bus."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._remembered = bus.settings.retention_hours * 3600 or 86400.0
        self.events_between = max(1, min(EVENTS_BETWEEN, bus.settings.retention_events // 4))

    async def base(
        self, session_id: str, thread_id: str, *, before: Cursor | None = None, without: str | None = None
    ) -> Base:
        """The latest checkpoint of a thread: not after `before`, or from before the run `without` began."""
        best = Base(Thread(self._codec(session_id), thread_id), None)
        for name in CHECKPOINTS:
            saved = await self._bus.shelf(session_id).get(f"thread:{name}")
            if saved is None:
                continue
            document = json.loads(saved)
            cursor = Cursor.parse(document["cursor"])
            if before is not None and (cursor.epoch != before.epoch or cursor.offset > before.offset):
                continue
            thread = Thread.load(self._codec(session_id), thread_id, document["thread"])
            if without is not None and (without in thread.live or without in thread.ended):
                continue
            if best.cursor is None or Cursor.parse(best.cursor).offset < cursor.offset:
                best = Base(thread, document["cursor"])
        return best

    async def now(self, session_id: str, thread_id: str) -> Base:
        """The thread with everything that the log has."""
        return await self._caught_up(session_id, await self.base(session_id, thread_id))

    async def follow(self, session_id: str, base: Base, published: Iterable[tuple[Receipt, Event]]) -> Base:
        """The thread after events that have just been published, and whatever others published between them."""
        for receipt, event in published:
            there = Cursor.parse(receipt.cursor)
            here = Cursor(there.epoch, 0) if base.cursor is None else Cursor.parse(base.cursor)
            if there == Cursor(here.epoch, here.offset + 1):
                base.thread.fold(receipt.cursor, json.loads(self._bus.contracts.of(session_id).encode(event)))
                base = Base(base.thread, receipt.cursor)
            elif there.epoch != here.epoch or there.offset > here.offset:
                base = await self._caught_up(session_id, base)
        return base

    async def _caught_up(self, session_id: str, base: Base) -> Base:
        thread, cursor = base.thread, base.cursor
        after = cursor
        while True:
            page = await self._bus.history(session_id, after=after, limit=1000)
            if page.gap is not None and page.gap.reason != "trimmed":
                # Another life of the session: what was known of the old one is not true of this one.
                thread, cursor = Thread(self._codec(session_id), thread.thread_id), None
            for frame in page.frames:
                thread.fold(frame.cursor, json.loads(frame.data))
                cursor = frame.cursor
            if page.next is None:
                return Base(thread, cursor)
            after = page.next

    def _codec(self, session_id: str) -> AgUiCodec:
        codec: AgUiCodec = self._bus.contracts.of(session_id).ag_ui
        return codec

    async def save(self, session_id: str, base: Base, name: str) -> None:
        """Keep a checkpoint, so that the thread outlives what the log trims."""
        if base.cursor is not None:
            document = {"cursor": base.cursor, "thread": base.thread.save()}
            value = json.dumps(document, separators=(",", ":")).encode()
            await self._bus.shelf(session_id).put(f"thread:{name}", value, seconds=self._remembered)
