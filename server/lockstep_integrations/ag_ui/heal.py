"""Frames that nearly are AG-UI 1.0: retired events, nulls, snake_case, timestamps of other kinds."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from lockstep_integrations.ag_ui.values import is_array, is_object

Json: TypeAlias = Any
Frame: TypeAlias = dict[str, Json]
RETIRED = {
    "THINKING_START": "REASONING_START",
    "THINKING_END": "REASONING_END",
    "THINKING_TEXT_MESSAGE_START": "REASONING_MESSAGE_START",
    "THINKING_TEXT_MESSAGE_CONTENT": "REASONING_MESSAGE_CONTENT",
    "THINKING_TEXT_MESSAGE_END": "REASONING_MESSAGE_END",
}
"""The names before 1.0. They had no ids: there was one thought at a time."""
ROUNDS = 4
"""One repair can uncover the next; what four have not mended is kept as it is."""


class Fault(Protocol):
    @property
    def pointer(self) -> str: ...
    @property
    def code(self) -> str: ...


class Thoughts:
    """The ids that retired reasoning events never had."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def modern(self, frame: Frame) -> Frame:
        """A retired event as its successor; any other frame as it is."""
        type = RETIRED.get(frame["type"]) if isinstance(frame.get("type"), str) else None
        if type is None:
            return frame
        self._count += frame["type"] == "THINKING_START" or self._count == 0
        changed = {key: value for key, value in frame.items() if key != "title"} | {"type": type}
        changed["messageId"] = f"{self._prefix}-thought-{self._count}"
        return changed | {"role": "reasoning"} if type == "REASONING_MESSAGE_START" else changed


def healed(frame: Frame, faults: Iterable[Fault], judge: Callable[[Frame], Iterable[Fault]]) -> Frame | None:
    """The frame without what AG-UI 1.0 refuses and everybody sends; None when that does not make an event of it."""
    unknown = {fault.pointer[1:] for fault in faults if fault.code == "extra"}
    frame = _camel_case(frame, {name for name in unknown if "_" in name})
    for _ in range(ROUNDS):
        faults = [fault for fault in judge(frame) if fault.code != "extra"]
        if not faults:
            return frame
        for fault in sorted(faults, key=lambda each: each.pointer, reverse=True):
            frame = _mended(frame, fault)
    return None


def _camel_case(frame: Frame, extras: set[str]) -> Frame:
    """Members that a producer forgot to alias."""
    changed: Frame = {}
    for name, value in frame.items():
        head, *tail = name.split("_")
        camel = head + "".join(part.capitalize() for part in tail)
        changed[camel if name in extras and camel not in frame else name] = value
    return changed


def _mended(frame: Frame, fault: Fault) -> Frame:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in fault.pointer.split("/")[1:]]
    if fault.pointer == "/timestamp":
        return _with_timestamp(frame)
    if fault.pointer == "/role" and frame.get("type") == "REASONING_MESSAGE_START":
        return {**frame, "role": "reasoning"}
    if not steps:
        return frame
    # What may be left out is: a null, or a member of a union that only a later version knows.
    mended: Frame = _without(frame, steps, unknown=fault.code == "tag" and len(steps) > 1)
    return mended


def _with_timestamp(frame: Frame) -> Frame:
    """Milliseconds since 1970, from a float or from ISO 8601; without one when it is neither."""
    value: Json = frame.get("timestamp")
    rest = {name: each for name, each in frame.items() if name != "timestamp"}
    try:
        if isinstance(value, str):
            return {**rest, "timestamp": round(datetime.fromisoformat(value).timestamp() * 1000)}
        return {**rest, "timestamp": round(value)}
    except (TypeError, ValueError, OverflowError):
        return rest


def _without(value: Json, steps: list[str], *, unknown: bool) -> Json:
    step, rest = steps[0], steps[1:]
    if is_object(value) and step in value:
        if not rest and value[step] is None:
            return {name: each for name, each in value.items() if name != step}
        return {**value, step: _without(value[step], rest, unknown=unknown)} if rest else value
    if is_array(value) and step.isdigit() and int(step) < len(value):
        index = int(step)
        if len(rest) == 1 and unknown:
            return [*value[:index], *value[index + 1 :]]
        return [*value[:index], _without(value[index], rest, unknown=unknown), *value[index + 1 :]] if rest else value
    return value
