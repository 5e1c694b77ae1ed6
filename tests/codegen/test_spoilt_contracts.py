"""Schemas with anything anywhere: a finding for each, or code; never a traceback."""

import copy
import json
import random
from importlib import import_module
from typing import Any

import pytest
from lockstep_codegen.base import Base
from lockstep_codegen.build import build
from lockstep_codegen.bundle import bundle
from lockstep_codegen.lint import lint
from lockstep_codegen.pipeline import canonical
from lockstep_codegen.source import is_object, parse
from lockstep_codegen.targets import TARGETS
from support.contracts import extending, small

BASE = Base("example_events", "0.1.0", "sha256:0", small())
STRANGE: tuple[Any, ...] = (
    *(None, True, -1, 1.5, "", "x", [], {}, [1], {"x": 1}, {"$ref": 5}),
    *("urn:example:events", "#/$defs/NoteRemovedEvent", "urn:example:events#/$defs/Envelope"),
    {"$ref": "urn:example:events"},
)


def spoil(schema: dict[str, Any], chance: random.Random) -> None:
    """Change one thing somewhere: a member gone, added, or of another value."""
    node: Any = schema
    while True:
        keys: list[Any] = list(node) if is_object(node) else list(range(len(node)))
        inner = [key for key in keys if isinstance(node[key], dict | list) and node[key]]
        if not inner or chance.random() < 0.3:
            break
        node = node[chance.choice(inner)]
    value = copy.deepcopy(chance.choice(STRANGE))
    if is_object(node) and chance.random() < 0.2:
        node["stranger"] = value
    elif is_object(node) and chance.random() < 0.3:
        del node[chance.choice(keys)]
    elif keys:
        node[chance.choice(keys)] = value


@pytest.mark.parametrize("base", [None, BASE], ids=["alone", "extending"])
@pytest.mark.parametrize("seed", range(4))
def test_a_spoilt_schema_is_refused_or_works(base: Base | None, seed: int) -> None:
    chance = random.Random(seed)
    refused = 0
    for _ in range(150):
        schema = extending() if base else small()
        for _ in range(chance.choice([1, 1, 2, 3])):
            spoil(schema, chance)
        source = parse("x.json", json.dumps(schema))
        findings = lint(source, base)
        refused += bool(findings)
        if not findings:
            whole = bundle(source, base).document
            contract = build(whole, text=canonical(whole), version="0.1.0", package="more_events", base=base)
            for target in TARGETS.keys() - {"python-models"}:
                import_module(TARGETS[target]).render(contract)
    assert 100 < refused < 150
