"""Compares the types and the listed values of two places."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lockstep_codegen.evolution.bounds import compare_lengths, compare_numbers
from lockstep_codegen.evolution.change import Pair, Recipe
from lockstep_codegen.evolution.document import Document, Spot
from lockstep_codegen.evolution.rule import Category, Direction, Risk
from lockstep_codegen.evolution.shape import Shape
from lockstep_codegen.evolution.signature import annotation, both
from lockstep_codegen.evolution.texts import compare_strings
from lockstep_codegen.instances import Instances

if TYPE_CHECKING:
    from lockstep_codegen.evolution.walk import Walk

BACKWARD: tuple[Risk, ...] = tuple((category, Direction.BACKWARD) for category in list(Category)[:2])
FORWARD: tuple[Risk, ...] = tuple((category, Direction.FORWARD) for category in list(Category)[:2])
NULL = frozenset({"null"})
PLAIN: dict[str, Any] = {"null": None, "boolean": True, "number": 1, "string": "text", "array": [], "object": {}}


def compare_values(walk: "Walk", pair: Pair, old: Shape, new: Shape) -> None:
    """Report what differs at one place, objects' members and arrays' items apart."""
    if old.values is not None or new.values is not None:
        _listed(walk, pair, old, new)
        return
    _types(walk, pair, old, new)
    common = old.types & new.types
    if "number" in common:
        compare_numbers(walk, pair, old.numbers, new.numbers)
    if "array" in common:
        compare_lengths(walk, pair, old, new)
    if "string" in common and old.strings != new.strings:
        compare_strings(walk, pair, old.strings, new.strings)


def _types(walk: "Walk", pair: Pair, old: Shape, new: Shape) -> None:
    lost, gained = old.types - new.types, new.types - old.types
    if "number" in old.types & new.types and old.whole != new.whole:
        lost, gained = (lost | {"fraction"}, gained) if new.whole else (lost, gained | {"fraction"})
    if not lost and not gained:
        return
    rule = "FIELD_TYPE_CHANGED" if lost and gained else "FIELD_TYPE_NARROWED" if lost else "FIELD_TYPE_WIDENED"
    if lost | gained == NULL:
        rule = "FIELD_NULL_REMOVED" if lost else "FIELD_BECAME_NULLABLE"
    signature = both(annotation(walk.old, pair.old), annotation(walk.new, pair.new))
    walk.report(
        rule,
        pair,
        f"{signature.python[0]} became {signature.python[1]}",
        backward=_of_types(lost, old),
        forward=_of_types(gained, new),
        signature=signature,
    )


def _of_types(types: frozenset[str], writer: Shape) -> Recipe:
    def make(_: Instances) -> Iterator[Any]:
        for kind in sorted(types):
            if kind == "fraction":
                low, high = writer.numbers.low, writer.numbers.high
                yield (low or 0) + 0.5 if high is None or (low or 0) + 0.5 <= high else high - 0.5
            else:
                yield PLAIN[kind]

    return make


def _listed(walk: "Walk", pair: Pair, old: Shape, new: Shape) -> None:
    """At least one side lists its values."""
    signature = both(annotation(walk.old, pair.old), annotation(walk.new, pair.new))
    if old.values is None or new.values is None:
        _open_or_closed(walk, pair, old, new)
    elif len(old.values) == len(new.values) == 1:
        if old.values.keys() != new.values.keys():
            detail = f"{next(iter(old.values))} became {next(iter(new.values))}"
            recipes = _just(*old.values.values()), _just(*new.values.values())
            walk.report("CONST_CHANGED", pair, detail, backward=recipes[0], forward=recipes[1], signature=signature)
    else:
        for text, value in old.values.items():
            if text not in new.values:
                detail = f"{text} is no longer allowed"
                walk.report("ENUM_VALUE_REMOVED", pair, detail, backward=_just(value), signature=signature)
        for text, value in new.values.items():
            if text not in old.values:
                walk.report("ENUM_VALUE_ADDED", pair, f"{text} is new", forward=_just(value), signature=signature)


def _open_or_closed(walk: "Walk", pair: Pair, old: Shape, new: Shape) -> None:
    """One side lists its values, the other describes them: the list may also hold what the other refuses."""
    closed = new.values is not None
    listed = new.values if new.values is not None else old.values or {}
    other, document = (pair.old, walk.old) if closed else (pair.new, walk.new)
    misfits = [value for value in listed.values() if not fits(document, other, value)]
    types = {**PLAIN, "string": "other"}
    free = _just(*(types[kind] for kind in sorted((old if closed else new).types)))
    signature = both(annotation(walk.old, pair.old), annotation(walk.new, pair.new))
    backward, forward = (free, _just(*misfits)) if closed else (_just(*misfits), free)
    risks = (BACKWARD if closed else FORWARD) + ((FORWARD if closed else BACKWARD) if misfits else ())
    walk.report(
        "ENUM_CLOSED" if closed else "ENUM_OPENED",
        pair,
        f"{signature.python[0]} became {signature.python[1]}",
        backward=backward,
        forward=forward,
        risks=risks,
        signature=signature,
    )


def fits(document: Document, spot: Spot, value: Any) -> bool:
    """Whether a listed value is valid at a spot of the other version."""
    from lockstep_codegen.evolution.judge import NoVerdictError, accepts  # jsonschema takes 150 ms to import

    try:
        return accepts({"$defs": document.definitions, "allOf": [document.resolve(spot).node]}, value)
    except NoVerdictError:
        return False


def _just(*values: Any) -> Recipe:
    return lambda _: iter(values)
