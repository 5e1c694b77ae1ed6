"""`lockstep golden`: the schema's examples as whole events, for tests in any language."""

import argparse
from pathlib import Path

from lockstep_cli.contract_options import add_packages, add_schema, contract

_EXAMPLES = """\
examples:
  lockstep golden                               tests/golden/events/<type>.<n>.json
  lockstep golden --check                       exit 1 when a file there is out of date
  lockstep golden --schema my.json --out vectors
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    add_packages(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("tests/golden"), metavar="DIR", help="where (default tests/golden)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not as it should be")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Write one file for each example, and remove those of examples that are gone."""
    from lockstep_codegen.golden import golden
    from lockstep_codegen.store import drift, manifest, write

    made = contract(options)
    files = golden(made)
    files = [*files, manifest(files, {}, made.id)]
    if not options.check:
        changed = write(files, options.out)
        print(f"{len(files) - 1} events in {options.out}: {f'{len(changed)} changed' if changed else 'up to date'}")
        return 0
    stale = drift(files, options.out)
    for each in stale:
        print(each.diff, end="")
    if stale:
        print(f"{options.out} is stale: {len(stale)} files. Run: lockstep golden --out {options.out}")
    return 1 if stale else 0
