"""Compares unions: the events of the contract, and the variants of the unions inside them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lockstep_codegen.evolution.change import Pair, Recipe, Signature, Step
from lockstep_codegen.evolution.closure import closure
from lockstep_codegen.evolution.document import Document, Spot
from lockstep_codegen.evolution.rules import RULES
from lockstep_codegen.evolution.shape import Fields, Tagged, shape
from lockstep_codegen.evolution.signature import GONE, annotation, both
from lockstep_codegen.evolution.stranger import stranger_risks
from lockstep_codegen.instances import Instances

if TYPE_CHECKING:
    from lockstep_codegen.evolution.walk import Walk

MOST_ARGUMENTS = 4  # of a dispatcher's method that a signature shows


def compare_variants(walk: "Walk", pair: Pair, old: Tagged, new: Tagged) -> None:
    """Report what joined and left the union, and go on into the variants that both have."""
    if old.tag != new.tag:
        arms = _any(*old.arms.values()), _any(*new.arms.values())
        detail = f"{old.tag!r} became {new.tag!r}"
        names = annotation(walk.old, pair.old)[0], annotation(walk.new, pair.new)[0]
        told = [f"{name} told apart by {side.tag!r}" for name, side in zip(names, (old, new), strict=True)]
        signature = both((told[0], told[0]), (told[1], told[1]))
        walk.report("DISCRIMINATOR_CHANGED", pair, detail, backward=arms[0], forward=arms[1], signature=signature)
        return
    lost = {value: spot for value, spot in old.arms.items() if value not in new.arms}
    fresh = {value: spot for value, spot in new.arms.items() if value not in old.arms}
    if not pair.route:
        for before, after in _renamed(walk, lost, fresh):
            _report_renamed(walk, pair, (before, lost.pop(before)), (after, fresh.pop(after)))
    for value, spot in lost.items():
        _report_removed(walk, pair, value, spot)
    for value, spot in fresh.items():
        _report_added(walk, pair, value, spot)
    # What no log keeps comes last: a change of the envelope is better shown by an event that logs hold.
    for value, spot in sorted(old.arms.items(), key=lambda arm: _unlogged(walk.old, arm[1])):
        if value in new.arms:
            walk.below(pair, spot, new.arms[value], Step("tag", value))


def _unlogged(document: Document, spot: Spot) -> bool:
    return document.resolve(spot).node.get("x-logged") is False


def _renamed(walk: "Walk", lost: dict[str, Spot], fresh: dict[str, Spot]) -> list[tuple[str, str]]:
    """Events under another type: the same definition, or one that accepts the same payload and nothing else."""
    found: list[tuple[str, str]] = []
    for before, old in lost.items():
        taken = {after for _, after in found}
        for after, new in fresh.items():
            name = walk.old.reference(old)
            same = name is not None and name == walk.new.reference(new)
            if after not in taken and (same or _payload(walk.old, old) == _payload(walk.new, new) is not None):
                found.append((before, after))
                break
    return found


def _payload(document: Document, event: Spot) -> str | None:
    """What an event's payload accepts; nothing to go by when it is all but empty."""
    fields = shape(document, event).objects
    if not isinstance(fields, Fields) or "payload" not in fields.members:
        return None
    payload = shape(document, fields.members["payload"].spot).objects
    if not isinstance(payload, Fields) or len(payload.members) < 2:
        return None
    return closure(document, document.resolve(fields.members["payload"].spot))


def _report_renamed(walk: "Walk", pair: Pair, old: tuple[str, Spot], new: tuple[str, Spot]) -> None:
    spots = walk.old.resolve(old[1]), walk.new.resolve(new[1])
    walk.report(
        "EVENT_TYPE_RENAMED",
        Pair(pair.old, pair.new, pair.route, spots[0].pointer, spots[1].pointer),
        f"{old[0]!r} became {new[0]!r}",
        backward=_any(old[1]),
        forward=_any(new[1]),
        risks=[*RULES["EVENT_TYPE_RENAMED"].risks, *stranger_risks(walk.old, walk.new, new[1])],
        signature=both(_method(walk.old, old[0], old[1]), _method(walk.new, new[0], new[1])),
        name=old[0],
    )


def _report_removed(walk: "Walk", pair: Pair, value: str, spot: Spot) -> None:
    at = Pair(pair.old, pair.new, pair.route, walk.old.resolve(spot).pointer, pair.new_at)
    event = not pair.route
    signature = both(_method(walk.old, value, spot), (GONE, GONE)) if event else _union(walk, pair)
    rule, detail = (
        ("EVENT_TYPE_REMOVED", f"{value!r} is gone") if event else ("PART_VARIANT_REMOVED", f"{value!r} is gone")
    )
    walk.report(rule, at, detail, backward=_any(spot), signature=signature, name=value if event else None)


def _report_added(walk: "Walk", pair: Pair, value: str, spot: Spot) -> None:
    at = Pair(pair.old, pair.new, pair.route, pair.old_at, walk.new.resolve(spot).pointer)
    event = not pair.route
    signature = both((GONE, GONE), _method(walk.new, value, spot)) if event else _union(walk, pair)
    rule = "EVENT_TYPE_ADDED" if event else "PART_VARIANT_ADDED"
    risks = [*RULES[rule].risks, *(stranger_risks(walk.old, walk.new, spot) if event else [])]
    detail, name = f"{value!r} is new", value if event else None
    walk.report(rule, at, detail, forward=_any(spot), risks=risks, signature=signature, name=name)


def _union(walk: "Walk", pair: Pair) -> Signature:
    """A union spelled out, so that a variant more or less shows."""
    sides: list[tuple[str, str]] = []
    for document, spot in ((walk.old, pair.old), (walk.new, pair.new)):
        union = document.resolve(spot)
        names = [document.reference(union.child("oneOf", index)) for index in range(len(union.node.get("oneOf", [])))]
        text = " | ".join(name for name in names if name) or annotation(document, spot)[0]
        sides.append((text, text))
    return both(sides[0], sides[1])


def _method(document: Document, value: str, event: Spot) -> tuple[str, str]:
    """An event as its method of the dispatcher."""
    fields = shape(document, event).objects
    payload = fields.members.get("payload") if isinstance(fields, Fields) else None
    inner = shape(document, payload.spot).objects if payload else None
    names = [name for name, one in inner.members.items() if one.required] if isinstance(inner, Fields) else []
    shown = ", ".join([*names[:MOST_ARGUMENTS], *(["..."] if isinstance(inner, Fields) and inner.members else [])])
    return f"dispatcher.{value}({shown})", f"EventOf<{value!r}>".replace("'", '"')


def _any(*spots: Spot) -> Recipe:
    def make(instances: Instances) -> Iterator[Any]:
        for spot in spots:
            yield instances.value(spot.node)

    return make
