"""A place in a session's order of events: `<epoch>.<offset>`, the id of a Server-Sent Event."""

import re
import secrets
from dataclasses import dataclass

from lockstep_bus.errors import CursorError

_FORM = re.compile(r"([0-9a-z]{1,16})\.(0|[1-9][0-9]{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position after event number `offset` in the life of the log that is named `epoch`.

    Offsets are contiguous within a session and start at 1; offset 0 is the place before the first event.
    An epoch is a random name: it changes whenever the log may have lost events that somebody has seen.
    """

    epoch: str
    offset: int

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read a cursor.

        Raises:
            CursorError: the text is not `<epoch>.<offset>`.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            shown = text if len(text) <= 64 else text[:61] + "..."
            raise CursorError(f"{shown!r} is not a cursor: expected '<epoch>.<offset>', the id of a received event")
        return cls(match[1], int(match[2]))

    def __str__(self) -> str:
        return f"{self.epoch}.{self.offset}"


def new_epoch() -> str:
    """A name that no other life of any log has: 12 characters, 48 bits of chance."""
    return secrets.token_hex(6)
