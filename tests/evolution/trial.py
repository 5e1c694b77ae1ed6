"""A trial: an event put before a reader of one version, and what a verdict or a witness says of it."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.judge import Judge
from lockstep_codegen.evolution.rule import Category, Direction

PROGRAM = Path(__file__).with_name("ajv.cjs")


class Trial(NamedTuple):
    """`schema` is None where the reader refuses the type before any schema is asked."""

    schema: Any
    event: Any
    accepted: bool
    why: str


def witness_trials(old: Document, new: Document, findings: Sequence[Finding]) -> Iterator[Trial]:
    """Every witness before its writer, who must accept it, and before its reader, who must not."""
    judges = {Direction.BACKWARD: (Judge(old), Judge(new)), Direction.FORWARD: (Judge(new), Judge(old))}
    for finding in findings:
        for (category, direction), proof in finding.proofs.items():
            writer, reader = judges[direction]
            tag = proof.event.get("type")
            why = f"witness of {finding.rule.id} at {finding.subject}, {category} {direction}"
            yield Trial(writer.schema(tag, Category.WIRE_STRICT, direction), proof.event, True, why)
            yield Trial(reader.schema(tag, category, direction), proof.event, False, why)


def judged_otherwise(trials: Sequence[Trial]) -> list[str]:
    """Where Ajv disagrees, in its words; all trials in one process."""
    schemas: dict[int, int] = {}  # by identity: a judge hands out one object for each of its schemas
    texts: list[str] = []
    rows: list[str] = []
    for trial in trials:
        if trial.schema is None:
            assert not trial.accepted, trial.why
            continue
        if id(trial.schema) not in schemas:
            schemas[id(trial.schema)] = len(texts)
            texts.append(json.dumps(trial.schema))
        row = {**trial._asdict(), "schema": schemas[id(trial.schema)]}
        rows.append(json.dumps(row))
    lines = "\n".join([f"[{','.join(texts)}]", *rows])
    answer = subprocess.run(["node", PROGRAM], input=lines, capture_output=True, text=True, check=False)
    assert not answer.stderr, answer.stderr
    return answer.stdout.splitlines()
