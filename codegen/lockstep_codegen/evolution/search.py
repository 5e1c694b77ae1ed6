"""Finds the event that proves a change to break a reader: one that its writer may send and the reader refuses."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from lockstep_codegen.errors import CodegenError
from lockstep_codegen.evolution.change import Change, Route
from lockstep_codegen.evolution.document import Document, Spot
from lockstep_codegen.evolution.judge import Judge, NoVerdictError, Refusal
from lockstep_codegen.evolution.rule import Category, Direction, Risk
from lockstep_codegen.evolution.shape import Map, Member, Shape, Tagged, shape
from lockstep_codegen.evolution.witness import Witness
from lockstep_codegen.instances import Instances

MINIMAL_TRIES = 3  # smallest events first: a witness is to be read
RANDOM_TRIES = 40  # then whatever the writer may send


class Search:
    """Looks for witnesses between two versions. The same versions give the same witnesses."""

    def __init__(self, old: Document, new: Document) -> None:
        self.judges = {Direction.BACKWARD: (Judge(old), Judge(new)), Direction.FORWARD: (Judge(new), Judge(old))}
        self.makers: dict[tuple[Direction, bool], Instances] = {}

    def witnesses(self, change: Change) -> dict[Risk, Witness]:
        """For every risk of the change that can be shown to be real, an event that shows it."""
        found: dict[Risk, Witness] = {}
        for direction in Direction:
            categories = [category for category in Category if (category, direction) in change.risks]
            if categories:
                for category, witness in self._find(change, direction, categories).items():
                    found[category, direction] = witness
        return found

    def _find(self, change: Change, direction: Direction, categories: list[Category]) -> dict[Category, Witness]:
        writer, reader = self.judges[direction]
        best: dict[Category, Witness] = {}
        spare: dict[Category, Witness] = {}
        path = _path(change.route)
        for event in self._events(change, direction):
            try:
                if writer.refusals(event, Category.WIRE_STRICT, direction):
                    continue
                answers = {category: reader.refusals(event, category, direction) for category in categories}
            except NoVerdictError:
                continue
            for category, refusals in answers.items():
                at_place = [one for one in refusals if one.path[: len(path)] == path]
                if refusals:
                    (best if at_place else spare).setdefault(category, _witness(event, (at_place or refusals)[0]))
            if len(best) == len(categories):
                break
        return {**spare, **best}

    def _events(self, change: Change, direction: Direction) -> Iterator[Any]:
        """Events with a value from the recipe in its place, small ones first; then events with any value there."""
        recipe = change.recipes.get(direction)
        for minimal, tries in ((True, MINIMAL_TRIES), (False, RANDOM_TRIES)):
            instances = self._instances(direction, minimal)
            document = self.judges[direction][0].document
            for seed in range(tries):
                instances.random.seed(seed)
                yield from _attempts(instances, document, change, recipe(instances) if recipe else iter(()))

    def _instances(self, direction: Direction, minimal: bool) -> Instances:
        key = (direction, minimal)
        if key not in self.makers:
            schema = self.judges[direction][0].document.schema
            self.makers[key] = Instances(schema, Random(0), minimal=minimal)
        return self.makers[key]


def _attempts(instances: Instances, document: Document, change: Change, values: Iterator[Any]) -> Iterator[Any]:
    """Whatever cannot be made (outside the dialect, no such string) is no witness."""
    try:
        for value in values:
            yield _plant(instances, document, document.root, change.route, _constant(value))
        yield _plant(instances, document, document.root, change.route, lambda spot: instances.value(spot.node))
    except (CodegenError, LookupError, TypeError, RecursionError, OverflowError):
        return


def _plant(instances: Instances, document: Document, spot: Spot, route: Route, make: Callable[[Spot], Any]) -> Any:
    """An instance of `spot` whose value at the end of the route is what `make` makes of the place there."""
    spot = document.resolve(spot)
    if not route:
        return make(spot)
    step, rest = route[0], route[1:]
    found = shape(document, spot)
    below = _below(found, step.name)[step.kind]
    if below is None:
        raise LookupError(step)
    inner = _plant(instances, document, below, rest, make)
    if step.kind == "item":
        least = int(found.lengths.low or 0)
        return [inner, *(instances.value(found.items.node) for _ in range(1, least))]
    if step.kind == "value":
        return {"key": inner}
    return inner if step.kind == "tag" else {**instances.value(spot.node), step.name: inner}


def _constant(value: Any) -> Callable[[Spot], Any]:
    return lambda _: value


def _below(found: Shape, name: str) -> dict[str, Spot | None]:
    objects = found.objects
    members: Mapping[str, Member] = {} if isinstance(objects, Map | Tagged) else objects.members
    return {
        "tag": objects.arms.get(name) if isinstance(objects, Tagged) else None,
        "member": members[name].spot if name in members else None,
        "item": found.items,
        "value": objects.values if isinstance(objects, Map) else None,
    }


def _path(route: Route) -> tuple[str | int, ...]:
    """Where in an event the route ends."""
    words: dict[str, str | int] = {"item": 0, "value": "key"}
    return tuple(words.get(step.kind, step.name) for step in route if step.kind != "tag")


def _witness(event: Any, refusal: Refusal) -> Witness:
    said = refusal.message if len(refusal.message) <= 160 else refusal.message[:159] + "…"
    return Witness(event, said)
