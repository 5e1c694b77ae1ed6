"""The host's Python values as JSON values: whatever is in a graph's state can be published."""

import dataclasses
import math
from collections.abc import Mapping, Sequence, Set
from typing import Any, TypeGuard

from lockstep_events import ErrorDetail
from lockstep_events.runtime.telling import clean
from pydantic import BaseModel

DEPTH = 32
"""Deeper is text: state may contain itself, and an event may not nest deeper than the wire's 64 levels."""

AS_IT_IS = frozenset({type(None), bool, int})
COLLECTIONS, TEXTS = (Sequence, Set), (str, bytes, bytearray)

NOTHING: Mapping[str, Any] = {}


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, (dict, Mapping))  # a dict, asked first, spares the slow question


def is_collection(value: object) -> TypeGuard[Sequence[Any] | Set[Any]]:
    return isinstance(value, COLLECTIONS) and not isinstance(value, TEXTS)


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (list, tuple))


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is a mapping; an empty one where the host has something else there."""
    return value if is_mapping(value) else NOTHING


def sequence(value: object) -> Sequence[Any]:
    """`value` where it is a list or tuple, else an empty one."""
    return value if _is_list(value) else ()


def plain(value: Any, depth: int = DEPTH) -> Any:
    """`value` as JSON: models and dataclasses by their fields, everything unknown by its `str`."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int):
        return int(value)
    return _plain_whole(value, depth - 1) if depth else text(value)


def _plain_whole(value: Any, depth: int) -> Any:
    if is_mapping(value):
        return {text(key): plain(item, depth) for key, item in value.items()}
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name), depth) for name in type(value).model_fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), depth) for field in dataclasses.fields(value)}
    if is_collection(value):
        return [plain(item, depth) for item in value]
    return text(value)


def text(value: object) -> str:
    """What `value` says of itself, or its class where that fails."""
    try:
        return clean(str(value))
    except Exception:  # the host's code, of which an end must be told all the same
        return f"<{type(value).__name__}>"


def detail(error: BaseException) -> ErrorDetail:
    """`error` for people and programs, without its stack: that may hold what the user said."""
    return ErrorDetail(message=message_of(error), type=type(error).__name__)


def message_of(error: BaseException) -> str:
    """What `error` says, or its class when it says nothing."""
    return text(error) or type(error).__name__
