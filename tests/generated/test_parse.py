"""Reading: strict to the letter, tolerant of what a newer version adds, and clear about everything else."""

import json
from typing import Any

import pytest
from lockstep_events import (
    CONTRACT,
    AgentMessageDeltaEvent,
    Fault,
    InvalidEventError,
    MetricsUpdatedEvent,
    UnknownEvent,
    encode_event,
    parse_event,
)
from support.golden import DELTA, document, parsed


def faults(members: object, *, strict: bool = True) -> list[str]:
    with pytest.raises(InvalidEventError) as caught:
        parsed(members, strict=strict)
    return [f"{fault.pointer}: {fault.message}" for fault in caught.value.faults]


def test_unknown_members_are_left_out_and_told() -> None:
    newer = {**DELTA, "zone": 1, "payload": {**DELTA["payload"], "tone": "calm", "a/b~c": 1}}
    event = parsed(newer)
    assert isinstance(event, AgentMessageDeltaEvent)
    assert json.loads(encode_event(event)) == DELTA
    verdict = CONTRACT.read(json.dumps(newer))
    assert (verdict.verdict, verdict.event) == ("known", event)
    assert verdict.ignored == ("/payload/a~1b~0c", "/payload/tone", "/zone")
    assert CONTRACT.read(json.dumps(DELTA)).ignored == ()


def test_unknown_members_of_opaque_values_are_nobodys_business() -> None:
    free = document("tool_call_started.1")
    free["payload"]["args"] = {"any": {"thing": [None, 1e300]}}
    assert json.loads(encode_event(parsed(free, strict=True))) == free


EXTRAS = [
    *("1", "null", "1e400", "NaN", "-Infinity", '"NaN"', '"\\ud800"', '"\\ud83d\\ude00"', "1" * 400, "1" * 5000),
    *('{"a": 1, "a": 2}', "[" * 60 + "]" * 60, "[" * 64 + "]" * 64, "[" * 300 + "]" * 300, "01", "[1,]", "nul"),
]


@pytest.mark.parametrize("extra", EXTRAS, ids=lambda text: text[:20])
@pytest.mark.parametrize("name", ["agent_message_delta.1", "messages_snapshot.1", "metrics_updated.1"])
def test_the_short_way_around_unknown_members_ends_where_the_long_one_does(name: str, extra: str) -> None:
    text = json.dumps({**document(name), "zone": "@"}).replace('"@"', extra)
    verdict = CONTRACT.read(text)
    for raw in (text, text.encode()):
        if verdict.event is None:
            with pytest.raises(InvalidEventError) as caught:
                parse_event(raw)
            assert caught.value.faults == verdict.faults
        else:
            assert parse_event(raw) == verdict.event == parse_event(json.dumps(document(name)))


def test_an_event_of_an_unknown_type_is_kept_as_it_came() -> None:
    newer = {**DELTA, "type": "deployment_requested", "zone": [1, 2**70], "payload": {"x": {"y": None}}}
    event = parsed(newer)
    assert isinstance(event, UnknownEvent)
    assert (event.type, event.session_id, event.payload) == ("deployment_requested", "abc", {"x": {"y": None}})
    assert event.time.year == 2026
    assert json.loads(encode_event(event)) == newer
    assert CONTRACT.read(json.dumps(newer)).verdict == "unknown"
    assert faults(newer)[0].startswith('/type: "deployment_requested" is not one of "session_stream_started"')


def test_an_unknown_event_needs_an_envelope() -> None:
    bad = {**DELTA, "type": "deployment_requested", "session_id": "a b", "payload": "x", "zone": 1, "agent": 3}
    assert [fault.partition(":")[0] for fault in faults(bad, strict=False)] == ["/payload", "/session_id"]
    assert faults({**DELTA, "type": "Not A Type"}, strict=False)[0].startswith("/type: ")


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a slip in a name": (
        {**DELTA, "payload": {"mesage_id": "m1", "delta": "x"}},
        [
            '/payload/mesage_id: "mesage_id" is not a member here; did you mean "message_id"?',
            '/payload/message_id: "message_id" is missing; expected a string',
        ],
    ),
    "null": (
        {**DELTA, "agent": None},
        ["/agent: null is not a string; leave the member out instead"],
    ),
    "a slip in a type": (
        {**DELTA, "type": "agent_mesage_delta"},
        [
            '/type: "agent_mesage_delta" is not one of "session_stream_started", "session_stream_gap", '
            '"session_stream_closing", "run_started", "run_completed", "run_failed", "agent_message_started", '
            '"agent_message_delta", … (40 in all); did you mean "agent_message_delta"?'
        ],
    ),
    "no payload": (
        {name: value for name, value in DELTA.items() if name != "payload"},
        ['/payload: "payload" is missing; expected an object'],
    ),
    "a wrong enum": (
        {**document("agent_message_started.1"), "payload": {"message_id": "m", "role": "usr"}},
        ['/payload/role: "usr" is not one of "developer", "system", "assistant", "user"; did you mean "user"?'],
    ),
    "a number out of bounds": (
        {**DELTA, "type": "retry_attempted", "payload": {"attempt": 0}},
        ["/payload/attempt: 0 is not an integer from 1 to 2^53-1"],
    ),
    "a wrong operation": (
        {**DELTA, "type": "state_delta", "payload": {"delta": [{"op": "ad", "path": "/a"}]}},
        [
            '/payload/delta/0/op: "ad" is not one of "add", "remove", "replace", "move", "copy", "test"; '
            'did you mean "add"?'
        ],
    ),
    "a part that is wrong inside": (
        {
            **document("tool_call_result.1"),
            "payload": {"message_id": "m", "tool_call_id": "t", "content": [{"type": "text", "text": 5}]},
        },
        ["/payload/content/0/text: 5 is not a string"],
    ),
    "content of neither kind": (
        {
            **document("tool_call_result.1"),
            "payload": {"message_id": "m", "tool_call_id": "t", "content": 5},
        },
        ["/payload/content: 5 is not a string or an array"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_and_where(case: str) -> None:
    members, told = CASES[case]
    assert faults(members) == told


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff{}", "document: not UTF-8"),
        (b"\xef\xbb\xbf{}", "document: not JSON"),
        (b"{", "document: not JSON"),
        (b"", "document: not JSON"),
        (b"[" * 65 + b"]" * 65, "document: nested deeper than 64 levels"),
        (b"[" * 100_000, "document: nested deeper than 64 levels"),
        # Outside a string a backslash escapes nothing, and a string without an end hides what follows.
        (b'[\\"' + b"[" * 65 + b'"', "document: not JSON"),
        (b'\\"\\"' + b"[" * 65 + b'"', "document: not JSON"),
        (b'["' + b"[" * 65, "document: not JSON"),
        (b'["\\"' + b"[" * 65, "document: not JSON"),
        (b'"\\\\"' + b"[" * 65, "document: nested deeper than 64 levels"),
        (b"[]", "document: [] is not an object"),
        (b'{"a":NaN}', "document: not JSON"),
        (b'{"a":"\\ud800"}', "document: a lone surrogate in a string"),
        ('{"a":"\ud800"}', "document: a lone surrogate in a string"),
    ],
)
def test_what_is_no_document(raw: bytes | str, said: str) -> None:
    with pytest.raises(InvalidEventError, match=r"invalid event: ") as caught:
        parse_event(raw)
    assert said in str(caught.value)


def deep(levels: int) -> dict[str, Any]:
    """A delta nested so many levels deep, the event itself the first."""
    value: Any = 1
    for level in range(levels - 2):
        value = [value] if level % 2 else {"n": value}
    return {**DELTA, "metadata": {"n": value}}


@pytest.mark.parametrize("levels", [10, 33, 34, 35, 36, 64])
def test_a_deep_document(levels: int) -> None:
    assert json.loads(encode_event(parsed(deep(levels), strict=True))) == deep(levels)


def test_too_deep() -> None:
    assert faults(deep(65)) == [": nested deeper than 64 levels"]
    made = CONTRACT.parse(json.dumps(deep(64)))
    assert isinstance(made, AgentMessageDeltaEvent)
    with pytest.raises(InvalidEventError, match="nested deeper than 64 levels"):
        encode_event(made.model_copy(update={"metadata": deep(65)["metadata"]}))


def test_the_last_of_repeated_members_counts() -> None:
    text = json.dumps(DELTA).replace('"session_id"', '"session_id": 5, "session_id"')
    assert parse_event(text, strict=True) == parsed(DELTA)
    counters = '{"counters": {"a": "x", "a": 1}}'
    text = json.dumps({**DELTA, "type": "metrics_updated", "payload": "@"}).replace('"@"', counters)
    event = parse_event(text, strict=True)
    assert isinstance(event, MetricsUpdatedEvent)
    assert event.payload.counters == {"a": 1}


def test_the_message_of_an_error_is_short() -> None:
    with pytest.raises(InvalidEventError) as caught:
        parsed({**DELTA, **{f"extra_{number}": 1 for number in range(30)}}, strict=True)
    lines = str(caught.value).splitlines()
    assert lines[0] == "invalid agent_message_delta event: 30 faults"
    assert len(lines) == 12
    assert lines[-1] == "  … and 20 more"
    assert len(caught.value.faults) == 30
    assert caught.value.faults[0] == Fault("/extra_0", "extra", '"extra_0" is not a member here')


def test_what_cannot_be_written() -> None:
    event = parsed(DELTA)
    assert isinstance(event, AgentMessageDeltaEvent)
    with pytest.raises(InvalidEventError, match="cannot be written as JSON"):
        encode_event(event.model_copy(update={"agent": "\ud800"}))


def test_a_made_event_is_checked_and_stamped() -> None:
    made = CONTRACT.make("agent_message_delta", "abc", {"message_id": "m", "delta": "x"}, agent="a", run_id=None)
    assert json.loads(CONTRACT.encode(made)).keys() == {
        "event_id",
        "session_id",
        "timestamp",
        "agent",
        "type",
        "payload",
    }
    with pytest.raises(InvalidEventError, match="/payload/delta"):
        CONTRACT.make("agent_message_delta", "abc", {"message_id": "m"})
    assert CONTRACT.stamp({"event_id": "mine"})["event_id"] == "mine"
    assert CONTRACT.faults(DELTA) == ()
    assert [fault.pointer for fault in CONTRACT.faults({**DELTA, "type": "x"})] == ["/type"]
