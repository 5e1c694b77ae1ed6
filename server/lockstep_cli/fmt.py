"""`lockstep fmt`: write the schema the one way it is written."""

import argparse

from lockstep_cli.contract_options import add_schema

_EXAMPLES = """\
examples:
  lockstep fmt                     two spaces, keywords of a node in one order; meaning and names stay
  lockstep fmt --check             exit 1 when the file is not in that form
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file would change")
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Write the file when it differs. Raises UnreadableError for what is not JSON."""
    from lockstep_codegen.canonical_form import canonical_form
    from lockstep_codegen.source import load
    from lockstep_codegen.store import replace

    source = load(options.schema)
    wanted = canonical_form(source)
    # As bytes: `source.text` is without the byte order mark that a file may begin with.
    if options.schema.read_bytes() == wanted.encode():
        print(f"{options.schema} is in its form")
        return 0
    if not options.check:
        replace(options.schema, wanted)
        print(f"{options.schema} written in its form")
        return 0
    print(f"{options.schema}:{_first_difference(source.text, wanted)}: not in its form. Run: lockstep fmt")
    return 1


def _first_difference(text: str, wanted: str) -> int:
    """The number of the first line that differs."""
    lines = zip(text.split("\n"), wanted.split("\n"), strict=False)
    return next((number for number, (one, other) in enumerate(lines, 1) if one != other), 1)
