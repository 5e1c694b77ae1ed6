"""From the keywords of a dispatcher's method to an event."""

from typing import Any, TypeVar

from .model import EventModel
from .stamp import Stamp

EventT = TypeVar("EventT", bound=EventModel)


def make_event(
    kind: type[EventT],
    stamp: Stamp,
    envelope: dict[str, Any],
    options: dict[str, Any],
    payload: dict[str, Any],
    details: dict[str, Any],
) -> EventT:
    """A stamped event of wire names and values, checked once, as a whole.

    What is None in `options` and `details` is left out; in `envelope` and `payload` it is JSON's null. Raises
    pydantic.ValidationError.
    """
    for name, value in options.items():
        if value is not None:
            envelope[name] = value
    for name, value in details.items():
        if value is not None:
            payload[name] = value
    envelope["payload"] = payload
    if "event_id" not in envelope:
        envelope["event_id"] = stamp.event_id()
    if "timestamp" not in envelope:
        envelope["timestamp"] = stamp.timestamp()
    made: EventT = kind.__pydantic_validator__.validate_python(envelope)
    return made
