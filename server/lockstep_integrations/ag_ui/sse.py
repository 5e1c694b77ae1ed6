"""Server-sent events as AG-UI producers write them: LF, CRLF or CR, and cut anywhere."""

import codecs
from collections.abc import Iterator


class SseReader:
    """Bytes or text in, the data of each event out."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._line = ""
        self._after_cr = False
        self._data: list[str] = []
        self._event = ""

    def take(self, chunk: bytes | str) -> Iterator[str]:
        """The data of the events that this chunk completes. Comments and pings are nobody's data."""
        text = chunk if isinstance(chunk, str) else self._decoder.decode(chunk)
        if self._after_cr and text.startswith("\n"):
            text = text[1:]  # a CRLF that was cut in two
        if text:
            self._after_cr = text.endswith("\r")
        *lines, self._line = (self._line + text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        for line in lines:
            yield from self._take_line(line)

    def end(self) -> Iterator[str]:
        """What the end of the stream completes: a last event without its blank line is an event all the same."""
        rest = self._line + self._decoder.decode(b"", final=True)
        self._line = ""
        yield from self._take_line(rest)
        yield from self._take_line("")

    def _take_line(self, line: str) -> Iterator[str]:
        if not line:
            data, event = "\n".join(self._data), self._event
            self._data, self._event = [], ""
            if data and event != "ping":
                yield data
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._event = value
