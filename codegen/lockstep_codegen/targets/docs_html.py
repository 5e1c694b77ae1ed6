"""The reference as one page that asks nobody for anything: style and script stand in it, allowed by their hashes."""

import base64
import hashlib
import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from markupsafe import Markup, escape

from lockstep_codegen.targets.docs_text import Word

_CODE: Final = re.compile(r"`([^`]+)`")
_STRONG: Final = re.compile(r"\*\*([^*]+)\*\*")
_TOKEN: Final = re.compile(r'(?P<text>"(?:[^"\\\n]|\\.)*")(?P<colon>:?)|(?P<name>\b[A-Za-z_]\w*)(?=: |=)')


def inline(name: str) -> Markup:
    """A file that stands in the page, `</` kept from ending its element."""
    text = files("lockstep_codegen").joinpath("templates", "docs", name).read_text(encoding="utf-8").strip()
    return Markup(text.replace("</", "<\\/"))


def source_hash(text: str) -> str:
    """What a Content-Security-Policy calls an inline element with exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def prose(text: str) -> Markup:
    """A description: `code` and **strong** as elements, all else as it is."""
    marked = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(_STRONG.sub(r"<strong>\1</strong>", marked))


def typed(words: Iterable[Word]) -> Markup:
    """A type, its names linked."""
    return Markup().join(map(_word, words))


def _word(word: Word) -> Markup:
    if word.anchor:
        return Markup('<a href="#type-{}">{}</a>').format(word.anchor, word.text)
    return Markup("<code>{}</code>").format(word.text) if word.code else escape(word.text)


def coloured(code: str) -> Markup:
    """JSON, Python or TypeScript: names of members in <b>, strings in <i>."""
    parts: list[Markup] = []
    end = 0
    for found in _TOKEN.finditer(code):
        parts.append(escape(code[end : found.start()]))
        if found["text"] and not found["colon"]:
            parts.append(Markup("<i>{}</i>").format(found["text"]))
        else:
            parts.append(Markup("<b>{}</b>{}").format(found["text"] or found["name"], found["colon"] or ""))
        end = found.end()
    return Markup().join([*parts, escape(code[end:])])
