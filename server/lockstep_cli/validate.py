"""`lockstep validate`: is every line of a file an event of the contract?"""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict
from typing import IO, TYPE_CHECKING

from lockstep_cli.contract_options import add_format, add_package, generated, written
from lockstep_cli.event_file import Misfit, judge, lines
from lockstep_cli.event_line import printable
from lockstep_cli.progress import Progress
from lockstep_cli.tally import Tally

if TYPE_CHECKING:
    from lockstep_events.runtime import Contract

_EXAMPLES = """\
examples:
  lockstep validate events.jsonl                       one line per fault: file:line:column, where, what
  lockstep history demo --limit 0 --json | lockstep validate -
  lockstep validate events.jsonl --tolerant            as a reader takes them: unknown types and members are counted
  lockstep validate events.jsonl --format github       faults as annotations of a workflow
"""


class ValidateError(Exception):
    """There is nothing that can be validated."""

    exit_code: int = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", metavar="FILE", help="one event a line, or - for standard input")
    parser.add_argument("--tolerant", action="store_true", help="allow what a newer version may have added")
    add_package(parser)
    add_format(parser)
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Judge every line, in constant memory. Returns 1 when one is invalid."""
    contract = generated(options)
    name = "stdin" if options.file == "-" else str(options.file)
    tally = Tally()
    with _opened(options.file) as file, Progress(_size(file)) as progress:
        found = _misfits(file, contract, tally, progress, name, strict=not options.tolerant)
        report = _report_json if options.format == "json" else _report_lines
        report(found, tally, name, options.format)
    return 1 if tally.invalid else 0


def _misfits(
    file: IO[bytes], contract: "Contract", tally: Tally, progress: Progress, name: str, *, strict: bool
) -> Iterator[Misfit]:
    for line in lines(file):
        if not tally.events and line.raw.strip() in (b"{", b"["):
            raise ValidateError(f"{name} is one JSON document over many lines: 'jq -c .' or 'jq -c .[]' makes lines")
        verdict, misfits = judge(line, contract, strict=strict)
        tally.add(verdict)
        progress.step(len(line.raw) + 1)
        if misfits:
            progress.clear()
            yield from misfits


def _report_lines(found: Iterator[Misfit], tally: Tally, name: str, form: str) -> None:
    from lockstep_codegen.errors import Finding, Place

    for each in found:
        said = printable(f"{each.pointer or 'document'}: {each.message}")
        print(written([Finding(Place(name, each.line, each.column), each.code, said)], form))
    if form == "text":
        print(f"{name}: {printable(str(tally))}")


def _report_json(found: Iterator[Misfit], tally: Tally, name: str, _form: str) -> None:
    """One document, written as it grows: {"file", "findings": [...], and the counts}."""
    print(f'{{"file": {json.dumps(name)}, "findings": [', end="")
    comma = ""
    for each in found:
        print(f"{comma}\n  {json.dumps(asdict(each), ensure_ascii=False)}", end="")
        comma = ","
    counts = json.dumps(tally.as_json(), ensure_ascii=False)
    print(f"\n], {counts[1:]}")


@contextlib.contextmanager
def _opened(name: str) -> Generator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(open(name, "rb"))
        except OSError as error:
            raise ValidateError(f"{name}: cannot be read: {error.strerror}; give a file, or - for stdin") from None
        yield file


def _size(file: IO[bytes]) -> int:
    """In bytes; 0 for what has no size, such as a pipe."""
    try:
        return os.fstat(file.fileno()).st_size
    except OSError:
        return 0
