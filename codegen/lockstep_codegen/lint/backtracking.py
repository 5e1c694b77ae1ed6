"""Patterns that take exponential time: a text can be read in ever more ways, and backtracking tries them all."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from lockstep_codegen.patterns import Choice, Node, OneOf, Ranges, Repeat, Sequence

Positions = list[int]
Pair = tuple[int, int]
Place = TypeVar("Place", int, Pair)


def is_exponential(tree: Node) -> bool:
    """Whether a repetition can come back to where it was over the same text in two ways."""
    graph = _Graph()
    graph.add(tree)
    return any(graph.has_twins(position) for position in range(len(graph.ranges)))


class _Graph:
    """Glushkov's automaton: a position for each character class, and an edge for each way from one to the next."""

    def __init__(self) -> None:
        self.ranges: list[Ranges] = []
        self.edges: list[Positions] = []

    def add(self, node: Node) -> tuple[bool, Positions, Positions]:
        """Whether `node` may be empty, and the positions where it begins and ends."""
        match node:
            case OneOf(ranges):
                self.ranges.append(ranges)
                self.edges.append([])
                return False, [len(self.ranges) - 1], [len(self.ranges) - 1]
            case Sequence(items):
                return self._sequence(items)
            case Choice(options):
                added = [self.add(option) for option in options]
                begins = [position for _, first, _ in added for position in first]
                return any(empty for empty, _, _ in added), begins, [end for _, _, last in added for end in last]
            case Repeat():
                return self._repeat(node)

    def _sequence(self, items: tuple[Node, ...]) -> tuple[bool, Positions, Positions]:
        empty, begins, ends = True, Positions(), Positions()
        for item in items:
            skipped, first, last = self.add(item)
            self._connect(ends, first)
            begins += first if empty else []
            ends = [*ends, *last] if skipped else last
            empty = empty and skipped
        return empty, begins, ends

    def _repeat(self, node: Repeat) -> tuple[bool, Positions, Positions]:
        if node.most == 0:
            return True, [], []
        # One round more than the first shows every way in which a counted repetition can be read.
        counted = node.item if node.least == node.most else Repeat(node.item, 0, 1)
        more = () if node.most in (None, 1) else (counted,)
        empty, begins, ends = self._sequence((node.item, *more))
        if node.most is None:
            self._connect(ends, begins)
        return empty or node.least == 0, begins, ends

    def _connect(self, ends: Positions, begins: Positions) -> None:
        for end in ends:
            self.edges[end] += begins

    def has_twins(self, start: int) -> bool:
        """Whether two different walks lead from `start` back to it over the same text."""
        inside = {position for position in _reached(start, self.edges.__getitem__) if start in self._from(position)}
        if any(self.edges[position].count(after) > 1 for position in inside for after in inside):
            return True
        pairs = _reached((start, start), lambda pair: self._steps(pair, inside))
        return any(
            one != other and (start, start) in _reached((one, other), lambda pair: self._steps(pair, inside))
            for one, other in pairs
        )

    def _from(self, position: int) -> set[int]:
        return _reached(position, self.edges.__getitem__)

    def _steps(self, pair: Pair, inside: set[int]) -> Iterator[Pair]:
        """Where two walks can go next over one and the same character."""
        for one in inside.intersection(self.edges[pair[0]]):
            for other in inside.intersection(self.edges[pair[1]]):
                if _meet(self.ranges[one], self.ranges[other]):
                    yield one, other


def _reached(start: Place, steps: Callable[[Place], Iterable[Place]]) -> set[Place]:
    """Everything that one step or more leads to."""
    found: set[Place] = set()
    waiting = [start]
    while waiting:
        fresh = set(steps(waiting.pop())) - found
        found |= fresh
        waiting += fresh
    return found


def _meet(one: Ranges, other: Ranges) -> bool:
    """Whether two classes have a character in common."""
    return any(low <= last and first <= high for low, high in one for first, last in other)
