"""Compares two versions of a contract: the changes, each with its proof."""

from lockstep_codegen.evolution.annotations import annotation_changes, removal
from lockstep_codegen.evolution.change import Change
from lockstep_codegen.evolution.document import Document, canonical
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.rule import Category, Direction, Risk
from lockstep_codegen.evolution.walk import Walk
from lockstep_codegen.evolution.witness import Witness


def diff(old: Document, new: Document) -> list[Finding]:
    """What differs from `old` to `new`, in the order of the new file."""
    if canonical(old.schema) == canonical(new.schema):
        return []
    changes = Walk(old, new).run()
    proofs: list[dict[Risk, Witness]] = [{} for _ in changes]
    if any(change.risks for change in changes):
        from lockstep_codegen.evolution.search import Search  # jsonschema is slow to import: only when it judges

        search = Search(old, new)
        proofs = [search.witnesses(change) for change in changes]
    findings = [_finding(change, old, new, proof) for change, proof in zip(changes, proofs, strict=True)]
    removals = [removal(change, old) for change in changes]
    notes = [*annotation_changes(old, new), *(one for one in removals if one is not None)]
    findings += [_finding(change, old, new, {}) for change in notes]
    return sorted(findings, key=lambda one: (one.new.line, one.new.column, one.rule.id, one.detail))


def compatible(findings: list[Finding], risk: Risk) -> bool:
    """Whether no finding breaks this kind of reader in this direction; what is not decided counts as breaking."""
    return not any(risk in finding.proofs or risk in finding.unproven for finding in findings)


RISKS: tuple[Risk, ...] = tuple(
    (category, direction) for category in (Category.WIRE_STRICT, Category.WIRE_TOLERANT) for direction in Direction
)


def _finding(change: Change, old: Document, new: Document, proofs: dict[Risk, Witness]) -> Finding:
    return Finding(
        rule=change.rule,
        subject=change.subject,
        detail=change.detail,
        old=old.source.place(change.old_at),
        new=new.source.place(change.new_at),
        proofs=proofs,
        unproven=change.risks - proofs.keys(),
        signature=change.signature,
    )
