"""The bytes of `text/event-stream` (WHATWG HTML 9.2) around the blocks that the bus encoded: ids, comments, retry."""

from lockstep_bus.frame import Frame, encode_block

MEDIA_TYPE = "text/event-stream"

HEADERS: list[tuple[bytes, bytes]] = [
    (b"content-type", MEDIA_TYPE.encode()),
    # no-transform keeps compressing proxies from holding frames back, X-Accel-Buffering says the same to nginx.
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
]

# One line, without the empty line that ends a block: some parsers would dispatch an event without data there.
COMMENT = b":\n"


def cursor_only(cursor: str) -> bytes:
    """A block that moves the reader's cursor and dispatches nothing, because its data is empty.

    Raises:
        ValueError: the cursor has a character that cannot be in an id.
    """
    return _id_line(cursor) + b"\n"


def framed(frame: Frame) -> bytes:
    """One event of the log with its cursor in front.

    Raises:
        ValueError: the cursor has a character that cannot be in an id.
    """
    return _id_line(frame.cursor) + frame.block


def made(event_type: str, data: bytes, *, cursor: str | None = None, retry: int | None = None) -> bytes:
    """One event that the server itself says; `retry` is in milliseconds.

    Raises:
        ValueError: the cursor, the type or the document would break its line.
    """
    block = encode_block(event_type, data)
    if retry is not None:
        block = block[:-1] + b"retry: %d\n\n" % retry
    return (_id_line(cursor) if cursor is not None else b"") + block


def comment(text: str) -> bytes:
    """A line for people who read the bytes; readers skip it."""
    return b"".join(b": %b\n" % line.encode() for line in text.splitlines())


def retry(milliseconds: int) -> bytes:
    """How long the reader waits before it reconnects."""
    return b"retry: %d\n\n" % milliseconds


def _id_line(cursor: str) -> bytes:
    # CR and LF would start another field; an id with NUL is ignored by readers, which would freeze their cursor.
    if "\n" in cursor or "\r" in cursor or "\0" in cursor:
        raise ValueError(f"{cursor!r} cannot be the id of an event: it has a line break or a NUL")
    return b"id: %b\n" % cursor.encode()
