"""Compares the members of objects, the values of maps and the variants of unions."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from lockstep_codegen.evolution.change import Pair, Recipe, Step
from lockstep_codegen.evolution.closure import closure
from lockstep_codegen.evolution.document import Document, Spot, subject
from lockstep_codegen.evolution.rule import Category, Direction
from lockstep_codegen.evolution.rules import RULES
from lockstep_codegen.evolution.shape import ANYTHING, Fields, Map, Member, Objects, Tagged, constant
from lockstep_codegen.evolution.signature import ABSENT, GONE, annotation, both, member
from lockstep_codegen.evolution.variants import compare_variants
from lockstep_codegen.instances import Instances

if TYPE_CHECKING:
    from lockstep_codegen.evolution.walk import Walk

ALIKE = 0.6  # of two names, by difflib: above it a removal and an addition of one type are taken for a renaming


def compare_objects(walk: "Walk", pair: Pair, old: Objects, new: Objects) -> None:
    """Report what differs between two objects, and go on below what they share."""
    if isinstance(old, Map) and isinstance(new, Map):
        walk.below(pair, old.values, new.values, Step("value"))
        return
    old, new = _as_variants(walk.old, pair.old, old, new), _as_variants(walk.new, pair.new, new, old)
    if isinstance(old, Fields) and isinstance(new, Fields):
        _fields(walk, pair, old, new)
    elif isinstance(old, Tagged) and isinstance(new, Tagged):
        compare_variants(walk, pair, old, new)
    else:
        signature = both(annotation(walk.old, pair.old), annotation(walk.new, pair.new))
        opened, closed = isinstance(new, Map), isinstance(old, Map)
        rule = "OBJECT_BECAME_OPEN" if opened else "OBJECT_BECAME_CLOSED" if closed else "FIELD_TYPE_CHANGED"
        risks = RULES[rule].risks
        if (old if isinstance(old, Map) else new) == Map(ANYTHING):  # that side takes everything
            risks = frozenset(
                risk for risk in risks if risk[1] is (Direction.FORWARD if opened else Direction.BACKWARD)
            )
        detail = f"{signature.python[0]} became {signature.python[1]}"
        walk.report(rule, pair, detail, risks=risks, signature=signature)


def _as_variants(document: Document, spot: Spot, own: Objects, other: Objects) -> Objects:
    """A single object beside a union is a union of one, when it has the union's tag."""
    if isinstance(own, Fields) and isinstance(other, Tagged):
        value = constant(document, own, other.tag)
        if value is not None:
            return Tagged(other.tag, {value: spot})
    return own


def _fields(walk: "Walk", pair: Pair, old: Fields, new: Fields) -> None:
    lost = {name: one for name, one in old.members.items() if name not in new.members}
    fresh = {name: one for name, one in new.members.items() if name not in old.members}
    for before, after in _renamed(walk, lost, fresh):
        _report_renamed(walk, pair, (before, lost.pop(before)), (after, fresh.pop(after)))
    for name, one in lost.items():
        _report_removed(walk, pair, name, one, _home(walk.new, one.spot, new))
    for name, one in fresh.items():
        _report_added(walk, pair, name, one, _home(walk.old, one.spot, old), mixed=_mixed(new, one))
    for name, one in old.members.items():
        if name in new.members:
            _shared(walk, pair, name, one, new.members[name])


def _shared(walk: "Walk", pair: Pair, name: str, old: Member, new: Member) -> None:
    if old.required != new.required:
        at = Pair(pair.old, pair.new, pair.route, old.spot.pointer, new.spot.pointer)
        rule = "FIELD_BECAME_REQUIRED" if new.required else "FIELD_BECAME_OPTIONAL"
        signature = both(
            member(walk.old, name, old.spot, required=old.required),
            member(walk.new, name, new.spot, required=new.required),
        )
        detail = "required now" if new.required else "no longer required"
        without = _without(pair.old if new.required else pair.new, name)
        recipes = (without, None) if new.required else (None, without)
        walk.report(rule, at, detail, backward=recipes[0], forward=recipes[1], signature=signature)
    walk.below(pair, old.spot, new.spot, Step("member", name))


def _renamed(walk: "Walk", lost: Mapping[str, Member], fresh: Mapping[str, Member]) -> list[tuple[str, str]]:
    """Pairs of a removed and an added member that are one: same type, same requirement, similar or only names."""
    found: list[tuple[str, str]] = []
    left = dict(fresh)
    for name, one in lost.items():
        text = closure(walk.old, one.spot)
        same = [
            other
            for other, new in left.items()
            if new.required == one.required
            and closure(walk.new, new.spot) == text
            and (SequenceMatcher(None, name, other).ratio() >= ALIKE or (len(lost) == len(fresh) == 1 and one.required))
        ]
        if same:
            best = max(same, key=lambda other: SequenceMatcher(None, name, other).ratio())
            found.append((name, best))
            del left[best]
    return found


def _report_renamed(walk: "Walk", pair: Pair, old: tuple[str, Member], new: tuple[str, Member]) -> None:
    at = Pair(pair.old, pair.new, pair.route, old[1].spot.pointer, new[1].spot.pointer)
    risks = set(RULES["FIELD_RENAMED"].risks)
    if old[1].required:  # a tolerant reader drops the new name, and misses the old one only where it must be there
        risks |= {(Category.WIRE_TOLERANT, direction) for direction in Direction}
    signature = both(
        member(walk.old, old[0], old[1].spot, required=old[1].required),
        member(walk.new, new[0], new[1].spot, required=new[1].required),
    )
    walk.report(
        "FIELD_RENAMED",
        at,
        f"{old[0]!r} became {new[0]!r}",
        backward=_with(pair.old, old),
        forward=_with(pair.new, new),
        risks=risks,
        signature=signature,
        name=subject(old[1].spot.pointer),
    )


def _report_removed(walk: "Walk", pair: Pair, name: str, old: Member, home: Spot) -> None:
    at = Pair(pair.old, pair.new, pair.route, old.spot.pointer, home.pointer)
    rule = "FIELD_REMOVED_REQUIRED" if old.required else "FIELD_REMOVED_OPTIONAL"
    risks = RULES[rule].risks
    if len(pair.route) == 1 and not old.spot.pointer.startswith(walk.old.resolve(pair.old).pointer + "/"):
        rule = "ENVELOPE_FIELD_REMOVED"
    walk.report(
        rule,
        at,
        f"{name!r} is gone",
        backward=_with(pair.old, (name, old)),
        forward=_without(pair.new, name),
        risks=risks,
        signature=both(member(walk.old, name, old.spot, required=old.required), (GONE, GONE)),
        name=subject(old.spot.pointer),
    )


def _report_added(walk: "Walk", pair: Pair, name: str, new: Member, home: Spot, *, mixed: bool) -> None:
    at = Pair(pair.old, pair.new, pair.route, home.pointer, new.spot.pointer)
    rule = "FIELD_ADDED_REQUIRED" if new.required else "FIELD_ADDED_OPTIONAL"
    if new.required and mixed:
        rule = "ENVELOPE_FIELD_ADDED_REQUIRED"
    signature = both((ABSENT, ABSENT), member(walk.new, name, new.spot, required=new.required))
    backward, forward = _without(pair.old, name), _with(pair.new, (name, new))
    walk.report(rule, at, f"{name!r} is new", backward=backward, forward=forward, signature=signature)


def _mixed(fields: Fields, one: Member) -> bool:
    """Whether a member comes from a mixin."""
    return not one.spot.pointer.startswith(fields.homes[-1].pointer + "/")


def _home(document: Document, spot: Spot, fields: Fields) -> Spot:
    """Where the other version would have the member: the object of the same name, or else the object itself."""
    owner = spot.pointer.rpartition("/properties/")[0]
    return next((home for home in fields.homes if home.pointer == owner), document.resolve(fields.homes[-1]))


def _with(spot: Spot, named: tuple[str, Member]) -> Recipe:
    """A smallest object that has the member."""

    def make(instances: Instances) -> Iterator[Any]:
        yield {**instances.value(spot.node), named[0]: instances.value(named[1].spot.node)}

    return make


def _without(spot: Spot, name: str) -> Recipe:
    """A smallest object that lacks the member."""

    def make(instances: Instances) -> Iterator[Any]:
        yield {key: value for key, value in instances.value(spot.node).items() if key != name}

    return make
