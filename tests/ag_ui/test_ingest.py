"""What producers send that is not AG-UI 1.0, and what becomes of it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import ag_ui.core
import pytest
from lockstep_events import CONTRACT, EventDispatcher
from lockstep_events.testing import RecordingPublisher
from lockstep_integrations.ag_ui.ingest import Ingested, publish_ag_ui
from lockstep_integrations.ag_ui.session import session_id_of

STARTED = {"type": "RUN_STARTED", "threadId": "t", "runId": "r"}
FINISHED = {"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}
TEXT = {"type": "TEXT_MESSAGE_START", "messageId": "m"}
KNOWN = {"id": "2", "role": "assistant"}
CALL = {"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "look"}


async def ingest(*frames: Any, **options: Any) -> tuple[list[dict[str, Any]], Ingested]:
    publisher = RecordingPublisher()
    report = await publish_ag_ui(EventDispatcher(publisher), frames, **options)
    return [json.loads(CONTRACT.encode(event)) for event in publisher.events], report


def told(documents: list[dict[str, Any]]) -> list[str]:
    """The types; what was made up has a star."""
    return [f"{each['type']}{'*' * each['source'].get('synthesized', False)}" for each in documents]


async def test_what_is_open_at_the_end_is_closed() -> None:
    documents, report = await ingest(STARTED, {"type": "STEP_STARTED", "stepName": "s"}, TEXT, CALL, FINISHED)
    assert told(documents) == [
        *("run_started", "workflow_step_started", "agent_message_started", "tool_call_started"),
        *("agent_message_completed*", "tool_call_args_completed*", "workflow_step_completed*", "run_completed"),
    ]
    assert report == Ingested(["r"], events=8, made_up=3, terminal="RUN_FINISHED")


async def test_what_goes_on_without_a_start_gets_one() -> None:
    documents, _ = await ingest({"type": "TEXT_MESSAGE_CONTENT", "messageId": "m", "delta": "d"})
    assert told(documents) == [
        *("run_started*", "agent_message_started*", "agent_message_delta"),
        *("agent_message_completed*", "run_failed*"),
    ]


async def test_a_result_that_only_a_snapshot_tells_is_told() -> None:
    message = {"id": "m2", "role": "tool", "toolCallId": "c", "content": "boom", "error": "boom"}
    snapshot = {"type": "MESSAGES_SNAPSHOT", "messages": [message]}
    documents, _ = await ingest(STARTED, CALL, snapshot, FINISHED)
    assert told(documents)[2:5] == ["tool_call_args_completed*", "tool_call_result*", "messages_snapshot"]
    assert documents[3]["payload"] == {
        "message_id": "m2",
        "tool_call_id": "c",
        "content": "boom",
        "status": "error",
    }


async def test_chunks_become_what_they_stand_for() -> None:
    documents, _ = await ingest(
        STARTED,
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": "m", "delta": "a"},
        {"type": "TEXT_MESSAGE_CHUNK", "delta": "b"},
        {"type": "TOOL_CALL_CHUNK", "toolCallId": "c", "toolCallName": "look", "delta": "{}"},
        FINISHED,
    )
    assert told(documents) == [
        *("run_started", "agent_message_started", "agent_message_delta", "agent_message_delta"),
        *("agent_message_completed*", "tool_call_started", "tool_call_args_delta", "tool_call_args_completed*"),
        "run_completed",
    ]


async def test_retired_thinking_becomes_reasoning() -> None:
    documents, _ = await ingest(
        STARTED,
        {"type": "THINKING_START", "title": "plan"},
        {"type": "THINKING_TEXT_MESSAGE_START"},
        {"type": "THINKING_TEXT_MESSAGE_CONTENT", "delta": "hm"},
        {"type": "THINKING_TEXT_MESSAGE_END"},
        {"type": "THINKING_END"},
        FINISHED,
    )
    assert told(documents)[1:-1] == [
        *("reasoning_started", "reasoning_message_started", "reasoning_message_delta"),
        *("reasoning_message_completed", "reasoning_completed"),
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({**TEXT, "name": None, "timestamp": None, "rawEvent": None}, TEXT),
        ({**TEXT, "timestamp": 12.7}, {**TEXT, "timestamp": 13}),
        ({**TEXT, "timestamp": "1970-01-01T00:00:01Z"}, {**TEXT, "timestamp": 1000}),
        ({"type": "TEXT_MESSAGE_START", "message_id": "m"}, TEXT),
        (
            {"type": "REASONING_MESSAGE_START", "messageId": "m", "role": "assistant"},
            {"type": "REASONING_MESSAGE_START", "messageId": "m", "role": "reasoning"},
        ),
        (
            {"type": "MESSAGES_SNAPSHOT", "messages": [{"id": "1", "role": "critic"}, {**KNOWN, "name": None}]},
            {"type": "MESSAGES_SNAPSHOT", "messages": [KNOWN]},
        ),
        ({"type": "CUSTOM", "name": "n", "value": None}, {"type": "CUSTOM", "name": "n", "value": None}),
    ],
)  # fmt: skip
async def test_what_everybody_sends_and_nobody_allows_is_mended(sent: Any, kept: Any) -> None:
    documents, report = await ingest(STARTED, sent, FINISHED)
    assert CONTRACT.ag_ui.frame(documents[1]) == kept
    assert report.kept_raw == 0


@pytest.mark.parametrize("frame", [{"type": "METER_READ", "value": None}, {"type": "RAW"}, {}, [], 5, None])
async def test_what_is_no_event_is_kept(frame: Any) -> None:
    documents, report = await ingest(STARTED, frame, FINISHED)
    assert told(documents) == ["run_started", "raw_received", "run_completed"]
    assert documents[1]["payload"]["event"] == frame
    assert report.kept_raw == 1


async def test_an_empty_stream_is_a_failed_run() -> None:
    documents, report = await ingest(run_id="promised", session_id="s")
    assert told(documents) == ["run_started*", "run_failed*"]
    assert report.run_ids == ["promised"]


async def test_a_run_has_the_id_that_was_promised() -> None:
    documents, _ = await ingest(STARTED, FINISHED, run_id="promised", session_id="s")
    assert {each["run_id"] for each in documents} == {"promised"}
    assert documents[0]["payload"]["thread_id"] == "t"


async def test_several_runs_follow_each_other() -> None:
    second = {"type": "RUN_STARTED", "threadId": "t", "runId": "r2"}
    documents, report = await ingest(STARTED, TEXT, FINISHED, second, FINISHED | {"runId": "r2"})
    assert report.run_ids == ["r", "r2"]
    assert [each["run_id"] for each in documents] == ["r", "r", "r", "r", "r2", "r2"]


async def test_a_stream_that_raises_fails_its_run_and_raises() -> None:
    async def broken() -> AsyncIterator[Any]:
        yield STARTED
        raise ConnectionError("gone")

    publisher = RecordingPublisher()
    with pytest.raises(ConnectionError, match="gone"):
        await publish_ag_ui(EventDispatcher(publisher), broken())
    assert publisher.types == ["run_started", "run_failed"]


async def test_pings_comments_and_broken_lines() -> None:
    text = (
        ': hello\n\nevent: ping\ndata: {}\n\ndata: {"type":"RUN_STARTED",\r\ndata: "threadId":"t","runId":"r"}\r\n\r\n'
    )
    documents, _ = await ingest(text, b"\xef", b"\xbb\xbfdata: [DONE]\n\n")
    assert told(documents) == ["run_started", "raw_received", "run_failed*"]


async def test_events_of_the_official_package() -> None:
    frames = [
        ag_ui.core.RunStartedEvent(thread_id="t", run_id="r"),
        ag_ui.core.RunFinishedEvent(thread_id="t", run_id="r"),
    ]
    documents, _ = await ingest(*frames)
    assert told(documents) == ["run_started", "run_completed"]


def test_threads_that_cannot_name_a_session_get_one() -> None:
    assert session_id_of("thread-1") == "thread-1"
    assert session_id_of("") == session_id_of("")
    assert session_id_of("a b").startswith("thread-")
    assert session_id_of("a\n") != "a\n"
