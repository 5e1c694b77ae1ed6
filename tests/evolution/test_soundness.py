"""No verdict "compatible" has a counter-example, and every witness is one: random edits, random events, two judges."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from evolution.edits import Schema, edit
from evolution.trial import Trial, judged_otherwise, witness_trials
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from lockstep_codegen.errors import CodegenError
from lockstep_codegen.evolution.diff import RISKS, compatible, diff
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.judge import Judge
from lockstep_codegen.evolution.rule import Category, Direction
from lockstep_codegen.instances import Instances

REAL: Schema = json.loads(Path("schema/events.schema.json").read_text(encoding="utf-8"))
EVENTS = 50  # for each version of each example
EXAMPLES = int(os.environ.get("LOCKSTEP_SOUNDNESS_EXAMPLES", "20"))  # more in a long run
AJV_EDITS = 12


class Versions(NamedTuple):
    """Two versions of a contract, compared."""

    old: Document
    new: Document
    findings: list[Finding]

    def sides(self, direction: Direction) -> tuple[Document, Document]:
        """The writer and the reader."""
        return (self.old, self.new) if direction is Direction.BACKWARD else (self.new, self.old)


def versions(first: list[int], second: list[int]) -> Versions:
    old = new = REAL
    for seed in first:
        old = edit(old, seed)
    new = old
    for seed in second:
        new = edit(new, seed)
    before, after = Document.of(old, "old.json"), Document.of(new, "new.json")
    return Versions(before, after, diff(before, after))


def events(document: Document, other: Document, random: Random, number: int) -> Iterator[Any]:
    """Random events of one version, most of them of types that can tell it from the other."""
    instances = Instances(document.schema, random)
    arms = document.schema["oneOf"]
    telling = [arm for arm in arms if differs(document, other, str(arm["$ref"]))]
    for index in range(number):
        try:
            yield instances.value(random.choice(telling if telling and index % 4 else arms))
        except CodegenError:  # an edit went outside the dialect, or made a type without values
            continue


def differs(document: Document, other: Document, reference: str) -> bool:
    """Whether a definition or anything below it is another one in the other version."""
    seen: set[str] = set()
    waiting = [reference]
    while waiting:
        name = waiting.pop().removeprefix("#/$defs/")
        if name not in seen:
            seen.add(name)
            node = document.definitions.get(name, {})
            if node != other.definitions.get(name):
                return True
            text = json.dumps(node)
            waiting += [part.split('"')[0] for part in text.split('"$ref": "')[1:]]
    return False


def trials(pair: Versions, random: Random, number: int) -> Iterator[Trial]:
    """Everything that the verdicts on two versions promise, as events to judge."""
    for direction in Direction:
        writer, reader = pair.sides(direction)
        judge = Judge(reader)
        claims = [risk for risk in RISKS if risk[1] is direction and compatible(pair.findings, risk)]
        for event in events(writer, reader, random, number) if claims else ():
            for risk in claims:
                yield Trial(judge.schema(event.get("type"), *risk), event, True, f"compatible: {risk}")
    yield from witness_trials(pair.old, pair.new, pair.findings)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes; an edit is a seed, and four are few
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    first=st.lists(st.integers(0, 10**9), max_size=2),
    second=st.lists(st.integers(0, 10**9), min_size=1, max_size=4),
)
def test_no_verdict_has_a_counter_example(first: list[int], second: list[int]) -> None:
    pair = versions(first, second)
    readers = {id(one): Judge(one) for one in (pair.old, pair.new)}
    for finding in pair.findings:
        note(f"{finding.rule.id} {finding.subject}: {finding.detail}")
    for direction in Direction:
        writer, reader = pair.sides(direction)
        claims = [risk for risk in RISKS if risk[1] is direction and compatible(pair.findings, risk)]
        for event in events(writer, reader, Random(1), EVENTS) if claims else ():
            for risk in claims:
                assert not readers[id(reader)].refusals(event, *risk), (risk, event)
    for finding in pair.findings:
        for (category, direction), proof in finding.proofs.items():
            writer, reader = pair.sides(direction)
            assert not readers[id(writer)].refusals(proof.event, Category.WIRE_STRICT, direction)
            assert readers[id(reader)].refusals(proof.event, category, direction)


def test_ajv_agrees_with_every_verdict_and_witness() -> None:
    random = Random(8)
    rows: list[Trial] = []
    for _ in range(AJV_EDITS):
        pair = versions([], [random.randrange(10**9) for _ in range(2)])
        rows += trials(pair, random, 12)
    assert judged_otherwise(rows) == []
    assert len(rows) > 150
    assert sum(not row.accepted for row in rows) > 10
