"""The list of sessions: an index by the time of last use, and what each log says of itself."""

import asyncio
import contextlib
import time
from collections.abc import Iterable

from lockstep_bus.history import SessionInfo
from lockstep_bus.keys import Namespace
from lockstep_bus.log import Call
from lockstep_bus.settings import BusSettings

_NOTE_SECONDS = 5.0
_REMEMBERED = 10_000


class Registry:
    """Which sessions exist. It follows the logs within seconds; the logs themselves are the truth."""

    def __init__(self, call: Call, settings: BusSettings) -> None:
        self._call = call
        self._namespace = Namespace(settings.namespace)
        self._seconds = settings.retention_hours * 3600
        self._noted: dict[str, float] = {}

    async def note(self, session_ids: Iterable[str]) -> None:
        """Remember that sessions are in use, each at most once in some seconds. Never fails: a publish succeeded."""
        now = time.time()
        due = [session_id for session_id in session_ids if now - self._noted.get(session_id, 0) >= _NOTE_SECONDS]
        if not due:
            return
        if len(self._noted) > _REMEMBERED:
            self._noted.clear()
        self._noted.update(dict.fromkeys(due, now))
        index = self._namespace.index
        pairs = [part for session_id in due for part in (now, session_id)]
        with contextlib.suppress(Exception):
            await self._call(index, lambda _link: (b"ZADD", index, b"GT", *pairs))
            await self._call(index, lambda _link: (b"ZREMRANGEBYSCORE", index, b"-inf", now - 2 * self._seconds))

    async def newest(self, limit: int) -> list[SessionInfo]:
        """The sessions with events, the most recently used first."""
        index = self._namespace.index
        names = await self._call(index, lambda _link: (b"ZRANGE", index, 0, limit - 1, b"REV"))
        found = await asyncio.gather(*(self._describe(name.decode()) for name in names))
        return sorted((info for info in found if info), key=lambda info: info.last_activity, reverse=True)

    async def forget(self, session_id: str) -> None:
        """Take one session off the list."""
        self._noted.pop(session_id, None)
        index = self._namespace.index
        await self._call(index, lambda _link: (b"ZREM", index, session_id))

    async def _describe(self, session_id: str) -> SessionInfo | None:
        keys = self._namespace.session(session_id)
        epoch, top, activity = await self._call(keys.channel, lambda _link: (b"HMGET", keys.meta, b"e", b"s", b"a"))
        if epoch is None or not int(top):
            return None
        events = await self._call(keys.channel, lambda _link: (b"XLEN", keys.log))
        return SessionInfo(session_id, events, f"{epoch.decode()}.{int(top)}", int(activity or 0) / 1000)
