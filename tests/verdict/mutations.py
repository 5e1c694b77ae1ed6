"""Ways to spoil a document, each with a name: on the value, then on its text."""

import json
import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from verdict.schema import is_array, is_object

Path = tuple[str | int, ...]
Change = Callable[[random.Random, Any], Any]
Spoil = Callable[[random.Random, str], bytes]

# What JSON can write and Python's json cannot: stands for 1e400 until the text is made.
HUGE = "\ue000huge\ue000"
HYPHENS = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-")


def always(*values: Any) -> Change:
    return lambda chance, _: deepcopy(chance.choice(values))


def of_text(change: Callable[[str], Any], otherwise: Any) -> Change:
    return lambda _, value: change(value) if isinstance(value, str) else deepcopy(otherwise)


def nested(chance: random.Random, _: Any) -> Any:
    ends: list[Any] = [[], {}, 1]
    value: Any = chance.choice(ends)
    for _level in range(chance.choice([1, 5, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 250])):
        value = [value] if chance.random() < 0.5 else {"n": value}
    return value


# Applied to any member or item: each puts something else in its place.
CHANGES: dict[str, Change] = {
    "null": always(None),
    "wrong type": always("3", 3, True, False, [], {}, [None], {"a": 1}, ["x"], ""),
    "number as text": lambda _, value: str(value) if isinstance(value, int | float) else "3",
    "true for a number": always(True, False),
    "whole float": always(3.0, -0.0, 1e3),
    "fraction": always(3.5, 0.1, -2.5e-7),
    "negative": always(-1, -(2**53) + 1, -(2**53)),
    "big integer": always(2**53 - 1, 2**53, 2**53 + 1, 10**30, 10**400, -(10**400), 1e308),
    "1e400": always(HUGE),
    "opaque with 1e400": always({"deep": [{"n": HUGE}]}, [HUGE]),
    "enum or tag of elsewhere": always(
        "add", "move", "text", "user", "success", "tool_call_started", "run_failed", "zzz"
    ),
    "slip of the keyboard": of_text(lambda text: text[1:] + text[:1], "x"),
    "upper case": of_text(str.upper, "X"),
    "without hyphens": of_text(lambda text: text.replace("-", ""), "x-y"),
    "uuid of another form": always(
        "0199a000-0000-7000-8000-000000000001",
        "0199A000-0000-7000-8000-00000000000F",
        "urn:uuid:0199a000-0000-7000-8000-000000000001",
        "{0199a000-0000-7000-8000-000000000001}",
        "0199a000-0000-4000-8000-000000000001",
    ),
    "time of another form": always(
        1760000000,
        1760000000.5,
        "1760000000",
        "2026-01-01 00:00:00.000Z",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000+00:00",
        "2026-01-01T00:00:00.000000Z",
        "2026-02-30T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z",
        "٢٠٢٦-01-01T00:00:00.000Z",
    ),
    "trailing newline": of_text(lambda text: text + "\n", "\n"),
    "leading newline": of_text(lambda text: "\n" + text, "\r\n"),
    "long text": always("x" * 129, "x" * 4096, "\U0001f600" * 64, "\U0001f600" * 128, "é" * 129),
    "astral text": always("\U0001f600", "a\U0001f600", "\U0001f600" * 5, "\x00", "\x7f", "\u2028\u2029"),
    "name of the runtime": always("constructor", "__proto__", "toString", "hasOwnProperty", "__class__"),
    "nested": nested,
}

NAMES = [
    *("zz", "type", "payload", "event_id", "a/b~c", "__proto__", "constructor", "toString", "from_", "", " ", "é"),
    *("sessionId", "eventId", "type_", "model_config", "class", "𝒳", "toolCallId", "tool_call_id", "message_id"),
]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    steps = value.items() if is_object(value) else enumerate(value) if is_array(value) else ()
    for step, child in steps:
        yield from paths(child, (*path, step))


def parent_of(document: Any, path: Path) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


def snake_or_camel(name: str) -> str:
    if "_" in name.strip("_"):
        head, *rest = name.split("_")
        return head + "".join(part.capitalize() for part in rest)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() + "_"


def spoil_value(chance: random.Random, document: Any) -> str:
    """Change one place of the document; answers what was done."""
    places = list(paths(document))
    if not places:
        return "nothing to spoil"
    path = chance.choice(places)
    parent, last = parent_of(document, path), path[-1]
    kind = chance.random()
    if kind < 0.55:
        name = chance.choice(list(CHANGES))
        parent[last] = CHANGES[name](chance, parent[last])
        return name
    if kind < 0.7 or not is_object(parent):
        del parent[last]
        return "missing"
    if kind < 0.85:
        name, change = chance.choice(list(CHANGES.items()))
        parent[chance.choice(NAMES)] = change(chance, "x")
        return "extra"
    renamed = snake_or_camel(str(last)) if kind < 0.93 else f"{last}_"
    parent[renamed] = parent.pop(str(last))
    return "name of the other language"


def write(chance: random.Random, document: Any) -> str:
    """JSON text in one of the forms that a writer may choose."""
    text = json.dumps(
        document,
        ensure_ascii=chance.random() < 0.5,
        separators=chance.choice([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]),
    )
    return text.replace(json.dumps(HUGE), "1e400").replace(f'"{HUGE}"', "1e400")


def _inside_text(insert: str) -> Spoil:
    """Puts something at the end of one string of the text, be it a name or a value."""

    def spoil(chance: random.Random, text: str) -> bytes:
        ends = [found.end() - 1 for found in re.finditer(r'"(?:[^"\\]|\\.)*"', text)]
        at = chance.choice(ends) if ends else 0
        return (text[:at] + insert + text[at:]).encode()

    return spoil


def _repeat_member(chance: random.Random, text: str) -> bytes:
    """A member twice: first with another value, then with its own, or the other way round."""
    found = list(re.finditer(r'("[a-z_]+")\s*:\s*', text))
    if not found:
        return text.encode()
    member = chance.choice(found)
    other = chance.choice(["null", "1", '"x"', "{}", "[]", "1e400", '"tool_call_started"', '"abc"'])
    twin = f"{member[1]}:{other}"
    if chance.random() < 0.5:
        return f"{text[: member.start()]}{twin},{text[member.start() :]}".encode()
    return re.sub(r"\}(\s*)$", rf",{twin}}}\1", text).encode()  # at the end of the event, whoever it belonged to


def _cut(chance: random.Random, text: str) -> bytes:
    return text.encode()[: chance.randrange(len(text.encode()) + 1)]


def _break_byte(chance: random.Random, text: str) -> bytes:
    raw = bytearray(text.encode())
    raw[chance.randrange(len(raw))] = chance.choice([0xFF, 0xC0, 0xED, 0x80, 0x00, 0x1F, 0x0A, 0x5C, 0x22, 0x2C, 0x39])
    return bytes(raw)


def _first_number(replacement: str) -> Spoil:
    return lambda _, text: re.sub(r"(?<=[:\[ ])-?\d[\d.eE+-]*", replacement, text, count=1).encode()


# Applied to the finished text, mostly to make it no JSON at all.
SPOILS: dict[str, Spoil] = {
    "duplicate key": _repeat_member,
    "lone high surrogate": _inside_text("\\ud83d"),
    "lone low surrogate": _inside_text("\\uDE00"),
    "swapped surrogates": _inside_text("\\ude00\\ud83d"),
    "surrogate pair": _inside_text("\\ud83d\\uDE00"),
    "escaped backslash before a surrogate": _inside_text("\\\\ud83d"),
    "surrogate in UTF-8": lambda chance, text: _inside_text("\ue001")(chance, text).replace(
        b"\xee\x80\x81", b"\xed\xa0\xbd"
    ),
    "invalid UTF-8": _break_byte,
    "NaN": _first_number("NaN"),
    "Infinity": _first_number("-Infinity"),
    "leading zero": _first_number("01"),
    "long number": _first_number("1" * 400),
    "very long number": _first_number("1" * 5000),
    "minus zero": _first_number("-0"),
    "byte order mark": lambda _, text: b"\xef\xbb\xbf" + text.encode(),
    "cut off": _cut,
    "two documents": lambda _, text: (text + text).encode(),
    "trailing comma": lambda _, text: re.sub(r"([}\]])(\s*)$", r",\1\2", text).encode(),
    "space around": lambda _, text: f" \r\n\t{text}\n".encode(),
    "other space": lambda _, text: f"\u00a0{text}".encode(),
    "another document": lambda chance, _: chance.choice(
        [b"", b" ", b"null", b"3", b'"x"', b"[]", b"{}", b"[{}]", b"true"]
    ),
}


def spoil_text(chance: random.Random, text: str) -> tuple[str, bytes]:
    name = chance.choice(list(SPOILS))
    return name, SPOILS[name](chance, text)
