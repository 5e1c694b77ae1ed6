"""What a tolerant reader asks of an event whose type it does not know: the envelope that all its own events share."""

import re

from lockstep_codegen.evolution.closure import closure
from lockstep_codegen.evolution.document import Document, Spot
from lockstep_codegen.evolution.rule import Category, Direction, Risk
from lockstep_codegen.evolution.shape import OBJECT, Fields, Tagged, constant, shape

TYPE_NAME = "^[a-z][a-z0-9_]{0,63}$"
"""A type that a reader does not know becomes the `event:` line of a stream: docs/verdicts.md."""
STRANGER: Risk = (Category.WIRE_TOLERANT, Direction.FORWARD)


def shared_mixins(document: Document) -> tuple[Spot, ...]:
    """The mixins that every event of a contract has."""
    homes = [mixins(document, arm) for arm in _arms(document).values()]
    return tuple(home for home in homes[0] if all(home in others for others in homes)) if homes else ()


def mixins(document: Document, arm: Spot) -> tuple[Spot, ...]:
    """What an event is made of beside what it declares itself."""
    fields = shape(document, arm).objects
    return fields.homes[:-1] if isinstance(fields, Fields) else ()


def stranger_risks(old: Document, new: Document, arm: Spot) -> list[Risk]:
    """Whether old readers may refuse a new event: not when it has their envelope and a payload."""
    fields = shape(new, arm).objects
    payload = fields.members.get("payload") if isinstance(fields, Fields) else None
    tag = constant(new, fields, "type") if isinstance(fields, Fields) else None
    named = tag is not None and re.fullmatch(TYPE_NAME, tag) is not None
    if not named or payload is None or not payload.required or shape(new, payload.spot).types != OBJECT:
        return [STRANGER]
    own = {home.pointer: home for home in mixins(new, arm)}
    elsewhere = _compared_elsewhere(old, new)
    same = all(
        home.pointer in own and (home.pointer in elsewhere or closure(old, home) == closure(new, own[home.pointer]))
        for home in shared_mixins(old)
    )
    return [] if same else [STRANGER]


def _compared_elsewhere(old: Document, new: Document) -> set[str]:
    """The mixins of events that both versions have: what differs in them is reported there."""
    known = _arms(old)
    return {home.pointer for tag, arm in _arms(new).items() if tag in known for home in mixins(new, arm)}


def _arms(document: Document) -> dict[str, Spot]:
    root = shape(document, document.root).objects
    return dict(root.arms) if isinstance(root, Tagged) else {}
