"""One viewer of a thread: the frames of a run from its start, from where the viewer was, or from now on."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from lockstep_bus import EventBus, Frame, Gap, Opening, Subscription
from lockstep_bus.cursor import Cursor
from lockstep_integrations.ag_ui import Place, Profile, Projector
from lockstep_integrations.ag_ui.projector import Sent, after

from lockstep_server import sse
from lockstep_server.ag_ui_runs import Run, Runs
from lockstep_server.ag_ui_threads import Base, Threads

LOST = {
    "type": "RUN_ERROR",
    "message": "Events of this run are no longer kept; connect again to see where it is",
    "code": "EVENTS_LOST",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a viewer asked for."""

    agent: str
    thread_id: str
    session_id: str
    run_id: str | None
    """None: whatever run is on."""
    place: Place | None
    """After which frame; None: from the start, or, when the viewer joins, from now on."""
    join: bool
    """Begin with an opening that tells what has been."""
    profile: Profile


class View:
    """The stream of one viewer. `stream` gives the bytes of the answer until the run has ended."""

    def __init__(
        self,
        bus: EventBus,
        runs: Runs,
        threads: Threads,
        wish: Wish,
        *,
        heartbeat_seconds: float,
        stop: asyncio.Event,
    ) -> None:
        self._bus, self._runs, self._threads, self._wish, self._stop = bus, runs, threads, wish, stop
        self._patience = min(heartbeat_seconds, runs.lease_seconds)
        self._joins = wish.join
        self._target: Cursor | None = None
        """The event up to which the viewer has seen everything, or is told by an opening."""

    async def stream(self) -> AsyncIterator[bytes]:
        """Frames as they come, everything that waits in one piece, and comments when nothing does."""
        yield sse.COMMENT  # whoever waits for the head of the answer has it now
        base = await self._base()
        projector = Projector(base.thread, self._wish.run_id, profile=self._wish.profile)
        async with self._bus.subscribe(self._wish.session_id, after=base.cursor) as subscription:
            opening = subscription.opening
            if not self._reachable(opening, base):
                yield _written([(opening.cursor, LOST)])
                return
            at = Cursor.parse(base.cursor or opening.cursor)
            if self._target is not None and at.offset >= self._target.offset:
                yield _written(self._arrived(projector))
            async for batch in self._batches(subscription, projector):
                yield _written(self._take(projector, batch)) if batch else sse.COMMENT
                if projector.ended:
                    return

    async def _batches(
        self, subscription: Subscription, projector: Projector
    ) -> AsyncIterator[list[Frame | Gap] | None]:
        """What arrives; None when nothing has for a while. Ends with the subscription, and with the server."""
        stopped = asyncio.ensure_future(self._stop.wait())
        waiting = asyncio.ensure_future(anext(subscription, None))
        try:
            while not projector.ended:
                done, _ = await asyncio.wait(
                    {waiting, stopped}, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED
                )
                if waiting in done:
                    batch = waiting.result()
                    if batch is None:
                        return
                    yield batch
                    waiting = asyncio.ensure_future(anext(subscription, None))
                elif stopped in done:
                    return
                else:
                    await self._find_out(projector)
                    yield None
        finally:
            stopped.cancel()
            waiting.cancel()
            await asyncio.gather(stopped, waiting, return_exceptions=True)

    async def _base(self) -> Base:
        """Where the thread is folded from: nothing that the viewer still has to see may be in it."""
        wish = self._wish
        place = wish.place
        if place is not None:
            cursor = Cursor.parse(place.cursor)
            inside = place.part and not place.in_opening
            before = Cursor(cursor.epoch, cursor.offset - 1) if inside else cursor
            return await self._threads.base(wish.session_id, wish.thread_id, before=before)
        latest = await self._threads.base(wish.session_id, wish.thread_id)
        if self._joins or wish.run_id in latest.thread.ended:
            self._joins = True
            return latest
        return await self._threads.base(wish.session_id, wish.thread_id, without=wish.run_id)

    def _reachable(self, opening: Opening, base: Base) -> bool:
        """Whether the log has all that lies between the base and where the viewer is."""
        latest, place = Cursor.parse(opening.latest), self._wish.place
        if base.cursor is not None and opening.gap is not None:
            return False
        if place is None:
            self._target = latest if self._joins else None
            return True
        self._target = Cursor.parse(place.cursor)
        complete = base.cursor is not None or Cursor.parse(opening.cursor).offset == 0
        return complete and self._target.epoch == latest.epoch and self._target.offset <= latest.offset

    def _arrived(self, projector: Projector) -> list[Sent]:
        """What there is to say when everything up to the target has been folded."""
        place = self._wish.place
        if place is None or place.in_opening:
            return after(place, projector.open(str(self._target)))
        projector.settle()
        return []

    def _take(self, projector: Projector, batch: Iterable[Frame | Gap]) -> list[Sent]:
        sent: list[Sent] = []
        for item in batch:
            if isinstance(item, Gap):
                projector.ended = True
                return [*sent, (item.resumes_at, LOST)]
            event = json.loads(item.data)
            ahead = 1 if self._target is None else Cursor.parse(item.cursor).offset - self._target.offset
            if ahead > 0:
                sent += projector.take(item.cursor, event)
            elif ahead < 0:
                projector.thread.fold(item.cursor, event)
            elif self._wish.place is not None and self._wish.place.part and not self._wish.place.in_opening:
                sent += after(self._wish.place, projector.take(item.cursor, event))
            else:
                projector.thread.fold(item.cursor, event)
                sent += self._arrived(projector)
        return sent

    async def _find_out(self, projector: Projector) -> None:
        """A silent run may be one whose worker has died."""
        run_id = projector.run_id
        if run_id is None:
            return
        run = Run(self._wish.agent, self._wish.thread_id, run_id)
        if await self._runs.known(run) and not await self._runs.worked_on(run):
            # A worker says how a run ended before it lets go of it, so what the log has now is all there will be.
            now = await self._threads.now(run.session_id, run.thread_id)
            if run_id not in now.thread.ended:
                await self._runs.abandon(run)


def _written(sent: Iterable[Sent]) -> bytes:
    return b"".join(b"id: %b\ndata: %b\n\n" % (id.encode(), _json(frame)) for id, frame in sent)


def _json(frame: dict[str, Any]) -> bytes:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
