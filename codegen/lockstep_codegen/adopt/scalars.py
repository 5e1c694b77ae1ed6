"""Texts, numbers and constants: from what Pydantic says of them to the dialect."""

import re
from collections.abc import Mapping
from typing import Any, Final

from lockstep_codegen.adopt.notes import Notes
from lockstep_codegen.lint.backtracking import is_exponential
from lockstep_codegen.lint.vocabulary import SAFE_INTEGER
from lockstep_codegen.patterns import PatternError, parse

Node = dict[str, Any]
BASE: Final = "urn:agui-lockstep:events#/$defs/"
TIMESTAMP: Final[Node] = {"$ref": f"{BASE}Timestamp"}
INTEGER: Final[Node] = {"$ref": f"{BASE}Integer"}

_UUID: Final = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
NAMED: Final[Mapping[str, tuple[str, str, str]]] = {
    "uuid": ("Uuid", _UUID, "A UUID in lower case, with hyphens."),
    "date": ("CalendarDay", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "A day of the calendar: year, month, day."),
    "time": ("TimeOfDay", r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?$", "A time of day."),
    "duration": ("Duration", "^-?P[0-9YMWDTHS.,]{1,60}$", "A length of time in ISO 8601, such as PT1M30S."),
    "decimal": ("Decimal", r"^-?[0-9]{1,60}(\.[0-9]{1,60})?$", "A decimal number as text, so that no digit is lost."),
}
"""Formats of Pydantic -> name, pattern and meaning of the definition that stands for them."""
_PORTABLE: Final = ((r"\d", "[0-9]"), (r"\w", "[0-9A-Za-z_]"))


def text(node: Mapping[str, Any], where: str, notes: Notes) -> Node:
    """A string: its lengths, its pattern if every language reads it alike, no format."""
    made: Node = {"type": "string"}
    made |= {bound: node[bound] for bound in ("minLength", "maxLength") if bound in node}
    if "format" in node:
        notes.decide(where, f"is checked as text only: the format {node['format']!r} has no pattern here")
    if "pattern" in node:
        pattern = portable(str(node["pattern"]))
        if pattern is None:
            notes.decide(where, f"its pattern {node['pattern']!r} is left out: write one as ^...$ ('lockstep explain "
                         "REGEX_PORTABLE')")  # fmt: skip
        else:
            made["pattern"] = pattern
    return made


def portable(pattern: str) -> str | None:
    """The same pattern in words that Python, Rust and ECMAScript share; None when that is not sure."""
    written = pattern.removesuffix(r"\Z") + "$" if pattern.endswith(r"\Z") else pattern
    for short, long in _PORTABLE:
        # Inside a class the brackets would be too many, and what follows a backslash is another escape.
        written = re.sub(rf"(?<!\\){re.escape(short)}(?![^\[]*\])", long, written)
    if not written.startswith("^") or not written.endswith("$"):
        return None
    try:
        return None if is_exponential(parse(written)) else written
    except PatternError:
        return None


def integer(node: Mapping[str, Any], where: str, notes: Notes) -> Node:
    """An integer within what JavaScript holds."""
    low, high = _ends(node, 1)
    if "multipleOf" in node:
        notes.decide(where, f"may be any integer: 'a multiple of {node['multipleOf']}' is not checked here")
    if any(end is not None and abs(end) > SAFE_INTEGER for end in (low, high)):
        notes.decide(where, "is bounded by 2^53-1 now: send larger numbers as text")
    if low is None and high is None:
        return dict(INTEGER)
    held = [max(-SAFE_INTEGER, min(SAFE_INTEGER, int(end))) for end in (
        -SAFE_INTEGER if low is None else low, SAFE_INTEGER if high is None else high)]  # fmt: skip
    return {"type": "integer", "minimum": held[0], "maximum": held[1]}


def number(node: Mapping[str, Any], where: str, notes: Notes) -> Node:
    """A number; a bound that is not part of its range becomes one that is."""
    low, high = _ends(node, 0)
    for keyword in ("exclusiveMinimum", "exclusiveMaximum"):
        if keyword in node:
            notes.decide(where, f"allows {node[keyword]} itself: {keyword} is not in the dialect")
    if "multipleOf" in node:
        notes.decide(where, f"may be any number: 'a multiple of {node['multipleOf']}' is not checked here")
    return {"type": "number"} | {name: end for name, end in (("minimum", low), ("maximum", high)) if end is not None}


def choice(values: list[Any], where: str, notes: Notes) -> Node:
    """An enum of strings; other values become the type that they have in common."""
    if values and all(isinstance(value, str) for value in values):
        return {"type": "string", "enum": values} if len(values) > 1 else {"const": values[0]}
    if values and all(isinstance(value, bool) for value in values):
        return {"type": "boolean"}
    if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        notes.decide(where, f"is any integer from {min(values)} to {max(values)}: an enum lists strings, so give "
                     f"{', '.join(map(str, values))} names if they have any")  # fmt: skip
        return {"type": "integer", "minimum": min(values), "maximum": max(values)}
    notes.decide(where, f"is any JSON value: an enum lists strings, and {values} are not")
    return {"$ref": f"{BASE}Json"}


def _ends(node: Mapping[str, Any], step: int) -> tuple[Any, Any]:
    low, high = node.get("minimum"), node.get("maximum")
    if "exclusiveMinimum" in node:
        low = node["exclusiveMinimum"] + step
    if "exclusiveMaximum" in node:
        high = node["exclusiveMaximum"] - step
    return low, high
