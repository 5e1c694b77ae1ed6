"""Equal verdicts over a chain of contracts: Python, TypeScript and the JSON Schema, on events and near-misses."""

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lockstep_codegen.source import is_object
from support.extension import NODE, Teams, node_modules, teams

JUDGE_PY = """
import sys
from ops_events import CONTRACT
for line in sys.stdin:
    for strict in (True, False):
        verdict = CONTRACT.read(line.rstrip("\\n"), strict=strict)
        faults = ",".join(sorted(f"{fault.pointer} {fault.code}" for fault in verdict.faults))
        print(verdict.verdict, " ".join(sorted(verdict.ignored)), faults, sep="|")
"""
JUDGE_TS = """
import { readFileSync } from "node:fs";
import { readEvent } from "@ops/events";
const lines = readFileSync(0, "utf8").trimEnd().split("\\n");
for (const line of lines) {
  for (const strict of [true, false]) {
    const ruling = readEvent(line, { strict });
    const ignored = ruling.verdict === "known" ? [...ruling.ignored].sort().join(" ") : "";
    const faults = ruling.verdict === "invalid" ? ruling.faults.map((each) => `${each.pointer} ${each.code}`) : [];
    console.log([ruling.verdict, ignored, faults.sort().join(",")].join("|"));
  }
}
"""
WRONG: tuple[Any, ...] = (None, True, -1, 1.5, "", "x", [], {}, [1], {"x": 1})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Teams:
    """The packages of both teams, and the judge of the second in each language."""
    both = teams(tmp_path_factory.mktemp("teams"))
    both.generate()
    node_modules(both)
    (both.folder / "judge.py").write_text(JUDGE_PY)
    (both.folder / "judge.ts").write_text(JUDGE_TS)
    options = ["--bundle", "--format=esm", "--platform=node", "--log-level=warning", "--outfile=judge.mjs"]
    assert both.run(NODE / "esbuild", "judge.ts", *options).returncode == 0
    return both


def spoilt(document: Any, chance: random.Random) -> Any:
    """The document with one thing changed somewhere: a member gone, added or another value."""
    node: Any = document
    while True:
        keys: list[Any] = list(node) if is_object(node) else list(range(len(node)))
        inner = [key for key in keys if isinstance(node[key], dict | list) and node[key]]
        if not inner or chance.random() < 0.4:
            break
        node = node[chance.choice(inner)]
    if is_object(node) and chance.random() < 0.2:
        node["stranger"] = chance.choice(WRONG)
    elif is_object(node) and chance.random() < 0.2:
        del node[chance.choice(keys)]
    elif keys:
        node[chance.choice(keys)] = chance.choice(WRONG)
    return document


def documents(made: Teams) -> list[str]:
    """Valid events of every contract of the chain, each followed by near-misses."""
    options = [["--random", "30"], *(["--random", "20", "--type", type] for type in TYPES)]
    lines = [line for given in options for line in made.lockstep("ops", "examples", *given).stdout.splitlines()]
    chance = random.Random(7)
    wrong = [json.dumps(spoilt(json.loads(line), chance), ensure_ascii=False) for line in lines for _ in range(3)]
    return lines + wrong


TYPES = ("deployment_requested", "deployment_finished", "alert_raised")


def test_both_languages_and_the_schema_agree(made: Teams) -> None:
    lines = documents(made)
    file = made.folder / "events.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    python = judged(made, file, sys.executable, "judge.py")
    assert judged(made, file, "node", "judge.mjs") == python
    assert len(python) == 2 * len(lines)
    schema = json.loads((made.folder / "ops/generated/python/ops_events/schema.json").read_text(encoding="utf-8"))
    judge: Any = Draft202012Validator(schema)
    every = slice(None, None, 3)  # it takes 50 ms for one
    valid = [judge.is_valid(json.loads(line)) for line in lines[every]]
    assert valid == [verdict.startswith("known|") for verdict in python[::2][every]]
    assert sum(valid) >= len(valid) / 4, "what was not spoilt is valid"
    assert {verdict.partition("|")[0] for verdict in python} == {"known", "unknown", "invalid"}


def judged(made: Teams, file: Path, *command: str) -> list[str]:
    with file.open("rb") as events:
        done = made.run(*command, stdin=events)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
