"""Every example parses, encodes and equals itself; and together they are every event."""

import json

import pytest
from lockstep_events import CONTRACT, EVENT_CLASSES, encode_event, parse_event
from support.golden import GOLDEN


@pytest.mark.parametrize("name", GOLDEN)
def test_round_trip(name: str) -> None:
    event = parse_event(GOLDEN[name], strict=True)
    raw = encode_event(event)
    assert json.loads(raw) == json.loads(GOLDEN[name])
    assert parse_event(raw, strict=True) == event
    assert event.time.isoformat(timespec="milliseconds").replace("+00:00", "Z") == event.timestamp


def test_every_event_has_one() -> None:
    assert {name.partition(".")[0] for name in GOLDEN} == set(CONTRACT.event_types) == set(EVENT_CLASSES)


def test_every_example_has_its_class() -> None:
    classes = {str(type): kind for type, kind in EVENT_CLASSES.items()}
    assert all(type(parse_event(text)) is classes[name.partition(".")[0]] for name, text in GOLDEN.items())


def test_an_event_is_written_compactly_and_in_the_order_of_the_envelope() -> None:
    raw = encode_event(parse_event(GOLDEN["tool_call_started.1"]))
    assert raw.startswith(b'{"event_id":"')
    assert list(json.loads(raw))[:3] == ["event_id", "session_id", "timestamp"]
    assert list(json.loads(raw))[-2:] == ["type", "payload"]
