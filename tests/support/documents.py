"""The code in the documentation, as a reader would copy it."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(?P<language>[a-z]*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Snippet:
    """One fenced block."""

    document: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """What a reader types: the lines of a `sh` block, or those after `$ ` in a `console` block."""
        lines = self.text.replace("\\\n", " ").splitlines()
        if self.language == "console":
            return [line[2:] for line in lines if line.startswith("$ ")]
        return [line for line in lines if line.strip() and not line.startswith("#")]


def documents() -> list[Path]:
    """Every page that people read, but for what the generator writes."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("schema/*.md"), *ROOT.glob("frontend/*.md")])


def snippets(*languages: str) -> list[Snippet]:
    """The fenced blocks of all documents in one of `languages`, in reading order."""
    return [
        Snippet(str(path.relative_to(ROOT)), text[: found.start()].count("\n") + 1, found["language"], found["text"])
        for path in documents()
        for text in [path.read_text(encoding="utf-8")]
        for found in _FENCE.finditer(text)
        if found["language"] in languages
    ]
