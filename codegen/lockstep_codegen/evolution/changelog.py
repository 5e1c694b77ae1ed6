"""What changed from one version to the next, in Markdown for the people who use the contract."""

from collections.abc import Sequence
from itertools import pairwise

from lockstep_codegen.evolution.diff import diff
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.rule import Category, Direction, Kind
from lockstep_codegen.evolution.version import Bump, bump_of

HEADS = ("Breaking", "Added", "Deprecated", "Changed")
HIDDEN = ("DESCRIPTION_CHANGED", "EXAMPLE_CHANGED", "ANNOTATION_CHANGED", "REMOVED_WITHOUT_DEPRECATION")
READERS = {
    Direction.BACKWARD: "new readers of old logs",
    Direction.FORWARD: "old readers of new events",
}


def changelog(versions: Sequence[Document]) -> str:
    """One section for each step between neighbours, the newest first."""
    steps = list(pairwise(versions))
    sections = [_section(old, new) for old, new in reversed(steps)]
    return "\n".join(["# Changes of the contract", "", *sections]).rstrip() + "\n"


def _section(old: Document, new: Document) -> str:
    findings = diff(old, new)
    lines = [f"## {new.version}", ""]
    for head in HEADS:
        rows = [_row(finding) for finding in findings if _head(finding) == head]
        if rows:
            lines += [f"### {head}", "", *dict.fromkeys(rows), ""]
    hidden = sum(finding.rule.id in HIDDEN[:3] for finding in findings)
    if hidden:
        lines += [f"{hidden} descriptions, examples or annotations differ.", ""]
    return "\n".join(lines if findings else [*lines, "Nothing changed.", ""])


def _head(finding: Finding) -> str:
    if finding.rule.id in HIDDEN:
        return ""
    if finding.rule.id.startswith("DEPRECATED"):
        return "Deprecated"
    if bump_of([finding]) is Bump.MAJOR or finding.rule.kind is Kind.POLICY:
        return "Breaking"
    return "Added" if "ADDED" in finding.rule.id else "Changed"


def _row(finding: Finding) -> str:
    broken = [READERS[direction] for direction in Direction if (Category.WIRE_TOLERANT, direction) in finding.proofs]
    who = f" Breaks {' and '.join(broken)}." if broken else ""
    return f"- `{finding.subject}`: {finding.detail}.{who}"
