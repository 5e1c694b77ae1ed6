"""Portable regular expressions: the subset that Python, Rust and ECMAScript read alike, as a tree."""

from dataclasses import dataclass, field

from lockstep_codegen.errors import CodegenError

LAST = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)
Ranges = tuple[tuple[int, int], ...]
"""Sorted, disjoint, inclusive ranges of code points; surrogates are never inside."""


class PatternError(CodegenError):
    """A pattern outside the portable subset: look-around, `\\d`, `\\b`, `\\p`, back-references, an inner anchor."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character out of `ranges`."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Sequence:
    """Its items, one after the other."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of its options."""

    options: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`item` at least `least` times and at most `most` times (None: without end)."""

    item: "Node"
    least: int
    most: int | None


Node = OneOf | Sequence | Choice | Repeat


def ranges_of(*pairs: tuple[int, int]) -> Ranges:
    """Sort and merge `pairs`, and take the surrogates out."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    first, last = SURROGATES
    parts = [part for low, high in merged for part in ((low, min(high, first - 1)), (max(low, last + 1), high))]
    return tuple(dict.fromkeys((low, high) for low, high in parts if low <= high))


def complement(ranges: Ranges) -> Ranges:
    """Every character that `ranges` leaves out."""
    gaps: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if start < low:
            gaps.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        gaps.append((start, LAST))
    return ranges_of(*gaps)


ANY = ranges_of((0, LAST))
DOT = complement(ranges_of((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)))
CONTROLS = {"n": 0x0A, "r": 0x0D, "t": 0x09, "f": 0x0C, "v": 0x0B}
QUANTIFIERS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
ANYTHING = Repeat(OneOf(ANY), 0, None)


def parse(pattern: str) -> Node:
    """The strings in which `pattern` is found, as a tree over whole strings (what JSON Schema's `pattern` means)."""
    reader = _Reader(pattern)
    options: list[Node] = []
    while True:
        start = reader.take("^")
        body = reader.sequence()
        end = reader.take("$")
        options.append(Sequence((*(() if start else (ANYTHING,)), body, *(() if end else (ANYTHING,)))))
        if not reader.take("|"):
            break
    if reader.rest:
        raise reader.refuse(f"{reader.rest[0]!r} cannot stand")
    return options[0] if len(options) == 1 else Choice(tuple(options))


PLAIN = ranges_of((0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7E))
"""Printable ASCII without quotes and backslashes."""


def is_plain(pattern: str) -> bool:
    """Whether `pattern` says all of its strings from `^` to `$`, and each stands in JSON as it is."""
    tree = parse(pattern)
    # With several options at the top, each would have its own anchors.
    return isinstance(tree, Sequence) and _is_plain(tree)


def _is_plain(node: Node) -> bool:
    match node:
        case OneOf(ranges):
            return all(any(first <= low and high <= last for first, last in PLAIN) for low, high in ranges)
        case Sequence(nodes) | Choice(nodes):
            return all(map(_is_plain, nodes))
        case Repeat(item):
            return _is_plain(item)


@dataclass(slots=True)
class _Reader:
    pattern: str
    at: int = field(default=0)

    @property
    def rest(self) -> str:
        return self.pattern[self.at :]

    def refuse(self, why: str) -> PatternError:
        return PatternError(f"pattern {self.pattern!r}: {why} at character {self.at + 1}; use the portable subset")

    def take(self, text: str) -> bool:
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def next(self) -> str:
        if self.at >= len(self.pattern):
            raise self.refuse("it ends too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def sequence(self) -> Node:
        items: list[Node] = []
        while self.rest and self.rest[0] not in "|)$":
            items.append(self.quantified(self.atom()))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def choice(self) -> Node:
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def atom(self) -> Node:
        character = self.next()
        if character == "(":
            if self.take("?") and not self.take(":"):
                raise self.refuse("look-around and named groups are not portable")
            inner = self.choice()
            if not self.take(")"):
                raise self.refuse("a group is not closed, or holds an anchor,")
            return inner
        if character == "[":
            return OneOf(self.bracket())
        if character == ".":
            return OneOf(DOT)
        if character == "\\":
            return OneOf(self.escape())
        if character in "*+?{}^":
            self.at -= 1
            raise self.refuse(f"{character!r} cannot stand")
        return OneOf(ranges_of((ord(character), ord(character))))

    def escape(self) -> Ranges:
        character = self.next()
        if character in CONTROLS:
            code = CONTROLS[character]
        elif character in "ux":
            code = self.hexadecimal(4 if character == "u" else 2)
        elif character.isalnum():
            raise self.refuse(f"'\\{character}' is not portable")
        else:
            code = ord(character)
        return ranges_of((code, code))

    def hexadecimal(self, digits: int) -> int:
        text = self.pattern[self.at : self.at + digits]
        try:
            code = int(text, 16)
        except ValueError:
            raise self.refuse(f"{text!r} is not {digits} hexadecimal digits") from None
        self.at += digits
        return code

    def bracket(self) -> Ranges:
        negated = self.take("^")
        pairs: list[tuple[int, int]] = []
        while not self.take("]"):
            low = self.member()
            if len(low) == 1 and low[0][0] == low[0][1] and self.rest[:1] == "-" and self.rest[1:2] != "]":
                self.at += 1
                high = self.member()
                if len(high) != 1 or high[0][0] < low[0][0]:
                    raise self.refuse("a range runs backwards")
                pairs.append((low[0][0], high[0][1]))
            else:
                pairs += low
        ranges = ranges_of(*pairs)
        return complement(ranges) if negated else ranges

    def member(self) -> Ranges:
        character = self.next()
        return self.escape() if character == "\\" else ((ord(character), ord(character)),)

    def quantified(self, item: Node) -> Node:
        sign = self.rest[:1]
        least: int
        most: int | None
        if sign in QUANTIFIERS:
            self.at += 1
            least, most = QUANTIFIERS[sign]
        elif sign == "{":
            least, most = self.counted()
        else:
            return item
        self.take("?")  # lazy or greedy: the same strings
        return Repeat(item, least, most)

    def counted(self) -> tuple[int, int | None]:
        text, closed, _ = self.rest[1:].partition("}")
        low, comma, high = text.partition(",")
        if not closed or not low.isdigit() or (high and not high.isdigit()):
            raise self.refuse("a count is not {n}, {n,} or {n,m}")
        self.at += len(text) + 2
        return int(low), int(high) if high else None if comma else int(low)
