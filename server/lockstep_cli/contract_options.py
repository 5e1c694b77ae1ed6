"""What the commands about a contract have in common: which schema, which output, which form of report."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockstep_codegen.errors import Finding

SCHEMA = Path("schema/events.schema.json")


def add_schema(parser: argparse.ArgumentParser) -> None:
    """`--schema FILE`."""
    parser.add_argument("--schema", type=Path, default=SCHEMA, metavar="FILE", help=f"the schema (default {SCHEMA})")


def add_output(parser: argparse.ArgumentParser) -> None:
    """`--out DIR` and `--package NAME`."""
    parser.add_argument("--out", type=Path, default=Path("generated"), metavar="DIR", help="output (default generated)")
    parser.add_argument(
        "--package", default="lockstep_events", metavar="NAME", help="Python package to make (default lockstep_events)"
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """`--format text|json|github`."""
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", help="how findings are written (default text)"
    )


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
