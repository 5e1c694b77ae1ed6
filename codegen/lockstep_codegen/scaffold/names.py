"""What a team's contract is called, everywhere: one name is given, the others follow."""

import keyword
import re
import sys
from dataclasses import dataclass
from typing import Final

from lockstep_codegen.errors import CodegenError

_PACKAGE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NPM: Final = re.compile(r"(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*")
_LONGEST_NPM: Final = 214  # what the registry takes
_OURS: Final = ("lockstep_events", "lockstep_bus", "lockstep_cli", "lockstep_codegen", "lockstep_integrations")


class NamesError(CodegenError):
    """A name that cannot be one."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one contract."""

    package: str
    """The Python import package: `acme_events`."""
    npm: str
    """`@acme/events`."""

    @property
    def team(self) -> str:
        """`acme`: what tells its definitions from others."""
        return self.package.removesuffix("_events") or self.package

    @property
    def distribution(self) -> str:
        """What pip calls it: `acme-events`."""
        return self.package.replace("_", "-")

    @property
    def urn(self) -> str:
        """The `$id` of the schema: `urn:acme:events`."""
        return f"urn:{self.team.replace('_', '-')}:events"

    @classmethod
    def of(cls, folder: str, package: str | None = None, npm: str | None = None) -> "Names":
        """The names for a folder's name, but for those that are given. Raises NamesError."""
        if package is None:
            stem = re.sub(r"[^a-z0-9]+", "_", folder.lower()).strip("_").removesuffix("_events")
            package = f"{stem}_events"
            if not _PACKAGE.fullmatch(package):
                raise NamesError(f"no package name follows from the folder {folder!r}: give one, --name acme_events")
        _check_package(package)
        names = cls(package, npm or "")
        named = cls(package, npm if npm is not None else f"@{names.team.replace('_', '-')}/events")
        if not _NPM.fullmatch(named.npm) or len(named.npm) > _LONGEST_NPM:
            raise NamesError(f"--npm {named.npm!r} is no npm name: write lower case, like @acme/events")
        return named


def _check_package(package: str) -> None:
    if not _PACKAGE.fullmatch(package) or package.endswith("_") or "__" in package:
        raise NamesError(f"--name {package!r} is no package name: write lower case with underscores, like acme_events")
    if keyword.iskeyword(package) or package in sys.stdlib_module_names or package in _OURS:
        raise NamesError(f"--name {package!r} is taken by Python or by Lockstep: write something like acme_events")
