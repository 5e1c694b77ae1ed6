"""Contracts that nobody should write: they work, or end in clear lines; no hang, no network, no traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lockstep_codegen.lint.backtracking import is_exponential
from lockstep_codegen.patterns import parse
from support.contracts import real, save, small

BIN = Path(sys.executable).parent
Schema = dict[str, Any]
OFFLINE = """
import socket

def refuse(*_: object) -> None:
    raise AssertionError("the generator asked the network")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
"""


@pytest.fixture(scope="session")
def offline(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which whoever opens a connection fails."""
    folder = tmp_path_factory.mktemp("offline")
    (folder / "sitecustomize.py").write_text(OFFLINE)
    return {**os.environ, "PYTHONPATH": str(folder)}


def generate(path: Path, environment: dict[str, str], seconds: int = 60) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [BIN / "lockstep", "generate", "--schema", path, "--out", path.parent / "out"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)


def field(node: Schema, example: Any = "x", **defs: Schema) -> Schema:
    """The small contract with one more field, and more definitions."""
    schema = small()
    payload = schema["$defs"]["NoteAddedPayload"]
    payload["properties"]["more"] = {"description": "More.", **node}
    payload["examples"] = [{"text": "hello", "more": example}]
    schema["$defs"] |= defs
    return schema


def reference(name: str) -> Schema:
    return {"description": "It.", "$ref": name if ":" in name else f"#/$defs/{name}"}


def named(name: str) -> Schema:
    schema = field(reference(name), **{name: {"description": "Named.", "type": "string"}})
    schema["$defs"]["NoteAddedPayload"]["properties"][name] = {"description": "Named.", "type": "string"}
    return schema


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a reference to itself": (lambda: field(reference("A"), A=reference("A")), "REF_CYCLE"),
    "references in a circle": (lambda: field(reference("A"), A=reference("B"), B=reference("A")), "REF_CYCLE"),
    "a union of itself": (
        lambda: field(reference("U"), U={"description": "U.", "oneOf": [{"$ref": "#/$defs/U"}]}),
        "UNION_DISCRIMINATOR",
    ),
    "a remote reference": (lambda: field(reference("https://example.com/schema.json#/x")), "REF_LOCAL"),
    "a reference to a file": (lambda: field(reference("file:///etc/passwd")), "REF_LOCAL"),
    "another meta-schema": (lambda: {**small(), "$schema": "http://example.com/meta"}, "[ROOT]"),
    "a name in Arabic": (lambda: named("حدث"), "DEFINITION_NAME"),
    "a name in Cyrillic": (lambda: named("Событие"), "FIELD_NAME"),
    "an emoji for a name": (lambda: named("💥"), "FIELD_NAME"),
    "an invisible name": (lambda: named("A\u200bB"), "FIELD_NAME"),
    "__proto__": (lambda: named("__proto__"), "FIELD_NAME"),
    "a pointer's own characters": (lambda: named("a/b~c"), "FIELD_NAME"),
    "no name": (lambda: named(""), "FIELD_NAME"),
    "quotes in a name": (lambda: named('A"B'), "FIELD_NAME"),
    "a keyword for a name": (lambda: named("None"), "NAME_COLLISION"),
    "an enum of 100,000 values": (
        lambda: field({"type": "string", "enum": [f"v{number}" for number in range(100_000)]}, "v7"),
        "ENUM_STRINGS",
    ),
    "a pattern that never ends": (
        lambda: field({"type": "string", "pattern": "^(a+)+$"}, "a" * 40 + "!"),
        "REGEX_LINEAR",
    ),
    "a bound of 400 digits": (
        lambda: field({"type": "integer", "minimum": -(10**398), "maximum": 1}, 1),
        "INT_SAFE",
    ),
    "lengths that are none": (lambda: field({"type": "string", "minLength": -1}), "BOUND_VALID"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_place(case: str, tmp_path: Path, offline: dict[str, str]) -> None:
    make, rule = REFUSED[case]
    path = save(make(), tmp_path)
    done = generate(path, offline)
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.removeprefix("lockstep generate: ").splitlines()
    assert any(rule in line for line in lines), done.stderr
    assert all(line.startswith(f"{path}:") and len(line) < 700 for line in lines), done.stderr


TEXTS: dict[str, tuple[Callable[[], str], str]] = {
    "nested 10,000 deep": (lambda: '{"a":' + "[" * 10_000 + "]" * 10_000 + "}", "nested more than 100 deep"),
    "schemas nested 10,000 deep": (
        lambda: json.dumps(small()).replace(
            '{"description": "The note.", "type": "string"}', '{"items":' * 10_000 + "{}" + "}" * 10_000
        ),
        "nested more than 100 deep",
    ),
    "a number of 5,000 digits": (lambda: '{"a":' + "9" * 5000 + "}", "at most 400 characters"),
    "a string of 100,000 characters": (
        lambda: json.dumps({**small(), "description": "x" * 100_000}),
        "at most 65536 characters",
    ),
    "50 MB": (lambda: json.dumps({**small(), "description": "x" * 50_000_000}), "more than the 8388608"),
    "half a surrogate pair": (lambda: '{"a": "\\ud800"}', "half a surrogate pair"),
    "nothing": (lambda: "", "the file ends here"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_unreadable_in_one_line(case: str, tmp_path: Path, offline: dict[str, str]) -> None:
    make, said = TEXTS[case]
    path = save(small(), tmp_path)
    path.write_text(make(), encoding="utf-8")
    done = generate(path, offline)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"lockstep generate: {path}:")
    assert said in done.stderr


EMPTY: list[Any] = [[], [[]]]
TREE = {
    "description": "A tree.",
    "type": "object",
    "properties": {"children": {"description": "Below.", "type": "array", "items": reference("Tree")}},
    "additionalProperties": False,
}
WORKS: dict[str, tuple[Callable[[], Schema], int]] = {
    "an object that contains itself": (lambda: field(reference("Tree"), {"children": [{}]}, Tree=TREE), 1),
    "an array of itself": (
        lambda: field(reference("A"), EMPTY, A={"description": "A.", "type": "array", "items": reference("A")}),
        1,
    ),
    "an enum of 1,000 values": (
        lambda: field({"type": "string", "enum": [f"v {number}" for number in range(1000)]}, "v 7"),
        1,
    ),
    "1,000 fields": (lambda: wide(1000), 1),
    "300 events": (lambda: many(300), 300),
}


def wide(count: int) -> Schema:
    schema = small()
    payload = schema["$defs"]["NoteAddedPayload"]
    fields = {f"field_{number}": {"description": "It.", "type": "string"} for number in range(count)}
    payload["properties"] |= fields
    payload["examples"] = [{"text": "hello", **dict.fromkeys(fields, "x")}]
    return schema


def many(count: int) -> Schema:
    """The real contract's shapes, again and again under other names."""
    schema = real()
    defs = schema["$defs"]
    for number in range(len(schema["oneOf"]), count):
        name = f"Thing{number}Happened"
        event, payload = defs["ToolCallStartedEvent"], defs["ToolCallStartedPayload"]
        properties = {
            "type": {"description": "The type.", "const": f"thing{number}_happened"},
            "payload": reference(f"{name}Payload"),
        }
        defs[f"{name}Event"] = {
            **event,
            "properties": properties,
            "x-ag-ui": {"custom": f"lockstep/thing{number}_happened"},
        }
        defs[f"{name}Payload"] = payload
        schema["oneOf"].append({"$ref": f"#/$defs/{name}Event"})
    return schema


@pytest.mark.parametrize("case", WORKS)
def test_works(case: str, tmp_path: Path, offline: dict[str, str]) -> None:
    make, events = WORKS[case]
    path = save(make(), tmp_path)
    done = generate(path, offline, seconds=100)
    assert (done.returncode, done.stderr) == (0, "")
    assert f" of {'1 event' if events == 1 else f'{events} events'} in " in done.stdout
    code = "import lockstep_events as it; print(len(it.EVENT_CLASSES), it.CONTRACT.read(b'{}').verdict)"
    environment = {**os.environ, "PYTHONPATH": str(path.parent / "out" / "python")}
    used = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (used.stdout, used.stderr) == (f"{events} invalid\n", "")


@pytest.mark.parametrize(
    ("pattern", "exponential"),
    [
        ("^(a+)+$", True),
        ("^(a*)*$", True),
        ("^(a|a)*$", True),
        ("^(a|aa)+$", True),
        ("^([a-z]+[0-9]*)*$", True),
        ("^(a{1,5})*$", True),
        ("^(x+x+)+y$", True),
        ("^(a?b?)*$", True),
        ("^(/([^/~]|~[01])*)*$", False),
        ("^([a-z]+-)*[a-z]+$", False),
        ("^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$", False),
        ("^(a{2})*$", False),
        ("^(ab?)+$", False),
        ("^a{0}$", False),
    ],
)
def test_which_patterns_backtrack_without_end(pattern: str, exponential: bool) -> None:
    assert is_exponential(parse(pattern)) is exponential
