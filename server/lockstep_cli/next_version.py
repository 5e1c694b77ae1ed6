"""`lockstep next-version`: the smallest version that is honest about what changed."""

import argparse

from lockstep_cli.contract_options import add_schema, base_of

_EXAMPLES = """\
examples:
  lockstep next-version                        print it; fail when VERSION says less
  lockstep next-version --against git:v0.1.0   since that tag instead of the last release
  lockstep next-version --freeze               keep this version in released/, for every later check

before 1.0 a breaking change raises the minor number, and anything else the patch
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    parser.add_argument(
        "--against", default="released", metavar="VERSION", help="git:REF[:PATH], released (default), or a path"
    )
    parser.add_argument("--freeze", action="store_true", help="release: copy the schema and pin its digest")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Print the version. Returns 1 when VERSION is lower; raises UnreadableError."""
    from lockstep_codegen.evolution import against
    from lockstep_codegen.evolution.progress import next_version
    from lockstep_codegen.evolution.released import freeze
    from lockstep_codegen.evolution.version import Version

    base = base_of(options)
    now = against.current(options.schema, base)
    needed = next_version(now, against.versions(options.against, options.schema, base))
    said = Version.parse(now.version)
    print(needed)
    if said < needed:
        beside = options.schema.parent / "VERSION"
        print(f"{beside} says {said}: write {needed} there")
        return 1
    if options.freeze:
        print(f"frozen as {freeze(now, options.schema)}")
    return 0
