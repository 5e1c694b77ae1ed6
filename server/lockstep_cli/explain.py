"""`lockstep explain`: what a rule asks for, why, and how to keep it."""

import argparse
import difflib
import json
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockstep_codegen.lint.rules import Rule

_EXAMPLES = """\
examples:
  lockstep explain                       every rule in one line
  lockstep explain INT_SAFE              why it is a rule, a bad and a good example, the fix
  lockstep explain FIELD_BECAME_REQUIRED whom a change of the contract breaks
"""
_WIDTH = 100


class ExplainError(Exception):
    """There is no such rule."""

    exit_code: int = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("rule", nargs="?", metavar="RULE", help="the id in brackets at the end of a finding")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print one rule, or the list of all. Raises ExplainError for a rule that is not there."""
    from lockstep_codegen.evolution.explained import explained
    from lockstep_codegen.evolution.rules import RULES
    from lockstep_codegen.lint.rules import rules

    known = rules()
    if options.rule is None:
        rows = {id: rule.summary for id, rule in known.items()} | {id: rule.summary for id, rule in RULES.items()}
        print("\n".join(f"{id:<32}{summary}" for id, summary in rows.items()))
        return 0
    wanted = str(options.rule).strip("[]").upper().replace("-", "_")
    if wanted in RULES:
        print("\n\n".join(map(_wrapped, explained(RULES[wanted]))))
        return 0
    if wanted not in known:
        near = difflib.get_close_matches(wanted, [*known, *RULES], n=1)
        hint = f"did you mean {near[0]}?" if near else "'lockstep explain' lists them"
        raise ExplainError(f"there is no rule {options.rule!r}: {hint}")
    print(_explained(known[wanted]))
    return 0


def _explained(rule: "Rule") -> str:
    where = rule.at or "the root"
    parts = [
        _wrapped(f"{rule.id}: {rule.summary}."),
        _wrapped(rule.why),
        f"Bad, in {where}:\n{_shown(rule.bad)}",
        f"Good:\n{_shown(rule.good)}",
        _wrapped(f"To do: {rule.fix}"),
    ]
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def _shown(snippet: str) -> str:
    """On one line where it fits, as it would stand in the file where not."""
    text = snippet if len(snippet) <= _WIDTH else json.dumps(json.loads(snippet), indent=2, ensure_ascii=False)
    return textwrap.indent(text, "    ")
