"""`[tool.lockstep]` of the nearest pyproject.toml: where a contract stands, and what its packages are called."""

import difflib
import os
import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from lockstep_codegen.errors import Place, UnreadableError
from lockstep_codegen.source import is_object

FILE: Final = "pyproject.toml"
TABLE: Final = "[tool.lockstep]"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the commands about a contract go by where no option says otherwise."""

    schema: Path = Path("schema/events.schema.json")
    """The contract. VERSION, released/ and breaking-allow.json stand beside it."""
    package: str = "lockstep_events"
    """The Python import package to make."""
    npm: str | None = None
    """The npm package to make; None for the Python name with `-`."""
    extends: str | None = None
    """The installed import package of the contract that this one extends."""
    output: Path = Path("generated")
    """The folder of what is made."""


DEFAULT: Final = Settings()
PATHS: Final = ("schema", "output")


def settings(start: Path | None = None) -> Settings:
    """The settings for `start`, the working folder by default: those of the nearest pyproject.toml that has any.

    Paths in the file count from it. Raises UnreadableError with file and line.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        file = folder / FILE
        if file.is_file() and (found := _table(file)) is not None:
            return _settings(found, file)
    return DEFAULT


def _table(file: Path) -> dict[str, Any] | None:
    try:
        text = file.read_text(encoding="utf-8")
        if TABLE not in text:  # most files: parsing takes ten times as long as looking
            return None
        import tomllib

        found: object = tomllib.loads(text).get("tool")
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{_shown(file)}: cannot be read: {error}") from None
    table = found.get("lockstep") if is_object(found) else None
    return table if is_object(table) else None


def _settings(table: dict[str, Any], file: Path) -> Settings:
    known = {field.name for field in fields(Settings)}
    given: dict[str, Any] = {key: _relative(file.parent / getattr(DEFAULT, key)) for key in PATHS}
    for key, value in table.items():
        at = _place(file, key)
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it knows {', '.join(sorted(known))}"
            raise UnreadableError(f"{at}: {TABLE} has no {key!r}: {hint}")
        if not isinstance(value, str) or not value:
            raise UnreadableError(f"{at}: {key} is {value!r}: write a text in quotes")
        given[key] = _relative(file.parent / value) if key in PATHS else value
    package = given.get("package", DEFAULT.package)
    if not package.isidentifier():
        raise UnreadableError(
            f"{_place(file, 'package')}: package is {package!r}: write an import name, like acme_events"
        )
    if package == given.get("extends"):
        at = _place(file, "package" if "package" in given else "extends")
        raise UnreadableError(
            f"{at}: the contract and what it extends are both {package!r}: name a package of your own"
        )
    return replace(DEFAULT, **given)


def _relative(path: Path) -> Path:
    """As seen from the working folder: what is printed can be clicked on."""
    return Path(os.path.relpath(path))


def _shown(file: Path) -> str:
    return _relative(file).as_posix()


def _place(file: Path, key: str) -> Place:
    """Where the key stands: tomllib does not say."""
    lines = file.read_text(encoding="utf-8").splitlines()
    inside = False
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("["):
            inside = line.strip().startswith(TABLE)
        elif inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", line):
            return Place(_shown(file), number, len(line) - len(line.lstrip()) + 1)
    return Place(_shown(file), 1, 1)
