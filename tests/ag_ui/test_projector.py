"""Any sequence of events is legal on the way out, for a viewer from the start, one who joins, and one who resumes."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lockstep_events.ag_ui import CODEC
from lockstep_integrations.ag_ui.messages import UNKNOWN
from lockstep_integrations.ag_ui.profile import Profile
from lockstep_integrations.ag_ui.projector import Place, Projector, Sent, after
from lockstep_integrations.ag_ui.thread import Thread
from lockstep_integrations.ag_ui.values import same
from support.ag_ui_events import RUNS, Document, events
from support.ag_ui_judges import Viewer

HEALTH = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)
# The same examples on every run: a search for new ones is made with more of them, and without this.
JUDGED = settings(derandomize=True, deadline=None, suppress_health_check=[*HEALTH])


def project(
    documents: list[Document], run_id: str | None, profile: Profile = "1.0"
) -> tuple[Projector, list[list[Sent]]]:
    projector = Projector(Thread(CODEC, "thread-1"), run_id, profile=profile)
    return projector, [projector.take(f"e.{place}", document) for place, document in enumerate(documents, 1)]


def frames(sent: list[list[Sent]]) -> list[dict[str, Any]]:
    return [frame for each in sent for _, frame in each]


@settings(JUDGED, max_examples=120)
@given(events(), RUNS)
def test_any_sequence_is_legal(viewer: Viewer, documents: list[Document], run_id: str | None) -> None:
    projector, sent = project(documents, run_id)
    seen = viewer.see(frames(sent))
    assert seen["error"] is None
    thread = projector.thread
    if (thread.live.keys() | thread.ended.keys()) <= {projector.run_id}:
        assert same(seen["messages"], thread.messages.all())
        if thread.messages.state is not UNKNOWN and not any("input" in frame for frame in frames(sent)):
            assert same(seen["state"], thread.messages.state)


@settings(JUDGED, max_examples=50)
@given(events(), RUNS)
def test_any_sequence_is_legal_for_an_older_client(
    viewer: Viewer, documents: list[Document], run_id: str | None
) -> None:
    _, sent = project(documents, run_id, "0.0")
    assert viewer.see(frames(sent), client="0.0")["error"] is None


@settings(JUDGED, max_examples=120)
@given(events(), RUNS, st.data())
def test_whoever_joins_sees_the_same(
    viewer: Viewer, documents: list[Document], run_id: str | None, data: st.DataObject
) -> None:
    projector, sent = project(documents, run_id)
    at = data.draw(st.integers(0, len(documents)))
    thread = Thread(CODEC, "thread-1")
    for place, document in enumerate(documents[:at], 1):
        thread.fold(f"e.{place}", document)
    # A checkpoint is JSON, and another process may read it.
    thread = Thread.load(CODEC, "thread-1", json.loads(json.dumps(thread.save())))
    if projector.run_id not in thread.live:
        return
    joined = Projector(thread, projector.run_id)
    opening = joined.open(f"e.{at}")
    later = [joined.take(f"e.{place}", document) for place, document in enumerate(documents[at:], at + 1)]
    starts = sum(frame["type"] == "RUN_STARTED" for frame in frames(sent))
    assert later == sent[at:] or starts > 1 or projector.ended
    seen = viewer.see(frames([opening, *later]))
    assert seen["error"] is None
    if {document.get("run_id") for document in documents} == {projector.run_id}:
        assert same(seen["messages"], viewer.see(frames(sent))["messages"])


@settings(JUDGED, max_examples=40)
@given(events(), RUNS)
def test_ids_are_the_same_on_every_replay_and_cut_nothing_twice(documents: list[Document], run_id: str | None) -> None:
    _, sent = project(documents, run_id)
    assert project(documents, run_id)[1] == sent
    for place, each in enumerate(sent, 1):
        assert not each or each[-1][0] == f"e.{place}"
        for number, (id, _) in enumerate(each, 1):
            assert after(Place.parse(id), each) == each[number:]


def test_an_opening_is_not_taken_for_the_event_before_it() -> None:
    assert Place.parse("e.7.02").in_opening
    assert not Place.parse("e.7.2").in_opening
    assert not Place.parse("e.7").in_opening


@pytest.mark.parametrize("text", ["", "e", "e.", "e.x", "e.1.x", "e.1.2.3", ".1", "e.²"])
def test_no_place_is_no_place(text: str) -> None:
    with pytest.raises(ValueError, match="is not the id of an AG-UI frame"):
        Place.parse(text)


def test_nothing_follows_the_end() -> None:
    documents: list[Document] = [
        {"session_id": "s", "type": "run_started", "run_id": "r", "payload": {}},
        {"session_id": "s", "type": "run_failed", "run_id": "r", "payload": {"message": "no"}},
        {"session_id": "s", "type": "metrics_updated", "run_id": "r", "payload": {}},
        {"session_id": "s", "type": "metrics_updated", "payload": {}},
    ]
    projector, sent = project(documents, "r")
    assert [frame["type"] for frame in frames(sent)] == ["RUN_STARTED", "RUN_ERROR"]
    assert projector.ended


def test_the_arguments_of_a_tool_are_streamed_as_json() -> None:
    started = {"tool_call_id": "c", "tool_name": "look", "args": {"where": "Paris"}}
    documents: list[Document] = [
        {"session_id": "s", "type": "run_started", "run_id": "r", "payload": {}},
        {"session_id": "s", "type": "tool_call_started", "run_id": "r", "payload": started},
        {
            "session_id": "s",
            "type": "tool_call_args_delta",
            "run_id": "r",
            "payload": {"tool_call_id": "c", "delta": "{"},
        },
    ]
    _, sent = project(documents, "r")
    assert [(id, frame["type"]) for id, frame in sent[1]] == [
        ("e.2.1", "TOOL_CALL_START"),
        ("e.2.2", "TOOL_CALL_ARGS"),
        ("e.2", "TOOL_CALL_END"),
    ]
    assert sent[1][1][1]["delta"] == '{"where":"Paris"}'
    assert sent[2] == []


def test_a_file_is_left_out_for_a_client_that_does_not_know_files(viewer: Viewer) -> None:
    parts = [{"type": "image", "source": {"type": "file", "value": "f"}}, {"type": "text", "text": "look"}]
    payload = {"messages": [{"id": "u", "role": "user", "content": parts}]}
    documents: list[Document] = [{"session_id": "s", "type": "messages_snapshot", "run_id": "r", "payload": payload}]
    seen = viewer.see(frames(project(documents, "r", "0.0")[1]), client="0.0")
    assert seen["error"] is None
    assert seen["messages"] == [{"id": "u", "role": "user", "content": parts[1:]}]


def test_a_call_that_an_activity_replaced_begins_anew(viewer: Viewer) -> None:
    call = {"tool_call_id": "a", "tool_name": "look", "args": {"x": 1}}
    shown: Document = {"message_id": "a", "activity_type": "map", "content": {}}
    told: list[tuple[str, Any]] = [
        ("tool_call_started", call),
        ("activity_snapshot", shown),
        ("tool_call_started", call),
    ]
    documents: list[Document] = [
        {"session_id": "s", "type": type, "run_id": "r", "payload": payload} for type, payload in told
    ]
    projector, sent = project(documents, "r")
    assert same(viewer.see(frames(sent))["messages"], projector.thread.messages.all())
