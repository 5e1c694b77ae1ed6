"""The messages and the state of a thread, as the official AG-UI client makes them from the same frames."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from lockstep_integrations.ag_ui.owners import TAG, book_of
from lockstep_integrations.ag_ui.patch import PatchError, apply_patch
from lockstep_integrations.ag_ui.values import is_array, is_object

Json: TypeAlias = Any
Message: TypeAlias = dict[str, Json]
Frame: TypeAlias = Mapping[str, Json]
UNKNOWN = object()
"""The state of a thread in which nobody has said one."""


class Messages:
    """Folds frames into messages and state. A delta costs the same however long the thread is."""

    def __init__(self, messages: Sequence[Message] = (), state: Json = UNKNOWN) -> None:
        self.state = state
        self._list: list[Message] = []
        self._by_id: dict[str, Message] = {}
        self._calls: dict[str, tuple[Message, dict[str, Json]]] = {}
        self._owned: dict[tuple[str, str], list[Message]] = {}
        self._pieces: dict[tuple[str, str], list[str]] = {}
        self._set(messages)
        self._fold: dict[str, Callable[[Frame], None]] = {
            "RUN_STARTED": self._run_started,
            "TEXT_MESSAGE_START": lambda frame: self._started(frame, frame.get("role", "assistant")),
            "TEXT_MESSAGE_CONTENT": self._content,
            "TEXT_MESSAGE_END": self._ended,
            "REASONING_MESSAGE_START": lambda frame: self._started(frame, "reasoning"),
            "REASONING_MESSAGE_CONTENT": self._content,
            "REASONING_MESSAGE_END": self._ended,
            "REASONING_ENCRYPTED_VALUE": self._encrypted,
            "TOOL_CALL_START": self._call_started,
            "TOOL_CALL_ARGS": self._call_args,
            "TOOL_CALL_END": lambda frame: _merge(self._calls.get(frame["toolCallId"], (None, None))[1], frame),
            "TOOL_CALL_RESULT": self._call_result,
            "STATE_SNAPSHOT": self._state,
            "STATE_DELTA": self._state_delta,
            "MESSAGES_SNAPSHOT": lambda frame: self._set(self._reconciled(frame)),
            "ACTIVITY_SNAPSHOT": self._activity,
            "ACTIVITY_DELTA": self._activity_delta,
        }

    def fold(self, frame: Frame) -> None:
        """Take one frame in. Frames that concern neither messages nor state change nothing."""
        fold = self._fold.get(frame["type"])
        if fold is not None:
            fold(frame)

    def all(self) -> list[Message]:
        """The messages, in order; they stay this object's own."""
        for (id, member), pieces in self._pieces.items():
            if member == "content" and id in self._by_id:
                self._by_id[id]["content"] = "".join(pieces)
            elif member == "arguments" and id in self._calls:
                self._calls[id][1]["function"]["arguments"] = "".join(pieces)
        self._pieces.clear()
        return self._list

    def copy(self) -> list[Message]:
        """The messages as they are now."""
        return copy.deepcopy(self.all())

    def owners(self, book: str, id: str) -> set[str | None]:
        """Who owns the message, or the tool call, with this id; nobody when it is not there.

        A producer may have given one id to two things, which then can have two owners.
        """
        owned = self._owned.get((book, id), ())
        return {message.get(TAG) for message in owned if book == "call" or book_of(message) == book}

    def _set(self, messages: Sequence[Message]) -> None:
        self._pieces.clear()
        self._list, self._by_id, self._calls, self._owned = [], {}, {}, {}
        for message in messages:
            self._add(dict(message))

    def _add(self, message: Message, at: int | None = None) -> Message:
        self._list.insert(len(self._list) if at is None else at, message)
        self._by_id.setdefault(message["id"], message)
        self._own(book_of(message), message["id"], message)
        if message["role"] == "assistant" and "toolCalls" in message:
            calls: list[Message] = [{**call, "function": dict(call["function"])} for call in message["toolCalls"]]
            message["toolCalls"] = calls
            for call in calls:
                self._calls.setdefault(call["id"], (message, call))
                self._own("call", call["id"], message)
        return message

    def _own(self, book: str, id: str, message: Message) -> None:
        self._owned.setdefault((book, id), []).append(message)

    def _run_started(self, frame: Frame) -> None:
        given: Mapping[str, Json] = frame.get("input", {})
        for message in given.get("messages", ()):
            if message["id"] not in self._by_id:
                self._add(dict(message))
        if "state" in given:
            self.state = given["state"]

    def _started(self, frame: Frame, role: str) -> None:
        message = self._by_id.get(frame["messageId"])
        if message is not None and message["role"] == "activity":
            return
        if message is None:
            message = self._add({"id": frame["messageId"], "role": role, "content": ""})
            message |= {name: frame[name] for name in ("name", "subagentRunId") if name in frame}
        _merge(message, frame)

    def _content(self, frame: Frame) -> None:
        message = self._by_id.get(frame["messageId"])
        if message is None or message["role"] == "activity":
            return
        content = message.get("content")
        pieces = self._pieces.setdefault((frame["messageId"], "content"), [content if isinstance(content, str) else ""])
        pieces.append(frame["delta"])
        _merge(message, frame)

    def _ended(self, frame: Frame) -> None:
        message = self._by_id.get(frame["messageId"])
        if message is not None and message["role"] != "activity":
            _merge(message, frame)

    def _encrypted(self, frame: Frame) -> None:
        call = self._calls.get(frame["entityId"])
        if frame["subtype"] == "tool-call":
            if call is not None:
                call[1]["encryptedValue"] = frame["encryptedValue"]
            return
        message = self._by_id.get(frame["entityId"])
        if message is not None and message["role"] != "activity":
            message["encryptedValue"] = frame["encryptedValue"]

    def _call_started(self, frame: Frame) -> None:
        id: str = frame["toolCallId"]
        if id in self._calls:
            call = self._calls[id][1]
            call["function"]["name"] = frame["toolCallName"]
        else:
            message = self._carrier(id, frame)
            call = {"id": id, "type": "function", "function": {"name": frame["toolCallName"], "arguments": ""}}
            message.setdefault("toolCalls", []).append(call)
            self._calls[id] = (message, call)
            self._own("call", id, message)
        _merge(call, frame)

    def _carrier(self, id: str, frame: Frame) -> Message:
        """The assistant message that a new tool call belongs to; without one, a message of its own."""
        parent: str = frame.get("parentMessageId", "")
        existing = self._by_id.get(parent) if parent else None
        if existing is not None and existing["role"] == "assistant":
            return existing
        message: Message = {"id": parent if parent and existing is None else id, "role": "assistant", "toolCalls": []}
        if "subagentRunId" in frame and message["id"] not in self._by_id:
            message["subagentRunId"] = frame["subagentRunId"]
        return self._add(message)

    def _call_args(self, frame: Frame) -> None:
        if frame["toolCallId"] in self._calls:
            call = self._calls[frame["toolCallId"]][1]
            pieces = self._pieces.setdefault((frame["toolCallId"], "arguments"), [call["function"]["arguments"]])
            pieces.append(frame["delta"])
            _merge(call, frame)

    def _call_result(self, frame: Frame) -> None:
        message: Message = {"id": frame["messageId"], "toolCallId": frame["toolCallId"]}
        message |= {"role": "tool", "content": frame["content"]}
        if "subagentRunId" in frame:
            message["subagentRunId"] = frame["subagentRunId"]
        _merge(message, frame)
        at = None
        if frame["toolCallId"] in self._calls:
            owner = self._calls[frame["toolCallId"]][0]
            at = 1 + next(index for index, each in enumerate(self._list) if each is owner)
            while at < len(self._list) and self._list[at]["role"] == "tool":
                at += 1
        self._add(message, at)

    def _state(self, frame: Frame) -> None:
        self.state = frame["snapshot"]

    def _state_delta(self, frame: Frame) -> None:
        try:
            self.state = apply_patch({} if self.state is UNKNOWN else self.state, frame["delta"])
        except PatchError:
            return  # the official client warns, and keeps the state as it was

    def _reconciled(self, frame: Frame) -> list[Message]:
        """What stays of the messages, and in which order, after a snapshot."""
        given = {message["id"]: message for message in frame["messages"]}
        roles = {message["role"] for message in given.values()}
        owned = _owned_activities(frame)

        def kept(message: Message) -> bool:
            if message["role"] == "activity":
                inferred = owned is not None and "activity" not in roles
                return message["activityType"] not in owned if isinstance(owned, list) else inferred
            return message["role"] == "reasoning" and "reasoning" not in roles

        stay = [given.get(each["id"], each) for each in self.all() if each["id"] in given or kept(each)]
        there = {message["id"] for message in stay}
        return [*stay, *(message for message in frame["messages"] if message["id"] not in there)]

    def _activity(self, frame: Frame) -> None:
        id: str = frame["messageId"]
        existing = self._by_id.get(id)
        message: Message = {"id": id, "role": "activity", "activityType": frame["activityType"]}
        message["content"] = frame["content"]
        if "subagentRunId" in frame:
            message["subagentRunId"] = frame["subagentRunId"]
        if existing is None:
            existing = self._add(message)
        elif frame.get("replace", True):
            metadata = existing.get("metadata") if existing["role"] == "activity" else None
            self._pieces.pop((id, "content"), None)
            if existing["role"] == "assistant":
                for call in existing.get("toolCalls", ()):
                    self._calls.pop(call["id"], None)
                    self._pieces.pop((call["id"], "arguments"), None)
                    self._owned.pop(("call", call["id"]), None)
            self._own("activity", id, existing)
            existing.clear()
            existing |= message if metadata is None else {**message, "metadata": metadata}
        elif existing["role"] != "activity":
            return
        _merge(existing, frame)

    def _activity_delta(self, frame: Frame) -> None:
        message = self._by_id.get(frame["messageId"])
        if message is None or message["role"] != "activity":
            return
        _merge(message, frame)
        try:
            message["content"] = apply_patch(message["content"], frame["patch"])
        except PatchError:
            return
        message["activityType"] = frame["activityType"]


def _merge(target: dict[str, Json] | None, frame: Frame) -> None:
    """The metadata of a frame becomes that of what it builds, member by member."""
    if target is not None and "metadata" in frame:
        target["metadata"] = {**target.get("metadata", {}), **frame["metadata"]}


def _owned_activities(frame: Frame) -> list[str] | str | None:
    """Which activities a snapshot speaks for: these types, all of them (None), or what it shows itself ("inferred")."""
    metadata: Json = frame.get("metadata", {})
    if "@ag-ui/client" not in metadata:
        return "inferred"
    scope: Json = metadata["@ag-ui/client"]
    if not is_object(scope):
        return []
    if "authoritativeActivityTypes" not in scope:
        return "inferred"
    types: Json = scope["authoritativeActivityTypes"]
    if types is None:
        return None
    return types if is_array(types) and all(isinstance(each, str) for each in types) else []
