"""A session's log as a reader sees it: a page of events after a cursor, and the judgement of that cursor."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, cast

from lockstep_bus.cursor import Cursor, new_epoch
from lockstep_bus.gap import Gap, GapReason
from lockstep_bus.keys import SessionKeys
from lockstep_bus.link import Command, Link, Reply
from lockstep_bus.scripts import script
from lockstep_bus.settings import BusSettings
from lockstep_bus.wire import Arrival, arrival

PAGE_EVENTS = 512
PAGE_BYTES = 262_144
Call = Callable[[bytes, Callable[[Link], Command]], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive events, with where the log stood in the same moment."""

    before: Cursor
    """The place before the first event of the page; the cursor that was asked for unless there is a gap."""
    arrivals: list[Arrival]
    latest: Cursor
    earliest: str | None
    gap: Gap | None

    @property
    def after(self) -> Cursor:
        """The place after the last event of the page."""
        if not self.arrivals:
            return self.before
        return Cursor(self.arrivals[-1].epoch, self.arrivals[-1].offset)


class UnknownSessionPage(Exception):
    """The server knows nothing of the session."""


class Log:
    """The log of one session."""

    def __init__(self, keys: SessionKeys, call: Call, settings: BusSettings) -> None:
        self._keys = keys
        self._call = call
        self._seconds = int(settings.retention_hours * 3600) or 1

    async def read(
        self,
        after: Cursor | None,
        *,
        start: Literal["earliest", "now"] = "earliest",
        create: bool = False,
        limit: int = PAGE_EVENTS,
    ) -> Page:
        """Read what follows a cursor, or from the earliest kept event, or nothing but the position now.

        Args:
            create: give an unknown session a position, so that a viewer who arrived first can resume from it.
            limit: most events, about; a page ends after 256 kB in any case.

        Raises:
            UnknownSessionPage: there is no such session, and `create` is false.
            BusUnavailableError: Redis did not answer in time.
        """
        keys = self._keys

        def command(link: Link) -> Command:
            return (
                *(b"EVALSHA", script("read").sha, 4, keys.log, keys.meta, keys.ids, keys.former_ids),
                *((after.epoch, after.offset) if after else ("", 0)),
                *(start, limit, PAGE_BYTES),
                *(link.identity if create else "", new_epoch(), self._seconds),
            )

        reply = await self._call(keys.channel, command)
        if reply is None:
            raise UnknownSessionPage
        return _page(cast("list[bytes]", reply), after)


def _page(reply: list[bytes], asked: Cursor | None) -> Page:
    reason, before, epoch, top, earliest = (part.decode() for part in reply[:5])
    latest = Cursor(epoch, int(top))
    gap = None
    if reason:
        gap = Gap(cast(GapReason, reason), str(asked) if asked else None, before, earliest or None, str(latest))
    entries = iter(reply[5:])
    triples = zip(entries, entries, entries, strict=True)
    arrivals = [arrival(life.decode(), int(number), block) for number, life, block in triples]
    return Page(Cursor.parse(before), arrivals, latest, earliest or None, gap)
