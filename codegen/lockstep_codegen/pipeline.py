"""From a schema file to source files: load, lint, build, render. Pure but for reading the schema."""

import json
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from lockstep_codegen.build import build
from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.files import SourceFile
from lockstep_codegen.lint import demand
from lockstep_codegen.model import Contract
from lockstep_codegen.source import load
from lockstep_codegen.store import manifest
from lockstep_codegen.targets import TARGETS

TOOLS: Final = ("agui-lockstep", "datamodel-code-generator")
"""The distributions whose release can change the output."""


def contract_of(path: Path, *, package: str = "lockstep_events") -> Contract:
    """The linted contract of a schema file and of the file VERSION beside it. Raises CodegenError."""
    source = load(path)
    demand(source)
    return build(
        source.document,
        text=canonical(source.document),
        version=version_beside(path),
        schema_path=f"{path.resolve().parent.name}/{path.name}",
        package=package,
    )


def canonical(schema: dict[str, Any]) -> str:
    """The text that is shipped and digested: white space and the order of definitions make no difference."""
    return json.dumps({**schema, "$defs": dict(sorted(schema["$defs"].items()))}, indent=2, ensure_ascii=False) + "\n"


def version_beside(path: Path) -> str:
    """The contract's version: the file VERSION in the schema's folder. Raises UnreadableError."""
    beside = path.parent / "VERSION"
    try:
        return beside.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UnreadableError(
            f"{beside}: cannot be read: {error.strerror}; write the version there, like 0.1.0"
        ) from None


def render(contract: Contract) -> list[SourceFile]:
    """Every file of every target, and the manifest that lists them."""
    files = [file for module in TARGETS.values() for file in import_module(module).render(contract)]
    return [*files, manifest(files, tools())]


def tools() -> Mapping[str, str]:
    """The installed versions of what makes the output."""
    return {tool: version(tool) for tool in TOOLS}
