"""Findings that people have accepted: a file beside the schema, one fingerprint and one reason each."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.source import is_array, is_object, load

FILE = "breaking-allow.json"
MEMBERS = ("fingerprint", "rule", "subject", "reason")


def approvals(path: Path) -> Mapping[str, str]:
    """The reasons by fingerprint, for the contract at `path`. Raises UnreadableError for an approval without one."""
    file = path.parent / FILE
    if not file.is_file():
        return {}
    source = load(file)
    if not is_array(source.document):
        raise UnreadableError(f"{file}: a list of approvals is expected")
    found: dict[str, str] = {}
    for index, entry in enumerate(source.document):
        place = source.place(f"/{index}")
        if not is_object(entry) or not all(isinstance(entry.get(key), str) for key in MEMBERS):
            raise UnreadableError(f"{place}: an approval has the members {', '.join(MEMBERS)}")
        if not entry["reason"].strip():
            raise UnreadableError(f"{place}: the approval of {entry['rule']} needs a reason")
        found[entry["fingerprint"]] = entry["reason"]
    return found


def approved(findings: Iterable[Finding], reasons: Mapping[str, str]) -> list[Finding]:
    """The findings with their reasons."""
    return [replace(one, reason=reasons.get(one.fingerprint)) for one in findings]


def approve(finding: Finding, reason: str, path: Path) -> Path:
    """Add an approval. Raises UnreadableError for an empty reason."""
    if not reason.strip():
        raise UnreadableError(f"the approval of {finding.rule.id} needs a reason: --reason 'why this may break'")
    file = path.parent / FILE
    known = approvals(path)
    entries: list[Any] = load(file).document if known else []
    if finding.fingerprint not in known:
        entries.append(dict(zip(MEMBERS, (finding.fingerprint, finding.rule.id, finding.subject, reason), strict=True)))
        file.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
