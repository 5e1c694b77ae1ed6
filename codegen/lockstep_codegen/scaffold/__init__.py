"""A team's first folder: a contract that extends ours, with all that makes, tests and guards it."""

from lockstep_codegen.scaffold.files import scaffold
from lockstep_codegen.scaffold.names import Names, NamesError

__all__ = ["Names", "NamesError", "scaffold"]
