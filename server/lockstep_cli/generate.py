"""`lockstep generate`: write the code for a schema."""

import argparse
import gc

from lockstep_cli.contract_options import add_output, add_schema, contract

_EXAMPLES = """\
examples:
  lockstep generate                                     schema/events.schema.json -> generated/
  lockstep generate --schema my/events.schema.json --out build/generated
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    add_output(parser)
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Write what differs, and name it. Raises CodegenError for a schema that is not a contract."""
    gc.disable()  # a short life: looking for garbage costs 7 % of it and finds none
    from lockstep_codegen.beside import Beside

    with Beside() as beside:
        from lockstep_codegen.pipeline import render
        from lockstep_codegen.store import write

        made = contract(options)
        files = render(made, beside)
    changed = write(files, options.out)
    for path in changed:
        print(f"  {options.out / path}")
    events = "1 event" if len(made.own_events) == 1 else f"{len(made.own_events)} events"
    total = f"{len(files)} files of {events} in {options.out}"
    print(f"{total}: {f'{len(changed)} changed' if changed else 'up to date'}")
    return 0
