"""The output folder: what is there, what should be, and the only place that writes."""

import difflib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from lockstep_codegen.errors import OccupiedError
from lockstep_codegen.files import SourceFile
from lockstep_codegen.source import is_array, is_object

MANIFEST: Final = "manifest.json"
"""Beside the generated folders: what made them, and which files they hold. Only files named in it are ever removed."""
IGNORED: Final = frozenset({"__pycache__", "node_modules", "dist", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class Drift:
    """One file that is not as the schema says. `diff` is unified, from what is on disk to what should be."""

    path: str
    kind: Literal["differs", "missing", "orphan"]
    diff: str


def manifest(files: Sequence[SourceFile], made_by: Mapping[str, str], contract: str) -> SourceFile:
    """The manifest of `files`: what they were made of (the schema's `$id`), and by which versions of the tools."""
    paths = sorted(file.path for file in files)
    text = json.dumps({"contract": contract, "made_by": dict(made_by), "files": paths}, indent=2)
    return SourceFile(MANIFEST, f"{text}\n")


def made_by(root: Path) -> Mapping[str, str]:
    """What the manifest on disk says made the output; empty when there is none that can be read."""
    found = _manifest(root).get("made_by")
    return {str(tool): str(version) for tool, version in found.items()} if is_object(found) else {}


def drift(files: Sequence[SourceFile], root: Path) -> list[Drift]:
    """How the folder differs from `files`, in the order of paths."""
    wanted = {file.path: file.text for file in files}
    found = set(_found(files, root))
    return [
        _drift(path, wanted.get(path), root) for path in sorted(wanted.keys() | found) if _differs(path, wanted, root)
    ]


def write(files: Sequence[SourceFile], root: Path) -> list[str]:
    """Make the folder hold `files`: write what differs, remove what an earlier run made and this one does not.

    Returns the paths that changed. A file that no run made is left alone; `drift` reports it. Raises OccupiedError when
    another contract's files are there.
    """
    wanted = {file.path: file.text for file in files}
    _keep_apart(wanted, root)
    changed = [path for path in wanted if _differs(path, wanted, root)]
    listed = _manifest(root).get("files")
    former = {str(path) for path in listed} if is_array(listed) else set[str]()
    gone = sorted(path for path in former - wanted.keys() if _is_below(root, path) and (root / path).is_file())
    for path in changed:
        replace(root / path, wanted[path])
    for path in gone:
        (root / path).unlink()
    return sorted([*changed, *gone])


def _keep_apart(wanted: Mapping[str, str], root: Path) -> None:
    mine, there = json.loads(wanted.get(MANIFEST, "{}")).get("contract"), _manifest(root).get("contract", "")
    if mine and there and mine != there:
        raise OccupiedError(
            f'{root} holds the code of "{there}", which "{mine}" would replace: choose another folder with --out, or'
            f" delete {root / MANIFEST} if the contract has a new $id"
        )


def _manifest(root: Path) -> Mapping[str, object]:
    try:
        found = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if is_object(found) else {}


def _found(files: Sequence[SourceFile], root: Path) -> Iterator[str]:
    """Every file on disk in the folders that the targets fill."""
    for top in sorted({file.path.partition("/")[0] for file in files if "/" in file.path}):
        for folder, folders, names in os.walk(root / top):
            folders[:] = [name for name in folders if name not in IGNORED]
            yield from (Path(folder, name).relative_to(root).as_posix() for name in names if name not in IGNORED)


def _differs(path: str, wanted: Mapping[str, str], root: Path) -> bool:
    try:
        return (root / path).read_bytes() != wanted[path].encode()
    except (OSError, KeyError):
        return True


def _drift(path: str, wanted: str | None, root: Path) -> Drift:
    on_disk = (root / path).read_text(encoding="utf-8", errors="replace") if (root / path).is_file() else None
    lines = difflib.unified_diff(
        (on_disk or "").splitlines(keepends=True),
        (wanted or "").splitlines(keepends=True),
        f"{path} (on disk)" if on_disk is not None else "/dev/null",
        f"{path} (generated)" if wanted is not None else "/dev/null",
    )
    kind: Literal["differs", "missing", "orphan"] = "differs"
    if wanted is None:
        kind = "orphan"
    elif on_disk is None:
        kind = "missing"
    return Drift(path, kind, "".join(line if line.endswith("\n") else f"{line}\n" for line in lines))


def _is_below(root: Path, path: str) -> bool:
    """A manifest is a file like any other: what it names must not lead out of the folder."""
    return (root / path).resolve().is_relative_to(root.resolve())


def replace(path: Path, text: str) -> None:
    """Write through a neighbour, so that a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    neighbour = path.with_name(f".{path.name}.{os.getpid()}")
    neighbour.write_bytes(text.encode())
    neighbour.replace(path)
