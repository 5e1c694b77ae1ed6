"""The generated table of AG-UI events at work: pure, without a clock and without judging what the contract judges."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .ag_ui_shapes import AgUiShapes, Extras, Json, below, inverted, is_object, restore, steps_of

PROTOCOL = "ag-ui"
"""What `source.protocol` says of an event that was an AG-UI frame."""
UNKNOWN_TYPE = "/type"
"""The key of `source.unknown` that marks a frame kept whole in a raw event."""
CUSTOM = "CUSTOM"
COMMON = {"timestamp": ("source", "timestamp"), "rawEvent": ("", "raw_event"), "metadata": ("", "metadata")}
"""Members that every frame may have: what keeps each (the event itself, or its `source`), and its name there."""


@dataclass(frozen=True, slots=True)
class AgUiContext:
    """What a frame does not say itself: the session it belongs to, the run it came in, and the agent that runs."""

    session_id: str
    run_id: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class AgUiFault:
    """What is wrong at one place of a frame. `pointer` is a JSON Pointer in AG-UI's names; `code` is the contract's."""

    pointer: str
    code: str
    message: str


class EventFault(Protocol):
    """A fault as a contract tells it."""

    @property
    def pointer(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...


class AgUiTable:
    """Which frame is which event, member by member."""

    def __init__(self, table: Mapping[str, Json]) -> None:
        self._raw: str = table["raw"]
        self._shapes = AgUiShapes(table["shapes"])
        self._rules: Mapping[str, Mapping[str, Json]] = table["events"]
        self._types = {rule["event"]: type for type, rule in self._rules.items() if not rule["custom"]}
        self._customs = {rule["const"]["name"]: type for type, rule in self._rules.items() if rule["custom"]}
        self._members = {
            type: {camel: ("", snake, None) for snake, camel in rule["envelope"].items()}
            | {camel: ("payload", snake, shape) for camel, (snake, shape) in inverted(rule["payload"]).items()}
            for type, rule in self._rules.items()
        }

    def frame(self, event: Mapping[str, Json]) -> dict[str, Json]:
        """The frame of an event. An event that was a frame gives the same JSON value again."""
        source: Mapping[str, Json] = event.get("source", {})
        unknown: Mapping[str, Json] = source.get("unknown", {})
        type: str = event["type"]
        payload: Mapping[str, Json] = event["payload"]
        if UNKNOWN_TYPE in unknown and type == self._raw and is_object(payload["event"]):
            return payload["event"]
        rule = self._rules.get(type) or _carried(type)
        frame: dict[str, Json] = {"type": rule["event"], **rule["const"]}
        if rule["custom"]:
            frame["value"] = payload
        for snake, camel in rule["envelope"].items():
            if snake in event:
                frame[camel] = event[snake]
        fields: Mapping[str, Sequence[Any]] = rule["payload"]
        for name, value in payload.items():
            if name in fields:
                camel, shape = fields[name]
                frame[camel] = value if shape is None else self._shapes.outward(value, shape)
        for snake, origin in rule["derive"].items():
            frame.setdefault(fields[snake][0], event[origin])
        _add_common(frame, event, source)
        for pointer, value in unknown.items():
            restore(frame, pointer, value)
        return frame

    def is_ours(self, frame: Mapping[str, Json]) -> bool:
        """Whether a custom event has the name of one of our own."""
        name: Json = frame.get("name")
        return frame.get("type") == CUSTOM and isinstance(name, str) and name in self._customs

    def event(
        self, frame: Mapping[str, Json], context: AgUiContext, *, ours: bool = True
    ) -> tuple[dict[str, Json], list[AgUiFault]]:
        """The unstamped event of a frame, and the faults that only the table can see; unknown members are among them.

        Without `ours` a custom event stays one, whatever its name.
        """
        event_type: Json = frame.get("type")
        if ours and self.is_ours(frame):
            type: str | None = self._customs[frame["name"]]
        else:
            type = self._types.get(event_type) if isinstance(event_type, str) else None
        if type is None:
            return self.kept(frame, context), [_type_fault(frame)]
        rule = self._rules[type]
        source: dict[str, Json] = {"protocol": PROTOCOL}
        payload: dict[str, Json] = {}
        event = _attributed({"session_id": context.session_id, "type": type}, context, rule["attributes"])
        event |= {"payload": payload, "source": source}
        holders = {"": event, "payload": payload, "source": source}
        members, extras = self._members[type], Extras()
        for name, value in frame.items():
            if name in members:
                holder, snake, shape = members[name]
                holders[holder][snake] = (
                    value if shape is None else self._shapes.inward(value, shape, f"/{name}", extras)
                )
            elif name in COMMON:
                holder, snake = COMMON[name]
                holders[holder][snake] = value
            elif rule["custom"] and name == "value":
                event["payload"] = value
            elif name != "type" and name not in rule["const"]:
                extras.add(below("", name), value)
        faults = [*_const_faults(frame, rule["const"]), *self._derive(frame, event, rule)]
        if extras.kept:
            source["unknown"] = extras.kept
        for pointer in extras.refused:
            faults.append(AgUiFault(pointer, "extra", f"{quoted(steps_of(pointer)[-1])} is not a member here"))
        return event, faults

    def kept(self, frame: Json, context: AgUiContext) -> dict[str, Json]:
        """A raw event that keeps a frame whole: its type, or its shape, is of no event of this version."""
        unknown = {UNKNOWN_TYPE: frame.get("type") if is_object(frame) else None}
        event = _attributed({"session_id": context.session_id, "type": self._raw}, context, ("run_id", "agent"))
        return event | {"payload": {"event": frame}, "source": {"protocol": PROTOCOL, "unknown": unknown}}

    def fault(self, event: Mapping[str, Json], fault: EventFault) -> AgUiFault:
        """A fault of an event, told as one of its frame."""
        steps = steps_of(fault.pointer)
        rule = self._rules[event["type"]]
        if steps[:1] == ["source"]:
            names = steps[1:]
        elif steps[:1] == ["payload"] and rule["custom"]:
            names = ["value", *steps[1:]]
        elif steps[:1] == ["payload"] and len(steps) > 1:
            camel, shape = rule["payload"].get(steps[1], (steps[1], None))
            names = [camel, *self._shapes.in_ag_ui(steps[2:], event["payload"].get(steps[1]), shape)]
        else:
            outer = {**rule["envelope"], "raw_event": "rawEvent"}
            names = [outer.get(step, step) for step in steps[:1]] + steps[1:]
        message = fault.message.replace(f'"{steps[-1]}"', f'"{names[-1]}"', 1) if names else fault.message
        pointer = ""
        for name in names:
            pointer = below(pointer, name)
        return AgUiFault(pointer, fault.code, message)

    def _derive(self, frame: Mapping[str, Json], event: dict[str, Json], rule: Mapping[str, Json]) -> list[AgUiFault]:
        """Leave out what the envelope says already; AG-UI requires it all the same."""
        faults: list[AgUiFault] = []
        for snake, origin in rule["derive"].items():
            camel = rule["payload"][snake][0]
            if camel not in frame:
                faults.append(AgUiFault(f"/{camel}", "missing", f'"{camel}" is missing; expected a string'))
            elif frame[camel] == event[origin]:
                del event["payload"][snake]
        return faults


def _attributed(event: dict[str, Json], context: AgUiContext, attributes: Sequence[str]) -> dict[str, Json]:
    for name in attributes:
        value = getattr(context, name)
        if value is not None:
            event[name] = value
    return event


def _carried(type: str) -> dict[str, Json]:
    """How an event travels that the table does not know: like every event of ours that AG-UI has no type for."""
    const = {"name": f"lockstep/{type}"}
    envelope = {"subagent_run_id": "subagentRunId"}
    return {"event": CUSTOM, "custom": True, "const": const, "envelope": envelope, "payload": {}, "derive": {}}


def _add_common(frame: dict[str, Json], event: Mapping[str, Json], source: Mapping[str, Json]) -> None:
    if source.get("protocol") != PROTOCOL:
        if "timestamp" in event:
            frame["timestamp"] = milliseconds(event["timestamp"])
    elif "timestamp" in source:
        frame["timestamp"] = source["timestamp"]
    if "raw_event" in event:
        frame["rawEvent"] = event["raw_event"]
    if "metadata" in event:
        frame["metadata"] = event["metadata"]


def milliseconds(timestamp: str) -> int:
    """Since 1970; a day past the month's end runs on into the next, as in JavaScript."""
    year, month, day = int(timestamp[:4]), int(timestamp[5:7]), int(timestamp[8:10])
    # A year that begins in March has its leap day at the end, and its months in a straight line.
    before_march = (14 - month) // 12
    shifted = year + 4800 - before_march
    leap_days = shifted // 4 - shifted // 100 + shifted // 400
    days = day + (153 * (month + 12 * before_march - 3) + 2) // 5 + 365 * shifted + leap_days - 32045 - 2440588
    seconds = int(timestamp[11:13]) * 3600 + int(timestamp[14:16]) * 60 + int(timestamp[17:19])
    return (days * 86400 + seconds) * 1000 + int(timestamp[20:23])


def _type_fault(frame: Mapping[str, Json]) -> AgUiFault:
    if "type" not in frame:
        return AgUiFault("/type", "missing", '"type" is missing; expected an event type of AG-UI')
    return AgUiFault("/type", "tag", f"{quoted(frame['type'])} is not an event type of AG-UI")


def _const_faults(frame: Mapping[str, Json], const: Mapping[str, Json]) -> list[AgUiFault]:
    faults: list[AgUiFault] = []
    for name, value in const.items():
        if name not in frame:
            faults.append(AgUiFault(f"/{name}", "missing", f'"{name}" is missing; expected {quoted(value)}'))
        elif frame[name] != value:
            faults.append(AgUiFault(f"/{name}", "type", f"{quoted(frame[name])} is not {quoted(value)}"))
    return faults


def quoted(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= 40 else text[:40] + "…"
