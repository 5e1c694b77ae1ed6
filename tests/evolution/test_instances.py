"""Random instances are valid, cover the contract, and are the same for the same seed."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lockstep_codegen.instances import InstanceError, Instances, random_events
from support.judge import judge

SCHEMA: dict[str, Any] = json.loads(Path("schema/events.schema.json").read_text(encoding="utf-8"))


def accepts(schema: dict[str, Any], reference: str) -> Callable[[Any], bool]:
    return judge({"$defs": schema["$defs"], "$ref": reference})


def contract(**definitions: Any) -> dict[str, Any]:
    return {"oneOf": [], "$defs": definitions}


def test_every_event_type_is_made_and_valid() -> None:
    seen: set[str] = set()
    instances = Instances(SCHEMA, Random(7))
    for member in SCHEMA["oneOf"]:
        event_type = instances.tag(member)
        valid = accepts(SCHEMA, member["$ref"])
        for event in random_events(SCHEMA, seed=7, number=25, type=event_type):
            assert valid(event)
            assert event["type"] == event_type
        seen.add(event_type)
    assert len(seen) == len(SCHEMA["oneOf"])


def test_one_seed_is_one_sequence() -> None:
    first = list(random_events(SCHEMA, seed=3, number=50))
    assert first == list(random_events(SCHEMA, seed=3, number=50))
    assert first != list(random_events(SCHEMA, seed=4, number=50))


def test_a_minimal_event_has_only_what_is_required() -> None:
    event = Instances(SCHEMA, Random(0), minimal=True).event("tool_call_started")
    assert set(event) == {"event_id", "session_id", "timestamp", "type", "payload"}
    assert set(event["payload"]) == {"tool_call_id", "tool_name"}


def test_recursive_types_end() -> None:
    reference = {"$ref": "#/$defs/Tree"}
    closed = {"type": "object", "additionalProperties": False}
    leaf = {**closed, "properties": {"kind": {"const": "leaf"}}, "required": ["kind"]}
    branch = {
        **closed,
        "properties": {"kind": {"const": "branch"}, "left": reference, "right": reference},
        "required": ["kind", "left", "right"],
    }
    schema = contract(Tree={"oneOf": [{"$ref": "#/$defs/Branch"}, {"$ref": "#/$defs/Leaf"}]}, Leaf=leaf, Branch=branch)
    instances = Instances(schema, Random(1))
    valid = accepts(schema, "#/$defs/Tree")
    for _ in range(200):
        assert valid(instances.value(reference))


def test_a_type_that_requires_itself_is_refused() -> None:
    loop = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Loop"}}, "required": ["next"]}
    with pytest.raises(InstanceError, match="'next' can never be filled"):
        Instances(contract(Loop=loop), Random(1)).value({"$ref": "#/$defs/Loop"})


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"type": "string", "format": "uuid"}, "keyword 'format' is outside the dialect"),
        ({"$ref": "#/$defs/Nothing"}, "leads nowhere"),
        ({"type": "decimal"}, "type 'decimal'"),
    ],
)
def test_what_the_dialect_does_not_know_is_an_error(node: dict[str, Any], message: str) -> None:
    with pytest.raises(InstanceError, match=message):
        Instances(contract(), Random(1)).value(node)


@pytest.mark.parametrize(
    "node",
    [
        {"type": "integer", "minimum": 3, "maximum": 3},
        {"type": "integer", "minimum": -(2**53) + 1, "maximum": 2**53 - 1},
        {"type": "number", "minimum": 0},
        {"type": "number", "maximum": -1e9},
        {"type": "number", "minimum": 0.25, "maximum": 0.5},
        {"type": "string", "minLength": 2, "maxLength": 3},
        {"type": "string", "pattern": "^(a|bc)*$", "minLength": 2, "maxLength": 5},
        {"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 2},
        {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 1}},
        {"type": ["array", "boolean", "number", "object", "string"]},
        {"type": ["integer", "null"], "minimum": 0, "maximum": 9},
        {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        {"enum": ["a", "b"]},
        {},
    ],
)
def test_every_shape_of_the_dialect(node: dict[str, Any]) -> None:
    instances = Instances(contract(), Random(5))
    valid = judge(node)
    for _ in range(100):
        value = instances.value(node)
        assert valid(value)
        assert json.loads(json.dumps(value, allow_nan=False)) == value


def test_an_unknown_event_type_is_named() -> None:
    with pytest.raises(InstanceError, match="no event 'tool_call_startd'"):
        next(random_events(SCHEMA, seed=1, number=1, type="tool_call_startd"))
