"""From bytes or text to a document: the wire profile, which holds before any contract is asked."""

import json
import re
from typing import Any, NoReturn

from .fault import Fault, InvalidEventError
from .wire import DEPTH

STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
"""A string; one that never ends hides the rest, as it does in every runtime."""
ESCAPE = re.compile(r"\\(?:ud[89ab]..\\ud[c-f]..|u(d[89a-f])..|.)", re.DOTALL | re.IGNORECASE)
"""Every escape of a text: a surrogate pair, a surrogate on its own (captured), or anything else."""
SURROGATE = re.compile(r"[\ud800-\udfff]")
LONGEST = 310  # digits and sign: more never fit a double, and Python refuses to read thousands of them


def document(raw: bytes | str) -> Any:
    """The JSON value of `raw`; a number beyond the double range is infinite, a repeated name has its last value.

    Raises InvalidEventError when it is not UTF-8, not JSON, holds half a surrogate pair or is nested too deeply.
    """
    text = raw if isinstance(raw, str) else _decoded(raw)
    if is_deep(text):
        _fail(f"nested deeper than {DEPTH} levels")
    try:
        value = json.loads(text, parse_int=_integer, parse_constant=_constant)
    except ValueError as error:
        _fail(f"not JSON: {error}")
    if _has_lone_surrogate(text):
        _fail("a lone surrogate in a string")
    return value


def is_shallow(raw: bytes | str) -> bool:
    """Few brackets, no depth: that answers for nearly every event."""
    if isinstance(raw, str):
        return raw.count("{") + raw.count("[") <= DEPTH
    return raw.count(b"{") + raw.count(b"[") <= DEPTH


def is_deep(text: str) -> bool:
    """Whether containers are nested too deeply."""
    if is_shallow(text):
        return False
    level = 0
    for bracket in re.findall(r"[][{}]", STRING.sub("", text)):
        level += 1 if bracket in "{[" else -1
        if level > DEPTH:
            return True
    return False


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        _fail("not UTF-8")


def _integer(digits: str) -> float:
    return float(digits) if len(digits) > LONGEST else int(digits)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _has_lone_surrogate(text: str) -> bool:
    escaped = "\\u" in text and any(found[1] for found in ESCAPE.finditer(text))
    return escaped or (not text.isascii() and SURROGATE.search(text) is not None)


def _fail(message: str) -> NoReturn:
    raise InvalidEventError([Fault("", "text", message)])
