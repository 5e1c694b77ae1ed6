"""Names on the server: the channel and the keys of a session, all in one slot of a cluster."""

import re
from dataclasses import dataclass

from lockstep_bus.errors import SessionIdError

_SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}", re.ASCII)
SLOTS = 16384


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """What one session is called on the server.

    The keys carry the whole channel name as their hash tag, so channel and keys share a slot, with a namespace too.
    """

    channel: bytes
    log: bytes
    meta: bytes
    ids: bytes
    former_ids: bytes


@dataclass(frozen=True, slots=True)
class Namespace:
    """The prefix under which one deployment keeps everything."""

    prefix: str = ""

    def session(self, session_id: str) -> SessionKeys:
        """The names of one session.

        Raises:
            SessionIdError: the text is not a session id; nothing else may become part of a key.
        """
        if not _SESSION_ID.fullmatch(session_id):
            raise SessionIdError(
                f"{session_id[:140]!r} is not a session id: 1 to 128 of A-Z a-z 0-9 . _ : @ -, "
                "the first a letter or digit"
            )
        channel = f"{self.prefix}session:{session_id}".encode()
        tag = b"{" + channel + b"}:"
        return SessionKeys(channel, tag + b"log", tag + b"meta", tag + b"ids", tag + b"ids1")

    @property
    def broadcast(self) -> bytes:
        """The channel that reaches every listener: no log, no cursor."""
        return f"{self.prefix}broadcast".encode()

    @property
    def index(self) -> bytes:
        """A sorted set of the session ids by the time of their last activity."""
        return f"{self.prefix}lockstep:sessions".encode()


def slot_of(name: bytes) -> int:
    """The cluster slot of a key or channel: CRC16/XMODEM of its hash tag, or of all of it."""
    start = name.find(b"{")
    if start >= 0:
        end = name.find(b"}", start + 1)
        if end > start + 1:
            name = name[start + 1 : end]
    return _crc16(name) % SLOTS


def _crc16(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
        value &= 0xFFFF
    return value
