"""The models of somebody's module, as Pydantic itself describes what they write."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lockstep_codegen.adopt import reading
from lockstep_codegen.errors import CodegenError

Node = Mapping[str, Any]
TIMEOUT_SECONDS: Final = 60.0
"""A module that takes longer to import is waiting for something."""


class AdoptError(CodegenError):
    """The module cannot be read, or holds nothing to begin with."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One class."""

    name: str
    definition: str
    """Its key among the definitions."""
    bases: Sequence[str]
    """The models of the module that it inherits from."""
    tag: Mapping[str, str]
    """Class variables that are texts."""
    aliases: Mapping[str, str]
    """Python name -> name on the wire, where they differ."""
    own: bool
    """Whether the module itself defines it, and does not import it from its package."""


@dataclass(frozen=True, slots=True)
class Models:
    """What a module has."""

    target: str
    rows: tuple[ModelRow, ...]
    definitions: Mapping[str, Node]
    """JSON Schema of every model and enum, as written, under Python's names."""


def read_models(target: str) -> Models:
    """The models of a file or of a dotted module. Raises AdoptError: what failed, in which line."""
    if target.endswith(".py") and not Path(target).is_file():
        raise AdoptError(f"--from {target!r}: there is no such file")
    found = _asked(target)
    if "error" in found:
        raise AdoptError(f"--from {target!r} cannot be imported: {found['error']}")
    rows = tuple(ModelRow(**row) for row in found["models"])
    if not rows:
        raise AdoptError(
            f"--from {target!r} defines no Pydantic model: name the module with the classes of your events"
        )
    return Models(target, rows, found["definitions"])


def _asked(target: str) -> dict[str, Any]:
    # In a process of its own: importing runs code, which may print, wait, start threads or end the process.
    # -P keeps the folder of this file off its path: their `models` is not ours.
    command = [sys.executable, "-P", str(reading.__file__), target]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise AdoptError(
            f"--from {target!r} was not imported within {TIMEOUT_SECONDS:.0f} seconds: move the models to a module "
            "that does nothing else"
        ) from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise AdoptError(f"--from {target!r} ends the process while it is imported: {last}") from None
    return answer
