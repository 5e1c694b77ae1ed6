"""`lockstep watch`: generate again whenever the schema is saved."""

import argparse
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lockstep_cli.contract_options import add_output, add_schema, contract

if TYPE_CHECKING:
    from lockstep_codegen.beside import Beside

_EXAMPLES = """\
examples:
  lockstep watch                   write generated/ now and after each save; Ctrl-C ends it
  lockstep serve --reload          beside it: the server restarts with the new contract
"""

QUIET: Final = 50
"""Milliseconds that a faulty file has to mend itself: some editors empty a file before they fill it."""
LOOK: Final = 1000
"""Milliseconds between looks at the files where the file system announces nothing (network mounts)."""

Stamp = tuple[tuple[int, int, int] | None, ...]
"""When each watched file was written, its size and its identity; None while it is not there."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    add_output(parser)
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Generate until Ctrl-C; faults are printed and waited for. Raises UnreadableError when there is no folder."""
    from lockstep_codegen.beside import Beside
    from lockstep_codegen.errors import UnreadableError
    from watchfiles import watch

    schema: Path = options.schema
    if not schema.parent.is_dir():
        raise UnreadableError(f"{schema.parent}: there is no such folder to watch")
    names = {schema.name, "VERSION"}
    with Beside() as beside, suppress(KeyboardInterrupt):
        seen = _stamp(schema)
        said, _ = _generated(options, beside)
        print(f"{said}; watching {schema}, Ctrl-C ends it", flush=True)
        # The folder, and not the file: many editors save by putting a new file in its place.
        for _ in watch(
            schema.parent, recursive=False, watch_filter=lambda _, path: Path(path).name in names,
            step=1, rust_timeout=LOOK, yield_on_timeout=True,
        ):  # fmt: skip
            while (now := _stamp(schema)) != seen:
                seen = now
                said, made = _generated(options, beside)
                if not made:
                    time.sleep(QUIET / 1e3)
                if made or _stamp(schema) == seen:
                    print(said, flush=True)
    print()
    return 0


def _stamp(schema: Path) -> Stamp:
    return tuple(_file_stamp(path) for path in (schema, schema.parent / "VERSION"))


def _file_stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _generated(options: argparse.Namespace, beside: "Beside") -> tuple[str, bool]:
    """Generate once; returns what to say of it, and whether the schema was without fault."""
    from lockstep_codegen.errors import CodegenError, ContractError
    from lockstep_codegen.pipeline import render
    from lockstep_codegen.store import write

    start = time.perf_counter()
    try:
        made = contract(options)
        changed = write(render(made, beside), options.out)
    except CodegenError as error:
        count = len(error.findings) if isinstance(error, ContractError) else 1
        faults = "1 fault" if count == 1 else f"{count} faults"
        return f"{error}\n{_clock()}  {faults}; {options.out} is as it was", False
    events = "1 event" if len(made.own_events) == 1 else f"{len(made.own_events)} events"
    took = f"{(time.perf_counter() - start) * 1e3:.0f} ms"
    files = "1 file" if len(changed) == 1 else f"{len(changed)} files"
    return f"{_clock()}  {events}, {f'{files} written' if changed else 'up to date'}, {took}", True


def _clock() -> str:
    return time.strftime("%H:%M:%S")
