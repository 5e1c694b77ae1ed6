"""What older clients accept: 0.0.59, which CopilotKit pins, ends the run on anything that it does not know."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias

from lockstep_integrations.ag_ui.thread import KNOWN_TYPES
from lockstep_integrations.ag_ui.values import is_array, is_object

Json: TypeAlias = Any
Frame: TypeAlias = dict[str, Json]
Profile = Literal["1.0", "0.0"]


def profile_of(protocol_version: str | None) -> Profile:
    """The profile for what a client says of itself; one that says nothing is from before 1.0."""
    return "0.0" if protocol_version is None or protocol_version.startswith("0.") else "1.0"


def downgrade(frame: Frame) -> Frame:
    """The frame as version 0.0.59 takes it in; what it has no place for is left out."""
    change = _CHANGES.get(frame["type"])
    if change is not None:
        return change(frame)
    return frame if frame["type"] in KNOWN_TYPES else {"type": "RAW", "event": frame, "source": "ag-ui"}


def _run_started(frame: Frame) -> Frame:
    return _without(frame, "protocolVersion", "input")


def _run_finished(frame: Frame) -> Frame:
    kind = frame.get("outcome", {}).get("type")
    if kind == "success":
        return {**frame, "outcome": {"type": "success"}}
    return _without(frame, "outcome") if kind == "cancelled" else frame


def _call_result(frame: Frame) -> Frame:
    return {**frame, "content": _text(frame["content"])}


def _messages(frame: Frame) -> Frame:
    return {**frame, "messages": [_message(message) for message in frame["messages"]]}


def _message(message: Mapping[str, Json]) -> Mapping[str, Json]:
    if message["role"] == "tool":
        return {**message, "content": _text(message["content"])}
    content: Json = message.get("content")
    if message["role"] == "user" and is_array(content):
        return {**message, "content": [part for part in content if part.get("source", {}).get("type") != "file"]}
    return message


def _text(content: Json) -> str:
    """The text of content in parts."""
    if not is_array(content):
        return str(content)
    return "".join(str(part.get("text", "")) for part in content if is_object(part))


def _without(frame: Frame, *names: str) -> Frame:
    return {name: value for name, value in frame.items() if name not in names}


_CHANGES: dict[str, Callable[[Frame], Frame]] = {
    "RUN_STARTED": _run_started,
    "RUN_FINISHED": _run_finished,
    "TOOL_CALL_RESULT": _call_result,
    "MESSAGES_SNAPSHOT": _messages,
}
