"""`lockstep breaking`: does the contract break whoever reads it?"""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep_cli.contract_options import add_format, add_schema, base_of

if TYPE_CHECKING:
    from lockstep_codegen.evolution.document import Document
    from lockstep_codegen.evolution.finding import Finding

_LEVELS = ("wire-tolerant", "wire-strict", "source")
_EXAMPLES = """\
examples:
  lockstep breaking --against git:main              this branch beside main
  lockstep breaking --against released              beside every release: logs live long
  lockstep breaking --against old.schema.json --fail-on source
  lockstep breaking --against git:main --approve 3f2a9c01b7de --reason 'never published'

levels, each with the ones before it: wire-tolerant readers drop what they do not know (the default of parse_event),
wire-strict readers hold events to the schema, source is code written against the generated names
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    parser.add_argument("--against", required=True, metavar="VERSION", help="git:REF[:PATH], released, or a path")
    parser.add_argument(
        "--fail-on", choices=_LEVELS, default=_LEVELS[0], help=f"whom to protect (default {_LEVELS[0]})"
    )
    parser.add_argument("--approve", metavar="FINGERPRINT", help="accept a finding, in breaking-allow.json")
    parser.add_argument("--reason", default="", help="why it may break")
    add_format(parser)
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print what differs. Returns 1 when something breaks and is not approved; raises UnreadableError."""
    from lockstep_codegen.evolution import against, approvals, report
    from lockstep_codegen.evolution.rule import Category

    base = base_of(options)
    now = against.current(options.schema, base)
    olds = against.versions(options.against, options.schema, base)
    findings = _compared(now, olds, options)
    if options.approve:
        return _approve(findings, options)
    findings = approvals.approved(findings, approvals.approvals(options.schema))
    level = Category(options.fail_on)
    failing = any(finding.fails(level) for finding in findings)
    if options.format == "json":
        print(report.as_json(findings, level))
    elif options.format == "github":
        print(report.as_github(findings, level))
    elif not olds:
        print("nothing is released yet: there is nothing to break")
    else:
        print(f"{report.as_text(findings, level)}, beside {', '.join(old.source.name for old in olds)}")
    return 1 if failing else 0


def _compared(now: "Document", olds: "Sequence[Document]", options: argparse.Namespace) -> "list[Finding]":
    """The findings of every version, each once; against releases also what their rules say."""
    from lockstep_codegen.evolution.diff import diff
    from lockstep_codegen.evolution.progress import version_findings
    from lockstep_codegen.evolution.released import RELEASED, frozen

    found: dict[str, Finding] = {}
    transitive = options.against == RELEASED
    for old in reversed(olds):
        findings = diff(old, now)
        extra = version_findings(now, old, findings, options.schema) if transitive and old is olds[-1] else ()
        for finding in (*findings, *extra):
            found.setdefault(finding.fingerprint, finding)
    if transitive:
        found.update({finding.fingerprint: finding for finding in frozen(options.schema)})
    return list(found.values())


def _approve(findings: "Sequence[Finding]", options: argparse.Namespace) -> int:
    from lockstep_codegen.errors import UnreadableError
    from lockstep_codegen.evolution import approvals

    chosen = next((finding for finding in findings if finding.fingerprint == options.approve), None)
    if chosen is None:
        raise UnreadableError(f"no finding has the fingerprint {options.approve!r}: run without --approve to see them")
    file = approvals.approve(chosen, options.reason, options.schema)
    print(f"approved {chosen.rule.id} at {chosen.subject} in {file}")
    return 0
