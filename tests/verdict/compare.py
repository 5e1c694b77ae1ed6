"""One run: draw the cases, ask every judge, and keep each difference."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from lockstep_events import CONTRACT
from lockstep_events.runtime import Verdict
from verdict.cases import Case, draw
from verdict.javascript import JavaScript, JavaScriptRuling
from verdict.schema import contract, examples, is_array, is_object
from verdict.schema_judge import NotADocument, Ruling, SchemaJudge, finite, lookup, read

# A plain `oneOf` of forty events takes `jsonschema` 9 ms a document: every so many documents it judges, too.
PLAIN_EVERY = 400
BATCH = 5000


@dataclass(frozen=True, slots=True)
class Difference:
    """Two judges disagree on a document."""

    judges: str
    said: object
    schema: object
    case: Case

    def __str__(self) -> str:
        return (
            f"{self.judges}: {self.said}\n  the schema: {self.schema}\n"
            f"  spoilt by: {', '.join(self.case.spoilt) or 'nothing'}\n  document: {self.case.raw!r}"
        )


@dataclass(slots=True)
class Outcome:
    """What a run found."""

    seed: str
    documents: int = 0
    verdicts: Counter[str] = field(default_factory=Counter[str])
    kinds: Counter[str] = field(default_factory=Counter[str])
    """How often each mutation was applied."""
    differences: list[Difference] = field(default_factory=list[Difference])

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.verdicts.most_common())
        found = f"{len(self.differences)} differences" if self.differences else "no difference"
        return f"seed {self.seed}: {self.documents} documents ({counts}), {len(self.kinds)} ways to spoil one, {found}"


def compare(seed: str, count: int, folder: Path) -> Outcome:
    """Judge `count` documents with every judge. `folder` is for what the JavaScript judges are built into."""
    schema = contract()
    judge, javascript = SchemaJudge(schema), JavaScript(schema, folder)
    outcome = Outcome(seed)
    cases = draw(schema, examples(schema), seed, count)
    while batch := list(islice(cases, BATCH)):
        for case, ruling in zip(batch, javascript.rule([case.raw for case in batch]), strict=True):
            strict, tolerant = judge.rule(case.raw)
            outcome.kinds.update(case.spoilt)
            outcome.verdicts[tolerant.verdict] += 1
            found = differences(case, ruling, strict, tolerant)
            outcome.differences += (Difference(*each, case) for each in found)
            if outcome.documents % PLAIN_EVERY == 0:
                outcome.differences += (Difference(*each, case) for each in plainly(case, judge, strict))
            outcome.documents += 1
    return outcome


def differences(
    case: Case, javascript: JavaScriptRuling, strict: Ruling, tolerant: Ruling
) -> Iterator[tuple[str, object, object]]:
    """Every judge whose ruling is not the schema's, with both rulings."""
    for mode, ruling, by_typescript in (
        ("strict", strict, javascript["strict"]),
        ("tolerant", tolerant, javascript["tolerant"]),
    ):
        by_python = CONTRACT.read(case.raw, strict=mode == "strict")
        said = {
            "TypeScript": _ruling(by_typescript["verdict"], by_typescript["faults"], by_typescript["ignored"]),
            "Python": _ruling(by_python.verdict, [fault.pointer for fault in by_python.faults], by_python.ignored),
        }
        yield from ((f"{language}, {mode}", one, ruling) for language, one in said.items() if one != ruling)
        yield from _by_words(by_typescript, by_python)
        if by_python.event is not None and "encoded" in by_typescript and ruling.verdict != "invalid":
            yield from _passed_on(case, ruling, by_typescript["encoded"].encode(), CONTRACT.encode(by_python.event))
    if javascript["streamed"] != javascript["tolerant"]:
        yield "TypeScript, a stream's reader", javascript["streamed"], javascript["tolerant"]
    if strict.faults != ("",):
        yield from _by_ajv(case, javascript, strict)


def _ruling(verdict: str, faults: Sequence[str], ignored: Sequence[str]) -> Ruling:
    return Ruling(verdict, tuple(sorted(faults)), tuple(sorted(ignored)))


def _by_words(typescript: dict[str, Any], python: Verdict) -> Iterator[tuple[str, object, object]]:
    """Both languages say the same, except where a JSON parser speaks."""
    said = dict(zip(typescript["faults"], typescript.get("words", ()), strict=True))
    for fault in python.faults:
        words = f"{fault.code}: {fault.message}"
        other = said.get(fault.pointer)
        if other is not None and _comparable(words) != _comparable(other):
            yield f"Python's words at {fault.pointer!r}", words, other


def _comparable(words: str) -> tuple[str, str, object]:
    """The words without what each language writes its own way: a parser's complaint, a number, the order of names."""
    code, _, message = words.partition(": ")
    if message.startswith("not JSON"):
        return code, "not JSON", None
    value, said, expected = message.partition(" is not ")
    if value.startswith(("{", "[")):
        return code, expected, None  # JavaScript puts names that look like integers first
    if said and value[0] in "-0123456789" and "…" not in value:
        return code, expected, float(value)
    return code, message, None


def _passed_on(case: Case, ruling: Ruling, typescript: bytes, python: bytes) -> Iterator[tuple[str, object, object]]:
    """What a reader passes on is the document that it got, without the members that it does not know."""
    expected = read(case.raw)
    for place in ruling.ignored:
        owner, _, name = place.rpartition("/")
        del lookup(expected, owner)[name.replace("~1", "/").replace("~0", "~")]
    for language, text in (("TypeScript", typescript), ("Python", python)):
        if not same(read(text), expected, exact=language == "Python"):
            yield f"{language}, what it passes on", text, expected


def _by_ajv(case: Case, javascript: JavaScriptRuling, strict: Ruling) -> Iterator[tuple[str, object, object]]:
    said = tuple(sorted(javascript["ajv"] or ()))
    if said != strict.faults:
        yield "Ajv", said, strict.faults
    # The schema as it stands knows nothing of the wire profile: it lets infinite numbers pass.
    if finite(read(case.raw)) and javascript["plain"] is not (strict.verdict == "known"):
        yield "Ajv on the plain schema", javascript["plain"], strict.verdict


def plainly(case: Case, judge: SchemaJudge, strict: Ruling) -> Iterator[tuple[str, object, object]]:
    """`jsonschema` on the schema as it stands, for the verdict alone."""
    try:
        document = read(case.raw)
    except NotADocument:
        return
    if finite(document) and judge.is_valid(document) is not (strict.verdict == "known"):
        yield "jsonschema on the plain schema", not strict.faults, strict.verdict


def same(one: Any, other: Any, *, exact: bool) -> bool:
    """Equal as JSON values. What was written as a double, as JavaScript always does, is compared as one."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(same(one[name], other[name], exact=exact) for name in one)
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(same(*pair, exact=exact) for pair in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float) and (isinstance(one, float) or not exact):
        return float(one) == float(other)
    return bool(one == other)
