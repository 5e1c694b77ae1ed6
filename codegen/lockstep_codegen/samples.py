"""Random scalars and open JSON: text of a pattern, numbers within bounds, with the edges taken often."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from lockstep_codegen.patterns import Node, OneOf, PatternError, Repeat, Sequence, parse

ATTEMPTS = 200  # to meet a pattern and a length at once
LONGEST = 12  # characters or repetitions beyond the least
SAFE = 2**53 - 1
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 _-./:@~\"\\'\n\té漢😀"
LEAVES: tuple[Any, ...] = (True, False, 0, -1, 3, 2.5, 1e21, SAFE, "", "3", "text", "😀")
WORDS = ("id", "name", "value", "kind", "Ünïcode", "type", "a b")


@dataclass(frozen=True, slots=True)
class Ends:
    """Inclusive bounds; None is open."""

    low: float | None
    high: float | None


def plain(length: Ends) -> str:
    """A string to be read: the word `text`, cut or filled to its length."""
    low, high = int(length.low or 0), None if length.high is None else int(length.high)
    return "text"[:high].ljust(low, "x")


def text(pattern: str | None, length: Ends) -> Callable[[Random], str]:
    """A maker of strings that match `pattern` within `length` (code points)."""
    low, high = int(length.low or 0), None if length.high is None else int(length.high)
    spread = 1 + (LONGEST if high is None else min(high - low, LONGEST))
    if pattern is None:
        return lambda random: "".join(random.choices(ALPHABET, k=low + int(random.random() * spread)))
    sample = matching(parse(pattern))

    def make(random: Random) -> str:
        for _ in range(ATTEMPTS):
            made = sample(random)
            if low <= len(made) and (high is None or len(made) <= high):
                return made
        raise PatternError(f"no string found that matches {pattern!r} within {low} to {high} characters")

    return make


def matching(node: Node) -> Callable[[Random], str]:
    """A maker of strings of a pattern's tree."""
    if isinstance(node, OneOf):
        return character(node)
    if isinstance(node, Repeat):
        return repeated(node)
    makers = [matching(item) for item in (node.items if isinstance(node, Sequence) else node.options)]
    if isinstance(node, Sequence):
        return lambda random: "".join([make(random) for make in makers])
    return lambda random: makers[int(random.random() * len(makers))](random)


def repeated(node: Repeat) -> Callable[[Random], str]:
    most = node.least + LONGEST if node.most is None else min(node.most, node.least + LONGEST)
    least, spread = node.least, most - node.least + 1
    if isinstance(node.item, OneOf) and node.item.ranges:
        characters = readable(node.item)
        return lambda random: "".join(random.choices(characters, k=least + int(random.random() * spread)))
    make = matching(node.item)
    return lambda random: "".join([make(random) for _ in range(least + int(random.random() * spread))])


def character(node: OneOf) -> Callable[[Random], str]:
    if not node.ranges:
        raise PatternError("an empty character class matches nothing")
    characters = readable(node)
    if len(characters) == 1:
        return lambda _: characters
    return lambda random: characters[int(random.random() * len(characters))]


def readable(node: OneOf) -> str:
    """Characters of the class to draw from: its printable ASCII when it has any, so that samples can be read."""
    printable = [chr(code) for low, high in node.ranges for code in range(max(low, 0x20), min(high, 0x7E) + 1)]
    return "".join(printable) or "".join(chr(low) for low, _ in node.ranges[:64])


def smallest(ends: Ends, *, whole: bool) -> float:
    """The number within `ends` that is nearest to zero."""
    low = -math.inf if ends.low is None else math.ceil(ends.low) if whole else ends.low
    high = math.inf if ends.high is None else math.floor(ends.high) if whole else ends.high
    return max(low, min(0, high))


def integer(random: Random, ends: Ends) -> int:
    """An integer within `ends` and within what JavaScript keeps exact; an edge one time in eight."""
    low = -SAFE if ends.low is None else -int(-ends.low // 1)
    high = SAFE if ends.high is None else int(ends.high // 1)
    dice = random.random()
    if dice < 0.125:
        return low if dice < 0.0625 else high
    if dice < 0.8:
        low, high = (max(low, -1000), min(high, 1000)) if low <= 1000 and high >= -1000 else (low, high)
    return low + int(random.random() * (high - low + 1)) if high - low < 2**31 else random.randint(low, high)


def number(random: Random, ends: Ends) -> float:
    """A finite number within `ends`: whole, fractional or an edge."""
    low = -1e6 if ends.low is None else float(ends.low)
    high = low + 2e6 if ends.high is None else float(ends.high)
    low = min(low, high - 2e6) if ends.low is None else low
    dice = random.random()
    if dice < 0.1:
        return low if dice < 0.05 else high
    made = low + (high - low) * random.random()
    rounded = round(made) if dice < 0.5 else round(made, 3)
    return rounded if low <= rounded <= high else min(max(made, low), high)


def any_json(random: Random, depth: int, *, null: bool) -> Any:
    """Any JSON value, a few levels deep at most."""
    dice = random.random()
    if dice < 0.35 and depth < 5:
        items = [any_json(random, depth + 2, null=True) for _ in range(int(random.random() * 4))]
        return items if dice < 0.15 else dict(zip(random.sample(WORDS, len(items)), items, strict=True))
    return None if null and dice < 0.45 else LEAVES[int(random.random() * len(LEAVES))]
