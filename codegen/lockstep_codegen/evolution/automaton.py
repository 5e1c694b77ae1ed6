"""Containment of string languages (pattern and length), decided exactly, with the shortest string that escapes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from lockstep_codegen.patterns import Choice, Node, OneOf, Ranges, Repeat, Sequence, parse

MOST_STATES = 20_000  # of one automaton: beyond this a pattern is not worth deciding
MOST_PAIRS = 60_000  # visited before giving up, a second or so


class UndecidedError(Exception):
    """The languages are too large to compare."""


@dataclass(frozen=True, slots=True)
class Language:
    """The strings that match `pattern` (None: all) and have `low` to `high` (None: no end) characters."""

    pattern: str | None = None
    low: int = 0
    high: int | None = None


def escape(writer: Language, reader: Language) -> str | None:
    """The shortest string that `writer` has and `reader` lacks, or None when there is none.

    Raises UndecidedError when the search grows too large, PatternError for a pattern that is not portable.
    """
    return _Search(writer, reader).run()


@dataclass(slots=True)
class _Automaton:
    """A nondeterministic automaton; state 0 starts, `end` accepts."""

    moves: list[list[tuple[Ranges, int]]] = field(default_factory=lambda: [[]])
    silent: list[list[int]] = field(default_factory=lambda: [[]])
    end: int = 0

    @classmethod
    def of(cls, pattern: str | None) -> "_Automaton | None":
        if pattern is None:
            return None
        automaton = cls()
        automaton.end = automaton.add(parse(pattern), 0)
        return automaton

    def state(self) -> int:
        if len(self.moves) >= MOST_STATES:
            raise UndecidedError
        self.moves.append([])
        self.silent.append([])
        return len(self.moves) - 1

    def add(self, node: Node, start: int) -> int:
        """Build `node` from `start` and return where it ends."""
        if isinstance(node, OneOf):
            end = self.state()
            self.moves[start].append((node.ranges, end))
            return end
        if isinstance(node, Sequence):
            for item in node.items:
                start = self.add(item, start)
            return start
        if isinstance(node, Choice):
            end = self.state()
            for option in node.options:
                self.silent[self.add(option, self.fork(start))].append(end)
            return end
        return self.repeat(node, start)

    def repeat(self, node: Repeat, start: int) -> int:
        for _ in range(node.least):
            start = self.add(node.item, start)
        if node.most is None:
            loop = self.fork(start)
            self.silent[self.add(node.item, loop)].append(loop)
            return self.fork(loop)
        end = self.state()
        for _ in range(node.most - node.least):
            self.silent[start].append(end)
            start = self.add(node.item, self.fork(start))
        self.silent[start].append(end)
        return end

    def fork(self, start: int) -> int:
        state = self.state()
        self.silent[start].append(state)
        return state

    def closure(self, states: set[int]) -> frozenset[int]:
        waiting = list(states)
        while waiting:
            for state in self.silent[waiting.pop()]:
                if state not in states:
                    states.add(state)
                    waiting.append(state)
        return frozenset(states)

    def step(self, states: frozenset[int], code: int) -> frozenset[int]:
        reached = {
            target
            for state in states
            for ranges, target in self.moves[state]
            if any(low <= code <= high for low, high in ranges)
        }
        return self.closure(reached)


_Side = frozenset[int] | None
"""Where an automaton may be; None where there is no pattern to follow."""
_State = tuple[_Side, _Side, int]


class _Search:
    def __init__(self, writer: Language, reader: Language) -> None:
        self.languages = (writer, reader)
        self.automata = (_Automaton.of(writer.pattern), _Automaton.of(reader.pattern))
        bounds = [bound for side in self.languages for bound in (side.low, side.high) if bound is not None]
        self.deepest = max(bounds) + 1  # longer strings are all alike in length
        self.alphabet = list(_representatives(self.automata))

    def run(self) -> str | None:
        first: _State = (self.start(0), self.start(1), 0)
        came: dict[_State, tuple[_State, int] | None] = {first: None}
        waiting: deque[_State] = deque([first])
        while waiting:
            state = waiting.popleft()
            if self.accepts(0, state) and not self.accepts(1, state):
                return _spell(came, state)
            for code in self.alphabet:
                after = self.after(state, code)
                if after is not None and after not in came:
                    came[after] = (state, code)
                    waiting.append(after)
            if len(came) > MOST_PAIRS:
                raise UndecidedError
        return None

    def start(self, side: int) -> _Side:
        automaton = self.automata[side]
        return None if automaton is None else automaton.closure({0})

    def accepts(self, side: int, state: _State) -> bool:
        language, automaton, length = self.languages[side], self.automata[side], state[2]
        places = state[0] if side == 0 else state[1]
        inside = language.low <= length and (language.high is None or length <= language.high)
        return inside and (automaton is None or (places is not None and automaton.end in places))

    def after(self, state: _State, code: int) -> _State | None:
        """One character on; None where the writer has nothing left to say."""
        length, high = min(state[2] + 1, self.deepest), self.languages[0].high
        writer, reader = (
            None if automaton is None or places is None else automaton.step(places, code)
            for automaton, places in zip(self.automata, state[:2], strict=True)
        )
        stuck = self.automata[0] is not None and not writer
        return None if stuck or (high is not None and length > high) else (writer, reader, length)


def _representatives(automata: tuple[_Automaton | None, _Automaton | None]) -> Iterator[int]:
    """One character of every class that the patterns tell apart; printable where the class has one."""
    ranges = [
        pair for automaton in automata if automaton for moves in automaton.moves for pairs, _ in moves for pair in pairs
    ]
    edges = {0, 0xE000, 0x21, 0x30, 0x61, 0x7F} | {low for low, _ in ranges} | {high + 1 for _, high in ranges}
    ordered = sorted(edge for edge in edges if edge <= 0x10FFFF and not 0xD800 <= edge < 0xE000)
    signatures: dict[tuple[bool, ...], int] = {}
    unique = sorted(set(ranges))
    for edge in sorted(ordered, key=lambda code: (not 0x61 <= code < 0x7F, not 0x30 <= code < 0x7F, code)):
        signatures.setdefault(tuple(low <= edge <= high for low, high in unique), edge)
    yield from signatures.values()


def _spell(came: dict[_State, tuple[_State, int] | None], state: _State) -> str:
    codes: list[int] = []
    step = came[state]
    while step is not None:
        codes.append(step[1])
        step = came[step[0]]
    return "".join(map(chr, reversed(codes)))
