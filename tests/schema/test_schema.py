"""The contract keeps its own dialect: forms, names, descriptions, patterns and the vocabulary."""

import json
import keyword
import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lockstep_codegen.patterns import parse
from pydantic import BaseModel
from verdict.schema import OPAQUE, ROOT, Node, contract, is_array, is_object, reference

SCHEMA = contract()
PATH = ROOT / "schema" / "events.schema.json"
VOCABULARY = {
    "stream": "session_stream_started session_stream_gap session_stream_closing",
    "run": "run_started run_completed run_failed",
    "message": "agent_message_started agent_message_delta agent_message_completed agent_message_chunk",
    "reasoning": "reasoning_started reasoning_message_started reasoning_message_delta reasoning_message_completed "
    "reasoning_message_chunk reasoning_completed reasoning_encrypted_value",
    "tool": "tool_call_started tool_call_args_delta tool_call_args_completed tool_call_chunk "
    "tool_call_execution_started tool_call_result",
    "workflow": "workflow_step_started workflow_step_completed workflow_step_failed workflow_transition",
    "state": "state_snapshot state_delta messages_snapshot activity_snapshot activity_delta",
    "subagent": "subagent_started subagent_completed subagent_failed",
    "health": "error_occurred retry_attempted metrics_updated",
    "open": "raw_received custom_emitted",
}
KEYWORDS = """
description type properties required additionalProperties unevaluatedProperties allOf oneOf $ref const enum
minLength maxLength pattern minimum maximum items minItems maxItems examples deprecated
x-family x-since x-logged x-ag-ui x-otel x-replaced-by
"""
TYPESCRIPT = """
break case catch class const continue debugger default delete do else enum export extends false finally for
function if import in instanceof new null return super switch this throw true try typeof var void while with
await implements interface let package private protected public static yield arguments eval
"""


def nodes(node: Any, place: str) -> Iterator[tuple[str, Node]]:
    """Every schema at or below `node`, with its place."""
    if is_array(node):
        for index, item in enumerate(node):
            yield from nodes(item, f"{place}/{index}")
    elif is_object(node):
        yield place, node
        for name, member in node.get("properties", {}).items():
            yield from nodes(member, f"{place}/properties/{name}")
        for name in ("allOf", "oneOf", "items", "additionalProperties"):
            yield from nodes(node.get(name), f"{place}/{name}")


PLACES = [place for name, node in SCHEMA.definitions.items() for place in nodes(node, name)]


def test_the_file_is_valid_json_schema_in_canonical_form() -> None:
    Draft202012Validator.check_schema(SCHEMA.document)
    assert PATH.read_text("utf-8") == json.dumps(SCHEMA.document, indent=2, ensure_ascii=False) + "\n"
    assert list(SCHEMA.document) == ["$schema", "$id", "title", "description", "oneOf", "$defs"]


def test_the_vocabulary_is_the_one_that_was_agreed() -> None:
    families: dict[str, list[str]] = {}
    for kind, name in SCHEMA.events.items():
        families.setdefault(SCHEMA.definitions[name]["x-family"], []).append(kind)
    assert {family: " ".join(kinds) for family, kinds in families.items()} == VOCABULARY


def test_events_and_payloads_are_named_after_their_type() -> None:
    for kind, name in SCHEMA.events.items():
        stem = "".join(word.capitalize() for word in kind.split("_"))
        node = SCHEMA.definitions[name]
        assert name == f"{stem}Event"
        assert reference(node["properties"]["payload"]) == f"{stem}Payload"
        assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", node["x-since"])


def test_only_the_dialects_keywords_are_used() -> None:
    assert {key for _, node in PLACES for key in node} <= set(KEYWORDS.split())


def test_everything_is_described() -> None:
    members = {place for place, _ in PLACES if "/oneOf/" not in place and "/allOf/" not in place}
    bare = [place for place, node in PLACES if place in members and not node.get("description")]
    assert [place for place in bare if not place.endswith("/items")] == []
    for place, node in PLACES:
        words = node.get("description", "Fine.")
        assert words.endswith((".", "`.")), f"{place}: {words}"
        assert words[0].isupper(), f"{place}: {words}"


def test_every_definition_is_used() -> None:
    used = {reference(node) for _, node in PLACES} | {reference(member) for member in SCHEMA.document["oneOf"]}
    assert SCHEMA.definitions.keys() - used == set()
    assert used - {""} <= SCHEMA.definitions.keys()


def test_objects_are_closed_or_maps_or_opaque() -> None:
    mixins = {reference(each) for name in SCHEMA.events.values() for each in SCHEMA.definitions[name]["allOf"]}
    for place, node in PLACES:
        if node.get("type") != "object" or place in mixins or place in OPAQUE:
            continue
        assert set(node.get("required", ())) <= SCHEMA.properties(node).keys(), place
        if "properties" in node:
            assert node.get("unevaluatedProperties", node.get("additionalProperties")) is False, place
            assert "/" not in place, f"{place}: an object needs a name"
        else:
            assert is_object(node["additionalProperties"]), place


def test_integers_are_bounded_and_null_is_allowed_nowhere() -> None:
    for place, node in PLACES:
        if node.get("type") == "integer":
            assert -(2**53) < node["minimum"] <= node["maximum"] < 2**53, place
        assert node.get("const", 0) is not None, place
        assert is_array(node.get("type")) == (place == "JsonNotNull"), place


def test_patterns_are_portable() -> None:
    for place, node in PLACES:
        pattern: str | None = node.get("pattern")
        if pattern is not None:
            assert re.fullmatch(r"\^.*\$", pattern), place
            assert pattern.isascii(), place
            assert not re.search(r"\\[dDwWsSbBpP0-9]|\(\?", pattern), place
            parse(pattern)


def test_payload_names_collide_with_nothing() -> None:
    envelope = {name for event in SCHEMA.events.values() for name in SCHEMA.properties(SCHEMA.definitions[event])}
    for event in SCHEMA.events.values():
        payload = SCHEMA.resolve(SCHEMA.properties(SCHEMA.definitions[event])["payload"])
        for name in payload["properties"]:
            assert name not in envelope | set(TYPESCRIPT.split()), f"{event}: {name}"
            assert not keyword.iskeyword(name), f"{event}: {name}"
    for name, node in SCHEMA.definitions.items():
        for field in node.get("properties", {}):
            assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", field), f"{name}.{field}"
            assert not hasattr(BaseModel, field), f"{name}.{field}: Pydantic's own"
            assert not field.startswith("model_"), f"{name}.{field}: Pydantic's own"


def test_telemetry_names_are_attributes() -> None:
    named = [str(node["x-otel"]) for _, node in PLACES if "x-otel" in node]
    assert named
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", name) for name in named)


@pytest.mark.parametrize("year", [1000, 1970, 1900, 2000, 2023, 2024, 2100, 2400, 9996, 9999])
def test_a_timestamp_is_a_day_that_exists(year: int) -> None:
    pattern = re.compile(SCHEMA.definitions["Timestamp"]["pattern"])
    for month in range(14):
        for day in range(34):
            real = 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
            assert bool(pattern.search(f"{year}-{month:02}-{day:02}T23:59:59.999Z")) == real, (year, month, day)


def test_leap_days_are_those_of_the_calendar() -> None:
    pattern = re.compile(SCHEMA.definitions["Timestamp"]["pattern"])
    for year in range(1000, 10_000):
        assert bool(pattern.search(f"{year}-02-29T00:00:00.000Z")) == isleap(year), year
