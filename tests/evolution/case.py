"""A case on disk: two versions of a small contract and the findings that a maintainer expects."""

import json
import shutil
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lockstep_codegen.evolution.against import current
from lockstep_codegen.evolution.diff import diff
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.progress import version_findings
from lockstep_codegen.evolution.released import freeze, frozen

FROZEN = "FROZEN_VERSION_EDITED"


class Case:
    """One folder with old.json, new.json, expected.json and, where versions matter, versions.json."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rule = folder.name.partition(".")[0]

    @property
    def expected(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads((self.folder / "expected.json").read_text(encoding="utf-8"))
        return rows

    @cached_property
    def sides(self) -> tuple[Document, Document]:
        versions = self.folder / "versions.json"
        labels = json.loads(versions.read_text(encoding="utf-8")) if versions.is_file() else ["0.1.0", "0.2.0"]
        old, new = (current(self.folder / name).source for name in ("old.json", "new.json"))
        return Document(old, labels[0]), Document(new, labels[1])

    @cached_property
    def findings(self) -> list[Finding]:
        if self.rule == FROZEN:
            return self.edited_release()
        old, new = self.sides
        findings = diff(old, new)
        if (self.folder / "versions.json").is_file():
            findings += version_findings(new, old, findings, self.folder / "new.json")
        return findings

    def edited_release(self) -> list[Finding]:
        """The old version is released, and the file of the release is overwritten with the new one."""
        with TemporaryDirectory() as name:
            path = Path(name) / "events.schema.json"
            shutil.copy(self.folder / "old.json", path)
            released = freeze(Document(current(path).source, "0.1.0"), path)
            shutil.copy(self.folder / "new.json", released)
            return list(frozen(path))

    def rows(self) -> list[dict[str, Any]]:
        """The findings as expected.json holds them: everything but the witnesses, which are judged instead."""
        return [
            {
                "rule": finding.rule.id,
                "subject": finding.subject,
                "detail": finding.detail,
                "category": finding.category,
                "breaks": [f"{category} {direction}" for category, direction in sorted(finding.proofs)],
                "undecided": [f"{category} {direction}" for category, direction in sorted(finding.unproven)],
                "signature": list(finding.signature.python) if finding.signature and finding.rule.source else None,
                "old": f"{finding.old.line}:{finding.old.column}",
                "new": f"{finding.new.line}:{finding.new.column}",
            }
            for finding in self.findings
        ]
