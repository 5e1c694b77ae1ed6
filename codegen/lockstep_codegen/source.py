"""A JSON file with the place of every value: read once, never trusted."""

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeGuard

from lockstep_codegen.errors import Place, UnreadableError

MAX_BYTES: Final = 8 * 1024 * 1024  # some five thousand events
MAX_DEPTH: Final = 100
MAX_CHARACTERS: Final = 65_536  # of one string: nobody reads a longer description
MAX_DIGITS: Final = 400  # what fits a double is shorter; Python refuses to read thousands of digits

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_SCALAR: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


@dataclass(frozen=True)
class Source:
    """A document and, for every JSON Pointer in it, where its value (and its name) begins."""

    name: str
    text: str
    document: Any
    offsets: dict[str, int]

    def place(self, pointer: str) -> Place:
        """The place of the value at `pointer`, or of the nearest thing around it that exists."""
        while pointer not in self.offsets:
            pointer = pointer.rpartition("/")[0]
        return self.at(self.offsets[pointer])

    def at(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(self.name, line, offset - self._lines[line - 1] + 1)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]


def load(path: Path) -> Source:
    """Read a schema file. Raises UnreadableError with the place of whatever is not JSON."""
    name = str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{name}: cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise UnreadableError(f"{name}: {len(raw)} bytes are more than the {MAX_BYTES} that a contract may have")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name}: byte {error.start} is not UTF-8: save the file as UTF-8") from None
    return parse(name, text)


def parse(name: str, text: str) -> Source:
    """Parse `text`; `name` is what errors call it."""
    scanner = _Scanner(Source(name, text, None, {}))
    document = scanner.document()
    return Source(name, text, document, scanner.offsets)


def offsets(text: str) -> dict[str, int]:
    """Where each value of a JSON text begins, by its JSON Pointer; of a repeated name the last one counts.

    Raises UnreadableError for what is not JSON.
    """
    scanner = _Scanner(Source("", text, None, {}), only_places=True)
    scanner.document()
    return scanner.offsets


class _Scanner:
    def __init__(self, source: Source, *, only_places: bool = False) -> None:
        self._source = source
        self._only_places = only_places
        self._text = source.text
        self.offsets: dict[str, int] = {}

    def document(self) -> Any:
        value, end = self._value(self._skip(0), "", 0)
        end = self._skip(end)
        if end != len(self._text):
            raise self._error(end, "nothing may follow the document")
        return value

    def _value(self, at: int, pointer: str, depth: int) -> tuple[Any, int]:
        self.offsets[pointer] = at
        if depth > MAX_DEPTH:
            raise self._error(at, f"values are nested more than {MAX_DEPTH} deep")
        match self._text[at : at + 1]:
            case "{":
                return self._object(at, pointer, depth)
            case "[":
                return self._array(at, pointer, depth)
            case '"':
                return self._string(at)
            case _:
                return self._scalar(at)

    def _scalar(self, at: int) -> tuple[Any, int]:
        found = _SCALAR.match(self._text, at)
        if not found:
            raise self._error(at, "a JSON value is expected")
        if self._only_places:
            return None, found.end()
        if found.end() - at > MAX_DIGITS:
            raise self._error(at, f"a number has at most {MAX_DIGITS} characters")
        return json.loads(found[0]), found.end()

    def _object(self, start: int, pointer: str, depth: int) -> tuple[dict[str, Any], int]:
        value: dict[str, Any] = {}
        at = self._skip(start + 1)
        while self._text[at : at + 1] != "}":
            if value:
                at = self._skip(self._expect(at, ",", "',' or '}'"))
            name_at = at
            name, at = self._string(at)
            if name in value and not self._only_places:
                raise self._error(name_at, f"the member {json.dumps(name)} stands twice in one object")
            at = self._skip(self._expect(self._skip(at), ":", "':'"))
            value[name], at = self._value(at, f"{pointer}/{escape(name)}", depth + 1)
            at = self._skip(at)
        return value, at + 1

    def _array(self, start: int, pointer: str, depth: int) -> tuple[list[Any], int]:
        value: list[Any] = []
        at = self._skip(start + 1)
        while self._text[at : at + 1] != "]":
            if value:
                at = self._skip(self._expect(at, ",", "',' or ']'"))
            item, at = self._value(at, f"{pointer}/{len(value)}", depth + 1)
            value.append(item)
            at = self._skip(at)
        return value, at + 1

    def _string(self, at: int) -> tuple[str, int]:
        found = _STRING.match(self._text, at)
        if not found:
            raise self._error(at, "a string in double quotes is expected")
        if found.end() - at > MAX_CHARACTERS and not self._only_places:
            raise self._error(at, f"a string has at most {MAX_CHARACTERS} characters")
        text: str = json.loads(found[0]) if "\\" in found[0] else found[0][1:-1]
        if not text.isascii() and _SURROGATE.search(text):
            raise self._error(at, "the string holds half a surrogate pair")
        return text, found.end()

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _expect(self, at: int, character: str, what: str) -> int:
        if self._text[at : at + 1] != character:
            raise self._error(at, f"{what} is expected")
        return at + 1

    def _error(self, at: int, what: str) -> UnreadableError:
        seen = self._text[at : at + 12].split("\n")[0]
        found = f"found {json.dumps(seen)}" if seen else "the file ends here"
        return UnreadableError(f"{self._source.at(at)}: {what}; {found}")


def escape(name: str) -> str:
    """One reference token of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """A JSON object: its names are strings."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """A JSON array."""
    return isinstance(value, list)
