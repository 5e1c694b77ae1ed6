"""The reference: every event and type for people, as Markdown and as one HTML page."""

from collections.abc import Iterable
from typing import Any

from lockstep_codegen.files import SourceFile
from lockstep_codegen.model import Contract
from lockstep_codegen.targets import docs_html
from lockstep_codegen.targets.docs_pages import families, types
from lockstep_codegen.targets.docs_text import Word
from lockstep_codegen.targets.templates import environment


def render(contract: Contract) -> list[SourceFile]:
    """The reference in each format; the page stands in the Python package too, for a server to show."""
    templates = environment("docs")
    templates.filters |= {"said": _markdown, "cell": _cell}
    templates.filters |= {"prose": docs_html.prose, "typed": docs_html.typed, "coloured": docs_html.coloured}
    context = _context(contract)
    markdown = templates.get_template("events.md.jinja").render(context)
    page = templates.get_template("events.html.jinja").render(context | _inline())
    return [
        SourceFile("docs/events.html", page),
        SourceFile("docs/events.md", markdown),
        SourceFile(f"python/{contract.package}/reference.html", page),
    ]


def _context(contract: Contract) -> dict[str, Any]:
    return {
        "header": contract.origin,
        "title": contract.title,
        "description": contract.description,
        "version": contract.version,
        "digest": contract.digest,
        "extent": f"{_counted(len(contract.own_events), 'event')} in {_counted(len(contract.families), 'family')}",
        "base": contract.base,
        "families": families(contract),
        "types": types(contract),
    }


def _counted(number: int, what: str) -> str:
    plural = f"{what.removesuffix('y')}ies" if what.endswith("y") else f"{what}s"
    return f"{number} {what if number == 1 else plural}"


def _inline() -> dict[str, Any]:
    style, script = docs_html.inline("events.css"), docs_html.inline("events.js")
    hashes = {"style_hash": docs_html.source_hash(style), "script_hash": docs_html.source_hash(script)}
    return {"style": style, "script": script, **hashes}


def _markdown(words: Iterable[Word]) -> str:
    """A type in one cell of a table."""
    return _cell("".join(_link(word) for word in words))


def _link(word: Word) -> str:
    if word.anchor:
        return f"[{word.text}](#{word.anchor})"
    return f"`{word.text}`" if word.code else word.text


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
