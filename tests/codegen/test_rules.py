"""The catalogue of the linter's rules: complete, and true of the linter."""

import ast
import json
from pathlib import Path
from typing import Any

import lockstep_codegen.lint as lint_package
import pytest
from lockstep_codegen.base import Base
from lockstep_codegen.lint import lint
from lockstep_codegen.lint.rules import Rule, rules
from lockstep_codegen.source import parse
from support.contracts import extending, small

BASE_SCHEMA = small()
BASE_SCHEMA["$defs"]["NoteAddedEvent"]["x-ag-ui"] = {"custom": "lockstep/note_added"}
BASE = Base("example_events", "0.1.0", "sha256:0", BASE_SCHEMA)
JSON_TYPES = {"Json": {"description": "Any JSON."}}


def ids_in_code() -> set[str]:
    """The first argument of every `Fault(...)` in the linter's source."""
    calls = [
        node
        for path in Path(lint_package.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault"
    ]
    named = [call.args[0] for call in calls if call.args and isinstance(call.args[0], ast.Constant)]
    assert len(named) == len(calls), "a rule's id is written where its fault is made"
    return {str(name.value) for name in named}


def test_every_rule_of_the_linter_is_explained_and_no_other() -> None:
    assert ids_in_code() == set(rules())


def findings(rule: Rule, snippet: str) -> list[str]:
    """The rules that the small contract breaks with `snippet` in it, and the references of the snippet at hand."""
    schema = extending() if rule.extends else small()
    if "#/$defs/Json" in snippet:
        schema["$defs"] |= JSON_TYPES
    if "enum" in snippet or rule.id in TEXT_IS_NO_TEXT:
        schema["$defs"]["NoteAddedPayload"]["examples"] = [TEXT_IS_NO_TEXT.get(rule.id, {"text": "small"})]
    node: Any = schema
    for step in rule.at.split("/")[1:]:
        node = node[step]
    node |= json.loads(snippet)
    return [
        f"{found.rule}: {found.message}"
        for found in lint(parse("x.json", json.dumps(schema)), BASE if rule.extends else None)
    ]


TEXT_IS_NO_TEXT: dict[str, Any] = {
    "INT_SAFE": {"text": 3},
    "BOUND_VALID": {"text": 0.5},
    "ARRAY_ITEMS": {"text": ["one"]},
    "SCHEMA_DEPTH": {"text": ["one"]},
    "REGEX_PORTABLE": {"text": "42"},
}
"""Rules whose good example makes `text` something else, and an example of that."""


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_the_bad_example_breaks_the_rule_and_the_good_one_none(rule: Rule) -> None:
    assert any(found.startswith(f"{rule.id}:") for found in findings(rule, rule.bad)), findings(rule, rule.bad)
    assert findings(rule, rule.good) == []


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_the_words_are_sentences(rule: Rule) -> None:
    assert not rule.summary.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
