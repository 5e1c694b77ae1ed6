"""Findings as text for people, as JSON for programs, as annotations for GitHub."""

import json
from collections.abc import Iterator, Sequence

from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.rule import Category, Direction, Kind

SAID = {
    Direction.BACKWARD: "a new reader meets an old log",
    Direction.FORWARD: "an old reader meets a new writer",
}
WRITER = {Direction.BACKWARD: ("old", "new"), Direction.FORWARD: ("new", "old")}
READER = {Category.WIRE_TOLERANT: "tolerant and strict", Category.WIRE_STRICT: "strict"}


def as_text(findings: Sequence[Finding], level: Category) -> str:
    """What fails in full, what does not in a line each; notes are counted."""
    lines: list[str] = []
    for finding in findings:
        if finding.fails(level):
            lines += [*_full(finding), ""]
    for finding in findings:
        if not finding.fails(level) and finding.rule.kind is not Kind.NOTE:
            lines.append(_line(finding, "approved" if finding.reason else "warning"))
    return "\n".join([*lines, summary(findings, level)])


def as_json(findings: Sequence[Finding], level: Category) -> str:
    rows = [{**finding.as_json(), "fails": finding.fails(level)} for finding in findings]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def as_github(findings: Sequence[Finding], level: Category) -> str:
    """Annotations on the lines of the new version; notes are left out."""
    lines: list[str] = []
    for finding in findings:
        if finding.rule.kind is Kind.NOTE and not finding.review:
            continue
        severity = "error" if finding.fails(level) else "warning"
        place = finding.new
        text = "\n".join(_full(finding)[1:]) if finding.fails(level) else finding.rule.summary
        message = f"{finding.subject}: {finding.detail}\n{text}".replace("%", "%25").replace("\n", "%0A")
        where = f"file={place.file},line={place.line},col={place.column}"
        lines.append(f"::{severity} {where},title={finding.rule.id}::{message}")
    return "\n".join(lines)


def summary(findings: Sequence[Finding], level: Category) -> str:
    """One line that counts."""
    failing = [finding for finding in findings if finding.fails(level)]
    review = sum(finding.review for finding in failing)
    approved = sum(finding.reason is not None for finding in findings)
    notes = sum(finding.rule.kind is Kind.NOTE for finding in findings)
    counts = {
        "breaking": len(failing) - review,
        "to review": review,
        "approved": approved,
        "warnings": len(findings) - len(failing) - approved - notes,
        "notes": notes,
    }
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing differs"


def _line(finding: Finding, word: str) -> str:
    reason = f" ({finding.reason})" if finding.reason else ""
    return f"{finding.new}: {word}: {finding.subject}: {finding.detail} [{finding.rule.id}]{reason}"


def _full(finding: Finding) -> list[str]:
    word = "needs review" if finding.review else "against policy" if finding.rule.kind is Kind.POLICY else "breaking"
    lines = [_line(finding, word), f"  {finding.rule.summary}", f"  was at {finding.old}"]
    lines += [f"  undecided: {category}, {SAID[direction]}" for category, direction in sorted(finding.unproven)]
    lines += _witnesses(finding)
    if finding.signature is not None and finding.rule.source:
        for language, (before, after) in (
            ("Python", finding.signature.python),
            ("TypeScript", finding.signature.typescript),
        ):
            lines.append(f"  {language}: {before}  ->  {after}")
    return [*lines, f"  fix: {finding.rule.fix}", f"  fingerprint: {finding.fingerprint}"]


def _witnesses(finding: Finding) -> Iterator[str]:
    """One witness for each direction, the one that breaks the laxest reader."""
    for direction in Direction:
        for category in (Category.WIRE_TOLERANT, Category.WIRE_STRICT):
            proof = finding.proofs.get((category, direction))
            if proof is not None:
                writer, reader = WRITER[direction]
                yield f"  {SAID[direction]}: {READER[category]} readers refuse it"
                yield f"    the {writer} version accepts, the {reader} one says: {proof.refusal}"
                yield f"    {json.dumps(proof.event, ensure_ascii=False)}"
                break
