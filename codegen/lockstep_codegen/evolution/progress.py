"""Whether the version says what the contract has become since its releases."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lockstep_codegen.errors import Place
from lockstep_codegen.evolution.diff import diff
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.rules import RULES
from lockstep_codegen.evolution.version import Bump, Version, bump_of


def next_version(current: Document, released: Sequence[Document]) -> Version:
    """The smallest honest version: the last release's, raised as the changes since then demand."""
    if not released:
        return Version.parse(current.version)
    return Version.parse(released[-1].version).after(bump_of(diff(released[-1], current)))


def version_findings(current: Document, old: Document, findings: Sequence[Finding], path: Path) -> Iterator[Finding]:
    """What is wrong with the version of `current`, given what differs from the release `old`."""
    bump = bump_of(findings)
    before, now = Version.parse(old.version), Version.parse(current.version)
    needed = before.after(bump)
    if now >= needed:
        return
    if now < before:
        rule = "VERSION_DECREASED"
    elif now == before:
        rule = "VERSION_NOT_BUMPED"
    else:
        rule = "VERSION_MAJOR_REQUIRED" if bump is Bump.MAJOR else "VERSION_MINOR_REQUIRED"
    detail = f"VERSION says {now}; after {before} it is at least {needed}"
    place = Place(str(path.parent / "VERSION"), 1, 1)
    yield Finding(RULES[rule], "VERSION", detail, old.source.place(""), place)
