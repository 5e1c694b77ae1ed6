"""What `lockstep init --from` says of the contract that it made of somebody's models, and what is left to do."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockstep_codegen.adopt import Adopted
    from lockstep_codegen.scaffold import Names

_WIDTH = 118


def adopted(module: str, names: "Names") -> "Adopted":
    """The contract of a module's models. Raises AdoptError."""
    from lockstep_codegen.adopt import adopt, read_models
    from lockstep_codegen.base import find_base

    return adopt(read_models(module), names, find_base("lockstep_events"))


def report(adopted: "Adopted", module: str) -> Iterator[str]:
    """What became of what, and what a person must look at."""
    notes = adopted.notes
    yield f"\n{_count(len(adopted.events), 'event')} from {module}:"
    width = max(len(type) for type, _ in adopted.events) + 2
    yield from (f"  {type:<{width}}was {name}" for type, name in adopted.events)
    if notes.left_out:
        yield f"\nNo event, as far as can be told ({len(notes.left_out)}):"
        yield from (_item(name, why) for name, why in notes.left_out)
    if notes.decisions:
        yield f"\nTo look at ({len(notes.decisions)}):"
        places: dict[str, list[str]] = {}
        for where, said in notes.decisions:
            places.setdefault(said, []).append(where)
        yield from (_item(", ".join(where), said) for said, where in places.items())
    if notes.unwritten:
        yield f"\nTo write: {_count(len(notes.unwritten), 'description')}, which now begin with 'To be written:'"
        yield textwrap.fill(", ".join(notes.unwritten), _WIDTH, initial_indent="  ", subsequent_indent="  ")


def lint(folder: Path) -> int:
    """Print what the linter has against the schema, and return 1 if it has anything."""
    from lockstep_codegen.base import find_base
    from lockstep_codegen.lint import lint
    from lockstep_codegen.scaffold.files import SCHEMA
    from lockstep_codegen.source import load

    findings = lint(load(folder / SCHEMA), find_base("lockstep_events"))
    if not findings:
        print("\nThe schema keeps the dialect ('lockstep lint').")
        return 0
    print(f"\nTo finish before it can be generated ({len(findings)}):", *map(str, findings), sep="\n  ")
    return 1


def _item(where: str, said: str) -> str:
    return textwrap.fill(f"{where}: {said}", _WIDTH, initial_indent="  ", subsequent_indent="      ")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
