"""The only currency of the targets: a path below the output folder, and its text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """One file to write. `path` is relative to the output folder, with forward slashes; `text` ends in a newline."""

    path: str
    text: str
