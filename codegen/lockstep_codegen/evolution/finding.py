"""A finding: a change with its proof, its place in both files and a fingerprint that approvals hold on to."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lockstep_codegen.errors import Place
from lockstep_codegen.evolution.change import Signature
from lockstep_codegen.evolution.rule import Category, Direction, Kind, Risk, Rule
from lockstep_codegen.evolution.witness import Witness


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference and whom it breaks."""

    rule: Rule
    subject: str
    detail: str
    old: Place
    new: Place
    proofs: Mapping[Risk, Witness] = field(default_factory=dict[Risk, Witness])
    """Every risk that is real, with the event that shows it."""
    unproven: frozenset[Risk] = frozenset()
    """Risks that nothing confirmed and nothing excluded: a person must look."""
    signature: Signature | None = None
    reason: str | None = None
    """Why it was approved."""

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that stay the same when lines move or another change joins in."""
        text = "\n".join((self.rule.id, self.subject, self.detail))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @property
    def review(self) -> bool:
        return bool(self.unproven) or self.rule.kind is Kind.REVIEW

    @property
    def categories(self) -> frozenset[Category]:
        """Whom the change breaks, on the wire by proof and in source by rule."""
        source = {Category.SOURCE} if self.rule.source == "breaks" else set[Category]()
        return frozenset(category for category, _ in self.proofs) | source

    @property
    def category(self) -> Category | None:
        """The laxest reader that is broken already."""
        return next((category for category in Category if category in self.categories), None)

    def directions(self, category: Category) -> tuple[Direction, ...]:
        return tuple(direction for direction in Direction if (category, direction) in self.proofs)

    def fails(self, level: Category) -> bool:
        """Whether the finding stops a build that protects `level` and whatever is laxer."""
        if self.reason is not None:
            return False
        if self.review or self.rule.kind is Kind.POLICY:
            return True
        order = list(Category)
        return any(order.index(category) <= order.index(level) for category in self.categories)

    def as_json(self) -> dict[str, Any]:
        """The finding as JSON, for other tools."""
        return {
            "rule": self.rule.id,
            "subject": self.subject,
            "detail": self.detail,
            "category": self.category,
            "kind": "review" if self.review else self.rule.kind,
            "old": {"file": self.old.file, "line": self.old.line, "column": self.old.column},
            "new": {"file": self.new.file, "line": self.new.line, "column": self.new.column},
            "breaks": [
                {"category": category, "direction": direction, "witness": proof.event, "refusal": proof.refusal}
                for (category, direction), proof in sorted(self.proofs.items())
            ],
            "unproven": [
                {"category": category, "direction": direction} for category, direction in sorted(self.unproven)
            ],
            "source": None
            if self.signature is None or not self.rule.source
            else {
                "severity": self.rule.source,
                "python": {"before": self.signature.python[0], "after": self.signature.python[1]},
                "typescript": {"before": self.signature.typescript[0], "after": self.signature.typescript[1]},
            },
            "fix": self.rule.fix,
            "fingerprint": self.fingerprint,
            "approved": self.reason,
        }
