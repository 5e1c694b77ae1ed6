"""The rules' catalogue: what each asks for, why, and one example either way. The texts stand in rules.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the dialect."""

    id: str
    summary: str
    """What holds where the rule is kept; no full stop."""
    why: str
    at: str
    """JSON Pointer to the object whose members the examples are."""
    bad: str
    """A JSON object that breaks the rule."""
    good: str
    """The same, mended."""
    fix: str
    extends: bool = False
    """Whether the small contract of the examples extends another one."""


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the dialect's description."""
    texts = files("lockstep_codegen.lint").joinpath("rules.toml").read_text(encoding="utf-8")
    return {id: Rule(id=id, **members) for id, members in tomllib.loads(texts).items()}
