"""Versions of a contract: their order, and the smallest honest step from one to the next."""

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.evolution.finding import Finding
from lockstep_codegen.evolution.rule import Category, Direction, Kind

_FORM = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


class Bump(IntEnum):
    """How much changed."""

    NONE = 0
    PATCH = 1
    """Only what people read."""
    MINOR = 2
    """The contract grew: strict old readers, or exhaustive code, may notice."""
    MAJOR = 3
    """Somebody is broken, or nobody can tell."""


class Version(NamedTuple):
    """`major.minor.patch`. Before 1.0 the minor number plays the major one, and the patch plays the minor one."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Raises UnreadableError for anything but three numbers."""
        found = _FORM.fullmatch(text)
        if not found:
            raise UnreadableError(f"version {text!r} is not of the form 1.2.3: correct VERSION")
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return ".".join(map(str, self))

    def after(self, bump: Bump) -> "Version":
        """The next version after a change of this size."""
        if bump is Bump.NONE:
            return self
        if bump is Bump.MAJOR:
            return Version(0, self.minor + 1, 0) if self.major == 0 else Version(self.major + 1, 0, 0)
        if bump is Bump.MINOR and self.major:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1)


def bump_of(findings: Iterable[Finding]) -> Bump:
    """The size of a change; approving a finding does not make it smaller."""
    return max((_size(finding) for finding in findings), default=Bump.NONE)


def _size(finding: Finding) -> Bump:
    if finding.rule.kind is Kind.POLICY:
        return Bump.NONE  # what it is about has a finding of its own
    if finding.review or Category.SOURCE in finding.categories:
        return Bump.MAJOR
    if any(
        direction is Direction.BACKWARD or category is Category.WIRE_TOLERANT for category, direction in finding.proofs
    ):
        return Bump.MAJOR
    return Bump.MINOR if finding.proofs or finding.rule.source else Bump.PATCH
