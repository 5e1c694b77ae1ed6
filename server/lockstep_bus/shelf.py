"""Small values beside a session's log, in the same slot: who is working on it, and what was made of it so far."""

from collections.abc import Awaitable, Callable
from typing import Final

from lockstep_bus.keys import SessionKeys
from lockstep_bus.link import Command, Link, Reply

Call = Callable[[bytes, Callable[[Link], Command]], Awaitable[Reply]]

# A value may only be renewed or dropped by whoever put it there. Repeating either is safe.
_RENEW: Final = b"""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_DROP: Final = b"""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class Shelf:
    """The values of one session, by name. Every call raises BusUnavailableError when Redis does not answer in time."""

    def __init__(self, keys: SessionKeys, call: Call) -> None:
        self._prefix = b"{" + keys.channel + b"}:shelf:"
        self._call = call

    async def get(self, name: str) -> bytes | None:
        """The value, unless it was never there or has expired."""
        key = self._key(name)
        reply = await self._call(key, lambda _link: (b"GET", key))
        return reply if isinstance(reply, bytes) else None

    async def put(self, name: str, value: bytes, *, seconds: float) -> None:
        """Set a value, whatever was there."""
        key = self._key(name)
        await self._call(key, lambda _link: (b"SET", key, value, b"PX", _milliseconds(seconds)))

    async def claim(self, name: str, value: bytes, *, seconds: float) -> bytes:
        """Set a value if there is none, and tell which is there now: claiming twice is claiming once."""
        key = self._key(name)
        await self._call(key, lambda _link: (b"SET", key, value, b"NX", b"PX", _milliseconds(seconds)))
        return await self.get(name) or b""

    async def renew(self, name: str, value: bytes, *, seconds: float) -> bool:
        """Keep a value for longer; false when it is no longer the one that was put there."""
        key = self._key(name)
        return bool(await self._call(key, lambda _link: (b"EVAL", _RENEW, 1, key, value, _milliseconds(seconds))))

    async def drop(self, name: str, value: bytes) -> bool:
        """Take a value away; false when it is no longer the one that was put there."""
        key = self._key(name)
        return bool(await self._call(key, lambda _link: (b"EVAL", _DROP, 1, key, value)))

    def _key(self, name: str) -> bytes:
        return self._prefix + name.encode()


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
