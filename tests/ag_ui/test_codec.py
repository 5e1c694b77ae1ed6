"""The codec in both languages, judged by the official package: identity, and the same refusals."""

from typing import Any

import ag_ui.core
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lockstep_events.ag_ui import CODEC, AgUiContext, InvalidAgUiError
from lockstep_integrations.ag_ui.values import same
from pydantic import TypeAdapter
from support.ag_ui import accepts, documents, each_optional, event_types, inputs, near_misses
from support.ag_ui_judges import Peer

CONTEXT = AgUiContext("thread-1", "run-1", "tester")
OFFICIAL: TypeAdapter[Any] = TypeAdapter(ag_ui.core.Event)
VECTORS = list(each_optional())
NEAR_MISSES = list(near_misses())
# The peer is a process of the whole session: it keeps nothing from one example to the next.
PEERED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def there_and_back(frame: Any, *, strict: bool) -> Any:
    return CODEC.to_ag_ui(CODEC.from_ag_ui(frame, CONTEXT, strict=strict))


def test_the_vectors_cover_every_event_type() -> None:
    assert {document["type"] for _, document in VECTORS} == set(event_types())
    assert len(event_types()) == 31
    assert all(accepts()(document) for _, document in VECTORS)


@pytest.mark.parametrize("strict", [True, False])
def test_every_optional_member_comes_back(strict: bool, peer: Peer) -> None:
    for name, document in VECTORS:
        assert same(there_and_back(document, strict=strict), document), name
        answer = peer.read(document, strict=strict)
        assert same(answer["back"], document), name
        assert answer["official"], name
        OFFICIAL.validate_python(document)


@PEERED
@given(documents())
def test_any_document_comes_back_in_both_languages(peer: Peer, document: dict[str, Any]) -> None:
    event = CODEC.from_ag_ui(document, CONTEXT, strict=True)
    assert same(CODEC.to_ag_ui(event), document)
    answer = peer.read(document, strict=True)
    assert same(answer["back"], document)
    assert answer["event"] == event.type
    assert answer["official"]
    OFFICIAL.validate_python(document)


@pytest.mark.parametrize(("name", "pointer", "document"), NEAR_MISSES, ids=[name for name, *_ in NEAR_MISSES])
def test_near_misses_are_refused_by_name_in_both_languages(
    name: str, pointer: str, document: dict[str, Any], peer: Peer
) -> None:
    assert not accepts()(document)
    with pytest.raises(InvalidAgUiError) as refused:
        CODEC.from_ag_ui(document, CONTEXT, strict=True)
    ours = [(fault.pointer, fault.code, fault.message) for fault in refused.value.faults]
    assert pointer in [fault[0] for fault in ours], name
    theirs = peer.read(document, strict=True)["faults"]
    assert [(fault["pointer"], fault["code"], fault["message"]) for fault in theirs] == ours


def test_near_misses_come_back_where_tolerance_is_asked_for(peer: Peer) -> None:
    for name, _, document in NEAR_MISSES:
        assert same(there_and_back(document, strict=False), document), name
        assert same(peer.read(document, strict=False)["back"], document), name


LATER = [
    {"type": "METER_READ", "value": 1},
    {"type": "TEXT_MESSAGE_START", "messageId": "m", "role": "critic"},
    {
        "type": "REASONING_ENCRYPTED_VALUE", "subtype": "message", "entityId": "e", "encryptedValue": "x",
        "encryptedValueType": "y",
    },
    {
        "type": "MESSAGES_SNAPSHOT",
        "messages": [
            {"id": "1", "role": "assistant", "encryptedValueType": "v", "toolCalls": [
                {"id": "c", "type": "function", "function": {"name": "n", "arguments": "", "x/y~z": None}, "later": {}}
            ]},
            {"id": "2", "role": "critic", "content": "no"},
        ],
    },
    {"type": "STATE_DELTA", "delta": [{"op": "remove", "path": "/a", "value": None, "": 1}]},
    {"type": "CUSTOM", "name": "lockstep/retry_attempted", "value": {"attempt": 0}},
    {"type": "CUSTOM", "name": "lockstep/retry_attempted", "value": {"attempt": 2}, "subagentRunId": "s", "more": 1},
    {"type": "CUSTOM", "name": "lockstep/session_stream_gap", "value": {"reason": "trimmed", "resumes_at": "e.1"}},
    {"type": 5},
    {},
]  # fmt: skip


@pytest.mark.parametrize("document", LATER)
def test_what_a_later_version_says_comes_back(document: dict[str, Any], peer: Peer) -> None:
    assert same(there_and_back(document, strict=False), document)
    assert same(peer.read(document, strict=False)["back"], document)


def test_our_own_events_travel_as_custom_and_come_back() -> None:
    frame = {"type": "CUSTOM", "name": "lockstep/retry_attempted", "value": {"attempt": 2}}
    event = CODEC.from_ag_ui(frame, CONTEXT, strict=True)
    assert event.type == "retry_attempted"
    foreign = CODEC.from_ag_ui({**frame, "value": {"attempt": "two"}}, CONTEXT, strict=True)
    assert foreign.type == "custom_emitted"


@given(inputs())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_run_inputs_are_read(body: dict[str, Any]) -> None:
    started = {"type": "RUN_STARTED", "threadId": "thread-1", "runId": "run-1", "input": body}
    assert CODEC.frame({
        "type": "run_started",
        "session_id": "thread-1",
        "run_id": "run-1",
        "payload": {"input": CODEC.read_input(body)},
    }) == started  # fmt: skip


@given(st.sampled_from(["messages", "threadId", "runId"]))
def test_run_inputs_without_a_member_are_refused_by_name(missing: str) -> None:
    body: dict[str, Any] = {"threadId": "t", "runId": "r", "messages": []}
    del body[missing]
    with pytest.raises(InvalidAgUiError, match=f'/{missing}: "{missing}" is missing'):
        CODEC.read_input(body)


def test_times_of_our_own_events_are_milliseconds() -> None:
    event = {"type": "run_failed", "session_id": "s", "run_id": "r", "payload": {"message": "no"}}
    for timestamp, expected in [
        ("1970-01-01T00:00:00.000Z", 0),
        ("2026-09-17T12:00:00.250Z", 1_789_646_400_250),
        ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ("1969-12-31T23:59:59.999Z", -1),
    ]:
        assert CODEC.frame({**event, "timestamp": timestamp})["timestamp"] == expected
