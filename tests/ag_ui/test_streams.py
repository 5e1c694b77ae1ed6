"""Streams recorded from real frameworks: in by `publish_ag_ui`, out through the official clients, cut anywhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from lockstep_events import CONTRACT, EventDispatcher
from lockstep_events.ag_ui import CODEC
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.ag_ui.ingest import publish_ag_ui
from lockstep_integrations.ag_ui.projector import Place, Projector, Sent, after
from lockstep_integrations.ag_ui.thread import Thread
from lockstep_integrations.ag_ui.values import same
from support.ag_ui_judges import Viewer

FILES = sorted((Path(__file__).parents[1] / "golden" / "streams").glob("*.sse"))
Document = dict[str, Any]


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def stream(request: pytest.FixtureRequest) -> bytes:
    file: Path = request.param
    return file.read_bytes()


def original(stream: bytes) -> list[Document]:
    return [json.loads(line[6:]) for line in stream.decode().split("\n") if line.startswith("data: ")]


async def published(stream: bytes, **options: Any) -> list[Document]:
    publisher = RecordingPublisher()
    chunks = [stream[at : at + 37] for at in range(0, len(stream), 37)]
    await publish_ag_ui(EventDispatcher(publisher), chunks, **options)
    return [json.loads(CONTRACT.encode(event)) for event in publisher.events]


def run_of(documents: list[Document]) -> tuple[str, str]:
    started = documents[0]
    return started["payload"].get("thread_id", started["session_id"]), started["run_id"]


def project(documents: list[Document], **options: Any) -> list[list[Sent]]:
    thread, run = run_of(documents)
    projector = Projector(Thread(CODEC, thread), run, **options)
    return [projector.take(f"e.{place}", document) for place, document in enumerate(documents, 1)]


@pytest.mark.parametrize("client", ["1.0", "0.0"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
async def test_the_official_client_ends_where_the_original_ends(
    stream: bytes, client: Any, line_end: bytes, viewer: Viewer
) -> None:
    documents = await published(stream.replace(b"\n", line_end))
    frames = [frame for each in project(documents, profile=client) for _, frame in each]
    seen = viewer.see(frames, client=client)
    expected = viewer.see(original(stream), client="1.0")  # the older client refuses what some frameworks send today
    assert seen["error"] is None
    assert same(seen["messages"], expected["messages"])
    assert same(seen["state"], expected["state"])


async def test_a_viewer_who_is_cut_anywhere_misses_and_repeats_nothing(stream: bytes) -> None:
    documents = await published(stream)
    whole = [each for frames in project(documents) for each in frames]
    for number, (id, _) in enumerate(whole, 1):
        place = Place.parse(id)
        again = project(documents)
        at = int(place.cursor.split(".")[1])
        resumed = [*after(place, again[at - 1]), *(each for frames in again[at:] for each in frames)]
        assert [*whole[:number], *resumed] == whole


async def test_whoever_joins_anywhere_ends_the_same(stream: bytes, viewer: Viewer) -> None:
    documents = await published(stream)
    thread_id, run = run_of(documents)
    expected = viewer.see([frame for each in project(documents) for _, frame in each])
    for at in range(1, len(documents)):
        thread = Thread(CODEC, thread_id)
        for place, document in enumerate(documents[:at], 1):
            thread.fold(f"e.{place}", document)
        projector = Projector(thread, run)
        sent = projector.open(f"e.{at}")
        for place, document in enumerate(documents[at:], at + 1):
            sent += projector.take(f"e.{place}", document)
        seen = viewer.see([frame for _, frame in sent])
        assert seen["error"] is None
        assert same(seen["messages"], expected["messages"])
        assert same(seen["state"], expected["state"])


async def test_every_stream_cut_short_becomes_a_failed_run(stream: bytes, viewer: Viewer) -> None:
    frames = original(stream)
    for end in range(len(frames)):
        publisher = RecordingPublisher()
        report = await publish_ag_ui(EventDispatcher(publisher), frames[:end])
        assert report.terminal == "RUN_ERROR"
        documents = [json.loads(CONTRACT.encode(event)) for event in publisher.events]
        assert documents[-1]["payload"]["code"] == "INCOMPLETE_STREAM"
        assert documents[-1]["source"]["synthesized"]
        assert viewer.see([frame for each in project(documents) for _, frame in each])["error"] is None
