"""One run: draw the cases, ask every judge, and keep each difference."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockstep_events import InvalidEventError, UnknownEvent, encode_event, parse_event
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
    while batch := [case for case, _ in zip(cases, range(BATCH), strict=False)]:
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
    said: list[tuple[str, Ruling, Ruling]] = [
        ("TypeScript, strict", _ruling(javascript["strict"]), strict),
        ("TypeScript, tolerant", _ruling(javascript["tolerant"]), tolerant),
    ]
    by_python, _ = _python(case.raw, strict=True)
    said.append(("Python, strict", by_python, strict))
    by_python, encoded = _python(case.raw, strict=False)
    said.append(("Python, tolerant", by_python, _without_ignored(tolerant)))
    yield from ((judge, one, other) for judge, one, other in said if one != other)
    if tolerant.verdict != "invalid":
        passed_on = _passed_on(case.raw, tolerant)
        for language, text in (("TypeScript", javascript["tolerant"]["encoded"].encode()), ("Python", encoded)):
            if not same(read(text), passed_on, exact=language == "Python"):
                yield f"{language}, what it passes on", text, passed_on
    if strict.faults != ("",):
        yield from _by_ajv(case, javascript, strict)


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


def _ruling(said: dict[str, Any]) -> Ruling:
    return Ruling(said["verdict"], tuple(sorted(said["faults"])), tuple(sorted(said["ignored"])))


def _without_ignored(ruling: Ruling) -> Ruling:
    return Ruling(ruling.verdict, ruling.faults)


def _python(raw: bytes, *, strict: bool) -> tuple[Ruling, bytes]:
    try:
        event = parse_event(raw, strict=strict)
    except InvalidEventError as error:
        return Ruling("invalid", tuple(sorted(fault.pointer for fault in error.faults))), b""
    return Ruling("unknown" if isinstance(event, UnknownEvent) else "known"), encode_event(event)


def _passed_on(raw: bytes, ruling: Ruling) -> Any:
    """The document that a reader passes on: the one it got, without the members it does not know."""
    document = read(raw)
    for place in ruling.ignored:
        owner, _, name = place.rpartition("/")
        del lookup(document, owner)[name.replace("~1", "/").replace("~0", "~")]
    return document


def same(one: Any, other: Any, *, exact: bool) -> bool:
    """Equal as JSON values; unless `exact`, integers beyond 2^53 only as doubles, which is all that JavaScript has."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(same(one[name], other[name], exact=exact) for name in one)
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(same(*pair, exact=exact) for pair in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other or (not exact and isinstance(one, int | float) and float(one) == float(other)))
