"""Whatever a schema holds, comparing ends: in findings, or in one clear line."""

import copy
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from evolution.case import Case
from lockstep_codegen.errors import CodegenError
from lockstep_codegen.evolution.against import current
from lockstep_codegen.evolution.diff import diff
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.wellformed import demand_schema
from lockstep_codegen.source import is_array, is_object

BASE: dict[str, Any] = Case(Path(__file__).parent / "rules" / "FIELD_ADDED_OPTIONAL").sides[0].source.document
NONSENSE: list[Any] = [
    None, True, False, 0, -1, 2.5, 10**400, "", "x", [], [[]], [1], [None], {}, {"$ref": "#/$defs/Part"}, {"": 1},
    {"oneOf": []}, {"enum": []}, {"$ref": "#"}, {"$ref": "https://a.test/x"}, {"type": "object", "required": ["x"]},
]  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Iterable[tuple[Any, Any]] = node.items() if is_object(node) else enumerate(node) if is_array(node) else ()
    return [path, *(place for key, value in items for place in places(value, (*path, key)))]


def refused(sides: list[Document]) -> bool:
    try:
        for side in sides:
            demand_schema(side.source)
    except CodegenError as error:
        return len(str(error).splitlines()) == 1
    return False


def test_nonsense_anywhere_is_findings_or_one_line() -> None:
    random = Random(4)
    every = [place for place in places(BASE) if place]
    for _ in range(300):
        broken = copy.deepcopy(BASE)
        *way, last = random.choice(every)
        node: Any = broken
        for key in way:
            node = node[key]
        node[last] = random.choice(NONSENSE)
        sides = [Document.of(one) for one in random.sample([BASE, broken], 2)]
        if not refused(sides):
            diff(*sides)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "1:1: a schema is expected"),
        ('{"$defs": []}', '1:11: "$defs" must be an object'),
        ('{"$defs": {"A": {"required": "x"}}}', '1:30: "required" must be a list of strings'),
    ],
)
def test_what_is_no_schema_is_said_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "events.schema.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CodegenError, match=r"this is no JSON Schema") as caught:
        current(file)
    assert message in str(caught.value)


def test_definitions_that_lead_in_circles_end() -> None:
    circles = {
        "A": {"$ref": "#/$defs/B"},
        "B": {"$ref": "#/$defs/A"},
        "C": {"oneOf": [{"$ref": "#/$defs/C"}]},
        "D": {"type": "object", "properties": {"d": {"$ref": "#/$defs/D"}}, "additionalProperties": False},
    }
    for name in circles:
        old = Document.of({"$ref": f"#/$defs/{name}", "$defs": circles})
        new = Document.of({"$ref": f"#/$defs/{name}", "$defs": {**circles, name: {"type": "string"}}})
        assert any(finding.review or finding.proofs for finding in diff(old, new))


def test_two_thousand_events_are_compared() -> None:
    schema = copy.deepcopy(BASE)
    for index in range(2000):
        schema["oneOf"].append({"$ref": f"#/$defs/E{index}"})
        twin = json.loads(json.dumps(schema["$defs"]["NoteDroppedEvent"]))
        twin["properties"]["type"]["const"] = f"note_{index}"
        schema["$defs"][f"E{index}"] = twin
    other = copy.deepcopy(schema)
    other["$defs"]["Envelope"]["required"].append("trace")
    other["$defs"]["E7"]["properties"]["type"]["const"] = "note_seven"
    rules = {finding.rule.id for finding in diff(Document.of(schema), Document.of(other))}
    assert {"FIELD_BECAME_REQUIRED", "EVENT_TYPE_RENAMED"} <= rules
