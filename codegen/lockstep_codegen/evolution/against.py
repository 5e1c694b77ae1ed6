"""What a contract is compared with: a revision of git, a file, or everything that was released."""

import subprocess
from pathlib import Path

from lockstep_codegen.errors import UnreadableError
from lockstep_codegen.evolution.document import Document
from lockstep_codegen.evolution.released import RELEASED, releases
from lockstep_codegen.evolution.wellformed import demand_schema
from lockstep_codegen.source import load, parse

UNVERSIONED = "0.0.0"
GIT = "git:"


def current(path: Path) -> Document:
    """The contract as it stands. Raises UnreadableError."""
    return _document(path)


def versions(against: str, path: Path) -> list[Document]:
    """The versions that `against` names, oldest first: `git:REF[:PATH]`, `released`, or a path.

    Raises UnreadableError for what cannot be read; `released` may name nothing.
    """
    if against == RELEASED:
        return releases(path)
    if against.startswith(GIT):
        return [_revision(against.removeprefix(GIT), path)]
    other = Path(against)
    return [_document(other / path.name if other.is_dir() else other)]


def _document(path: Path) -> Document:
    source = load(path)
    demand_schema(source)
    beside = path.parent / "VERSION"
    return Document(source, beside.read_text(encoding="utf-8").strip() if beside.is_file() else UNVERSIONED)


def _revision(text: str, path: Path) -> Document:
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
    source = parse(f"{reference}:{shown}", raw)
    demand_schema(source)
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
