"""After which event a viewer goes on: a browser sets the header; whoever cannot, gives the parameter."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request

from lockstep_server.problem import Flaw, Problem

Place = TypeVar("Place")


def last_event_id(request: Request, parse: Callable[[str], Place]) -> Place | None:
    """What `parse` makes of `Last-Event-ID`, or of `?last_event_id=` without it; None when neither says anything.

    Raises:
        Problem: it is no place, by a ValueError of `parse`; names the one of the two that was read.
    """
    name, part, value = "Last-Event-ID", "header", request.headers.get("last-event-id")
    if not value:
        name, part, value = "last_event_id", "query", request.query_params.get("last_event_id")
    if not value:
        return None
    try:
        return parse(value)
    except ValueError as error:
        raise Problem("invalid_cursor", str(error), Flaw(name, str(error), part=part)) from error
