"""What can be wrong with a contract, and how it is said.

CodegenError                 anything that a user can mend; `exit_code` is what the command line exits with
├── UnreadableError          the schema is not there, not UTF-8, or not JSON
├── ContractError            it is JSON, but not a contract: carries one Finding per fault
└── OccupiedError            the output folder holds the code of another contract
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file: lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of a contract."""

    place: Place
    rule: str
    message: str
    """What failed, the value in quotes, what to do."""

    def __str__(self) -> str:
        return f"{self.place}: {self.message} [{self.rule}]"


class CodegenError(Exception):
    """Base of everything that is the user's to mend."""

    exit_code = 2


class UnreadableError(CodegenError):
    """The schema cannot be read as JSON; says where."""


class OccupiedError(CodegenError):
    """The output folder holds the code of another contract, which would be lost."""


class ContractError(CodegenError):
    """The schema is not a contract in the dialect of schema/README.md."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))
