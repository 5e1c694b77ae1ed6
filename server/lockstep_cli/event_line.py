"""One event as one line for people: when, what, who, and its payload, safe to print on a terminal."""

import json
import os
import sys
from typing import Any, Final

_WIDEST: Final = 160
_COLOURS: Final = {"tool": "35", "workflow": "36", "run": "36", "agent": "32", "reasoning": "33", "session": "2"}


def event_line(cursor: str, document: dict[str, Any], *, colour: bool = False) -> str:
    """`12:00:00.000  5f3a.7  tool_call_started  infrastructure_monitor  tool_name=docker…`"""
    kind = str(document.get("type", "?"))
    moment = str(document.get("timestamp", ""))[11:23]
    who = str(document.get("agent", ""))
    payload: dict[str, Any] = document.get("payload") or {}
    what = " ".join(f"{name}={_value(value)}" for name, value in payload.items())
    text = "  ".join(printable(part) for part in (what and _cut(what), who and f"[{who}]") if part)
    name = printable(kind)
    if colour:
        code = (
            "31" if kind.endswith("_failed") or kind == "error_occurred" else _COLOURS.get(kind.partition("_")[0], "0")
        )
        return f"\x1b[2m{moment}  {cursor}\x1b[0m  \x1b[{code}m{name}\x1b[0m  {text}".rstrip()
    return f"{moment}  {cursor}  {name}  {text}".rstrip()


def wants_colour() -> bool:
    """Whether standard output is a terminal whose user has not asked for none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def printable(text: str) -> str:
    """Payloads come from anywhere: no escape sequence of theirs reaches the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
