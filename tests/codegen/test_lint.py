"""One line for every fault of a contract, with its place and what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lockstep_codegen.lint import lint
from lockstep_codegen.source import load, parse
from support.contracts import REAL, save, small

Schema = dict[str, Any]


def faults(schema: object) -> list[tuple[str, str]]:
    """The rules broken, each with the message."""
    return [(finding.rule, finding.message) for finding in lint(parse("x.json", json.dumps(schema, indent=2)))]


def test_the_real_contract_keeps_the_dialect() -> None:
    assert lint(load(REAL)) == []


def test_the_small_contract_keeps_the_dialect() -> None:
    assert faults(small()) == []


def set_at(*path: str | int) -> Callable[[Any], Callable[[Schema], None]]:
    """`set_at("a", "b")(value)` is a change that puts `value` at schema["a"]["b"]."""

    def with_value(value: Any) -> Callable[[Schema], None]:
        def change(schema: Schema) -> None:
            node: Any = schema
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = value

        return change

    return with_value


TEXT = ("$defs", "NoteAddedPayload", "properties", "text")
PAYLOAD = ("$defs", "NoteAddedPayload")
EVENT = ("$defs", "NoteAddedEvent")

CASES: dict[str, tuple[Callable[[Schema], Any], str, str]] = {
    "keyword typo": (
        set_at(*TEXT, "minLenght")(1),
        "KEYWORD_ALLOWED",
        '"minLenght" is not in the dialect: did you mean "minLength"?',
    ),
    "keyword out of place": (set_at(*TEXT, "minimum")(1), "KEYWORD_ALLOWED", '"minimum" is not allowed on a string'),
    "format": (set_at(*TEXT, "format")("uri"), "KEYWORD_ALLOWED", '"format" is not in the dialect'),
    "type typo": (
        set_at(*TEXT, "type")("strnig"),
        "TYPE_KNOWN",
        'the type "strnig" is not in the dialect: did you mean "string"?',
    ),
    "nullable": (
        set_at(*TEXT, "type")(["string", "null"]),
        "TYPE_KNOWN",
        'the type ["string", "null"] is not in the dialect',
    ),
    "unbounded integer": (
        set_at(*TEXT)({"description": "A.", "type": "integer"}),
        "INT_SAFE",
        "minimum of an integer is missing",
    ),
    "number bound": (
        set_at(*TEXT)({"description": "A.", "type": "number", "minimum": "1"}),
        "BOUND_VALID",
        'minimum is "1"',
    ),
    "crossed bounds": (
        set_at(*TEXT)({"description": "A.", "type": "number", "minimum": 2, "maximum": 1}),
        "BOUND_VALID",
        "nothing fits",
    ),
    "open pattern": (set_at(*TEXT, "pattern")("a+"), "REGEX_PORTABLE", 'the pattern "a+" is not anchored'),
    "look-ahead": (set_at(*TEXT, "pattern")("^(?=a)a$"), "REGEX_PORTABLE", "is not portable"),
    "enum of numbers": (
        set_at(*TEXT)({"description": "A.", "type": "string", "enum": [1]}),
        "ENUM_STRINGS",
        "different strings",
    ),
    "dangling reference": (
        set_at(*EVENT, "properties", "payload", "$ref")("#/$defs/NoteAddedPayloda"),
        "REF_RESOLVES",
        '"#/$defs/NoteAddedPayloda" points at nothing: did you mean "#/$defs/NoteAddedPayload"?',
    ),
    "remote reference": (
        set_at(*TEXT)({"$ref": "https://example.com/x", "description": "A."}),
        "REF_LOCAL",
        "does not point into this file",
    ),
    "inline object": (
        set_at(*TEXT)({"description": "A.", "type": "object", "properties": {}, "additionalProperties": False}),
        "NO_INLINE_OBJECT",
        "name it in $defs",
    ),
    "open payload": (set_at(*PAYLOAD, "additionalProperties")(True), "OBJECT_CLOSED", "write false"),
    "required but not declared": (
        set_at(*PAYLOAD, "required")(["text", "nope"]),
        "OBJECT_MEMBERS",
        '"nope" is required but not declared',
    ),
    "no description": (
        lambda s: s["$defs"]["NoteAddedPayload"]["properties"]["text"].pop("description"),
        "DESCRIPTION_REQUIRED",
        '"text" has no description',
    ),
    "inline union member": (
        lambda s: s["oneOf"].append({"type": "object"}),
        "UNION_MEMBER_REF",
        "a union's member stands inline",
    ),
    "duplicate const": (
        lambda s: (
            s["$defs"].update(OtherEvent=dict(s["$defs"]["NoteAddedEvent"])),
            s["oneOf"].append({"$ref": "#/$defs/OtherEvent"}),
        ),
        "CONST_UNIQUE",
        'type "note_added" is taken by an earlier member',
    ),
    "type not required": (set_at(*EVENT, "required")(["payload"]), "TYPE_REQUIRED", 'must declare and require "type"'),
    "wrong event name": (
        set_at(*EVENT, "properties", "type", "const")("note_removed"),
        "EVENT_NAMED",
        "is called NoteRemovedEvent",
    ),
    "camel type": (set_at(*EVENT, "properties", "type", "const")("noteAdded"), "TYPE_NAME", "is not snake_case"),
    "open event": (
        lambda s: s["$defs"]["NoteAddedEvent"].pop("unevaluatedProperties"),
        "OBJECT_CLOSED",
        "NoteAddedEvent is open",
    ),
    "no envelope": (set_at(*EVENT, "allOf")([]), "ENVELOPE", "NoteAddedEvent is no event"),
    "colliding field": (
        lambda s: s["$defs"]["NoteAddedPayload"]["properties"].update(
            session_id={"description": "A.", "type": "string"}
        ),
        "NAME_COLLISION",
        'NoteAddedPayload and the envelope both have "session_id"',
    ),
    "Python keyword": (
        lambda s: s["$defs"]["NoteAddedPayload"]["properties"].update(
            {"from": {"description": "A.", "type": "string"}}
        ),
        "NAME_COLLISION",
        '"from" is a Python keyword',
    ),
    "Pydantic method": (
        lambda s: s["$defs"]["NoteAddedPayload"]["properties"].update(
            model_dump={"description": "A.", "type": "string"}
        ),
        "NAME_COLLISION",
        "is a method of every Pydantic model",
    ),
    "case collision": (
        lambda s: s["$defs"].update(Sessionid=s["$defs"]["SessionId"]),
        "NAME_COLLISION",
        "differ by case alone",
    ),
    "unused": (
        lambda s: s["$defs"].update(Lonely={"description": "A.", "type": "string"}),
        "DEFINITION_USED",
        'nothing refers to "Lonely"',
    ),
    "no example": (
        lambda s: s["$defs"]["NoteAddedPayload"].pop("examples"),
        "EXAMPLE_REQUIRED",
        "NoteAddedPayload has no example",
    ),
    "invalid example": (
        set_at(*PAYLOAD, "examples")([{"text": 3}]),
        "EXAMPLE_VALID",
        "the example's /text is not allowed: 3 is not a string",
    ),
    "no root title": (lambda s: s.pop("title"), "ROOT", '"title" is missing at the root'),
    "not an object": (lambda s: s["$defs"].update(NoteAddedPayload=3), "SCHEMA_OBJECT", "3 is not a schema"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_has_its_rule(case: str) -> None:
    change, rule, message = CASES[case]
    schema = small()
    change(schema)
    assert any(found == rule and message in text for found, text in faults(schema)), faults(schema)


def test_a_fault_stands_where_its_keyword_stands(tmp_path: Path) -> None:
    schema = small()
    schema["$defs"]["NoteAddedPayload"]["properties"]["text"]["minLenght"] = 1
    path = save(schema, tmp_path)
    (finding,) = lint(load(path))
    line = path.read_text().splitlines()[finding.place.line - 1]
    assert line[finding.place.column - 1 :] == "1"
    assert "minLenght" in line


@pytest.mark.parametrize("hostile", [None, [], 3, "x", {"$defs": []}, {"oneOf": {}, "$defs": {"A": {"allOf": 3}}}])
def test_nonsense_is_a_finding_and_not_a_traceback(hostile: object) -> None:
    assert faults(hostile)


@pytest.mark.parametrize("keyword", ["allOf", "properties", "required", "oneOf", "examples", "type", "description"])
@pytest.mark.parametrize("nonsense", [None, 3, "x", [], {}, [3], {"a": 3}])
@pytest.mark.parametrize("definition", ["NoteAddedEvent", "NoteAddedPayload", "Envelope", "SessionId"])
def test_nonsense_anywhere_never_raises(definition: str, keyword: str, nonsense: object) -> None:
    schema = small()
    schema["$defs"][definition][keyword] = nonsense
    for _, message in faults(schema):
        assert message
