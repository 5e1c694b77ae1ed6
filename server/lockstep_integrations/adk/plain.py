"""What tools take and return, as JSON that the contract allows."""

import json
from math import isfinite
from typing import Any

from lockstep_events.runtime.telling import clean
from pydantic_core import to_jsonable_python

from lockstep_integrations.ag_ui.values import is_array, is_object

DEPTH = 32
"""What nests deeper is text: an event may not nest deeper than the wire's 64 levels."""


def plain(value: Any) -> Any:
    """`value` as JSON: models as objects, what JSON does not know as its `str`, NaN and infinities as text."""
    try:
        return _clean(to_jsonable_python(value, fallback=str, bytes_mode="base64"), DEPTH)
    except ValueError:  # it contains itself
        return clean(str(value))


def plain_object(value: Any) -> dict[str, Any]:
    """`value` as a JSON object; anything but a mapping becomes its member `value`."""
    made = plain(value)
    return made if is_object(made) else {"value": made}


def text_of(value: Any) -> str:
    """`value` as the model reads it: text as it is, nothing as no text, everything else as JSON."""
    if value is None:
        return ""
    made = plain(value)
    return made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if depth == 0 and (is_object(value) or is_array(value)):
        return clean(str(value))
    if is_object(value):
        return {clean(name): _clean(each, depth - 1) for name, each in value.items()}
    if is_array(value):
        return [_clean(each, depth - 1) for each in value]
    return value
