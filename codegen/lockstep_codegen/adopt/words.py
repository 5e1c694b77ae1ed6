"""Names and sentences as the dialect wants them, from names and sentences as they come."""

import re
from typing import Final

UNWRITTEN: Final = "To be written:"
"""How a description begins that a person must write."""
_BREAKS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")


def snake(text: str) -> str:
    """`orderPlaced`, `order.placed`, `ORDER_PLACED`, `HTTPFailed` -> `order_placed`, `http_failed`; may be empty."""
    words = [word.lower() for word in _BREAKS.split(text) if word]
    while words and not words[0][0].isalpha():
        words = words[1:] if len(words[0]) == 1 else [words[0].lstrip("0123456789"), *words[1:]]
        words = [word for word in words if word]
    return "_".join(words)


def pascal(name: str) -> str:
    """`order_placed` -> `OrderPlaced`, as the linter spells an event's definition."""
    return "".join(word.capitalize() for word in name.split("_"))


def sentence(text: str | None, subject: str) -> str:
    """The first paragraph of a description with its full stop; without one, what is to be described."""
    first = " ".join((text or "").strip().partition("\n\n")[0].split())
    if not first:
        return f"{UNWRITTEN} what {subject} means."
    return first if first[-1] in ".!?" else f"{first}."
