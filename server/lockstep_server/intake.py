"""The body of a `POST`, from bytes to events of the contract: everything is checked before anything is published."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from fastapi import Request
from lockstep_events.runtime import Contract, Event, InvalidEventError

from lockstep_server.problem import Flaw, Problem

_BATCH_TYPES: Final = {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"}
_SINGLE_TYPES: Final = {"application/json"}


@dataclass(frozen=True, slots=True)
class Body:
    """What was sent."""

    text: str
    batch: bool
    """True for one event a line (NDJSON)."""


async def receive_body(request: Request, limit: int) -> Body:
    """Read the body, and no more of it than `limit` bytes.

    Raises:
        Problem: too large, compressed, of a media type that is not JSON, or not UTF-8.
    """
    kind = _media_type(request)
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Problem("invalid_encoding", f"byte {error.start} of the body is not UTF-8: {error.reason}") from error
    return Body(text, kind in _BATCH_TYPES or (kind not in _SINGLE_TYPES and _looks_like_lines(text)))


def read_events(
    body: Body, envelope: Mapping[str, str], contract: Contract, *, allow_unknown_types: bool
) -> list[Event]:
    """The events of a body, each complete and strictly valid.

    What is missing of `envelope`, such as the `session_id` of the path, is filled in from there; a missing `event_id`
    and `timestamp` are stamped.

    Raises:
        Problem: names the line and the place of what is wrong; several when they are of one kind.
    """
    if not body.batch:
        return [_read_event(body.text, None, envelope, contract, allow_unknown_types)]
    lines = [(number, line) for number, line in enumerate(body.text.split("\n"), 1) if line.strip()]
    if not lines:
        raise Problem("invalid_json", "the body holds no event: send one JSON object a line")
    return [_read_event(line, number, envelope, contract, allow_unknown_types) for number, line in lines]


def _read_event(
    text: str, line: int | None, envelope: Mapping[str, str], contract: Contract, allow_unknown: bool
) -> Event:
    where = f"line {line}: " if line else ""
    document, session_id = _read_json(text, line), envelope["session_id"]
    declared, kind = document.get("session_id"), document.get("type")
    if isinstance(declared, str) and declared != session_id:
        message = f"{_short(declared)} is not the session of the path, {session_id!r}"
        raise Problem("session_mismatch", f"{where}/session_id: {message}", Flaw("/session_id", message, line))
    if isinstance(kind, str) and kind in contract.unlogged:
        message = f"{kind!r} is made by the server and cannot be published"
        raise Problem("server_event", f"{where}/type: {message}", Flaw("/type", message, line))
    tolerant = allow_unknown and isinstance(kind, str) and kind not in contract.event_types
    try:
        return contract.parse(_completed(text, document, envelope, contract), strict=not tolerant)
    except InvalidEventError as error:
        flaws = [Flaw(fault.pointer, fault.message, line) for fault in error.faults]
        raise Problem("invalid_event", f"{where}{error}", *flaws) from error


def _completed(text: str, document: dict[str, Any], envelope: Mapping[str, str], contract: Contract) -> str:
    """The document with the members that it leaves to the server.

    They are put in front of the client's own text: writing the document anew would change what JSON cannot carry, such
    as a lone surrogate, before the contract has seen it.
    """
    stamped = contract.stamp({**envelope, **document})
    missing = {name: value for name, value in stamped.items() if name not in document}
    if not missing:
        return text
    return json.dumps(missing)[:-1] + (", " if document else "") + text.lstrip()[1:]


def _read_json(text: str, line: int | None) -> dict[str, Any]:
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"{line or error.lineno}:{error.colno}"
        raise Problem("invalid_json", f"{place}: {error.msg}", Flaw("", f"{place}: {error.msg}", line)) from error
    except RecursionError as error:
        raise Problem("invalid_json", "nested deeper than 64 levels", Flaw("", "nested too deeply", line)) from error
    except ValueError as error:  # NaN, Infinity, or an integer of thousands of digits
        raise Problem("invalid_json", str(error), Flaw("", str(error), line)) from error
    if not isinstance(document, dict):
        message = f"{_short(document)} is not an event: expected a JSON object"
        raise Problem("invalid_event", message, Flaw("", message, line))
    return cast(dict[str, Any], document)


def _media_type(request: Request) -> str:
    """The body's media type.

    A page of another site may send forms and plain text without asking. A request that comes from a page (it has an
    `Origin`) must therefore be JSON, for which browsers ask first; other clients may leave the type out.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem("unsupported_media_type", "the body must not be compressed")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if "origin" in request.headers and kind not in _BATCH_TYPES | _SINGLE_TYPES:
        raise Problem("unsupported_media_type", f"{kind!r}: send application/json or application/x-ndjson")
    return kind


def _looks_like_lines(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    if not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _too_large(limit: int) -> Problem:
    return Problem(
        "body_too_large", f"the body is larger than {limit} bytes: send less, or raise LOCKSTEP_MAX_BODY_BYTES"
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
