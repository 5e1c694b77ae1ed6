"""One open stream: writes what the subscription brings, and ends in exactly one way."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from lockstep_bus.contracts import ContractTable
from lockstep_bus.frame import Frame
from lockstep_bus.gap import Gap, Opening
from lockstep_events.runtime import Contract
from starlette.types import Receive, Send

from lockstep_server import announcements, sse
from lockstep_server.metrics import Metrics
from lockstep_server.settings import ServerSettings

Ending = Literal["disconnected", "shutdown", "slow_consumer"]

# A larger write would put a whole replay into the transport's buffer at once; a smaller one costs system calls.
_WRITE_BYTES: Final = 128 * 1024


@dataclass(frozen=True, slots=True)
class Stage:
    """What every stream of a router shares."""

    contracts: ContractTable
    settings: ServerSettings
    metrics: Metrics


class Viewer:
    """A viewer of one session. Its task is the server's own: `end` interrupts it, from wherever in the same loop.

    A plain object with slots and no timer of its own, because ten thousand of them sit idle in one process: the
    `Audience` beats its heart and watches how long its writes take.
    """

    __slots__ = ("_beating", "_ending", "_headed", "_receive", "_send", "_session_id", "_stage", "_task", "_types",
                 "sending_since", "skipped", "wrote")  # fmt: skip

    def __init__(
        self, stage: Stage, session_id: str, types: frozenset[str] | None, receive: Receive, send: Send
    ) -> None:
        self._stage = stage
        self._session_id = session_id
        self._types = types
        self._receive = receive
        self._send = send
        self._task = asyncio.current_task()
        self._beating: asyncio.Task[None] | None = None
        self._ending: Ending | None = None
        self._headed = False
        self.skipped: str | None = None
        """The cursor of the newest event that the filter left out and no written id has passed."""
        self.wrote = 0.0
        """When bytes were last written, by the loop's clock."""
        self.sending_since: float | None = None
        """Since when a write has been waiting for the viewer to read."""

    @property
    def ending(self) -> Ending | None:
        """Why the stream is about to end; None while it is not."""
        return self._ending

    def end(self, why: Ending) -> None:
        """Interrupt the stream, unless it is the stream itself that says so. Only the first reason counts."""
        if self._ending is None:
            self._ending = why
            if self._task is not None and self._task is not asyncio.current_task():
                self._task.cancel()

    def cut(self) -> None:
        """Drop the connection with what is in its buffer. Returning from the application would wait for the viewer to
        read that, so a viewer that does not read would hold up the server's exit.

        ASGI has no word for this; uvicorn's `receive` belongs to an object that knows the transport. Where it does not,
        a stream that is ending already is cancelled, and the server closes the connection in its own way.
        """
        transport: Any = getattr(getattr(self._receive, "__self__", None), "transport", None)
        abort = getattr(transport, "abort", None)
        if callable(abort):
            abort()
        elif self._ending is not None and self._task is not None:
            self._task.cancel()

    def interrupted(self) -> bool:
        """Whether a cancellation that has just arrived was made by `end`; it is then taken back."""
        if self._ending is None or self._task is None:
            return False
        self._task.uncancel()
        return True

    @property
    def _contract(self) -> Contract:
        return self._stage.contracts.of(self._session_id)

    async def watch(self) -> None:
        """Wait for the viewer to go away."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.end("disconnected")

    async def open(self, opening: Opening) -> None:
        """Write the event that every stream starts with, and the gap when there is one."""
        retry = self._stage.settings.stream_retry_milliseconds
        first = announcements.started(self._contract, self._session_id, opening, retry=retry)
        if opening.gap is not None:
            first += self._missing(opening.gap)
        await self._write(first)

    async def show(self, batch: Sequence[Frame | Gap]) -> None:
        """Write everything that waits.

        A cursor behind events that were filtered out becomes known only when all before it is written: a write may be
        interrupted, and the viewer would never get what the cursor had passed.
        """
        for chunk in self._chunks(batch):
            self.skipped = None
            await self._write(chunk)
        last = batch[-1]
        if isinstance(last, Frame) and self._leaves_out(last):
            self.skipped = last.cursor

    async def close(self, *, note: str | None = None) -> None:
        """Say goodbye when there is somebody to say it to, and complete the response."""
        if self._ending in ("disconnected", "slow_consumer"):
            return
        retry = self._stage.settings.stream_retry_milliseconds
        last = b""
        if self.skipped is not None:
            last += sse.cursor_only(self.skipped)
        if self._ending is not None:
            # Spread out, so that a thousand viewers do not come back in the same instant.
            retry = random.randint(retry, 2 * retry)
            last += announcements.closing(self._contract, self._session_id, self._ending, retry=retry)
        else:
            last += (sse.comment(note) if note else b"") + sse.retry(retry)
        await self._write(last, more=False)

    def beat(self) -> asyncio.Task[None] | None:
        """Start to write a comment, or the cursor of what the filter left out. None when a write is under way."""
        if self.sending_since is not None or self._ending is not None or self.wrote == 0.0:
            return None
        skipped, self.skipped = self.skipped, None
        self._beating = asyncio.create_task(self._put(sse.cursor_only(skipped) if skipped else sse.COMMENT, more=True))
        return self._beating

    def _chunks(self, batch: Iterable[Frame | Gap]) -> Iterable[bytes]:
        """What is waiting, in as few writes as it may be."""
        parts: list[bytes] = []
        size = events = 0
        for item in batch:
            if isinstance(item, Gap):
                parts.append(self._missing(item))
            elif self._leaves_out(item):
                continue
            else:
                parts.append(sse.framed(item))
                events += 1
            size += len(parts[-1])
            if size >= _WRITE_BYTES:
                yield b"".join(parts)
                parts, size = [], 0
        if parts:
            yield b"".join(parts)
        self._stage.metrics.delivered.inc(events)

    def _leaves_out(self, frame: Frame) -> bool:
        return self._types is not None and frame.type not in self._types

    def _missing(self, gap: Gap) -> bytes:
        self._stage.metrics.gaps.labels(gap.reason).inc()
        return announcements.missing(self._contract, self._session_id, gap)

    async def _write(self, body: bytes, *, more: bool = True) -> None:
        if self._beating is not None and not self._beating.done():
            # Servers need not accept two writes at once; a heartbeat waits only when the viewer does not read.
            await asyncio.wait({self._beating})
        self._beating = None
        await self._put(body, more=more)

    async def _put(self, body: bytes, *, more: bool) -> None:
        loop = asyncio.get_running_loop()
        self.sending_since = loop.time()
        try:
            if not self._headed:
                await self._send({"type": "http.response.start", "status": 200, "headers": sse.HEADERS})
                self._headed = True
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
        except OSError:  # how servers since ASGI 2.4 say that nobody listens
            self.end("disconnected")
        finally:
            self.sending_since = None
        self.wrote = loop.time()
        self._stage.metrics.bytes_sent.inc(len(body))
