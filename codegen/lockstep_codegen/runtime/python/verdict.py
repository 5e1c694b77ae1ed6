"""The verdict on a document: known, unknown or invalid, the long way round by the schema itself."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from pydantic import ValidationError

from .check import Check
from .event import Event, UnknownEvent
from .fault import Fault
from .nodes import Nodes
from .text import document, is_shallow
from .wire import LIFTED, is_object


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader makes of one document."""

    verdict: Literal["known", "unknown", "invalid"]
    event: Event | None = None
    """The event, unless the document is invalid."""
    ignored: tuple[str, ...] = ()
    """Pointers of the members that this version does not know and that were left out."""
    faults: tuple[Fault, ...] = ()
    type: str | None = None
    """The event type of an invalid document, when it is a known one."""


def judge(
    raw: bytes | str, nodes: Nodes, types: Collection[str], validate: Callable[[str], Event], *, strict: bool
) -> Verdict:
    """The verdict on what the models refused, or on what may be too deep. Raises InvalidEventError for bad text."""
    members = document(raw)
    check = Check(nodes)
    type = members.get("type") if is_object(members) else None
    known = isinstance(type, str) and type in types
    if is_object(members) and isinstance(type, str) and not known and not strict:
        check.unknown(members)
        return _answer(check, None) if check.faults else Verdict("unknown", UnknownEvent(members))
    check.event(members)
    if strict:
        check.faults += [extra.fault for extra in check.extras]
    if check.faults:
        return _answer(check, type if known else None)
    for extra in check.extras:
        del extra.owner[extra.name]
    lifted = LIFTED.set(True)
    try:
        event = validate(json.dumps(members))
    finally:
        LIFTED.reset(lifted)
    return Verdict("known", event, tuple(sorted(extra.fault.pointer for extra in check.extras)))


def is_newer(error: ValidationError, raw: bytes | str) -> bool:
    """Whether all that is wrong are members that a newer version may have added, and the text is JSON for sure.

    A reader may be older than every event it gets: then this spares it the long way.
    """
    if any(each["type"] != "extra_forbidden" for each in error.errors(include_url=False, include_input=False)):
        return False
    text = raw if isinstance(raw, str) else raw.decode()
    # Pydantic's parser takes NaN and Infinity for numbers.
    return is_shallow(text) and "NaN" not in text and "Infinity" not in text


def _answer(check: Check, type: str | None) -> Verdict:
    return Verdict("invalid", faults=tuple(sorted(check.faults)), type=type)
