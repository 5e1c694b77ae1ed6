"""`lockstep changelog`: what changed in the contract, in Markdown."""

import argparse

from lockstep_cli.contract_options import add_schema, base_of

_EXAMPLES = """\
examples:
  lockstep changelog                         every release, and what is not released yet
  lockstep changelog --against git:v0.1.0    from that tag to here
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    parser.add_argument(
        "--against", default="released", metavar="VERSION", help="git:REF[:PATH], released (default), or a path"
    )
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print the change log. Raises UnreadableError."""
    from lockstep_codegen.evolution import against
    from lockstep_codegen.evolution.changelog import changelog
    from lockstep_codegen.evolution.document import canonical

    base = base_of(options)
    now = against.current(options.schema, base)
    olds = against.versions(options.against, options.schema, base)
    same = bool(olds) and canonical(olds[-1].schema) == canonical(now.schema)
    print(changelog(olds if same and options.against == "released" else [*olds, now]), end="")
    return 0
