"""`lockstep init`: a team's own contract, begun from an example or from the event models that it has."""

import argparse
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockstep_codegen.scaffold import Names

_EXAMPLES = """\
examples:
  lockstep init acme                          acme/ with the package acme_events and an example event
  lockstep init . --name acme_events          in this folder; what is there stays as it is
  lockstep init acme --npm @acme-corp/events
  lockstep init acme --from app/events.py     a contract of the Pydantic models that you have, to be finished by hand
"""


class InitError(Exception):
    """Nothing was written."""

    exit_code: int = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="the folder (default .)")
    parser.add_argument("--name", metavar="PACKAGE", help="the Python package to make (default: DIR and _events)")
    parser.add_argument("--npm", metavar="NAME", help="the npm package to make (default: @DIR/events)")
    parser.add_argument(
        "--from",
        dest="models",
        metavar="MODULE",
        help="Pydantic event models to begin with: a file, or a dotted module",
    )
    parser.epilog = _EXAMPLES


def run(options: argparse.Namespace) -> int:
    """Write the files that are not there yet. Raises InitError or NamesError, and then nothing was written."""
    from lockstep_codegen.scaffold import Names, scaffold

    folder: Path = options.folder
    names = Names.of(folder.resolve().name, options.name, options.npm)
    if options.models is None:
        files = scaffold(names)
        kept = _write(folder, files)
        print("\n".join(_report(folder, names, files, kept)))
        return 0
    from lockstep_cli import adoption

    adopted = adoption.adopted(options.models, names)
    files = scaffold(names, adopted.schema)
    kept = _write(folder, files)
    print("\n".join([*_report(folder, names, files, kept), *adoption.report(adopted, options.models)]))
    return adoption.lint(folder)


def _write(folder: Path, files: "Mapping[str, str]") -> set[str]:
    """Write what is not there, and return what was."""
    from lockstep_codegen.scaffold.files import SCHEMA

    if os.path.lexists(folder / SCHEMA):
        raise InitError(f"{folder / SCHEMA} is there already: 'lockstep lint' checks it, and init leaves it alone")
    kept: set[str] = set()
    for name, text in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            if not path.is_file():
                raise InitError(f"{path.parent} is in the way: it is not a folder") from None
            kept.add(name)
        except OSError as error:
            raise InitError(f"{path} cannot be written: {error.strerror}") from error
    return kept


def _report(folder: Path, names: "Names", files: "Mapping[str, str]", kept: set[str]) -> list[str]:
    from lockstep_codegen.scaffold.files import SETTINGS, settings_of

    lines = [f"  {'kept ' if name in kept else 'wrote'}  {folder / name}" for name in sorted(files)]
    if SETTINGS in kept:
        lines += ["", f"Add to {folder / SETTINGS}:", "", settings_of(names)]
    steps = [] if folder == Path() else [f"cd {shlex.quote(str(folder))}"]
    steps += ["lockstep generate", "pip install -e .", f"LOCKSTEP_CONTRACT={names.package} lockstep serve"]
    return [*lines, "", "Next:", *(f"  {step}" for step in steps), "", "README.md has the rest."]
