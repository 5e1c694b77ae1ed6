"""What a contract is compared with: a revision of git, a file, or everything that was released."""

import subprocess
from pathlib import Path

from lockstep_codegen.base import Base
from lockstep_codegen.bundle import bundle
from lockstep_codegen.errors import ContractError, Finding, UnreadableError
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.released import RELEASED, releases
from lockstep_codegen.evolution.wellformed import demand_schema
from lockstep_codegen.lint.extension import check_extension
from lockstep_codegen.source import Source, load, parse

UNVERSIONED = "0.0.0"
GIT = "git:"


def current(path: Path, base: Base | None = None) -> Document:
    """The contract as it stands, with the events of the one that it extends. Raises UnreadableError, ContractError."""
    return _document(path, base)


def versions(against: str, path: Path, base: Base | None = None) -> list[Document]:
    """The versions that `against` names, oldest first: `git:REF[:PATH]`, `released`, or a path.

    A release holds the base that it had; every other version is taken on the base that is installed. Raises
    UnreadableError for what cannot be read; `released` may name nothing.
    """
    if against == RELEASED:
        return releases(path)
    if against.startswith(GIT):
        return [_revision(against.removeprefix(GIT), path, base)]
    other = Path(against)
    return [_document(other / path.name if other.is_dir() else other, base)]


def _document(path: Path, base: Base | None) -> Document:
    source = _whole(load(path), base)
    beside = path.parent / "VERSION"
    return Document(source, beside.read_text(encoding="utf-8").strip() if beside.is_file() else UNVERSIONED)


def _whole(source: Source, base: Base | None) -> Source:
    """The schema with its base in it."""
    demand_schema(source)
    if base is None:
        return source
    if faults := list(check_extension(source.document, base)):
        raise ContractError([Finding(source.place(fault.pointer), fault.rule, fault.message) for fault in faults])
    return bundle(source, base)


def _revision(text: str, path: Path, base: Base | None) -> Document:
    reference, _, inner = text.partition(":")
    if not reference or reference.startswith("-"):
        raise UnreadableError(
            f"--against {GIT + text!r}: name a revision, like git:main or git:v1.0.0:{path.as_posix()}"
        )
    # `./` makes git read the path from the folder it runs in, and not from the root of the repository.
    inner = inner or f"./{path.name}"
    folder = path.resolve().parent if inner.startswith("./") else Path.cwd()
    raw = _show(reference, inner, folder)
    if raw is None:
        raise UnreadableError(f"--against {GIT + text!r}: git has no {inner.removeprefix('./')!r} at {reference!r}")
    shown = path.as_posix() if inner.startswith("./") else inner
    source = _whole(parse(f"{reference}:{shown}", raw), base)
    version = _show(reference, f"{inner.rpartition('/')[0]}/VERSION".removeprefix("/"), folder)
    return Document(source, version.strip() if version else UNVERSIONED)


def _show(reference: str, path: str, folder: Path) -> str | None:
    """A file of a revision; None when there is no such file."""
    try:
        command = ["git", "show", "--end-of-options", f"{reference}:{path}"]
        answer = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    except OSError:
        raise UnreadableError("--against git:... needs git, and there is none on the PATH") from None
    if answer.returncode == 0:
        return answer.stdout.decode("utf-8-sig", errors="replace")
    said = answer.stderr.decode(errors="replace").strip().splitlines()
    if said and "exist" not in said[-1] and "not in" not in said[-1]:
        raise UnreadableError(f"--against git:{reference}: {said[0].removeprefix('fatal: ')}")
    return None
