"""The examples are valid, and between them they show every field and every member of every union."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.example_coverage import reachable, shown
from support.judge import judge
from verdict.schema import Node, contract, examples, reference

SCHEMA = contract()
VALID = judge(SCHEMA.document)
ENVELOPE = {
    "event_id": "0199a000-0000-7000-8000-000000000001",
    "session_id": "abc",
    "timestamp": "2026-11-23T10:00:00.000Z",
}
OPTIONAL = {
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "metadata": {"tenant": None},
    "raw_event": ["as", "received"],
    "source": {"protocol": "ag-ui", "timestamp": -1, "unknown": {"/later": None}, "synthesized": True},
}
ATTRIBUTION = {"run_id": "run-1", "agent": "infrastructure_monitor", "subagent_run_id": "sub_1"}


def payload_of(kind: str) -> Node:
    return SCHEMA.properties(SCHEMA.definitions[SCHEMA.events[kind]])["payload"]


def events() -> Iterator[tuple[str, Any]]:
    for kind, payloads in examples(SCHEMA).items():
        yield from ((kind, payload) for payload in payloads)


@pytest.mark.parametrize(("kind", "payload"), list(events()))
def test_an_example_is_valid_in_the_smallest_and_in_the_fullest_envelope(kind: str, payload: Any) -> None:
    node = SCHEMA.definitions[SCHEMA.events[kind]]
    attributes = {name: value for name, value in ATTRIBUTION.items() if name in SCHEMA.properties(node)}
    least = {name: value for name, value in attributes.items() if name in SCHEMA.required(node)}
    assert judge(SCHEMA.document | {"oneOf": [payload_of(kind)]})(payload)
    assert VALID({**ENVELOPE, **least, "type": kind, "payload": payload})
    assert VALID({**ENVELOPE, **OPTIONAL, **attributes, "type": kind, "payload": payload})


@pytest.mark.parametrize("kind", SCHEMA.events)
def test_an_event_is_closed(kind: str) -> None:
    node = SCHEMA.definitions[SCHEMA.events[kind]]
    required = {name: value for name, value in ATTRIBUTION.items() if name in SCHEMA.required(node)}
    payload: Node = examples(SCHEMA)[kind][0]
    event = {**ENVELOPE, **required, "type": kind, "payload": payload}
    valid = judge(SCHEMA.document | {"oneOf": [{"$ref": f"#/$defs/{SCHEMA.events[kind]}"}]})
    assert valid(event)
    assert not valid({**event, "typo": 1})
    assert not valid({**event, "payload": {**payload, "typo": 1}})
    for name in event:
        assert not valid({key: value for key, value in event.items() if key != name}), name
    for name in [*OPTIONAL, "agent"]:
        assert not valid({**event, name: None}), name


@pytest.mark.parametrize("kind", SCHEMA.events)
def test_the_examples_show_everything(kind: str) -> None:
    payload = payload_of(kind)
    seen = {name for each in examples(SCHEMA)[kind] for name in shown(SCHEMA, payload, each)}
    assert sorted(reachable(SCHEMA, payload) - seen) == []


def test_the_fullest_envelope_shows_everything() -> None:
    for mixin, value in (("Envelope", {**ENVELOPE, **OPTIONAL}), ("Attributed", ATTRIBUTION)):
        node = {"$ref": f"#/$defs/{mixin}"}
        assert reachable(SCHEMA, node) - shown(SCHEMA, node, value) == set()


def test_no_payload_is_without_examples() -> None:
    assert examples(SCHEMA).keys() == SCHEMA.events.keys()
    for name in SCHEMA.definitions:
        used = "examples" in SCHEMA.definitions[name]
        assert used == (name in {reference(payload_of(kind)) for kind in SCHEMA.events}), name
