"""From a schema file to source files: load, lint, build, render. Pure but for reading the schema."""

import json
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from lockstep_codegen.base import find_base, npm_of
from lockstep_codegen.beside import TARGET, Beside
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


def contract_of(
    path: Path, *, package: str = "lockstep_events", npm: str | None = None, extends: str | None = None
) -> Contract:
    """The linted contract of a schema file and of the file VERSION beside it. Raises CodegenError.

    `extends` is the installed package of the contract that it extends.
    """
    base = find_base(extends) if extends else None
    schema = demand(load(path), base).document
    named = {"x-npm": npm} if npm and npm != npm_of(package) else {}
    return build(
        schema,
        text=canonical({**schema, **named}),
        version=version_beside(path),
        schema_path=f"{path.resolve().parent.name}/{path.name}",
        package=package,
        npm=npm,
        base=base,
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


def render(contract: Contract, beside: Beside | None = None) -> list[SourceFile]:
    """Every file of every target, and the manifest that lists them; one target by a second process, if it is given."""
    later = beside.render(contract) if beside else None
    here = {name: module for name, module in TARGETS.items() if beside is None or name != TARGET}
    files: list[SourceFile] = [file for module in here.values() for file in import_module(module).render(contract)]
    files = sorted([*files, *(later.result() if later else [])])
    return [*files, manifest(files, tools(), contract.id)]


def tools() -> Mapping[str, str]:
    """The installed versions of what makes the output."""
    return {tool: version(tool) for tool in TOOLS}
