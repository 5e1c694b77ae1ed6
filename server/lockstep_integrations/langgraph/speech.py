"""What a model says in one answer: a message, spans of reasoning, and the tool calls that it asks for.

What begins has an `origin` in its metadata: its step, as several may speak at the same time.
"""

from typing import Any

from lockstep_events import JsonObject, SyncSessionDispatcher
from lockstep_events.runtime.telling import clean

from lockstep_integrations.langgraph.values import plain


class Text:
    """A message's text: the message begins with its first piece, so an answer of tool calls alone is no message."""

    def __init__(self, session: SyncSessionDispatcher, message_id: str, origin: JsonObject | None) -> None:
        self._session = session
        self._message_id = message_id
        self._origin = origin
        self._open = False

    def add(self, piece: str) -> None:
        if not self._open:
            self._open = True
            self._session.agent_message_started(message_id=self._message_id, role="assistant", metadata=self._origin)
        self._session.agent_message_delta(message_id=self._message_id, delta=piece)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._session.agent_message_completed(message_id=self._message_id)


class Thought:
    """The reasoning before and between what is said: a span ends with the first thing that is none."""

    def __init__(self, session: SyncSessionDispatcher, message_id: str, origin: JsonObject | None) -> None:
        self._session = session
        self._message_id = message_id
        self._origin = origin
        self._spans = 0
        self._open: str | None = None

    def add(self, piece: str) -> None:
        if self._open is None:
            self._spans += 1
            self._open = f"{self._message_id}:reasoning{self._spans if self._spans > 1 else ''}"
            self._session.reasoning_started(message_id=self._open, metadata=self._origin)
            self._session.reasoning_message_started(message_id=self._open)
        self._session.reasoning_message_delta(message_id=self._open, delta=piece)

    def close(self) -> None:
        if self._open is not None:
            span, self._open = self._open, None
            self._session.reasoning_message_completed(message_id=span)
            self._session.reasoning_completed(message_id=span)


class Requests:
    """The tool calls of one answer: announced with their first chunk, or whole."""

    def __init__(
        self, session: SyncSessionDispatcher, message_id: str, origin: JsonObject | None, announced: dict[str, bool]
    ) -> None:
        """`announced` is the run's: of each call, whether it was answered."""
        self._session = session
        self._message_id = message_id
        self._origin = origin
        self._announced = announced
        self._open: dict[object, str] = {}
        """By the index that the provider gives to a call (None where it gives none): the id of the call."""

    def add(self, chunk: Any) -> None:
        """A piece of a call, as AIMessageChunk.tool_call_chunks has it; only a call's first has id and name."""
        index, call_id, name, args = chunk.get("index"), chunk.get("id"), chunk.get("name"), chunk.get("args")
        if call_id and name and call_id not in self._announced:
            self._open[index] = call_id
            self._announced[call_id] = False
            self._session.tool_call_started(
                tool_call_id=call_id,
                tool_name=clean(name),
                parent_message_id=self._message_id,
                metadata=self._origin,
            )
        if args and (known := self._open.get(index)) is not None:
            self._session.tool_call_args_delta(tool_call_id=known, delta=clean(args))

    def close(self, calls: list[Any]) -> None:
        """The answer is complete; `calls` are all that it asks for, of which a model without streaming told none."""
        for call_id in self._open.values():
            self._session.tool_call_args_completed(tool_call_id=call_id)
        self._open.clear()
        for call in calls:
            if (call_id := call.get("id")) and call_id not in self._announced:
                self._announced[call_id] = False
                self._session.tool_call_started(
                    tool_call_id=call_id,
                    tool_name=clean(call["name"]),
                    parent_message_id=self._message_id,
                    args=plain(call["args"]),
                    metadata=self._origin,
                )
