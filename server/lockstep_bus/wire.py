"""The form of a channel message: a header line with version and cursor, then the block of the event."""

from dataclasses import dataclass

from lockstep_bus.cursor import Cursor
from lockstep_bus.errors import CursorError
from lockstep_bus.frame import Frame, type_of

VERSION = 1


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event at its place, decoded once and handed to every reader of the session in this process."""

    epoch: str
    offset: int
    frame: Frame


def decode_message(message: bytes) -> Arrival | None:
    """Read `1 <epoch>.<offset>\\n<block>`.

    None for anything else: a notice without a block, or a newer version's form. Either says only that the log has
    changed, and the log is read then; that is what lets two versions run side by side during an upgrade.
    """
    header, _, block = message.partition(b"\n")
    version, _, position = header.partition(b" ")
    if version != b"1" or not block:
        return None
    try:
        cursor = Cursor.parse(position.decode("ascii", "replace"))
    except CursorError:
        return None
    return arrival(cursor.epoch, cursor.offset, block)


def arrival(epoch: str, offset: int, block: bytes) -> Arrival:
    """Put a block at its place."""
    return Arrival(epoch, offset, Frame(f"{epoch}.{offset}", type_of(block), block))
