"""One open stream against a server that does not take its writes: what is interrupted is not passed over."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from lockstep_bus import ContractTable
from lockstep_bus.frame import Frame, encode_block
from lockstep_events import CONTRACT
from lockstep_server import ServerSettings
from lockstep_server.metrics import Metrics
from lockstep_server.viewer import Stage, Viewer

WANTED = Frame("e.1", "error_occurred", encode_block("error_occurred", b'{"n":1}'))
OTHER = Frame("e.2", "agent_message_delta", encode_block("agent_message_delta", b'{"n":2}'))


class Wire:
    """The server's side: bodies are taken while it is open, and wait while it is not."""

    def __init__(self) -> None:
        self.taken = b""
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.open.wait()
        self.taken += message.get("body", b"")

    async def receive(self) -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("nobody disconnects here")


async def test_no_cursor_passes_an_interrupted_write() -> None:
    wire = Wire()
    viewers: list[Viewer] = []

    async def serve() -> None:
        stage = Stage(ContractTable(CONTRACT), ServerSettings(), Metrics(ContractTable(CONTRACT)))
        viewer = Viewer(stage, "abc", frozenset({"error_occurred"}), wire.receive, wire.send)
        viewers.append(viewer)
        wire.open.clear()
        try:
            await viewer.show([WANTED, OTHER])
        except asyncio.CancelledError:
            assert viewer.interrupted()
        wire.open.set()
        await viewer.close()

    task = asyncio.create_task(serve())
    await asyncio.sleep(0)
    viewers[0].end("shutdown")
    await task
    assert b"session_stream_closing" in wire.taken
    assert b"e.1" not in wire.taken
    assert b"e.2" not in wire.taken, "the viewer would resume behind an event that it never got"


async def test_a_cursor_behind_filtered_events_is_written_at_the_end() -> None:
    wire = Wire()

    async def serve() -> None:
        stage = Stage(ContractTable(CONTRACT), ServerSettings(), Metrics(ContractTable(CONTRACT)))
        viewer = Viewer(stage, "abc", frozenset({"error_occurred"}), wire.receive, wire.send)
        await viewer.show([WANTED, OTHER])
        await viewer.close()

    await asyncio.create_task(serve())
    assert wire.taken.index(b"id: e.1\nevent: error_occurred") < wire.taken.index(b"id: e.2\n\n")
