"""A session behind a server's address: its events as they come, resumed after every cut, and pages of its history."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

import httpx

_SILENCE_SECONDS: Final = 45.0  # three heartbeats
_LONGEST_PAUSE: Final = 10.0


class RemoteError(Exception):
    """The server refuses; trying again would not help."""

    exit_code: int = 1


@dataclass(slots=True)
class Message:
    """One Server-Sent Event, as the WHATWG parser dispatches it."""

    cursor: str
    data: str


@dataclass(slots=True)
class EventStreamParser:
    """Bytes of `text/event-stream` to messages, split on CR, LF and CRLF alone: other separators are data."""

    cursor: str = ""
    retry: float | None = None
    _data: list[str] = field(default_factory=list[str])
    _rest: bytes = b""

    def feed(self, chunk: bytes) -> Iterator[Message]:
        """Messages that end in this chunk."""
        text = self._rest + chunk
        # A CR at the end may be half of a CRLF.
        held = b"\r" if text.endswith(b"\r") else b""
        lines = text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._rest = lines.pop() + held
        for line in lines:
            if line:
                self._field(line.decode(errors="replace"))
            elif self._data:
                data, self._data = "\n".join(self._data), []
                yield Message(self.cursor, data)

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self.cursor = value
        elif name == "retry" and value.isascii() and value.isdigit():
            self.retry = int(value) / 1000


@dataclass(frozen=True, slots=True)
class RemoteSession:
    """One session of one server."""

    url: str
    session_id: str
    token: str | None = None

    async def follow(self, *, after: str | None, start: str, types: str | None = None) -> AsyncIterator[Message]:
        """Every event, from the cursor or the start; reconnects for ever.

        Raises:
            RemoteError: the server answers, and refuses.
        """
        cursor, pause, retry = after or "", 0.5, 1.0
        async with self._client() as client:
            while True:
                parser = EventStreamParser(cursor)
                headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": cursor} if cursor else {})
                query = {"from": start} | ({"types": types} if types else {})
                try:
                    async with client.stream("GET", self._path(), headers=headers, params=query) as response:
                        await _check(response)
                        async for chunk in response.aiter_bytes():
                            for message in parser.feed(chunk):
                                pause = 0.5
                                yield message
                            cursor, retry = parser.cursor, parser.retry if parser.retry is not None else retry
                    await asyncio.sleep(retry)
                except httpx.TransportError:
                    await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                    pause = min(pause * 2, _LONGEST_PAUSE)

    async def page(self, *, after: str | None, limit: int) -> dict[str, Any]:
        """One page of `GET /events/{session_id}/history`.

        Raises:
            RemoteError: the server cannot be reached, or refuses.
        """
        query = {"limit": str(limit)} | ({"after": after} if after else {})
        async with self._client() as client:
            try:
                response = await client.get(self._path() + "/history", params=query)
            except httpx.TransportError as error:
                raise RemoteError(
                    f"{self.url}: {str(error) or type(error).__name__}; is the server running?"
                ) from error
            await _check(response)
            return dict(response.json())

    def _client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=httpx.Timeout(10, read=_SILENCE_SECONDS))

    def _path(self) -> str:
        return f"events/{quote(self.session_id, safe='')}"


async def _check(response: httpx.Response) -> None:
    if response.is_success:
        return
    body = await response.aread()
    if response.status_code >= 500:
        raise httpx.TransportError(f"HTTP {response.status_code}")
    try:
        detail = json.loads(body)["detail"]
    except (ValueError, KeyError, TypeError):
        detail = body[:200].decode(errors="replace")
    raise RemoteError(f"{response.url.copy_with(query=None)} answers {response.status_code}: {detail}")
