"""Walks two versions of a contract side by side, every pair of places once, and collects what differs."""

from collections import deque
from collections.abc import Iterable

from lockstep_codegen.evolution.change import Change, Pair, Recipe, Route, Signature, Step
from lockstep_codegen.evolution.closure import closure
from lockstep_codegen.evolution.document import Document, Spot, subject
from lockstep_codegen.evolution.members import compare_objects
from lockstep_codegen.evolution.rule import Direction, Risk
from lockstep_codegen.evolution.rules import RULES
from lockstep_codegen.evolution.shape import ANYTHING, OBJECT, Fields, Shape, Tagged, shape
from lockstep_codegen.evolution.signature import annotation, both
from lockstep_codegen.evolution.values import compare_values


class Walk:
    """Collects the changes from `old` to `new`. Breadth first: the route to a place is a shortest one."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old = old
        self.new = new
        self.changes: dict[tuple[str, str, str, str], Change] = {}
        self.waiting: deque[Pair] = deque()
        self.visited: set[tuple[str, str, str, str]] = set()
        self.shapes: dict[tuple[int, str], Shape] = {}

    def run(self) -> list[Change]:
        """Every change that an event can meet, each place once."""
        self.visit(self.old.root, self.new.root, (), "", "")
        while self.waiting:
            self.compare(self.waiting.popleft())
        return list(self.changes.values())

    def visit(self, old: Spot, new: Spot, route: Route, old_at: str, new_at: str) -> None:
        """Compare these two later. `old_at` and `new_at` are where they are used."""
        names = self.old.reference(old), self.new.reference(new)
        old_end, new_end = self.old.resolve(old), self.new.resolve(new)
        if names[0] != names[1]:
            self.renamed(old, new, route, old_at, new_at)
        elif names[0] is not None:
            old_at, new_at = old_end.pointer, new_end.pointer
        key = (old_end.pointer, new_end.pointer, old_at, new_at)
        if key not in self.visited and not (old_end is ANYTHING and new_end is ANYTHING):
            self.visited.add(key)
            self.waiting.append(Pair(old, new, route, old_at, new_at))

    def below(self, pair: Pair, old: Spot, new: Spot, *steps: Step) -> None:
        """Compare two children of a pair later."""
        old_at = pair.old_at if old is ANYTHING else old.pointer
        new_at = pair.new_at if new is ANYTHING else new.pointer
        self.visit(old, new, (*pair.route, *steps), old_at, new_at)

    def shape(self, document: Document, spot: Spot) -> Shape:
        key = (id(document), spot.pointer)
        if key not in self.shapes:
            self.shapes[key] = shape(document, spot)
        return self.shapes[key]

    def compare(self, pair: Pair) -> None:
        old, new = self.shape(self.old, pair.old), self.shape(self.new, pair.new)
        if old.strange or new.strange:
            self.unmodelled(pair, old, new)
        elif old.values is not None or new.values is not None:
            compare_values(self, pair, old, new)
        else:
            compare_values(self, pair, old, new)
            if "array" in old.types & new.types:
                self.below(pair, old.items, new.items, Step("item"))
            if "object" in old.types & new.types:
                compare_objects(self, pair, old.objects, new.objects)

    def unmodelled(self, pair: Pair, old: Shape, new: Shape) -> None:
        """Equal down to the last reference is equal; anything else is for a person to judge."""
        if closure(self.old, pair.old) != closure(self.new, pair.new):
            self.report("KEYWORD_UNMODELLED", pair, f"{old.strange or new.strange} is outside the dialect")

    def renamed(self, old: Spot, new: Spot, route: Route, old_at: str, new_at: str) -> None:
        """A place is made of another class; events have a rule of their own."""
        shapes = self.shape(self.old, old), self.shape(self.new, new)
        if all(one.types == OBJECT and isinstance(one.objects, Fields | Tagged) for one in shapes):
            rule = "EVENT_DEF_RENAMED" if len(route) == 1 else "DEF_RENAMED"
            signature = both(annotation(self.old, old), annotation(self.new, new))
            detail = f"{signature.python[0]} is {signature.python[1]} now"
            if signature.python[0] != signature.python[1]:
                self.report(rule, Pair(old, new, route, old_at, new_at), detail, signature=signature)

    def report(
        self,
        rule: str,
        pair: Pair,
        detail: str,
        *,
        backward: Recipe | None = None,
        forward: Recipe | None = None,
        risks: Iterable[Risk] | None = None,
        signature: Signature | None = None,
        name: str | None = None,
    ) -> None:
        """Note a change, the first time that it is met. `name` is how to call the place when the pointer is not it."""
        recipes = {Direction.BACKWARD: backward, Direction.FORWARD: forward}
        said = name or subject(pair.new_at if pair.new_at not in ("", "*") else pair.old_at)
        change = Change(
            rule=RULES[rule],
            subject=said,
            detail=detail,
            old_at=pair.old_at,
            new_at=pair.new_at,
            route=pair.route,
            risks=RULES[rule].risks if risks is None else frozenset(risks),
            recipes={direction: recipe for direction, recipe in recipes.items() if recipe is not None},
            signature=signature,
        )
        self.changes.setdefault((rule, pair.old_at, pair.new_at, detail), change)
