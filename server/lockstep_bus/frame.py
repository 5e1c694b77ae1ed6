"""One event as every viewer receives it: the bytes of its Server-Sent Event, encoded once in the whole fleet."""

from dataclasses import dataclass

from lockstep_bus.errors import EventRejectedError

_EVENT = b"event: "
_DATA = b"\ndata: "
_END = b"\n\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """An event of a session at its place in the order."""

    cursor: str
    """`<epoch>.<offset>`: what `Last-Event-ID` brings back."""
    type: str
    block: bytes
    """`event: <type>\\ndata: <json>\\n\\n`: a Server-Sent Event without its `id` line."""

    @property
    def data(self) -> bytes:
        """The event's JSON document."""
        return self.block[self.block.index(_DATA) + len(_DATA) : -len(_END)]


def encode_block(event_type: str, data: bytes) -> bytes:
    """Make the block of one event.

    Raises:
        EventRejectedError: the type or the document has a line break or a NUL, which would forge another event.
    """
    name = event_type.encode()
    if not name or any(byte in name for byte in (b"\n", b"\r", b"\0")):
        raise EventRejectedError(f"event type {event_type!r} cannot be a line of an event stream")
    if b"\n" in data or b"\r" in data:
        raise EventRejectedError(f"the document of {event_type!r} has a raw line break: encode it as compact JSON")
    return b"".join((_EVENT, name, _DATA, data, _END))


def type_of(block: bytes) -> str:
    """The event type that a block names."""
    return block[len(_EVENT) :].partition(b"\n")[0].decode(errors="replace")
