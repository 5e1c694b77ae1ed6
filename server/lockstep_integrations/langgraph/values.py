"""The host's Python values as JSON values: whatever is in a graph's state can be published."""

import dataclasses
import math
from collections.abc import Mapping, Sequence, Set
from typing import Any, TypeGuard

from lockstep_events import ErrorDetail
from pydantic import BaseModel

DEPTH = 32
"""Deeper is text: state may contain itself, and an event may not nest deeper than the wire's 64 levels."""


NOTHING: Mapping[str, Any] = {}


def is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def is_collection(value: object) -> TypeGuard[Sequence[Any] | Set[Any]]:
    return isinstance(value, Sequence | Set) and not isinstance(value, bytes | bytearray | str)


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def mapping(value: object) -> Mapping[str, Any]:
    """`value` where it is a mapping; an empty one where the host has something else there."""
    return value if is_mapping(value) else NOTHING


def sequence(value: object) -> Sequence[Any]:
    """`value` where it is a list or tuple, else an empty one."""
    return value if _is_list(value) else ()


def clean(text: str) -> str:
    """`text` as UTF-8 can carry it: half a surrogate pair becomes a question mark."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def plain(value: Any, depth: int = DEPTH) -> Any:
    """`value` as JSON: models and dataclasses by their fields, everything unknown by its `str`."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if depth == 0:
        return clean(str(value))
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name), depth - 1) for name in type(value).model_fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name), depth - 1) for field in dataclasses.fields(value)}
    if is_mapping(value):
        return {clean(str(key)): plain(item, depth - 1) for key, item in value.items()}
    if is_collection(value):
        return [plain(item, depth - 1) for item in value]
    return clean(str(value))


def plain_object(value: Any) -> dict[str, Any] | None:
    """`value` as a JSON object; None when it is none."""
    return plain(value) if isinstance(value, Mapping) else None


def detail(error: BaseException) -> ErrorDetail:
    """`error` for people and programs, without its stack: that may hold what the user said."""
    return ErrorDetail(message=message_of(error), type=type(error).__name__)


def message_of(error: BaseException) -> str:
    """What `error` says, or its class when it says nothing."""
    return clean(str(error)) or type(error).__name__
