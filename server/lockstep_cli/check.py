"""`lockstep check`: is the generated code what the schema says?"""

import argparse
import gc
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep_codegen.settings import Settings, settings

from lockstep_cli.contract_options import add_format, add_output, add_schema, contract

if TYPE_CHECKING:
    from lockstep_codegen.store import Drift

_EXAMPLES = """\
examples:
  lockstep check                    exit 1 with a diff when generated/ is out of date
  lockstep check --format github    the same as annotations of a workflow
"""

_SAID = {"differs": "differs", "missing": "is missing", "orphan": "is not made by any target: move or delete it"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_schema(parser)
    add_output(parser)
    add_format(parser)
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Compare in memory; write nothing. Returns 1 when a file differs, is missing, or nothing makes it."""
    gc.disable()  # a short life: looking for garbage costs 7 % of it and finds none
    from lockstep_codegen.beside import Beside

    with Beside() as beside:
        from lockstep_codegen.pipeline import render, tools
        from lockstep_codegen.store import drift, made_by

        found = drift(render(contract(options), beside), options.out)
    other = {tool: (made_by(options.out).get(tool, "unknown"), now) for tool, now in tools().items()}
    versions = {tool: pair for tool, pair in other.items() if pair[0] != pair[1]}
    command = _command(options)
    if options.format == "json":
        print(json.dumps({"versions": versions, "files": [{"path": d.path, "kind": d.kind} for d in found]}, indent=2))
    elif options.format == "github":
        for each in found:
            print(f"::error file={options.out / each.path},title=drift::{_SAID[each.kind]}; run {command}")
    elif found:
        print(_report(found, versions, options.out, command))
    else:
        print(f"{options.out} is what {options.schema} says")
    return 1 if found else 0


def _command(options: argparse.Namespace) -> str:
    """What mends it."""
    found = settings()
    if found == Settings() and options.out == Path("generated"):
        return "make generate"
    return "lockstep generate" if options.out == found.output else f"lockstep generate --out {options.out}"


def _report(found: Sequence["Drift"], versions: Mapping[str, tuple[str, str]], out: Path, command: str) -> str:
    lines = [
        f"generator version differs: {out} was made by {tool} {before}, here is {now}"
        for tool, (before, now) in versions.items()
    ]
    lines += [each.diff.rstrip("\n") for each in found]
    lines += [f"{out / each.path} {_SAID[each.kind]}" for each in found]
    return "\n".join([*lines, f"{out} is stale: {len(found)} files. Run: {command}"])
