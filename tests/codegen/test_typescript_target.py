"""The TypeScript target: what it makes of a contract compiles under every strict flag, and judges as it should."""

import json
import re
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import lockstep_events
import pytest
from lockstep_codegen.build import build
from lockstep_codegen.lint.events import DEFINITION, PACKAGE_NAMES, TYPESCRIPT_NAMES
from lockstep_codegen.patterns import is_plain
from lockstep_codegen.targets.typescript import render

ROOT = Path(__file__).parents[2]
BIN = ROOT / "node_modules" / ".bin"
SCHEMA: dict[str, Any] = json.loads((ROOT / "schema" / "events.schema.json").read_text("utf-8"))


def generate(schema: dict[str, Any], folder: Path) -> Path:
    """The package of a schema below `folder`, which is the root of a TypeScript project."""
    text = json.dumps(schema, ensure_ascii=False)
    for file in render(build(schema, text=text, version="1.2.3", package="acme_events")):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, "utf-8")
    options: dict[str, Any] = {
        "extends": str(ROOT / "tsconfig.json"),
        "include": ["typescript/src", "*.ts"],
        "exclude": [],
    }
    options["compilerOptions"] = {"types": [], "typeRoots": [str(ROOT / "node_modules" / "@types")]}
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps(options))
    return folder


def compile_errors(folder: Path) -> list[str]:
    answer = subprocess.run([BIN / "tsc", "-p", folder], capture_output=True, text=True, check=False)
    return answer.stdout.splitlines()


def run(folder: Path, program: str) -> Any:
    """What a program that imports the package prints, as JSON."""
    (folder / "program.ts").write_text(program)
    bundle = folder / "program.mjs"
    options = ["--bundle", "--platform=node", "--format=esm", "--log-level=error", f"--outfile={bundle}"]
    subprocess.run([BIN / "esbuild", folder / "program.ts", *options], check=True)
    answer = subprocess.run(["node", bundle], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def with_event(name: str, type_: str, payload: dict[str, Any], **definitions: Any) -> dict[str, Any]:
    """The repository's contract and one event more."""
    schema = deepcopy(SCHEMA)
    schema["oneOf"].append({"$ref": f"#/$defs/{name}Event"})
    envelope = [{"$ref": "#/$defs/Envelope"}, {"$ref": "#/$defs/Attributed"}]
    properties = {
        "type": {"description": "The type.", "const": type_},
        "payload": {"$ref": f"#/$defs/{name}Payload"},
    }
    schema["$defs"][f"{name}Event"] = {
        "description": "An event that is new.",
        "type": "object",
        "allOf": envelope,
        "properties": properties,
        "required": ["type", "payload"],
        "unevaluatedProperties": False,
        "x-family": "deployment",
        "x-since": "0.2.0",
    }
    schema["$defs"][f"{name}Payload"] = {"description": "The payload.", "type": "object", **payload}
    schema["$defs"] |= definitions
    return schema


TARGET = {
    "description": "Where to.",
    "type": "object",
    "properties": {"host": {"description": "The host.", "type": "string"}},
    "required": ["host"],
    "additionalProperties": False,
}
DEPLOYMENT = with_event(
    "DeploymentRequested",
    "deployment_requested",
    {
        "properties": {
            "target": {"$ref": "#/$defs/Target"},
            "strategy": {"description": "How.", "type": "string", "enum": ["rolling", "blue_green"]},
            "services": {"description": "Which.", "type": "array", "items": {"type": "string", "description": "One."}},
        },
        "required": ["target", "strategy"],
        "additionalProperties": False,
    },
    Target=TARGET,
)
USE = """
import {
  createDispatcher, type EventHandlers, isDeploymentRequestedEvent, matchEvent, type ParsedEvent,
} from "./typescript/src/index.ts";
const dispatcher = createDispatcher((event) => event).session("abc");
const event = dispatcher.deploymentRequested({ target: { host: "h" }, strategy: "rolling", services: ["web"] });
export const host: string = isDeploymentRequestedEvent(event) ? event.payload.target.host : "";
export const all = (event: ParsedEvent, old: EventHandlers<string>) =>
  matchEvent(event, { ...old, unknown: () => "" });
"""


def test_a_new_event_is_typed_and_an_old_match_no_longer_compiles(tmp_path: Path) -> None:
    """Handlers for every event but the new one are what a team had written before the edit."""
    project = generate(DEPLOYMENT, tmp_path)
    handlers = "\n".join(f"  {event}: () => 1," for event in _types(SCHEMA))
    match = 'import { type AgentEvent, matchEvent } from "./typescript/src/index.ts";\n'
    match += f"export const old = (event: AgentEvent) => matchEvent(event, {{\n{handlers}\n}});\n"
    (project / "match.ts").write_text(match.replace("\n});", "\n  deployment_requested: () => 1,\n});"))
    (project / "use.ts").write_text(USE)
    assert compile_errors(project) == []
    (project / "match.ts").write_text(match)
    errors = "\n".join(compile_errors(project))
    assert "match.ts" in errors
    assert "deployment_requested" in errors


WRONG = [
    ('{ strategy: "rolling" }', "target"),
    ('{ target: { host: "h" }, strategy: "red" }', "blue_green"),
    ('{ target: { host: "h" }, strategy: "rolling", service: [] }', "service"),
    ('{ target: { host: 3 }, strategy: "rolling" }', "number"),
    ('{ target: { host: "h" }, strategy: "rolling", services: null }', "null"),
]


def test_a_wrong_field_of_it_does_not_compile(tmp_path: Path) -> None:
    project = generate(DEPLOYMENT, tmp_path)
    create = 'import { createDispatcher } from "./typescript/src/index.ts";\n'
    for number, (fields, _) in enumerate(WRONG):
        call = f'createDispatcher((event) => event).session("abc").deploymentRequested({fields});\n'
        (project / f"wrong_{number}.ts").write_text(create + call)
    errors = "\n".join(compile_errors(project))
    for number, (_, complaint) in enumerate(WRONG):
        assert re.search(rf"wrong_{number}\.ts\(2,.*(\n  .*)*{complaint}", errors), errors


def _types(schema: dict[str, Any]) -> Iterator[str]:
    for member in schema["oneOf"]:
        yield schema["$defs"][member["$ref"].removeprefix("#/$defs/")]["properties"]["type"]["const"]


HOSTILE = with_event(
    "Hostile",
    "hostile",
    {
        "properties": {
            name: {"description": "*/ `${x}` \u2028 </script> \\", "type": "string", "pattern": "^[^/\n\"'`$]*$"}
            for name in ("__proto__", "constructor", "class", "with-dash", "ünï", "0", "'\"`${x}\u2028", "a b")
        }
        | {"tree": {"$ref": "#/$defs/Tree"}},
        "required": ["__proto__", "0"],
        "additionalProperties": False,
    },
    Tree={
        "description": "A tree.",
        "type": "object",
        "properties": {
            "children": {
                "description": "Its children.",
                "type": "array",
                "minItems": 2,
                "maxItems": 3,
                "items": {"$ref": "#/$defs/Tree"},
            },
            "by_name": {"$ref": "#/$defs/Forest"},
            "size": {"description": "Its size.", "type": "number", "minimum": -1.5, "maximum": 2},
            "label": {"description": "Its label.", "type": "string", "minLength": 2, "maxLength": 3},
            "fixed": {"description": "Always true.", "const": True},
        },
        "additionalProperties": False,
    },
    Forest={"description": "Trees.", "type": "object", "additionalProperties": {"$ref": "#/$defs/Tree"}},
)


def test_names_and_texts_of_every_kind_compile_and_are_judged(tmp_path: Path) -> None:
    project = generate(HOSTILE, tmp_path)
    assert compile_errors(project) == []
    event = {
        "event_id": "0199a000-0000-7000-8000-000000000001",
        "session_id": "abc",
        "timestamp": "2026-11-23T10:00:00.000Z",
        "type": "hostile",
    }
    deep: dict[str, Any] = {"size": 3}
    for _ in range(5):
        deep = {"children": [{}, deep]}
    payloads: list[tuple[dict[str, Any], list[str]]] = [
        (
            {"__proto__": "x", "0": "y", "constructor": "z", "ünï": "", "tree": {"children": [{}, {}], "fixed": True}},
            [],
        ),
        ({"0": "a/b", "toString": "x"}, ["/payload/0", "/payload/__proto__", "/payload/toString"]),
        ({"__proto__": "x\n", "0": "", "tree": deep}, ["/payload/__proto__", f"/payload/tree{'/children/1' * 5}/size"]),
        (
            {"__proto__": "", "0": "", "tree": {"children": [{}], "by_name": {"a/b": {"label": "😀"}}, "fixed": 1}},
            ["/payload/tree/by_name/a~1b/label", "/payload/tree/children", "/payload/tree/fixed"],
        ),
    ]
    documents = [json.dumps({**event, "payload": payload}) for payload, _ in payloads]
    program = f"""
import {{ encodeEvent, readEvent }} from "./typescript/src/index.ts";
const rulings = {json.dumps(documents)}.map((text) => readEvent(text, {{ strict: true }}));
console.log(JSON.stringify(rulings.map((ruling) => ruling.verdict === "invalid"
  ? ruling.faults.map((fault) => fault.pointer) : ruling.verdict === "known" ? encodeEvent(ruling.event) : null)));
"""
    first, *others = run(project, program)
    assert json.loads(first) == json.loads(documents[0])
    assert others == [pointers for _, pointers in payloads[1:]]


def test_the_order_of_definitions_changes_nothing() -> None:
    text = json.dumps(SCHEMA)
    shuffled = {**SCHEMA, "$defs": dict(sorted(SCHEMA["$defs"].items()))}
    assert render(build(SCHEMA, text=text, version="1")) == render(build(shuffled, text=text, version="1"))


def test_the_runtime_is_copied_as_it_is() -> None:
    files = {file.path: file.text for file in render(build(SCHEMA, text=json.dumps(SCHEMA), version="1"))}
    sources = ROOT / "codegen" / "lockstep_codegen" / "runtime" / "typescript"
    for source in sources.glob("*.ts"):
        assert files[f"typescript/src/runtime/{source.name}"] == source.read_text("utf-8")


def test_every_other_file_says_where_it_comes_from() -> None:
    for file in render(build(SCHEMA, text=json.dumps(SCHEMA), version="1.2.3")):
        if file.path.startswith("typescript/src/") and "/runtime/" not in file.path:
            first = file.text.partition("\n")[0]
            assert first.startswith("// @generated by `lockstep generate` from schema/events.schema.json")
            assert "1.2.3" in first


def test_no_definition_may_take_a_name_of_the_packages_own() -> None:
    """Lint knows what the packages export beside what the schema names."""
    exported = set(lockstep_events.__all__)
    files = {file.path: file.text for file in render(build(SCHEMA, text=json.dumps(SCHEMA), version="1"))}
    for braced in re.findall(r"\{([^}]*)\}", files["typescript/src/index.ts"]):
        exported |= set(re.findall(r"\b[A-Z]\w+\b", braced))
    own = {name for name in exported if DEFINITION.fullmatch(name) and not name.isupper()} - SCHEMA["$defs"].keys()
    assert own <= PACKAGE_NAMES | TYPESCRIPT_NAMES


@pytest.mark.parametrize(
    ("pattern", "plain"),
    [
        ("^[0-9a-f]{8}-[0-9a-f]{4}$", True),
        ("^(a|b ?)*$", True),
        (r"^a\.b\u0041$", True),
        ("a", False),
        ("^a", False),
        ("^a$|^b$", False),
        ("^.$", False),
        ("^[^a]$", False),
        ('^"$', False),
        (r"^\\$", False),
        ("^[!-#]$", False),
        ("^[Z-a]$", False),
        ("^é$", False),
        (r"^a\n$", False),
        (r"^a\$", False),
    ],
)
def test_which_strings_stand_in_json_as_they_are(pattern: str, plain: bool) -> None:
    """A stream's reader looks at their text alone."""
    assert is_plain(pattern) is plain
