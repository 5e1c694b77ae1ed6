"""What the commands about a contract have in common: which schema, which output, which form of report."""

import argparse
import importlib.util
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep_codegen.settings import settings

if TYPE_CHECKING:
    from lockstep_codegen.base import Base
    from lockstep_codegen.errors import Finding
    from lockstep_codegen.model import Contract
    from lockstep_events.runtime import Contract as Spoken


def add_schema(parser: argparse.ArgumentParser) -> None:
    """`--schema FILE` and `--extends NAME`; what is not given stands in `[tool.lockstep]` of pyproject.toml."""
    found = settings()
    parser.add_argument(
        "--schema", type=Path, default=found.schema, metavar="FILE", help=f"the schema (default {found.schema})"
    )
    parser.add_argument(
        "--extends",
        default=found.extends,
        metavar="NAME",
        help=f"installed package of the contract that it extends (default {found.extends or 'none'})",
    )


def add_package(parser: argparse.ArgumentParser) -> None:
    """`--package NAME`: the Python package of the contract."""
    package = settings().package
    parser.add_argument(
        "--package", default=package, metavar="NAME", help=f"the contract's Python package (default {package})"
    )


def add_packages(parser: argparse.ArgumentParser) -> None:
    """`--package NAME` and `--npm NAME`."""
    add_package(parser)
    found = settings()
    said = found.npm or "by the Python package"
    parser.add_argument("--npm", default=found.npm, metavar="NAME", help=f"npm package to make (default {said})")


def add_output(parser: argparse.ArgumentParser) -> None:
    """`--out DIR`, and what is made there."""
    out = settings().output
    parser.add_argument("--out", type=Path, default=out, metavar="DIR", help=f"output (default {out})")
    add_packages(parser)


def base_of(options: argparse.Namespace) -> "Base | None":
    """The contract that the chosen one extends. Raises UnreadableError when it is not installed."""
    from lockstep_codegen.base import find_base

    return find_base(options.extends) if options.extends else None


def contract(options: argparse.Namespace) -> "Contract":
    """The contract that the options choose, after `add_schema` and `add_packages`. Raises CodegenError."""
    from lockstep_codegen.pipeline import contract_of

    return contract_of(options.schema, package=options.package, npm=options.npm, extends=options.extends)


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format text|json|github`."""
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", help="how findings are written (default text)"
    )


def generated(options: argparse.Namespace) -> "Spoken":
    """The contract of the chosen package: installed, or made here. Raises UnreadableError when it is neither."""
    made = str(settings().output.resolve() / "python")
    if importlib.util.find_spec(options.package) is None and made not in sys.path:
        sys.path.append(made)
    try:
        found: Spoken = importlib.import_module(options.package).CONTRACT
    except ModuleNotFoundError as error:
        if error.name != options.package:
            raise
        from lockstep_codegen.errors import UnreadableError

        said = f"there is no package {options.package!r}, neither installed nor in {made}"
        raise UnreadableError(f"{said}: run lockstep generate") from None
    return found


def written(findings: Iterable["Finding"], form: str) -> str:
    """The findings as text (file:line:column first), as one JSON array, or as annotations of a GitHub workflow."""
    if form == "json":
        rows = [
            {"file": f.place.file, "line": f.place.line, "column": f.place.column, "rule": f.rule, "message": f.message}
            for f in findings
        ]
        return json.dumps(rows, indent=2, ensure_ascii=False)
    if form == "github":
        return "\n".join(
            f"::error file={place.file},line={place.line},col={place.column},title={f.rule}::{_escaped(f.message)}"
            for f in findings
            for place in [f.place]
        )
    return "\n".join(map(str, findings))


def _escaped(message: str) -> str:
    """As workflow commands want their text."""
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
